package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/storage"
	"koprik/storage/local"
	"koprik/storage/storagetest"
)

func TestMain(m *testing.M) {
	defer func() { _ = os.RemoveAll(theProgram.dir) }()
	storagetest.Main(m)
}

// built is the program, built once for all tests of this process.
type built struct {
	once sync.Once
	dir  string
	path string
	err  error
}

var theProgram built

func binary(t testing.TB) string {
	t.Helper()
	theProgram.once.Do(func() {
		if theProgram.dir, theProgram.err = os.MkdirTemp("", "koprik-program-"); theProgram.err != nil {
			return
		}
		theProgram.path = filepath.Join(theProgram.dir, "koprik")
		said, err := exec.Command("go", "build", "-tags", programTags, "-o", theProgram.path, ".").CombinedOutput()
		if err != nil {
			theProgram.err = fmt.Errorf("building the program: %w\n%s", err, said)
		}
	})
	if theProgram.err != nil {
		t.Fatal(theProgram.err)
	}
	return theProgram.path
}

// long skips what takes seconds under -short.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes seconds")
	}
}

// town is a Telegram with people, and what the program is given to run there.
type town struct {
	t        *testing.T
	telegram *simulator.Server
	env      map[string]string
	look     *storage.DB // the test's own, opened by the first settle
	joined   []*simulator.User
}

// newTown begins with nothing but a Telegram and a directory: the program
// brings its own servers.
func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, telegram: simulator.New(simulator.Config{})}
	t.Cleanup(w.telegram.Close)
	server := httptest.NewServer(w.telegram)
	t.Cleanup(server.Close)
	dir := storagetest.Dir(t)
	t.Cleanup(func() { leave(dir) })
	w.env = map[string]string{
		"TELEGRAM_TOKEN": w.telegram.Token(), "TELEGRAM_API_URL": server.URL,
		"DATA_DIR": dir, "HTTP_ADDR": freeAddress(t), "TELEGRAM_NO_LIMITS": "true",
	}
	return w
}

// leave waits until the servers of a bot that was killed have left its
// directory: they end a moment after it, and write while it is being removed.
func leave(dir string) {
	patience := time.Now().Add(waiting)
	for left := workingIn(dir); len(left) > 0; left = workingIn(dir) {
		if time.Now().After(patience) {
			signalAll(left, syscall.SIGKILL)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// workingIn are the processes whose working directory lies in dir: PostgreSQL
// works in its data.
func workingIn(dir string) (pids []int) {
	places, _ := filepath.Glob("/proc/[0-9]*/cwd") // without /proc there are none to be found
	for _, link := range places {
		where, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(where, dir+"/") {
			continue // gone meanwhile, or somewhere else
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// served gives a town a PostgreSQL database and a Redis of the tests.
func (w *town) served() *town {
	w.t.Helper()
	w.env["DATABASE_URL"], w.env["REDIS_URL"] = storagetest.Postgres(w.t), storagetest.Redis(w.t)
	return w
}

// freeAddress is one that nothing listens on. It lies below the ports that the
// system gives to outgoing connections, or one of those could take it.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprint("127.0.0.1:", 12000+rand.IntN(18000))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}

// environ is the environment of a process: ours, and nothing of the person's.
func (w *town) environ(more ...string) []string {
	list := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	if dir := os.Getenv("TMPDIR"); dir != "" {
		list = append(list, "TMPDIR="+dir)
	}
	for name, value := range w.env {
		list = append(list, name+"="+value)
	}
	return append(list, more...) // of two with one name the last counts
}

// journal is what a process writes, read while it runs.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write keeps what was written.
func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// process is one `koprik run`.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	said  *journal
	began time.Time
	ended chan struct{}
	at    string // its HTTP address
}

// run starts the bot and does not wait.
func (w *town) run(more ...string) *process {
	w.t.Helper()
	p := &process{t: w.t, said: &journal{}, ended: make(chan struct{}), at: w.env["HTTP_ADDR"]}
	for _, pair := range more {
		if at, ok := strings.CutPrefix(pair, "HTTP_ADDR="); ok {
			p.at = at
		}
	}
	p.cmd = exec.Command(binary(w.t), "run")
	p.cmd.Env = w.environ(more...)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	p.begin()
	w.t.Cleanup(func() {
		p.kill()
		if said := p.said.String(); w.t.Failed() && (strings.Contains(said, "level=WARN") || strings.Contains(said, "level=ERROR")) {
			w.t.Logf("a process said:\n%s", tailOf(said, 4000))
		}
	})
	return p
}

func tailOf(s string, most int) string { return s[max(0, len(s)-most):] }

func (p *process) begin() {
	p.t.Helper()
	p.began = time.Now()
	started := make(chan error)
	go func() {
		unlock := dieTogether(p.cmd)
		defer unlock()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // how it ended is in ProcessState
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		p.t.Fatal(err)
	}
}

// ready waits until the bot serves, and tells how long that took from its
// start.
func (p *process) ready() time.Duration {
	p.t.Helper()
	eventually(p.t, "the bot is ready", waiting, func() bool {
		if p.over() {
			p.t.Fatalf("the bot ended before it was ready: %s", p.said)
		}
		return p.isReady()
	})
	return time.Since(p.began)
}

func (p *process) isReady() bool {
	return strings.Contains(p.said.String(), "msg=ready") && status(p.at, "/readyz") == http.StatusOK
}

func (p *process) over() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill ends the process as kill -9 does, and returns when it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop asks the process to end, as systemd and Docker do, and tells how long
// that took.
func (p *process) stop() time.Duration {
	p.t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(25 * time.Second):
		p.t.Fatalf("SIGTERM: the bot still runs after 25 s: %s", p.said)
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("exit code after SIGTERM: got %d, want 0: %s", code, tailOf(p.said.String(), 2000))
	}
	return time.Since(began)
}

// status asks a path of the bot; 0 is no answer.
func status(address, path string) int {
	code, _ := fetch(address, path)
	return code
}

func fetch(address, path string) (int, string) {
	client := http.Client{Timeout: 5 * time.Second} // longer than the bot waits for its database
	answer, err := client.Get("http://" + address + path)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body)
}

// command is a command that ends by itself, with the bot's environment.
func (w *town) command(args ...string) *exec.Cmd {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	w.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, binary(w.t), args...)
	cmd.Env = w.environ()
	return cmd
}

// koprik runs a command to its end.
func (w *town) koprik(args ...string) (out, errs string, code int) {
	w.t.Helper()
	cmd := w.command(args...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		w.t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// done runs a command that must succeed, and returns what it prints.
func (w *town) done(args ...string) string {
	w.t.Helper()
	out, errs, code := w.koprik(args...)
	if code != 0 {
		w.t.Fatalf("koprik %s: got exit code %d, want 0: %s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// founded makes what the first start of a bot makes.
func (w *town) founded() *town {
	w.t.Helper()
	config, err := readConfig(w.environ())
	if err != nil {
		w.t.Fatal(err)
	}
	h, err := openHouse(w.t.Context(), config, false, time.Now, logger(io.Discard, 0))
	if err != nil {
		w.t.Fatal(err)
	}
	h.Close()
	return w
}

// settled imports the territory of the demo, before anything runs.
func (w *town) settled() *town {
	w.t.Helper()
	w.founded().done("import", "territory", demoTerritory)
	return w
}

const (
	demoTerritory  = "../../storage/seed/demo_territory.csv"
	demoBoundaries = "../../storage/seed/demo_boundaries.geojson"
)

// invite makes a link on the command line and returns its payload.
func (w *town) invite(role, place string) string {
	w.t.Helper()
	link, err := url.Parse(strings.TrimSpace(w.done("invite", "--role", role, "--territory", place)))
	if err != nil || link.Host != "t.me" || link.Path != "/"+w.telegram.Username() {
		w.t.Fatalf("the link of an invitation: got %v, %v", link, err)
	}
	return link.Query().Get("start")
}

// join gives a person a role, as it happens in life: link, acceptance, own
// number, test card.
func (w *town) join(u *simulator.User, role, place string) {
	w.t.Helper()
	u.Start(w.invite(role, place))
	w.press(u, "✅")
	w.settle()
	u.Contact()
	w.settle()
	eventually(w.t, "whoever stands above knows the person, who presses the test card", waiting, func() bool {
		for _, above := range w.joined {
			if _, err := above.PressLast("✅ Taniyman"); err == nil {
				break
			}
		}
		w.settle()
		_, err := u.PressLast("✅")
		return err == nil
	})
	w.settle()
	w.joined = append(w.joined, u)
}

// person adds somebody with the language of the tests.
func (w *town) person(name string) *simulator.User {
	return w.telegram.AddPerson(simulator.Person{Key: name, FirstName: name, Language: "uz"})
}

// press waits until everything has happened and taps the newest such button.
func (w *town) press(u *simulator.User, label string) {
	w.t.Helper()
	w.settle()
	if _, err := u.PressLast(label); err != nil {
		w.t.Fatalf("%v\n%s", err, w.telegram.Transcript(u))
	}
}

// settle waits until everything that people did has had its effect: nothing
// waits in Telegram, in the inbox or in the outbox, and presses are answered.
func (w *town) settle() {
	w.t.Helper()
	w.settleIn(20 * time.Second)
	eventually(w.t, "every press is answered", 10*time.Second, func() bool { return len(w.telegram.Unanswered()) == 0 })
}

func (w *town) settleIn(patience time.Duration) {
	w.t.Helper()
	eventually(w.t, "nothing waits any more", patience, func() bool {
		if w.telegram.Pending() > 0 {
			return false
		}
		left := w.leftovers()
		return left.Waiting == 0 && left.Unsent == 0
	})
}

func (w *town) leftovers() (left storage.Leftovers) {
	w.t.Helper()
	w.read(func(tx *storage.Tx) (err error) {
		left, err = tx.Unfinished()
		return err
	})
	return left
}

// read looks into the bot's database.
func (w *town) read(fn func(*storage.Tx) error) {
	w.t.Helper()
	if err := w.db().Read(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) db() *storage.DB {
	w.t.Helper()
	if w.look == nil {
		db, err := storage.Open(w.t.Context(), storage.Options{URL: w.databaseURL(), Connections: 3}, w.seals())
		if err != nil {
			w.t.Fatal(err)
		}
		w.look = db
		w.t.Cleanup(w.forgetDatabase)
	}
	return w.look
}

// forgetDatabase lets the next look open the database anew.
func (w *town) forgetDatabase() {
	if w.look != nil {
		w.look.Close()
		w.look = nil
	}
}

func (w *town) seals() *storage.Seals {
	w.t.Helper()
	seals, err := storage.OpenSeals(filepath.Join(w.env["DATA_DIR"], "keys.json"), false)
	if err != nil {
		w.t.Fatal(err)
	}
	return seals
}

// databaseURL is the address of the bot's PostgreSQL, also of its own.
func (w *town) databaseURL() string {
	w.t.Helper()
	if given := w.env["DATABASE_URL"]; given != "" {
		return given
	}
	address, ok := local.Running(w.env["DATA_DIR"])
	if !ok {
		w.t.Fatal("the bot has no PostgreSQL running")
	}
	return address
}

// honour checks what must hold at the end of every test.
func (w *town) honour() {
	w.t.Helper()
	if d := w.telegram.Departures(); len(d) > 0 {
		w.t.Errorf("departures from the Bot API: got %q, want none", d)
	}
	if p := w.telegram.Unanswered(); len(p) > 0 {
		w.t.Errorf("unanswered presses: got %d, want 0: %+v", len(p), p)
	}
}

// sees tells whether a message of the bot in the chat, as it stands now, holds
// every one of the parts.
func sees(u *simulator.User, parts ...string) bool {
	for _, m := range u.Messages() {
		if m.FromBot && !m.Deleted && holds(m.Text, parts) {
			return true
		}
	}
	return false
}

func holds(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, patience time.Duration, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// waiting is the patience for what takes a second or two on an idle machine.
const waiting = 30 * time.Second
