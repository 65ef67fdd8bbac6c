// Package web serves HTTP: whether the program lives and is ready, its metrics,
// Telegram's webhook, and the private calendars of people, which name nobody.
package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"koprik/casework"
)

// Options are what the server shows.
type Options struct {
	Ready   func(context.Context) error // nil when the program can do its work
	Metrics http.Handler
	Webhook http.Handler // nil when updates are polled
	Path    string       // of the webhook

	// Calendar is what an address leads to; nil when nobody has it. Without it no
	// calendar is served.
	Calendar func(ctx context.Context, token string) ([]byte, error)
	Now      func() time.Time
}

// NotReady is an error of Options.Ready that says in one word what is missing;
// the word is shown.
type NotReady string

// Error says so.
func (w NotReady) Error() string { return "not ready: " + string(w) }

// WebhookPath is where Telegram posts updates when the public address names no
// path.
const WebhookPath = "/telegram"

// readyPatience bounds the question whether the program is ready.
const readyPatience = 2 * time.Second

// Handler answers every path of the program's own server.
func Handler(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyPatience)
		defer cancel()
		var missing NotReady
		switch err := o.Ready(ctx); {
		case errors.As(err, &missing):
			answer(w, http.StatusServiceUnavailable, missing.Error())
			return
		case err != nil: // the cause may name hosts; it belongs in the log, not here
			answer(w, http.StatusServiceUnavailable, "not ready")
			return
		}
		answer(w, http.StatusOK, "ready")
	})
	mux.Handle("GET /metrics", o.Metrics)
	if o.Webhook != nil {
		mux.Handle(o.Path, o.Webhook)
	}
	if o.Calendar != nil {
		mux.Handle("GET "+casework.CalendarPath, newFeeds(o))
	}
	return mux
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // the client may be gone
}

// Server bounds how long a client may take.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
}
