package mahalla

import "time"

// DecisionID identifies a decision of a commission. It comes from the sequence
// of meetings and cases.
type DecisionID int64

// Decision is what a commission wants done: by whom, and by which day.
type Decision struct {
	ID         DecisionID
	Commission TerritoryID
	Meeting    MeetingID
	Item       ItemID    // 0: it belongs to no item
	Words      string    // sealed
	Person     PersonID  // who is to carry it out; 0: somebody without an account
	Name       string    // of that one; sealed
	Due        time.Time // midnight of the last day
	MadeBy     PersonID
	MadeAt     time.Time
	DoneAt     time.Time
	DoneBy     PersonID
	Asked      time.Time // the day that who is responsible asks for; zero: none
}

// MostDecisionAhead bounds how far away the day of a decision may lie.
const MostDecisionAhead = 366 * 24 * time.Hour

// MostDecisions bounds how many decisions a meeting makes.
const MostDecisions = 30

// Check tells whether a decision says what is to be done, by whom and when.
func (d *Decision) Check(now time.Time) error {
	today := midnightIn(now, d.Due.Location())
	switch {
	case !Tells(d.Words):
		return Refuse(Invalid, "decision_short")
	case d.Person == 0 && d.Name == "":
		return Refuse(Invalid, "decision_nobody")
	case d.Due.Before(today):
		return Refuse(Invalid, "decision_past")
	case d.Due.Sub(today) > MostDecisionAhead:
		return Refuse(Invalid, "decision_far")
	}
	return nil
}

func midnightIn(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// Open tells whether the decision waits to be carried out.
func (d *Decision) Open() bool { return d.DoneAt.IsZero() }

// Overdue tells whether the last day is over.
func (d *Decision) Overdue(now time.Time) bool {
	return d.Open() && !now.Before(d.Due.AddDate(0, 0, 1))
}

// MayFinish tells whether a person may say that the decision is carried out: who
// is responsible, and whoever convenes the commission.
func (d *Decision) MayFinish(by Person, now time.Time) error {
	if by.ID != d.Person && !by.Over([]TerritoryID{d.Commission}, MayConvene, now) {
		return Refuse(NotFound, "decision_not_found")
	}
	if !d.Open() {
		return Refuse(Conflict, "decision_done", "at", moment(d.DoneAt))
	}
	return nil
}

// Finish says that the decision is carried out.
func (d *Decision) Finish(by Person, now time.Time) error {
	if err := d.MayFinish(by, now); err != nil {
		return err
	}
	d.DoneAt, d.DoneBy, d.Asked = now, by.ID, time.Time{}
	return nil
}

// AskDay asks for a later day. Whoever convenes the commission sets it at once;
// it tells whether it is set.
func (d *Decision) AskDay(by Person, day, now time.Time) (bool, error) {
	if err := d.MayFinish(by, now); err != nil {
		return false, err
	}
	later := *d
	later.Due = day
	switch err := later.Check(now); {
	case err != nil:
		return false, err
	case !day.After(d.Due):
		return false, Refuse(Invalid, "decision_earlier")
	}
	if by.Over([]TerritoryID{d.Commission}, MayConvene, now) {
		d.Due, d.Asked = day, time.Time{}
		return true, nil
	}
	d.Asked = day
	return false, nil
}

// Grant answers who asks for a later day.
func (d *Decision) Grant(by Person, yes bool, now time.Time) error {
	switch {
	case !by.Over([]TerritoryID{d.Commission}, MayConvene, now):
		return Refuse(NotFound, "decision_not_found")
	case !d.Open():
		return Refuse(Conflict, "decision_done", "at", moment(d.DoneAt))
	case d.Asked.IsZero():
		return Refuse(Conflict, "decision_asked_gone")
	case yes && !now.Before(d.Asked.AddDate(0, 0, 1)): // nobody would be reminded of it
		return Refuse(Invalid, "decision_past")
	}
	if yes {
		d.Due = d.Asked
	}
	d.Asked = time.Time{}
	return nil
}

// FollowUp tells whether a reminder is one of a decision.
func (r Reminder) FollowUp() bool {
	return r.Kind == RemindFollow3d || r.Kind == RemindFollowDue || r.Kind == RemindFollowLate
}
