package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strconv"
	"time"

	"koprik/storage"
)

// IntakeOptions are what the intake needs.
type IntakeOptions struct {
	DB      *storage.DB
	Wake    func()           // the workers; may be nil
	Wall    func() time.Time // for Webhook.Took; may be nil
	Metrics *Metrics
	Log     *slog.Logger
}

// Intake puts raw updates into the inbox, each under the natural key of what
// happened, so that a repetition is known as one. It reads a few ids and
// nothing else.
type Intake struct{ o IntakeOptions }

// NewIntake makes an intake.
func NewIntake(o IntakeOptions) *Intake {
	if o.Metrics == nil {
		o.Metrics = NewMetrics(nil)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Intake{o}
}

// Store stores a batch. When it returns nil, everything is committed and may be
// confirmed; what cannot be read is in quarantine. Next is the offset that
// confirms the batch, 0 when no element had an id.
func (in *Intake) Store(ctx context.Context, batch []json.RawMessage) (next int64, err error) {
	rows := make([]storage.Update, 0, len(batch))
	for _, raw := range batch {
		e, ok := open(raw)
		next = max(next, e.ID+1)
		if !ok {
			if err := in.putAside(ctx, raw); err != nil {
				return 0, err
			}
			continue
		}
		dedup, chat := e.key(raw)
		rows = append(rows, storage.Update{Dedup: dedup, UpdateID: e.ID, Chat: chat, Payload: raw})
	}
	fresh, err := in.o.DB.StoreUpdates(ctx, rows)
	if err != nil {
		return 0, err
	}
	storage.FailPoint("after_inbox")
	in.o.Metrics.stored.Add(float64(fresh))
	in.o.Metrics.repeated.Add(float64(len(rows) - fresh))
	if fresh > 0 && in.o.Wake != nil {
		in.o.Wake()
	}
	if next == 1 { // from ids of 0, which is none
		next = 0
	}
	return next, nil
}

func (in *Intake) putAside(ctx context.Context, raw []byte) error {
	if err := in.o.DB.StoreQuarantined(ctx, "q:"+digest(raw), raw, "unreadable"); err != nil {
		return err
	}
	in.o.Metrics.quarantined.WithLabelValues("unreadable").Inc()
	in.o.Log.Error("an update cannot be read; it is in quarantine", "digest", digest(raw), "bytes", len(raw))
	return nil
}

// envelope is what the intake reads of an update.
type envelope struct {
	ID      int64 `json:"update_id"`
	Message *struct {
		ID   int64  `json:"message_id"`
		Chat chatID `json:"chat"`
	} `json:"message"`
	Edited   json.RawMessage `json:"edited_message"`
	Callback *struct {
		ID   string `json:"id"`
		From chatID `json:"from"`
	} `json:"callback_query"`
	Member *struct {
		Chat chatID `json:"chat"`
		Date int64  `json:"date"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`

	edited edited
}

type chatID struct {
	ID int64 `json:"id"`
}

type edited struct {
	ID   int64  `json:"message_id"`
	Date int64  `json:"edit_date"`
	Chat chatID `json:"chat"`
}

// open reads the envelope. The id may be known also when the rest is not.
func open(raw []byte) (envelope, bool) {
	var e envelope
	err := json.Unmarshal(raw, &e)
	if err == nil && e.Edited != nil {
		err = json.Unmarshal(e.Edited, &e.edited)
	}
	if e.ID < 0 || e.ID >= 1<<62 {
		return envelope{}, false
	}
	return e, err == nil && e.ID != 0
}

// key is the natural key of what happened, and the chat whose order counts.
// Update ids may begin again lower, so they are a key of last resort.
func (e envelope) key(raw []byte) (string, int64) {
	switch {
	case e.Message != nil && e.Message.ID != 0:
		return join("m", e.Message.Chat.ID, e.Message.ID), e.Message.Chat.ID
	case e.edited.ID != 0:
		return join("e", e.edited.Chat.ID, e.edited.ID, e.edited.Date) + ":" + digest(e.Edited), e.edited.Chat.ID
	case e.Callback != nil && e.Callback.ID != "":
		return "c:" + word(e.Callback.ID), e.Callback.From.ID
	case e.Member != nil:
		return join("b", e.Member.Chat.ID, e.Member.Date) + ":" + word(e.Member.New.Status), e.Member.Chat.ID
	}
	return join("u", e.ID) + ":" + digest(raw), 0
}

func join(kind string, ids ...int64) string {
	b := []byte(kind)
	for _, id := range ids {
		b = strconv.AppendInt(append(b, ':'), id, 10)
	}
	return string(b)
}

// word is a string from outside as part of a key. PostgreSQL takes no zero
// bytes, and one such key would hold up the whole batch.
func word(s string) string {
	if len(s) <= 64 && plain(s) {
		return s
	}
	return digest([]byte(s))
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
