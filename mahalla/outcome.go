package mahalla

import "time"

// Outcome is what a decision asks the world to do. All of it is applied in the
// transaction that saves the case, or none of it is.
type Outcome struct {
	Events  []Event  // into the history, which is only ever appended to
	Notices []Notice // into the outbox
	Timers  []Timer  // to be woken later
	Cancel  []TimerKind
}

// EventKind names what happened to a case.
type EventKind string

// The kinds of events.
const (
	EventFiled       EventKind = "filed"
	EventAssigned    EventKind = "assigned"
	EventNudged      EventKind = "nudged"
	EventEscalated   EventKind = "escalated"
	EventSkipped     EventKind = "skipped" // a level with nobody to tell
	EventNobody      EventKind = "nobody"  // no level had anybody
	EventUnreachable EventKind = "unreachable"
	EventReminded    EventKind = "reminded" // the highest level told, again
	EventAccepted    EventKind = "accepted"
	EventPromised    EventKind = "promised"
	EventChecked     EventKind = "checked"    // the owner is asked about a promise
	EventKept        EventKind = "kept"       // as the owner says
	EventTakenBack   EventKind = "taken_back" // from an owner who was silent about it
	EventAsked       EventKind = "asked"
	EventAnswered    EventKind = "answered"
	EventUnanswered  EventKind = "unanswered" // by the reporter, in time
	EventNoted       EventKind = "noted"      // for officers only
	EventAdded       EventKind = "added"
	EventWithdrawn   EventKind = "withdrawn"
	EventClosed      EventKind = "closed"
	EventClaimed     EventKind = "claimed"   // by the owner: the report is false
	EventConfirmer   EventKind = "confirmer" // somebody above is asked whether it is so
	EventConfirmed   EventKind = "confirmed" // it is
	EventRejected    EventKind = "rejected"  // it is not
	EventLapsed      EventKind = "lapsed"    // nobody above has answered
	EventUndone      EventKind = "undone"    // the closing, by the owner
	EventJudged      EventKind = "judged"
	EventRated       EventKind = "rated"
	EventReopened    EventKind = "reopened"
	EventRaised      EventKind = "raised"   // to an emergency, because of what was said later
	EventReleased    EventKind = "released" // from an owner who is out of reach
	EventOverdue     EventKind = "overdue"  // the result is, of an accepted case
	EventReturned    EventKind = "returned" // a reporter who was out of reach
	EventJoined      EventKind = "joined"   // somebody else has the same matter
	EventUnjoined    EventKind = "unjoined"
	EventRevealed    EventKind = "revealed"  // by the reporter, who is named from now on
	EventErased      EventKind = "erased"    // what was said until then is gone
	EventUnlinked    EventKind = "unlinked"  // nobody knows any more who the reporter is
	EventMerged      EventKind = "merged"    // it was given up for a case that is the same matter
	EventUnmerged    EventKind = "unmerged"  // and has it again
	EventDuplicate   EventKind = "duplicate" // an officer gave another case up for it
	EventPhone       EventKind = "phone"     // the reporter shows the own number, or hides it again
	EventStopped     EventKind = "stopped"   // an officer's words that were not relayed
	EventOffered     EventKind = "offered"
	EventOfferEnded  EventKind = "offer_ended" // with what stands in the note
	EventGiven       EventKind = "given"       // to an officer, by a supervisor
	EventKnocked     EventKind = "knocked"     // the reporter is asked whether it is safe to read
	EventPutOff      EventKind = "put_off"     // not now
	EventRead        EventKind = "read"        // what was held back is shown
	EventWiped       EventKind = "wiped"       // the messages were taken off the reporter's screen
	EventProposed    EventKind = "proposed"    // to a commission; the note says what was repeated
	EventGate        EventKind = "gate"        // before a commission: which one, and the answer
	EventAgendaReady EventKind = "agenda_ready"
	EventScheduled   EventKind = "scheduled" // a meeting is called with it
	EventUnscheduled EventKind = "unscheduled"
	EventDropped     EventKind = "dropped" // from the agenda, with the cause
	EventSettled     EventKind = "settled" // by the commission, with the outcome
)

// Event is one line of a case's history.
type Event struct {
	Kind  EventKind
	At    time.Time
	By    PersonID // 0: the bot itself
	About PersonID // whom it concerns, if anybody
	Level Level
	Late  bool   // the bot was away when it should have happened
	Note  string // a code such as a closing or a verdict, never personal
	Text  string // a person's words; sealed
}

// NoticeKind names a message; its words stand in every language.
type NoticeKind string

// Cards are living messages: one per case and reader, edited in place.
const (
	CardReporter NoticeKind = "card.reporter" // the reporter's view of a case
	CardOfficer  NoticeKind = "card.officer"  // the full view
	CardHead     NoticeKind = "card.head"     // number, place, category and delay only
	CardResult   NoticeKind = "card.result"   // the answer, for the reporter to judge
	CardJoined   NoticeKind = "card.joined"   // status and own words, for who has joined
	CardCheck    NoticeKind = "card.check"    // to the owner: was the promise kept?
	CardQuestion NoticeKind = "card.question" // of the owner, for the reporter to answer
	CardOffer    NoticeKind = "card.offer"    // to whoever is asked to take a case, or to decide
	CardKnock    NoticeKind = "card.knock"    // to the reporter of a quiet case: is it safe to read?
	CardItem     NoticeKind = "card.item"     // an item of an agenda, for who brought it and for the secretary
	CardParty    NoticeKind = "card.party"    // to a side of an item: does it agree?
)

// Messages are sent once, to wake somebody.
const (
	NoticeMedia       NoticeKind = "media"    // what was attached to a report, before its card
	NoticeNudge       NoticeKind = "nudge"    // the clock runs
	NoticeReminder    NoticeKind = "reminder" // still nobody has accepted
	NoticeAddition    NoticeKind = "addition"
	NoticeReopened    NoticeKind = "reopened"    // to who confirmed a false report: its reporter objects, and it is open again
	NoticeObjected    NoticeKind = "objected"    // to the same: its reporter objects, and it stays closed
	NoticeAnswer      NoticeKind = "answer"      // to the owner: the reporter has answered
	NoticeUnanswered  NoticeKind = "unanswered"  // to the owner: no answer came in time
	NoticeResolution  NoticeKind = "resolution"  // to the owner: how the clock towards the result stands
	NoticeUnresolved  NoticeKind = "unresolved"  // to supervisors who know the case: its result is overdue
	NoticeConfirmed   NoticeKind = "confirmed"   // to the owner: the report is false
	NoticeRejected    NoticeKind = "rejected"    // to the owner: the report is not called false
	NoticeLapsed      NoticeKind = "lapsed"      // to the owner: nobody has confirmed that it is
	NoticeUnreachable NoticeKind = "unreachable" // to supervisors: an officer cannot be told
	NoticeNobody      NoticeKind = "nobody"      // to administrators: no one could be told
	NoticeStopped     NoticeKind = "stopped"     // to those above: an officer asks for what nobody may
	NoticeWarned      NoticeKind = "warned"      // to the reporter: the same
	NoticeOnYourOwn   NoticeKind = "on_your_own" // to the reporter: no one could be told
	NoticeOffer       NoticeKind = "offer"       // to who offered a case: what came of it
	NoticeWipe        NoticeKind = "wipe"        // shows nothing: takes what stands about the case off the screen
)

// Lane is the priority of a message; a lower one goes first.
type Lane int

// The lanes of the outbox.
const (
	LaneAnswer     Lane = iota // to somebody who is waiting in the chat
	LaneUrgent                 // new and urgent cards
	LaneEscalation             // nudges and higher levels
	LaneReminder
	LaneBroadcast
)

// Notice is a message to one person about one case. What it says is worked out
// when it is sent, from the state of that moment and in the reader's language.
type Notice struct {
	Kind  NoticeKind
	To    PersonID
	Round int               // of the case, for what must not be sent late
	Args  map[string]string // sealed
	Lane  Lane
	Ring  bool // a card: send it anew instead of editing; any: with sound
	Again bool // a card that rings: only as long as it asks for a press
}

// ArgSelf says of a card that rings that it comes of what its reader has just
// done: it is sent anew, without sound.
const ArgSelf = "self"

// TimerKind names what a timer does when it falls due.
type TimerKind string

// The timers of a case.
const (
	TimerVerdict    TimerKind = "verdict"    // the reporter has not judged
	TimerUndo       TimerKind = "undo"       // the owner may no longer take the closing back
	TimerClaim      TimerKind = "claim"      // whoever was asked to confirm is silent
	TimerResolution TimerKind = "resolution" // the next beat of the clock towards the result
	TimerPromise    TimerKind = "promise"    // the time promised has come
	TimerSilence    TimerKind = "silence"    // the owner is silent about it
	TimerReminder   TimerKind = "reminder"   // the reporter has not answered, and is asked again
	TimerAnswer     TimerKind = "answer"     // the reporter has not answered in time
	TimerOffer      TimerKind = "offer"      // an offer has not been answered
	TimerJoin       TimerKind = "join"       // a join may no longer be taken back
	TimerKnock      TimerKind = "knock"      // the reporter is asked again whether it is safe to read
	TimerSitting    TimerKind = "sitting"    // no sitting came in time: the clock towards the result goes on
)

// Timer is a moment at which a case wants attention again.
type Timer struct {
	Kind TimerKind
	Due  time.Time
}

// And joins what another decision asks for, after this one.
func (o Outcome) And(next Outcome) Outcome {
	return Outcome{
		Events: append(o.Events, next.Events...), Notices: append(o.Notices, next.Notices...),
		Timers: append(o.Timers, next.Timers...), Cancel: append(o.Cancel, next.Cancel...),
	}
}

func (o *Outcome) event(e Event)   { o.Events = append(o.Events, e) }
func (o *Outcome) notice(n Notice) { o.Notices = append(o.Notices, n) }

// refresh asks for the cards of everybody who has one and can be told to be
// brought up to date.
func (o *Outcome) refresh(c *Case) {
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	o.refreshOfficers(c)
}

// refreshOfficers is refresh without the reporter's card.
func (o *Outcome) refreshOfficers(c *Case) {
	for _, a := range c.Assignments {
		if !a.Unreachable && (a.Level < LevelAdministrator || a.Person == c.Owner) {
			o.notice(Notice{Kind: cardFor(c, a), To: a.Person, Lane: LaneAnswer})
		}
	}
}

// tell sends a new card, with its media before it where the reader may see them.
func (o *Outcome) tell(c *Case, a Assignment, lane Lane) {
	kind := cardFor(c, a)
	if kind == CardOfficer {
		o.notice(Notice{Kind: NoticeMedia, To: a.Person, Lane: lane})
	}
	o.notice(Notice{Kind: kind, To: a.Person, Lane: lane, Ring: true})
}

// CardFor names the card that a person has of the case.
func (c *Case) CardFor(p PersonID) NoticeKind {
	if p == c.Reporter {
		return CardReporter
	}
	return c.officerCard(p)
}

// officerCard is CardFor as an officer.
func (c *Case) officerCard(p PersonID) NoticeKind {
	for _, a := range c.Assignments {
		if a.Person == p {
			return cardFor(c, a)
		}
	}
	return CardOfficer
}

// cardFor says how much of a case a person sees. Heads get the least they
// need; the card opens when they take the case themselves.
func cardFor(c *Case, a Assignment) NoticeKind {
	first := c.Assignments[0]
	if a.Level >= LevelAdministrator && c.Owner != a.Person || a.Level == LevelHead && (a.Level != first.Level || a.Role != first.Role) {
		return CardHead
	}
	return CardOfficer
}
