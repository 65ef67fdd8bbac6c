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
	url    string        // of the database
	own    *local.Server // PostgreSQL of our own; nil when DATABASE_URL names one
	beside bool          // a command that may be run while the bot runs
	close  []func()
}

// openHouse opens the data: servers of our own where none are named, the
// schema brought up to date, reference data in place. A command that may be run
// beside the bot makes nothing and changes no schema: what is not there yet, the
// bot makes at its first start.
func openHouse(ctx context.Context, c config, beside bool, now func() time.Time, log *slog.Logger) (_ *house, err error) {
	h := &house{config: c, beside: beside, now: now, log: log}
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	if !beside {
		if err := os.MkdirAll(c.DataDir, 0o755); err != nil {
			return nil, &configError{"DATA_DIR", "names a directory that cannot be made" + why(err), "./data"}
		}
	}
	for _, step := range []func(context.Context) error{
		h.findDatabase, h.matchSchema, h.openKeys, h.openDatabase, h.openRedis, h.openDesk,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// findDatabase finds out where the database is, and starts one of our own.
func (h *house) findDatabase(ctx context.Context) error {
	if h.url = h.config.DatabaseURL; h.url != "" {
		return nil
	}
	if h.beside && !local.Exists(h.config.DataDir) {
		return h.nothing()
	}
	return h.ownDatabase(ctx)
}

// nothing says that there is no installation yet, or that it is elsewhere.
func (h *house) nothing() error {
	if h.config.DatabaseURL != "" {
		return errors.New("nothing in the database that DATABASE_URL names: start the bot on it first (koprik run)")
	}
	return fmt.Errorf("nothing at %s: start in the directory of the bot or set DATA_DIR (koprik run makes what is missing)", h.config.DataDir)
}

// matchSchema brings the schema up to date, or checks that it is.
func (h *house) matchSchema(ctx context.Context) error {
	if !h.beside {
		if _, err := storage.Migrate(ctx, h.url); err != nil {
			return h.unreachable("DATABASE_URL", err)
		}
		return nil
	}
	stands, newest, err := storage.Schema(ctx, h.url)
	switch {
	case err != nil:
		return h.unreachable("DATABASE_URL", err)
	case stands == 0:
		return h.nothing()
	case stands < newest:
		return errors.New("the database is older than this program: start the bot of the same version first, or koprik migrate")
	}
	return nil
}

func (h *house) openDatabase(ctx context.Context) error {
	db, err := storage.Open(ctx, storage.Options{URL: h.url, Wall: wall}, h.seals)
	if err != nil {
		return h.unreachable("DATABASE_URL", err)
	}
	h.db = db
	h.later(db.Close)
	return nil
}

// openKeys opens the key file that the database was sealed with.
func (h *house) openKeys(ctx context.Context) (err error) {
	if h.beside {
		h.seals, err = storage.FindSeals(ctx, h.url, h.config.KeyFile)
	} else {
		h.seals, err = storage.KeepSeals(ctx, h.url, h.config.KeyFile)
	}
	wrong := ""
	switch {
	case err == nil:
		return nil
	case errors.Is(err, storage.ErrUnsealed):
		return h.nothing()
	case errors.Is(err, storage.ErrNoKeys):
		wrong = h.config.noKeys() + ", though the database was sealed with its keys: put your copy of it back"
	case errors.Is(err, storage.ErrOtherKeys):
		wrong = "names a file with other keys than the database was sealed with: put your copy of the right one back"
	case errors.As(err, new(*storage.KeyFileError)):
		wrong = h.config.unfit(err)
	default:
		return h.unreachable("DATABASE_URL", err)
	}
	return &configError{"KEY_FILE", wrong, exampleKeys}
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
	h.own, h.url = own, own.URL()
	return nil
}

// examples of the addresses of servers.
var examples = map[string]string{
	"DATABASE_URL": "postgres://koprik@localhost:5432/koprik", "REDIS_URL": "redis://localhost:6379/0",
}

// unreachable names the variable behind a server that does not answer. The
// cause may hold the address with its password, so it stays out.
func (h *house) unreachable(name string, err error) error {
	var old *storage.VersionError
	switch {
	case errors.As(err, &old):
		return old
	case errors.Is(err, storage.ErrURL):
		return &configError{name, "is not an address that can be read", examples[name]}
	}
	reason := storage.Reason(err)
	if reason == "" {
		reason = "it does not answer or refuses us"
	}
	return fmt.Errorf("%s names a server that cannot be used: %s, for example %s=%s", name, reason, name, examples[name])
}

func (h *house) openRedis(ctx context.Context) error {
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
		return &configError{"REDIS_URL", "is not an address of Redis", examples["REDIS_URL"]}
	}
	h.redis = client
	h.later(func() { _ = client.Close() })
	h.acks = storage.NewAcks(client)
	return h.greetRedis(ctx)
}

// greetRedis ends the start where Redis refuses us, which waiting does not
// mend. One that is away is done without: it may be lost at any time.
func (h *house) greetRedis(ctx context.Context) error {
	err := h.redis.Ping(ctx).Err()
	switch {
	case err == nil, h.beside:
		return nil
	case storage.RedisRefuses(err):
		return h.unreachable("REDIS_URL", err)
	}
	h.log.Warn("Redis does not answer; the clock runs on PostgreSQL meanwhile", "variable", "REDIS_URL")
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
	h.desk.Publish(h.config.PublicURL)
	return h.db.InTx(ctx, func(tx *storage.Tx) error {
		if !h.beside {
			if err := tx.Seed(h.now()); err != nil {
				return err
			}
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
