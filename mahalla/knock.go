package mahalla

import (
	"slices"
	"strings"
	"time"
)

// Quiet tells whether nothing about the case may show by itself on its
// reporter's phone: somebody else may be looking.
func (c *Case) Quiet() bool { return c.Secrecy == Secret }

// Knock is how far the reporter of a quiet case has been asked whether it is
// safe to read now.
type Knock struct {
	Since time.Time // since when something waits to be opened; zero: nothing does
	Later time.Time // the reporter wants to be asked again then; zero: was not put off
	Wiped time.Time // when the bot's messages were taken off the screen; zero: never
}

// Waits tells whether something waits to be opened.
func (k Knock) Waits() bool { return !k.Since.IsZero() }

// Reach is how the reporter counts while something has not been opened: as
// somebody who cannot be told, for silence about what was never read says nothing.
func (k Knock) Reach(r Reach) Reach {
	if k.Waits() {
		return Blocked
	}
	return r
}

// Limits of asking whether it is safe to read.
const (
	KnockAgain  = 24 * time.Hour // then it is asked once more
	MostPutOff  = 72 * time.Hour
	eveningHour = 20
)

// Evening is the next evening at which a person can be asked again.
func Evening(now time.Time) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), eveningHour, 0, 0, 0, now.Location())
	if at.Sub(now) < time.Hour/2 {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// news tells whether there is something that the reporter should read now.
func (c *Case) news() bool {
	return c.Status == Waiting || c.Status == Closed && (c.Verdict == NoVerdict || c.Verdict == VerdictSilent)
}

// owes tells whether there is something that Read would show.
func (c *Case) owes() bool { return c.news() || c.Status == New && c.OutOfReach() }

// calm asks no more whether it is safe to read: there is nothing left to be read.
func (c *Case) calm(k Knock, o *Outcome) Knock {
	k.Since, k.Later = time.Time{}, time.Time{}
	o.Cancel = append(o.Cancel, TimerKnock)
	o.notice(Notice{Kind: CardKnock, To: c.Reporter, Lane: LaneAnswer})
	return k
}

// ArgUnread is the argument of the notice that no answer came where the question
// was never read: the officer must not phone.
const ArgUnread = "unread"

// unread says so.
func unread(notices []Notice) {
	for i := range notices {
		if notices[i].Kind == NoticeUnanswered {
			notices[i].Args = map[string]string{ArgUnread: "yes"}
		}
	}
}

// Hush holds back what a decision would show on the phone of the reporter of a
// quiet case, and asks in neutral words whether it can be read now. What the
// reporter has just caused is shown: whoever writes is looking. What was taken
// back before it was read is asked about no more. A warning of swindling is worth
// no knock: it is shown with what is opened next.
func (c *Case) Hush(k Knock, o Outcome, now time.Time) (Knock, Outcome) {
	if !c.Quiet() {
		return k, o
	}
	if slices.ContainsFunc(o.Events, func(e Event) bool { return e.By == c.Reporter }) {
		if k.Waits() && !c.news() {
			k = c.calm(k, &o)
		}
		return k, o
	}
	held := false
	var kept []Notice
	for _, n := range o.Notices {
		if n.To == c.Reporter && n.Kind == NoticeWarned {
			continue
		}
		if n.To == c.Reporter && n.Kind != CardKnock && n.Kind != NoticeWipe && !(c.Alias != "" && n.Kind.OfOfficers()) && (n.Ring || !strings.HasPrefix(string(n.Kind), "card.")) {
			held = true
			if n.Kind != CardReporter {
				continue
			}
			n.Ring = false // it changes where it stands
		}
		kept = append(kept, n)
	}
	o.Notices = kept
	switch {
	case held:
		k = c.knock(k, &o, now)
	case k.Waits() && !c.owes():
		unread(o.Notices)
		k = c.calm(k, &o)
	}
	return k, o
}

// knock asks whether it is safe to read, unless the reporter wants to be asked
// later. What is no question is asked about once more after a day; a question
// has a reminder of its own.
func (c *Case) knock(k Knock, o *Outcome, now time.Time) Knock {
	if k.Later.After(now) {
		return k
	}
	if !k.Waits() && c.Status != Waiting {
		o.Timers = append(o.Timers, Timer{Kind: TimerKnock, Due: now.Add(KnockAgain)})
	}
	if !k.Waits() {
		k.Since = now
	}
	k.Later = time.Time{}
	o.event(Event{Kind: EventKnocked, At: now, About: c.Reporter})
	o.notice(Notice{Kind: CardKnock, To: c.Reporter, Lane: LaneUrgent, Ring: true})
	return k
}

// KnockOnce asks again, at the time that the reporter chose or after a day.
func (c *Case) KnockOnce(k Knock, now time.Time) (Knock, Outcome) {
	var o Outcome
	if !k.Waits() || k.Later.After(now) {
		return k, o
	}
	if !c.owes() {
		o.refresh(c)
		return c.calm(k, &o), o
	}
	k.Later = time.Time{}
	o.event(Event{Kind: EventKnocked, At: now, About: c.Reporter})
	o.notice(Notice{Kind: CardKnock, To: c.Reporter, Lane: LaneReminder, Ring: true})
	return k, o
}

// Read shows the reporter what was held back. The time for the answer or the
// verdict counts from now on: nobody is silent about what could not be read. With
// it comes a warning of swindling that was not shown yet.
func (c *Case) Read(k Knock, by PersonID, warn bool, now time.Time) (Knock, Outcome, error) {
	var o Outcome
	switch {
	case by != c.Reporter:
		return k, o, Refuse(NotFound, "case_not_found")
	case !k.Waits() && !c.news() && !warn:
		return k, o, Refuse(Conflict, "nothing_new")
	}
	o.event(Event{Kind: EventRead, At: now, By: by})
	o.Cancel = append(o.Cancel, TimerKnock)
	o.notice(Notice{Kind: CardKnock, To: by, Lane: LaneAnswer})
	if warn {
		o.notice(Notice{Kind: NoticeWarned, To: by, Lane: LaneAnswer, Ring: true})
	}
	shown := map[string]string{ArgOpen: "yes"}
	switch {
	case c.Status == Waiting:
		o.notice(Notice{Kind: CardQuestion, To: by, Round: c.Round, Lane: LaneAnswer, Ring: true, Args: shown})
		if k.Waits() {
			o.Timers = append(o.Timers, Timer{Kind: TimerReminder, Due: now.Add(AnswerReminder)}, Timer{Kind: TimerAnswer, Due: now.Add(AnswerWithin)})
		}
	case c.Status == Closed:
		o.notice(Notice{Kind: CardResult, To: by, Round: c.Round, Lane: LaneAnswer, Ring: true, Args: shown})
		due := earlier(now.Add(VerdictWithin), c.ClosedAt.Add(ReopenWithin))
		if k.Waits() && c.Verdict == NoVerdict && due.After(now) {
			o.Timers = append(o.Timers, Timer{Kind: TimerVerdict, Due: due})
		}
	}
	if c.Status == New && c.OutOfReach() {
		o.notice(Notice{Kind: NoticeOnYourOwn, To: by, Round: c.Round, Lane: LaneAnswer, Ring: true})
	}
	k.Since, k.Later = time.Time{}, time.Time{}
	o.notice(Notice{Kind: CardReporter, To: by, Lane: LaneAnswer, Ring: !k.Wiped.IsZero() && !c.news()})
	o.refreshOfficers(c)
	return k, o, nil
}

// PutOff asks again at another time.
func (c *Case) PutOff(k Knock, by PersonID, at, now time.Time) (Knock, Outcome, error) {
	var o Outcome
	switch {
	case by != c.Reporter:
		return k, o, Refuse(NotFound, "case_not_found")
	case !k.Waits():
		return k, o, Refuse(Conflict, "nothing_new")
	case !at.After(now):
		return k, o, Refuse(Invalid, "promise_past")
	case at.Sub(now) > MostPutOff:
		return k, o, Refuse(Invalid, "later_far")
	}
	k.Later = at
	o.event(Event{Kind: EventPutOff, At: now, By: by})
	o.Timers = append(o.Timers, Timer{Kind: TimerKnock, Due: at})
	o.notice(Notice{Kind: CardKnock, To: by, Lane: LaneAnswer})
	return k, o, nil
}

// Wipe takes what was said about a quiet case off the reporter's screen. The
// case goes on.
func (c *Case) Wipe(k Knock, by PersonID, now time.Time) (Knock, Outcome, error) {
	var o Outcome
	switch {
	case by != c.Reporter:
		return k, o, Refuse(NotFound, "case_not_found")
	case !c.Quiet():
		return k, o, Refuse(Invalid, "wipe_plain")
	}
	k.Wiped = now
	o.event(Event{Kind: EventWiped, At: now, By: by})
	o.notice(Notice{Kind: NoticeWipe, To: by, Lane: LaneAnswer})
	return k, o, nil
}

// ArgOpen is the argument of a card that the reporter of a quiet case has asked
// to see.
const ArgOpen = "open"
