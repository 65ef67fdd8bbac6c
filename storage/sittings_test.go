package storage_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// heldMeeting writes a meeting that was held, with a decision, and gives it.
func (w *world) heldMeeting(c *mahalla.Case, id mahalla.MeetingID, at time.Time) (*mahalla.Meeting, *mahalla.Decision) {
	item := &mahalla.Item{ID: mahalla.ItemID(id + 1), Commission: c.Place, Case: c.ID, ProposedBy: w.officer.ID, ProposedAt: at, State: mahalla.ItemSettled,
		Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: w.officer.ID, ReadyAt: at, EndedAt: at, Cause: "agreed"}
	m := &mahalla.Meeting{ID: id, Commission: c.Place, Status: mahalla.MeetingHeld, At: at, Minutes: 60, Place: secret, Language: mahalla.Ru, Quorum: 1,
		MadeBy: w.officer.ID, MadeAt: at, CalledAt: at, HeldAt: at,
		Participants: []mahalla.Participant{{Person: w.officer.ID, Seat: mahalla.SeatSecretary, Presence: mahalla.Present}},
		Agenda:       []mahalla.Hearing{{Item: item.ID, Outcome: mahalla.OutcomeAgreed, Came: []int{1, 2}, Note: secret}}}
	d := &mahalla.Decision{ID: mahalla.DecisionID(id + 2), Commission: c.Place, Meeting: id, Item: item.ID, Words: secret, Name: secret + "1", Due: at, MadeBy: w.officer.ID, MadeAt: at}
	w.tx(func(tx *storage.Tx) error {
		if err := tx.SaveItem(item); err != nil {
			return err
		}
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
		return tx.AddDecision(d)
	})
	return m, d
}

func TestNothingOfConfirmedMinutesChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	at := time.Date(2026, 12, 12, 10, 0, 0, 0, time.UTC)
	m, d := w.heldMeeting(c, 7_000_000, at)
	w.tx(func(tx *storage.Tx) error {
		s := &mahalla.Sitting{Meeting: m.ID, At: at, Stage: mahalla.SittingReturned, SentAt: at, SentTo: w.officer.ID, Remark: secret, WakeAt: at}
		if err := tx.SaveSitting(s); err != nil {
			return err
		}
		got, err := tx.LockSitting(m.ID)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(s) {
			t.Errorf("got %+v, %v, want %+v", got, err, s)
		}
		if due, err := tx.DueSittings(at, 10); err != nil || !slices.Equal(due, []mahalla.MeetingID{m.ID}) {
			t.Errorf("got %v, %v due", due, err)
		}
		if early, err := tx.DueSittings(at.Add(-time.Second), 10); err != nil || len(early) != 0 {
			t.Errorf("got %v, %v due too early", early, err)
		}
		one, err := tx.LockDecision(d.ID)
		if err != nil || fmt.Sprint(one) != fmt.Sprint(d) {
			t.Errorf("got %+v, %v, want %+v", one, err, d)
		}
		return tx.LockMinutes(m, w.officer.ID, at)
	})
	for name, sql := range map[string]string{
		"the meeting": "UPDATE meetings SET quorum = 2", "its end": "UPDATE meetings SET status = 'held', number = NULL, locked_at = NULL", "all of it": "DELETE FROM meetings",
		"who came": "UPDATE participants SET presence = 'absent'", "who was asked": "DELETE FROM participants",
		"what came of it": "UPDATE hearings SET outcome = 'referred'", "an item more": "INSERT INTO hearings (meeting_id, item_id, ordinal) SELECT meeting_id, item_id + 5, 2 FROM hearings",
		"a decision": "UPDATE decisions SET words = 'x'", "a decision less": "DELETE FROM decisions",
		"a decision more": "INSERT INTO decisions SELECT (jsonb_populate_record(decisions, '{\"id\": 5}')).* FROM decisions", "a review more": "INSERT INTO reviews SELECT meeting_id, id FROM decisions",
	} {
		if _, err := w.conn.Exec(w.ctx, sql); err == nil || !strings.Contains(err.Error(), "the minutes are confirmed") {
			t.Errorf("%s changed: %v", name, err)
		}
	}
	w.tx(func(tx *storage.Tx) error {
		d.DoneAt, d.DoneBy = at, w.officer.ID
		tx.SaveDecision(d)
		return tx.AddCorrection(m.ID, mahalla.Correction{By: w.officer.ID, At: at, Words: secret + "2"})
	})
	w.tx(func(tx *storage.Tx) error {
		if more, err := tx.Corrections(m.ID); err != nil || len(more) != 1 || more[0].Words != secret+"2" {
			t.Errorf("got %v, %v", more, err)
		}
		if one, err := tx.Decision(d.ID); err != nil || one.Open() {
			t.Errorf("got %v, %v", one, err)
		}
		return nil
	})
	if _, err := w.conn.Exec(w.ctx, "UPDATE corrections SET at = now()"); err == nil {
		t.Error("a correction changed")
	}
	var raw []byte
	w.must(w.conn.QueryRow(w.ctx, "SELECT decisions.words || name || remark || corrections.words FROM decisions, sittings, corrections").Scan(&raw))
	if bytes.Contains(raw, []byte(secret[:8])) {
		t.Error("a personal field stands in the clear")
	}
}

func TestMinutesAreNumberedWithoutGapsHoweverManyAreConfirmedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	lastYear := time.Date(2026, 12, 31, 18, 59, 0, 0, time.UTC) // 23:59 in Tashkent
	var all []*mahalla.Meeting
	for i := range mahalla.MeetingID(8) {
		m, _ := w.heldMeeting(c, 7_000_000+10*i, lastYear.Add(time.Duration(i%2)*time.Hour))
		all = append(all, m)
	}
	var group sync.WaitGroup
	for i, m := range all {
		group.Go(func() {
			err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
				if err := tx.LockMinutes(m, w.officer.ID, lastYear); err != nil || i != 3 {
					return err
				}
				return mahalla.Refuse(mahalla.Conflict, "undone")
			})
			if err != nil && i != 3 {
				t.Error(err)
			}
		})
	}
	group.Wait()
	var got []string
	rows, err := w.conn.Query(w.ctx, "SELECT extract(year FROM at AT TIME ZONE 'Asia/Tashkent')::int || '/' || number FROM meetings WHERE number IS NOT NULL ORDER BY 1")
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var one string
		w.must(rows.Scan(&one))
		got = append(got, one)
	}
	if want := "[2026/1 2026/2 2026/3 2026/4 2027/1 2027/2 2027/3]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
