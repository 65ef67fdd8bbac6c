package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// AskStandIn asks somebody of the officer's list to stand in.
func (d *Desk) AskStandIn(tx *storage.Tx, who *storage.Contact, to mahalla.PersonID, now time.Time) error {
	a, err := d.ownAbsence(tx, who.ID)
	if err != nil {
		return err
	}
	if a == nil {
		return mahalla.Refuse(mahalla.Conflict, "absence_gone")
	}
	list, err := d.substitutes(tx, who, nil, now)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(o storage.Officer) bool { return o.Person == to }) {
		return mahalla.Refuse(mahalla.Invalid, "stand_in_unfit")
	}
	contact, err := tx.Contact(to)
	if err != nil || contact == nil {
		return err
	}
	others, err := tx.AbsencesOf(to)
	if err != nil {
		return err
	}
	if err := a.Ask(who.ID, contact.Person, others, d.Calendar(), now); err != nil {
		return err
	}
	tx.SaveAbsence(a)
	return d.tell(tx, now, mahalla.Notice{Kind: CardStandIn, To: to, Lane: mahalla.LaneUrgent, Ring: true},
		mahalla.Notice{Kind: CardAbsence, To: who.ID, Lane: mahalla.LaneAnswer})
}

// ReplyStandIn is the answer of somebody who was asked to stand in. Who agrees is
// given the places for the time of the absence.
func (d *Desk) ReplyStandIn(tx *storage.Tx, who *storage.Contact, id mahalla.AbsenceID, yes bool, now time.Time) error {
	if id == 0 {
		last, err := tx.LastStandIn(who.ID)
		if err != nil {
			return err
		}
		if last == nil {
			return mahalla.Refuse(mahalla.Conflict, "stand_in_gone")
		}
		id = last.ID
	}
	tx.LockContact(who.ID)
	a, err := tx.LockAbsence(id)
	if err != nil {
		return err
	}
	if a == nil {
		return mahalla.Refuse(mahalla.NotFound, "stand_in_gone")
	}
	others, err := tx.AbsencesOf(who.ID)
	if err != nil {
		return err
	}
	if err := a.Reply(who.ID, yes, others, now); err != nil {
		return err
	}
	tx.SaveAbsence(a)
	if yes {
		if err := d.standIn(tx, a, now); err != nil {
			return err
		}
	}
	return d.tell(tx, now, mahalla.Notice{Kind: CardStandIn, To: who.ID, Lane: mahalla.LaneAnswer},
		mahalla.Notice{Kind: CardAbsence, To: a.Person, Lane: mahalla.LaneUrgent, Ring: true})
}

// standIn gives the substitute the officer's places, and the waiting cases if the
// absence is under way.
func (d *Desk) standIn(tx *storage.Tx, a *mahalla.Absence, now time.Time) error {
	absent, err := tx.Contact(a.Person)
	if err != nil {
		return err
	}
	tx.StandIn(a, mahalla.StandsInAt(absent.Person, now))
	if a.State != mahalla.AbsenceRunning {
		return nil
	}
	return d.passOn(tx, absent.Person, a.Substitute, now)
}

// substitutes lists who can stand in for an officer: colleagues of the same sector,
// or of the district where there is none, and the senior inspector. Who has refused
// is not asked again.
func (d *Desk) substitutes(tx *storage.Tx, who *storage.Contact, a *mahalla.Absence, now time.Time) ([]storage.Officer, error) {
	var near, sectors, districts []mahalla.TerritoryID
	for _, m := range who.Memberships {
		if !m.At(now) || !m.Role.Has(mahalla.MayAnswer) {
			continue
		}
		near = append(near, d.Reference().Path(m.Territory)...)
		district := d.Reference().Above(m.Territory, mahalla.District)
		if district != nil {
			districts = append(districts, district.ID)
		}
		if sector := d.Reference().Above(m.Territory, mahalla.Sector); sector != nil {
			sectors = append(sectors, sector.ID)
		} else if district != nil {
			sectors = append(sectors, district.ID)
		}
	}
	colleagues, err := tx.OfficersUnder(sectors, []mahalla.Role{mahalla.PreventionInspector, mahalla.Substitute}, near, now)
	if err != nil {
		return nil, err
	}
	seniors, err := tx.OfficersUnder(districts, []mahalla.Role{mahalla.SeniorInspector}, near, now)
	if err != nil {
		return nil, err
	}
	var list []storage.Officer
	for _, o := range slices.Concat(colleagues, seniors) {
		above := o.Role != mahalla.SeniorInspector || slices.Contains(near, o.Place)
		refused := a != nil && slices.Contains(a.Refused, o.Person)
		if o.Person != who.ID && above && !refused && !slices.ContainsFunc(list, func(l storage.Officer) bool { return l.Person == o.Person }) {
			list = append(list, o)
		}
	}
	return list, nil
}

// Substitute finds the colleague whom a typed line means.
func (d *Desk) Substitute(tx *storage.Tx, who *storage.Contact, typed string, now time.Time) (mahalla.PersonID, error) {
	a, err := d.ownAbsence(tx, who.ID)
	if err != nil {
		return 0, err
	}
	list, err := d.substitutes(tx, who, a, now)
	if err != nil {
		return 0, err
	}
	return chosenOfficer(list, typed)
}
