package mahalla

import (
	"slices"
	"time"
)

// lateAfter is how long after its moment a beat still counts as on time.
const lateAfter = time.Minute

// Escalate lets every beat of the ladder fall that is due, the oldest first.
// It may be called at any time and as often as one likes: what is not due, or
// no longer wanted because somebody accepted, does nothing. Of several nudges or
// repeats missed at once only the last is worth sending.
func (c *Case) Escalate(g Ground, now time.Time) Outcome {
	g = c.fair(g)
	var o Outcome
	for c.Status == New && c.Ladder.Done < len(c.Ladder.Beats) {
		beat := c.Ladder.Beats[c.Ladder.Done]
		if beat.At.After(now) {
			break
		}
		c.Ladder.Done++
		c.Ladder = c.Ladder.padded(g.Calendar)
		late := Late(beat.At, now)
		next := c.Ladder.Next()
		last := next.IsZero() || next.After(now)
		switch {
		case beat.Kind == Step:
			told := c.climb(beat.Level, g, now, late, &o)
			if !told && last && beat.Level == LevelHead && c.inReachAt(LevelHead) {
				c.remind(now, late, &o) // all of the heads were told before
			}
		case beat.Kind == Nudge && last:
			c.nudge(now, late, &o)
		case beat.Kind == Repeat && last:
			c.repeat(g, now, late, &o)
		}
	}
	return o
}

// nudge reminds everybody who holds the card. Administrators hold none.
func (c *Case) nudge(now time.Time, late bool, o *Outcome) {
	for _, a := range c.Assignments {
		if c.answersTo(a) {
			o.event(Event{Kind: EventNudged, At: now, About: a.Person, Late: late})
			o.notice(Notice{Kind: NoticeNudge, To: a.Person, Round: c.Round, Lane: LaneEscalation, Ring: true})
		}
	}
}

// repeat reminds, and tells those who are left: the head of the district where
// only the sector's was told, and anybody who has come within reach where
// nobody was.
func (c *Case) repeat(g Ground, now time.Time, late bool, o *Outcome) {
	from := LevelHead
	if c.OutOfReach() {
		from = LevelSubstitute
	}
	for level := from; level < LevelAdministrator; level++ {
		if c.tellNext(level, g, now, late, o) {
			o.refresh(c)
			break
		}
	}
	c.remind(now, late, o)
}

// remind wakes the highest officers who were told and are within reach, again,
// and the administrators where it came to that. Whoever was told in this very
// moment is awake.
func (c *Case) remind(now time.Time, late bool, o *Outcome) {
	top := LevelAdministrator
	for _, a := range c.Assignments {
		if !a.Unreachable && a.Level < LevelAdministrator && (a.Level > top || top == LevelAdministrator) {
			top = a.Level
		}
	}
	for _, a := range c.Assignments {
		if (a.Level == top || a.Level == LevelAdministrator) && !a.Unreachable && a.Told.Before(now) {
			o.event(Event{Kind: EventReminded, At: now, About: a.Person, Level: a.Level, Late: late})
			o.notice(Notice{Kind: NoticeReminder, To: a.Person, Round: c.Round, Lane: LaneEscalation, Ring: true})
		}
	}
}

// climb tells a level of the ladder, and tells whether there was anybody to
// tell. A level with nobody is skipped in the same moment, and reported once.
// Where the level itself was told before, its next role is told; where none is
// left, and above it, the case rests with those who were told.
func (c *Case) climb(to Level, g Ground, now time.Time, late bool, o *Outcome) bool {
	before := c.Level
	for level := to; level <= LevelAdministrator; level++ {
		if (level == to || !c.inReachAt(level)) && c.tellNext(level, g, now, late, o) {
			o.refresh(c)
			return true
		}
		if c.inReachAt(level) {
			return false
		}
		c.Level = max(c.Level, level)
		if level > before {
			o.event(Event{Kind: EventSkipped, At: now, Level: level, Late: late})
		}
	}
	o.refresh(c)
	return false
}

// tellNext tells the next role of a level that has anybody within reach, and
// tells whether there was any. Whoever was told at the level in this very moment
// has the time until the next beat.
func (c *Case) tellNext(level Level, g Ground, now time.Time, late bool, o *Outcome) bool {
	just := func(a Assignment) bool { return a.Level == level && !a.Unreachable && !a.Told.Before(now) }
	if slices.ContainsFunc(c.Assignments, just) {
		return false
	}
	told := c.rolesTold()
	for {
		route := g.People.reachable().next(g.Path, level, told)
		if len(route.People) == 0 {
			return false
		}
		before := len(c.Assignments)
		for _, r := range route.People {
			if c.assign(r, level, now) {
				o.event(Event{Kind: EventEscalated, At: now, About: r.Person, Level: level, Late: late})
				c.tellHigher(c.Assignments[len(c.Assignments)-1], o)
			}
		}
		if len(c.Assignments) > before {
			c.Level = max(c.Level, level)
			return true
		}
		told = append(told, route.Role) // its people hold the case in another role
	}
}

// rolesTold lists the roles that were told in this round.
func (c *Case) rolesTold() []Role {
	var list []Role
	for _, a := range c.Assignments {
		list = append(list, a.Role)
	}
	return list
}

// tellHigher sends the card to somebody above the first officer. An
// administrator cannot accept a case and gets a notice instead.
func (c *Case) tellHigher(a Assignment, o *Outcome) {
	if a.Level == LevelAdministrator {
		o.notice(Notice{Kind: NoticeNobody, To: a.Person, Round: c.Round, Lane: LaneEscalation, Ring: true})
		return
	}
	o.tell(c, a, LaneEscalation)
}

// alarm tells the reporter honestly that no officer could be told. It is raised
// when that comes about, not with every beat that passes meanwhile.
func (c *Case) alarm(now time.Time, o *Outcome) {
	if !c.OutOfReach() {
		return
	}
	o.event(Event{Kind: EventNobody, At: now})
	o.refresh(c)
	o.notice(Notice{Kind: NoticeOnYourOwn, To: c.Reporter, Round: c.Round, Lane: LaneAnswer, Ring: true})
}

// inReachAt tells whether anybody who was told at the level in this round can
// be reached.
func (c *Case) inReachAt(level Level) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool { return a.Level == level && !a.Unreachable })
}

// Undeliverable records that Telegram refused a person's card for good. When
// nobody else at that level or above is within reach the next level is told at
// once, and the senior inspector's turn comes sooner. A case that was given to the
// person is given no more.
func (c *Case) Undeliverable(p PersonID, g Ground, now time.Time) Outcome {
	g = c.fair(g)
	var o Outcome
	i := slices.IndexFunc(c.Assignments, func(a Assignment) bool { return a.Person == p })
	if i < 0 || c.Assignments[i].Unreachable {
		return o
	}
	silent := c.OutOfReach()
	c.Assignments[i].Unreachable = true
	c.report(p, g, &o, now)
	if c.Status != New {
		return o
	}
	if !c.giftLost(p, g, now, &o) && !c.inReach(c.Assignments[i].Level) {
		c.hurry(g, now, &o)
	}
	if !silent {
		c.alarm(now, &o)
	}
	return o
}

// Restore records that a person who was told of the case, but could not be
// reached, can be told again, and sends the card: without sound when somebody else has the
// case by now.
func (c *Case) Restore(p PersonID) Outcome {
	var o Outcome
	for i, a := range c.Assignments {
		if a.Person != p || !a.Unreachable || !c.Open() || a.Level >= LevelAdministrator {
			continue
		}
		c.Assignments[i].Unreachable = false
		o.tell(c, c.Assignments[i], LaneEscalation)
		if c.Status != New { // it waits for nobody
			o.Notices[len(o.Notices)-1].Args = map[string]string{ArgSelf: "yes"}
		}
	}
	return o
}

// hurry sends the case on because nobody who was told is within reach: to the
// next role of the level where it stands, else to the level above.
func (c *Case) hurry(g Ground, now time.Time, o *Outcome) {
	c.climb(c.Level, g, now, false, o)
	c.Ladder = c.Ladder.hurried(g.Calendar, now)
}

// report tells the senior inspector and the administrators of a person who
// cannot be told anything.
func (c *Case) report(p PersonID, g Ground, o *Outcome, now time.Time) {
	o.event(Event{Kind: EventUnreachable, At: now, About: p})
	told := []PersonID{p}
	for _, level := range []Level{LevelSenior, LevelAdministrator} {
		for _, r := range g.People.reachable().next(g.Path, level, nil).People {
			if slices.Contains(told, r.Person) {
				continue
			}
			told = append(told, r.Person)
			o.notice(Notice{Kind: NoticeUnreachable, To: r.Person, Lane: LaneEscalation,
				Args: map[string]string{"person": id(p)}})
		}
	}
}
