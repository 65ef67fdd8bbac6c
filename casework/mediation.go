package casework

import (
	"slices"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// wholeAgenda is what the whole commission hears of what is ready, as much as fits.
func wholeAgenda(ready []storage.ItemLine) []mahalla.Hearing {
	var list []mahalla.Hearing
	for _, l := range ready {
		if !l.Mediator && len(list) < mahalla.MostAgenda {
			list = append(list, mahalla.Hearing{Item: l.Item})
		}
	}
	return list
}

// firstAgenda is what a new meeting hears unless its maker chooses otherwise: what is
// ready for the whole commission, and where nothing is the first one of a mediator.
func firstAgenda(ready []storage.ItemLine) []mahalla.Hearing {
	list := wholeAgenda(ready)
	if len(list) == 0 && len(ready) > 0 {
		list = append(list, mahalla.Hearing{Item: ready[0].Item})
	}
	return list
}

// convoke lets a draft be the kind of meeting that its agenda wants. What cannot be heard
// together stays on it until somebody takes it off: it cannot be called.
func (d *Desk) convoke(tx *storage.Tx, m *mahalla.Meeting, seats []mahalla.Seated) error {
	lines, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	_, bears, err := heardAlone(tx, m)
	if err != nil {
		return err
	}
	m.Convoke(len(lines) == 1 && lines[0].Mediator, seats, d.custom(m.Commission), bears)
	return nil
}

// heardAlone is the first item of an agenda, which is all that a mediator hears, and who
// has a share in it; nil and nobody where there is none.
func heardAlone(tx *storage.Tx, m *mahalla.Meeting) (*mahalla.Item, func(mahalla.PersonID) bool, error) {
	nobody := func(mahalla.PersonID) bool { return false }
	if len(m.Agenda) == 0 {
		return nil, nobody, nil
	}
	item, err := tx.Item(m.Agenda[0].Item)
	if err != nil || item == nil {
		return nil, nobody, err
	}
	c, err := tx.Case(item.Case)
	return item, func(p mahalla.PersonID) bool { return item.Bears(c, p) }, err
}

// mediators lists who may mediate at a meeting, but for who has declared an interest.
func (d *Desk) mediators(tx *storage.Tx, m *mahalla.Meeting, now time.Time) ([]mahalla.Seated, error) {
	seats, err := tx.Seats(m.Commission, now)
	if err != nil {
		return nil, err
	}
	item, bears, err := heardAlone(tx, m)
	if err != nil || item == nil {
		return nil, err
	}
	return mahalla.Mediators(seats, func(p mahalla.PersonID) bool {
		x := m.Participant(p)
		return bears(p) || x != nil && x.InConflict(item.ID)
	}), nil
}

// appointIn chooses who mediates at a draft.
func (d *Desk) appointIn(tx *storage.Tx, m *mahalla.Meeting, p mahalla.PersonID, now time.Time) error {
	to, seats, err := d.mayMediate(tx, m, p, now)
	if err != nil {
		return err
	}
	item, bears, err := heardAlone(tx, m)
	if err != nil {
		return err
	}
	_, err = m.Appoint(m.MadeBy, to, seats, item, bears, now)
	return err
}

// mayMediate finds somebody among those who may mediate, and who sits.
func (d *Desk) mayMediate(tx *storage.Tx, m *mahalla.Meeting, p mahalla.PersonID, now time.Time) (mahalla.Seated, []mahalla.Seated, error) {
	list, err := d.mediators(tx, m, now)
	if err != nil {
		return mahalla.Seated{}, nil, err
	}
	i := slices.IndexFunc(list, func(s mahalla.Seated) bool { return s.Person == p })
	if i < 0 {
		return mahalla.Seated{}, nil, mahalla.Refuse(mahalla.Invalid, "mediator_unfit")
	}
	seats, err := tx.Seats(m.Commission, now)
	return list[i], seats, err
}

// appoint chooses another mediator for a meeting that was called, who is invited as the
// first one was. That one learns that it is not wanted any more, and phones let go of it.
func (d *Desk) appoint(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, to mahalla.PersonID, now time.Time) error {
	if err := mayConvene(who, m.Commission, now); err != nil {
		return mahalla.Refuse(mahalla.Forbidden, "mediator_others")
	}
	seat, seats, err := d.mayMediate(tx, m, to, now)
	if err != nil {
		return err
	}
	item, bears, err := heardAlone(tx, m)
	if err != nil {
		return err
	}
	asked := participants(m)
	was := m.Mediator()
	refused := was != nil && was.RSVP == mahalla.RSVPNo
	asked = slices.DeleteFunc(asked, func(p mahalla.PersonID) bool { // comes as a side from now on
		return was != nil && p == was.Person && item != nil && item.PartyOf(p) != nil
	})
	gone, err := m.Appoint(who.ID, seat, seats, item, bears, now)
	if err != nil {
		return err
	}
	var anew []mahalla.PersonID
	for _, p := range participants(m) {
		if !slices.Contains(asked, p) {
			anew = append(anew, p)
		}
	}
	if err := d.reachOf(tx, m, anew); err != nil {
		return err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	if err := d.remindOf(tx, m, anew, now); err != nil {
		return err
	}
	var notices []mahalla.Notice
	for _, p := range participants(m) {
		if p != who.ID && (slices.Contains(anew, p) || p == to) {
			notices = append(notices, invitation(m, p)...)
		}
	}
	if gone != 0 {
		if err := d.letOff(tx, m.ID, "replaced", now, gone); err != nil {
			return err
		}
		notices = append(notices, mahalla.Notice{Kind: CardMeeting, To: gone, Lane: mahalla.LaneUrgent, Ring: !refused})
	}
	if err := d.tellMeeting(tx, m.ID, now, notices...); err != nil {
		return err
	}
	if err := d.refreshMeeting(tx, m, false, now); err != nil || gone == 0 {
		return err
	}
	return d.letGo(tx, m, []mahalla.PersonID{gone}, now)
}

// stillMediates refuses to call a meeting whose mediator has a share in its item: somebody
// may have taken the case over since the mediator was chosen.
func stillMediates(m *mahalla.Meeting) error {
	p := m.Mediator()
	if m.Mediation && p != nil && len(m.Agenda) > 0 && p.InConflict(m.Agenda[0].Item) {
		return mahalla.Refuse(mahalla.Conflict, "mediator_unfit")
	}
	return nil
}

// PersonNamed finds who is meant by a typed line of a draft: one who sits, and at a
// mediator's meeting one who may mediate.
func (d *Desk) PersonNamed(tx *storage.Tx, m *mahalla.Meeting, typed string, now time.Time) (mahalla.PersonID, error) {
	if !m.Mediation {
		return d.MemberNamed(tx, m.Commission, typed, now)
	}
	list, err := d.mediators(tx, m, now)
	if err != nil {
		return 0, err
	}
	return seatNamed(list, typed)
}

// mediates says to somebody who is asked to a mediator's meeting that nobody else comes,
// and to the mediator that it is his or hers. It names nobody.
func (w *words) mediates(m *mahalla.Meeting, p *mahalla.Participant) string {
	switch {
	case !m.Mediation:
		return ""
	case p.Seat == mahalla.SeatMediator && !writtenDown(m):
		return w.say("mediation.you_alone")
	case p.Seat == mahalla.SeatMediator:
		return w.say("mediation.you")
	}
	return w.besides(m)
}

// besides says that nobody is at a mediator's meeting but the sides and who writes it
// down, where there is such a one.
func (w *words) besides(m *mahalla.Meeting) string {
	if !writtenDown(m) {
		return w.say("mediation.party_alone")
	}
	return w.say("mediation.party")
}

// writtenDown tells whether somebody beside the mediator writes down what happens.
func writtenDown(m *mahalla.Meeting) bool {
	return slices.ContainsFunc(m.Participants, func(p mahalla.Participant) bool { return p.Seat.Counts() && p.Seat != mahalla.SeatMediator })
}

// mediation says it on the card of who sits. Who writes it down reads who mediates.
func (d *Desk) mediation(tx *storage.Tx, w *words, m *mahalla.Meeting, p *mahalla.Participant) (string, error) {
	if !m.Mediation || p.Seat == mahalla.SeatMediator {
		return w.mediates(m, p), nil
	}
	name, err := d.mediatorName(tx, m)
	if name == "" || err != nil {
		return w.besides(m), err
	}
	return w.say("mediation.by", "name", HTML(name)), nil
}

// mediatorName is who mediates, fit for HTML; empty when nobody does.
func (d *Desk) mediatorName(tx *storage.Tx, m *mahalla.Meeting) (string, error) {
	p := m.Mediator()
	if p == nil {
		return "", nil
	}
	name, err := tx.Name(p.Person)
	return locales.Escape(personName(name)), err
}

// quorumMeter shows how many come of those needed. Where one mediates it says in words
// that this one alone is needed, and what that one has answered.
func (d *Desk) quorumMeter(tx *storage.Tx, w *words, m *mahalla.Meeting) (string, error) {
	if !m.Mediation {
		return w.meter(m.Expected(0)), nil
	}
	name, err := d.mediatorName(tx, m)
	if err != nil {
		return "", err
	}
	p, key := m.Mediator(), "mediation.meter_silent"
	switch {
	case p == nil:
		return w.say("mediation.meter_nobody"), nil
	case len(m.Agenda) > 0 && p.InConflict(m.Agenda[0].Item):
		key = "mediation.meter_interest"
	case p.Comes():
		key = "mediation.meter_yes"
	case p.RSVP == mahalla.RSVPNo:
		key = "mediation.meter_no"
	}
	return w.say(key, "name", HTML(name)), nil
}

// alone says on the agenda of a mediator's meeting why nothing else is on it.
func (w *words) alone(m *mahalla.Meeting) string {
	if !m.Mediation {
		return ""
	}
	return w.say("mediation.alone")
}

// mediatorCame says at a sitting whether its mediator is there, who alone is needed.
func (w *words) mediatorCame(m *mahalla.Meeting, item mahalla.ItemID) string {
	if m.Attended(item).Met() {
		return w.say("mediation.came")
	}
	return w.say("mediation.awaited")
}

// askMediator asks who mediates.
func (d *Desk) askMediator(tx *storage.Tx, w *words, m *mahalla.Meeting, page int, s *mahalla.Screen) error {
	list, err := d.mediators(tx, m, w.now)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		s.Text = lines(s.Text, w.say("mediation.none_fit"))
		s.Rows = w.listDraft(m, nil, mahalla.StepPeople, mahalla.StepAgenda, 0, 1)
		return nil
	}
	s.Text = lines(s.Text, w.say("mediation.ask"))
	s.Rows = w.listPeople(m, list, page, func(p mahalla.PersonID) bool {
		x := m.Participant(p)
		return x != nil && x.Seat == mahalla.SeatMediator
	}, s)
	return nil
}

// previewMediation says before the invitations are sent who gets them: nobody but the
// mediator, who writes it down and the sides.
func (d *Desk) previewMediation(tx *storage.Tx, w *words, m *mahalla.Meeting, sides int) (string, error) {
	name, err := d.mediatorName(tx, m)
	if err != nil {
		return "", err
	}
	if name == "" {
		return lines(w.besides(m), w.say("mediation.meter_nobody")), nil
	}
	if !writtenDown(m) {
		return lines(w.say("mediation.by", "name", HTML(name)), w.say("mediation.asked_alone", "sides", sides)), nil
	}
	return lines(w.say("mediation.by", "name", HTML(name)), w.say("mediation.asked", "sides", sides)), nil
}

// appointNamed finds whom a typed line of whoever manages a mediator's meeting means.
func (d *Desk) appointNamed(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, typed string, now time.Time) (member, to mahalla.PersonID, err error) {
	if mayConvene(who, m.Commission, now) != nil {
		return 0, 0, mahalla.Refuse(mahalla.Forbidden, "mediator_others")
	}
	list, err := d.appointable(tx, m, now)
	if err != nil {
		return 0, 0, err
	}
	if p := m.Mediator(); p != nil {
		member = p.Person
	}
	to, err = seatNamed(list, typed)
	return member, to, err
}

// appointable lists who may mediate in the place of who was chosen.
func (d *Desk) appointable(tx *storage.Tx, m *mahalla.Meeting, now time.Time) ([]mahalla.Seated, error) {
	list, err := d.mediators(tx, m, now)
	was := m.Mediator()
	return slices.DeleteFunc(list, func(s mahalla.Seated) bool { return was != nil && s.Person == was.Person }), err
}

// chooseMediator asks who mediates in the place of who was chosen.
func (d *Desk) chooseMediator(tx *storage.Tx, w *words, m *mahalla.Meeting, s *mahalla.Screen) error {
	list, err := d.appointable(tx, m, w.now)
	if err != nil {
		return err
	}
	question := "mediation.ask"
	if len(list) == 0 {
		question = "mediation.none_fit"
	}
	s.Text = lines(s.Text, w.say(question))
	member := mahalla.PersonID(0)
	if p := m.Mediator(); p != nil {
		member = p.Person
	}
	s.Rows = w.pick(m, list, func(p mahalla.Seated) (string, string) {
		return PressMeetSubstitute, personArg(member) + "_" + personArg(p.Person)
	}, s)
	return nil
}
