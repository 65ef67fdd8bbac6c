package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"koprik/bot"
	"koprik/bot/simulator"
	"koprik/bot/simulator/page"
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
		return &configError{"HTTP_ADDR", "cannot be listened on: it is in use, or not ours", "127.0.0.1:8081"}
	}
	defer listener.Close()
	d := &demo{call: c, listener: listener}
	return d.run(config)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// demo is the bot, its stand-in Telegram and the page.
type demo struct {
	*call
	listener net.Listener
	telegram *simulator.Server
	service  *service
}

func (d *demo) run(config config) error {
	d.telegram = simulator.New(simulator.Config{Username: "koprik_demo_bot", KeepLog: 2000, KeepMessages: 300})
	defer d.telegram.Close()
	server := web.Server(d.routes())
	server.ReadTimeout = 0 // the page listens to events for as long as it is open
	go func() { _ = server.Serve(d.listener) }()
	defer server.Close()

	config.Token, config.APIURL, config.Mode = d.telegram.Token(), "http://"+d.listener.Addr().String(), "poll"
	h, err := d.house(config)
	if err != nil {
		return err
	}
	defer h.Close()
	d.beginAtWork(h)
	if d.service, err = newService(d.ctx, h); err != nil {
		return err
	}
	if err := d.cast(); err != nil {
		return fmt.Errorf("the demo's people could not be introduced: %w", err)
	}
	d.telegram.SetLimits(true)
	if err := d.service.introduce(d.ctx); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "Koʻprik demo: http://%s (this is not Telegram; stop with Ctrl-C)\n", d.listener.Addr())
	d.service.work(d.ctx)
	return nil
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

// routes are the page, what it asks about the demo, and the simulator.
func (d *demo) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page.Handler(page.Options{Title: "Koʻprik", Differences: simulator.Differences()}))
	mux.HandleFunc("GET /demo/info", d.info)
	mux.HandleFunc("GET /demo/cases", d.cases)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range []string{"/bot", "/file/", "/sim/"} {
			if strings.HasPrefix(r.URL.Path, prefix) {
				d.telegram.ServeHTTP(w, r)
				return
			}
		}
		mux.ServeHTTP(w, r)
	})
}

// house opens an empty database with the demo's territory, on the simulator's
// clock.
func (d *demo) house(config config) (*house, error) {
	dir := filepath.Join(config.DataDir, "demo")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &configError{"DATA_DIR", "names a directory that cannot be made", "./data"}
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

// cast introduces the demo's people as it happens in life: each opens the link,
// accepts, sends the own number, presses the test card. It runs before the
// bot's loops, step by step.
func (d *demo) cast() error {
	ctx, cancel := context.WithTimeout(d.ctx, time.Minute)
	defer cancel()
	options := d.service.senderOptions(bot.NewMetrics(nil))
	options.Limiter, options.Pace = nil, storage.Pace{}
	s := &casting{demo: d, ctx: ctx, sender: bot.NewSender(options),
		poller: bot.NewPoller(bot.PollerOptions{DB: d.service.db, Client: d.service.client, Intake: d.service.intake, Timeout: time.Millisecond, Log: d.log})}
	people, err := demoCast()
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := s.introduce(p); err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
	}
	return nil
}

// info tells the page who is there.
func (d *demo) info(w http.ResponseWriter, _ *http.Request) {
	people, err := demoCast()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	type poster struct {
		Code string `json:"code"`
		Name string `json:"name"`
	}
	type person struct {
		Key     string   `json:"key"`
		Role    string   `json:"role"`
		Posters []poster `json:"posters,omitempty"`
	}
	answer := struct {
		People []person `json:"people"`
		Phones []string `json:"phones"`
	}{}
	for _, p := range people {
		shown := person{Key: p.Key, Role: p.Title}
		for _, code := range p.Posters {
			if h := d.service; h != nil {
				r := h.desk.Reference()
				shown.Posters = append(shown.Posters, poster{"m_" + code, r.Territories[r.ByCode[code]].Names.UzLatn})
			}
		}
		answer.People = append(answer.People, shown)
		answer.Phones = append(answer.Phones, p.Key)
	}
	reply(w, answer)
}

// cases tells the page the history of every case.
func (d *demo) cases(w http.ResponseWriter, r *http.Request) {
	if d.service == nil {
		reply(w, []any{})
		return
	}
	var list []storage.History
	err := d.service.db.Read(r.Context(), func(tx *storage.Tx) (err error) {
		list, err = tx.Histories(50)
		return err
	})
	if err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	if list == nil {
		list = []storage.History{}
	}
	reply(w, list)
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // the page may be gone
}
