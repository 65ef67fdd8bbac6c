package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"
)

// identity makes a key pair of age in a file.
func identity(t *testing.T) (file, recipient string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "backup.key")
	if err := os.WriteFile(file, []byte("# of a test\n"+id.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, id.Recipient().String()
}

func TestABackupIsRehearsed(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).settled() // a PostgreSQL of its own
	dir := w.env["DATA_DIR"]
	mine, me := identity(t)
	theirs, they := identity(t)
	others, _ := identity(t)
	p := w.run()
	p.ready()
	b := birds{}
	u := b.person(w, "resident")
	u.Start("m_DEMO-1011")
	w.press(u, "✅")
	w.settle()
	u.Text(b.bird("report") + " musiqa")
	w.press(u, "🔊")
	w.settle()
	w.confirmed(b)

	file := filepath.Join(t.TempDir(), "koprik.age")
	speak(t, w.environ(), "backup", "--to", file, "--recipient", "age1nobody").mustBeUsage(t, `"age1nobody" is not a public key of age`)
	if said := w.done("backup", "--to", file, "--recipient", me, "--recipient", they); !regexp.MustCompile(`koprik.age: \d+ rows of \d+ tables, \d+ KB, in .*s; without the key file: keep it elsewhere`).MatchString(said) {
		t.Errorf("got %q", said)
	}
	speak(t, w.environ(), "backup", "--to", file, "--recipient", me).mustBeUsage(t, "is there already, and stays as it is")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: got %v, %v; want that only its owner reads it", info.Mode(), err)
	}
	if found := b.search(string(raw)); len(found) > 0 || strings.Contains(string(raw), "Oltinko") {
		t.Errorf("the backup can be read by anybody: %q", found)
	}
	speak(t, w.environ(), "restore", file, "--identity", mine).mustComplain(t, 1, "the bot runs on "+dir+": stop it first")
	p.stop()
	w.forgetDatabase()
	speak(t, w.environ(), "restore", file).mustBeUsage(t, "--identity FILE is missing")
	speak(t, w.environ(), "restore", file, "--identity", others).mustComplain(t, 1, "was made for others than "+others)
	speak(t, w.environ(), "restore", file, "--identity", file).mustBeUsage(t, "holds no identity of age")
	speak(t, w.environ(), "restore", file, "--identity", mine).mustComplain(t, 1, dir+" holds data already, which stay as they are")

	// Another machine: nothing but the file, the identity and the key file.
	keys, err := os.ReadFile(filepath.Join(dir, "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(t.TempDir(), "data")
	w.env["DATA_DIR"] = fresh
	speak(t, w.environ(), "restore", file, "--identity", theirs).mustBeUsage(t, "KEY_FILE names a file that is not there ("+filepath.Join(fresh, "keys.json")+")")
	if err := os.WriteFile(filepath.Join(fresh, "keys.json"), keys, 0o600); err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.age")
	if err := os.WriteFile(cut, raw[:len(raw)*3/4], 0o600); err != nil {
		t.Fatal(err)
	}
	speak(t, w.environ(), "restore", cut, "--identity", theirs).mustComplain(t, 1, "cut.age is damaged or was cut off: nothing of it was restored")
	piped := w.command("restore", "-", "--identity", theirs)
	piped.Stdin = bytes.NewReader(raw) // a pipe, of which nothing can be read twice
	said, err := piped.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if !regexp.MustCompile(`(?s)\d+ rows of \d+ tables are back, as many as of .*keys.json fits; a case can be read\n\d+ rows?, \d+ anchors?, in order`).Match(said) {
		t.Errorf("got\n%s", said)
	}
	p = w.run()
	p.ready()
	u.Text("/mening")
	w.settle()
	w.mustSee(u, "Gʻuncha")
	if got := rows[struct{ Locked, Parts, Resting int64 }](w, `SELECT (SELECT count(*) FROM meetings WHERE status = 'locked'),
		(SELECT count(*) FROM participants), (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O')`)[0]; got.Locked != 2 || got.Parts != 2 || got.Resting != 0 {
		t.Errorf("confirmed minutes: got %+v, want 2 with one person each, and no trigger at rest", got)
	}
	p.stop()
	w.forgetDatabase()
}
