package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"koprik/storage/storagetest"
)

// sealedFor encrypts something for a recipient of age, into a file.
func sealedFor(t *testing.T, recipient string, plain []byte) string {
	t.Helper()
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err == nil {
		_, err = io.Copy(w, bytes.NewReader(plain))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return fileOf(t, sealed.Bytes())
}

// fileOf is a file that holds something.
func fileOf(t *testing.T, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "koprik.age")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// contents is what a file holds.
func contents(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestARestoreNamesWhatKeepsItFromTheDatabaseAsTheStartDoes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	mine, me := identity(t)
	file := sealedFor(t, me, []byte("anything"))
	good := storagetest.Postgres(t)
	name, _, _ := strings.Cut(good[strings.LastIndexByte(strings.Split(good, "?")[0], '/')+1:], "?")
	for url, want := range map[string]string{
		"postgres://me:" + secretPassword + "@127.0.0.1:1/koprik":                        "nothing answers at its address",
		strings.Replace(good, "postgres://", "postgres://nobody:"+secretPassword+"@", 1): "it refuses the user or the password",
		strings.Replace(good, name, "none_such", 1):                                      "it has no such database: createdb",
	} {
		speak(t, w.environ("DATABASE_URL="+url), "restore", file, "--identity", mine).mustComplain(t, 1,
			"DATABASE_URL names a server that cannot be used: "+want+", for example DATABASE_URL=postgres://")
	}
}

func TestAFileThatIsNoBackupIsNamedAsWhatItIs(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	mine, me := identity(t)
	w.env["DATABASE_URL"] = storagetest.Postgres(t)
	sealed := contents(t, sealedFor(t, me, bytes.Repeat([]byte("anything"), 20_000)))
	altered := bytes.Clone(sealed)
	altered[1000] ^= 1
	for name, test := range map[string]struct {
		raw  []byte
		want string
	}{
		"nothing":                {nil, "koprik.age is empty"},
		"a letter":               {[]byte("x"), "koprik.age is no backup: neither koprik backup nor pg_dump -Fc has written it"},
		"a picture":              {bytes.Repeat([]byte("\x89PNG\r\n"), 1000), "koprik.age is no backup"},
		"a dump as text":         {[]byte("--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n"), "koprik.age is a dump as text, which is not restored here: pg_dump -Fc"},
		"cut within its header":  {sealed[:100], "koprik.age is damaged or was cut off: nothing of it was restored"},
		"cut behind its header":  {sealed[:bytes.Index(sealed, []byte("\n--- "))+49+16], "koprik.age is damaged or was cut off: nothing of it was restored"},
		"altered":                {altered, "koprik.age is damaged or was cut off: nothing of it was restored"},
		"something else, sealed": {contents(t, sealedFor(t, me, []byte("anything"))), "koprik.age is no backup of koprik"},
		"nothing, sealed":        {contents(t, sealedFor(t, me, nil)), "koprik.age is no backup of koprik"},
	} {
		t.Run(name, func(t *testing.T) {
			s := speak(t, w.environ(), "restore", fileOf(t, test.raw), "--identity", mine)
			s.mustComplain(t, 1, "koprik: "+test.want)
			if strings.Contains(s.errs, "storage:") || strings.Contains(s.errs, "decrypt") {
				t.Errorf("got %q", s.errs)
			}
		})
	}
}
