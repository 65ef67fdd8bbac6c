package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"koprik/casework"
	"koprik/locales"
	"koprik/storage"
	"koprik/storage/local"
)

// house is everything that stands on the data: what every command needs.
type house struct {
	config config
	now    func() time.Time
	log    *slog.Logger
	seals  *storage.Seals
	db     *storage.DB
	redis  storage.Redis
	acks   *storage.Acks
	desk   *casework.Desk
	url    string // of the database
	beside bool   // a command that may be run while the bot runs
	close  []func()
}

// openHouse opens the data: servers of our own where none are named, the
// schema brought up to date, reference data in place.
func openHouse(ctx context.Context, c config, beside bool, now func() time.Time, log *slog.Logger) (_ *house, err error) {
	h := &house{config: c, beside: beside, now: now, log: log}
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	if err := os.MkdirAll(c.DataDir, 0o755); err != nil {
		return nil, &configError{"DATA_DIR", "names a directory that cannot be made", "./data"}
	}
	if h.seals, err = storage.OpenSeals(c.KeyFile, true); err != nil {
		return nil, &configError{"KEY_FILE", "names a file that cannot be read or made, or holds no keys of ours", "/srv/koprik/keys.json"}
	}
	if err := h.openDatabase(ctx); err != nil {
		return nil, err
	}
	if err := h.openRedis(); err != nil {
		return nil, err
	}
	return h, h.openDesk(ctx)
}

func (h *house) openDatabase(ctx context.Context) error {
	h.url = h.config.DatabaseURL
	if h.url == "" {
		if err := h.ownDatabase(ctx); err != nil {
			return err
		}
	}
	if _, err := storage.Migrate(ctx, h.url); err != nil {
		return h.unreachable("DATABASE_URL", err)
	}
	db, err := storage.Open(ctx, storage.Options{URL: h.url}, h.seals)
	if err != nil {
		return h.unreachable("DATABASE_URL", err)
	}
	h.db = db
	h.later(db.Close)
	return nil
}

// ownDatabase starts a PostgreSQL below the data directory. A command that is
// run beside the bot uses the one that the bot has started.
func (h *house) ownDatabase(ctx context.Context) error {
	own, err := local.Postgres(ctx, local.Options{Dir: h.config.DataDir, Durable: true, Log: h.log})
	if errors.Is(err, local.ErrInUse) && h.beside {
		if url, ok := local.Running(h.config.DataDir); ok {
			h.url = url
			return nil
		}
	}
	if err != nil {
		return err
	}
	h.later(func() {
		if err := own.Stop(); err != nil {
			h.log.Error("PostgreSQL did not stop in order", "error", err)
		}
	})
	h.url = own.URL()
	return nil
}

// unreachable names the variable behind a server that does not answer. The
// cause may hold the address with its password, so it stays out.
func (h *house) unreachable(name string, err error) error {
	h.log.Debug("a server did not answer", "variable", name, "error", fmt.Sprintf("%T", errors.Unwrap(err)))
	var old *storage.VersionError
	if errors.As(err, &old) {
		return old
	}
	return &configError{name, "names a server that does not answer or refuses us", map[string]string{
		"DATABASE_URL": "postgres://koprik@localhost:5432/koprik", "REDIS_URL": "redis://localhost:6379/0"}[name]}
}

func (h *house) openRedis() error {
	url := h.config.RedisURL
	if url == "" && h.beside {
		return nil // Redis lives inside the bot's process; PostgreSQL answers for it
	}
	if url == "" {
		own, err := local.Redis()
		if err != nil {
			return err
		}
		h.later(own.Stop)
		url = own.URL()
	}
	client, err := storage.OpenRedis(url)
	if err != nil {
		return &configError{"REDIS_URL", "is not an address of Redis", "redis://localhost:6379/0"}
	}
	h.redis = client
	h.later(func() { _ = client.Close() })
	h.acks = storage.NewAcks(client)
	return nil
}

func (h *house) openDesk(ctx context.Context) error {
	catalogue, err := locales.Load()
	if err != nil {
		return err
	}
	stems, err := locales.EmergencyStems()
	if err != nil {
		return err
	}
	h.desk = casework.NewDesk(catalogue, stems, h.acks)
	return h.db.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.Seed(h.now()); err != nil {
			return err
		}
		_, err := h.desk.Refresh(tx, h.now())
		return err
	})
}

// later remembers what to undo, in reverse order, when the house closes.
func (h *house) later(f func()) { h.close = append(h.close, f) }

// Close closes everything that was opened.
func (h *house) Close() {
	for i := len(h.close) - 1; i >= 0; i-- {
		h.close[i]()
	}
	h.close = nil
}
