//go:build faults

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// killedAtRandom (F1): kill -9 at random points, and FLUSHALL with every fifth.
func killedAtRandom(t *trial) {
	kills, gap := pick(t, 200, 8), pick(t, 2*time.Second, stormGap)
	p := plan{replicas: 2, people: 160, rate: pick(t, 50, 30), more: pick(t, 60, 0), lasts: time.Duration(kills)*gap + 5*time.Second}
	s := newSiege(t.T, p)
	s.gather()
	s.ripen(20, 2*time.Second, pick(t, 2*time.Minute, 8*time.Second))
	var healed []time.Duration
	s.rage(func(ctx context.Context) {
		killed := make(chan time.Time, kills)
		go func() {
			defer close(killed)
			for n := range kills {
				flush := 0
				if n%stormFlush == stormFlush-1 {
					flush = 1
				}
				last, _ := s.killAgainAndAgain(1, gap, flush)
				killed <- last
			}
		}()
		healed = s.healing(ctx, killed)
	})
	s.recover(time.Now())
	t.found(s)
	t.recovery = worst(healed)
	if len(healed) != kills {
		t.Errorf("kills of which it is known how they healed: got %d, want %d", len(healed), kills)
	}
	t.remark("%d kills", kills)
}

// healing tells for each kill how long after it everything that waited at that moment
// was handled, and sent. It asks ten times a second for the oldest that waits, once for
// all kills: the machine is the program's.
func (s *siege) healing(ctx context.Context, killed <-chan time.Time) (healed []time.Duration) {
	conn, err := pgx.Connect(ctx, s.databaseURL())
	if err != nil {
		s.t.Error(err)
		return nil
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var open []time.Time
	for more := true; (more || len(open) > 0) && ctx.Err() == nil; sleep(ctx, 100*time.Millisecond) {
		for drained := false; more && !drained; {
			select {
			case at, ok := <-killed:
				if more = ok; ok {
					open = append(open, at)
				}
			default:
				drained = true
			}
		}
		asked, oldest := time.Now(), time.Time{}
		if err := conn.QueryRow(ctx, `SELECT least((SELECT min(stored_at) FROM inbox WHERE state = 0),
			(SELECT min(created_at) FROM outbox WHERE state IN (0, 1)), clock_timestamp())`).Scan(&oldest); err != nil {
			s.t.Error(err)
			return healed
		}
		open = slices.DeleteFunc(open, func(at time.Time) bool {
			if oldest.Before(at) || asked.Before(at) {
				return false
			}
			healed = append(healed, time.Since(at))
			return true
		})
	}
	return healed
}

// killedAtPoints (F2): kill -9 right after the inbox's commit, before and after a
// message is sent, and between an acceptance's commit and Redis.
func killedAtPoints(t *trial) {
	points := []string{"after_inbox", "before_send", "after_send", "before_redis"}
	died := map[string]int{}
	t.besiege(plan{replicas: 1, people: 60, rate: pick(t, 10, 20), lasts: pick(t, 3*time.Minute, 25*time.Second)}, 10, func(ctx context.Context, s *siege) {
		for range pick(t, 5, 1) {
			for _, point := range points {
				p := s.replicas[0]
				p.stop()
				own := s.args[0]
				s.args[0] = append(append([]string{}, own...), fmt.Sprintf("KOPRIK_FAIL=%s:%d", point, 1+t.IntN(4)))
				p = s.start(0)
				s.args[0] = own
				select {
				case <-p.ended:
					died[point]++
				case <-time.After(15 * time.Second):
					p.kill() // it was not passed so often
				}
				s.start(0).ready()
			}
		}
	})
	for _, point := range points {
		if died[point] > 0 {
			t.remark("died %s", point)
		}
	}
	if len(died) < len(points) {
		t.Errorf("fail points at which the program died: got %v, want each of %v", died, points)
	}
}

// rollingRestart (F18): SIGTERM in mid-send, one replica of three after the other:
// every call takes so long that something is always on its way.
func rollingRestart(t *trial) {
	const call = 400 * time.Millisecond
	var slowest time.Duration
	t.besiege(plan{replicas: 3, people: 60, rate: 20, lasts: pick(t, 50*time.Second, 15*time.Second), clear: true}, 10, func(ctx context.Context, s *siege) {
		s.telegram.SetLatency(call)
		defer s.telegram.SetLatency(0)
		for range pick(t, 4, 1) {
			for i := range s.replicas {
				slowest = max(slowest, s.replicas[i].stop())
				s.start(i).ready()
				sleep(ctx, 300*time.Millisecond)
			}
		}
	})
	t.remark("exit within %s", short(slowest))
	if slowest < call/2 {
		t.Errorf("exit: got at most %s, which means that nothing was in mid-send", slowest)
	}
}

// migrations (F19): five programs migrate at once while one of them is killed;
// the schema is the same as that of one that was left in peace. The program of
// before the newest migration runs on the new schema.
func migrations(t *trial) {
	peace := newTown(t.T).served()
	began := time.Now()
	peace.done("migrate")
	takes := time.Since(began)
	halfway := 0
	for tries := 0; halfway == 0 && tries < 40; tries++ {
		if t.migratedAndKilled(takes, schemaOf(peace)) {
			halfway++
		}
	}
	if halfway == 0 {
		t.Error("no migration could be killed half-way")
	}
	old := oldProgram(t)
	if old == "" {
		t.unmade = true
		t.remark("the program of before the newest migration could not be built: its source is not in this clone")
		return
	}
	road := newTown(t.T).served().settled()
	now := theProgram.path
	theProgram.path = old
	p := road.run()
	theProgram.path = now
	p.ready()
	road.wholeRoad()
	road.honour()
	p.stop()
	t.remark("one killed half-way; the program of before the newest migration walked the whole road on the new schema")
}

// migratedAndKilled lets five migrate one database at once, kills one of them and looks
// whether the schema is what it should be. It tells whether that one was at work.
func (t *trial) migratedAndKilled(takes time.Duration, want string) (halfway bool) {
	w := newTown(t.T).served()
	var all sync.WaitGroup
	for n := range 5 {
		all.Go(func() {
			cmd := w.command("migrate")
			if n > 0 {
				_ = cmd.Run() // one of the others may have been killed with the lock
				return
			}
			if err := cmd.Start(); err == nil {
				time.Sleep(takes/4 + time.Duration(t.Int64N(int64(takes)))) // beside the others it takes longer
				_ = cmd.Process.Kill()
				halfway = cmd.Wait() != nil
			}
		})
	}
	all.Wait()
	w.done("migrate")
	if got := schemaOf(w); got != want {
		t.Errorf("the schema after a killed migration differs:\n%s", firstDifference(got, want))
	}
	return halfway
}

// schemaOf describes every table, column, constraint, index, function and trigger.
func schemaOf(w *town) string {
	type row struct{ Line string }
	var b strings.Builder
	for _, r := range rows[row](w, `
		SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) FROM information_schema.columns WHERE table_schema = 'public'
		UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
		UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
		UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
		UNION ALL SELECT format('%s %s', number, name) FROM migrations ORDER BY 1`) {
		b.WriteString(r.Line + "\n")
	}
	return b.String()
}

func firstDifference(a, b string) string {
	right := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(right) || right[i] != line {
			return "got " + line + "\nwant " + right[min(i, len(right)-1)]
		}
	}
	return "the second has more"
}

// oldProgram builds the program as it was before the newest migration; empty when
// the history is not here.
func oldProgram(t *trial) string {
	root := filepath.Join("..", "..")
	git := func(args ...string) string {
		said, err := exec.Command("git", append([]string{"-C", root}, args...)...).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(said))
	}
	files, err := os.ReadDir(filepath.Join(root, "storage", "migrations"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	added := git("log", "--diff-filter=A", "--format=%H", "-1", "--", "storage/migrations/"+files[len(files)-1].Name())
	before := git("rev-parse", added+"~1")
	if added == "" || before == "" {
		return ""
	}
	dir := t.TempDir()
	tree := filepath.Join(dir, "tree")
	if git("worktree", "add", "--detach", tree, before) == "" && git("-C", tree, "rev-parse", "HEAD") == "" {
		if _, err := os.Stat(tree); err != nil {
			return ""
		}
	}
	defer git("worktree", "remove", "--force", tree)
	path := filepath.Join(dir, "koprik-before")
	build := exec.Command("go", "build", "-o", path, "./cmd/koprik")
	build.Dir = tree
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program of %s: %v\n%s", before, err, said)
	}
	return path
}

// longOutage (F20): nobody serves for minutes or a day of virtual time while
// people write and press. Telegram drops presses that are too old; they are
// counted. Everything else is heard, the cards are shown afresh and asked again.
func longOutage(t *trial) {
	outages := []time.Duration{3 * time.Minute}
	if t.full {
		outages = append(outages, 30*time.Minute, 25*time.Hour)
	}
	for _, away := range outages {
		t.outage(away, pick(t, 50_000, 1500))
	}
}

func (t *trial) outage(away time.Duration, written int) {
	s := newSiege(t.T, plan{replicas: 2, people: pick(t, 500, 100), rate: 20})
	s.gather()
	s.rage(func(ctx context.Context) { sleep(ctx, 3*time.Second) })
	s.settle()
	eventually(t.T, "it is written down until when was heard", waiting, func() bool {
		return rows[struct{ N int64 }](s.town, "SELECT count(*) FROM hearing")[0].N > 0
	})
	waited := s.unanswered()
	for _, p := range s.replicas {
		p.stop()
	}
	half := written / 2
	for n := range half {
		s.people[n%len(s.people)].Text(fmt.Sprint("Yozuv ", n))
	}
	presses := s.pressOpenCards()
	s.telegram.Advance(away)
	for n := range written - half {
		s.people[n%len(s.people)].Text(fmt.Sprint("Yana ", n))
	}
	before, calls := s.telegram.Pending(), len(s.telegram.Calls())
	for i := range s.args {
		s.args[i] = append(s.args[i], "KOPRIK_AHEAD="+away.String())
	}
	began := time.Now()
	s.startAll()
	s.settleIn(10 * time.Minute)
	drained := time.Since(began)
	t.recovery = max(t.recovery, drained)
	eventually(t.T, "officers are asked again", 40*time.Second, func() bool { return s.askedSince(calls, waited) })
	s.settleIn(10 * time.Minute)
	taken := rows[struct{ N int64 }](s.town, "SELECT count(*) FROM cases WHERE accepted_at IS NOT NULL")[0].N
	t.remark("%s: %d waited and were drained at %.0f a second; of %d presses %d had been in time; %d cards had no answer and their officers were asked again, which is not counted as doubled",
		away, before, float64(before)/drained.Seconds(), presses, taken-int64(len(s.accepted)), len(waited))
	lost := 0
	for _, c := range s.people {
		if s.inboxLacks(c) {
			lost++
		}
	}
	v := s.judge()
	// Presses that Telegram has dropped are no acceptances and have no answer, and
	// cards that are asked again come again.
	v.acceptance, v.early, v.unanswered, v.copies = 0, 0, 0, 0
	t.judged = true
	t.reports, t.lost, t.doubled = t.reports+v.reports, t.lost+lost+v.lost, t.doubled+v.doubled
	if lost > 0 {
		t.Errorf("chats of which something that was written was not heard: got %d, want 0", lost)
	}
	for _, broken := range v.fails() {
		t.Error(broken)
	}
	for _, p := range s.replicas {
		p.stop()
	}
}

// pressOpenCards presses every card that can be accepted.
func (s *siege) pressOpenCards() (n int) {
	for _, o := range s.everyOfficer() {
		for _, m := range o.Messages() {
			if m.FromBot && !m.Deleted && hasButton(m, "Qabul qildim") {
				if _, err := o.Press(m.ID, "Qabul qildim"); err == nil {
					n++
				}
			}
		}
	}
	return n
}

// askedSince tells whether each of some officers who still has to answer was told since
// so many calls that the bot was away, and asked again.
func (s *siege) askedSince(calls int, before []answering) bool {
	told := map[int64]bool{}
	for _, c := range s.telegram.Calls()[calls:] {
		if text, _ := c.Params["text"].(string); c.Method == "sendMessage" && c.Status == 200 && strings.Contains(text, "🔌") {
			told[c.ChatID] = true
		}
	}
	for _, o := range s.unanswered() {
		if slices.Contains(before, o) && !told[o.Chat] {
			return false
		}
	}
	return len(told) > 0
}

// answering is an officer who was told of a case that nobody has accepted.
type answering struct{ Chat, Case int64 }

func (s *siege) unanswered() []answering {
	return rows[answering](s.town, `
		SELECT DISTINCT telegram_id, cases.id FROM assignments JOIN people ON people.id = person_id
		JOIN cases ON cases.id = case_id AND cases.round = assignments.round
		WHERE status = 'new' AND NOT unreachable AND reach <> 'blocked' ORDER BY 1, 2`)
}

// inboxLacks tells whether anything that a person wrote was not taken in.
func (s *siege) inboxLacks(c *citizen) bool {
	type row struct{ N int64 }
	got := rows[row](s.town, "SELECT count(*) FROM inbox WHERE chat_id = $1 AND dedup LIKE 'm:%'", c.ID())
	sent := 0
	for _, m := range c.Messages() {
		if !m.FromBot {
			sent++
		}
	}
	return int(got[0].N) < sent
}

// clocked is a bot whose clock can be pushed.
type clocked struct {
	*process
	in io.Writer
}

// onClock starts the bot on a clock that is ahead of the real one, as the demo
// does.
func (s *siege) onClock(ahead time.Duration) clocked {
	s.t.Helper()
	p := clocked{process: &process{t: s.t, said: &journal{}, ended: make(chan struct{})}}
	p.cmd = exec.Command(binary(s.t), "demo-bot")
	p.cmd.Env = s.environ()
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	in, err := p.cmd.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	p.begin()
	if _, err := fmt.Fprintf(in, "clock %d\n", int64(ahead)); err != nil {
		s.t.Fatal(err)
	}
	p.in = in
	s.t.Cleanup(p.kill)
	eventually(s.t, "the bot is there", waiting, func() bool { return p.over() || strings.Contains(p.said.String(), "keys") })
	if p.over() {
		s.t.Fatalf("the bot ended: %s", p.said)
	}
	return p
}
