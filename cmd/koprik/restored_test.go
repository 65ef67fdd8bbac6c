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
