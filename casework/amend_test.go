package casework

import (
	"errors"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// amends does something about the agenda of theMeeting and tells how it was refused.
func (g *gallery) amends(do func(*storage.Tx) error) string {
	g.Helper()
	err := g.db.InTx(g.Context(), do)
	refusal := (*mahalla.Error)(nil)
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	if err != nil {
		g.Fatal(err)
	}
	return ""
}

// TestAnItemJoinsTheAgendaOfACalledMeeting and leaves it: sides, conflicts, reminders
// and the clock of its case follow in the same transaction, the others are asked nothing.
func TestAnItemJoinsTheAgendaOfACalledMeeting(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary, member := g.person(22, mahalla.CommissionSecretary), g.person(23, mahalla.CommissionMember)
	_, item := g.held(func(i *mahalla.Item) {
		agreed(g.officer.ID, day)(i)
		i.Parties[1].Person = member.ID
	})
	m := g.called(nil, day.AddDate(0, 0, 5), mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary, RSVP: mahalla.RSVPYes, AnsweredAt: day},
		mahalla.Participant{Person: member.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPYes, AnsweredAt: day})
	add := func(now time.Time) string {
		return g.amends(func(tx *storage.Tx) error { return g.desk.AddItem(tx, secretary, m.ID, item.ID, m.Sequence, now) })
	}
	off := func(now time.Time) string {
		return g.amends(func(tx *storage.Tx) error { return g.desk.TakeOffItem(tx, secretary, m.ID, item.ID, m.Sequence, now) })
	}
	state := func(when string, want mahalla.ItemState, until time.Time) {
		t.Helper()
		g.tx(func(tx *storage.Tx) error {
			i, err := tx.Item(item.ID)
			if err != nil || i.State != want {
				t.Errorf("%s: got %+v, %v", when, i, err)
			}
			c, err := tx.Case(item.Case)
			if err != nil || !c.Resolution.Until.Equal(until) {
				t.Errorf("%s: the clock stands until %v, want %v, %v", when, c.Resolution.Until, until, err)
			}
			return nil
		})
	}
	for _, refused := range []struct {
		who  *storage.Contact
		now  time.Time
		want string
	}{
		{member, day, "not_secretary"},
		{secretary, m.At.Add(-mahalla.LeastNotice + time.Minute), "meeting_add_late"},
		{secretary, m.At, "meeting_begun"},
	} {
		got := g.amends(func(tx *storage.Tx) error {
			return g.desk.AddItem(tx, refused.who, m.ID, item.ID, mahalla.Anytime, refused.now)
		})
		if got != refused.want {
			t.Errorf("got %q, want %q", got, refused.want)
		}
	}
	if got := g.amends(func(tx *storage.Tx) error { return g.desk.AddItem(tx, secretary, m.ID, item.ID, m.Sequence+1, day) }); got != "meeting_moved" {
		t.Errorf("for another time: got %q", got)
	}
	for round := range 2 { // it may come back
		if got := add(day); got != "" {
			t.Fatal(round, got)
		}
		if got := add(day); got != "meeting_item_on" {
			t.Errorf("twice: got %q", got)
		}
		state("on it", mahalla.ItemScheduled, m.End().Add(mahalla.SittingStretch))
		got := g.meeting(m.ID)
		side, sits := got.Participant(g.resident.ID), got.Participant(member.ID)
		if side == nil || side.Seat != mahalla.SeatParty || side.Item != item.ID || sits.Seat != mahalla.SeatMember || !sits.InConflict(item.ID) ||
			sits.RSVP != mahalla.RSVPYes || got.Sequence != m.Sequence || got.Expected(0).Come != 2 || got.Expected(item.ID).Come != 1 {
			t.Errorf("got %+v", got)
		}
		if round == 1 {
			break
		}
		if got := off(day.Add(time.Hour)); got != "" {
			t.Fatal(got)
		}
		if got := off(day.Add(time.Hour)); got != "meeting_item_gone" {
			t.Errorf("off twice: got %q", got)
		}
		state("off it", mahalla.ItemReady, item.FirstBy())
		if got := g.meeting(m.ID); len(got.Agenda) != 0 || got.Participant(g.resident.ID) != nil || !got.Participant(member.ID).InConflict(item.ID) {
			t.Errorf("got %+v", got)
		}
		if n := g.waiting(g.resident.ID); n != 0 {
			t.Errorf("%d reminders still come", n)
		}
	}
	if n := g.waiting(g.resident.ID); n != 3 {
		t.Errorf("%d reminders come to the side", n)
	}
}

// TestAnItemLeadsToAMeeting: the one that was called while it has room, or a new one on
// whose agenda it stands.
func TestAnItemLeadsToAMeeting(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary := g.person(22, mahalla.CommissionSecretary)
	_, item := g.held(agreed(g.officer.ID, day))
	m := g.called(nil, day.AddDate(0, 0, 5), mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary})
	room := func(now time.Time) (got mahalla.MeetingID) {
		g.tx(func(tx *storage.Tx) error {
			found, err := g.desk.RoomFor(tx, item, now)
			if found != nil {
				got = found.ID
			}
			return err
		})
		return got
	}
	if got := room(day); got != m.ID {
		t.Errorf("got %d", got)
	}
	if got := room(m.At.Add(-time.Hour)); got != 0 {
		t.Errorf("an hour before: got %d", got)
	}
	var drafts [2]*mahalla.Meeting
	for i := range drafts { // the second press goes on with the same
		g.tx(func(tx *storage.Tx) (err error) {
			drafts[i], err = g.desk.ConveneWith(tx, secretary, item.ID, day)
			return err
		})
	}
	if drafts[0].ID != drafts[1].ID || drafts[1].Hearing(item.ID) == nil || drafts[1].Status != mahalla.MeetingDraft {
		t.Errorf("got %+v, %+v", drafts[0], drafts[1])
	}
	for _, who := range []*storage.Contact{g.officer, g.resident} {
		if got := g.amends(func(tx *storage.Tx) error { _, err := g.desk.ConveneWith(tx, who, item.ID, day); return err }); got != "not_secretary" {
			t.Errorf("got %q", got)
		}
	}
}
