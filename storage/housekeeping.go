package storage

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// How long rows are kept once they are of no use to anybody.
const (
	keepInbox      = 7 * 24 * time.Hour  // longer than Telegram repeats an update
	keepQuarantine = 30 * 24 * time.Hour // what an update said; that it failed is known for a year
	keepFailures   = 365 * 24 * time.Hour
	keepOutbox     = 30 * 24 * time.Hour // what was sent, when, without its words
	keepTicks      = 90 * 24 * time.Hour
	keepReminders  = 400 * 24 * time.Hour // that each came once can be shown for a year
	keepStopped    = 60 * 24 * time.Hour  // the text of a reminder that does not come any more
	keepCards      = 60 * 24 * time.Hour  // after the end of a case: where its messages stand
	keepOffers     = 30 * 24 * time.Hour  // invitations that nobody can take any more
	keepHandovers  = 24 * time.Hour       // what was handed over and never fetched
	keepChats      = "1 day"              // counters of silent chats, in the queues' own time
)

// ClaimTick takes a tick of a recurring job and tells whether nobody had it.
func (tx *Tx) ClaimTick(job string, at time.Time) (bool, error) {
	first := false
	err := tx.read("INSERT INTO ticks (job, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
		func(pgx.Rows) error {
			first = true
			return nil
		}, job, at)
	return first, err
}

// ServerTime is what the database's clock shows.
func (tx *Tx) ServerTime() (time.Time, error) {
	var t time.Time
	err := tx.read("SELECT clock_timestamp()", func(rows pgx.Rows) error { return rows.Scan(&t) })
	return t, err
}

// Leftovers counts what waits, and what was given up, in both queues.
type Leftovers struct{ Waiting, Quarantined, Unsent, Refused int }

// Unfinished counts what is left over in both queues.
func (tx *Tx) Unfinished() (Leftovers, error) {
	var l Leftovers
	err := tx.read(`
		SELECT (SELECT count(*) FROM inbox WHERE state = 0), (SELECT count(*) FROM inbox WHERE state = 2),
			(SELECT count(*) FROM outbox WHERE state IN (0, 1)),
			(SELECT count(*) FROM outbox WHERE state = 3 AND reason NOT IN ('blocked', 'deactivated', 'not_started', 'kicked'))`,
		func(rows pgx.Rows) error { return rows.Scan(&l.Waiting, &l.Quarantined, &l.Unsent, &l.Refused) })
	return l, err
}

// PutHoliday makes a day one on which nobody works.
func (tx *Tx) PutHoliday(day time.Time, kind string) {
	tx.write(`INSERT INTO holidays (day, kind, name_uz_latn, name_ru) VALUES ($1, $2, '', '') ON CONFLICT (day) DO UPDATE SET kind = excluded.kind`, day, kind)
}
