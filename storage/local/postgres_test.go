package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// needPostgres skips the test under -short where the programs are missing.
func needPostgres(t *testing.T) {
	t.Helper()
	_, err := search{folders: systemFolders}.forData(t.Context(), place{base: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil && testing.Short() {
		t.Skip(err)
	}
	fatal(t, err)
}

func startPostgres(t *testing.T, o Options) *Server {
	t.Helper()
	needPostgres(t)
	o.NoFetch = true
	s, err := Postgres(t.Context(), o)
	fatal(t, err)
	t.Cleanup(func() { fatal(t, s.Stop()) })
	return s
}

func connectTo(t *testing.T, url string) (*pgx.Conn, error) {
	t.Helper()
	return pgx.Connect(t.Context(), url)
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	fatal(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), sql)
	fatal(t, err)
}

func ask(t *testing.T, url, sql string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	fatal(t, err)
	defer conn.Close(context.Background())
	fatal(t, conn.QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

const write, read = "CREATE TABLE t AS SELECT 'kept' AS word", "SELECT word FROM t"

func TestAFreshPostgresAnswersInUTF8AndListensOnNoNetwork(t *testing.T) {
	t.Parallel()
	began := time.Now()
	s := startPostgres(t, Options{Dir: openDir(t)})
	t.Logf("initdb and start: %v", time.Since(began).Round(time.Millisecond))
	for setting, want := range map[string]string{"server_encoding": "UTF8", "listen_addresses": "", "timezone": "UTC", "dynamic_shared_memory_type": "mmap"} {
		if got := ask(t, s.URL(), "SHOW "+setting); got != want {
			t.Errorf("%s: got %q, want %q", setting, got, want)
		}
	}
	if got := ask(t, s.URL(), "SELECT lower('ШЎРВА')"); got != "шўрва" && ask(t, s.URL(), "SHOW lc_ctype") != "C" {
		t.Errorf("lower case of Cyrillic: got %q", got)
	}
	if info, err := os.Stat(s.place.socket); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket directory: got %v, %v; want one that only its owner enters", info.Mode(), err)
	}
}

func TestDataSurviveAStopAndAKillAndTheAddressStays(t *testing.T) {
	t.Parallel()
	for _, durable := range []bool{false, true} {
		t.Run(fmt.Sprintf("durable %v", durable), func(t *testing.T) {
			t.Parallel()
			o := Options{Dir: openDir(t), Durable: durable}
			first := startPostgres(t, o)
			execute(t, first.URL(), write)
			fatal(t, first.Stop())
			second := startPostgres(t, o)
			execute(t, second.URL(), "UPDATE t SET word = 'changed'")
			second.Kill()
			began := time.Now()
			third := startPostgres(t, o)
			t.Logf("start after a kill: %v", time.Since(began).Round(time.Millisecond))
			if got := ask(t, third.URL(), read); got != "changed" {
				t.Errorf("got %q, want %q", got, "changed")
			}
			if third.URL() != first.URL() {
				t.Errorf("address: got %s, want %s as before", third.URL(), first.URL())
			}
		})
	}
}

func TestDataSurviveTheDeathOfTheParent(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	url, kill := runParent(t, "postgres", dir)
	execute(t, url, write)
	kill()
	s := startPostgres(t, Options{Dir: dir})
	if got := ask(t, s.URL(), read); got != "kept" {
		t.Errorf("got %q, want %q", got, "kept")
	}
}

func TestPostgresEndsByItselfWhenTheParentIsKilled(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	url, kill := runParent(t, "postgres", dir)
	data := ask(t, url, "SHOW data_directory")
	if len(postgresIn(data)) == 0 {
		t.Fatalf("no PostgreSQL was found in %s though it runs", data)
	}
	kill()
	eventually(t, "PostgreSQL ends", func() bool { return len(postgresIn(data)) == 0 })
}

func TestASessionThatOutlivesTheServerDoesNotPreventAStart(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	url, kill := runParent(t, "postgres", dir)
	execute(t, url, write)
	busy, err := pgx.Connect(t.Context(), url)
	fatal(t, err)
	defer busy.Close(context.Background())
	_, err = busy.Exec(t.Context(), `DO 'BEGIN PERFORM set_config(''statement_timeout'', ''0'', false); END'`)
	fatal(t, err)
	data := ask(t, url, "SHOW data_directory")
	go busy.Exec(context.Background(), "SELECT count(*) FROM generate_series(1, 1000000000000)")
	fatal(t, syscall.Kill(postmaster(data), syscall.SIGKILL))
	kill()
	s := startPostgres(t, Options{Dir: dir})
	if got := ask(t, s.URL(), read); got != "kept" {
		t.Errorf("got %q, want %q", got, "kept")
	}
}

func TestASecondProcessIsToldThatTheDirectoryIsInUse(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	startPostgres(t, Options{Dir: dir})
	_, err := Postgres(t.Context(), Options{Dir: dir, NoFetch: true})
	if !errors.Is(err, ErrInUse) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want one line that names %s", err, dir)
	}
	if said, _ := runParent(t, "postgres", dir); !strings.HasPrefix(said, "error: ") || !strings.Contains(said, ErrInUse.Error()) {
		t.Errorf("another process: got %q, want %q in it", said, ErrInUse)
	}
}

func TestANoteWithTheNumberOfAnotherProcessDoesNotPreventAStart(t *testing.T) {
	t.Parallel()
	o := Options{Dir: openDir(t)}
	s := startPostgres(t, o)
	execute(t, s.URL(), write)
	stale := map[string]string{}
	for _, file := range []string{filepath.Join(s.place.data, "postmaster.pid"), filepath.Join(s.place.socket, ".s.PGSQL.5432.lock")} {
		note, err := os.ReadFile(file)
		fatal(t, err)
		_, rest, _ := strings.Cut(string(note), "\n")
		stale[file] = strconv.Itoa(os.Getppid()) + "\n" + rest
	}
	fatal(t, s.Stop())
	fatal(t, s.place.as.privateDir(s.place.socket))
	for file, note := range stale {
		fatal(t, os.WriteFile(file, []byte(note), 0o600))
	}
	if got := ask(t, startPostgres(t, o).URL(), read); got != "kept" {
		t.Errorf("got %q, want %q", got, "kept")
	}
}

func TestAKilledInitdbLeavesNothingInTheWay(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	half := filepath.Join(dir, "postgres.new", "base")
	fatal(t, os.MkdirAll(half, 0o700))
	startPostgres(t, Options{Dir: dir})
	if _, err := os.Stat(filepath.Join(dir, "postgres.new")); !os.IsNotExist(err) {
		t.Errorf("postgres.new: got %v, want it gone", err)
	}
}

func TestSomethingElseInTheDataDirectoryIsNotTouched(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	needPostgres(t)
	letter := filepath.Join(dir, "postgres", "letter.txt")
	fatal(t, os.Mkdir(filepath.Dir(letter), 0o700))
	fatal(t, os.WriteFile(letter, nil, 0o600))
	if _, err := Postgres(t.Context(), Options{Dir: dir, NoFetch: true}); err == nil || !strings.Contains(err.Error(), "something else") {
		t.Errorf("got %v, want an error that says so", err)
	}
	if _, err := os.Stat(letter); err != nil {
		t.Error(err)
	}
}

func TestTemporaryDataAreThrownAwayAtTheStartAndByStop(t *testing.T) {
	t.Parallel()
	o := Options{Dir: openDir(t)}
	first := startPostgres(t, o)
	execute(t, first.URL(), write)
	first.Kill()
	o.Temporary = true
	second := startPostgres(t, o)
	if got := ask(t, second.URL(), "SELECT coalesce(to_regclass('t')::text, 'none')"); got != "none" {
		t.Errorf("table of the earlier run: got %q, want none", got)
	}
	fatal(t, second.Stop())
	if _, err := os.Stat(second.place.data); !os.IsNotExist(err) {
		t.Errorf("data after Stop: got %v, want them gone", err)
	}
}

func TestTheSocketOfALongDirectoryHasAShortPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openDir(t), strings.Repeat("long", 30))
	s := startPostgres(t, Options{Dir: dir})
	execute(t, s.URL(), write)
	address, err := url.Parse(s.URL())
	fatal(t, err)
	socket := address.Query().Get("host")
	fatal(t, s.Stop())
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("%s after Stop: got %v, want it gone", socket, err)
	}
}

func TestADirectoryThatPostgresCannotReachKeepsItsDataElsewhere(t *testing.T) {
	t.Parallel()
	closed := t.TempDir()
	fatal(t, os.Chmod(closed, 0o700))
	o := Options{Dir: filepath.Join(closed, "data")}
	s := startPostgres(t, o)
	execute(t, s.URL(), write)
	elsewhere := !strings.HasPrefix(s.place.data, closed)
	if root := os.Geteuid() == 0; elsewhere != root {
		t.Errorf("data in %s: root %v", s.place.data, root)
	}
	if elsewhere {
		t.Cleanup(func() { fatal(t, os.RemoveAll(s.place.base)) })
	}
	fatal(t, s.Stop())
	if got := ask(t, startPostgres(t, o).URL(), read); got != "kept" {
		t.Errorf("got %q, want %q", got, "kept")
	}
}

func TestPostgresRunsAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	s := startPostgres(t, Options{Dir: openDir(t)})
	var stat syscall.Stat_t
	fatal(t, syscall.Stat(fmt.Sprintf("/proc/%d", s.child.cmd.Process.Pid), &stat))
	if stat.Uid == 0 {
		t.Error("PostgreSQL runs as root")
	}
}

func TestDoneTellsThatTheServerEndedUnasked(t *testing.T) {
	t.Parallel()
	s := startPostgres(t, Options{Dir: openDir(t)})
	fatal(t, syscall.Kill(s.child.cmd.Process.Pid, syscall.SIGQUIT))
	select {
	case <-s.Done():
	case <-t.Context().Done():
		t.Error("Done stayed open")
	}
}

func TestACancelledStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := openDir(t)
	if _, err := Postgres(ctx, Options{Dir: dir, NoFetch: true}); err == nil {
		t.Fatal("a start with a cancelled context succeeded")
	}
	if left := postgresIn(filepath.Join(dir, "postgres")); len(left) > 0 {
		t.Errorf("still running: %v", left)
	}
	startPostgres(t, Options{Dir: dir})
}

func TestCtrlCReachesThisProcessAndNotTheServer(t *testing.T) {
	t.Parallel()
	s := startPostgres(t, Options{Dir: openDir(t)})
	ours, err := syscall.Getpgid(0)
	fatal(t, err)
	theirs, err := syscall.Getpgid(s.child.cmd.Process.Pid)
	fatal(t, err)
	if ours == theirs {
		t.Errorf("the server is in our process group, %d", ours)
	}
}

func TestACopyThatRootMadeOfTheDataIsServed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root makes such a copy")
	}
	o := Options{Dir: openDir(t)}
	first := startPostgres(t, o)
	execute(t, first.URL(), write)
	fatal(t, first.Stop())
	copied := filepath.Join(openDir(t), "copy")
	if said, err := exec.Command("cp", "-r", o.Dir, copied).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	fatal(t, os.Chmod(copied, 0o711))
	second := startPostgres(t, Options{Dir: copied})
	if got := ask(t, second.URL(), read); got != "kept" {
		t.Errorf("got %q, want %q", got, "kept")
	}
}

func TestTheDataOfAnotherUserAreRefusedWithAWordOnWhatToDo(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give something away")
	}
	dir := filepath.Join(openDir(t), "postgres")
	fatal(t, os.Mkdir(dir, 0o700))
	fatal(t, os.Chown(dir, 4321, 4321))
	var nobody *account // as whoever is not root
	if err := nobody.inherit(dir); err == nil || !strings.Contains(err.Error(), "belongs to user 4321: start as that user") {
		t.Errorf("got %v", err)
	}
}

func TestADirectoryThatNothingWasStartedInIsKnown(t *testing.T) {
	t.Parallel()
	o := Options{Dir: openDir(t)}
	if Exists(o.Dir) || Exists(filepath.Join(o.Dir, "nowhere")) {
		t.Error("got a PostgreSQL where there is none")
	}
	fatal(t, startPostgres(t, o).Stop())
	if !Exists(o.Dir) {
		t.Error("got none where one was started")
	}
}
