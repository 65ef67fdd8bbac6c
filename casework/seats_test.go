package casework

import (
	"errors"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// ends lets all roles of somebody end by a date.
func (g *gallery) ends(p *storage.Contact, at time.Time) {
	g.Helper()
	g.tx(func(tx *storage.Tx) error { tx.EndRoles(p.ID, at); return nil })
}

// joins lets somebody join a commission at a moment.
func (g *gallery) joins(p *storage.Contact, role mahalla.Role, at time.Time) {
	g.Helper()
	g.tx(func(tx *storage.Tx) error {
		token, err := tx.Invite(role, g.district, at, at.Add(time.Hour))
		if err != nil {
			return err
		}
		i, err := tx.Invitation(token, at)
		if err == nil {
			tx.TakeInvitation(i, p.ID, at)
		}
		return err
	})
}

// shown is what a person reads on a card at a moment; empty when it is dropped.
func (g *gallery) shown(p mahalla.PersonID, kind mahalla.NoticeKind, about int64, now time.Time) (text string) {
	g.Helper()
	g.tx(func(tx *storage.Tx) error {
		s, err := g.desk.Draw(tx, storage.Message{Person: p, Kind: kind, Case: mahalla.CaseID(about), Language: mahalla.UzLatn}, now)
		if errors.Is(err, ErrPointless) {
			err = nil
		}
		text = s.Text
		return err
	})
	return text
}

// meeting reads it.
func (g *gallery) meeting(id mahalla.MeetingID) (m *mahalla.Meeting) {
	g.Helper()
	g.tx(func(tx *storage.Tx) (err error) { m, err = tx.Meeting(id); return err })
	return m
}

// contact reads a person as of now.
func (g *gallery) contact(p mahalla.PersonID) (c *storage.Contact) {
	g.Helper()
	g.tx(func(tx *storage.Tx) (err error) { c, err = tx.Contact(p); return err })
	return c
}

// amiss seats anew every meeting that wants it, and tells how many those were.
func (g *gallery) amiss(now time.Time) (n int) {
	g.Helper()
	g.tx(func(tx *storage.Tx) error {
		list, err := tx.Amiss(now)
		for _, id := range list {
			n++
			err = errors.Join(err, g.desk.SeatMeeting(tx, id, now))
		}
		return err
	})
	return n
}

// TestARoleThatEndsByItsDateEndsTheSeat at that moment: before anything has looked who
// sits, the card shows nothing of the meeting and no answer is taken.
func TestARoleThatEndsByItsDateEndsTheSeat(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	member, secretary := g.person(21, mahalla.CommissionMember), g.person(22, mahalla.CommissionSecretary)
	_, item := g.held(agreed(g.officer.ID, day))
	m := g.called(item, day.AddDate(0, 0, 5), mahalla.Participant{Person: member.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPYes, AnsweredAt: day},
		mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary, RSVP: mahalla.RSVPYes, AnsweredAt: day})
	m.WakeAt = m.At
	g.tx(func(tx *storage.Tx) error {
		return errors.Join(tx.SaveMeeting(m), g.desk.remindOf(tx, m, participants(m), day))
	})
	end := day.AddDate(0, 0, 2)
	g.ends(member, end)
	if n := g.amiss(end.Add(-time.Second)); n != 0 {
		t.Errorf("%d meetings are amiss before that", n)
	}
	reply := func(p mahalla.PersonID, now time.Time) (err error) {
		who := g.contact(p)
		g.tx(func(tx *storage.Tx) error {
			err = g.desk.ReplyMeeting(tx, who, m.ID, mahalla.RSVPYes, time.Time{}, mahalla.Anytime, now)
			return nil
		})
		return err
	}
	if err := reply(member.ID, end.Add(-time.Second)); err != nil {
		t.Errorf("until then: %v", err)
	}
	for _, kind := range []mahalla.NoticeKind{CardMeeting, NoticeMeetingPin} {
		if text := g.shown(member.ID, kind, int64(m.ID), end); strings.Contains(text, "№") || strings.Contains(text, "📍") {
			t.Errorf("%s shows %q", kind, text)
		}
	}
	if err := reply(member.ID, end); err == nil || err.(*mahalla.Error).Reason != "meeting_not_asked" {
		t.Errorf("an answer is taken: %v", err)
	}
	if list := g.shown(member.ID, CardMeetings, 0, end); strings.Contains(list, "10:00") {
		t.Errorf("the list shows %q", list)
	}
	g.amiss(end)
	got := g.meeting(m.ID)
	if got.Participant(member.ID) != nil || got.Expected(0).Come != 1 {
		t.Errorf("got %+v", got)
	}
	if n := g.amiss(end); n != 0 {
		t.Errorf("%d meetings are still amiss", n)
	}
	if n := g.waiting(member.ID); n != 0 {
		t.Errorf("%d reminders still come", n)
	}
}

// TestWhoJoinsAfterTheCallIsInvited and reminded as the others are.
func TestWhoJoinsAfterTheCallIsInvited(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary, early := g.person(22, mahalla.CommissionSecretary), g.person(23, mahalla.CommissionMember)
	m := g.called(nil, day.AddDate(0, 0, 5), mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary, RSVP: mahalla.RSVPYes, AnsweredAt: day})
	m.WakeAt = m.At
	g.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
	now := day.AddDate(0, 0, 1)
	g.joins(g.plain, mahalla.CommissionMember, now)
	if n := g.amiss(now); n != 1 {
		t.Errorf("%d meetings are amiss", n)
	}
	got := g.meeting(m.ID)
	if p := got.Participant(g.plain.ID); p == nil || p.Seat != mahalla.SeatMember || p.RSVP != "" {
		t.Errorf("got %+v", p)
	}
	if got.Participant(early.ID) != nil {
		t.Error("whom the secretary left out is asked")
	}
	if got.Quorum != 2 { // more than half of three
		t.Errorf("%d must come", got.Quorum)
	}
	if n := g.waiting(g.plain.ID); n != 3 {
		t.Errorf("%d reminders come", n)
	}
	if text := g.shown(g.plain.ID, CardMeeting, int64(m.ID), now); !strings.Contains(text, "Kelasizmi?") {
		t.Errorf("the invitation says %q", text)
	}
}

// TestAMemberWhoIsASideStaysAsASide: nothing of the seat is left, and the invitation
// is that of a side.
func TestAMemberWhoIsASideStaysAsASide(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary, other := g.person(22, mahalla.CommissionSecretary), g.person(23, mahalla.CommissionMember)
	g.joins(g.resident, mahalla.CommissionMember, day.Add(-time.Hour))
	_, item := g.held(agreed(g.officer.ID, day))
	m := g.called(item, day.AddDate(0, 0, 5), mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary, RSVP: mahalla.RSVPYes, AnsweredAt: day},
		mahalla.Participant{Person: other.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPYes, AnsweredAt: day})
	m.Participants[2] = mahalla.Participant{Person: g.resident.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPYes, AnsweredAt: day, Conflicts: []mahalla.ItemID{item.ID}}
	m.Quorum, m.WakeAt = 2, m.At
	g.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
	if got := m.Expected(0); got.Come != 3 || got.Sit != 3 || m.Expected(item.ID).Come != 2 {
		t.Fatalf("got %+v", got)
	}
	now := day.AddDate(0, 0, 1)
	g.tx(func(tx *storage.Tx) error { return g.desk.Revoke(tx, g.resident.ID, now) })
	got := g.meeting(m.ID)
	p := got.Participant(g.resident.ID)
	if p == nil || p.Seat != mahalla.SeatParty || p.Item != item.ID || p.Side != 1 || p.RSVP != "" || len(p.Conflicts) != 0 {
		t.Fatalf("got %+v", p)
	}
	if all, one := got.Expected(0), got.Expected(item.ID); all.Come != 2 || all.Sit != 2 || !all.Met() || one.Come != 2 {
		t.Errorf("of the seats: %+v, of the item %+v", all, one)
	}
	text := g.shown(g.resident.ID, CardMeeting, int64(m.ID), now)
	if !strings.Contains(text, "boʻyicha yigʻilishga taklif qilamiz") || strings.Count(text, "№") != 1 || strings.Contains(text, "📋") {
		t.Errorf("the invitation says %q", text)
	}
	who := g.contact(g.resident.ID)
	g.tx(func(tx *storage.Tx) error {
		return g.desk.ReplyMeeting(tx, who, m.ID, mahalla.RSVPYes, time.Time{}, mahalla.Anytime, now)
	})
	if got := g.meeting(m.ID); got.Expected(0).Come != 2 {
		t.Errorf("the answer of a side counts: %+v", got.Expected(0))
	}
	g.joins(g.resident, mahalla.CommissionMember, now.Add(time.Hour))
	g.amiss(now.Add(2 * time.Hour))
	if p := g.meeting(m.ID).Participant(g.resident.ID); p == nil || p.Seat != mahalla.SeatMember || !p.InConflict(item.ID) || p.RSVP != "" {
		t.Errorf("who sits again: %+v", p)
	}
}

// TestADraftGoesToWhoConvenesNow and shows its maker nothing any more.
func TestADraftGoesToWhoConvenesNow(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	former := g.person(22, mahalla.CommissionSecretary)
	var m *mahalla.Meeting
	g.tx(func(tx *storage.Tx) (err error) {
		m, _, err = g.desk.Convene(tx, former, g.district, day)
		return err
	})
	now := day.AddDate(0, 0, 1)
	g.ends(former, now)
	g.amiss(now)
	if got := g.meeting(m.ID); got.MadeBy != former.ID || got.Status != mahalla.MeetingDraft {
		t.Errorf("there is nobody else: %+v", got)
	}
	if text := g.shown(former.ID, CardConvene, int64(m.ID), now); !strings.Contains(text, "endi siz boshqarmaysiz") {
		t.Errorf("the former one reads %q", text)
	}
	if text := g.shown(former.ID, NoticeSeriesDraft, int64(m.ID), now); text != "" {
		t.Errorf("the former one reads %q", text)
	}
	chair := g.person(24, mahalla.CommissionChair)
	g.amiss(now.Add(time.Minute))
	if got := g.meeting(m.ID); got.MadeBy != chair.ID {
		t.Errorf("without a secretary it is not the chair's: %+v", got)
	}
	g.ends(chair, now.Add(time.Hour))
	secretary := g.person(25, mahalla.CommissionSecretary)
	g.tx(func(tx *storage.Tx) error { return g.desk.handDraft(tx, m, true, now.Add(2*time.Hour)) })
	got := g.meeting(m.ID)
	if got.MadeBy != secretary.ID || got.Participant(secretary.ID) == nil || got.Participant(former.ID) != nil {
		t.Errorf("got %+v", got)
	}
	if n := g.amiss(now.Add(2 * time.Hour)); n != 0 {
		t.Errorf("%d are amiss", n)
	}
	g.tx(func(tx *storage.Tx) error {
		found, _, err := g.desk.Convene(tx, secretary, g.district, now.Add(2*time.Hour))
		if err == nil && found.ID != m.ID {
			t.Errorf("the draft is not found: %+v", found)
		}
		return err
	})
}

// TestARevokedDraftIsGivenAwayAtOnce.
func TestARevokedDraftIsGivenAwayAtOnce(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	former, chair := g.person(22, mahalla.CommissionSecretary), g.person(24, mahalla.CommissionChair)
	var m *mahalla.Meeting
	g.tx(func(tx *storage.Tx) (err error) {
		if m, _, err = g.desk.Convene(tx, former, g.district, day); err != nil {
			return err
		}
		return g.desk.Revoke(tx, former.ID, day.Add(time.Hour))
	})
	if got := g.meeting(m.ID); got.MadeBy != chair.ID {
		t.Errorf("got %+v", got)
	}
}

// TestAfterARevocationTheCardsOfCommissionsShowNothing: items, decisions and lists.
func TestAfterARevocationTheCardsOfCommissionsShowNothing(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary := g.person(22, mahalla.CommissionSecretary)
	c, item := g.held(agreed(g.officer.ID, day))
	m := g.called(item, day.AddDate(0, 0, 5), mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary})
	one := &mahalla.Decision{ID: 7_700_001, Commission: g.district, Meeting: m.ID, Words: "Ariqni tozalash", Person: g.resident.ID, Due: day.AddDate(0, 0, 10),
		MadeBy: secretary.ID, MadeAt: day}
	cards := []struct {
		kind  mahalla.NoticeKind
		about int64
		text  string
	}{{mahalla.CardItem, int64(item.ID), "rozi"}, {CardDecision, int64(one.ID), "Ariqni tozalash"},
		{CardAgenda, 0, c.Number.String()}, {CardMeetings, 0, "Yigʻilishlar"}, {CardMeeting, int64(m.ID), c.Number.String()},
		{CardConvene, int64(m.ID), c.Number.String()}, {CardHeld, int64(m.ID), c.Number.String()}}
	g.tx(func(tx *storage.Tx) error {
		for i, card := range cards {
			tx.AdoptCard(secretary.ID, card.kind, mahalla.CaseID(card.about), int64(100+i))
		}
		return tx.AddDecision(one)
	})
	for _, card := range cards {
		if text := g.shown(secretary.ID, card.kind, card.about, day); !strings.Contains(text, card.text) {
			t.Errorf("%s says %q before", card.kind, text)
		}
	}
	now := day.Add(time.Hour)
	g.tx(func(tx *storage.Tx) error { return g.desk.Revoke(tx, secretary.ID, now) })
	g.tx(func(tx *storage.Tx) error {
		list, err := tx.SittingCards(secretary.ID)
		if len(list) != len(cards) {
			t.Errorf("%v are redrawn", list)
		}
		return err
	})
	for _, card := range cards {
		if text := g.shown(secretary.ID, card.kind, card.about, now); text == "" || card.kind != mahalla.CardItem && strings.Contains(text, card.text) || strings.Contains(text, "rozi") {
			t.Errorf("%s says %q after", card.kind, text)
		}
	}
}
