package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
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

const (
	stormKills    = 20
	stormGap      = 1300 * time.Millisecond // between kills, on the average
	stormRate     = 30                      // reports a second
	stormFlush    = 5                       // Redis forgets everything with every fifth kill
	stormPeople   = 400
	stormMost     = 5 // reports of one person; the sixth in an hour is the last allowed
	stormPatience = 2 * time.Minute
)

// stormPlaces are the mahallas of the storm. In the first four the inspector
// accepts about half of the cases; the last one's has stopped the bot, so that
// the senior inspector must be told.
var stormPlaces = []string{"DEMO-1001", "DEMO-1004", "DEMO-1005", "DEMO-1007", "DEMO-1008", "DEMO-1009", stormBlocked}

const (
	stormAccepting = 4
	stormBlocked   = "DEMO-1012"
)

// storm is two replicas that are killed again and again while people write.
type storm struct {
	*town
	redis    *local.RedisChild
	client   storage.Redis
	replicas [2]*process
	args     [2]string // the HTTP address of each
	officers map[string]*simulator.User
	senior   *simulator.User
	people   []*citizen
	kills    []time.Time
	flushes  int

	mu       sync.Mutex
	accepted map[string]bool // case numbers whose acceptance was pressed
}

// citizen is a synthetic resident, with what the ledger knows of the reports.
type citizen struct {
	*simulator.User
	place string
	texts []string // of the reports that were submitted, in order
}

func TestTwoReplicasKilledAtRandomLoseNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	long(t)
	s := newStorm(t)
	s.gather()
	began := time.Now()
	s.rage()
	lasted := time.Since(began)
	s.forgetWritesToRedis()
	recovery := s.recover()
	s.check(lasted, recovery)
}

func newStorm(t *testing.T) *storm {
	t.Helper()
	s := &storm{town: newTown(t), officers: map[string]*simulator.User{}, accepted: map[string]bool{}}
	var err error
	// A Redis of its own: FLUSHALL would reach the other tests.
	if s.redis, err = local.RedisProcess(t.Context(), storagetest.Dir(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.redis.Kill)
	s.env["DATABASE_URL"], s.env["REDIS_URL"] = storagetest.Postgres(t), s.redis.URL()
	if s.client, err = storage.OpenRedis(s.redis.URL()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.client.Close() })
	s.settled()
	for i := range s.replicas {
		s.args[i] = "HTTP_ADDR=" + freeAddress(t)
		s.replicas[i] = s.run(s.args[i])
	}
	for _, p := range s.replicas {
		p.ready()
	}
	return s
}

// gather introduces officers and residents, in peace.
func (s *storm) gather() {
	s.t.Helper()
	s.senior = s.person("Senior")
	s.join(s.senior, "senior_inspector", "9901-S4")
	for _, place := range stormPlaces {
		s.officers[place] = s.person("Officer-" + place)
		s.join(s.officers[place], "inspector", place)
	}
	for n := range stormPeople {
		c := &citizen{User: s.person(fmt.Sprint("R", n)), place: stormPlaces[n%len(stormPlaces)]}
		c.Start("m_" + c.place)
		s.people = append(s.people, c)
	}
	s.settleIn(time.Minute)
	for _, c := range s.people {
		if _, err := c.PressLast("✅"); err != nil {
			s.t.Fatal(err)
		}
	}
	s.settleIn(time.Minute)
	s.settle()
	s.officers[stormBlocked].Block()
	s.settle()
}

// rage lets people write and officers accept while replicas are killed. It
// returns when every report that was begun has its receipt.
func (s *storm) rage() {
	s.t.Helper()
	ctx, over := context.WithCancel(s.t.Context())
	var officers, reports sync.WaitGroup
	for _, place := range stormPlaces[:stormAccepting] {
		officers.Go(func() { s.acceptHalf(ctx, s.officers[place]) })
	}
	killing, killed := context.WithCancel(ctx)
	go func() { defer killed(); s.killAgainAndAgain() }()
	s.write(killing, &reports)
	reports.Wait()
	over()
	officers.Wait()
}

// write starts reports at the rate of the storm until ctx ends.
func (s *storm) write(ctx context.Context, reports *sync.WaitGroup) {
	free := make(chan *citizen, len(s.people))
	for _, c := range s.people {
		free <- c
	}
	tick := time.NewTicker(time.Second / stormRate)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case c := <-free:
			reports.Go(func() {
				if s.report(c) && len(c.texts) < stormMost {
					free <- c
				}
			})
		default: // everybody waits for an answer
		}
	}
}

// report is one report: a message, and a tap on the category once it is asked
// for. It ends when the receipt is there.
func (s *storm) report(c *citizen) bool {
	text := fmt.Sprintf("Hisobot %s-%d.", c.Key(), len(c.texts))
	own := c.Text(text)
	draft, ok := s.awaitMessage(c, func(m simulator.Message) bool { return m.ID > own && hasButton(m, "🔊") })
	if !ok {
		s.t.Errorf("%s was not asked for the category:\n%s", text, s.telegram.Transcript(c.User))
		return false
	}
	label := "🔊"
	if len(c.texts)%2 == 1 {
		label = "⚠️"
	}
	if _, err := c.Press(draft.ID, label); err != nil {
		s.t.Error(err)
		return false
	}
	c.texts = append(c.texts, text)
	_, ok = s.awaitMessage(c, func(m simulator.Message) bool {
		return m.ID > own && strings.Contains(m.Text, "№") && strings.Contains(m.Text, text)
	})
	if !ok {
		s.t.Errorf("%s got no receipt:\n%s", text, s.telegram.Transcript(c.User))
	}
	return ok
}

func (s *storm) awaitMessage(c *citizen, wanted func(simulator.Message) bool) (simulator.Message, bool) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(stormPatience)
	for {
		for _, m := range slices.Backward(c.Messages()) {
			if m.FromBot && !m.Deleted && wanted(m) {
				return m, true
			}
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
func (s *storm) acceptHalf(ctx context.Context, u *simulator.User) {
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

// killAgainAndAgain kills one of the replicas at a time and starts it again at
// once. A replica may be killed while it starts, if the other one serves.
func (s *storm) killAgainAndAgain() {
	for n := range stormKills {
		gap := time.NewTimer(stormGap/2 + rand.N(stormGap))
		<-gap.C
		i := rand.IntN(len(s.replicas))
		for !s.replicas[1-i].isReady() { // it asks the other one, which takes a while
			i = 1 - i
		}
		s.replicas[i].kill()
		s.kills = append(s.kills, time.Now())
		s.replicas[i] = s.run(s.args[i])
		if n%stormFlush == stormFlush-1 {
			if err := s.client.FlushAll(s.t.Context()).Err(); err != nil {
				s.t.Error(err)
			}
			s.flushes++
		}
	}
}

// forgetWritesToRedis does to the clock what a kill between a commit and the
// write to Redis does: one waiting case is missing, one accepted still there.
func (s *storm) forgetWritesToRedis() {
	s.t.Helper()
	acks := storage.NewAcks(s.client)
	type row struct {
		ID    int64
		Place int64
	}
	waiting := rows[row](s.town, "SELECT id, place_id FROM cases WHERE next_beat_at IS NOT NULL ORDER BY id LIMIT 1")
	taken := rows[row](s.town, "SELECT id, place_id FROM cases WHERE accepted_at IS NOT NULL ORDER BY id LIMIT 1")
	if len(waiting) == 0 || len(taken) == 0 {
		s.t.Fatalf("waiting cases: got %d, accepted ones: got %d; want both", len(waiting), len(taken))
	}
	if _, err := acks.Settle(s.t.Context(), mahalla.CaseID(waiting[0].ID)); err != nil {
		s.t.Fatal(err)
	}
	err := acks.Await(s.t.Context(), storage.Awaited{Case: mahalla.CaseID(taken[0].ID), Next: time.Now().Add(time.Hour),
		Since: time.Now(), Path: []mahalla.TerritoryID{mahalla.TerritoryID(taken[0].Place)}})
	if err != nil {
		s.t.Fatal(err)
	}
}

// recover waits until everything has had its effect, and tells how long after
// the last kill that was: a chat that a killed replica was writing to is held
// until another one finds it dead.
func (s *storm) recover() time.Duration {
	s.t.Helper()
	s.settleIn(stormPatience)
	recovery := time.Since(s.kills[len(s.kills)-1])
	for _, p := range s.replicas {
		p.ready()
	}
	// What a replica owed when it was killed, the next one pays.
	eventually(s.t, "every press is answered", waiting, func() bool { return len(s.telegram.Unanswered()) == 0 })
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
	return recovery
}

// clockDiffers lists the cases whose place on the clock is another than
// PostgreSQL says.
func (s *storm) clockDiffers() []string {
	type row struct {
		ID   int64
		Next *time.Time
	}
	acks := storage.NewAcks(s.client)
	var wrong []string
	for _, c := range rows[row](s.town, "SELECT id, next_beat_at FROM cases") {
		got, err := acks.Next(s.t.Context(), mahalla.CaseID(c.ID))
		want := time.Time{}
		if c.Next != nil {
			want = c.Next.Truncate(time.Millisecond)
		}
		if err != nil || !got.Equal(want) {
			wrong = append(wrong, fmt.Sprintf("%d: got %s, %v, want %s", c.ID, got, err, want))
		}
	}
	return wrong
}

// check compares what the program holds with what the ledger and Telegram know.
func (s *storm) check(lasted, recovery time.Duration) {
	s.t.Helper()
	cases := s.cases()
	lost, doubled := s.reportsLost(cases)
	order := s.orderBroken(cases)
	bare := s.withoutCard(cases)
	unaccepted := s.acceptancesLost(cases)
	early := s.falseEscalations()
	copies, most := s.copies(cases)
	s.t.Logf("crash: kills %d flushes %d seconds %.0f reports %d lost %d doubled %d order broken %d false escalations %d "+
		"acceptances %d lost %d cards missing %d clock differs %d presses unanswered %d cards twice %d of at most %d recovery %.0f s",
		len(s.kills), s.flushes, lasted.Seconds(), s.reports(), lost, doubled, order, early,
		len(s.accepted), unaccepted, bare, len(s.clockDiffers()), len(s.telegram.Unanswered()), copies, most, recovery.Seconds())
	for what, n := range map[string]int{"reports lost": lost, "reports doubled": doubled, "chats out of order": order,
		"false escalations": early, "acceptances lost": unaccepted, "cases without a card at their officer": bare,
		"presses unanswered": len(s.telegram.Unanswered())} {
		if n != 0 {
			s.t.Errorf("%s: got %d, want 0", what, n)
		}
	}
	if recovery > 30*time.Second {
		s.t.Errorf("recovery after the last kill: got %s, want at most 30 s", recovery)
	}
	if copies > most {
		s.t.Errorf("cards sent twice: got %d, want at most %d: as many as attempts were repeated", copies, most)
	}
	if want := stormRate * int(stormGap.Seconds()*stormKills) / 3; s.reports() < want {
		s.t.Errorf("reports: got %d, want at least %d for a storm", s.reports(), want)
	}
	if d := s.telegram.Departures(); len(d) > 0 {
		s.t.Errorf("departures from the Bot API: got %q, want none", d)
	}
	if left := s.leftovers(); left.Quarantined+left.Refused > 0 {
		s.t.Errorf("given up: got %+v, want nothing", left)
	}
}

func (s *storm) reports() (n int) {
	for _, c := range s.people {
		n += len(c.texts)
	}
	return n
}

// filed is a case as the program holds it.
type filed struct {
	id       mahalla.CaseID
	number   string
	place    string // its code
	text     string
	accepted bool
}

func (s *storm) cases() []filed {
	s.t.Helper()
	type row struct {
		ID       int64
		Number   int32
		Place    string
		Accepted bool
	}
	var list []filed
	for _, r := range rows[row](s.town, `SELECT cases.id, cases.number, code, accepted_at IS NOT NULL
		FROM cases JOIN territories ON territories.id = place_id ORDER BY cases.id`) {
		c := filed{id: mahalla.CaseID(r.ID), number: mahalla.Number(r.Number).String(), place: r.Place, accepted: r.Accepted}
		s.read(func(tx *storage.Tx) error {
			said, err := tx.Reports(c.id)
			for _, one := range said {
				c.text += one.Words
			}
			return err
		})
		list = append(list, c)
	}
	return list
}

// reportsLost counts the ledger's reports that have no case, and those that
// have more than one, or are in one with another.
func (s *storm) reportsLost(cases []filed) (lost, doubled int) {
	times := map[string]int{}
	for _, c := range cases {
		times[c.text]++
	}
	for _, p := range s.people {
		for _, text := range p.texts {
			switch n := times[text]; {
			case n == 0:
				lost++
			case n > 1:
				doubled++
			}
			delete(times, text)
		}
	}
	return lost, doubled + len(times) // what is left was never submitted in this form
}

// orderBroken counts the chats whose receipts or cards came in another order
// than the reports were written, or the notices committed.
func (s *storm) orderBroken(cases []filed) (broken int) {
	for _, c := range s.people {
		last := -1
		for _, m := range c.Messages() {
			n := slices.IndexFunc(c.texts, func(text string) bool { return strings.Contains(m.Text, text) })
			if !m.FromBot || !strings.Contains(m.Text, "№") || n < 0 {
				continue
			}
			if n < last {
				broken++
				s.t.Logf("the receipts of %s:\n%s", c.Key(), s.telegram.Transcript(c.User))
				break
			}
			last = n
		}
	}
	type row struct{ Chat, Case int64 }
	committed := map[int64][]mahalla.CaseID{}
	for _, r := range rows[row](s.town, `SELECT chat_id, case_id FROM outbox WHERE kind = 'card.officer'
		GROUP BY chat_id, case_id ORDER BY chat_id, min(seq)`) {
		committed[r.Chat] = append(committed[r.Chat], mahalla.CaseID(r.Case))
	}
	ids := map[string]mahalla.CaseID{}
	for _, c := range cases {
		ids[c.number] = c.id
	}
	for _, u := range s.everyOfficer() {
		var seen []mahalla.CaseID
		for _, m := range u.Messages() {
			if id := ids[numberIn(m.Text)]; m.FromBot && m.ReplyTo == 0 && id != 0 && !slices.Contains(seen, id) {
				seen = append(seen, id)
			}
		}
		if u.place != stormBlocked && !slices.Equal(seen, committed[u.ID()]) {
			broken++
			s.t.Logf("the cards of %s: got %v, want %v", u.Key(), seen, committed[u.ID()])
		}
	}
	return broken
}

type officer struct {
	*simulator.User
	place string
}

func (s *storm) everyOfficer() []officer {
	list := []officer{{s.senior, ""}}
	for _, place := range slices.Sorted(maps.Keys(s.officers)) {
		list = append(list, officer{s.officers[place], place})
	}
	return list
}

// withoutCard counts the cases whose officer was sent no card: the inspector of
// the place, or the senior where that one is out of reach.
func (s *storm) withoutCard(cases []filed) (bare int) {
	shown := map[string]map[string]int{}
	for _, o := range s.everyOfficer() {
		shown[o.place] = numbersShown(o.User)
	}
	for _, c := range cases {
		at := c.place
		if at == stormBlocked {
			at = "" // the senior
		}
		if shown[at][c.number] == 0 {
			bare++
			s.t.Logf("case %s of %s: no card", c.number, c.place)
		}
	}
	return bare
}

func numbersShown(u *simulator.User) map[string]int {
	shown := map[string]int{}
	for _, m := range u.Messages() {
		if number := numberIn(m.Text); m.FromBot && m.Protected && number != "" {
			shown[number]++
		}
	}
	return shown
}

// copies counts the cards that an officer has twice, and how often sending a
// card was tried anew.
func (s *storm) copies(cases []filed) (copies, most int) {
	for _, o := range s.everyOfficer() {
		for _, n := range numbersShown(o.User) {
			copies += n - 1
		}
	}
	type row struct{ Again int64 }
	again := rows[row](s.town, "SELECT coalesce(sum(attempts - 1), 0) FROM outbox WHERE attempts > 1 AND kind = 'card.officer'")
	return copies, int(again[0].Again)
}

// acceptancesLost counts the cases whose acceptance and its press disagree.
func (s *storm) acceptancesLost(cases []filed) (lost int) {
	for _, c := range cases {
		if c.accepted != s.accepted[c.number] {
			lost++
		}
	}
	return lost
}

// falseEscalations counts what was said to officers before the ladder's first
// beat, or after the acceptance. Who is out of reach is passed over at once,
// and that is right.
func (s *storm) falseEscalations() int {
	type row struct{ Count int64 }
	found := rows[row](s.town, `SELECT count(*) FROM case_events AS e JOIN cases ON cases.id = e.case_id JOIN territories ON territories.id = place_id
		WHERE e.kind IN ('escalated', 'nudged', 'reminded') AND (e.at > accepted_at
			OR code <> $1 AND e.at < (ladder->'beats'->0->>'at')::timestamptz)`, stormBlocked)
	return int(found[0].Count)
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
