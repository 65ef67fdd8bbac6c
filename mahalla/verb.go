package mahalla

import (
	"slices"
	"strconv"
	"time"
)

// Verb is something that a person may do with a case.
type Verb string

// The verbs.
const (
	VerbAccept   Verb = "accept"
	VerbPromise  Verb = "promise"
	VerbClose    Verb = "close"
	VerbAsk      Verb = "ask"
	VerbAnswer   Verb = "answer"
	VerbNote     Verb = "note"
	VerbAdd      Verb = "add"
	VerbWithdraw Verb = "withdraw"
	VerbJudge    Verb = "judge"
	VerbRate     Verb = "rate"
	VerbReopen   Verb = "reopen"
	VerbUndo     Verb = "undo"    // of closing
	VerbDecline  Verb = "decline" // it is not mine: see MayDecline
	VerbGive     Verb = "give"    // to another officer: see MayGive
	VerbNudge    Verb = "nudge"
	VerbReveal   Verb = "reveal"

	VerbDuplicate Verb = "duplicate" // it is the same matter as another one: see MayDuplicate
	VerbPropose   Verb = "propose"   // to a commission
)

// transitions is the state machine: in which statuses a verb is allowed.
var transitions = map[Verb][]Status{
	VerbAccept:   {New},
	VerbPromise:  {Accepted, Waiting},
	VerbClose:    {Accepted, Waiting},
	VerbAsk:      {Accepted, Waiting},
	VerbAnswer:   {Waiting},
	VerbNote:     {Accepted, Waiting},
	VerbAdd:      {New, Accepted, Waiting},
	VerbWithdraw: {New, Accepted, Waiting},
	VerbJudge:    {Closed},
	VerbRate:     {Closed},
	VerbReopen:   {Closed},
	VerbUndo:     {Closed},
	VerbDecline:  {New, Accepted, Waiting},
	VerbGive:     {New, Accepted, Waiting},
	VerbNudge:    {New},
	VerbReveal:   {New, Accepted, Waiting, Closed},

	VerbDuplicate: {New, Accepted, Waiting},
	VerbPropose:   {Accepted, Waiting},
}

// allow refuses a verb that the present status does not know, with a reason
// that says what happened in the meantime.
func (c *Case) allow(verb Verb, now time.Time) error {
	if slices.Contains(transitions[verb], c.Status) {
		return nil
	}
	if verb == VerbJudge || verb == VerbRate || verb == VerbReopen {
		if c.Open() {
			return Refuse(Conflict, "not_closed_yet")
		}
	}
	if verb == VerbUndo && c.Open() {
		return Refuse(Conflict, "undo_open")
	}
	if verb == VerbAnswer && c.Open() {
		return Refuse(Conflict, "not_asked")
	}
	switch c.Status {
	case Withdrawn:
		if c.MergedInto != 0 {
			return Refuse(Conflict, "already_merged")
		}
		return Refuse(Conflict, "already_withdrawn", "at", moment(c.WithdrawnAt))
	case Closed:
		return Refuse(Conflict, "already_closed", "by", id(c.Owner), "at", moment(c.ClosedAt))
	case New:
		return Refuse(Conflict, "not_accepted_yet")
	}
	return Refuse(Conflict, "already_accepted", "by", id(c.Owner), "at", moment(c.AcceptedAt))
}

// moment is a time as an argument of a text: Unix seconds.
func moment(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// Choices lists what the reader may do with the case now, so that a card shows
// only buttons that work.
func (c *Case) Choices(by Person, g Ground, now time.Time) []Verb {
	var list []Verb
	offer := func(verb Verb, ok bool) {
		if ok && c.allow(verb, now) == nil {
			list = append(list, verb)
		}
	}
	if by.ID == c.Reporter {
		offer(VerbAnswer, true)
		offer(VerbAdd, true)
		offer(VerbWithdraw, true)
		offer(VerbJudge, c.Verdict == NoVerdict)
		offer(VerbReopen, c.mayReopen(now) == nil)
		offer(VerbReveal, c.Alias != "")
		return list
	}
	offer(VerbAccept, c.MayTake(by, g, now) == nil && c.GivenAway(by.ID) == 0)
	own := c.Owner == by.ID && by.Has(MayAnswer, now)
	offer(VerbPromise, own && !c.Claimed() && c.mayPromise())
	offer(VerbClose, own)
	offer(VerbAsk, own)
	offer(VerbNote, own)
	offer(VerbUndo, own && c.mayUndo(now) == nil)
	offer(VerbDecline, c.MayDecline(by, g, now) == nil)
	offer(VerbDuplicate, c.MayDuplicate(by, g, now) == nil)
	offer(VerbPropose, c.MayBring(by, g, now) == nil && c.Reconcilable(Category{Reconcile: true}, now) == nil) // if its category is one
	above := c.Supervises(by, g, now)
	offer(VerbGive, c.MayGive(by, g, now) == nil)
	offer(VerbNudge, above && c.heldByOthers(by.ID))
	return list
}
