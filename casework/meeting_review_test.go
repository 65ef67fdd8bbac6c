package casework

import (
	"fmt"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// called writes a meeting with an item of which the resident is a side.
func (g *gallery) called(item *mahalla.Item, at time.Time, more ...mahalla.Participant) *mahalla.Meeting {
	g.Helper()
	m := &mahalla.Meeting{ID: theMeeting, Commission: g.district, Status: mahalla.MeetingCalled, At: at, Minutes: 60, Place: "x",
		Language: mahalla.Ru, Quorum: 1, MadeBy: g.officer.ID, MadeAt: day, CalledAt: day, Participants: append(more,
			mahalla.Participant{Person: g.resident.ID, Seat: mahalla.SeatParty, Side: 1})}
	if item != nil {
		m.Agenda = []mahalla.Hearing{{Item: item.ID}}
		m.Participants[len(more)].Item = item.ID
	} else {
		m.Participants = more
	}
	g.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
	return m
}

// waiting counts the reminders that are to come to somebody.
func (g *gallery) waiting(p mahalla.PersonID) (n int) {
	g.Helper()
	g.tx(func(tx *storage.Tx) error {
		list, err := tx.ClaimReminders(day.AddDate(1, 0, 0), 1000)
		for _, r := range list {
			if r.To == p {
				n++
			}
		}
		return err
	})
	return n
}

// TestWhoHasLeftIsLetGoFromTheMeetingsToCome: the seat, the answer, the reminders and
// what the cards show.
func TestWhoHasLeftIsLetGoFromTheMeetingsToCome(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	member, secretary := g.person(21, mahalla.CommissionMember), g.person(22, mahalla.CommissionSecretary)
	m := g.called(nil, day.AddDate(0, 0, 5), mahalla.Participant{Person: member.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPYes, AnsweredAt: day},
		mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary})
	g.tx(func(tx *storage.Tx) error { return g.desk.remindOf(tx, m, participants(m), day) })
	g.tx(func(tx *storage.Tx) error { return g.desk.Revoke(tx, member.ID, day.Add(time.Hour)) })
	g.tx(func(tx *storage.Tx) error {
		got, err := tx.Meeting(m.ID)
		if err != nil || got.Participant(member.ID) != nil || got.Expected(0).Met() {
			t.Errorf("got %+v, %v", got, err)
		}
		who, err := tx.Contact(member.ID)
		if err != nil {
			return err
		}
		if err := g.desk.ReplyMeeting(tx, who, m.ID, mahalla.RSVPYes, time.Time{}, mahalla.Anytime, day.Add(2*time.Hour)); err == nil {
			t.Error("an answer of who has left counts")
		}
		return nil
	})
	if n := g.waiting(member.ID); n != 0 {
		t.Errorf("%d reminders still come", n)
	}
	if n := g.waiting(secretary.ID); n == 0 {
		t.Error("the others are not reminded any more")
	}
}

// TestADecisionIsRemindedOfThoughNobodyConvenes: the secretary has blocked the bot.
func TestADecisionIsRemindedOfThoughNobodyConvenes(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := g.called(nil, day.AddDate(0, 0, 5))
	one := &mahalla.Decision{ID: 7_700_001, Commission: g.district, Meeting: m.ID, Words: "x", Person: g.resident.ID, Due: day.AddDate(0, 0, 10), MadeBy: g.officer.ID, MadeAt: day}
	g.tx(func(tx *storage.Tx) error {
		if err := tx.AddDecision(one); err != nil {
			return err
		}
		return g.desk.planFollowUps(tx, m, one, day)
	})
	if n := g.waiting(g.resident.ID); n != 2 {
		t.Errorf("%d reminders come to who is responsible", n)
	}
}

// TestASubstituteWhoAnswersByTelephoneIsReminded as one is who answers in the chat.
func TestASubstituteWhoAnswersByTelephoneIsReminded(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary := g.person(22, mahalla.CommissionSecretary)
	m := g.called(nil, day.AddDate(0, 0, 5), mahalla.Participant{Person: g.chair.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPNo, AnsweredAt: day},
		mahalla.Participant{Person: g.plain.ID, Seat: mahalla.SeatSubstitute, InFor: g.chair.ID})
	g.tx(func(tx *storage.Tx) error { return g.desk.RecordAnswer(tx, secretary, m.ID, g.plain.ID, true, day) })
	if n := g.waiting(g.plain.ID); n != 3 {
		t.Errorf("%d reminders come", n)
	}
}

// TestASideOfTwoItemsIsNotLetGoWithOne while the other is to be heard.
func TestASideOfTwoItemsIsNotLetGoWithOne(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	_, item := g.held(agreed(g.officer.ID, day))
	m := g.called(item, day.AddDate(0, 0, 5))
	g.tx(func(tx *storage.Tx) error {
		second := *item
		second.ID = item.ID + 77
		second.State, second.Cause, second.EndedAt = mahalla.ItemSettled, "agreed", day // of one case one is open
		if err := tx.SaveItem(&second); err != nil {
			return err
		}
		m.Agenda = append(m.Agenda, mahalla.Hearing{Item: second.ID})
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
		if err := g.desk.leaveMeeting(tx, m, item.ID, day); err != nil {
			return err
		}
		got, err := tx.Meeting(m.ID)
		if p := got.Participant(g.resident.ID); err != nil || p == nil || p.Item != second.ID {
			t.Errorf("got %+v, %v", p, err)
		}
		return nil
	})
}

// TestAButtonOfASittingIsAboutTheItemThatItWasDrawnFor, wherever that stands now.
func TestAButtonOfASittingIsAboutTheItemThatItWasDrawnFor(t *testing.T) {
	t.Parallel()
	m := &mahalla.Meeting{Agenda: []mahalla.Hearing{{Item: 101}, {Item: 102}, {Item: 103}}}
	b := hearingPress(m, PressEnd, 2, string(mahalla.OutcomeNotAgreed), "x", "")
	if arg, err := PressedItem(m, b.Press.Round, b.Press.Arg); err != nil || arg != "not_agreed" {
		t.Errorf("got %q, %v", arg, err)
	}
	m.Leave(101)
	for _, press := range []mahalla.Press{b.Press, {Round: 2, Arg: "not_agreed"}, {Round: 2, Arg: "1"}, {Round: 9, Arg: b.Press.Arg}, {Round: 0, Arg: b.Press.Arg}} {
		if arg, err := PressedItem(m, press.Round, press.Arg); err == nil {
			t.Errorf("%s is about another item: %q", fmt.Sprint(press), arg)
		}
	}
}
