package main

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

const (
	stormKills = 20
	stormGap   = 1300 * time.Millisecond // between kills, on the average
	stormFlush = 5                       // Redis forgets everything with every fifth kill
	mostLate   = 30 * time.Second        // an escalation after a crash
)

func TestTwoReplicasKilledAtRandomLoseNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	long(t)
	s := newSiege(t, plan{replicas: 2, people: 400, rate: 30})
	s.gather()
	s.ripen(20, 2*time.Second, 20*time.Second)
	began := time.Now()
	var last time.Time
	flushes := 0
	s.rage(func(ctx context.Context) { last, flushes = s.killAgainAndAgain(stormKills, stormGap, stormFlush) })
	lasted := time.Since(began)
	s.forgetWritesToRedis()
	recovery := s.recover(last)
	s.lastBeat()
	v := s.judge()
	t.Logf("crash: kills %d flushes %d seconds %.0f reports %d lost %d doubled %d order broken %d false escalations %d "+
		"acceptances %d lost %d cards missing %d clock differs %d presses unanswered %d cards twice %d of at most %d recovery %.0f s "+
		"escalations %d late p99 %s",
		stormKills, flushes, lasted.Seconds(), v.reports, v.lost, v.doubled, v.disorder, v.early,
		len(s.accepted), v.acceptance, v.bare, v.clock, v.unanswered, v.copies, v.allowed, recovery.Seconds(), len(v.late), worst(v.late).Round(time.Millisecond))
	for _, broken := range v.fails() {
		t.Error(broken)
	}
	if recovery > 30*time.Second {
		t.Errorf("recovery after the last kill: got %s, want at most 30 s", recovery)
	}
	if late := worst(v.late); late > mostLate {
		t.Errorf("escalations: got %s late, want at most %s", late, mostLate)
	}
	if want := s.plan.rate * int(stormGap.Seconds()*stormKills) / 3; v.reports < want {
		t.Errorf("reports: got %d, want at least %d for a storm", v.reports, want)
	}
}

// killAgainAndAgain kills one of the replicas at a time and starts it again at
// once; with every so-many-th kill Redis forgets everything. A replica may be
// killed while it starts, if another one serves. It tells when the last one was.
func (s *siege) killAgainAndAgain(kills int, gap time.Duration, flush int) (last time.Time, flushes int) {
	for n := range kills {
		time.Sleep(gap/2 + rand.N(gap))
		i := rand.IntN(len(s.replicas))
		for !s.replicas[(i+1)%len(s.replicas)].isReady() { // it asks the other one, which takes a while
			i = (i + 1) % len(s.replicas)
		}
		s.kill(i)
		last = time.Now()
		if flush > 0 && n%flush == flush-1 {
			if err := s.client.FlushAll(s.t.Context()).Err(); err != nil {
				s.t.Error(err)
			}
			flushes++
		}
	}
	return last, flushes
}

// forgetWritesToRedis does to the clock what a kill between a commit and the
// write to Redis does: one waiting case is missing, one accepted still there.
func (s *siege) forgetWritesToRedis() {
	s.t.Helper()
	acks := storage.NewAcks(s.client)
	type row struct{ ID, Place int64 }
	awaited := rows[row](s.town, "SELECT id, place_id FROM cases WHERE next_beat_at IS NOT NULL ORDER BY id LIMIT 1")
	taken := rows[row](s.town, "SELECT id, place_id FROM cases WHERE accepted_at IS NOT NULL ORDER BY id LIMIT 1")
	if len(awaited) == 0 || len(taken) == 0 {
		s.t.Fatalf("waiting cases: got %d, accepted ones: got %d; want both", len(awaited), len(taken))
	}
	if _, err := acks.Settle(s.t.Context(), mahalla.CaseID(awaited[0].ID)); err != nil {
		s.t.Fatal(err)
	}
	err := acks.Await(s.t.Context(), storage.Awaited{Case: mahalla.CaseID(taken[0].ID), Next: time.Now().Add(time.Hour),
		Since: time.Now(), Path: []mahalla.TerritoryID{mahalla.TerritoryID(taken[0].Place)}})
	if err != nil {
		s.t.Fatal(err)
	}
}
