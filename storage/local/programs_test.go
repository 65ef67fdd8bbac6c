package local

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed testdata/programs.txz
var archive []byte

func nowhere() []string { return nil }

func placeIn(base string) place { return place{base: base, data: filepath.Join(base, "postgres")} }

func TestMissingProgramsAreOneLineThatSaysWhatToInstall(t *testing.T) {
	refusing := httptest.NewServer(http.NotFoundHandler())
	defer refusing.Close()
	t.Setenv("TMPDIR", t.TempDir()) // embedded-postgres leaves its log there
	for from, want := range map[string]string{
		"":           "PostgreSQL's programs were not found: install them with: apt-get install postgresql",
		refusing.URL: "PostgreSQL's programs were not found and could not be fetched: install them with: apt-get install postgresql",
	} {
		base := t.TempDir()
		_, err := search{folders: nowhere, from: from}.forData(t.Context(), placeIn(base), slog.New(slog.DiscardHandler))
		var missing *MissingError
		if !errors.As(err, &missing) || err.Error() != want {
			t.Errorf("from %q: got %v, want %s", from, err, want)
		}
		if left, _ := os.ReadDir(base); len(left) > 0 {
			t.Errorf("from %q: left behind: %v", from, left)
		}
	}
}

// repository serves the archive as the public one does: in a jar, with a sum.
func repository(t *testing.T) *httptest.Server {
	t.Helper()
	var jar bytes.Buffer
	w := zip.NewWriter(&jar)
	file, err := w.Create("postgres-linux-x86_64.txz")
	fatal(t, err)
	_, err = file.Write(archive)
	fatal(t, err)
	fatal(t, w.Close())
	sum := sha256.Sum256(jar.Bytes())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".sha256") {
			_, _ = w.Write([]byte(hex.EncodeToString(sum[:])))
			return
		}
		_, _ = w.Write(jar.Bytes())
	}))
	t.Cleanup(server.Close)
	return server
}

func TestFetchedProgramsAreUnpackedBesideTheDataAndFoundAgain(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	base := t.TempDir()
	where := placeIn(base)
	fatal(t, os.Mkdir(where.data, 0o700))
	fatal(t, os.WriteFile(filepath.Join(where.data, "PG_VERSION"), []byte("17\n"), 0o600))
	for _, from := range []string{repository(t).URL, ""} {
		got, err := search{folders: nowhere, from: from}.forData(t.Context(), where, slog.New(slog.DiscardHandler))
		fatal(t, err)
		if want := (programs{bin: filepath.Join(base, "pgsql", "bin"), major: 17}); got != want {
			t.Errorf("from %q: got %v, want %v", from, got, want)
		}
	}
	left, err := os.ReadDir(base)
	fatal(t, err)
	if len(left) != 2 { // pgsql and postgres
		t.Errorf("left behind: got %v, want the programs and the data only", left)
	}
	if major, err := majorOf(where.data); major != 17 || err != nil {
		t.Errorf("data: got %d, %v; want them untouched", major, err)
	}
}

func TestDataGetTheProgramsOfTheReleaseThatMadeThem(t *testing.T) {
	found := []programs{{"a", 13}, {"b", 15}, {"c", 17}, {"d", 16}}
	for _, test := range []struct {
		major int
		want  string
	}{{0, "c"}, {15, "b"}, {16, "d"}, {13, "a"}, {18, ""}} {
		if got, _ := choose(found, test.major); got.bin != test.want {
			t.Errorf("data of %d: got %q, want %q", test.major, got.bin, test.want)
		}
	}
	if got, ok := choose(found[:1], 0); ok {
		t.Errorf("new data: got %v, want nothing older than %d", got, oldestMajor)
	}
}

func TestDataOfAReleaseThatIsNotInstalledNameIt(t *testing.T) {
	where := placeIn(t.TempDir())
	fatal(t, os.Mkdir(where.data, 0o700))
	fatal(t, os.WriteFile(filepath.Join(where.data, "PG_VERSION"), []byte("14\n"), 0o600))
	other := filepath.Join(t.TempDir(), "bin")
	fatal(t, os.Mkdir(other, 0o755))
	for name, script := range map[string]string{"initdb": "", "postgres": "echo 'postgres (PostgreSQL) 18beta1 (Debian 18~beta1-1)'"} {
		fatal(t, os.WriteFile(filepath.Join(other, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	_, err := search{folders: func() []string { return []string{other} }}.forData(t.Context(), where, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "apt-get install postgresql-14") {
		t.Errorf("got %v, want the release to install", err)
	}
}
