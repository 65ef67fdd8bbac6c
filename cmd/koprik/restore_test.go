package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestABackupIsMadeAsTheDoctorSaysAndRestored(t *testing.T) {
	t.Parallel()
	long(t)
	for _, tool := range []string{"pg_dump", "pg_restore"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatal(tool + " is not on this machine")
		}
	}
	w := newTown(t).settled()
	dir := w.env["DATA_DIR"]
	if out := speak(t, w.environ(), "doctor").out; !strings.Contains(out, "while the bot is stopped, back it up with: cp -a "+dir) {
		t.Errorf("the bot is stopped: got\n%s", out)
	}
	p := w.run()
	p.ready()
	u := w.person("Resident")
	u.Start("")
	w.settle()
	out := w.done("doctor")
	command := regexp.MustCompile(`back it up with: (.*) > koprik.dump\)`).FindStringSubmatch(out)
	if command == nil {
		t.Fatalf("the bot runs: got\n%s", out)
	}
	dump := filepath.Join(t.TempDir(), "koprik.dump")
	if said, err := exec.Command("sh", "-c", command[1]+" > "+dump+")").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if info, err := os.Stat(dump); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the dump: got %v, %v; want that only its owner reads it", info.Mode(), err)
	}
	speak(t, w.environ(), "restore", dump).mustComplain(t, 1, "the bot runs on "+dir+": stop it first")
	p.stop()
	w.forgetDatabase()
	speak(t, w.environ(), "restore", dump).mustComplain(t, 1, dir+" holds data already", "move them away first")
	speak(t, w.environ("DATABASE_URL=postgres://localhost/koprik"), "restore", dump).mustBeUsage(t, `DATABASE_URL is set: pg_restore --no-owner --exit-on-error -d "$DATABASE_URL" `+dump+", and then the line of psql that follows it in docs/operate.md, Restore")
	speak(t, w.environ(), "restore", "/nowhere/koprik.dump").mustBeUsage(t, "/nowhere/koprik.dump cannot be read: there is no such file")

	keys := filepath.Join(dir, "keys.json")
	kept, err := os.ReadFile(keys)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "postgres")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(keys); err != nil {
		t.Fatal(err)
	}
	speak(t, w.environ(), "restore", dump).mustBeUsage(t, "KEY_FILE names a file that is not there ("+keys+")")
	if err := os.WriteFile(keys, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	speak(t, w.environ(), "restore", keys).mustComplain(t, 1, "keys.json is no backup")
	half := fileOf(t, contents(t, dump)[:2000])
	speak(t, w.environ(), "restore", half).mustComplain(t, 1, filepath.Base(half)+" was not restored, and nothing of it is there")
	w.done("restore", dump)
	w.run().ready()
	if got := rows[struct{ Count int64 }](w, "SELECT count(*) FROM people WHERE id > 0")[0].Count; got != 1 {
		t.Errorf("people after the restore: got %d, want 1", got)
	}
}
