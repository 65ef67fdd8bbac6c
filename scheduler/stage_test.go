package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/local"
	"koprik/storage/storagetest"
)

func TestMain(m *testing.M) {
	storagetest.Template(func(ctx context.Context, url string) error {
		if _, err := storage.Migrate(ctx, url); err != nil {
			return err
		}
		seals, err := storage.NewSeals()
		if err != nil {
			return err
		}
		db, err := storage.Open(ctx, storage.Options{URL: url, Connections: 2}, seals)
		if err != nil {
			return err
		}
		defer db.Close()
		return db.InTx(ctx, func(tx *storage.Tx) error { return tx.Seed(morning) })
	})
	storagetest.Main(m)
}

// morning is a Wednesday at ten in Tashkent: working time.
var morning = time.Date(2026, 11, 4, 10, 0, 0, 0, locales.Tashkent())

// closedPort is a Redis that is away.
const closedPort = "redis://127.0.0.1:1/0"

// stage is a database and a Redis with an inspector and a senior inspector of
// the republic, a resident, and a clock that stands still until it is moved.
type stage struct {
	testing.TB
	ctx    context.Context
	now    time.Time
	db     *storage.DB
	conn   *pgx.Conn
	client redis.UniversalClient
	acks   *storage.Acks
	said   *journal

	resident, inspector, senior *storage.Contact
}

func newStage(t testing.TB, redisURL string) *stage {
	t.Helper()
	s := &stage{TB: t, ctx: t.Context(), now: morning, said: &journal{}}
	url := storagetest.Postgres(t)
	seals, err := storage.NewSeals()
	s.must(err)
	s.db, err = storage.Open(s.ctx, storage.Options{URL: url, Connections: 10}, seals)
	s.must(err)
	t.Cleanup(s.db.Close)
	s.conn, err = pgx.Connect(s.ctx, url)
	s.must(err)
	t.Cleanup(func() { _ = s.conn.Close(context.Background()) })
	s.client, err = storage.OpenRedis(redisURL)
	s.must(err)
	t.Cleanup(func() { _ = s.client.Close() })
	s.acks = storage.NewAcks(s.client)
	s.resident, s.inspector, s.senior = s.person(1, ""), s.person(2, mahalla.PreventionInspector), s.person(3, mahalla.SeniorInspector)
	return s
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) exec(sql string, args ...any) {
	s.Helper()
	_, err := s.conn.Exec(s.ctx, sql, args...)
	s.must(err)
}

func (s *stage) number(sql string, args ...any) (n int) {
	s.Helper()
	s.must(s.conn.QueryRow(s.ctx, sql, args...).Scan(&n))
	return n
}

// person makes a person known, with a role in the whole republic.
func (s *stage) person(telegram int64, role mahalla.Role) (c *storage.Contact) {
	s.Helper()
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) (err error) {
		if c, err = tx.AddPerson(telegram, "x", mahalla.UzLatn, s.now); err != nil || role == "" {
			return err
		}
		token, err := tx.Invite(role, mahalla.RootTerritory, s.now, s.now.Add(time.Hour))
		if err != nil {
			return err
		}
		i, err := tx.Invitation(token, s.now)
		if err != nil {
			return err
		}
		tx.TakeInvitation(i, c.ID, s.now)
		c.Memberships = []mahalla.Membership{{Role: role, Territory: mahalla.RootTerritory, From: s.now}}
		return nil
	}))
	return c
}

// replica is a scheduler as one of several programs runs it, with a desk of
// its own.
func (s *stage) replica() *Scheduler {
	s.Helper()
	catalogue, err := locales.Load()
	s.must(err)
	stems, err := locales.EmergencyStems()
	s.must(err)
	r := &Scheduler{DB: s.db, Acks: s.acks, Desk: casework.NewDesk(catalogue, stems, s.acks),
		Now: func() time.Time { return s.now }, Log: slog.New(slog.NewTextHandler(s.said, nil))}
	s.must(r.Refresh(s.ctx))
	return r
}

// file files so many reports of noise.
func (s *stage) file(r *Scheduler, n int) (ids []mahalla.CaseID) {
	s.Helper()
	for range n {
		s.resident.Dialogue.Draft = &mahalla.Draft{Place: mahalla.RootTerritory, Parts: []mahalla.Part{{Words: "shovqin"}}}
		s.exec("UPDATE cases SET filed_at = filed_at - interval '2 hours'") // nobody has filed too much
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			c, err := r.Desk.FileDraft(tx, s.resident, "noise", 0, s.now)
			if err == nil {
				ids = append(ids, c.ID)
			}
			return err
		}))
	}
	return ids
}

// accept lets the inspector take a case.
func (s *stage) accept(r *Scheduler, id mahalla.CaseID) {
	s.Helper()
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		_, err := r.Desk.Accept(tx, s.inspector, id, 0, s.now)
		return err
	}))
}

// tick lets replicas do what is due, all at once, and tells how much they did.
func (s *stage) tick(replicas ...*Scheduler) (fired int) {
	s.Helper()
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, r := range replicas {
		group.Go(func() {
			n, err := r.Tick(s.ctx)
			mu.Lock()
			defer mu.Unlock()
			fired += n
			if err != nil {
				s.Error(storage.Loggable(err))
			}
		})
	}
	group.Wait()
	return fired
}

// events counts what happened to cases so far.
func (s *stage) events(kind mahalla.EventKind, ids ...mahalla.CaseID) int {
	s.Helper()
	return s.number("SELECT count(*) FROM case_events WHERE kind = $1 AND ($2::bigint[] IS NULL OR case_id = ANY($2))", kind, ids)
}

// onTheClock lists the cases that Redis holds.
func (s *stage) onTheClock() (ids []mahalla.CaseID) {
	s.Helper()
	for cursor := uint64(0); ; {
		list, next, err := s.acks.Members(s.ctx, cursor, 1000)
		s.must(err)
		if ids, cursor = append(ids, list...), next; cursor == 0 {
			slices.Sort(ids)
			return ids
		}
	}
}

// ownRedis is a Redis server of the test's own, that it may kill and empty.
func ownRedis(t testing.TB, dir string) *local.RedisChild {
	t.Helper()
	child, err := local.RedisProcess(t.Context(), dir)
	var missing *local.MissingError
	if errors.As(err, &missing) && testing.Short() {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(child.Kill)
	return child
}

// journal keeps what was logged.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}
