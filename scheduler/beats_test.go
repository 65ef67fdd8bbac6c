package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestABeatFallsOnceForTwoSchedulersAtOnce(t *testing.T) {
	t.Parallel()
	const cases = 12
	for _, redis := range []string{"there", "away"} {
		t.Run("Redis "+redis, func(t *testing.T) {
			t.Parallel()
			url := closedPort
			if redis == "there" {
				url = storagetest.Redis(t)
			}
			s := newStage(t, url)
			one, two := s.replica(), s.replica()
			s.must(one.Reconcile(s.ctx))
			s.file(one, cases)
			for _, step := range []struct {
				minutes                       int
				nudged, escalated, remindings int
			}{
				{29, 0, 0, 0},
				{30, cases, 0, 0},
				{31, cases, 0, 0},
				{50, 2 * cases, 0, 0},
				{60, 2 * cases, cases, 0}, // nobody is a substitute: the senior inspector is told
				{119, 2 * cases, cases, 0},
			} {
				s.now = morning.Add(time.Duration(step.minutes) * time.Minute)
				s.tick(one, two, one, two)
				if a, b := s.events(mahalla.EventNudged), s.events(mahalla.EventEscalated); a != step.nudged || b != step.escalated {
					t.Errorf("after %d minutes: got %d nudges and %d steps, want %d and %d", step.minutes, a, b, step.nudged, step.escalated)
				}
			}
			if n := s.number("SELECT count(*) FROM outbox WHERE kind = 'nudge'"); n != 2*cases {
				t.Errorf("got %d nudges on their way, want %d", n, 2*cases)
			}
			if said := s.said.String(); said != "" {
				t.Errorf("logged: %s", said)
			}
		})
	}
}

func TestWhoAcceptsIsNotNudged(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.must(r.Reconcile(s.ctx))
	ids := s.file(r, 2)
	s.accept(r, ids[0])
	if got := s.onTheClock(); !slices.Equal(got, ids[1:]) {
		t.Errorf("on the clock: got %v, want %v", got, ids[1:])
	}
	s.now = morning.Add(30 * time.Minute)
	if n := s.tick(r); n != 1 {
		t.Errorf("fired %d, want 1", n)
	}
	if s.events(mahalla.EventNudged, ids[0]) != 0 || s.events(mahalla.EventNudged, ids[1]) != 1 {
		t.Error("the wrong case was nudged")
	}
}

func TestABacklogLongerThanABatchFallsInOneGo(t *testing.T) {
	t.Parallel()
	const cases = batch + 30
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		for n := range cases {
			c := &mahalla.Case{ID: mahalla.CaseID(n + 1), Number: mahalla.NumberFrom(uint64(n + 1)), Reporter: s.resident.ID, Place: mahalla.RootTerritory,
				Category: "noise", Urgency: mahalla.Low, Secrecy: mahalla.Internal, Status: mahalla.New, Round: 1, FiledAt: morning,
				Ladder: mahalla.Ladder{Starts: morning, Due: morning, Beats: []mahalla.Beat{{At: morning, Kind: mahalla.Nudge}}}}
			if err := tx.AddCase(c); err != nil {
				return err
			}
		}
		return nil
	}))
	s.must(r.Reconcile(s.ctx))
	if n := s.tick(r); n != cases {
		t.Errorf("fired %d, want %d", n, cases)
	}
	if n := s.number("SELECT count(*) FROM cases WHERE next_beat_at <= $1", s.now); n != 0 {
		t.Errorf("%d still wait for a beat that fell", n)
	}
	if n := s.tick(r); n != 0 {
		t.Errorf("fired %d once more", n)
	}
}

func TestTheClockRunsOnWhileRedisIsAwayAndAfterItIsBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := ownRedis(t, dir)
	s := newStage(t, child.URL())
	r := s.replica()
	s.must(r.Reconcile(s.ctx))
	before := s.file(r, 2)
	child.Kill()
	later := s.file(r, 1) // Redis does not hear of it
	s.accept(r, before[0])
	s.now = morning.Add(30 * time.Minute)
	s.tick(r)
	s.must(r.Reconcile(s.ctx)) // it is away: nothing to be done
	if s.events(mahalla.EventNudged, before[0]) != 0 || s.events(mahalla.EventNudged, before[1]) != 1 || s.events(mahalla.EventNudged, later[0]) != 1 {
		t.Error("without Redis a beat was lost, or a false one fell")
	}
	ownRedis(t, dir)
	s.now = morning.Add(50 * time.Minute)
	s.tick(r) // it has forgotten everything, and says so
	if n := s.events(mahalla.EventNudged); n != 4 {
		t.Errorf("before it was filled: got %d nudges, want 4", n)
	}
	s.must(r.Reconcile(s.ctx))
	if want := []mahalla.CaseID{before[1], later[0]}; !slices.Equal(s.onTheClock(), want) {
		t.Errorf("filled: got %v, want %v", s.onTheClock(), want)
	}
	if whole, err := s.acks.Whole(s.ctx); err != nil || !whole {
		t.Errorf("whole: got %v, %v", whole, err)
	}
	s.now = morning.Add(60 * time.Minute)
	s.tick(r)
	if n := s.events(mahalla.EventEscalated); n != 2 {
		t.Errorf("after it was filled: got %d steps, want 2", n)
	}
}

func TestARedisThatForgetsLosesNoStepAndMakesNoFalseOne(t *testing.T) {
	t.Parallel()
	child := ownRedis(t, t.TempDir())
	s := newStage(t, child.URL())
	r := s.replica()
	s.must(r.Reconcile(s.ctx))
	ids := s.file(r, 3)
	s.accept(r, ids[2])
	waiting := ids[:2]
	for minutes := 10; minutes <= 60; minutes += 10 {
		s.now = morning.Add(time.Duration(minutes) * time.Minute)
		s.must(s.client.FlushAll(s.ctx).Err())
		s.tick(r)
		nudged := map[bool]int{true: 2}[minutes >= 30] + map[bool]int{true: 2}[minutes >= 50]
		if a, b := s.events(mahalla.EventNudged), s.events(mahalla.EventEscalated); a != nudged || b != map[bool]int{true: 2}[minutes >= 60] {
			t.Errorf("after %d minutes: got %d nudges and %d steps", minutes, a, b)
		}
		s.must(r.Reconcile(s.ctx)) // one is enough
		if got := s.onTheClock(); !slices.Equal(got, waiting) {
			t.Errorf("after %d minutes: on the clock %v, want %v", minutes, got, waiting)
		}
		list, n, err := s.acks.WaitingUnder(s.ctx, []mahalla.TerritoryID{mahalla.RootTerritory}, nil, 0, 9)
		if err != nil || n != 2 || !slices.Equal(list, waiting) {
			t.Errorf("after %d minutes: waiting %v of %d, %v", minutes, list, n, err)
		}
	}
}

func TestWhatNobodyWaitsForIsPrunedAndNeverEscalated(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.must(r.Reconcile(s.ctx))
	ids := s.file(r, 2)
	s.accept(r, ids[0])
	stale := storage.Awaited{Case: ids[0], Next: morning, Since: morning, Path: []mahalla.TerritoryID{mahalla.RootTerritory}}
	s.must(s.acks.Await(s.ctx, stale)) // as when Redis did not hear of the acceptance
	s.now = morning.Add(2 * time.Minute)
	s.tick(r)
	if n := s.events(mahalla.EventNudged) + s.events(mahalla.EventEscalated); n != 0 {
		t.Errorf("a stale member made %d events", n)
	}
	if got := s.onTheClock(); !slices.Equal(got, ids[1:]) {
		t.Errorf("after its beat: got %v, want it taken off", got)
	}
	stale.Next = morning.Add(time.Hour)
	unknown := stale
	unknown.Case = 999_999
	s.must(s.acks.Await(s.ctx, stale))
	s.must(s.acks.Await(s.ctx, unknown))
	s.must(r.Reconcile(s.ctx))
	if got := s.onTheClock(); !slices.Equal(got, ids[1:]) {
		t.Errorf("after the reconciler: got %v, want %v", got, ids[1:])
	}
	if _, n, err := s.acks.WaitingUnder(s.ctx, []mahalla.TerritoryID{mahalla.RootTerritory}, nil, 0, 9); err != nil || n != 1 {
		t.Errorf("waiting: got %d, %v, want 1", n, err)
	}
}

func TestABeatThatRedisHasTooLateIsPutRight(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	one, two := s.replica(), s.replica()
	s.must(one.Reconcile(s.ctx))
	id := s.file(one, 1)[0]
	// As when the case was hurried on and Redis did not hear of it.
	s.must(s.acks.Await(s.ctx, storage.Awaited{Case: id, Next: morning.Add(5 * time.Hour), Since: morning, Path: []mahalla.TerritoryID{1}}))
	s.now = morning.Add(30 * time.Minute)
	s.must(one.Reconcile(s.ctx))
	s.tick(one, two)
	if n := s.events(mahalla.EventNudged); n != 1 {
		t.Errorf("got %d nudges, want 1", n)
	}
}

func TestTheReconcilerLeavesALeaseAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.must(r.Reconcile(s.ctx))
	id := s.file(r, 1)[0]
	s.now = morning.Add(3 * time.Hour) // the bot was away
	if due, _, err := s.acks.Claim(s.ctx, s.now, lease, 9); err != nil || len(due) != 1 {
		t.Fatalf("claimed %v, %v", due, err)
	}
	s.must(r.Reconcile(s.ctx))
	if next, err := s.acks.Next(s.ctx, id); err != nil || !next.Equal(s.now.Add(lease)) {
		t.Errorf("got %v, %v, want the end of the lease", next, err)
	}
	s.now = s.now.Add(lease)
	s.tick(r)
	if s.events(mahalla.EventEscalated) == 0 {
		t.Error("a beat whose replica died is lost")
	}
}

func TestACaseThatFailsDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	for _, redis := range []string{"there", "away"} {
		t.Run("Redis "+redis, func(t *testing.T) {
			t.Parallel()
			url := closedPort
			if redis == "there" {
				url = storagetest.Redis(t)
			}
			s := newStage(t, url)
			r := s.replica()
			s.must(r.Reconcile(s.ctx))
			ids := s.file(r, 8)
			s.exec(`UPDATE cases SET ladder = '{"beats": "nonsense"}' WHERE id = ANY($1)`, ids[:3])
			s.now = morning.Add(30 * time.Minute)
			s.tick(r)
			if n := s.events(mahalla.EventNudged, ids[3:]...); n != 5 {
				t.Errorf("got %d nudges, want 5", n)
			}
			said := s.said.String()
			for _, id := range ids[:3] {
				if !strings.Contains(said, fmt.Sprint("case=", id)) {
					t.Errorf("case %d is not in the log: %s", id, said)
				}
			}
			// Set right, they fall when their lease is over.
			s.exec("UPDATE cases SET ladder = (SELECT ladder FROM cases WHERE id = $2) WHERE id = ANY($1)", ids[:3], ids[3])
			s.exec("UPDATE cases SET ladder = jsonb_set(ladder, '{done}', '0') WHERE id = ANY($1)", ids[:3])
			s.now = s.now.Add(lease)
			s.tick(r)
			if n := s.events(mahalla.EventNudged); n != 8 {
				t.Errorf("set right: got %d nudges, want 8", n)
			}
		})
	}
}

func TestATimerFiresOnceAndAFailingOneDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	one, two := s.replica(), s.replica()
	ids := s.file(one, 4)
	for _, id := range ids {
		s.accept(one, id)
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			_, err := one.Desk.Close(tx, s.inspector, id, 0, mahalla.Solved, casework.Said{Words: "bajarildi"}, s.now)
			return err
		}))
	}
	s.exec("DELETE FROM timers WHERE kind <> 'verdict'")
	s.exec(`UPDATE cases SET ladder = '{"beats": "nonsense"}' WHERE id = $1`, ids[0])
	s.now = morning.Add(mahalla.VerdictWithin - time.Minute)
	if n := s.tick(one, two); n != 0 {
		t.Errorf("too soon: fired %d", n)
	}
	s.now = morning.Add(mahalla.VerdictWithin)
	s.tick(one, two)
	s.tick(one, two)
	if n := s.events(mahalla.EventJudged); n != 3 {
		t.Errorf("got %d verdicts, want 3", n)
	}
	if n := s.number("SELECT count(*) FROM timers"); n != 1 {
		t.Errorf("%d timers are left, want the one that fails", n)
	}
	if n := s.number("SELECT count(*) FROM cases WHERE verdict = 'silent'"); n != 3 {
		t.Errorf("got %d cases without a judgement, want 3", n)
	}
}

func TestRunFiresWhatIsDueAndStopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	ids := s.file(r, 1)
	s.now = morning.Add(30 * time.Minute)
	ctx, cancel := context.WithCancel(s.ctx)
	done := make(chan struct{})
	go func() { defer close(done); r.Run(ctx) }()
	eventually(t, "the nudge", func() bool { return s.events(mahalla.EventNudged, ids...) == 1 })
	eventually(t, "the clock is filled", func() bool {
		whole, err := s.acks.Whole(s.ctx)
		return err == nil && whole
	})
	cancel()
	<-done
}

func TestRefreshSeesNewReferenceData(t *testing.T) {
	t.Parallel()
	s := newStage(t, closedPort)
	r := s.replica()
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		tx.PutHoliday(morning, "extra")
		tx.BumpReference()
		return nil
	}))
	if !r.Desk.Calendar().WorkingDay(morning) {
		t.Fatal("nobody has said so yet")
	}
	s.must(r.Refresh(s.ctx))
	if r.Desk.Calendar().WorkingDay(morning) {
		t.Error("a new holiday is not known")
	}
}
