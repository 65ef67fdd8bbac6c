package mahalla

import (
	"slices"
	"time"
)

// Joining is one person who has joined a case that somebody else reported. They
// never learn of each other.
type Joining struct {
	Person PersonID
	At     time.Time
}

// joining finds a person among those who joined; -1 when not there.
func (c *Case) joining(p PersonID) int {
	return slices.IndexFunc(c.Joined, func(j Joining) bool { return j.Person == p })
}

// HasJoined tells whether a person has joined the case.
func (c *Case) HasJoined(p PersonID) bool { return c.joining(p) >= 0 }

// Speaks tells whether a person's words belong to the case: the reporter's, and
// those of whoever joined.
func (c *Case) Speaks(p PersonID) bool { return c.Reporter == p || c.HasJoined(p) }

// Join counts one more person for whom the case is the same matter, each once.
// At the thresholds it becomes more urgent than its category is, with the clock
// of that, and the officers' cards come anew.
func (c *Case) Join(by PersonID, of Urgency, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if !c.Open() || c.Alias != "" || !Joinable(c.Category, c.Secrecy) {
		return Outcome{}, Refuse(Conflict, "same_gone")
	}
	var o Outcome
	if c.Speaks(by) {
		return o, nil
	}
	c.Joined = append(c.Joined, Joining{Person: by, At: now})
	o.event(Event{Kind: EventJoined, At: now, By: by})
	o.notice(Notice{Kind: CardJoined, To: by, Lane: LaneAnswer})
	o.Timers = c.joinsToSettle(now)
	c.raiseForCrowd(of, policies, g, now, &o)
	return o, nil
}

// raiseForCrowd makes the case more urgent than its category is where so many have
// the same matter.
func (c *Case) raiseForCrowd(of Urgency, policies map[Class]Policy, g Ground, now time.Time, o *Outcome) {
	higher := RaisedByJoining(of, c.Crowd())
	if !higher.above(c.Urgency) {
		return
	}
	c.Urgency = higher
	if class := ClassOf(higher); c.Status == New && class == Urgent && c.Ladder.Class != Urgent {
		c.Ladder = policies[class].Freeze(g.Calendar, now, c.Level).notAfter(c.Ladder)
	}
	o.event(Event{Kind: EventRaised, At: now, Note: string(higher)})
	for _, a := range c.handlers() {
		o.notice(Notice{Kind: cardFor(c, a), To: a.Person, Lane: LaneUrgent, Ring: true})
	}
}

// Unjoin takes a join back, within a day. What the person gave up for the case
// lives again: see Unmerge.
func (c *Case) Unjoin(by PersonID, now time.Time) (Outcome, error) {
	i := c.joining(by)
	if i < 0 {
		return Outcome{}, Refuse(NotFound, "case_not_found")
	}
	if !c.MayUnjoin(by, now) {
		return Outcome{}, Refuse(TooMany, "unjoin_late")
	}
	c.Joined = slices.Delete(slices.Clone(c.Joined), i, i+1)
	var o Outcome
	o.event(Event{Kind: EventUnjoined, At: now, By: by})
	o.refreshOfficers(c)
	return o, nil
}

// MayUnjoin tells whether a person may still take the join back.
func (c *Case) MayUnjoin(by PersonID, now time.Time) bool {
	i := c.joining(by)
	return i >= 0 && c.Open() && now.Before(c.Joined[i].At.Add(UndoJoinWithin))
}

// SettleJoins takes the offer to take a join back off the cards of those whose
// day is over.
func (c *Case) SettleJoins(now time.Time) Outcome {
	o := Outcome{Timers: c.joinsToSettle(now)}
	for _, j := range c.Joined {
		if !now.Before(j.At.Add(UndoJoinWithin)) {
			o.notice(Notice{Kind: CardJoined, To: j.Person, Lane: LaneReminder})
		}
	}
	return o
}

// joinsToSettle is the moment at which the next day of a join is over.
func (c *Case) joinsToSettle(now time.Time) []Timer {
	for _, j := range c.Joined { // in the order of joining
		if due := j.At.Add(UndoJoinWithin); due.After(now) {
			return []Timer{{Kind: TimerJoin, Due: due}}
		}
	}
	return nil
}

// ToJoined adds what those who joined are told where the reporter is told
// something: their own card, which the result rings, with the evidence before it.
func (c *Case) ToJoined(list []Notice) []Notice {
	told, ring := c.tellsReporter(list)
	all := slices.Clone(list)
	for _, j := range c.Joined {
		all = append(all, c.resultTo(list, j.Person)...)
		if told {
			all = append(all, Notice{Kind: CardJoined, To: j.Person, Lane: LaneReminder, Ring: ring})
		}
	}
	return all
}

// tellsReporter tells whether notices tell the reporter where the case stands, and
// whether that is the result.
func (c *Case) tellsReporter(list []Notice) (told, result bool) {
	for _, n := range list {
		if n.To == c.Reporter && (n.Kind == CardReporter || n.Kind == CardResult) {
			told = true
			result = result || n.Kind == CardResult && n.Ring && c.Status == Closed
		}
	}
	return told, result
}

// ToDuplicates is what the reporters of cases that were given up for this one are
// told then: the own card of each, which the result rings, with the evidence before
// it. Where nothing has happened to the case they are told nothing: that its reporter is back is no
// business of theirs, and the moment would tell who it is.
func (c *Case) ToDuplicates(o Outcome) []Notice {
	if len(c.Duplicates) == 0 {
		return nil
	}
	list := c.resultTo(o.Notices, 0)
	told, ring := c.tellsReporter(o.Notices)
	if told && slices.ContainsFunc(o.Events, func(e Event) bool { return e.Kind != EventReturned }) {
		list = append(list, Notice{Kind: CardReporter, Lane: LaneReminder, Ring: ring})
	}
	return list
}

// above compares urgencies.
func (u Urgency) above(other Urgency) bool {
	order := []Urgency{Low, Normal, High, Emergency}
	return slices.Index(order, u) > slices.Index(order, other)
}
