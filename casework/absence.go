package casework

import (
	"slices"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Cards and verbs of absences. The subject of the verbs is the absence, but for
// the one that hands a case on.
const (
	CardAbsence mahalla.NoticeKind = "card.absence" // the officer's own
	CardStandIn mahalla.NoticeKind = "card.standin" // to whoever is asked to stand in

	PressAbsence    = "absence"    // arg: today, tomorrow; or a page of substitutes as p1
	PressSubstitute = "substitute" // arg: a person
	PressStandIn    = "standin"    // arg: yes, no
	PressReturn     = "return"     // ends the absence
	PressHandOn     = "handon"     // offers a case to the substitute
	PressHandAll    = "handall"

	FlowAbsence = "absence" // asks from when until when
)

// PlanAbsence makes an absence of an officer's, from a day until the end of
// another.
func (d *Desk) PlanAbsence(tx *storage.Tx, who *storage.Contact, from, until, now time.Time) error {
	tx.LockContact(who.ID)
	others, err := tx.AbsencesOf(who.ID)
	if err != nil {
		return err
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	a, err := mahalla.PlanAbsence(mahalla.AbsenceID(id), who.Person, from, until, others, now)
	if err != nil {
		return err
	}
	tx.SaveAbsence(a)
	return nil
}

// ownAbsence is the open absence of a person's, held; nil when there is none. It is
// held before any case is.
func (d *Desk) ownAbsence(tx *storage.Tx, who mahalla.PersonID) (*mahalla.Absence, error) {
	a, err := absenceOf(tx, who)
	if err != nil || a == nil {
		return nil, err
	}
	return tx.LockAbsence(a.ID)
}

// absenceOf is the same without holding it.
func absenceOf(tx *storage.Tx, who mahalla.PersonID) (*mahalla.Absence, error) {
	list, err := tx.AbsencesOf(who)
	for i := range list {
		if list[i].Person == who {
			return &list[i], err
		}
	}
	return nil, err
}

// passOn tells the substitute of the cases that wait for the absent officer.
func (d *Desk) passOn(tx *storage.Tx, absent mahalla.Person, to mahalla.PersonID, now time.Time) error {
	receiver, err := tx.Contact(to)
	if err != nil || receiver == nil || receiver.Reach != mahalla.Reachable {
		return err
	}
	return d.passCases(tx, absent, absent.ID, to, now)
}

// passCases tells a person of the cases that wait for another and lie at the
// absent officer's places.
func (d *Desk) passCases(tx *storage.Tx, absent mahalla.Person, from, to mahalla.PersonID, now time.Time) error {
	ids, err := tx.WaitingOf(from)
	if err != nil {
		return err
	}
	held, err := hold(tx, ids...)
	if err != nil {
		return err
	}
	places := mahalla.StandsInAt(absent, now)
	for _, id := range ids {
		c := held[id]
		path := d.Reference().Path(c.Place)
		i := slices.IndexFunc(places, func(m mahalla.Membership) bool { return slices.Contains(path, m.Territory) })
		if i < 0 {
			continue
		}
		o := c.PassOn(from, to, places[i].Role, now)
		if err := d.applyShown(tx, c, o, now); err != nil {
			return err
		}
	}
	return nil
}

// WakeAbsence lets happen what is due of an absence.
func (d *Desk) WakeAbsence(tx *storage.Tx, id mahalla.AbsenceID, now time.Time) error {
	a, err := tx.LockAbsence(id)
	if err != nil || a == nil {
		return err
	}
	news := a.Tick(now)
	tx.SaveAbsence(a)
	if news.Silent {
		err := d.tell(tx, now, mahalla.Notice{Kind: CardStandIn, To: a.Substitute, Lane: mahalla.LaneAnswer},
			mahalla.Notice{Kind: CardAbsence, To: a.Person, Lane: mahalla.LaneUrgent, Ring: true})
		if err != nil {
			return err
		}
	}
	switch {
	case news.Ended:
		return d.ended(tx, a, now)
	case news.Began && a.Answer == mahalla.StandInAgreed:
		absent, err := tx.Contact(a.Person)
		if err != nil {
			return err
		}
		if err := d.passOn(tx, absent.Person, a.Substitute, now); err != nil {
			return err
		}
	}
	if !news.Began {
		return nil
	}
	return d.tell(tx, now, mahalla.Notice{Kind: CardAbsence, To: a.Person, Lane: mahalla.LaneReminder})
}

// ended brings back the officer: the cases that wait for the substitute at the
// officer's places are the officer's too. What the substitute has accepted stays.
func (d *Desk) ended(tx *storage.Tx, a *mahalla.Absence, now time.Time) error {
	notices := []mahalla.Notice{{Kind: CardAbsence, To: a.Person, Lane: mahalla.LaneReminder, Ring: true}}
	if a.Answer == mahalla.StandInAgreed {
		absent, err := tx.Contact(a.Person)
		if err != nil {
			return err
		}
		if absent.Reach == mahalla.Reachable {
			if err := d.passCases(tx, absent.Person, a.Substitute, a.Person, now); err != nil {
				return err
			}
		}
		notices = append(notices, mahalla.Notice{Kind: CardStandIn, To: a.Substitute, Lane: mahalla.LaneReminder, Ring: true})
	} else if a.Substitute != 0 {
		notices = append(notices, mahalla.Notice{Kind: CardStandIn, To: a.Substitute, Lane: mahalla.LaneAnswer})
	}
	return d.tell(tx, now, notices...)
}

// Return ends a person's own absence early.
func (d *Desk) Return(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	a, err := d.ownAbsence(tx, who.ID)
	if err != nil {
		return err
	}
	if a == nil {
		return mahalla.Refuse(mahalla.Conflict, "absence_gone")
	}
	if err := a.Cancel(who.ID); err != nil {
		return err
	}
	tx.SaveAbsence(a)
	tx.StandDown(a.ID, now)
	return d.ended(tx, a, now)
}

// HandOn offers a case to the substitute of its officer; zero offers all of the
// officer's open cases for which nothing else is asked. It tells how many.
func (d *Desk) HandOn(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (int, error) {
	a, err := d.ownAbsence(tx, who.ID)
	if err != nil {
		return 0, err
	}
	if a == nil || a.Answer != mahalla.StandInAgreed {
		return 0, mahalla.Refuse(mahalla.Conflict, "absence_alone")
	}
	if id != 0 {
		return 1, d.handOn(tx, who, id, round, a.Substitute, now)
	}
	to, err := tx.Contact(a.Substitute)
	if err != nil {
		return 0, err
	}
	open, _, err := tx.CasesOfOfficer(who.ID, over(who, now, mahalla.MayAnswer), 0, mostHandedOn)
	if err != nil {
		return 0, err
	}
	ids := make([]mahalla.CaseID, len(open))
	for i, l := range open {
		ids[i] = l.ID
	}
	slices.Sort(ids)
	held, err := hold(tx, ids...)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range ids {
		c := held[id]
		if c.Holds(a.Substitute) && c.Owner == 0 || c.MayHandOn(who.Person, d.path(c.Place), now) != nil {
			continue
		}
		if o, err := c.OfferStandIn(who.Person, to.Person, d.path(c.Place), now); err == nil {
			n++
			if err := d.applyShown(tx, c, o, now); err != nil {
				return n, err
			}
		}
	}
	if n == 0 {
		return 0, mahalla.Refuse(mahalla.Conflict, "hand_nothing")
	}
	return n, d.tell(tx, now, mahalla.Notice{Kind: CardAbsence, To: who.ID, Lane: mahalla.LaneAnswer})
}

// mostHandedOn bounds how many cases are offered at once.
const mostHandedOn = 50

func (d *Desk) handOn(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, to mahalla.PersonID, now time.Time) error {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return err
	}
	receiver, err := tx.Contact(to)
	if err != nil {
		return err
	}
	o, err := c.OfferStandIn(who.Person, receiver.Person, d.path(c.Place), now)
	if err != nil {
		return err
	}
	if err := d.applyShown(tx, c, o, now); err != nil {
		return err
	}
	return d.tell(tx, now, mahalla.Notice{Kind: CardAbsence, To: who.ID, Lane: mahalla.LaneAnswer})
}

// tell sends notices that are about no case.
func (d *Desk) tell(tx *storage.Tx, now time.Time, notices ...mahalla.Notice) error {
	return d.send(tx, &mahalla.Case{}, notices, now)
}

// ParseDays understands "25.11-30.11", "25.11 30.11", "27-30 noyabr", one day, or the
// words for today and tomorrow: from the first moment of the first day, or now, until the
// last of the other.
func (d *Desk) ParseDays(typed string, now time.Time) (from, until time.Time, err error) {
	unreadable := mahalla.Refuse(mahalla.Invalid, "absence_unreadable")
	now = now.In(locales.Tashkent())
	list := lineWords(strings.NewReplacer("–", " ", "—", " ", "-", " ").Replace(locales.Clean(typed)))
	var days []time.Time
	for i := 0; i < len(list); {
		if list[i].text == "" || d.saysOneOf("when.words.range", list[i].folded) {
			i++
			continue
		}
		day, next := d.dayOfRange(list, i, now)
		if next == i || len(days) == 2 {
			return from, until, unreadable
		}
		days, i = append(days, day), next
	}
	if len(days) == 0 {
		return from, until, unreadable
	}
	from, until = days[0], days[len(days)-1].AddDate(0, 0, 1)
	if today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()); from.Before(today) {
		return from, until, mahalla.Refuse(mahalla.Invalid, "absence_past")
	}
	if from.Before(now) {
		from = now
	}
	return from, until, nil
}
