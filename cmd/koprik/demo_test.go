package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"koprik/storage/storagetest"
)

// demonstration is a running demo.
type demonstration struct {
	*process
	at string // its address
}

// demonstrate runs the demo as a user does.
func demonstrate(t *testing.T) *demonstration {
	t.Helper()
	w := &town{t: t, env: map[string]string{"DATA_DIR": storagetest.Dir(t), "HTTP_ADDR": "127.0.0.1:0"}}
	p := &process{t: t, said: &journal{}, ended: make(chan struct{})}
	p.cmd = exec.Command(binary(t), "demo")
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = w.environ(), p.said, p.said
	p.begin()
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(os.Interrupt) // as Ctrl-C does
		<-p.ended
		if code := p.cmd.ProcessState.ExitCode(); code > 0 { // -1 when a test has killed it
			t.Errorf("exit code: got %d, want 0; it said: %s", code, p.said)
		}
	})
	d := &demonstration{process: p}
	eventually(t, "the demo prints where it is", time.Minute, func() bool {
		d.at = printed.FindString(p.said.String())
		return d.at != "" || p.over()
	})
	if d.at == "" {
		t.Fatalf("the demo ended: %s", p.said)
	}
	return d
}

var printed = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// post asks the demo for something and reads the answer into v.
func (d *demonstration) post(path, body string, v any) {
	d.t.Helper()
	r, err := http.Post(d.at+path, "application/json", strings.NewReader(body))
	d.read(path, r, err, v)
}

func (d *demonstration) get(path string, v any) {
	d.t.Helper()
	r, err := http.Get(d.at + path)
	d.read(path, r, err, v)
}

func (d *demonstration) read(path string, r *http.Response, err error, v any) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	defer r.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(r.Body); err != nil || r.StatusCode != http.StatusOK {
		d.t.Fatalf("%s: got %s %s %v", path, r.Status, body.String(), err)
	}
	if v != nil {
		if err := json.Unmarshal(body.Bytes(), v); err != nil {
			d.t.Fatalf("%s: %v", path, err)
		}
	}
}

// sees waits until somebody's newest messages hold a text.
func (d *demonstration) sees(key, text string) {
	d.t.Helper()
	eventually(d.t, key+" sees "+text, waiting, func() bool {
		r, err := http.Get(d.at + "/sim/transcript?user=" + key)
		if err != nil {
			return false
		}
		defer r.Body.Close()
		var body bytes.Buffer
		_, err = body.ReadFrom(r.Body)
		return err == nil && strings.Contains(body.String(), text)
	})
}

func TestTheDemosBotIsKilledInTheMiddleOfADraftAndLosesNothing(t *testing.T) {
	t.Parallel()
	long(t)
	d := demonstrate(t)
	d.post("/sim/neighbour/text", `{"text":"Во дворе третью ночь шумят"}`, nil)
	d.sees("neighbour", "✖️")
	var before, after botState
	d.get("/demo/bot", &before)
	d.post("/demo/kill", `{}`, &after)
	if before.PID == 0 || after.PID == before.PID || d.lives(before.PID) {
		t.Fatalf("process: got %d after %d, want another one", after.PID, before.PID)
	}
	d.post("/sim/neighbour/press", `{"label":"🔊"}`, nil)
	d.sees("neighbour", "№")
	eventually(t, "what was lost is counted", waiting, func() bool {
		d.get("/demo/bot", &after)
		return after.Works && len(after.Kills) == 1 && after.Kills[0].Settled > 0
	})
	if k := after.Kills[0]; k.Lost != 0 || k.Updates == 0 || k.Back == 0 || k.Itself {
		t.Errorf("kill: got %+v, want nothing lost of some updates", k)
	}

	// The clock of the new process is the demo's, also when it is pushed.
	d.post("/sim/clock", `{"advance":"1h"}`, nil)
	eventually(t, "the case climbs", waiting, func() bool {
		var cases []struct{ Lines []struct{ Kind string } }
		d.get("/demo/cases", &cases)
		return len(cases) == 2 && strings.Contains(fmt.Sprint(cases), "escalated") // one is ready for the commission
	})

	d.post("/demo/flush", `{}`, nil)
	eventually(t, "Redis is full again", waiting, func() bool {
		d.get("/demo/bot", &after)
		return len(after.Flushes) == 1 && after.Flushes[0].Whole > 0
	})
	var departures []string
	if d.get("/sim/departures", &departures); len(departures) != 0 {
		t.Errorf("departures: got %q", departures)
	}
}

func TestTheDemosBotGoesWithTheDemo(t *testing.T) {
	t.Parallel()
	long(t)
	d := demonstrate(t)
	var state botState
	d.get("/demo/bot", &state)
	d.kill()
	eventually(t, "the bot ends", waiting, func() bool { return !d.lives(state.PID) })
}

// lives tells whether a process is there, and is more than a remainder.
func (d *demonstration) lives(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(stat), ") Z ")
}
