package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAKeyFileThatOthersMayReadIsSeenByTheDoctorAndAtTheStart(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	path := filepath.Join(w.env["DATA_DIR"], "keys.json")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key file as it is made: got %v, %v; want that only its owner reads it", info.Mode(), err)
	}
	if out := speak(t, w.environ(), "doctor").out; !strings.Contains(out, "✓ keys ") {
		t.Errorf("its owner alone reads it: got\n%s", out)
	}
	for _, mode := range []os.FileMode{0o640, 0o602} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		want := "! keys        " + path + " holds the keys of the database, and others than its owner may read or change it: chmod 600 " + path + "\n"
		if s := speak(t, w.environ(), "doctor"); s.code != 0 || !strings.Contains(s.out, want) {
			t.Errorf("mode %o: got exit code %d and\n%s\nwant %q", mode, s.code, s.out, want)
		}
	}
	away := speak(t, w.environ("DATABASE_URL=postgres://127.0.0.1:1/koprik"), "doctor")
	if !strings.Contains(away.out, "chmod 600 "+path) {
		t.Errorf("without the database: got\n%s", away.out)
	}
	p := w.run()
	p.ready()
	p.stop()
	said := p.said.String()
	if strings.Count(said, "key file") != 1 || !strings.Contains(said, "level=WARN") || !strings.Contains(said, `remedy="chmod 600 `+path+`"`) {
		t.Errorf("at the start: got\n%s\nwant one warning that names the remedy", said)
	}
}
