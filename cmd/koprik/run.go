package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
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
	scheduler *scheduler.Scheduler
	webhook   *bot.Webhook // nil when polling
	registry  *prometheus.Registry
	username  string
}

// newService puts the bot together. It asks Telegram who it is.
func newService(ctx context.Context, h *house) (*service, error) {
	sign := bot.NewSigner(h.seals.PressKey())
	client, err := bot.NewClient(bot.ClientOptions{Token: h.config.Token, URL: h.config.APIURL, Sign: sign})
	if err != nil {
		return nil, err
	}
	h.later(client.Close)
	s := &service{house: h, client: client, registry: prometheus.NewRegistry()}
	s.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if s.username, err = s.whoAmI(ctx); err != nil {
		return nil, err
	}
	metrics := bot.NewMetrics(s.registry)
	s.worker = bot.NewWorker(bot.WorkerOptions{
		DB: h.db, Client: client, Router: handlers.Router(h.desk), Ear: bot.Ear{Username: s.username, Buttons: sign},
		Now: h.now, Wall: time.Now, Metrics: metrics, Log: h.log,
	})
	s.sender = bot.NewSender(s.senderOptions(metrics))
	s.intake = bot.NewIntake(bot.IntakeOptions{DB: h.db, Wake: s.worker.Wake, Metrics: metrics, Log: h.log})
	h.db.OnNotice(s.sender.Wake)
	jobs, err := scheduler.Standing()
	if err != nil {
		return nil, err
	}
	s.scheduler = &scheduler.Scheduler{DB: h.db, Acks: h.acks, Desk: h.desk, Now: h.now, Log: h.log, Jobs: jobs}
	if h.config.Mode == "webhook" {
		s.webhook = bot.NewWebhook(s.intake, h.config.WebhookSecret)
	}
	return s, nil
}

func (s *service) senderOptions(metrics *bot.Metrics) bot.SenderOptions {
	o := bot.SenderOptions{
		DB: s.db, Client: s.client, Now: s.now, Wall: time.Now, Metrics: metrics, Log: s.log,
		Render: func(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			screen, err := s.desk.Draw(tx, m, s.now())
			if errors.Is(err, casework.ErrPointless) {
				return screen, bot.ErrPointless
			}
			return screen, err
		},
		Unreachable: func(tx *storage.Tx, m storage.Message) error { return s.desk.Unreachable(tx, m.Person, s.now()) },
	}
	if !s.config.NoLimits {
		o.Limiter, o.Pace = storage.NewLimits(s.redis, telegramRate, 1, time.Now), bot.Pace()
	}
	return o
}

// whoAmI asks Telegram for the bot's name. A token that Telegram refuses ends
// the start; while Telegram is away it is asked again.
func (s *service) whoAmI(ctx context.Context) (string, error) {
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		_, username, err := s.client.Me(ctx)
		if err == nil {
			return username, nil
		}
		if f := bot.FailureOf(err); f.Cause == bot.Unauthorized || f.Kind == bot.Refused {
			return "", &configError{"TELEGRAM_TOKEN", "is not known to Telegram", "123456789:AAF…"}
		}
		s.log.Warn("Telegram does not answer, trying again", "address", s.config.APIURL, "wait", wait)
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(wait):
		}
	}
}

// run serves until the context ends, then stops in order: nothing new is taken
// in, what is in hand is finished.
func (s *service) run(ctx context.Context) error {
	listener, err := net.Listen("tcp", s.config.HTTPAddr)
	if err != nil {
		return &configError{"HTTP_ADDR", "cannot be listened on: it is in use, or not ours", "127.0.0.1:8080"}
	}
	server := web.Server(web.Handler(web.Options{
		Ready: s.ready, Metrics: promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}), Webhook: s.webhookHandler(), Path: s.config.webhookPath(),
	}))
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	if err := s.introduce(ctx); err != nil {
		return err
	}
	s.log.Info("ready", "bot", s.username, "http", listener.Addr().String(), "mode", s.config.Mode)
	select {
	case err = <-failed:
		return fmt.Errorf("http: %w", err)
	default:
	}
	s.work(ctx)
	if s.webhook != nil {
		s.webhook.Stop()
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	_ = server.Shutdown(stop)
	s.log.Info("stopped")
	return nil
}

// work runs every loop until the context ends and they have come to rest. The
// sender goes last, so that what the workers said on their way out is sent.
func (s *service) work(ctx context.Context) {
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	var sender, others sync.WaitGroup
	sender.Go(func() { s.sender.Run(sending) })
	others.Go(func() { s.worker.Run(ctx) })
	others.Go(func() { s.scheduler.Run(ctx) })
	if s.webhook == nil {
		poller := bot.NewPoller(bot.PollerOptions{DB: s.db, Client: s.client, Intake: s.intake, Log: s.log})
		others.Go(func() { poller.Run(ctx) })
	}
	others.Wait()
	stopSending()
	sender.Wait()
}

func (s *service) webhookHandler() http.Handler {
	if s.webhook == nil {
		return nil
	}
	return s.webhook
}

// ready tells whether the bot can do its work: Redis may be away.
func (s *service) ready(ctx context.Context) error { return s.db.Ping(ctx) }

// introduce sets what people see of the bot in Telegram before they write, and
// where updates go. While Telegram is away the bot starts without it.
func (s *service) introduce(ctx context.Context) error {
	if s.webhook != nil {
		if err := s.client.SetWebhook(ctx, s.config.webhookAddress(), s.config.WebhookSecret, 6); err != nil {
			return &configError{"WEBHOOK_URL", "was refused by Telegram", "https://koprik.example.uz"}
		}
	}
	for code, lang := range map[string]mahalla.Language{"": mahalla.UzLatn, "uz": mahalla.UzLatn, "ru": mahalla.Ru} {
		i, err := s.desk.Introduce(lang, s.now())
		if err != nil {
			return err
		}
		if err := s.client.SetCommands(ctx, 0, code, i.Commands); err != nil {
			s.log.Warn("the list of commands could not be set", "error", err)
			continue
		}
		if err := s.client.SetDescriptions(ctx, code, i.Description, i.Short); err != nil {
			s.log.Warn("the description could not be set", "error", err)
		}
	}
	return nil
}
