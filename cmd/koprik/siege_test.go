package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/local"
	"koprik/storage/storagetest"
)

// siegePlaces are the mahallas of a siege. In the first four the inspector
// accepts about half of the cases, in the next two nobody answers; the last
// one's has stopped the bot, so that the senior inspector must be told.
var siegePlaces = []string{"DEMO-1001", "DEMO-1004", "DEMO-1005", "DEMO-1007", "DEMO-1008", "DEMO-1009", siegeBlocked}

const (
	siegeAccepting = 4
	siegeBlocked   = "DEMO-1012"
	siegeMost      = 5 // reports of one person; the sixth in an hour is the last allowed
	siegePatience  = 2 * time.Minute
)

// siege is a town whose program is in trouble while people write: replicas of
// it, servers of its own where they are to be troubled, and a ledger of what
// people did, which is the only truth.
type siege struct {
	*town
	plan     plan
	ledger   *ledger
	postgres *local.Server     // its own; nil: the one of all tests
	redis    *local.RedisChild // its own: FLUSHALL would reach the other tests
	redisDir string
	client   storage.Redis
	wire     *proxy // between the program and PostgreSQL; nil: none
	replicas []*process
	args     [][]string // more of each replica's environment
	officers map[string]*simulator.User
	senior   *simulator.User
	people   []*citizen
	ripe     []mahalla.CaseID // whose ladder falls during the trouble

	ripeUntil time.Time // the last of their beats
	gone      []string  // places whose officer has stopped the bot meanwhile

	mu       sync.Mutex
	accepted map[string]bool // case numbers whose acceptance was pressed
}

// plan is what a siege is made of.
type plan struct {
	replicas int
	people   int
	rate     int  // reports a second
	own      bool // a PostgreSQL of its own
	wire     bool // and a proxy before it
	limits   bool // of Telegram are kept
	webhook  bool
	bare     bool // no replica is started
	more     int  // further mahallas, whose inspectors accept about half
	env      []string
	dir      string // of the PostgreSQL of its own; empty: one is made

	lasts time.Duration // of the trouble, about: there are people enough to write all the while
	clear bool          // nothing is killed and every answer is clear: no card may come twice
}

// enough is how many people it takes to write as long as the trouble lasts.
func (p plan) enough() int {
	return max(p.people, int(p.lasts.Seconds()*1.2)*p.rate/siegeMost+p.rate)
}

// citizen is a synthetic resident.
type citizen struct {
	*simulator.User
	place string
	n     int // reports that were submitted
}

func newSiege(t *testing.T, p plan) *siege {
	t.Helper()
	p.people = p.enough()
	s := &siege{town: newTown(t), plan: p, officers: map[string]*simulator.User{}, accepted: map[string]bool{}}
	s.ledger = openLedger(t)
	s.servers()
	s.settled()
	if p.limits {
		s.env["TELEGRAM_NO_LIMITS"] = "false"
		s.telegram.SetLimits(true)
	}
	if p.webhook {
		s.env["TELEGRAM_MODE"], s.env["WEBHOOK_URL"], s.env["WEBHOOK_SECRET"] = "webhook", "http://"+s.env["HTTP_ADDR"], "sixteen-letters-of-secret"
	}
	for i := range p.replicas {
		at := "HTTP_ADDR=" + freeAddress(t)
		if p.webhook && i == 0 {
			at = "HTTP_ADDR=" + s.env["HTTP_ADDR"]
		}
		s.args = append(s.args, append([]string{at}, p.env...))
		s.replicas = append(s.replicas, nil)
	}
	if !p.bare {
		s.startAll()
	}
	return s
}

// servers starts what the program stands on.
func (s *siege) servers() {
	s.t.Helper()
	var err error
	s.redisDir = storagetest.Dir(s.t)
	if s.redis, err = local.RedisProcess(s.t.Context(), s.redisDir); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { s.redis.Kill() })
	s.env["REDIS_URL"] = s.redis.URL()
	if s.client, err = storage.OpenRedis(s.redis.URL()); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.client.Close() })
	if !s.plan.own && !s.plan.wire {
		s.env["DATABASE_URL"] = storagetest.Postgres(s.t)
		return
	}
	address := ""
	if s.plan.own {
		if s.plan.dir == "" {
			s.plan.dir = storagetest.Dir(s.t)
		}
		s.startPostgres()
		s.t.Cleanup(func() { s.postgres.Kill() })
		address = s.postgres.URL()
	} else {
		address = storagetest.Postgres(s.t)
	}
	s.env["DATABASE_URL"] = address
	if s.plan.wire {
		s.wire = newProxy(s.t, address)
	}
}

// startPostgres starts the own PostgreSQL, or starts it again where it was.
func (s *siege) startPostgres() {
	s.t.Helper()
	server, err := local.Postgres(context.WithoutCancel(s.t.Context()), local.Options{Dir: s.plan.dir, NoFetch: true, Durable: true})
	if err != nil {
		s.t.Fatal(err)
	}
	s.postgres = server
}

// start starts a replica, with the proxy between it and PostgreSQL.
func (s *siege) start(i int) *process {
	s.t.Helper()
	more := slices.Clone(s.args[i])
	if s.wire != nil {
		more = append(more, "DATABASE_URL="+s.wire.url(s.env["DATABASE_URL"]))
	}
	s.replicas[i] = s.run(more...)
	return s.replicas[i]
}

func (s *siege) startAll() {
	s.t.Helper()
	for i := range s.replicas {
		s.start(i)
	}
	for _, p := range s.replicas {
		p.ready()
	}
}

// gather introduces officers and residents, in peace.
func (s *siege) gather() {
	s.t.Helper()
	s.senior = s.person("Senior")
	s.join(s.senior, "senior_inspector", "9901")
	places := append(s.moreMahallas(), siegePlaces...)
	for _, place := range places {
		s.officers[place] = s.person("Officer-" + place)
		s.join(s.officers[place], "inspector", place)
	}
	for n := range s.plan.people {
		c := &citizen{User: s.person(fmt.Sprint("R", n)), place: places[n%len(places)]}
		c.Start("m_" + c.place)
		s.people = append(s.people, c)
	}
	s.settleIn(2 * time.Minute)
	for _, c := range s.people {
		if _, err := c.PressLast("✅"); err != nil {
			s.t.Fatal(err)
		}
	}
	s.settleIn(2 * time.Minute)
	s.settle()
	s.officers[siegeBlocked].Block()
	s.settle()
}

// moreMahallas brings as many further mahallas of the first district as are planned,
// each with an inspector of its own.
func (s *siege) moreMahallas() (places []string) {
	s.t.Helper()
	if s.plan.more == 0 {
		return nil
	}
	file, err := os.ReadFile(demoTerritory)
	if err != nil {
		s.t.Fatal(err)
	}
	text := strings.TrimRight(string(file), "\n") + "\n"
	for n := range s.plan.more {
		place := fmt.Sprintf("DEMO-3%03d", n)
		text += fmt.Sprintf("99,9901,Namuna tumani,Намуна тумани,Намунинский район (учебный),4,1-2,%s,Bogʻ %d,Боғ %d,D3-INSP-%d,3000\n", place, n, n, n)
		places = append(places, place)
	}
	path := filepath.Join(storagetest.Dir(s.t), "territory.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.done("import", "territory", path)
	return places
}

// rage lets people write and officers accept while trouble runs. It returns when
// every report that was begun has its receipt.
func (s *siege) rage(trouble func(ctx context.Context)) {
	s.t.Helper()
	ctx, over := context.WithCancel(s.t.Context())
	defer over()
	var officers, reports sync.WaitGroup
	for place, officer := range s.officers {
		if !slices.Contains(siegePlaces[siegeAccepting:], place) {
			officers.Go(func() { s.acceptHalf(ctx, officer) })
		}
	}
	troubled, calm := context.WithCancel(ctx)
	go func() {
		defer calm()
		trouble(ctx)
	}()
	s.write(troubled, &reports)
	reports.Wait()
	over()
	officers.Wait()
}

// write starts reports at the rate of the plan until ctx ends.
func (s *siege) write(ctx context.Context, reports *sync.WaitGroup) {
	free := make(chan *citizen, len(s.people))
	for _, c := range s.people {
		if c.n < siegeMost {
			free <- c
		}
	}
	tick := time.NewTicker(time.Second / time.Duration(s.plan.rate))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			reports.Wait()
			if !slices.ContainsFunc(s.people, func(c *citizen) bool { return c.n < siegeMost }) {
				s.t.Error("everybody had written all that they may before the trouble was over: it needs more people")
			}
			return
		case <-tick.C:
		}
		select {
		case c := <-free:
			reports.Go(func() {
				if s.report(c) && c.n < siegeMost {
					free <- c
				}
			})
		default: // everybody waits for an answer
		}
	}
}

// report is one report: a message, and a tap on the category once it is asked
// for. It ends when the receipt is there. Telegram drops a press that nobody
// fetched in time, and forgets it: the person taps again, as people do.
func (s *siege) report(c *citizen) bool {
	text := fmt.Sprintf("Hisobot %s-%d.", c.Key(), c.n)
	own := c.Text(text)
	s.ledger.note("wrote", c, text)
	draft, ok := s.awaitMessage(c, siegePatience, func(m simulator.Message) bool { return m.ID > own && hasButton(m, "🔊") })
	if !ok {
		s.t.Errorf("%s was not asked for the category:\n%s", text, s.telegram.Transcript(c.User))
		return false
	}
	label := "🔊"
	if c.n%2 == 1 {
		label = "⚠️"
	}
	s.ledger.note("pressed", c, text)
	c.n++
	receipt := func(m simulator.Message) bool {
		return m.ID > own && strings.Contains(m.Text, "№") && strings.Contains(m.Text, text)
	}
	for patience := 20 * time.Second; ; patience *= 2 {
		if _, err := c.Press(draft.ID, label); err != nil && !s.shows(c, receipt) {
			s.t.Errorf("%s: %v", text, err)
			return false
		}
		if m, ok := s.awaitMessage(c, patience, receipt); ok {
			s.ledger.note("receipt "+numberIn(m.Text), c, text)
			return true
		}
		if patience > siegePatience {
			s.t.Errorf("%s got no receipt:\n%s", text, s.telegram.Transcript(c.User))
			return false
		}
	}
}

func (s *siege) shows(c *citizen, wanted func(simulator.Message) bool) bool {
	_, ok := s.find(c, wanted)
	return ok
}

func (s *siege) find(c *citizen, wanted func(simulator.Message) bool) (simulator.Message, bool) {
	for _, m := range slices.Backward(c.Messages()) {
		if m.FromBot && !m.Deleted && wanted(m) {
			return m, true
		}
	}
	return simulator.Message{}, false
}

func (s *siege) awaitMessage(c *citizen, patience time.Duration, wanted func(simulator.Message) bool) (simulator.Message, bool) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		if m, ok := s.find(c, wanted); ok {
			return m, true
		}
		select {
		case <-tick.C:
		case <-deadline:
			return simulator.Message{}, false
		}
	}
}

func hasButton(m simulator.Message, label string) bool {
	for _, row := range m.Buttons {
		for _, b := range row {
			if strings.Contains(b.Text, label) {
				return true
			}
		}
	}
	return false
}

// acceptHalf accepts the cases with an even number, once each.
func (s *siege) acceptHalf(ctx context.Context, u *simulator.User) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		for _, m := range u.Messages() {
			number := numberIn(m.Text)
			if !m.FromBot || !hasButton(m, "Qabul qildim") || number == "" || (number[len(number)-1]-'0')%2 == 1 {
				continue
			}
			s.mu.Lock()
			if !s.accepted[number] {
				if _, err := u.Press(m.ID, "Qabul qildim"); err == nil {
					s.accepted[number] = true
				}
			}
			s.mu.Unlock()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// numberIn finds the number of a case: "№ 4821-0937".
func numberIn(text string) string {
	_, rest, ok := strings.Cut(text, "№ ")
	if !ok || len(rest) < 9 {
		return ""
	}
	return rest[:9]
}

// kill ends one replica as kill -9 does, and starts it again at once.
func (s *siege) kill(i int) {
	s.replicas[i].kill()
	s.start(i)
}

// recover waits until everything has had its effect, and tells how long after
// a moment that was: a chat that a killed replica was writing to is held until
// another one finds it dead.
func (s *siege) recover(since time.Time) time.Duration {
	s.t.Helper()
	s.settleIn(siegePatience)
	recovery := time.Since(since)
	for _, p := range s.replicas {
		p.ready()
	}
	// What a replica owed when it was killed, the next one pays.
	eventually(s.t, "every press is answered", waiting, func() bool { return len(s.telegram.Unanswered()) == 0 })
	s.clockAgrees()
	return recovery
}

// clockAgrees waits until Redis says what PostgreSQL says.
func (s *siege) clockAgrees() {
	s.t.Helper()
	var wrong []string
	s.t.Cleanup(func() {
		if len(wrong) > 0 {
			s.t.Logf("the clock in Redis:\n%s", strings.Join(wrong, "\n"))
		}
	})
	eventually(s.t, "the clock in Redis agrees with PostgreSQL", waiting, func() bool {
		wrong = s.clockDiffers()
		return len(wrong) == 0
	})
}

// agreeing is how soon Redis must say what PostgreSQL says (I4).
const agreeing = 5 * time.Second

// clockDiffers lists the cases whose place on the clock is another than PostgreSQL
// says, and still is after a while: a beat may fall between the two questions.
func (s *siege) clockDiffers() []string {
	wrong := s.clockDiffersNow(nil)
	for patience := time.Now().Add(agreeing); len(wrong) > 0 && time.Now().Before(patience); {
		time.Sleep(agreeing / 10)
		ids := make([]int64, 0, len(wrong))
		for id := range wrong {
			ids = append(ids, int64(id))
		}
		wrong = s.clockDiffersNow(ids)
	}
	return slices.Sorted(maps.Values(wrong))
}

// clockDiffersNow compares some cases, or all where none is named.
func (s *siege) clockDiffersNow(ids []int64) map[mahalla.CaseID]string {
	type row struct {
		ID   int64
		Next *time.Time
	}
	wrong := map[mahalla.CaseID]string{}
	acks := storage.NewAcks(s.client)
	for some := range slices.Chunk(rows[row](s.town, "SELECT id, next_beat_at FROM cases WHERE $1::bigint[] IS NULL OR id = ANY($1)", ids), 1000) {
		asked := make([]mahalla.CaseID, len(some))
		for i, c := range some {
			asked[i] = mahalla.CaseID(c.ID)
		}
		got, err := acks.Nexts(s.t.Context(), asked)
		for i, c := range some {
			want := time.Time{}
			if c.Next != nil {
				want = c.Next.Truncate(time.Millisecond)
			}
			if err != nil || !got[asked[i]].Equal(want) {
				wrong[asked[i]] = fmt.Sprintf("%d: got %s, %v, want %s", c.ID, got[asked[i]], err, want)
			}
		}
	}
	return wrong
}

// rows reads with a connection of its own.
func rows[T any](w *town, sql string, args ...any) []T {
	w.t.Helper()
	conn, err := pgx.Connect(w.t.Context(), w.databaseURL())
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	found, err := conn.Query(w.t.Context(), sql, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := pgx.CollectRows(found, pgx.RowToStructByPos[T])
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// socketOf is where a PostgreSQL of ours listens, read off its address.
func socketOf(t *testing.T, address string) (network, at string) {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(config.Host, "/") {
		return "unix", fmt.Sprintf("%s/.s.PGSQL.%d", config.Host, config.Port)
	}
	return "tcp", fmt.Sprintf("%s:%d", config.Host, config.Port)
}

// through is an address of PostgreSQL with another host.
func through(address, host string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	query := u.Query()
	query.Del("host")
	query.Del("port")
	query.Set("sslmode", "disable")
	u.Host, u.RawQuery = host, query.Encode()
	return u.String()
}
