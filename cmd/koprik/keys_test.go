package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"koprik/bot/simulator"
)

// trailed is an inspector who is told of a new report of a resident.
func (w *town) trailed(u *simulator.User) *simulator.User {
	w.t.Helper()
	inspector := w.person("Inspector")
	w.join(inspector, "inspector", "DEMO-1012")
	u.Start("m_DEMO-1012")
	w.settle()
	u.Text("chiroq")
	w.press(u, "💡")
	w.settle()
	return inspector
}

func TestTheKeysRotateWhileTheBotRuns(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served().settled()
	p := w.run()
	p.ready()
	u := w.person("Resident")
	u.Start("m_DEMO-1011")
	w.press(u, "✅")
	w.settle()
	u.Text("musiqa")
	w.settle()
	speak(t, w.environ(), "keys", "drop", "x").mustBeUsage(t, `"x" is not an id of koprik keys list`)
	before := regexp.MustCompile(`(?m)^(\d+) .* seals`).FindStringSubmatch(w.done("keys", "list"))
	if before == nil {
		t.Fatal("no key seals")
	}
	old := before[1]
	speak(t, w.environ(), "keys", "drop", old).mustComplain(t, 1, "that key is in use: koprik keys rotate first")
	said := w.done("keys", "rotate")
	if !regexp.MustCompile(`(?s)key \d+ is in .*keys.json: copy.*seals from now on.*values? sealed anew so far, now those of people\n.*values were sealed anew in all\nnothing that can be opened is sealed with another key any more`).MatchString(said) {
		t.Errorf("got\n%s", said)
	}
	if list := w.done("keys", "list"); !regexp.MustCompile(`(?m)^` + old + ` .* 0 *$`).MatchString(list) {
		t.Errorf("got\n%s\nwant that key %s seals nothing", list, old)
	}
	w.done("keys", "drop", old)
	w.press(u, "🔊") // the bot never stopped
	w.settle()
	u.Text("/mening")
	w.settle()
	w.mustSee(u, "Gʻuncha")
	p.stop()
	w.run().ready()
	w.press(w.trailed(u), "✅")
	w.settle()
	number := rows[struct{ Text string }](w, "SELECT to_char(number / 10000, 'FM0000') || '-' || to_char(number % 10000, 'FM0000') AS text FROM cases ORDER BY filed_at DESC")[0].Text
	if trail := w.done("audit", "case", number); !regexp.MustCompile(`(?s)told .*prevention_inspector.*filed .*reporter.*accepted .*prevention_inspector`).MatchString(trail) {
		t.Errorf("got\n%s", trail)
	}
	if said := w.done("audit", "verify"); !regexp.MustCompile(`^\d+ rows?, \d+ anchors?, in order; \d+ not yet bound\nhead of .*: [0-9a-f]{64}\n$`).MatchString(said) {
		t.Errorf("got %q", said)
	}
	serving := regexp.MustCompile(`(?m)^(\d+) +prevention_inspector +.*DEMO-1012`).FindStringSubmatch(w.done("revoke"))
	if serving == nil {
		t.Fatal("the inspector is not listed")
	}
	w.done("revoke", serving[1])
	speak(t, w.environ(), "revoke", serving[1]).mustComplain(t, 1, "nobody who serves or waits has the id "+serving[1])
	if list := w.done("revoke"); strings.Contains(list, "prevention_inspector") {
		t.Errorf("got\n%s\nwant that nobody serves", list)
	}
	speak(t, w.environ(), "retention", "--days", "29").mustBeUsage(t, "--days must be at least 30")
	for _, args := range [][]string{{"retention", "--territory", "DEMO-1011", "--days", "90"}, {"retention", "--territory", "DEMO-1011"}} {
		if said := w.done(args...); !strings.HasSuffix(said, "words of a case are erased 90 days after its end\n") {
			t.Errorf("%q: got %q", args, said)
		}
	}
	speak(t, w.environ(), "audit", "case", "1").mustBeUsage(t, `"1" is not the number of a case`)
	speak(t, w.environ(), "audit", "verify", "--head", strings.Repeat("00", 32)).mustComplain(t, 1, "the head that was written down is not in the chain")

	w.alter("UPDATE people SET name = decode('01deadbeef' || repeat('00', 28), 'hex') WHERE id = (SELECT min(id) FROM people WHERE name IS NOT NULL)")
	for _, command := range []string{"list", "rotate"} {
		if said := w.done("keys", command); !regexp.MustCompile(`1 value cannot be opened with any key in .*keys.json, and only a backup can bring it back:\n  people.name of \d+\n`).MatchString(said) {
			t.Errorf("keys %s: got\n%s", command, said)
		}
	}

	if err := os.Remove(w.env["DATA_DIR"] + "/keys.json"); err != nil {
		t.Fatal(err)
	}
	speak(t, w.environ(), "keys", "rotate").mustBeUsage(t, "KEY_FILE names a file that is not there")
}
