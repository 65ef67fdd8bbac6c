package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"koprik/bot/simulator"
)

func TestTheWholeRoadByPolling(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served().settled()
	p := w.run()
	p.ready()
	w.wholeRoad()
	w.orderHolds()
	w.honour()
	t.Logf("run: SIGTERM to exit %s", p.stop().Round(time.Millisecond))
}

func TestTheWholeRoadByWebhook(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served().settled()
	w.env["TELEGRAM_MODE"], w.env["WEBHOOK_URL"], w.env["WEBHOOK_SECRET"] = "webhook", "http://"+w.env["HTTP_ADDR"], "sixteen-letters-of-secret"
	p := w.run()
	p.ready()
	w.wholeRoad()
	w.orderHolds()
	w.honour()
	for _, c := range w.telegram.Calls() {
		if c.Method == "getUpdates" || c.Method == "deleteWebhook" {
			t.Errorf("with a webhook: got a call of %s, want none", c.Method)
		}
	}
	p.stop()
}

// counts are what one act cost a person.
type counts struct{ taps, sent, received int }

// cost counts what a person does and gets during an act.
func (w *town) cost(u *simulator.User, act func()) counts {
	w.t.Helper()
	w.settle()
	u.ResetCounters()
	act()
	w.settle()
	return counts{u.Taps(), u.Sent(), u.Received()}
}

// wholeRoad walks from the invitation of an inspector to the stars of a
// resident, and counts every tap and message on the way.
func (w *town) wholeRoad() {
	w.t.Helper()
	inspector, resident := w.person("Inspector"), w.person("Resident")
	w.join(inspector, "inspector", "DEMO-1011")

	first := w.cost(resident, func() {
		resident.Start("m_DEMO-1011")
		w.press(resident, "✅")
		w.settle()
		resident.Text("12-uy oldida har kecha baland musiqa")
		w.press(resident, "🔊")
	})
	w.expect("the first report, by a poster", first, counts{taps: 3, sent: 1, received: 2})

	accept := w.cost(inspector, func() { w.press(inspector, "✅") })
	w.expect("accepting", accept, counts{taps: 1})
	w.mustSee(resident, "🔵")

	promise := w.cost(inspector, func() { w.press(inspector, "Ertaga") })
	w.expect("promising", promise, counts{taps: 1})
	w.mustSee(resident, "🔵", "🗓")

	closing := w.cost(inspector, func() {
		w.press(inspector, "🏁")
		w.press(inspector, "🏁 Ogohlantirildi")
		w.settle()
		inspector.Text("Uy egasi bilan gaplashdim")
	})
	w.expect("closing", closing, counts{taps: 2, sent: 1})
	w.mustSee(resident, "🏁", "Uy egasi bilan gaplashdim")

	verdict := w.cost(resident, func() {
		w.press(resident, "✅ Hal boʻldi")
		w.press(resident, "5 ⭐")
	})
	w.expect("verdict and stars", verdict, counts{taps: 2})
	w.mustSee(resident, "Bahoingiz: 5")

	again := w.cost(resident, func() {
		resident.Text("Yana musiqa")
		w.press(resident, "🔊")
	})
	w.expect("a repeat report", again, counts{taps: 1, sent: 1, received: 1})
}

func (w *town) expect(what string, got, want counts) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s: got %+v, want %+v\n%s", what, got, want, w.telegram.Transcript())
	}
}

func (w *town) mustSee(u *simulator.User, parts ...string) {
	w.t.Helper()
	if !sees(u, parts...) {
		w.t.Errorf("%s sees no message with %q:\n%s", u.Key(), parts, w.telegram.Transcript(u))
	}
}

// orderHolds lets many people write faster than the bot can answer: what each
// wrote is read in order and answered in order, and nobody is told anything of
// a draft that was filed meanwhile.
func (w *town) orderHolds() {
	w.t.Helper()
	const people, parts = 12, 6
	var crowd []*simulator.User
	for n := range people {
		u := w.person(fmt.Sprint("Crowd", n))
		u.Start("m_DEMO-1010")
		crowd = append(crowd, u)
	}
	for _, u := range crowd {
		w.press(u, "✅")
	}
	w.settle()
	var words []string
	for n := range parts {
		words = append(words, fmt.Sprint("soʻz", n))
		for _, u := range crowd {
			u.Text(words[n])
		}
	}
	for _, u := range crowd {
		for _, text := range []string{"/privacy", "/mavzu shovqin", "/yoq", "/help"} {
			u.Text(text)
		}
	}
	w.settle()
	for _, u := range crowd {
		w.mustSee(u, "№", strings.Join(words, "\n"))
		privacy, unknown, help := place(u, "Maxfiylik"), place(u, "Bunday buyruq yoʻq"), place(u, "Qanday ishlaydi")
		if privacy < 0 || unknown < privacy || help < unknown || sees(u, "Bekor qilindi") {
			w.t.Fatalf("the answers to privacy, an unknown command and help stand at %d, %d, %d; want them in this order and no word of a dropped draft:\n%s",
				privacy, unknown, help, w.telegram.Transcript(u))
		}
	}
}

// place is where the bot's message with such a text stands in the chat.
func place(u *simulator.User, part string) int {
	return slices.IndexFunc(u.Messages(), func(m simulator.Message) bool { return m.FromBot && strings.Contains(m.Text, part) })
}

func TestAnEmptyDatabaseIsReadyInTwoSecondsAndAStopLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served()
	p := w.run()
	ready := p.ready()
	if ready > 10*time.Second {
		t.Errorf("start to ready on an empty database: got %s, want about 1 s", ready)
	}
	const people = 40
	var crowd []*simulator.User
	for n := range people {
		u := w.person(fmt.Sprint("Crowd", n))
		u.Start("")
		crowd = append(crowd, u)
	}
	w.settle()
	w.telegram.SetLatency(300 * time.Millisecond) // so that the stop falls into the middle of sending
	for _, u := range crowd {
		u.ResetCounters()
		for range 4 {
			u.Text("/help")
		}
	}
	eventually(t, "some are answered", 10*time.Second, func() bool { return received(crowd) > 0 })
	stop := p.stop()
	before := received(crowd)
	w.telegram.SetLatency(0)
	again := w.run()
	again.ready()
	w.settle()
	for _, u := range crowd {
		if u.Received() != 4 {
			t.Errorf("answers to %s: got %d, want 4", u.Key(), u.Received())
		}
	}
	if before == 4*people {
		t.Errorf("the stop fell after the last answer: it proves nothing")
	}
	w.honour()
	t.Logf("run: empty database to ready %s; SIGTERM with %d of %d answers sent to exit %s",
		ready.Round(time.Millisecond), before, 4*people, stop.Round(time.Millisecond))
}

func TestReplicasThatStartTogetherOnAnEmptyDatabaseShareTheWork(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served()
	var replicas []*process
	for range 3 {
		replicas = append(replicas, w.run("HTTP_ADDR="+freeAddress(t)))
	}
	for _, p := range replicas {
		p.ready()
	}
	u := w.person("Resident")
	for n, p := range replicas { // one after the other is told to stop: the rest go on
		u.Start("")
		w.settle()
		if got := u.Received(); got != n+1 {
			t.Errorf("answers with %d replicas left: got %d, want %d", len(replicas)-n, got, n+1)
		}
		p.stop()
	}
	for _, c := range w.telegram.Calls() {
		if c.Method == "getUpdates" {
			t.Errorf("a call of getUpdates was refused: got %d %s; want one replica at a time to poll", c.Status, c.Description)
		}
	}
	w.honour()
}

func received(crowd []*simulator.User) (n int) {
	for _, u := range crowd {
		n += u.Received()
	}
	return n
}

func TestWhatAKilledReplicaWasSendingIsSentByTheOtherWithinTenSeconds(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served()
	first := w.run()
	first.ready()
	const people = 30
	var crowd []*simulator.User
	for n := range people {
		u := w.person(fmt.Sprint("Crowd", n))
		u.Start("")
		crowd = append(crowd, u)
	}
	w.settle()
	for _, u := range crowd {
		u.ResetCounters()
		u.Text("/help")
	}
	// The first replica alone has everything in hand, and dies in the middle of it.
	w.telegram.SetFault(func(method string, _ int64) *simulator.Fault {
		if method == "sendMessage" {
			return &simulator.Fault{Hang: true}
		}
		return nil
	})
	eventually(t, "all of it is being sent", 20*time.Second, func() bool {
		return rows[struct{ Count int64 }](w, "SELECT count(*) FROM outbox WHERE state = 1")[0].Count == people
	})
	second := w.run("HTTP_ADDR=" + freeAddress(t))
	second.ready()
	first.kill()
	w.telegram.SetFault(nil)
	began := time.Now()
	eventually(t, "everybody has the answer", 10*time.Second, func() bool { return received(crowd) == people })
	t.Logf("recovery after kill -9 of a replica with %d messages in hand: %s", people, time.Since(began).Round(time.Millisecond))
	w.honour()
}

func TestATokenAloneIsEnoughAndTheDataOutliveAKill(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t)
	p := w.run()
	first := p.ready()
	if !strings.Contains(w.done("import", "territory", demoTerritory), "24 new") {
		t.Error("importing the territory beside the bot: want 24 new mahallas")
	}
	inspector, resident := w.person("Inspector"), w.person("Resident")
	w.join(inspector, "inspector", "DEMO-1011")
	resident.Start("")
	w.press(resident, "✅")
	eventually(t, "the running bot knows the imported place", 10*time.Second, func() bool {
		resident.Start("m_DEMO-1011")
		w.settle()
		return sees(resident, "Gʻuncha MFY")
	})
	resident.Text("Hovlida janjal bor")
	w.press(resident, "🔊")
	w.settle()
	w.mustSee(inspector, "Hovlida janjal bor")

	route := w.done("route", "--mahalla", "DEMO-1011", "--category", "noise")
	if !strings.Contains(route, "prevention_inspector at Gʻuncha (DEMO-1011), Namuna tumani: 1, of whom 1 can be reached") {
		t.Errorf("koprik route beside the bot: got\n%s", route)
	}
	out, errs, code := w.koprik("doctor")
	if code != 0 || !strings.Contains(out, "✓ PostgreSQL") || !strings.Contains(out, "✓ Telegram") || !strings.Contains(out, "! people      23 of 24 mahallas") {
		t.Errorf("koprik doctor beside the bot: got exit code %d, want 0 and 23 of 24 mahallas uncovered:\n%s%s", code, out, errs)
	}

	p.kill()
	w.forgetDatabase() // its connections broke
	again := w.run()
	second := again.ready()
	w.press(inspector, "✅")
	w.settle()
	w.mustSee(resident, "🔵")
	w.mustSee(inspector, "Hovlida janjal bor", "🔵")
	w.honour()
	t.Logf("run with a token alone: first start to ready %s, after kill -9 %s, SIGTERM to exit %s",
		first.Round(time.Millisecond), second.Round(time.Millisecond), again.stop().Round(time.Millisecond))
}

func TestAPostgreSQLOfItsOwnThatIsKilledIsStartedAgainAndNoReportIsLost(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).settled()
	p := w.run()
	p.ready()
	const people = 20
	var crowd []*simulator.User
	for n := range people {
		u := w.person(fmt.Sprint("Crowd", n))
		u.Start("m_DEMO-1011")
		crowd = append(crowd, u)
	}
	w.settle()
	for _, u := range crowd {
		w.press(u, "✅")
	}
	w.settle()
	for round := range 2 {
		for _, u := range crowd {
			u.Text(fmt.Sprint("Hisobot ", u.Key(), "-", round))
			u.Text("/mavzu shovqin")
		}
		w.killPostgres()
		began := time.Now()
		eventually(t, "the bot is ready again", waiting, func() bool {
			if p.over() {
				t.Fatalf("the bot ended: %s", p.said)
			}
			return status(p.at, "/readyz") == 200
		})
		t.Logf("own PostgreSQL killed: ready again after %s", time.Since(began).Round(time.Millisecond))
		w.forgetDatabase()
		w.settleIn(time.Minute)
	}
	w.settle()
	for _, u := range crowd {
		for round := range 2 {
			w.mustSee(u, "№", fmt.Sprint("Hisobot ", u.Key(), "-", round))
		}
	}
	if got := rows[struct{ Count int64 }](w, "SELECT count(*) FROM cases"); got[0].Count != 2*people {
		t.Errorf("cases: got %d, want %d", got[0].Count, 2*people)
	}
	w.everyReceiptHasARow(crowd)
	w.honour()
	p.stop()
}

// everyReceiptHasARow looks up every number that people are shown: nothing was confirmed that did not stand in the database.
func (w *town) everyReceiptHasARow(people []*simulator.User) {
	w.t.Helper()
	stored := map[string]bool{}
	for _, c := range rows[struct{ Number int64 }](w, "SELECT number::bigint FROM cases") {
		stored[fmt.Sprintf("%04d-%04d", c.Number/10000, c.Number%10000)] = true
	}
	receipts := 0
	for _, u := range people {
		for _, m := range u.Messages() {
			for _, number := range receiptNumber.FindAllStringSubmatch(m.Text, -1) {
				if receipts++; !stored[number[1]] {
					w.t.Errorf("%s was shown %s, which is no case", u.Key(), number[1])
				}
			}
		}
	}
	if receipts < 2*len(people) {
		w.t.Errorf("receipts: got %d, want at least %d", receipts, 2*len(people))
	}
}

// receiptNumber is the number of a case as a receipt shows it.
var receiptNumber = regexp.MustCompile(`№ (\d{4}-\d{4})`)

// killPostgres ends the bot's own server as kill -9 does, and waits until there
// is another one.
func (w *town) killPostgres() {
	w.t.Helper()
	data := w.dataOfPostgres()
	old := postmaster(data)
	if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
		w.t.Fatal(err)
	}
	eventually(w.t, "another PostgreSQL is started", waiting, func() bool { now := postmaster(data); return now != 0 && now != old })
}

func (w *town) dataOfPostgres() string {
	w.t.Helper()
	return rows[struct{ Setting string }](w, "SELECT setting FROM pg_settings WHERE name = 'data_directory'")[0].Setting
}

// postmaster is the process that serves a data directory; 0 when there is none.
func postmaster(data string) int {
	note, _ := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	line, _, _ := strings.Cut(string(note), "\n")
	pid, _ := strconv.Atoi(line)
	return pid
}

func TestAPostgreSQLOfItsOwnThatCannotBeStartedAgainEndsTheBotWithOneLine(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t)
	p := w.run()
	p.ready()
	data := w.dataOfPostgres()
	pid := postmaster(data)
	// Without this file no start goes well.
	if err := os.Rename(filepath.Join(data, "global", "pg_control"), filepath.Join(data, "global", "hidden")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the bot ends", time.Minute, p.over)
	said := strings.TrimSpace(p.said.String())
	last := said[strings.LastIndexByte(said, '\n')+1:]
	if code := p.cmd.ProcessState.ExitCode(); code != 1 || !strings.HasPrefix(last, "koprik: PostgreSQL ended and could not be started again: ") {
		t.Errorf("got exit code %d and %q, want 1 and a line that says so", code, last)
	}
}

func TestAStopIsInTimeThoughPostgreSQLSaysNothing(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t)
	p := w.run()
	p.ready()
	u := w.person("Resident")
	u.Start("")
	w.settle()
	server := postmaster(w.dataOfPostgres())
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", server, server))
	if err != nil {
		t.Skip("the processes of PostgreSQL cannot be found here")
	}
	frozen := []int{server}
	for _, word := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		frozen = append(frozen, pid)
	}
	t.Cleanup(func() { signalAll(frozen, syscall.SIGKILL) })
	signalAll(frozen, syscall.SIGSTOP)
	u.Text("/help")
	eventually(t, "the bot is not ready", waiting, func() bool { return status(p.at, "/readyz") == 503 })
	t.Logf("SIGTERM to exit with a PostgreSQL that says nothing: %s", p.stop().Round(time.Millisecond))
}

func signalAll(pids []int, sig syscall.Signal) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, sig) // one that is gone is as good
	}
}
