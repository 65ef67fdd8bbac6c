package mahalla

import (
	"slices"
	"time"
)

// AbsenceID identifies an absence.
type AbsenceID int64

// StandIn is where the question to the substitute stands.
type StandIn string

// The answers of substitutes.
const (
	StandInNone    StandIn = ""      // nobody was asked
	StandInAsked   StandIn = "asked" // has until Due
	StandInAgreed  StandIn = "agreed"
	StandInRefused StandIn = "refused"
	StandInSilent  StandIn = "silent"
)

// AbsenceState is where an absence stands.
type AbsenceState string

// The states of an absence.
const (
	AbsencePlanned   AbsenceState = "planned"
	AbsenceRunning   AbsenceState = "running"
	AbsenceOver      AbsenceState = "over"
	AbsenceCancelled AbsenceState = "cancelled"
)

// Absence is a time in which an officer is told of no new cases. They go to a
// substitute who has agreed; without one the ladder begins at the next who
// answers for the place.
type Absence struct {
	ID         AbsenceID
	Person     PersonID
	From       time.Time
	Until      time.Time // the first moment back
	State      AbsenceState
	Substitute PersonID // who was asked last; 0 while nobody was
	Answer     StandIn
	Due        time.Time // of the answer
	Refused    []PersonID
}

// MostAbsent bounds an absence.
const MostAbsent = 60 * 24 * time.Hour

// standInWithin is how long somebody who is asked to stand in may think.
func standInWithin() Span { return WorkingMinutes(60) }

// PlanAbsence makes an absence of an officer, who must be needed by nobody else
// in that time: others are the open absences of everybody it could concern.
func PlanAbsence(number AbsenceID, by Person, from, until time.Time, others []Absence, now time.Time) (*Absence, error) {
	a := &Absence{ID: number, Person: by.ID, From: from, Until: until, State: AbsencePlanned}
	switch {
	case !by.Has(MayAnswer, now):
		return nil, Refuse(Forbidden, "not_officer")
	case !until.After(now) || !until.After(from):
		return nil, Refuse(Invalid, "absence_past")
	case until.Sub(now) > MostAbsent:
		return nil, Refuse(Invalid, "absence_far")
	}
	for _, o := range others {
		if !o.Open() {
			continue
		}
		if o.Person == by.ID {
			return nil, Refuse(Conflict, "absence_have")
		}
		if o.Substitute == by.ID && o.Answer == StandInAgreed && o.overlaps(a) {
			return nil, Refuse(Conflict, "absence_needed", "by", id(o.Person))
		}
	}
	a.begin(now)
	return a, nil
}

// Open tells whether the absence is still to come or under way.
func (a *Absence) Open() bool { return a.State == AbsencePlanned || a.State == AbsenceRunning }

// Bound tells whether somebody stands in, or is asked to.
func (a *Absence) Bound() bool {
	return a.Open() && (a.Answer == StandInAgreed || a.Answer == StandInAsked)
}

func (a *Absence) overlaps(b *Absence) bool { return a.From.Before(b.Until) && b.From.Before(a.Until) }

// Wake is when the absence wants attention next; zero is never.
func (a *Absence) Wake() time.Time {
	var next time.Time
	soonest := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	if !a.Open() {
		return next
	}
	if a.Answer == StandInAsked {
		soonest(a.Due)
	}
	if a.State == AbsencePlanned {
		soonest(a.From)
	}
	soonest(a.Until)
	return next
}

// Ask asks somebody to stand in. Nobody is asked who is away at the same time,
// so that substitutes never stand in for each other in a circle, nor twice.
func (a *Absence) Ask(by PersonID, to Person, others []Absence, cal *Calendar, now time.Time) error {
	switch {
	case by != a.Person || !a.Open():
		return Refuse(Conflict, "absence_gone")
	case a.Bound():
		return Refuse(Conflict, "absence_asked", "by", id(a.Substitute))
	case to.ID == a.Person || !to.Has(MayAnswer, now):
		return Refuse(Invalid, "stand_in_unfit")
	case slices.Contains(a.Refused, to.ID):
		return Refuse(Invalid, "stand_in_refused", "by", id(to.ID))
	case to.Reach != Reachable:
		return Refuse(Invalid, "stand_in_away")
	}
	for _, o := range others {
		if o.Person == to.ID && o.Open() && o.overlaps(a) {
			return Refuse(Invalid, "stand_in_absent", "by", id(to.ID))
		}
	}
	a.Substitute, a.Answer = to.ID, StandInAsked
	a.Due = cal.Add(now, standInWithin())
	return nil
}

// Reply is the answer of the one who was asked. It tells whether the person
// stands in from now on. Others are the open absences of that person: who is
// away in that time by now cannot stand in.
func (a *Absence) Reply(by PersonID, yes bool, others []Absence, now time.Time) error {
	if a.Substitute != by || a.Answer != StandInAsked || !a.Open() || !now.Before(a.Due) {
		return Refuse(Conflict, "stand_in_gone")
	}
	for _, o := range others {
		if yes && o.Person == by && o.Open() && o.overlaps(a) {
			return Refuse(Invalid, "stand_in_both")
		}
	}
	if !yes {
		a.refused(StandInRefused)
		return nil
	}
	a.Answer, a.Due = StandInAgreed, time.Time{}
	return nil
}

func (a *Absence) refused(how StandIn) {
	a.Answer, a.Due = how, time.Time{}
	a.Refused = append(slices.Clone(a.Refused), a.Substitute)
}

// AbsenceNews is what has happened to an absence by itself.
type AbsenceNews struct{ Silent, Began, Ended bool }

// Tick lets happen what is due: the silence of the one who was asked, the
// beginning, the end. After an outage all of it happens at once.
func (a *Absence) Tick(now time.Time) AbsenceNews {
	var news AbsenceNews
	if !a.Open() {
		return news
	}
	if a.Answer == StandInAsked && (!now.Before(a.Due) || !now.Before(a.Until)) {
		a.refused(StandInSilent)
		news.Silent = true
	}
	news.Began = a.begin(now)
	if !now.Before(a.Until) {
		a.State = AbsenceOver
		news.Ended = true
	}
	return news
}

func (a *Absence) begin(now time.Time) bool {
	if a.State != AbsencePlanned || now.Before(a.From) {
		return false
	}
	a.State = AbsenceRunning
	return true
}

// Cancel ends the absence early.
func (a *Absence) Cancel(by PersonID) error {
	if by != a.Person || !a.Open() {
		return Refuse(Conflict, "absence_gone")
	}
	a.State = AbsenceCancelled
	return nil
}

// StandsInAt are the roles that a substitute takes over, with their places: those
// in which the officer answers, but not those that supervise.
func StandsInAt(absent Person, now time.Time) []Membership {
	var list []Membership
	for _, m := range absent.Memberships {
		if m.At(now) && m.Until.IsZero() && m.Role.Has(MayAnswer) && !m.Role.Has(MaySupervise) {
			list = append(list, m)
		}
	}
	return list
}

// PassOn tells one more officer of a case that waits, because of an absence that
// begins or ends. The clock goes on. From is who steps back: without a role at
// the place any more, that person's card says so.
func (c *Case) PassOn(from, to PersonID, role Role, now time.Time) Outcome {
	var o Outcome
	if c.Status != New || c.Holds(to) || to == c.NamedReporter() || c.Category == OfficerComplaint {
		return o
	}
	level := levelOf(role)
	c.assign(Responsibility{Person: to, Role: role, Reach: Reachable}, level, now)
	c.Offers = append(slices.Clone(c.Offers), Offer{Kind: OfferAbsence, By: from, To: to, At: now, Due: now, Round: c.Round, Answer: OfferOver, AnsweredAt: now})
	o.event(Event{Kind: EventAssigned, At: now, About: to, Level: level})
	o.tell(c, c.Assignments[len(c.Assignments)-1], LaneUrgent)
	o.refresh(c)
	return o
}
