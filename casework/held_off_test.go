package casework

import (
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestWhatWasWrittenOfAnItemOutlivesItsCase: the case ends while the commission sits,
// and the minutes say what came of the item, or that it was taken off.
func TestWhatWasWrittenOfAnItemOutlivesItsCase(t *testing.T) {
	t.Parallel()
	for _, heard := range []bool{true, false} {
		g := newGallery(t)
		secretary, member := g.person(22, mahalla.CommissionSecretary), g.person(23, mahalla.CommissionMember)
		c, item := g.held(agreed(g.officer.ID, day))
		item.State = mahalla.ItemScheduled
		at := day.Add(time.Hour)
		m := g.called(item, at, mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary}, mahalla.Participant{Person: member.ID, Seat: mahalla.SeatMember})
		m.Quorum = 2
		for i := range m.Participants[:2] {
			m.Participants[i].Presence = mahalla.Present
		}
		want := mahalla.OutcomeWithdrawn
		if heard {
			want = mahalla.OutcomeAgreed
			m.Agenda[0].Outcome, m.Agenda[0].Came, m.Agenda[0].Note = want, []int{1, 2}, "Murosaga kelishdi"
		}
		now := at.Add(10 * time.Minute)
		g.tx(func(tx *storage.Tx) error {
			if err := tx.SaveItem(item); err != nil {
				return err
			}
			return tx.SaveMeeting(m)
		})
		g.tx(func(tx *storage.Tx) error {
			locked, err := tx.LockCase(c.ID)
			if err != nil {
				return err
			}
			o, err := locked.Withdraw(locked.Reporter, now)
			if err != nil {
				return err
			}
			return g.desk.apply(tx, locked, o, now)
		})
		got := g.meeting(m.ID)
		if h := got.Hearing(item.ID); h == nil || h.Outcome != want || heard && h.Note == "" {
			t.Fatalf("heard %t: got %+v", heard, got.Agenda)
		}
		err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
			return g.desk.EndItem(tx, secretary, m.ID, 1, mahalla.OutcomeReferred, now)
		})
		if err == nil || !strings.Contains(err.Error(), "sitting_item_off") {
			t.Errorf("heard %t: it still has another outcome: %v", heard, err)
		}
		err = g.db.InTx(t.Context(), func(tx *storage.Tx) error {
			_, err := g.desk.decision(tx, secretary, got, DecisionText{Item: 1, Words: "Ariqni tozalash kerak", Name: "Salim", Due: DayAfter(3, now)}, now)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "sitting_item_off") {
			t.Errorf("heard %t: something is decided of it: %v", heard, err)
		}
		g.tx(func(tx *storage.Tx) error { return g.desk.FinishSitting(tx, secretary, m.ID, now) })
		g.tx(func(tx *storage.Tx) error {
			if over, err := tx.Item(item.ID); err != nil || over.State != mahalla.ItemDropped || over.Sittings != 0 {
				t.Errorf("heard %t: got %+v, %v", heard, over, err)
			}
			w := g.desk.speak(mahalla.UzLatn, now)
			v, err := g.desk.readHeld(tx, secretary, m.ID, w)
			if err != nil {
				return err
			}
			var words []string
			for _, part := range w.minutesPage(v).parts {
				for _, line := range part.lines {
					words = append(words, line.text)
				}
			}
			said := "koʻrib chiqishdan olindi"
			if heard {
				said = "kelishildi"
			}
			if text := strings.Join(words, "\n"); !strings.Contains(text, said) || heard != strings.Contains(text, "Murosaga kelishdi") {
				t.Errorf("heard %t: the minutes say\n%s", heard, text)
			}
			return nil
		})
		if text := g.shown(g.resident.ID, CardMeeting, int64(m.ID), now); strings.Contains(text, "shart emas") == heard {
			t.Errorf("heard %t: the side reads %q", heard, text)
		}
	}
}

// TestAMeetingThatWasNotHeldIsToldToWhoWantedToCome, and to nobody else anew.
func TestAMeetingThatWasNotHeldIsToldToWhoWantedToCome(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary, yes, no := g.person(22, mahalla.CommissionSecretary), g.person(23, mahalla.CommissionMember), g.person(24, mahalla.CommissionMember)
	_, item := g.held(agreed(g.officer.ID, day))
	item.State = mahalla.ItemScheduled
	at := day.Add(time.Hour)
	m := g.called(item, at, mahalla.Participant{Person: secretary.ID, Seat: mahalla.SeatSecretary, RSVP: mahalla.RSVPYes, AnsweredAt: day},
		mahalla.Participant{Person: yes.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPYes, AnsweredAt: day},
		mahalla.Participant{Person: no.ID, Seat: mahalla.SeatMember, RSVP: mahalla.RSVPNo, AnsweredAt: day})
	m.Quorum = 3
	m.Participants[3].RSVP, m.Participants[3].AnsweredAt = mahalla.RSVPYes, day
	now := at.Add(time.Hour)
	told := map[mahalla.PersonID]string{}
	g.tx(func(tx *storage.Tx) error {
		for i, p := range []mahalla.PersonID{yes.ID, no.ID} {
			tx.AdoptCard(p, CardMeeting, aboutMeeting(m.ID), int64(200+i))
		}
		if err := tx.SaveItem(item); err != nil {
			return err
		}
		return tx.SaveMeeting(m)
	})
	g.tx(func(tx *storage.Tx) error {
		for _, p := range []mahalla.PersonID{secretary.ID, yes.ID, no.ID, g.resident.ID} {
			list, err := g.desk.meetingNews(tx, m, p, newsUnheld)
			if err != nil {
				return err
			}
			for _, n := range list {
				told[p] += string(n.Kind) + map[bool]string{true: "! ", false: " "}[n.Ring]
			}
		}
		return g.desk.NotHeld(tx, secretary, m.ID, now)
	})
	if got := told[yes.ID]; got != "card.meeting meeting_news! " {
		t.Errorf("who has the card is sent %q", got)
	}
	if got := told[g.resident.ID]; got != "card.meeting! " {
		t.Errorf("who has none is sent %q", got)
	}
	if got := g.meeting(m.ID); !got.Unheld() {
		t.Errorf("got %+v", got)
	}
	g.tx(func(tx *storage.Tx) error {
		again, err := tx.Item(item.ID)
		if err == nil && again.State != mahalla.ItemReady {
			t.Errorf("the item does not wait for another meeting: %+v", again)
		}
		return err
	})
	for _, p := range []mahalla.PersonID{yes.ID, g.resident.ID} {
		if text := g.shown(p, CardMeeting, int64(m.ID), now); !strings.Contains(text, "boʻlib oʻtmadi") {
			t.Errorf("%d reads %q", p, text)
		}
		if text := g.shown(p, NoticeMeetingNews, int64(m.ID), now); text != "" {
			t.Errorf("news of nothing says %q", text)
		}
	}
}
