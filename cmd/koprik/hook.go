package main

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"koprik/bot"
)

// stray says what is wrong with the way that Telegram posts updates, and nothing
// when it is as this installation wants it. Whoever has the token can change it.
func (c config) stray(info bot.WebhookInfo) string {
	switch {
	case c.Mode != "webhook" && info.URL != "":
		return "Telegram posts them to a webhook, and TELEGRAM_MODE is poll: the bot takes the webhook away; when it comes back, another installation has the same token"
	case c.Mode == "webhook" && info.URL == "":
		return "Telegram knows of no webhook: start the bot, which sets it"
	case c.Mode == "webhook" && info.URL != c.webhookAddress():
		return "Telegram posts them to another address than WEBHOOK_URL: another installation has the same token, or the bot was not started since"
	case c.Mode == "webhook" && info.Altered:
		return "Telegram posts them under another certificate or leaves kinds of them out: another installation has the same token, or the bot was not started since"
	}
	return ""
}

// How a running bot watches the way of the updates.
const (
	hookEvery = 5 * time.Minute  // it asks when it polls, and sets a webhook again that fails; so long an alarm stands
	hookSoon  = 10 * time.Second // it asks with a webhook: until then it has heard what people did
	hookFresh = 90 * time.Second // a failure counts: Telegram tries again within a minute
)

// hookWatch notices that updates do not find their way here: somebody else has
// changed it, a sign that the token is known to others, or posts fail.
type hookWatch struct {
	client  *bot.Client
	config  config
	took    func() time.Time // when a post was stored last; nil when polling
	wall    func() time.Time
	log     *slog.Logger
	foreign prometheus.Gauge
	deaf    prometheus.Gauge
	next    time.Time    // when it is asked again
	again   time.Time    // when a webhook that fails is set again
	calm    time.Time    // when koprik_webhook_foreign may fall
	set     atomic.Int64 // when the webhook was set last; what failed before says nothing
	good    atomic.Int64 // when updates were last known to find their way
	since   atomic.Int64 // since when they do not; 0 while they do
}

// newHookWatch makes a watcher. When polling its first look is due five minutes from
// now: at the start the bot itself takes a webhook away.
func newHookWatch(client *bot.Client, c config, took, wall func() time.Time, log *slog.Logger, reg prometheus.Registerer) *hookWatch {
	w := &hookWatch{client: client, config: c, took: took, wall: wall, log: log,
		foreign: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "koprik_webhook_foreign", Help: "1 when in the last five minutes Telegram posted updates where or as this installation did not want them."}),
		deaf: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "koprik_webhook_deaf", Help: "1 while updates wait at Telegram and do not find their way to the webhook."})}
	if c.Mode != "webhook" {
		w.next = wall().Add(hookEvery)
	}
	reg.MustRegister(w.foreign, w.deaf)
	return w
}

// run looks whenever it is due, until the context ends.
func (w *hookWatch) run(ctx context.Context) {
	w.beat(ctx)
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

// beat looks if it is due, and puts right what it finds: what cannot be put right
// now is found again. While Telegram is away nothing is known.
func (w *hookWatch) beat(ctx context.Context) {
	now := w.wall()
	if now.Before(w.next) {
		return
	}
	w.next = now.Add(hookEvery)
	if w.config.Mode == "webhook" {
		w.next = now.Add(hookSoon)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	info, err := w.client.WebhookInfo(ctx)
	if err != nil {
		return
	}
	failing := w.failing(info, now)
	says := w.strayed(info, failing)
	w.tell(now, says != "", failing)
	if says != "" {
		err := w.mend(ctx)
		w.log.Error("the way of the updates was changed by somebody else: "+says, "host", hostOf(info.URL), "mended", err == nil)
	} else if failing && !now.Before(w.again) {
		w.again = now.Add(hookEvery)
		err := w.mend(ctx)
		w.log.Error("updates wait at Telegram and do not reach the webhook: koprik doctor says why", "waiting", info.Waiting, "set again", err == nil)
	}
}

// strayed is stray, and knows another secret than ours by what our webhook answers.
func (w *hookWatch) strayed(info bot.WebhookInfo, failing bool) string {
	says := w.config.stray(info)
	if says == "" && failing && strings.Contains(info.LastError, "401") {
		says = "Telegram posts them with another secret than WEBHOOK_SECRET: another installation has the same token, or replicas have different secrets"
	}
	return says
}

// failing tells whether updates wait because a post has failed lately, and none was
// taken here since.
func (w *hookWatch) failing(info bot.WebhookInfo, now time.Time) bool {
	return w.config.Mode == "webhook" && info.Waiting > 0 && info.LastError != "" && now.Sub(info.FailedAt) < hookFresh &&
		info.FailedAt.UnixNano() > w.set.Load() && w.took().Before(info.FailedAt.Add(time.Second))
}

// tell keeps what a look has found for the metrics and for heard and lost.
func (w *hookWatch) tell(now time.Time, strayed, failing bool) {
	switch {
	case strayed:
		w.calm = now.Add(hookEvery)
		w.foreign.Set(1)
	case !now.Before(w.calm):
		w.foreign.Set(0)
	}
	if !strayed && !failing {
		w.good.Store(now.UnixNano())
		w.since.Store(0)
		w.deaf.Set(0)
		return
	}
	w.since.CompareAndSwap(0, now.UnixNano())
	if w.config.Mode == "webhook" {
		w.deaf.Set(1)
	}
}

// mend makes the way of the updates ours again.
func (w *hookWatch) mend(ctx context.Context) error {
	if w.config.Mode != "webhook" {
		return w.client.DeleteWebhook(ctx)
	}
	return w.claim(ctx)
}

// claim asks Telegram to post updates here.
func (w *hookWatch) claim(ctx context.Context) error {
	err := w.client.SetWebhook(ctx, w.config.webhookAddress(), w.config.WebhookSecret, hookConnections)
	if err == nil {
		w.set.Store(w.wall().UnixNano())
	}
	return err
}

// heard tells until when what people did has found its way to the webhook; the zero
// time while that is not known.
func (w *hookWatch) heard() time.Time { return moment(w.good.Load()) }

// lost tells since when updates do not find their way to the webhook; the zero time
// while they do.
func (w *hookWatch) lost() time.Time { return moment(w.since.Load()) }

func moment(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns)
}

// hostOf is all of an address that is logged: its path may be a secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
