package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"koprik/storage"
)

// stale is how old the last backup and the last anchor may be before the doctor
// says that somebody should look.
const stale = 48 * time.Hour

// backups says how old the last backup is.
func (d *doctor) backups(ctx context.Context) (string, error) {
	kept, err := d.safekeeping(ctx)
	if err != nil {
		return "", err
	}
	return backupSays(kept, d.now())
}

func backupSays(kept storage.Safekeeping, now time.Time) (string, error) {
	if kept.Backup.IsZero() {
		return "", doubt("none was ever made by koprik backup, and no other is known here")
	}
	says := fmt.Sprintf("the last one of koprik backup is %s old", ageOf(kept.Backup, now))
	if now.Sub(kept.Backup) > stale {
		return "", doubt(says + ": make one a day")
	}
	return says, nil
}

// history says how old the last anchor is. Where nothing happens none is made.
func (d *doctor) history(ctx context.Context) (string, error) {
	kept, err := d.safekeeping(ctx)
	if err != nil {
		return "", err
	}
	return historySays(kept, d.now())
}

func historySays(kept storage.Safekeeping, now time.Time) (string, error) {
	switch {
	case kept.Newest.IsZero():
		return "is empty", nil
	case kept.Anchor.IsZero() && now.Sub(kept.Newest) > time.Hour:
		return "", doubt("was never bound by an anchor: does the bot run?")
	case kept.Anchor.IsZero():
		return "is not bound yet: the bot does so every minute", nil
	}
	says := fmt.Sprintf("the last anchor is %s old", ageOf(kept.Anchor, now))
	if kept.Newest.After(kept.Anchor) && now.Sub(kept.Anchor) > stale {
		return "", doubt(says + ", and what happened since is not bound: does the bot run?")
	}
	return says + "; koprik audit verify looks at all of it", nil
}

func (d *doctor) safekeeping(ctx context.Context) (kept storage.Safekeeping, err error) {
	if d.db == nil {
		return kept, errSkipped
	}
	err = d.db.Read(ctx, func(tx *storage.Tx) error {
		kept, err = tx.Safekeeping()
		return err
	})
	if err != nil {
		err = errors.New("cannot be read: " + storage.Loggable(err))
	}
	return kept, err
}

// ageOf says how long ago something was, in hours where it is less than two days.
func ageOf(at, now time.Time) string {
	switch age := now.Sub(at); {
	case age < time.Hour:
		return plural(max(0, int(age/time.Minute)), "minute", "minutes")
	case age < stale:
		return plural(int(age/time.Hour), "hour", "hours")
	default:
		return plural(int(age/(24*time.Hour)), "day", "days")
	}
}
