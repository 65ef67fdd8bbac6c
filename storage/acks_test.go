package storage_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/local"
)

// awaited is a case that the clock wants some minutes after the morning.
func awaited(id mahalla.CaseID, minutes int) storage.Awaited {
	return storage.Awaited{Case: id, Next: morning.Add(time.Duration(minutes) * time.Minute),
		Since: morning.Add(-time.Duration(id) * time.Minute), Path: []mahalla.TerritoryID{mahalla.TerritoryID(10 + id%2), 5, 1}}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// due claims what is due some minutes after the morning, for ten minutes.
func due(t *testing.T, a *storage.Acks, minutes, limit int) (list []mahalla.CaseID, whole bool) {
	t.Helper()
	list, whole, err := a.Claim(t.Context(), morning.Add(time.Duration(minutes)*time.Minute), 10*time.Minute, limit)
	ok(t, err)
	return list, whole
}

func TestACaseIsDueAtItsMomentAndComesBackAfterItsLease(t *testing.T) {
	t.Parallel()
	acks := storage.NewAcks(redisOf(t))
	for id, minutes := range map[mahalla.CaseID]int{1: 31, 2: 10, 3: 20} {
		ok(t, acks.Await(t.Context(), awaited(id, minutes)))
	}
	for _, step := range []struct {
		minutes, limit int
		want           []mahalla.CaseID
	}{
		{9, 9, nil},
		{20, 9, []mahalla.CaseID{2, 3}}, // the earliest first
		{29, 9, nil},                    // under the lease
		{30, 2, []mahalla.CaseID{2, 3}}, // the lease is over
		{31, 9, []mahalla.CaseID{1}},
	} {
		if got, _ := due(t, acks, step.minutes, step.limit); !slices.Equal(got, step.want) {
			t.Errorf("after %d minutes: got %v, want %v", step.minutes, got, step.want)
		}
	}
	ok(t, acks.Await(t.Context(), awaited(1, 90)))
	if next, err := acks.Next(t.Context(), 1); err != nil || !next.Equal(awaited(1, 90).Next) {
		t.Errorf("moved: got %v, %v", next, err)
	}
	if next, err := acks.Next(t.Context(), 77); err != nil || !next.IsZero() {
		t.Errorf("one that does not wait: got %v, %v", next, err)
	}
}

func TestTheFirstSettlementWinsAndTheOthersAreHarmless(t *testing.T) {
	t.Parallel()
	acks := storage.NewAcks(redisOf(t))
	ok(t, acks.Await(t.Context(), awaited(1, 10)))
	ok(t, acks.Await(t.Context(), awaited(3, 10)))
	var mu sync.Mutex
	won := 0
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			had, err := acks.Settle(t.Context(), 1)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if had {
				won++
			}
		})
	}
	group.Wait()
	if won != 1 {
		t.Errorf("%d settled it first, want one", won)
	}
	for node, want := range map[mahalla.TerritoryID]int{11: 1, 5: 1, 1: 1, 10: 0} {
		if _, n, err := acks.WaitingUnder(t.Context(), []mahalla.TerritoryID{node}, nil, 0, 9); err != nil || n != want {
			t.Errorf("below %d: got %d, %v, want %d", node, n, err, want)
		}
	}
	if had, err := acks.Settle(t.Context(), 77); err != nil || had {
		t.Errorf("one that never waited: got %v, %v", had, err)
	}
}

func TestNothingIsLeftOfACaseThatWasSettled(t *testing.T) {
	t.Parallel()
	client := redisOf(t)
	acks := storage.NewAcks(client)
	ok(t, acks.Await(t.Context(), awaited(1, 10)))
	_, err := acks.Settle(t.Context(), 1)
	ok(t, err)
	if keys, err := client.Keys(t.Context(), "*").Result(); err != nil || len(keys) != 0 {
		t.Errorf("left: %v, %v", keys, err)
	}
}

func TestOfManyWhoClaimEachCaseIsGivenToOne(t *testing.T) {
	t.Parallel()
	const cases = 200
	client := redisOf(t)
	acks := storage.NewAcks(client)
	for id := range mahalla.CaseID(cases) {
		ok(t, acks.Await(t.Context(), awaited(id+1, 10)))
	}
	var mu sync.Mutex
	got := map[mahalla.CaseID]int{}
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			for range cases { // it comes to an end before
				list, _, err := storage.NewAcks(client).Claim(t.Context(), morning.Add(10*time.Minute), time.Hour, 7)
				if err != nil {
					t.Error(err)
				}
				if len(list) == 0 {
					return
				}
				mu.Lock()
				for _, id := range list {
					got[id]++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	for id := range mahalla.CaseID(cases) {
		if got[id+1] != 1 {
			t.Errorf("case %d was given to %d", id+1, got[id+1])
		}
	}
}

func TestThoseWhoWaitAreListedTheLongestFirst(t *testing.T) {
	t.Parallel()
	acks := storage.NewAcks(redisOf(t))
	for _, id := range []mahalla.CaseID{2, 5, 1, 4, 3} { // the higher the id, the longer it has waited
		ok(t, acks.Await(t.Context(), awaited(id, int(id))))
	}
	for _, test := range []struct {
		nodes         []mahalla.TerritoryID
		hidden        []mahalla.CaseID
		offset, limit int
		want          []mahalla.CaseID
		total         int
	}{
		{[]mahalla.TerritoryID{1}, nil, 0, 3, []mahalla.CaseID{5, 4, 3}, 5},
		{[]mahalla.TerritoryID{5}, nil, 3, 3, []mahalla.CaseID{2, 1}, 5},
		{[]mahalla.TerritoryID{11}, nil, 0, 9, []mahalla.CaseID{5, 3, 1}, 3},
		{[]mahalla.TerritoryID{10}, nil, 0, 9, []mahalla.CaseID{4, 2}, 2},
		{[]mahalla.TerritoryID{10, 11}, nil, 0, 2, []mahalla.CaseID{5, 4}, 5},
		{[]mahalla.TerritoryID{11, 10}, nil, 2, 2, []mahalla.CaseID{3, 2}, 5},
		{[]mahalla.TerritoryID{10, 11, 77}, nil, 4, 2, []mahalla.CaseID{1}, 5},
		{[]mahalla.TerritoryID{10, 11}, []mahalla.CaseID{5, 3, 99}, 0, 2, []mahalla.CaseID{4, 2}, 3},
		{[]mahalla.TerritoryID{10}, []mahalla.CaseID{5, 2}, 0, 2, []mahalla.CaseID{4}, 1},
		{[]mahalla.TerritoryID{1}, []mahalla.CaseID{4}, 2, 2, []mahalla.CaseID{2, 1}, 4},
		{[]mahalla.TerritoryID{1}, nil, 9, 3, nil, 5},
		{[]mahalla.TerritoryID{77}, nil, 0, 3, nil, 0},
	} {
		got, total, err := acks.WaitingUnder(t.Context(), test.nodes, test.hidden, test.offset, test.limit)
		if err != nil || !slices.Equal(got, test.want) || total != test.total {
			t.Errorf("below %d but %d from %d: got %v of %d, %v, want %v of %d", test.nodes, test.hidden, test.offset, got, total, err, test.want, test.total)
		}
	}
}

func TestWhatIsMissingIsPutOnTheClockAndALeaseIsKept(t *testing.T) {
	t.Parallel()
	acks := storage.NewAcks(redisOf(t))
	ok(t, acks.Await(t.Context(), awaited(1, 10)))
	if list, _ := due(t, acks, 10, 9); len(list) != 1 {
		t.Fatalf("got %v", list)
	}
	leased, err := acks.Next(t.Context(), 1)
	ok(t, err)
	ok(t, acks.Await(t.Context(), awaited(3, 90)))
	ok(t, acks.Await(t.Context(), awaited(4, 5)))
	list := []storage.Awaited{awaited(1, 10), awaited(2, 15), awaited(3, 12), awaited(4, 90)}
	ok(t, acks.AwaitMissing(t.Context(), list, leased))
	ok(t, acks.AwaitMissing(t.Context(), nil, leased))
	for id, want := range map[mahalla.CaseID]time.Time{
		1: leased, 2: awaited(2, 15).Next,
		3: awaited(3, 12).Next, // stood there too late
		4: awaited(4, 5).Next,  // too early does no harm
	} {
		if next, err := acks.Next(t.Context(), id); err != nil || !next.Equal(want) {
			t.Errorf("case %d: got %v, %v, want %v", id, next, err, want)
		}
	}
	var members []mahalla.CaseID
	for cursor := uint64(0); ; {
		list, next, err := acks.Members(t.Context(), cursor, 1)
		ok(t, err)
		if members, cursor = append(members, list...), next; cursor == 0 {
			break
		}
	}
	slices.Sort(members)
	if !slices.Equal(members, []mahalla.CaseID{1, 2, 3, 4}) {
		t.Errorf("members: got %v", members)
	}
}

func TestAClockThatLostItsMemoryIsNotWholeUntilItIsMarked(t *testing.T) {
	t.Parallel()
	child, err := local.RedisProcess(t.Context(), t.TempDir()) // FLUSHALL is for all of a server
	var missing *local.MissingError
	if errors.As(err, &missing) && testing.Short() {
		t.Skip(err)
	}
	ok(t, err)
	t.Cleanup(child.Kill)
	client, err := storage.OpenRedis(child.URL())
	ok(t, err)
	t.Cleanup(func() { _ = client.Close() })
	acks := storage.NewAcks(client)
	whole := func(want bool) {
		t.Helper()
		got, err := acks.Whole(t.Context())
		_, claimed := due(t, acks, 0, 1)
		if err != nil || got != want || claimed != want {
			t.Errorf("whole: got %v and %v, %v, want %v", got, claimed, err, want)
		}
	}
	whole(false)
	ok(t, acks.Await(t.Context(), awaited(1, 10)))
	ok(t, acks.MarkWhole(t.Context()))
	whole(true)
	ok(t, client.FlushAll(t.Context()).Err())
	ok(t, client.ScriptFlush(t.Context()).Err())
	whole(false)
	// Scripts are loaded anew too.
	ok(t, acks.AwaitMissing(t.Context(), []storage.Awaited{awaited(1, 10)}, morning))
	ok(t, acks.MarkWhole(t.Context()))
	whole(true)
	if _, n, err := acks.WaitingUnder(t.Context(), []mahalla.TerritoryID{1}, nil, 0, 9); err != nil || n != 1 {
		t.Errorf("filled again: got %d, %v, want 1", n, err)
	}
}

func TestARedisThatIsAwayIsAnErrorEverywhere(t *testing.T) {
	t.Parallel()
	client, err := storage.OpenRedis("redis://127.0.0.1:1/0")
	ok(t, err)
	t.Cleanup(func() { _ = client.Close() })
	acks := storage.NewAcks(client)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"await":         func() error { return acks.Await(ctx, awaited(1, 1)) },
		"settle":        func() error { _, err := acks.Settle(ctx, 1); return err },
		"claim":         func() error { _, _, err := acks.Claim(ctx, morning, time.Minute, 1); return err },
		"waiting under": func() error { _, _, err := acks.WaitingUnder(ctx, []mahalla.TerritoryID{1}, nil, 0, 1); return err },
		"next":          func() error { _, err := acks.Next(ctx, 1); return err },
		"whole":         func() error { _, err := acks.Whole(ctx); return err },
		"await missing": func() error { return acks.AwaitMissing(ctx, []storage.Awaited{awaited(1, 1)}, morning) },
		"mark whole":    func() error { return acks.MarkWhole(ctx) },
		"members":       func() error { _, _, err := acks.Members(ctx, 0, 1); return err },
	} {
		if err := call(); err == nil || errors.Is(err, redis.Nil) {
			t.Errorf("%s: got %v, want an error", name, err)
		}
	}
	if _, err := storage.OpenRedis("http://user:geheim@host"); err == nil || err.Error() != "storage: the address cannot be read" {
		t.Errorf("a wrong address: got %v", err)
	}
}

func TestAFailedRedisIsAskedAgainWhenItIsBack(t *testing.T) {
	t.Parallel()
	client := redisOf(t)
	away, err := storage.OpenRedis("redis://127.0.0.1:1/0")
	ok(t, err)
	t.Cleanup(func() { _ = away.Close() })
	now := morning
	limits := storage.NewLimits(&swapped{UniversalClient: away, to: client, when: func() bool { return now.After(morning) }}, 10, func() int { return 1 }, func() time.Time { return now })
	if n, _ := limits.Take(t.Context(), 1); n != 1 {
		t.Errorf("away: got %d, want the replica's own share", n)
	}
	now = now.Add(time.Second)
	limits.Take(t.Context(), 1)
	if keys, err := client.Keys(t.Context(), "*").Result(); err != nil || len(keys) != 1 {
		t.Errorf("back: got %v, %v, want it counted there", keys, err)
	}
}

// swapped is a Redis that is away until it is not.
type swapped struct {
	redis.UniversalClient
	to   redis.UniversalClient
	when func() bool
}

func (s *swapped) now() redis.UniversalClient {
	if s.when() {
		return s.to
	}
	return s.UniversalClient
}

func (s *swapped) EvalSha(ctx context.Context, sha string, keys []string, args ...any) *redis.Cmd {
	return s.now().EvalSha(ctx, sha, keys, args...)
}

func (s *swapped) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	return s.now().Eval(ctx, script, keys, args...)
}

func TestACaseWhosePlaceHasMovedIsListedWhereItLiesNowOnly(t *testing.T) {
	t.Parallel()
	client := redisOf(t)
	acks := storage.NewAcks(client)
	w := storage.Awaited{Case: 7, Next: morning, Since: morning, Path: []mahalla.TerritoryID{30, 20, 1}}
	for _, path := range [][]mahalla.TerritoryID{{30, 20, 1}, {30, 21, 1}} {
		w.Path = path
		if err := acks.Await(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	for node, want := range map[string]int64{"30": 1, "20": 0, "21": 1, "1": 1} {
		if got, err := client.ZCard(t.Context(), "{ack}:waiting:"+node).Result(); err != nil || got != want {
			t.Errorf("waiting at %s: got %d, %v, want %d", node, got, err, want)
		}
	}
	if _, err := acks.Settle(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	if n, err := client.DBSize(t.Context()).Result(); err != nil || n != 0 {
		t.Errorf("left after it was settled: got %d keys, %v", n, err)
	}
}

func TestACaseThatRedisDidNotHearOfIsInDoubtUntilSomebodyAsks(t *testing.T) {
	t.Parallel()
	client := redisOf(t)
	_ = client.Close()
	acks := storage.NewAcks(client)
	_ = acks.Await(t.Context(), storage.Awaited{Case: 9})
	_, _ = acks.Settle(t.Context(), 7)
	_, _ = acks.Settle(t.Context(), 9)
	list, many := acks.Doubts()
	same(t, "in doubt", list, []mahalla.CaseID{7, 9})
	again, _ := acks.Doubts()
	if many || len(again) != 0 {
		t.Errorf("asked again: got %v, many %v", again, many)
	}
	for c := range mahalla.CaseID(10001) {
		acks.Doubt(c)
	}
	if list, many := acks.Doubts(); !many || len(list) != 0 {
		t.Errorf("too many to remember: got %d, many %v", len(list), many)
	}
}
