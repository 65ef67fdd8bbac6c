package storage_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
	"koprik/storage"
)

// happened appends events to the history of a case.
func (w *world) happened(c mahalla.CaseID, n int) {
	w.Helper()
	for i := range n {
		w.tx(func(tx *storage.Tx) error {
			tx.AuditCase(w.officer.ID, storage.ActLook, c, "delay", morning.Add(time.Duration(i)*time.Second))
			return tx.AddEvent(c, mahalla.Event{Kind: mahalla.EventAdded, At: morning.Add(time.Duration(i) * time.Second), By: w.resident.ID, Text: "words"})
		})
	}
}

// verified is what verifying finds, in words.
func (w *world) verified(head string) (storage.Verified, string) {
	w.Helper()
	v, err := w.db.VerifyHistory(w.ctx, head)
	var broken storage.BrokenError
	if errors.As(err, &broken) {
		return v, broken.Error()
	}
	w.must(err)
	return v, ""
}

// history is a world with three anchors of cases and readings each, and loose
// rows behind them; everything before these is settled.
func history(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	c := w.filed(1).ID
	for n := range 3 {
		if n == 1 {
			w.number("SELECT nextval('case_events_seq_seq')::int") // of one that was rolled back: 5
		}
		w.happened(c, 4)
		w.must(w.db.AnchorNow(w.ctx))
		w.old()
	}
	w.happened(c, 2)
	return w
}

// old lets anchors be older than they are, as time would, and their hashes fit.
func (w *world) old() {
	w.Helper()
	w.exec("ALTER TABLE anchors DISABLE TRIGGER USER")
	w.exec("UPDATE anchors SET at = at - interval '1 hour' WHERE at > now() - interval '10 minutes'")
	w.exec("ALTER TABLE anchors ENABLE TRIGGER USER")
	w.must(w.db.Reanchor(w.ctx))
}

func TestOneChangedDeletedOrInsertedRowOfTheHistoryIsNamed(t *testing.T) {
	t.Parallel()
	whole := history(t)
	v, found := whole.verified("")
	if found != "" || v.Rows != 24 || v.Anchors != 6 || v.Loose != 4 || v.Bare != 0 {
		t.Fatalf("a whole history: got %+v, %q", v, found)
	}
	for _, test := range []struct{ name, sql, want string }{
		{"an event says another thing", "UPDATE case_events SET note = 'x' WHERE seq = 6", "row [id of 6] of case_events (of the case with the id 1001) was changed"},
		{"by another person", "UPDATE case_events SET by_id = by_id + 1 WHERE seq = 1", "row [id of 1] of case_events (of the case with the id 1001) was changed"},
		{"at another time", "UPDATE case_events SET at = at + interval '1 microsecond' WHERE seq = 12", "was changed"},
		{"its hash with it", "UPDATE case_events SET note = 'x', mac = decode(repeat('00', 16), 'hex') WHERE seq = 6", "was changed"},
		{"and without a hash", "UPDATE case_events SET note = 'x', mac = NULL WHERE seq = 6", "has lost its hash"},
		{"of another row", "UPDATE case_events SET note = 'x', mac = (SELECT mac FROM case_events WHERE seq = 7) WHERE seq = 6", "was changed"},
		{"an event of another case", "UPDATE case_events SET case_id = 1002 WHERE seq = 2", "was changed"},
		{"one of the last minute", "UPDATE case_events SET kind = 'x' WHERE seq = 14", "was changed, or is not the bot's"},
		{"an event is gone", "DELETE FROM case_events WHERE seq = 7", "the row of case_events with the number 7, which anchor 3 of"},
		{"the last bound one", "DELETE FROM case_events WHERE seq = 13", "number 13, which anchor 5 of"},
		{"one with the number of a row that was rolled back", "INSERT INTO case_events (id, case_id, kind, at, seq) VALUES (-5, 1001, 'x', now(), 5)", "was inserted afterwards"},
		{"a copy of a row", "INSERT INTO case_events (id, case_id, kind, at, by_id, mac) SELECT -5, case_id, kind, at, by_id, mac FROM case_events WHERE seq = 1", "row -5 of case_events (of the case with the id 1001) was changed, or is not the bot's"},
		{"two rows change places", "UPDATE case_events SET seq = CASE seq WHEN 2 THEN 300 ELSE seq END; UPDATE case_events SET seq = 2 WHERE seq = 3; UPDATE case_events SET seq = 3 WHERE seq = 300", "anchor 1 of"},
		{"a reading by another person", "UPDATE audit_log SET person_id = person_id - 1 WHERE id = 3", "row 3 of audit_log was changed"},
		{"a reading for another reason", "UPDATE audit_log SET reason = 'other' WHERE id = 3", "row 3 of audit_log was changed"},
		{"a reading is gone", "DELETE FROM audit_log WHERE id = 8", "the row of audit_log with the number 8, which anchor 4 of"},
		{"an anchor is gone", "DELETE FROM anchors WHERE ordinal = 2", "anchor 2 is missing"},
		{"an anchor is another", "UPDATE anchors SET hash = decode(repeat('00', 32), 'hex') WHERE ordinal = 2", "anchor 2 of"},
		{"an anchor knows less", "UPDATE anchors SET seqs = seqs[1:3] WHERE ordinal = 3", "anchor 3 of"},
		{"an anchor settles less", "UPDATE anchors SET settled = 0 WHERE ordinal = 6", "anchor 6 of"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := history(t)
			want := test.want
			for seq, mark := range map[int]string{1: "[id of 1]", 6: "[id of 6]"} {
				want = strings.ReplaceAll(want, mark, w.text("SELECT id FROM case_events WHERE seq = $1", seq))
			}
			w.filed(2)
			for _, table := range []string{"case_events", "audit_log", "anchors"} {
				w.exec("ALTER TABLE " + table + " DISABLE TRIGGER USER")
			}
			for _, one := range strings.Split(test.sql, "; ") {
				w.exec(one)
			}
			if _, got := w.verified(""); !strings.Contains(got, want) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestWordsOfTheHistoryMayBeErasedAndTheChainHolds(t *testing.T) {
	t.Parallel()
	w := history(t)
	w.exec("UPDATE case_events SET words = NULL")
	if v, found := w.verified(""); found != "" || v.Rows != 24 {
		t.Errorf("got %+v, %q, want it in order", v, found)
	}
}

func TestAHeadThatWasWrittenDownShowsThatTheEndWasCutOff(t *testing.T) {
	t.Parallel()
	w := history(t)
	v, _ := w.verified("")
	if _, found := w.verified(v.Head); found != "" {
		t.Errorf("the head is there: got %q", found)
	}
	for _, table := range []string{"case_events", "anchors"} {
		w.exec("ALTER TABLE " + table + " DISABLE TRIGGER USER")
	}
	w.exec("DELETE FROM anchors WHERE ordinal >= 5")
	w.exec("DELETE FROM case_events WHERE seq >= 10")
	if _, found := w.verified(""); found != "" {
		t.Errorf("without the head nothing can be seen: got %q", found)
	}
	if _, found := w.verified(v.Head); !strings.Contains(found, "the head that was written down is not in the chain") {
		t.Errorf("got %q, want that it is missed", found)
	}
}

func TestAnchorsBindEveryRowOnceHoweverLateItIsCommitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1).ID
	w.exec("INSERT INTO case_events (id, case_id, kind, at) SELECT -n, 1001, 'old', now() FROM generate_series(1, 12000) AS n") // of an older release
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { w.happened(c, 50) })
	}
	for range 2 {
		group.Go(func() {
			for range 30 {
				if err := w.db.AnchorNow(w.ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	// One begins first and ends last.
	w.tx(func(tx *storage.Tx) error {
		err := tx.AddEvent(c, mahalla.Event{Kind: mahalla.EventAdded, At: morning})
		if _, err := tx.Case(c); err != nil { // sends it
			return err
		}
		group.Wait()
		return err
	})
	w.must(w.db.AnchorNow(w.ctx))
	v, found := w.verified("")
	if found != "" || v.Rows != 12000+200+200+1 || v.Loose != 0 || v.Bare != 12000 {
		t.Errorf("got %+v, %q, want every row bound", v, found)
	}
	w.happened(c, 1)
	before := v.Anchors
	w.must(w.db.Anchor(w.ctx)) // not yet a minute
	if v, _ = w.verified(""); v.Anchors != before {
		t.Errorf("anchors: got %d, want %d within a minute", v.Anchors, before)
	}
}

func TestAnchorsGoOnHoweverMuchStandsAboveWhatIsSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	open, err := pgx.Connect(w.ctx, w.url)
	w.must(err)
	defer func() { _ = open.Close(context.Background()) }()
	_, err = open.Exec(w.ctx, "BEGIN; SELECT 1")
	w.must(err)
	w.exec(`INSERT INTO case_events (id, case_id, kind, at) SELECT 100000 + n, $1, 'nudged', now() FROM generate_series(1, 210000) AS n`, c.ID)
	w.must(w.db.AnchorNow(w.ctx)) // as much as one go may
	w.must(w.db.AnchorNow(w.ctx))
	same(t, "rows that are bound", w.number("SELECT sum(cardinality(seqs)) FROM anchors WHERE source = 'case_events'"), w.number("SELECT count(*) FROM case_events"))
}

func TestARowThatCameBetweenTwoAnchorsIsBoundThoughItsPlaceIsSettledByThen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	late, err := pgx.Connect(w.ctx, w.url)
	w.must(err)
	defer func() { _ = late.Close(context.Background()) }()
	_, err = late.Exec(w.ctx, "BEGIN")
	w.must(err)
	_, err = late.Exec(w.ctx, "INSERT INTO case_events (id, case_id, kind, at) VALUES (100001, $1, 'nudged', now())", c.ID)
	w.must(err)
	w.happened(c.ID, 3)
	w.must(w.db.AnchorNow(w.ctx))
	_, err = late.Exec(w.ctx, "COMMIT")
	w.must(err)
	w.exec("ALTER TABLE anchors DISABLE TRIGGER USER")
	w.exec("UPDATE anchors SET at = at - interval '2 minutes'")
	w.must(w.db.Reanchor(w.ctx))
	// The row was not written by the bot, which is told, and bound all the same.
	if err := w.db.AnchorNow(w.ctx); !errors.As(err, new(storage.BrokenError)) {
		t.Errorf("got %v, want the row named", err)
	}
	same(t, "rows that are bound", w.number("SELECT sum(cardinality(seqs)) FROM anchors WHERE source = 'case_events'"), w.number("SELECT count(*) FROM case_events"))
}
