package storage_test

import (
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestReadingsAreRecordedForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		tx.Audit(w.officer.ID, storage.ActSearch, 500, morning)
		tx.Audit(w.officer.ID, storage.ActSearch, 7, morning.Add(time.Hour))
		tx.Audit(w.officer.ID, storage.ActSearch, 0, morning) // nothing was read
		tx.Audit(w.stranger.ID, storage.ActSearch, 1, morning)
		return nil
	})
	w.read(func(tx *storage.Tx) error {
		acts, cases, err := tx.Readings(w.officer.ID, storage.ActSearch, morning)
		same(t, "since the morning", []int{acts, cases}, []int{2, 507})
		return err
	})
	w.read(func(tx *storage.Tx) error {
		acts, cases, err := tx.Readings(w.officer.ID, storage.ActSearch, morning.Add(time.Minute))
		same(t, "since later", []int{acts, cases}, []int{1, 7})
		return err
	})
	for _, sql := range []string{"UPDATE audit_log SET cases = 1", "DELETE FROM audit_log"} {
		if _, err := w.conn.Exec(w.ctx, sql); err == nil || !strings.Contains(err.Error(), "only ever appended to") {
			t.Errorf("%s: got %v, want it refused", sql, err)
		}
	}
	filed := w.filed(1)
	w.tx(func(tx *storage.Tx) error {
		tx.AuditCase(w.officer.ID, storage.ActLook, filed.ID, "delay", morning)
		return nil
	})
	if got := w.number("SELECT count(*) FROM audit_log WHERE act = 'look' AND cases = 1 AND case_id = $1 AND reason = 'delay'", filed.ID); got != 1 {
		t.Errorf("readings of the case: got %d, want 1", got)
	}
	for name, sql := range map[string]string{
		"a reason without a case": "INSERT INTO audit_log (at, person_id, act, cases, reason) SELECT now(), id, 'look', 1, 'delay' FROM people",
		"a reading of nothing":    "INSERT INTO audit_log (at, person_id, act, cases) SELECT now(), id, 'search', 0 FROM people",
		"words for an act":        "INSERT INTO audit_log (at, person_id, act, cases) SELECT now(), id, 'Aziza 12', 1 FROM people",
	} {
		if _, err := w.conn.Exec(w.ctx, sql); code(err) != "23514" {
			t.Errorf("%s: got %v, want a constraint", name, err)
		}
	}
}

func TestNewestCasesAreThoseOfAScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := 1; n <= 4; n++ {
		w.filed(n)
	}
	w.exec("UPDATE assignments SET person_id = $1 WHERE case_id = 1002", w.stranger.ID)
	scope := storage.Scope{Person: w.officer.ID, Places: nil, Barred: []mahalla.CategoryCode{}}
	for _, test := range []struct {
		name   string
		change func(*storage.Scope)
		before time.Duration
		limit  int
		want   string
		count  int
	}{
		{"all", func(*storage.Scope) {}, time.Hour, 9, "[1004 1003 1002 1001]", 4},
		{"the newest", func(*storage.Scope) {}, time.Hour, 2, "[1004 1003]", 4},
		{"older ones", func(*storage.Scope) {}, 3 * time.Minute, 9, "[1002 1001]", 4},
		{"those told of", func(s *storage.Scope) { s.Told = true }, time.Hour, 9, "[1004 1003 1001]", 4},
		{"barred but those told of", func(s *storage.Scope) { s.Barred = []mahalla.CategoryCode{"noise"} }, time.Hour, 9, "[1004 1003 1001]", 3},
		{"elsewhere", func(s *storage.Scope) { s.Places = []mahalla.TerritoryID{77} }, time.Hour, 9, "[]", 0},
	} {
		s := scope
		if test.name != "elsewhere" {
			s.Places = []mahalla.TerritoryID{mahalla.RootTerritory}
		}
		test.change(&s)
		w.read(func(tx *storage.Tx) error {
			cases, err := tx.NewestCases(s, morning.Add(test.before), test.limit)
			got := []int64{}
			for _, c := range cases {
				got = append(got, int64(c.ID))
			}
			same(t, test.name, got, test.want)
			count, err2 := tx.CountCases(s, 100)
			same(t, test.name+", counted", count, test.count)
			if err == nil {
				err = err2
			}
			return err
		})
	}
	w.read(func(tx *storage.Tx) error {
		scope.Places = []mahalla.TerritoryID{mahalla.RootTerritory}
		count, err := tx.CountCases(scope, 3)
		same(t, "counted no further", count, 3)
		return err
	})
}
