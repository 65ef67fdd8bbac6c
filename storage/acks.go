package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"koprik/mahalla"
)

// Acks keeps, in Redis, which cases wait for somebody to accept them: by the
// moment at which the ladder wants them next, and by place, what is urgent first and
// then the longest wait. It is quick and may be lost at any time; the proof is in PostgreSQL,
// and Reconcile makes both agree.
type Acks struct {
	client redis.UniversalClient
	doubts doubts
}

// Awaited is a case that waits for an acceptance.
type Awaited struct {
	Case  mahalla.CaseID
	Next  time.Time             // when the ladder wants it next
	Since time.Time             // when it was filed
	Path  []mahalla.TerritoryID // place first, root last

	Urgent bool // stands before what is not
}

// The keys share a hash tag: a script needs all of them on one server.
const (
	keyDue     = "{ack}:due"      // sorted set: case by the next beat, Unix ms
	keyCase    = "{ack}:case:"    // + case: hash of rank and path
	keyWaiting = "{ack}:waiting:" // + territory: sorted set of cases by rank
	keyAlive   = "{ack}:alive"    // exists while the sets are complete
)

// Redis is a connection to Redis or Valkey.
type Redis = redis.UniversalClient

// OpenRedis connects by URL to one server of Redis or Valkey: a single one, or
// the primary behind an address that follows it. Commands are not repeated by
// the client: a script that ran must not run twice unseen.
func OpenRedis(url string) (Redis, error) {
	logging.Disable() // it would write addresses to stderr, past our log
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, ErrURL
	}
	o.MaxRetries, o.DialerRetries = -1, 1 // five dials would hold up whoever asks for half a second
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = time.Second, time.Second, time.Second
	o.ContextTimeoutEnabled = true
	return redis.NewClient(o), nil
}

// RedisRefuses tells whether Redis answered that we may not use it: a wrong
// password or user, or none where one is needed.
func RedisRefuses(err error) bool {
	for _, word := range []string{"WRONGPASS", "NOAUTH", "NOPERM", "invalid password", "AUTH"} {
		if redis.HasErrorPrefix(err, word) {
			return true
		}
	}
	return false
}

// NewAcks keeps the clock in that Redis.
func NewAcks(client redis.UniversalClient) *Acks { return &Acks{client: client} }

// awaitScript puts a case on the clock, or moves it. KEYS: due, case; ARGV:
// case, next, rank, then the path.
var awaitScript = redis.NewScript(`
local path, before = table.concat(ARGV, ' ', 4), redis.call('HGET', KEYS[2], 'path')
if before and before ~= path then
  for node in string.gmatch(before, '%d+') do redis.call('ZREM', '{ack}:waiting:' .. node, ARGV[1]) end
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], 'rank', ARGV[3], 'path', path)
for i = 4, #ARGV do redis.call('ZADD', '{ack}:waiting:' .. ARGV[i], ARGV[3], ARGV[1]) end
return 1`)

// settleScript takes a case off the clock; doing it twice is harmless.
var settleScript = redis.NewScript(`
local path = redis.call('HGET', KEYS[2], 'path')
local had = redis.call('ZREM', KEYS[1], ARGV[1])
if path then
  for node in string.gmatch(path, '%d+') do redis.call('ZREM', '{ack}:waiting:' .. node, ARGV[1]) end
  redis.call('DEL', KEYS[2])
end
return had`)

// claimScript takes cases that are due and moves them behind the lease, so that
// of any number of replicas one gets each. ARGV: now, lease end, limit.
var claimScript = redis.NewScript(`
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], id) end
return {due, redis.call('EXISTS', KEYS[2])}`)

// Await puts a case on the clock, or moves it there. When Redis does not do it,
// the case is one of the Doubts.
func (a *Acks) Await(ctx context.Context, w Awaited) error {
	err := awaitScript.Run(ctx, a.client, []string{keyDue, caseKey(w.Case)}, awaitArgs(w)...).Err()
	if err != nil {
		a.doubts.add(w.Case)
	}
	return wrapRedis(err)
}

func awaitArgs(w Awaited) []any {
	args := make([]any, 0, 3+len(w.Path))
	args = append(args, int64(w.Case), w.Next.UnixMilli(), w.rank())
	for _, node := range w.Path {
		args = append(args, int64(node))
	}
	return args
}

// aheadOfTime brings what is urgent before everything that was ever filed, in the
// milliseconds by which lists are ordered.
const aheadOfTime = int64(1e13)

// rank is the place of a case in lists, the smallest first.
func (w Awaited) rank() int64 {
	if w.Urgent {
		return w.Since.UnixMilli() - aheadOfTime
	}
	return w.Since.UnixMilli()
}

// Settle takes a case off the clock: somebody accepted it, or it is gone. It
// tells whether the case was on it. Settling twice is harmless. When Redis does
// not do it, the case is one of the Doubts.
func (a *Acks) Settle(ctx context.Context, c mahalla.CaseID) (bool, error) {
	had, err := settleScript.Run(ctx, a.client, []string{keyDue, caseKey(c)}, int64(c)).Int()
	if err != nil {
		a.doubts.add(c)
	}
	return had == 1, wrapRedis(err)
}

// Claim takes up to limit cases whose beat is due at now, for the lease. Each
// is given to one caller; one that is not handled comes back after the lease.
// Whole is false when Redis has lost its memory and must be filled anew.
func (a *Acks) Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) (due []mahalla.CaseID, whole bool, err error) {
	answer, err := claimScript.Run(ctx, a.client, []string{keyDue, keyAlive},
		now.UnixMilli(), now.Add(lease).UnixMilli(), limit).Slice()
	if err != nil {
		return nil, false, wrapRedis(err)
	}
	ids, ok := answer[0].([]any)
	alive, ok2 := answer[1].(int64)
	if !ok || !ok2 {
		return nil, false, errors.New("storage: redis: unexpected answer")
	}
	for _, id := range ids {
		n, err := strconv.ParseInt(fmt.Sprint(id), 10, 64)
		if err != nil {
			return nil, false, fmt.Errorf("storage: redis: %w", err)
		}
		due = append(due, mahalla.CaseID(n))
	}
	return due, alive == 1, nil
}

// WaitingUnder lists the cases that wait at some places or below them, but for
// the hidden ones: what is urgent first, then the longest wait, and how many there are. No place may
// lie below another one, or its cases are counted twice.
func (a *Acks) WaitingUnder(ctx context.Context, nodes []mahalla.TerritoryID, hidden []mahalla.CaseID, offset, limit int) ([]mahalla.CaseID, int, error) {
	barred := make([]string, len(hidden))
	for i, c := range hidden {
		barred[i] = rowID(c)
	}
	pipe := a.client.Pipeline()
	firsts, counts, hits := make([]*redis.ZSliceCmd, len(nodes)), make([]*redis.IntCmd, len(nodes)), make([]*redis.FloatSliceCmd, len(nodes))
	for i, node := range nodes {
		key := keyWaiting + rowID(node)
		firsts[i] = pipe.ZRangeWithScores(ctx, key, 0, int64(offset+limit+len(hidden)-1))
		counts[i] = pipe.ZCard(ctx, key)
		if len(barred) > 0 {
			hits[i] = pipe.ZMScore(ctx, key, barred...)
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, 0, wrapRedis(err)
	}
	var all []redis.Z
	total := 0
	for i := range nodes {
		all = append(all, firsts[i].Val()...)
		total += int(counts[i].Val())
		if hits[i] != nil {
			total -= len(slices.DeleteFunc(hits[i].Val(), func(score float64) bool { return score == 0 }))
		}
	}
	list, err := inOrder(all, hidden)
	if err != nil {
		return nil, 0, err
	}
	return list[min(offset, len(list)):min(offset+limit, len(list))], total, nil
}

// inOrder are the cases by rank, those of one moment by id, but for the hidden ones.
func inOrder(all []redis.Z, hidden []mahalla.CaseID) ([]mahalla.CaseID, error) {
	rank := make(map[mahalla.CaseID]float64, len(all))
	var list []mahalla.CaseID
	for _, z := range all {
		n, err := strconv.ParseInt(fmt.Sprint(z.Member), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("storage: redis: %w", err)
		}
		if c := mahalla.CaseID(n); !slices.Contains(hidden, c) {
			rank[c] = z.Score
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b mahalla.CaseID) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b))
	})
	return list, nil
}

// Next tells when the clock wants the case; zero when the case is not on it.
func (a *Acks) Next(ctx context.Context, c mahalla.CaseID) (time.Time, error) {
	score, err := a.client.ZScore(ctx, keyDue, rowID(c)).Result()
	if errors.Is(err, redis.Nil) {
		return time.Time{}, nil
	}
	return time.UnixMilli(int64(score)), wrapRedis(err)
}

// Nexts is Next of many cases, in one question; one that is not on the clock is not
// among them.
func (a *Acks) Nexts(ctx context.Context, ids []mahalla.CaseID) (map[mahalla.CaseID]time.Time, error) {
	next := make(map[mahalla.CaseID]time.Time, len(ids))
	if len(ids) == 0 {
		return next, nil
	}
	members := make([]string, len(ids))
	for i, id := range ids {
		members[i] = rowID(id)
	}
	scores, err := a.client.ZMScore(ctx, keyDue, members...).Result()
	for i, score := range scores {
		if score != 0 {
			next[ids[i]] = time.UnixMilli(int64(score))
		}
	}
	return next, wrapRedis(err)
}

// Whole tells whether the clock has been filled since Redis last lost its
// memory.
func (a *Acks) Whole(ctx context.Context) (bool, error) {
	n, err := a.client.Exists(ctx, keyAlive).Result()
	return n == 1, wrapRedis(err)
}

// AwaitMissing puts those cases on the clock that are not on it, and moves those
// that stand there later than their beat. One that may be leased keeps its
// place: leases is when the last one that was given by now ends.
func (a *Acks) AwaitMissing(ctx context.Context, list []Awaited, leases time.Time) error {
	if len(list) == 0 {
		return nil
	}
	members := make([]string, len(list))
	for i, w := range list {
		members[i] = rowID(w.Case)
	}
	scores, err := a.client.ZMScore(ctx, keyDue, members...).Result()
	if err != nil {
		return wrapRedis(err)
	}
	if err := awaitScript.Load(ctx, a.client).Err(); err != nil {
		return wrapRedis(err)
	}
	pipe := a.client.Pipeline()
	for i, w := range list {
		if late := max(w.Next.UnixMilli(), leases.UnixMilli()); scores[i] == 0 || int64(scores[i]) > late {
			awaitScript.EvalSha(ctx, pipe, []string{keyDue, caseKey(w.Case)}, awaitArgs(w)...)
		}
	}
	_, err = pipe.Exec(ctx)
	return wrapRedis(err)
}

// Standing is where a case stands on the clock.
type Standing struct {
	Next time.Time
	path string // as awaitScript keeps it
}

// Standings tells where some cases stand; one that is not on the clock is not among
// them.
func (a *Acks) Standings(ctx context.Context, ids []mahalla.CaseID) (map[mahalla.CaseID]Standing, error) {
	next, err := a.Nexts(ctx, ids)
	if err != nil || len(next) == 0 {
		return nil, err
	}
	pipe := a.client.Pipeline()
	paths := make(map[mahalla.CaseID]*redis.StringCmd, len(next))
	for id := range next {
		paths[id] = pipe.HGet(ctx, caseKey(id), "path")
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, wrapRedis(err)
	}
	list := make(map[mahalla.CaseID]Standing, len(next))
	for id, at := range next {
		list[id] = Standing{Next: at, path: paths[id].Val()}
	}
	return list, nil
}

// stands tells whether a case stands where it should: at its beat or, as it may be
// leased, at most when the last lease that was given by now ends; and in the lists of
// its places.
func (w Awaited) stands(at Standing, leases time.Time) bool {
	if at.path != w.path() {
		return false
	}
	next := at.Next.UnixMilli()
	return next == w.Next.UnixMilli() || next <= leases.UnixMilli()
}

// path is the path as awaitScript keeps it.
func (w Awaited) path() string {
	nodes := make([]string, len(w.Path))
	for i, node := range w.Path {
		nodes[i] = strconv.FormatInt(int64(node), 10)
	}
	return strings.Join(nodes, " ")
}

// Correct puts those cases on the clock which are not where they should be; see
// stands. At is where they stood before the list was read.
func (a *Acks) Correct(ctx context.Context, list []Awaited, at map[mahalla.CaseID]Standing, leases time.Time) error {
	for _, w := range list {
		if s, on := at[w.Case]; on && w.stands(s, leases) {
			continue
		}
		if err := a.Await(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// MarkWhole records that the clock has been filled from PostgreSQL.
func (a *Acks) MarkWhole(ctx context.Context) error {
	return wrapRedis(a.client.Set(ctx, keyAlive, 1, 0).Err())
}

// Members reads a stretch of the cases on the clock, for the reconciler. The
// walk is over when the returned cursor is 0.
func (a *Acks) Members(ctx context.Context, cursor uint64, count int) ([]mahalla.CaseID, uint64, error) {
	pairs, next, err := a.client.ZScan(ctx, keyDue, cursor, "", int64(count)).Result()
	if err != nil {
		return nil, 0, wrapRedis(err)
	}
	var list []mahalla.CaseID
	for i := 0; i+1 < len(pairs); i += 2 { // member, score
		n, err := strconv.ParseInt(pairs[i], 10, 64)
		if err != nil {
			return nil, 0, fmt.Errorf("storage: redis: %w", err)
		}
		list = append(list, mahalla.CaseID(n))
	}
	return list, next, nil
}

func caseKey(c mahalla.CaseID) string { return keyCase + rowID(c) }

func wrapRedis(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("storage: redis: %w", err)
}
