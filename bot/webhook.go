package bot

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"koprik/storage"
)

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	mostBody     = 1 << 20
	storeTime    = 2 * time.Second // for the database, a free connection included
)

// Webhook takes updates that Telegram posts. What it answers:
//
//	stored, or stored before        200, empty: a body could be taken for a call
//	wrong or absent secret          401, body unread
//	not POST                        405
//	not JSON                        415
//	over 1 MiB                      413
//	right secret, cannot be read    200, kept in quarantine: an error would
//	                                hold up that chat for a day
//	database away or busy for 2 s   503, Retry-After 5
//	stopping                        503, Retry-After 1
//
// How long a body may take to arrive is for the server around it to bound.
type Webhook struct {
	intake   *Intake
	secret   []byte
	metrics  *Metrics
	log      *slog.Logger
	stopping atomic.Bool
	took     atomic.Int64
}

// NewWebhook makes a webhook; the secret is the one that was given to Telegram.
func NewWebhook(intake *Intake, secret string) *Webhook {
	if secret == "" {
		panic("bot: a webhook without a secret takes updates from anybody")
	}
	return &Webhook{intake: intake, secret: []byte(secret), metrics: intake.o.Metrics, log: intake.o.Log}
}

// Stop refuses everything that comes from now on; Telegram will repeat it.
func (h *Webhook) Stop() { h.stopping.Store(true) }

// ServeHTTP takes one update.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := h.serve(w, r)
	h.metrics.webhook.WithLabelValues(strconv.Itoa(status)).Inc()
	w.WriteHeader(status)
}

func (h *Webhook) serve(w http.ResponseWriter, r *http.Request) int {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), h.secret) != 1 {
		w.Header().Set("Connection", "close") // so that the server does not read the body either
		return http.StatusUnauthorized
	}
	if h.stopping.Load() {
		w.Header().Set("Retry-After", "1")
		return http.StatusServiceUnavailable
	}
	if status := check(r); status != 0 {
		w.Header().Set("Connection", "close")
		return status
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return http.StatusRequestEntityTooLarge
		}
		return http.StatusBadRequest // cut off; it will be repeated
	}
	return h.store(w, r.Context(), body)
}

// check refuses what is no post of Telegram; 0 is fine.
func check(r *http.Request) int {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return http.StatusUnsupportedMediaType
	}
	if r.ContentLength > mostBody {
		return http.StatusRequestEntityTooLarge
	}
	return 0
}

func (h *Webhook) store(w http.ResponseWriter, ctx context.Context, body []byte) int {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if _, err := h.intake.Store(ctx, []json.RawMessage{body}); err != nil {
		h.log.Error("an update cannot be stored", "error", storage.Loggable(err))
		w.Header().Set("Retry-After", "5")
		return http.StatusServiceUnavailable
	}
	if h.intake.o.Wall != nil {
		h.took.Store(h.intake.o.Wall().UnixNano())
	}
	return http.StatusOK
}

// Took tells when an update was stored last that was posted here; the zero time when
// none was, and without a clock.
func (h *Webhook) Took() time.Time {
	if ns := h.took.Load(); ns != 0 {
		return time.Unix(0, ns)
	}
	return time.Time{}
}
