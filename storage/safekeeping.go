package storage

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// BackedUp notes that a backup of this moment was made.
func (tx *Tx) BackedUp(at time.Time) {
	tx.write("INSERT INTO backups (at) VALUES ($1) ON CONFLICT (single) DO UPDATE SET at = excluded.at", at)
}

// Safekeeping is how well what the database holds is kept. Zero moments are of what
// there was never.
type Safekeeping struct {
	Backup time.Time // the last one of koprik backup
	Anchor time.Time // of the history
	Newest time.Time // row of the history
}

// Safekeeping reads it.
func (tx *Tx) Safekeeping() (s Safekeeping, err error) {
	var backup, anchor, newest *time.Time
	err = tx.read(`
		SELECT (SELECT at FROM backups), (SELECT at FROM anchors ORDER BY ordinal DESC LIMIT 1),
			greatest((SELECT at FROM case_events ORDER BY seq DESC LIMIT 1), (SELECT at FROM audit_log ORDER BY id DESC LIMIT 1))`,
		func(rows pgx.Rows) error { return rows.Scan(&backup, &anchor, &newest) })
	return Safekeeping{Backup: value(backup), Anchor: value(anchor), Newest: value(newest)}, err
}
