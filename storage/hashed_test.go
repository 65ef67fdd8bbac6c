package storage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestARowOfTheLastMinuteThatLostItsHashIsNamedBeforeAndAfterItIsBound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, sql, want string }{
		{"an event", "UPDATE case_events SET kind = 'accepted', mac = NULL WHERE seq = 14", "of case_events (of the case with the id 1001) has lost its hash"},
		{"with all before it", "UPDATE case_events SET kind = CASE seq WHEN 14 THEN 'x' ELSE kind END, mac = NULL", "of case_events (of the case with the id 1001) has lost its hash"},
		{"a reading that nobody made", "INSERT INTO audit_log (at, person_id, act, cases) SELECT at, person_id, act, cases FROM audit_log WHERE id = 1", "of audit_log has lost its hash"},
		{"an event with another's hash", "UPDATE case_events SET kind = 'x', mac = (SELECT mac FROM case_events WHERE seq = 13) WHERE seq = 14", "was changed, or is not the bot's"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := history(t)
			for _, table := range []string{"case_events", "audit_log"} {
				w.exec("ALTER TABLE " + table + " DISABLE TRIGGER USER")
			}
			w.exec(test.sql)
			if _, found := w.verified(""); strings.Contains(found, "case_events") != strings.HasSuffix(found, "; its case is "+mahalla.Number(w.number("SELECT number FROM cases WHERE id = 1001")).String()) {
				t.Errorf("the case of what is found: got %q, want the number where the row is of one", found)
			}
			if _, found := w.verified(""); !strings.Contains(found, test.want) {
				t.Errorf("before it is bound: got %q, want %q", found, test.want)
			}
			err := w.db.AnchorNow(w.ctx)
			if named := storage.BrokenError(""); !errors.As(err, &named) || !strings.Contains(named.Error(), " was changed") && !strings.Contains(named.Error(), "has lost its hash") {
				t.Errorf("while it is bound: got %v, want it named", err)
			}
			w.old()
			w.happened(1001, 1)
			w.must(w.db.AnchorNow(w.ctx)) // and the chain goes on
			if _, found := w.verified(""); !strings.Contains(found, test.want) {
				t.Errorf("once it is bound: got %q, want %q", found, test.want)
			}
			w.exec("UPDATE case_events SET mac = NULL WHERE seq = 14")
			if _, found := w.verified(""); found == "" {
				t.Error("without the hash that betrayed it: got nothing")
			}
		})
	}
}

func TestRowsOfAnOlderReleaseHaveNoHashAsLongAsOneLives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1).ID
	older := func(id int) {
		w.exec("INSERT INTO case_events (id, case_id, kind, at) VALUES ($1, 1001, 'old', now())", id)
	}
	w.exec("INSERT INTO replicas (id) OVERRIDING SYSTEM VALUE VALUES (900)")
	older(-1)
	w.happened(c, 1)
	older(-2)
	w.must(w.db.AnchorNow(w.ctx))
	older(-3)
	w.must(w.db.AnchorNow(w.ctx))
	if v, found := w.verified(""); found != "" || v.Bare != 3 {
		t.Errorf("beside it: got %+v, %q, want three rows without a hash", v, found)
	}
	w.exec("DELETE FROM replicas WHERE id = 900")
	w.happened(c, 1)
	w.must(w.db.AnchorNow(w.ctx))
	if v, found := w.verified(""); found != "" || v.Bare != 3 {
		t.Errorf("without it: got %+v, %q", v, found)
	}
	older(-4)
	if _, found := w.verified(""); !strings.Contains(found, "row -4 of case_events (of the case with the id 1001) has lost its hash") {
		t.Errorf("afterwards: got %q", found)
	}
}

func TestAnAnchorOfAMomentToComeStopsNone(t *testing.T) {
	t.Parallel()
	w := history(t)
	w.exec("ALTER TABLE anchors DISABLE TRIGGER USER")
	w.exec("UPDATE anchors SET at = now() + interval '300 days' WHERE ordinal = (SELECT max(ordinal) FROM anchors)")
	w.must(w.db.Reanchor(w.ctx))
	before, _ := w.verified("")
	w.must(w.db.Anchor(w.ctx))
	if after, found := w.verified(""); found != "" || after.Anchors != before.Anchors+2 || after.Loose != 0 {
		t.Errorf("got %+v, %q, want all bound", after, found)
	}
	w.happened(1001, 1)
	w.must(w.db.Anchor(w.ctx))
	if after, _ := w.verified(""); after.Anchors != before.Anchors+2 {
		t.Errorf("anchors: got %d, want none more within a minute", after.Anchors)
	}
}

func TestTheOldestRowThatNoAnchorBindsIsFound(t *testing.T) {
	t.Parallel()
	w := history(t)
	unbound := func() time.Time {
		at, err := w.db.Unbound(w.ctx)
		w.must(err)
		return at
	}
	if got := unbound(); !got.Equal(morning) {
		t.Errorf("two events and two readings are loose: got %s, want %s", got, morning)
	}
	w.must(w.db.AnchorNow(w.ctx))
	if got := unbound(); !got.IsZero() {
		t.Errorf("all is bound: got %s", got)
	}
	w.tx(func(tx *storage.Tx) error {
		tx.AuditCase(w.officer.ID, storage.ActLook, 1001, "delay", morning.Add(time.Hour))
		return nil
	})
	if got := unbound(); !got.Equal(morning.Add(time.Hour)) {
		t.Errorf("a reading is loose: got %s, want %s", got, morning.Add(time.Hour))
	}
}
