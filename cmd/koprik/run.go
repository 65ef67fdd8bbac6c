package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"koprik/bot"
	"koprik/casework"
	"koprik/handlers"
	"koprik/handlers/web"
	"koprik/mahalla"
	"koprik/scheduler"
	"koprik/storage"
)

// telegramRate is how many messages a second Telegram takes over all chats,
// with a margin.
const telegramRate = 25

// service is the running bot on top of a house.
type service struct {
	*house
	client    *bot.Client
	intake    *bot.Intake
	worker    *bot.Worker
	sender    *bot.Sender
	limiter   bot.Limiter // nil: without limits
	scheduler *scheduler.Scheduler
	webhook   *bot.Webhook // nil when polling
	poller    *bot.Poller  // nil with a webhook
	hook      *hookWatch
	registry  *prometheus.Registry
	at        string      // where it listens; empty when it does not
	known     atomic.Bool // Telegram has said who the bot is, and knows where updates go
}

// newService puts the bot together. It talks to nobody yet.
func newService(h *house) (*service, error) {
	sign := bot.NewSigner(h.seals.PressKey())
	client, err := bot.NewClient(bot.ClientOptions{Token: h.config.Token, URL: h.config.APIURL, Sign: sign})
	if err != nil {
		return nil, err
	}
	h.later(client.Close)
	s := &service{house: h, client: client, registry: prometheus.NewRegistry()}
	s.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	metrics := bot.NewMetrics(s.registry)
	if !h.config.NoLimits {
		s.limiter = storage.NewLimits(h.redis, telegramRate, h.db.Replicas, time.Now)
	}
	s.worker = bot.NewWorker(bot.WorkerOptions{
		DB: h.db, Client: client, Router: handlers.Router(h.desk), Ear: bot.Ear{Buttons: sign},
		Now: h.now, Wall: wall, Limiter: s.limiter, Metrics: metrics, Log: h.log,
	})
	s.sender = bot.NewSender(s.senderOptions(metrics))
	s.intake = bot.NewIntake(bot.IntakeOptions{DB: h.db, Wake: s.worker.Wake, Wall: wall, Metrics: metrics, Log: h.log})
	h.db.OnNotice(s.sender.Wake)
	jobs, err := scheduler.Standing()
	if err != nil {
		return nil, err
	}
	unlink, err := scheduler.Unlinking(h.desk)
	if err != nil {
		return nil, err
	}
	erase, err := scheduler.Erasing(h.desk)
	if err != nil {
		return nil, err
	}
	jobs = append(jobs, unlink, erase)
	s.scheduler = &scheduler.Scheduler{DB: h.db, Acks: h.acks, Desk: h.desk, Now: h.now, Log: h.log, Jobs: jobs, Heard: s.heard, Wall: wall}
	audits := newAuditMetrics(s.registry)
	s.scheduler.Audited = func(f storage.Findings) { audits.hear(f, wall()) }
	s.scheduler.Bound = newBoundMetric(s.registry)
	var took func() time.Time
	if h.config.Mode == "webhook" {
		s.webhook = bot.NewWebhook(s.intake, h.config.WebhookSecret)
		took = s.webhook.Took
	} else {
		s.poller = bot.NewPoller(bot.PollerOptions{DB: h.db, Client: client, Intake: s.intake, Wall: wall, Metrics: metrics, Log: h.log})
	}
	s.hook = newHookWatch(client, h.config, took, wall, h.log, s.registry)
	return s, nil
}

// heard tells until when the bot has surely heard what people did: with a webhook
// when Telegram last said that its posts arrive.
func (s *service) heard() time.Time {
	if s.poller != nil {
		return s.poller.Heard()
	}
	return s.hook.heard()
}

// lost tells since when updates do not come: another program takes them, they do not
// reach the webhook, or Telegram is away.
func (s *service) lost() time.Time {
	if s.poller != nil {
		return s.poller.Lame()
	}
	return s.hook.lost()
}

func (s *service) senderOptions(metrics *bot.Metrics) bot.SenderOptions {
	o := bot.SenderOptions{
		DB: s.db, Client: s.client, Now: s.now, Wall: wall, Metrics: metrics, Log: s.log,
		Render: func(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			screen, err := s.desk.Draw(tx, m, s.now())
			if errors.Is(err, casework.ErrPointless) {
				return screen, bot.ErrPointless
			}
			return screen, err
		},
		Unreachable: func(tx *storage.Tx, m storage.Message) error { return s.desk.Gone(tx, m, s.now()) },
		Refused: func(tx *storage.Tx, m storage.Message, parts []int) error {
			return s.desk.Refused(tx, m, parts, s.now())
		},
	}
	if s.limiter != nil {
		o.Limiter, o.Pace = s.limiter, bot.Pace()
	}
	return o
}

// run serves until the context ends, then stops in order: nothing new is taken
// in, what is in hand is finished.
func (s *service) run(ctx context.Context) error {
	bot.LetHeapGrow()
	listener, err := net.Listen("tcp", s.config.HTTPAddr)
	if err != nil {
		return s.config.inUse()
	}
	s.at = listener.Addr().String()
	server := web.Server(web.Handler(web.Options{
		Ready: s.ready, Metrics: promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}), Webhook: s.webhookHandler(), Path: s.config.webhookPath(),
		Calendar: s.calendars(), Now: time.Now,
	}))
	defer func() { _ = server.Close() }()
	err = s.work(ctx, func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("http: %w", err)
		}
		return nil
	}, func() {
		if s.webhook != nil {
			s.webhook.Stop()
		}
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = server.Shutdown(stop) // what still talks then is cut off
	})
	if err == nil {
		s.log.Info("stopped")
	}
	return err
}

// work runs every loop until the context ends and they have come to rest, or
// until one of them cannot go on: that is its error. Serve is one of them; quiet
// ends it. The sender goes last, so that what the workers said on their way out
// is sent, and after it only the sign that this replica lives.
func (s *service) work(ctx context.Context, serve func() error, quiet func()) error {
	leave, err := s.db.Appear(ctx)
	if err != nil {
		return s.unreachable("DATABASE_URL", err)
	}
	defer leave()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	var web, sender, others sync.WaitGroup
	var broken error
	var once sync.Once
	do := func(group *sync.WaitGroup, f func() error) {
		group.Go(func() {
			if err := f(); err != nil {
				once.Do(func() { broken = err })
				stop()
			}
		})
	}
	do(&web, serve)
	sender.Go(func() { s.sender.Run(sending) })
	others.Go(func() { s.worker.Run(ctx) })
	others.Go(func() { s.scheduler.Run(ctx) })
	others.Go(func() { s.watch(ctx) })
	do(&others, func() error { return s.meet(ctx) })
	if s.own != nil {
		do(&others, func() error { return s.own.Keep(ctx) })
	}
	<-ctx.Done()
	quiet()
	web.Wait()
	others.Wait()
	stopSending()
	sender.Wait()
	return broken
}

// meet gets to know Telegram, which may take as long as it is away, and then
// takes updates from it.
func (s *service) meet(ctx context.Context) error {
	if err := s.greet(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	var others sync.WaitGroup
	defer others.Wait()
	others.Go(func() { s.hook.run(ctx) })
	if s.webhook == nil {
		others.Go(func() { s.poller.Run(ctx) })
	}
	return s.introduce(ctx)
}

// greet asks Telegram who the bot is and says where updates go. What Telegram
// refuses ends the start; while it is away it is asked again, and everything
// that needs no Telegram goes on.
func (s *service) greet(ctx context.Context) error {
	var username string
	odd := 0
	err := s.insist(ctx, func() (err error) {
		_, username, err = s.client.Me(ctx)
		if odd++; !strange(err) {
			odd = 0
		} else if odd == mostStrange {
			return errNotTelegram
		}
		return err
	})
	switch {
	case errors.Is(err, errNotTelegram):
		return errNotTelegram
	case err != nil:
		return &configError{"TELEGRAM_TOKEN", "is not known to Telegram", "123456789:AAF…"}
	}
	s.worker.Call(username)
	s.desk.Call(username)
	if s.webhook != nil {
		err = s.insist(ctx, func() error { return s.hook.claim(ctx) })
		switch {
		case err != nil && !address(s.config.WebhookURL, "https"):
			return errPlainWebhook
		case err != nil:
			return &configError{"WEBHOOK_URL", "was refused by Telegram", "https://koprik.example.uz"}
		}
	}
	if ctx.Err() == nil {
		s.known.Store(true)
		s.log.Info("ready", "bot", username, "http", s.at, "mode", s.config.Mode)
	}
	return nil
}

// hookConnections is how many posts Telegram makes at once.
const hookConnections = 6

// mostStrange is how many answers in a row that are none of the Bot API end the
// start: one may be that of a proxy that is just being started.
const mostStrange = 3

// errNotTelegram says that TELEGRAM_API_URL leads somewhere else.
var errNotTelegram = &configError{"TELEGRAM_API_URL", "leads to something that answers and is not the Bot API", officialAPI}

// strange tells whether an answer is none of the Bot API, though nothing there
// is out of order: a proxy that finds no server behind it says so with a 5xx.
func strange(err error) bool {
	f := bot.FailureOf(err)
	return f != nil && f.Cause == bot.Garbage
}

// insist makes a call again and again while it fails for a reason that may
// pass. It returns what Telegram refuses for good, and nil when the context
// ends.
func (s *service) insist(ctx context.Context, call func() error) error {
	for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, 10*time.Second) {
		err := call()
		if errors.Is(err, errNotTelegram) {
			return err
		}
		f := bot.FailureOf(err)
		if f == nil || f.Kind == bot.Refused || f.Cause == bot.Unauthorized {
			return err
		}
		if ctx.Err() != nil {
			break
		}
		pause := max(wait, f.Wait)
		s.log.Warn("Telegram does not answer, trying again", "address", s.config.APIURL, "error", f, "wait", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

func (s *service) webhookHandler() http.Handler {
	if s.webhook == nil {
		return nil
	}
	return s.webhook
}

// ready tells whether the bot can do its work: Redis may be away.
func (s *service) ready(ctx context.Context) error {
	if !s.known.Load() {
		return web.NotReady("telegram")
	}
	if s.db.Ping(ctx) != nil {
		return web.NotReady("database")
	}
	if !s.db.Writes() {
		return web.NotReady("writes")
	}
	if lame(s.lost(), wall()) {
		return web.NotReady("updates")
	}
	return nil
}

// lame tells whether updates have not come for too long.
func lame(since, now time.Time) bool { return !since.IsZero() && now.Sub(since) > time.Minute }

// introduce sets what people see of the bot in Telegram before they write. The
// bot does its work without it.
func (s *service) introduce(ctx context.Context) error {
	for code, lang := range map[string]mahalla.Language{"": mahalla.UzLatn, "uz": mahalla.UzLatn, "ru": mahalla.Ru} {
		i, err := s.desk.Introduce(lang, s.now())
		if err != nil {
			return err
		}
		err = s.client.SetCommands(ctx, 0, code, i.Commands)
		if err == nil {
			err = s.client.SetGroupCommands(ctx, code, i.InGroups)
		}
		if err == nil {
			err = s.client.SetDescriptions(ctx, code, i.Description, i.Short)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Warn("commands and description could not be set", "error", err)
		}
	}
	return nil
}
