package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// crew makes so many more inspectors at once.
func (s *stage) crew(n int) {
	s.Helper()
	s.exec(`INSERT INTO people (id, telegram_id, language, reach, created_at)
		SELECT 5000000 + i, 7000000 + i, 'ru', 'reachable', $2 FROM generate_series(1, $1) AS i`, n, s.now)
	s.exec(`INSERT INTO memberships (person_id, role, territory_id, valid_from)
		SELECT 5000000 + i, 'prevention_inspector', 1, $2 FROM generate_series(1, $1) AS i`, n, s.now.AddDate(0, -1, 0))
}

// given counts the digests of a kind in the outbox, by person.
func (s *stage) given(kind mahalla.Digest) (people, messages int) {
	s.Helper()
	return s.number("SELECT count(DISTINCT person_id) FROM outbox WHERE kind = $1", "digest_"+string(kind)),
		s.number("SELECT count(*) FROM outbox WHERE kind = $1", "digest_"+string(kind))
}

// digests lets replicas give out what is due, all at once.
func (s *stage) digests(replicas ...*Scheduler) {
	s.Helper()
	var group sync.WaitGroup
	for _, r := range replicas {
		group.Go(func() {
			if _, err := r.Digests(s.ctx); err != nil {
				s.Error(storage.Loggable(err))
			}
		})
	}
	group.Wait()
}

// on is the stage on a day and at a time; 4 November 2026 is a Wednesday.
func (s *stage) on(day int, clock string) {
	s.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", fmt.Sprintf("2026-11-%02d %s", day, clock), morning.Location())
	s.must(err)
	s.now = at
}

func TestOfTwoSchedulersEachPersonGetsADigestOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.crew(2*mostGiven + 7)
	one, two := s.replica(), s.replica()
	s.on(4, "12:30")
	s.digests(one, two) // the rounds become known
	s.on(5, "08:30")
	for range 3 {
		s.digests(one, two, one, two)
	}
	want := 2*mostGiven + 8
	if people, messages := s.given(mahalla.MorningDigest); people != want || messages != want {
		t.Errorf("got %d messages to %d people, want %d", messages, people, want)
	}
	if people, messages := s.given(mahalla.DailyDigest); people != 1 || messages != 1 {
		t.Errorf("of the senior inspector: got %d messages to %d people", messages, people)
	}
	if n := s.number("SELECT count(*) FROM outbox WHERE lane <> $1 OR ring", mahalla.LaneBroadcast); n != 0 {
		t.Errorf("%d digests ring, or go before others", n)
	}
	if n := s.number("SELECT count(*) FROM ticks WHERE state <> 1"); n != 0 {
		t.Errorf("%d ticks are not done", n)
	}
	if said := s.said.String(); said != "" {
		t.Errorf("logged: %s", said)
	}
}

func TestADigestGoesOnWhereAReplicaDied(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.crew(2 * mostGiven)
	first := s.replica()
	s.on(4, "12:30")
	s.digests(first)
	s.on(5, "08:30")
	rounds, err := first.rounds()
	s.must(err)
	i := slices.IndexFunc(rounds, func(r round) bool { return r.Plan.Digest == mahalla.MorningDigest })
	tick := storage.Tick{Job: rounds[i].job, At: s.now}
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error { return first.note(tx, rounds, s.now) }))
	if n, more, err := first.give(s.ctx, rounds[i], tick, s.now); err != nil || n != mostGiven || !more {
		t.Fatalf("got %d, %v, %v", n, more, err)
	}
	// The next part is written and not committed: the program dies.
	broken := context.Canceled
	err = s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		after, held, err := tx.HoldTick(tick)
		if err != nil || !held {
			t.Errorf("got %v, %v", held, err)
		}
		if _, _, _, err := first.Desk.GoRound(tx, rounds[i].DigestRound, tick.At, after, mostGiven, s.now); err != nil {
			return err
		}
		return broken
	})
	if err != broken {
		t.Fatal(err)
	}
	s.on(5, "09:10")
	s.digests(s.replica())
	want := 2*mostGiven + 1
	if people, messages := s.given(mahalla.MorningDigest); people != want || messages != want {
		t.Errorf("got %d messages to %d people, want %d", messages, people, want)
	}
}

func TestWhatIsUnderWayWhileItsTimeEndsIsMissed(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.on(4, "12:30")
	s.digests(r)
	s.on(5, "08:30")
	rounds, err := r.rounds()
	s.must(err)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error { return r.note(tx, rounds, s.now) }))
	s.on(5, "12:00")
	s.digests(r)
	if people, _ := s.given(mahalla.MorningDigest); people != 0 {
		t.Error("a morning digest at noon")
	}
	if n := s.number("SELECT count(*) FROM ticks WHERE state = 2 AND job = 'digest.morning 08:30'"); n != 1 {
		t.Errorf("got %d missed, want it recorded", n)
	}
	if said := s.said.String(); !strings.Contains(said, "not finished in time") {
		t.Errorf("logged: %q", said)
	}
}

func TestAMissedDigestIsCaughtUpUntilNoonAndElseRecorded(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.on(4, "10:00") // nothing older than the installation is caught up
	s.digests(r)
	for _, step := range []struct {
		day     int
		clock   string
		people  int // with a morning digest so far
		missing int // ticks of it so far
	}{
		{4, "11:59", 0, 0},
		{5, "08:29", 0, 0},
		{5, "11:59", 1, 0}, // away until then
		{5, "12:30", 1, 0},
		{7, "13:00", 1, 2},  // away for two working days
		{9, "08:30", 2, 2},  // Sunday was none
		{9, "23:00", 2, 2},  // and once is enough
		{10, "09:00", 3, 2}, // half an hour late
	} {
		s.on(step.day, step.clock)
		s.digests(r)
		_, messages := s.given(mahalla.MorningDigest)
		missed := s.number("SELECT count(*) FROM ticks WHERE state = 2 AND job = 'digest.morning 08:30'")
		if messages != step.people || missed != step.missing {
			t.Errorf("on the %d. at %s: got %d given and %d missed, want %d and %d", step.day, step.clock, messages, missed, step.people, step.missing)
		}
	}
	if said := s.said.String(); !strings.Contains(said, `"a digest was missed" job="digest.morning 08:30"`) {
		t.Errorf("logged: %q", said)
	}
}

func TestHolidaysHaveNoDigestAndTheWeekBeginsAfterThem(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.on(7, "10:00")
	s.digests(r)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		tx.PutHoliday(time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC), "test") // a Monday
		tx.BumpReference()
		return nil
	}))
	s.must(r.Refresh(s.ctx))
	for _, step := range []struct {
		day           int
		daily, weekly int
	}{{8, 0, 0}, {9, 0, 0}, {10, 1, 1}, {11, 2, 1}, {16, 3, 2}} {
		s.on(step.day, "08:00")
		s.digests(r)
		_, daily := s.given(mahalla.DailyDigest)
		_, weekly := s.given(mahalla.WeeklyDigest)
		if daily != step.daily || weekly != step.weekly {
			t.Errorf("on the %d.: got %d daily and %d weekly, want %d and %d", step.day, daily, weekly, step.daily, step.weekly)
		}
	}
	if next, err := r.NextDigest(s.now); err != nil || next.Format("02 15:04") != "16 08:30" {
		t.Errorf("next: got %v, %v", next, err)
	}
}

func TestADistrictHasDigestsAtItsOwnTime(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.on(4, "12:30")
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		return r.Desk.SetDigestClock(tx, mahalla.RootTerritory, mahalla.MorningDigest, "09:15")
	}))
	s.must(r.Refresh(s.ctx))
	s.digests(r)
	for _, step := range []struct {
		clock string
		given int
	}{{"08:30", 0}, {"09:14", 0}, {"09:15", 1}} {
		s.on(5, step.clock)
		s.digests(r)
		if _, messages := s.given(mahalla.MorningDigest); messages != step.given {
			t.Errorf("at %s: got %d", step.clock, messages)
		}
	}
	// It is moved on the same day: whoever has read it reads it once.
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		return r.Desk.SetDigestClock(tx, mahalla.RootTerritory, mahalla.MorningDigest, "10:00")
	}))
	s.must(r.Refresh(s.ctx))
	s.digests(r)
	s.on(5, "10:00")
	s.digests(r)
	if _, messages := s.given(mahalla.MorningDigest); messages != 1 {
		t.Errorf("got %d, want 1", messages)
	}
	for _, wrong := range []string{"06:59", "12:00", "", "noon"} {
		err := s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			return r.Desk.SetDigestClock(tx, mahalla.RootTerritory, mahalla.MorningDigest, wrong)
		})
		if err == nil {
			t.Errorf("%q is a time for a digest", wrong)
		}
	}
	s.exec("UPDATE settings SET value = '\"nonsense\"'")
	s.exec("UPDATE reference SET version = version + 1")
	s.must(r.Refresh(s.ctx))
	if list := r.Desk.DigestRounds(); len(list) != len(mahalla.Digests()) {
		t.Errorf("got %v, want the defaults", list)
	}
}

func TestTheLoopGivesDigestsToo(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.on(4, "12:30")
	s.digests(r)
	s.on(5, "08:30")
	ctx, cancel := context.WithCancel(s.ctx)
	var group sync.WaitGroup
	group.Go(func() { r.Run(ctx) })
	eventually(t, "the inspector's morning", func() bool {
		_, n := s.given(mahalla.MorningDigest)
		return n == 1
	})
	cancel()
	group.Wait()
}
