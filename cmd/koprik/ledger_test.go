package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/storage/storagetest"
)

// ledger is what people did, written down before anything else happens and read
// back at the end: the only truth that the program's own data is held against.
type ledger struct {
	t    *testing.T
	path string
	mu   sync.Mutex
	file *os.File
}

func openLedger(t *testing.T) *ledger {
	t.Helper()
	l := &ledger{t: t, path: filepath.Join(storagetest.Dir(t), "ledger")}
	var err error
	if l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY|os.O_SYNC, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.file.Close() })
	return l
}

// note writes one line, and returns when it is on the disk.
func (l *ledger) note(what string, c *citizen, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := fmt.Fprintf(l.file, "%s\t%s\t%s\t%s\t%s\n", time.Now().Format(time.RFC3339Nano), what, c.Key(), c.place, text); err != nil {
		l.t.Error(err)
	}
}

// deed is one report as the ledger knows it.
type deed struct {
	who, place, text string
	pressed          time.Time
	receipt          time.Time
	number           string // that the receipt showed
}

// deeds reads the reports that were submitted, in the order of their taps.
func (l *ledger) deeds() []*deed {
	l.t.Helper()
	file, err := os.Open(l.path)
	if err != nil {
		l.t.Fatal(err)
	}
	defer file.Close()
	var list []*deed
	byText := map[string]*deed{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		f := strings.SplitN(lines.Text(), "\t", 5)
		at, err := time.Parse(time.RFC3339Nano, f[0])
		if err != nil {
			l.t.Fatal(err)
		}
		what, number, _ := strings.Cut(f[1], " ")
		switch d := byText[f[4]]; what {
		case "pressed":
			d = &deed{who: f[2], place: f[3], text: f[4], pressed: at}
			list, byText[f[4]] = append(list, d), d
		case "receipt":
			d.receipt, d.number = at, number
		}
	}
	return list
}
