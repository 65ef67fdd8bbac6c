package simulator

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config is how a Server begins. The zero value is usable.
type Config struct {
	Token    string           // of the bot; an invented one when empty
	Username string           // of the bot, "koprik_sim_bot" when empty
	Now      func() time.Time // the clock before Advance; time.Now when nil
	Limits   bool             // refuse what is above Telegram's sending limits

	// KeepLog bounds the log of calls, the presses and the transcript to the
	// newest so many entries each; 0 keeps all.
	KeepLog int
	// KeepMessages bounds the messages kept of every chat; 0 keeps all.
	KeepMessages int
	// ReadAllGroupMessages switches the bot's privacy mode off.
	ReadAllGroupMessages bool
}

// Server is one bot's Telegram. It is safe for use by many goroutines.
type Server struct {
	cfg     Config
	bot     wireUser
	closing chan struct{}
	close   sync.Once
	owned   sync.WaitGroup // goroutines that Close waits for
	routes  *http.ServeMux

	handlers map[string]handler

	mu       sync.Mutex // guards everything below
	offset   time.Duration
	changed  signal
	people   map[string]*User
	chats    map[int64]*chat
	order    []*User
	groups   []*Group
	lastID   int // of messages in private chats
	nextUser int64
	serial   int64 // of files, presses, albums
	files    map[string]*storedFile
	paths    map[string]*storedFile
	pictures map[string]*storedFile
	queue    queue
	hook     webhook
	profile  profile
	calls    ring[Call]
	presses  ring[*Press]
	byPress  map[string]*Press
	story    ring[happening]
	events   eventLog
	breaches []string
	faults   faults
	limits   limiter
}

// New starts a Telegram with one bot and no people.
func New(cfg Config) *Server {
	if cfg.Token == "" {
		cfg.Token = "100000001:SIMULATOR-not-a-token-of-Telegram"
	}
	if cfg.Username == "" {
		cfg.Username = "koprik_sim_bot"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{
		cfg:      cfg,
		bot:      wireUser{ID: botID(cfg.Token), IsBot: true, FirstName: "Koʻprik", Username: cfg.Username},
		closing:  make(chan struct{}),
		handlers: handlerTable(),
		people:   map[string]*User{},
		chats:    map[int64]*chat{},
		nextUser: 700000001,
		files:    map[string]*storedFile{},
		paths:    map[string]*storedFile{},
		pictures: map[string]*storedFile{},
		profile:  newProfile(),
		byPress:  map[string]*Press{},
		limits:   limiter{on: cfg.Limits},
	}
	s.calls.keep, s.presses.keep, s.story.keep = cfg.KeepLog, cfg.KeepLog, cfg.KeepLog
	s.events.keep = keptEvents
	s.queue.next = 500000000
	s.routes = s.peopleRoutes()
	return s
}

// botID is the number before the colon of a token.
func botID(token string) int64 {
	id, _, _ := strings.Cut(token, ":")
	if n, ok := parseID(id); ok {
		return n
	}
	return 100000001
}

// Close ends long polls, webhooks and event streams and waits for them.
func (s *Server) Close() {
	s.close.Do(func() { close(s.closing) })
	s.mu.Lock()
	s.hook.stop()
	s.mu.Unlock()
	s.owned.Wait()
}

// Token is the bot's token.
func (s *Server) Token() string { return s.cfg.Token }

// Username is the bot's username without @.
func (s *Server) Username() string { return s.cfg.Username }

// ServeHTTP answers /bot<token>/<method>, /file/bot<token>/<path> and /sim/....
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/bot"):
		s.serveBot(w, r, path[len("/bot"):])
	case strings.HasPrefix(path, "/file/bot"):
		s.serveFile(w, path[len("/file/bot"):])
	case strings.HasPrefix(path, "/sim/"):
		s.routes.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// number makes an id of the given count of digits, never the same twice.
func (s *Server) number(digits int) string {
	s.serial++
	text := strconv.FormatInt(s.serial, 10)
	return "7" + strings.Repeat("0", max(0, digits-1-len(text))) + text
}

// pause waits for d of real time, and says false when it was cut short.
func (s *Server) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.closing:
	}
	return false
}
