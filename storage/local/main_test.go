package local

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test program be the parent that a test kills: with a role
// it starts one server, prints its address and waits to be killed.
func TestMain(m *testing.M) {
	role, dir, _ := strings.Cut(os.Getenv("LOCAL_TEST_PARENT"), ":")
	if role == "" {
		os.Exit(m.Run())
	}
	url, err := parent(role, dir)
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println(url)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func parent(role, dir string) (string, error) {
	if role == "redis" {
		s, err := RedisProcess(context.Background(), dir)
		if err != nil {
			return "", err
		}
		return s.URL(), nil
	}
	s, err := Postgres(context.Background(), Options{Dir: dir, NoFetch: true})
	if err != nil {
		return "", err
	}
	return s.URL(), nil
}

// runParent runs the test program in a role and returns what it printed, and
// a function that kills it as the kernel would.
func runParent(t *testing.T, role, dir string) (said string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LOCAL_TEST_PARENT="+role+":"+dir)
	stdin, err := cmd.StdinPipe()
	fatal(t, err)
	stdout, err := cmd.StdoutPipe()
	fatal(t, err)
	fatal(t, cmd.Start())
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = stdin.Close()
	}
	t.Cleanup(kill)
	return strings.TrimSpace(line), kill
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openDir is a temporary directory that every user can pass through, as
// PostgreSQL's own has to when root runs the tests.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	fatal(t, os.Chmod(filepath.Dir(dir), 0o711))
	return dir
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}
