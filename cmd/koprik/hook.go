package main

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"koprik/bot"
)

// stray says what is wrong with the address to which Telegram posts updates, and
// nothing when it is as this installation wants it. Whoever has the token can
// change it.
func (c config) stray(posted string) string {
	switch {
	case c.Mode != "webhook" && posted != "":
		return "Telegram posts them to a webhook, and TELEGRAM_MODE is poll: the bot takes the webhook away; when it comes back, another installation has the same token"
	case c.Mode == "webhook" && posted == "":
		return "Telegram knows of no webhook: start the bot, which sets it"
	case c.Mode == "webhook" && posted != c.webhookAddress():
		return "Telegram posts them to another address than WEBHOOK_URL: another installation has the same token, or the bot was not started since"
	}
	return ""
}

// hookEvery is how often a running bot asks where Telegram posts updates.
const hookEvery = 5 * time.Minute

// hookWatch notices that somebody else has changed where Telegram posts updates:
// a sign that the token is known to others.
type hookWatch struct {
	client  *bot.Client
	config  config
	now     func() time.Time
	log     *slog.Logger
	foreign prometheus.Gauge
	next    time.Time // when it is asked again
}

// newHookWatch makes a watcher whose first look is due five minutes from now: at
// the start the bot itself sets the webhook or takes it away.
func newHookWatch(client *bot.Client, c config, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *hookWatch {
	w := &hookWatch{client: client, config: c, now: now, log: log, next: now().Add(hookEvery),
		foreign: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "koprik_webhook_foreign", Help: "1 when Telegram last posted updates where this installation did not want them."})}
	reg.MustRegister(w.foreign)
	return w
}

// run looks whenever it is due, until the context ends.
func (w *hookWatch) run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.beat(ctx)
		}
	}
}

// beat looks if it is due, and puts right what it finds, once: what cannot be put
// right now is found again. While Telegram is away nothing is known.
func (w *hookWatch) beat(ctx context.Context) {
	if w.now().Before(w.next) {
		return
	}
	w.next = w.now().Add(hookEvery)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	info, err := w.client.WebhookInfo(ctx)
	if err != nil {
		return
	}
	says := w.config.stray(info.URL)
	if says == "" {
		w.foreign.Set(0)
		return
	}
	w.foreign.Set(1)
	if w.config.Mode == "webhook" {
		err = w.client.SetWebhook(ctx, w.config.webhookAddress(), w.config.WebhookSecret, hookConnections)
	} else {
		err = w.client.DeleteWebhook(ctx)
	}
	w.log.Error("the way of the updates was changed by somebody else: "+says, "host", hostOf(info.URL), "mended", err == nil)
}

// hostOf is all of an address that is logged: its path may be a secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
