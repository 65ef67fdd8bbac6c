package main

import (
	"bytes"
	"log/slog"
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
			w := newHookWatch(client, row.config, clock, slog.New(slog.NewTextHandler(&said, nil)), registry)
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
				if got := families[0].GetMetric()[0].GetGauge().GetValue(); got != foreign {
					t.Errorf("koprik_webhook_foreign: got %v, want %v", got, foreign)
				}
				if got := strings.Count(said.String(), "\n"); got != lines {
					t.Errorf("lines of the log: got %d, want %d:\n%s", got, lines, said.String())
				}
			}
			set(row.want)
			looks(hookEvery, 0, 0)
			set(row.posted)
			looks(hookEvery-time.Second, 0, 0) // not due yet
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

func orFail(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
