package scheduler

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/storage"
	"koprik/storage/storagetest"
)

// calendar notes when its jobs were done.
type calendar struct {
	mu   sync.Mutex
	done []string
}

func (c *calendar) job(t testing.TB, name, expression string, window time.Duration, err error) Job {
	t.Helper()
	j, parse := At(name, expression, window, func(_ *storage.Tx, now time.Time) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.done = append(c.done, name+now.Format(" 02 15:04"))
		return err
	})
	if parse != nil {
		t.Fatal(parse)
	}
	return j
}

func (c *calendar) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.done)
}

func TestOfTwoSchedulersOneDoesAJob(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	c := &calendar{}
	one, two := s.replica(), s.replica()
	one.Jobs = []Job{c.job(t, "digest", "0 9 * * *", 3*time.Hour, nil)}
	two.Jobs = one.Jobs
	for range 3 {
		var group sync.WaitGroup
		for _, r := range []*Scheduler{one, two, one, two} {
			group.Go(func() {
				if err := r.runJobs(s.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	if got := c.list(); !slices.Equal(got, []string{"digest 04 10:00"}) {
		t.Errorf("got %v, want it done once", got)
	}
}

func TestAMissedTickIsCaughtUpWithinItsWindowAndNotBeyond(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	c := &calendar{}
	r := s.replica()
	r.Jobs = []Job{c.job(t, "digest", "0 9 * * *", 3*time.Hour, nil)}
	day := time.Date(2026, 11, 4, 0, 0, 0, 0, morning.Location())
	var want []string
	for _, step := range []struct {
		hour time.Duration
		does string
	}{
		{8*time.Hour + 59*time.Minute, ""},
		{9 * time.Hour, "digest 04 09:00"},
		{9*time.Hour + time.Minute, ""},
		{24*time.Hour + 11*time.Hour + 59*time.Minute, "digest 05 11:59"}, // away until then
		{48*time.Hour + 12*time.Hour, ""},                                 // away for too long
		{72*time.Hour + 9*time.Hour, "digest 07 09:00"},
	} {
		s.now = day.Add(step.hour)
		if step.does != "" {
			want = append(want, step.does)
		}
		s.must(r.runJobs(s.ctx))
		if got := c.list(); !slices.Equal(got, want) {
			t.Fatalf("at %s: got %v, want %v", s.now.Format("02 15:04"), got, want)
		}
	}
}

func TestOfSeveralMissedTicksTheLastIsDone(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	c := &calendar{}
	r := s.replica()
	r.Jobs = []Job{c.job(t, "sweep", "*/10 * * * *", time.Hour, nil)}
	for range 2 {
		s.must(r.runJobs(s.ctx))
	}
	if got := c.list(); len(got) != 1 {
		t.Errorf("got %v, want one", got)
	}
}

func TestAJobThatFailsIsTriedAgainAndDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	c := &calendar{}
	r := s.replica()
	broken := errors.New("on purpose")
	r.Jobs = []Job{c.job(t, "first", "0 9 * * *", 3*time.Hour, broken), c.job(t, "second", "0 9 * * *", 3*time.Hour, nil)}
	for range 2 {
		if err := r.runJobs(s.ctx); !errors.Is(err, broken) || !strings.Contains(err.Error(), "first") {
			t.Errorf("got %v, want the error with the name of the job", err)
		}
	}
	if got := c.list(); !slices.Equal(got, []string{"first 04 10:00", "second 04 10:00", "first 04 10:00"}) {
		t.Errorf("got %v", got)
	}
}

func TestADayThatNeverComesHasNoTick(t *testing.T) {
	t.Parallel()
	j := (&calendar{}).job(t, "never", "0 0 31 2 *", time.Hour, nil)
	if at := j.last(morning); !at.IsZero() {
		t.Errorf("got %v", at)
	}
}

func TestTheStandingJobsRunAtNightInTashkent(t *testing.T) {
	t.Parallel()
	jobs, err := Standing()
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		at := j.last(morning)
		if at.IsZero() || at.In(morning.Location()).Format("02 15:04") != "04 03:30" {
			t.Errorf("%s: got %v", j.Name, at)
		}
	}
	s := newStage(t, storagetest.Redis(t))
	s.exec("INSERT INTO ticks VALUES ('j', '2020-01-01')")
	r := s.replica()
	r.Jobs = jobs
	s.must(r.runJobs(s.ctx))
	if n := s.number("SELECT count(*) FROM ticks"); n != len(jobs) {
		t.Errorf("got %d ticks, want the old one removed", n)
	}
	if _, err := At("x", "nonsense", time.Hour, nil); err == nil {
		t.Error("nonsense is a calendar")
	}
}
