package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"koprik/bot"
	"koprik/bot/simulator"
)

func TestAWebhookThatSomebodyElseHasSetIsReportedAndPutRight(t *testing.T) {
	t.Parallel()
	const theirs = "https://user:pass@evil.example/very-secret-path?token=very-secret-query"
	ours := config{Mode: "webhook", WebhookURL: "https://koprik.example.uz", WebhookSecret: "sixteen-letters-of-secret"}
	for _, row := range []struct {
		name   string
		config config
		posted string // by whoever has the token
		host   string
		want   string // where updates go afterwards
	}{
		{"polled, a webhook is set", config{Mode: "poll"}, theirs, "evil.example", ""},
		{"a webhook, another is set", ours, theirs, "evil.example", ours.webhookAddress()},
		{"a webhook, it is taken away", ours, "", `host=""`, ours.webhookAddress()},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
			clock := func() time.Time { return now }
			telegram := simulator.New(simulator.Config{Now: clock})
			t.Cleanup(telegram.Close)
			server := httptest.NewServer(telegram)
			t.Cleanup(server.Close)
			client, err := bot.NewClient(bot.ClientOptions{Token: telegram.Token(), URL: server.URL})
			orFail(t, err)
			t.Cleanup(client.Close)
			var said bytes.Buffer
			registry := prometheus.NewRegistry()
			w := newHookWatch(client, row.config, func() time.Time { return time.Time{} }, clock, slog.New(slog.NewTextHandler(&said, nil)), registry)
			every := hookEvery
			if row.config.Mode == "webhook" {
				every = hookSoon
			}
			set := func(address string) {
				if address == "" {
					orFail(t, client.DeleteWebhook(t.Context()))
				} else {
					orFail(t, client.SetWebhook(t.Context(), address, "", 1))
				}
			}
			looks := func(after time.Duration, foreign float64, lines int) {
				t.Helper()
				now = now.Add(after)
				w.beat(t.Context())
				families, err := registry.Gather()
				orFail(t, err)
				if got := families[1].GetMetric()[0].GetGauge().GetValue(); got != foreign {
					t.Errorf("koprik_webhook_foreign: got %v, want %v", got, foreign)
				}
				if got := strings.Count(said.String(), "\n"); got != lines {
					t.Errorf("lines of the log: got %d, want %d:\n%s", got, lines, said.String())
				}
			}
			set(row.want)
			looks(hookEvery, 0, 0)
			set(row.posted)
			looks(every-time.Second, 0, 0) // not due yet
			looks(time.Second, 1, 1)
			if info, err := client.WebhookInfo(t.Context()); err != nil || info.URL != row.want {
				t.Errorf("updates go to %q, %v, want %q", info.URL, err, row.want)
			}
			looks(hookEvery, 0, 1)
			if got := said.String(); !strings.Contains(got, "level=ERROR") || !strings.Contains(got, row.host) || strings.Contains(got, "secret") || strings.Contains(got, "pass") {
				t.Errorf("got %q, want an error with the host and no more of the address", got)
			}
		})
	}
}

// TestAWebhookThatTakesNothingIsSeenAndSetAgain lets posts fail in the ways in which
// the address stays ours: the bot was wholly deaf, and everything else was well.
func TestAWebhookThatTakesNothingIsSeenAndSetAgain(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		answer func(secret string) int // of the proxy and the bot behind it
		secret string                  // that somebody has set
		heals  bool                    // by setting the webhook again
		gauges [2]float64              // deaf and foreign, at the first look
	}{
		{"another secret", func(s string) int {
			if s != "sixteen-letters-of-secret" {
				return http.StatusUnauthorized
			}
			return http.StatusOK
		}, "another-secret", true, [2]float64{1, 1}},
		{"a proxy without a bot behind it", func(string) int { return http.StatusBadGateway }, "sixteen-letters-of-secret", false, [2]float64{1, 0}},
		{"all is well", func(string) int { return http.StatusOK }, "sixteen-letters-of-secret", true, [2]float64{0, 0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			telegram := simulator.New(simulator.Config{})
			t.Cleanup(telegram.Close)
			server := httptest.NewServer(telegram)
			t.Cleanup(server.Close)
			client, err := bot.NewClient(bot.ClientOptions{Token: telegram.Token(), URL: server.URL})
			orFail(t, err)
			t.Cleanup(client.Close)
			posts := make(chan struct{}, 1000)
			ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(row.answer(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")))
				select {
				case posts <- struct{}{}:
				default:
				}
			}))
			t.Cleanup(ours.Close)
			c := config{Mode: "webhook", WebhookURL: ours.URL, WebhookSecret: "sixteen-letters-of-secret"}
			registry := prometheus.NewRegistry()
			var ahead time.Duration
			w := newHookWatch(client, c, func() time.Time { return time.Time{} }, func() time.Time { return time.Now().Add(ahead) }, slog.New(slog.DiscardHandler), registry)
			looks := func(want [2]float64) {
				t.Helper()
				ahead += hookSoon
				w.beat(t.Context())
				families, err := registry.Gather()
				orFail(t, err)
				got := [2]float64{families[0].GetMetric()[0].GetGauge().GetValue(), families[1].GetMetric()[0].GetGauge().GetValue()}
				if got != want {
					t.Errorf("deaf and foreign: got %v, want %v", got, want)
				}
			}
			orFail(t, client.SetWebhook(t.Context(), c.webhookAddress(), row.secret, 1))
			looks([2]float64{}) // nobody has written yet
			before := w.heard()
			telegram.AddPerson(simulator.Person{Key: "anvar", FirstName: "Anvar", Language: "uz", Phone: "+998901234567"}).Start("")
			<-posts
			waits(t, client, row.answer(row.secret) != http.StatusOK)
			looks(row.gauges)
			if deaf := row.gauges[0] == 1; deaf != w.heard().Equal(before) || deaf == w.lost().IsZero() {
				t.Errorf("deaf %v: heard until %s, before it until %s, lost since %s", deaf, w.heard(), before, w.lost())
			}
			if row.gauges[0] == 0 {
				return
			}
			waits(t, client, !row.heals)
			if row.heals {
				looks([2]float64{0, 1}) // the alarm stands for five minutes
				if !w.heard().After(before) || !w.lost().IsZero() {
					t.Errorf("mended: heard until %s, lost since %s", w.heard(), w.lost())
				}
			}
		})
	}
}

// waits waits until updates wait at Telegram with a failure, or none does.
func waits(t *testing.T, client *bot.Client, want bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		info, err := client.WebhookInfo(t.Context())
		orFail(t, err)
		if want == (info.Waiting > 0) && want == (info.LastError != "") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("got %+v, want some to wait: %v", info, want)
		}
	}
}

// TestAFailureOfThePostsCountsOnlyWhileItIsNews looks at what Telegram may say.
func TestAFailureOfThePostsCountsOnlyWhileItIsNews(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name    string
		mode    string
		waiting int
		failed  time.Duration // ago; 0: nothing failed
		took    time.Duration // ago; 0: nothing was taken
		set     time.Duration // ago; 0: not by this replica
		want    bool
	}{
		{"a failure", "webhook", 1, time.Second, 0, time.Hour, true},
		{"the last failure before Telegram tries again", "webhook", 1, 80 * time.Second, 2 * time.Minute, 0, true},
		{"nothing waits", "webhook", 0, time.Second, 0, time.Hour, false},
		{"nothing failed", "webhook", 5, 0, 0, time.Hour, false},
		{"long ago", "webhook", 5, 2 * time.Minute, 0, time.Hour, false},
		{"taken since", "webhook", 5, 20 * time.Second, 5 * time.Second, time.Hour, false},
		{"set since", "webhook", 5, 20 * time.Second, 0, 5 * time.Second, false},
		{"polling", "poll", 5, time.Second, 0, 0, false},
	} {
		ago := func(d time.Duration) time.Time {
			if d == 0 {
				return time.Time{}
			}
			return now.Add(-d)
		}
		w := &hookWatch{config: config{Mode: row.mode}, took: func() time.Time { return ago(row.took) }}
		if row.set != 0 {
			w.set.Store(ago(row.set).UnixNano())
		}
		info := bot.WebhookInfo{Waiting: row.waiting, FailedAt: ago(row.failed)}
		if row.failed != 0 {
			info.LastError = "Wrong response from the webhook: 502 Bad Gateway"
		}
		if got := w.failing(info, now); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
	if says := (config{Mode: "webhook", WebhookURL: "https://koprik.example.uz"}).stray(bot.WebhookInfo{URL: "https://koprik.example.uz/telegram", Altered: true}); says == "" {
		t.Error("under another certificate: got nothing, want words")
	}
}

func orFail(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
