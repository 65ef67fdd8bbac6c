package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"koprik/storage"
)

// stale is how old the last backup may be before the doctor says that somebody should
// look.
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

// newBoundMetric makes the heartbeat of the anchors: what it returns moves it.
func newBoundMetric(reg prometheus.Registerer) (beat func()) {
	bound := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "koprik_history_bound_timestamp_seconds", Help: "When this replica last saw every row of the history older than five minutes bound by an anchor, Unix time."})
	reg.MustRegister(bound)
	return func() { bound.Set(float64(wall().Unix())) }
}

// history says how old the last anchor is, and whether all is bound that should be.
// Where nothing happens none is made.
func (d *doctor) history(ctx context.Context) (string, error) {
	kept, err := d.safekeeping(ctx)
	if err != nil {
		return "", err
	}
	unbound, err := d.db.Unbound(ctx)
	if err != nil {
		return "", errors.New("cannot be read: " + storage.Loggable(err))
	}
	return historySays(kept, unbound, d.now())
}

func historySays(kept storage.Safekeeping, unbound, now time.Time) (string, error) {
	late := !unbound.IsZero() && now.Sub(unbound) >= storage.BoundWithin
	switch {
	case kept.Newest.IsZero():
		return "is empty", nil
	case late && kept.Anchor.IsZero():
		return "", doubt("was never bound by an anchor: does the bot run?")
	case kept.Anchor.IsZero():
		return "is not bound yet: the bot does so every minute", nil
	case late:
		return "", doubt(fmt.Sprintf("what happened %s ago is not bound by an anchor, though the bot does so every minute: does it run?", ageOf(unbound, now)))
	case kept.Anchor.Sub(now) > time.Minute:
		return "", doubt(fmt.Sprintf("the last anchor is of %s, which is to come: was the clock of PostgreSQL ahead?", stamp(kept.Anchor)))
	}
	return fmt.Sprintf("the last anchor is %s old; koprik audit verify looks at all of it", ageOf(kept.Anchor, now)), nil
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
