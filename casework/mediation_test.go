package casework

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestToACalledMediatorsMeetingNobodyIsAddedByItself: a new member is not asked to it, and
// it is not looked at again and again; a mediator whose role ends goes, and the one who is
// appointed then is reminded.
func TestToACalledMediatorsMeetingNobodyIsAddedByItself(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	mediator, secretary, other := g.person(21, mahalla.CommissionMember), g.person(22, mahalla.CommissionSecretary), g.person(23, mahalla.CommissionMember)
	_, item := g.held(func(i *mahalla.Item) { agreed(g.officer.ID, day)(i); i.Mediator = true })
	m := g.called(item, day.AddDate(0, 0, 5), mahalla.Participant{Person: mediator.ID, Seat: mahalla.SeatMediator, RSVP: mahalla.RSVPYes, AnsweredAt: day},
		mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary, RSVP: mahalla.RSVPYes, AnsweredAt: day})
	m.WakeAt, m.Mediation = m.At, true
	g.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
	g.joins(g.chair, mahalla.CommissionMember, day.AddDate(0, 0, 1))
	later := day.AddDate(0, 0, 2)
	if n := g.amiss(later); n != 0 {
		t.Errorf("%d meetings are amiss since somebody has joined", n)
	}
	g.ends(mediator, later)
	if n := g.amiss(later.Add(time.Hour)); n != 1 {
		t.Errorf("%d meetings are amiss without a mediator", n)
	}
	if got := g.meeting(m.ID); got.Mediator() != nil || got.Expected(0).Met() || !got.Mediation || got.Quorum != 1 {
		t.Errorf("without a mediator: got %+v", got)
	}
	who := g.contact(secretary.ID)
	g.tx(func(tx *storage.Tx) error {
		return g.desk.AskMeetingSubstitute(tx, who, m.ID, 0, other.ID, later.Add(time.Hour))
	})
	if got := g.meeting(m.ID); got.Mediator() == nil || got.Mediator().Person != other.ID {
		t.Errorf("another mediator: got %+v", got.Participants)
	}
	if n := g.waiting(other.ID); n == 0 {
		t.Error("the other mediator is not reminded")
	}
	if n := g.amiss(later.Add(2 * time.Hour)); n != 0 {
		t.Errorf("%d meetings are still amiss", n)
	}
}
