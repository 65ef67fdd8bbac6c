package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"koprik/storage"
)

func TestTheDoctorSaysHowOldTheLastBackupAndAnchorAre(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	ago := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	for _, row := range []struct {
		name            string
		kept            storage.Safekeeping
		unbound         time.Time
		backup, history string // the exclamation mark is a warning
	}{
		{"an empty database", storage.Safekeeping{}, time.Time{}, "! none was ever made", "is empty"},
		{"all is well", storage.Safekeeping{Backup: ago(5), Anchor: now.Add(-time.Minute), Newest: now}, now, "5 hours old", "1 minute old; koprik audit verify"},
		{"just in time", storage.Safekeeping{Backup: ago(48), Anchor: ago(48), Newest: now}, now.Add(-5*time.Minute + time.Second), "2 days old", "2 days old; koprik"},
		{"too old", storage.Safekeeping{Backup: ago(49), Anchor: ago(49), Newest: now}, now.Add(-5 * time.Minute), "! the last one of koprik backup is 2 days old: make one", "! what happened 5 minutes ago is not bound"},
		{"a row between bound ones", storage.Safekeeping{Backup: ago(1), Anchor: now, Newest: now}, ago(3), "1 hour old", "! what happened 3 hours ago is not bound"},
		{"nothing has happened since", storage.Safekeeping{Backup: ago(1), Anchor: ago(200), Newest: ago(201)}, time.Time{}, "1 hour old", "8 days old; koprik"},
		{"never bound", storage.Safekeeping{Backup: ago(1), Newest: ago(2)}, ago(2), "1 hour old", "! was never bound"},
		{"not bound yet", storage.Safekeeping{Backup: ago(1), Newest: now}, now, "1 hour old", "is not bound yet"},
		{"the clock was ahead", storage.Safekeeping{Backup: ago(1), Anchor: now.Add(time.Hour), Newest: now}, now, "1 hour old", "! the last anchor is of "},
	} {
		history := func(kept storage.Safekeeping, now time.Time) (string, error) {
			return historySays(kept, row.unbound, now)
		}
		for _, check := range []struct {
			says func(storage.Safekeeping, time.Time) (string, error)
			want string
		}{{backupSays, row.backup}, {history, row.history}} {
			found, err := check.says(row.kept, now)
			if errors.As(err, new(doubt)) {
				found = "! " + err.Error()
			}
			if !strings.Contains(found, check.want) || strings.HasPrefix(found, "!") != strings.HasPrefix(check.want, "!") {
				t.Errorf("%s: got %q, want %q", row.name, found, check.want)
			}
		}
	}
}

func TestABackupIsKnownToTheDoctor(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	if out := w.done("doctor"); !strings.Contains(out, "! backup      none was ever made by koprik backup") {
		t.Errorf("before: got\n%s", out)
	}
	identity, err := age.GenerateX25519Identity()
	orFail(t, err)
	to := filepath.Join(t.TempDir(), "koprik.age")
	w.done("backup", "--to", to, "--recipient", identity.Recipient().String())
	if _, err := os.Stat(to); err != nil {
		t.Fatal(err)
	}
	if out := w.done("doctor"); !strings.Contains(out, "✓ backup      the last one of koprik backup is 0 minutes old") || !strings.Contains(out, "history") {
		t.Errorf("afterwards: got\n%s", out)
	}
}
