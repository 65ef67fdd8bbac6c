package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"koprik/bot/simulator"
	"koprik/casework"
	"koprik/handlers/web"
	"koprik/storage"
	"koprik/storage/local"
)

type demoCommand struct{}

// Run shows the whole bot on one page, with the simulator as Telegram.
func (demoCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	if config.Token != "" {
		return usage{errors.New("the demo never talks to Telegram: unset TELEGRAM_TOKEN")}
	}
	if host, _, err := net.SplitHostPort(config.HTTPAddr); err != nil || !loopback(host) {
		return &configError{"HTTP_ADDR", "is not an address of this machine alone, and the demo listens nowhere else", "127.0.0.1:8080"}
	}
	listener, err := net.Listen("tcp", config.HTTPAddr)
	if err != nil {
		return config.inUse()
	}
	defer listener.Close()
	d := &demo{call: c, listener: listener}
	return d.run(config)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// demo is the stand-in Telegram with its people, the page, and the bot as a
// process of its own.
type demo struct {
	*call
	listener net.Listener
	telegram *simulator.Server
	stage    cast
	begun    string                // tells this demo from an earlier one
	house    atomic.Pointer[house] // what the page is told from; nil until it is ready
	keeper   *keeper
}

func (d *demo) run(config config) (err error) {
	if d.stage, err = demoCast(); err != nil {
		return err
	}
	d.begun = rand.Text()
	d.telegram = simulator.New(simulator.Config{Username: "koprik_demo_bot", KeepLog: 2000, KeepMessages: 300})
	defer d.telegram.Close()
	d.keeper = &keeper{errs: d.errs, telegram: d.telegram, log: d.log, wishes: make(chan wish)}
	server := web.Server(d.routes())
	server.ReadTimeout = 0 // the page listens to events for as long as it is open
	go func() { _ = server.Serve(d.listener) }()
	defer server.Close()

	config.Token, config.APIURL, config.Mode = d.telegram.Token(), "http://"+d.listener.Addr().String(), "poll"
	h, err := d.furnish(config)
	if err != nil {
		return d.unlessStopped(err)
	}
	defer h.Close()
	d.beginAtWork(h)
	if err := d.cast(h); err != nil {
		return d.unlessStopped(fmt.Errorf("the demo's people could not be introduced: %w", err))
	}
	d.telegram.SetLimits(true)
	d.house.Store(h)
	return d.unlessStopped(d.work(h))
}

// work keeps the bot and its PostgreSQL alive until the demo is stopped, or one
// of them cannot be brought back.
func (d *demo) work(h *house) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	d.keeper.program, d.keeper.environ, d.keeper.db = program, demoBotEnviron(d.environ, h.config), h.db
	ctx, stop := context.WithCancel(d.ctx)
	defer stop()
	keeping := make(chan error, 1)
	go func() {
		defer stop()
		keeping <- h.own.Keep(ctx)
	}()
	err = d.keeper.run(ctx, func() {
		fmt.Fprintf(d.out, "Koʻprik demo: http://%s (this is not Telegram; stop with Ctrl-C)\n", d.listener.Addr())
	})
	stop()
	return errors.Join(err, <-keeping)
}

// beginAtWork moves the demo's clock into working time, with an hour to spare
// before lunch, so that clocks begin to run at once whenever the demo starts.
func (d *demo) beginAtWork(h *house) {
	calendar, now := h.desk.Calendar(), d.telegram.Now()
	at := now
	for !calendar.Working(at) || !calendar.Working(at.Add(time.Hour)) {
		at = at.Truncate(time.Hour).Add(time.Hour)
	}
	d.telegram.Advance(at.Sub(now))
}

// furnish opens an empty database with the demo's territory, on the simulator's
// clock.
func (d *demo) furnish(config config) (*house, error) {
	dir := filepath.Join(config.DataDir, "demo")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &configError{"DATA_DIR", "names a directory that cannot be made" + why(err), "./data"}
	}
	own, err := local.Postgres(d.ctx, local.Options{Dir: dir, Temporary: true, Log: d.log})
	if err != nil {
		return nil, err
	}
	config.DataDir, config.DatabaseURL, config.RedisURL = dir, own.URL(), ""
	config.KeyFile = filepath.Join(dir, "keys.json")
	h, err := openHouse(d.ctx, config, false, d.telegram.Now, d.log)
	if err != nil {
		return nil, errors.Join(err, own.Stop())
	}
	h.own = own
	h.close = append([]func(){func() { _ = own.Stop() }}, h.close...)
	var file casework.TerritoryFile
	raw, err := storage.DemoTerritory()
	if err == nil {
		file, err = casework.ReadTerritoryFile(raw)
	}
	if err == nil {
		err = h.db.InTx(d.ctx, func(tx *storage.Tx) error {
			_, err := h.desk.ImportTerritory(tx, file, false, h.now())
			return err
		})
	}
	if err == nil {
		err = h.drawDemo(d.ctx)
	}
	if err == nil {
		err = h.db.InTx(d.ctx, func(tx *storage.Tx) error {
			_, err := h.desk.Refresh(tx, h.now())
			return err
		})
	}
	if err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}
