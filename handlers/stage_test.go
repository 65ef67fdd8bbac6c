package handlers_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"koprik/bot"
	"koprik/bot/simulator"
	"koprik/casework"
	"koprik/handlers"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/scheduler"
	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestMain(m *testing.M) {
	storagetest.Template(func(ctx context.Context, url string) error {
		_, err := storage.Migrate(ctx, url)
		return err
	})
	storagetest.Main(m)
}

// stage is the whole bot on real servers, with the simulator as Telegram and a
// clock that stands still until it is moved. Everything runs in the caller's
// goroutine, so that a play has one possible course.
type stage struct {
	t         testing.TB
	ctx       context.Context
	now       time.Time
	telegram  *simulator.Server
	db        *storage.DB
	acks      *storage.Acks
	redis     string
	desk      *casework.Desk
	client    *bot.Client
	poller    *bot.Poller
	worker    *bot.Worker
	sender    *bot.Sender
	scheduler *scheduler.Scheduler
	digests   bool // the calendar's digests come too
	reminders bool // and reminders
	away      bool // the bot does not run
	lost      int  // presses that Telegram dropped meanwhile
	address   string
	url       string // of the database
}

// newStage opens the bot in an empty database with the demo territory.
func newStage(t testing.TB, begin time.Time) *stage {
	t.Helper()
	s := &stage{t: t, ctx: t.Context(), now: begin}
	s.telegram = simulator.New(simulator.Config{Now: func() time.Time { return s.now }})
	t.Cleanup(s.telegram.Close)
	server := httptest.NewServer(s.telegram)
	t.Cleanup(server.Close)
	s.address = server.URL
	s.openStores()
	s.openBot()
	return s
}

// reopen throws away everything that lives in memory, as a crash does.
func (s *stage) reopen() {
	s.openDesk()
	s.openBot()
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) openStores() {
	seals, err := storage.NewSeals()
	s.must(err)
	s.url = storagetest.Postgres(s.t)
	s.db, err = storage.Open(s.ctx, storage.Options{URL: s.url, Connections: 4}, seals)
	s.must(err)
	s.t.Cleanup(s.db.Close)
	s.redis = storagetest.Redis(s.t)
	client, err := storage.OpenRedis(s.redis)
	s.must(err)
	s.t.Cleanup(func() { _ = client.Close() })
	s.acks = storage.NewAcks(client)
	s.openDesk()
	raw, err := storage.DemoTerritory()
	s.must(err)
	file, err := casework.ReadTerritoryFile(raw)
	s.must(err)
	raw, err = storage.DemoBoundaries()
	s.must(err)
	drawn, err := casework.ReadBoundaryFile(raw)
	s.must(err)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		if err := tx.Seed(s.now); err != nil {
			return err
		}
		_, err := s.desk.Refresh(tx, s.now)
		return err
	}))
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		if _, err := s.desk.ImportTerritory(tx, file, false, s.now); err != nil {
			return err
		}
		_, err := s.desk.ImportBoundaries(tx, drawn, false, s.now)
		return err
	}))
}

func (s *stage) openDesk() {
	catalogue, err := locales.Load()
	s.must(err)
	stems, err := locales.EmergencyStems()
	s.must(err)
	s.desk = casework.NewDesk(catalogue, stems, s.acks)
	s.desk.Call(s.telegram.Username())
}

func (s *stage) openBot() {
	clock := func() time.Time { return s.now }
	sign := bot.NewSigner([]byte(strings.Repeat("k", 32)))
	log := slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	var err error
	s.client, err = bot.NewClient(bot.ClientOptions{Token: s.telegram.Token(), URL: s.address, Sign: sign})
	s.must(err)
	s.t.Cleanup(s.client.Close)
	s.worker = bot.NewWorker(bot.WorkerOptions{DB: s.db, Client: s.client, Router: handlers.Router(s.desk),
		Ear: bot.Ear{Username: s.telegram.Username(), Buttons: sign}, Now: clock, Log: log})
	s.sender = bot.NewSender(bot.SenderOptions{DB: s.db, Client: s.client, Now: clock, Log: log,
		Render: func(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			screen, err := s.desk.Draw(tx, m, s.now)
			if errors.Is(err, casework.ErrPointless) {
				return screen, bot.ErrPointless
			}
			return screen, err
		},
		Unreachable: func(tx *storage.Tx, m storage.Message) error { return s.desk.Gone(tx, m, s.now) },
		Refused:     func(tx *storage.Tx, m storage.Message, parts []int) error { return s.desk.Refused(tx, m, parts, s.now) }})
	intake := bot.NewIntake(bot.IntakeOptions{DB: s.db, Log: log})
	s.poller = bot.NewPoller(bot.PollerOptions{DB: s.db, Client: s.client, Intake: intake, Timeout: time.Millisecond, Log: log})
	s.scheduler = &scheduler.Scheduler{DB: s.db, Acks: s.acks, Desk: s.desk, Now: clock, Log: log, Heard: clock}
	s.must(s.scheduler.Refresh(s.ctx))
	s.must(s.scheduler.Reconcile(s.ctx))
}

// settle lets everything happen that happens now, until nothing is left.
func (s *stage) settle() {
	s.t.Helper()
	if s.away {
		return
	}
	for range 200 {
		s.must(s.poller.Once(s.ctx))
		handled, err := s.worker.Drain(s.ctx)
		s.must(err)
		fired, err := s.scheduler.Tick(s.ctx)
		s.must(err)
		if s.digests {
			given, err := s.scheduler.Digests(s.ctx)
			s.must(err)
			fired += given
		}
		if s.reminders {
			reminded, err := s.scheduler.Remind(s.ctx)
			s.must(err)
			fired += reminded
		}
		sent, err := s.sender.Drain(s.ctx)
		s.must(err)
		if handled+fired+sent == 0 && s.telegram.Pending() == 0 {
			return
		}
	}
	s.t.Fatal("the bot does not come to rest")
}

// until moves the clock, stopping wherever something falls due on the way.
func (s *stage) until(end time.Time) {
	s.t.Helper()
	for {
		next := s.nextDue()
		if next.IsZero() || next.After(end) {
			break
		}
		if next.After(s.now) {
			s.now = next
		}
		s.settle()
	}
	s.now = end
	s.settle()
}

// nextDue is when a ladder, a timer or a digest wants something next.
func (s *stage) nextDue() time.Time {
	var next time.Time
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) (err error) {
		next, err = tx.NextDue()
		return err
	}))
	if s.digests {
		at, err := s.scheduler.NextDigest(s.now)
		s.must(err)
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if s.reminders {
		at, err := s.scheduler.NextReminder(s.ctx)
		s.must(err)
		if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next
}

// join gives a person a role through the link, as it happens in life: link,
// acceptance, own number, test card.
func (s *stage) join(u *simulator.User, role mahalla.Role, code string) {
	s.t.Helper()
	place, ok := s.desk.Reference().ByCode[code]
	if !ok {
		s.t.Fatalf("no territory %s", code)
	}
	var token string
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) (err error) {
		token, err = s.desk.InviteVouched(tx, role, place, s.now)
		return err
	}))
	u.Start("i_" + token)
	s.settle()
	s.press(u, "✅")
	if !role.Serves() {
		return
	}
	u.Contact()
	s.settle()
	s.press(u, "✅")
}

func (s *stage) press(u *simulator.User, label string) {
	s.t.Helper()
	if _, err := u.PressLast(label); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}
