package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"koprik/bot/simulator"
	"koprik/bot/simulator/page"
	"koprik/handlers/web"
)

type standInCommand struct {
	Listen string `default:"127.0.0.1:8090" help:"Address to listen on, of this machine alone."`
}

// Run is a Telegram without a bot and a page with some people, so that
// `koprik run` can be tried as it is.
func (s standInCommand) Run(c *call) error {
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil || !loopback(host) {
		return usage{errors.New("--listen is not an address of this machine alone, for example --listen=127.0.0.1:8090")}
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return usage{fmt.Errorf("--listen=%s cannot be listened on: it is in use, or not ours", s.Listen)}
	}
	telegram := simulator.New(simulator.Config{Username: "koprik_standin_bot", KeepLog: 2000, KeepMessages: 300})
	defer telegram.Close()
	telegram.SetLimits(true)
	for _, p := range []simulator.Person{
		{Key: "resident", FirstName: "Dilnoza", Language: "uz", Phone: "+998900000001"},
		{Key: "inspector", FirstName: "Bahrom", Language: "uz", Phone: "+998900000003"},
		{Key: "senior", FirstName: "Карим", Language: "ru", Phone: "+998900000005"},
	} {
		telegram.AddPerson(p)
	}
	shown := page.Handler(page.Options{Title: "Koʻprik", Guest: true, Differences: simulator.Differences()})
	server := web.Server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range []string{"/bot", "/file/", "/sim/"} {
			if strings.HasPrefix(r.URL.Path, prefix) {
				telegram.ServeHTTP(w, r)
				return
			}
		}
		shown.ServeHTTP(w, r)
	}))
	server.ReadTimeout = 0 // the page listens to events for as long as it is open
	over := context.AfterFunc(c.ctx, func() { _ = server.Close() })
	defer over()
	address := "http://" + listener.Addr().String()
	fmt.Fprintf(c.out, `A stand-in for Telegram, with a page: %s (stop with Ctrl-C; it forgets everything then)
In another terminal:
  export TELEGRAM_API_URL=%s TELEGRAM_TOKEN=%s
  %s run
`, address, address, telegram.Token(), os.Args[0])
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("http: %w", err)
	}
	return nil
}
