package storage_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestAMeetingAndItsItemsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	at := time.Date(2026, 12, 12, 10, 0, 0, 0, time.UTC)
	id := func() int64 {
		n := int64(0)
		w.tx(func(tx *storage.Tx) (err error) { n, err = tx.NewID(); return err })
		return n
	}
	item := &mahalla.Item{ID: mahalla.ItemID(id()), Commission: c.Place, Case: c.ID, ProposedBy: w.officer.ID, ProposedAt: at.AddDate(0, 0, -9),
		State: mahalla.ItemReady, Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: w.officer.ID, ReadyAt: at.AddDate(0, 0, -8),
		Parties: []mahalla.Party{
			{Side: 1, Person: c.Reporter, Consent: mahalla.ConsentGiven, ConsentAt: at.AddDate(0, 0, -8), RecordedBy: c.Reporter},
			{Side: 2, Name: secret, Phone: secret + "1", TokenHash: []byte{1, 2}}}}
	meeting := &mahalla.Meeting{ID: mahalla.MeetingID(id()), Commission: c.Place, Status: mahalla.MeetingCalled, At: at, Minutes: 60,
		Place: secret + "2", Pin: "41.1,64.1", Language: mahalla.Ru, Sequence: 2, Quorum: 3, MadeBy: w.officer.ID,
		MadeAt: at.AddDate(0, 0, -7), CalledAt: at.AddDate(0, 0, -6), WakeAt: at.AddDate(0, 0, -1),
		MovedFrom: at.AddDate(0, 0, -2), MissedAt: at.AddDate(0, 0, 1), NudgedAt: at.AddDate(0, 0, -3),
		Participants: []mahalla.Participant{
			{Person: w.officer.ID, Seat: mahalla.SeatSecretary, Conflicts: []mahalla.ItemID{item.ID}, RSVP: mahalla.RSVPOther, Sequence: 2,
				Proposed: at.Add(time.Hour), AnsweredAt: at.AddDate(0, 0, -5)},
			{Person: c.Reporter, Seat: mahalla.SeatParty, Item: item.ID, Side: 1, Unreachable: true}},
		Agenda: []mahalla.Hearing{{Item: item.ID, Outcome: mahalla.OutcomeAgreed, Note: secret + "3"}}}
	w.tx(func(tx *storage.Tx) error {
		if err := tx.SaveItem(item); err != nil {
			return err
		}
		return tx.SaveMeeting(meeting)
	})
	w.tx(func(tx *storage.Tx) error {
		got, err := tx.LockItem(item.ID)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(item) {
			t.Errorf("got %+v, %v, want %+v", got, err, item)
		}
		if same, err := tx.ItemOfToken([]byte{1, 2}); err != nil || same == nil || same.ID != item.ID {
			t.Errorf("got %v, %v by the token", same, err)
		}
		held, err := tx.LockMeeting(meeting.ID)
		if err != nil || fmt.Sprint(held) != fmt.Sprint(meeting) {
			t.Errorf("got %+v, %v, want %+v", held, err, meeting)
		}
		for name, read := range map[string]func() ([]*mahalla.Meeting, error){
			"of the commission": func() ([]*mahalla.Meeting, error) {
				return tx.MeetingsOf([]mahalla.TerritoryID{c.Place}, at, at.Add(time.Hour), 10)
			},
			"with the officer": func() ([]*mahalla.Meeting, error) { return tx.MeetingsWith(w.officer.ID, at, at.Add(time.Hour), 10) },
		} {
			if list, err := read(); err != nil || len(list) != 1 || list[0].ID != meeting.ID {
				t.Errorf("%s: got %v, %v", name, list, err)
			}
		}
		if due, err := tx.DueMeetings(meeting.WakeAt, 10); err != nil || len(due) != 1 || due[0] != meeting.ID {
			t.Errorf("got %v, %v due", due, err)
		}
		return nil
	})
	var raw []byte
	w.must(w.conn.QueryRow(w.ctx, `SELECT place || note || name || parties.phone
		FROM meetings JOIN hearings ON meeting_id = meetings.id JOIN parties ON parties.item_id = hearings.item_id AND side = 2`).Scan(&raw))
	if bytes.Contains(raw, []byte(secret[:8])) {
		t.Error("a personal field stands in the clear")
	}
}

func TestALeftOutParticipantAndItemAreGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	m := &mahalla.Meeting{ID: 7_000_001, Commission: c.Place, Status: mahalla.MeetingDraft, Minutes: 60, Language: mahalla.Ru, Quorum: 1,
		MadeBy: w.officer.ID, MadeAt: c.FiledAt, Participants: []mahalla.Participant{{Person: w.officer.ID, Seat: mahalla.SeatMember}, {Person: c.Reporter, Seat: mahalla.SeatMember}}}
	for _, people := range [][]mahalla.Participant{m.Participants, m.Participants[:1], nil} {
		m.Participants = people
		w.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
		w.tx(func(tx *storage.Tx) error {
			got, err := tx.Meeting(m.ID)
			if err != nil || len(got.Participants) != len(people) {
				t.Errorf("got %v, %v, want %d", got.Participants, err, len(people))
			}
			return nil
		})
	}
}
