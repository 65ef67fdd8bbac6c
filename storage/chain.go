package storage

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// The history (case_events and audit_log) is a chain. A row carries a keyed hash
// of what stands in its clear columns, made when it is written: that costs no
// read and no lock. Every minute one replica binds the rows that came since, in
// their order, into an anchor: a keyed hash over them and over the anchor before.
//
// Words are not in it: they are bound to their row by their seal, and may be
// sealed anew or erased. The key is derived from that of look-ups, which stays.

// macLength is how much of a keyed hash a row carries.
const macLength = 16

// rowMAC is the keyed hash of a row's clear columns.
func (s *Seals) rowMAC(columns ...any) []byte {
	plain, err := json.Marshal(columns)
	if err != nil {
		panic(err) // numbers, strings and booleans only
	}
	h := hmac.New(sha256.New, s.history)
	h.Write(plain)
	return h.Sum(nil)[:macLength]
}

// eventRow is a row of case_events as its hash sees it.
type eventRow struct {
	id, caseID int64
	kind       string
	at         time.Time
	by, about  int64
	level      int
	late       bool
	note       string
}

func (s *Seals) eventMAC(e eventRow) []byte {
	return s.rowMAC("case_events", e.id, e.caseID, e.kind, e.at.UnixMicro(), e.by, e.about, e.level, e.late, e.note)
}

// readingRow is a row of audit_log as its hash sees it.
type readingRow struct {
	at     time.Time
	person int64
	act    string
	cases  int
	caseID int64
	reason string
}

func (s *Seals) readingMAC(r readingRow) []byte {
	return s.rowMAC("audit_log", r.at.UnixMicro(), r.person, r.act, r.cases, r.caseID, r.reason)
}

// A source is a table of the history.
type source string

const (
	ofCases    source = "case_events"
	ofReadings source = "audit_log"
)

// historyRow is one row of the history.
type historyRow struct {
	seq    int64
	id     int64
	caseID int64
	fresh  []byte // the hash of what stands there now
	mac    []byte // and the one that it carries; a row of an older release has none
}

// changed tells whether it is not as it was written.
func (h historyRow) changed() bool { return h.mac != nil && !bytes.Equal(h.mac, h.fresh) }

// wrong says in which way it is not as it was written, if it is not.
func (h historyRow) wrong(of source, hashed int64) string {
	switch {
	case h.changed():
		return h.name(of) + " was changed, or is not the bot's"
	case h.bare(hashed):
		return h.name(of) + " has lost its hash, so it was changed, or is not the bot's"
	}
	return ""
}

// name tells whoever has to look for it where it is.
func (h historyRow) name(of source) string {
	if of == ofReadings {
		return fmt.Sprintf("row %d of audit_log", h.id)
	}
	return fmt.Sprintf("row %d of case_events (of the case with the id %d)", h.id, h.caseID)
}

const (
	eventColumns = `SELECT seq, mac, id, case_id, kind, at, coalesce(by_id, 0), coalesce(about_id, 0), level, late, note
		FROM case_events `
	readingColumns = `SELECT id, mac, at, person_id, act, cases, coalesce(case_id, 0), coalesce(reason, '')
		FROM audit_log `
)

// historyAfter reads rows behind one, in the order of their numbers.
func (s *Seals) historyAfter(ctx context.Context, tx pgx.Tx, of source, after int64, limit int) ([]historyRow, error) {
	if of == ofReadings {
		return s.historyRows(ctx, tx, of, readingColumns+"WHERE id > $1 ORDER BY id LIMIT $2", after, limit)
	}
	return s.historyRows(ctx, tx, of, eventColumns+"WHERE seq > $1 ORDER BY seq LIMIT $2", after, limit)
}

// historyOf reads some rows, in the order of their numbers.
func (s *Seals) historyOf(ctx context.Context, tx pgx.Tx, of source, seqs []int64) ([]historyRow, error) {
	if of == ofReadings {
		return s.historyRows(ctx, tx, of, readingColumns+"WHERE id = ANY($1) ORDER BY id", seqs)
	}
	return s.historyRows(ctx, tx, of, eventColumns+"WHERE seq = ANY($1) ORDER BY seq", seqs)
}

func (s *Seals) historyRows(ctx context.Context, tx pgx.Tx, of source, sql string, args ...any) ([]historyRow, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h historyRow, err error) {
		if of == ofReadings {
			var r readingRow
			err = row.Scan(&h.seq, &h.mac, &r.at, &r.person, &r.act, &r.cases, &r.caseID, &r.reason)
			h.fresh, h.id = s.readingMAC(r), h.seq
			return h, err
		}
		var e eventRow
		err = row.Scan(&h.seq, &h.mac, &e.id, &e.caseID, &e.kind, &e.at, &e.by, &e.about, &e.level, &e.late, &e.note)
		h.fresh, h.id, h.caseID = s.eventMAC(e), e.id, e.caseID
		return h, err
	})
}

// anchor is one link of the chain.
type anchor struct {
	ordinal      int64
	source       source
	at           time.Time
	settled, top int64
	hashed       int64 // from here on every row carries a hash; 0 where that is not known
	seqs         []int64
	hash         []byte
}

// bare tells whether a row lacks the hash that it was written with.
func (h historyRow) bare(hashed int64) bool { return h.mac == nil && hashed > 0 && h.seq >= hashed }

// sum is the hash of an anchor over its rows and the anchor before it.
func (s *Seals) sum(a anchor, before []byte, rows []historyRow) []byte {
	h := hmac.New(sha256.New, s.history)
	h.Write(before)
	for _, n := range []int64{a.ordinal, a.at.UnixMicro(), a.settled, a.top, int64(len(a.seqs))} {
		_ = binary.Write(h, binary.BigEndian, n) // a hash takes everything
	}
	if a.hashed > 0 {
		_ = binary.Write(h, binary.BigEndian, a.hashed)
	}
	h.Write([]byte(a.source))
	for i, seq := range a.seqs {
		_ = binary.Write(h, binary.BigEndian, seq)
		h.Write(rows[i].fresh)
	}
	return h.Sum(nil)
}

// How anchors are made.
const (
	anchorEvery = 55 * time.Second
	anchorRows  = 5000 // of one anchor
	anchorPages = 40   // of one go: what a database had before there were anchors is bound bit by bit
	anchorLock  = 4    // the class of the advisory lock under which they are made
)

// Anchor binds the new rows of the history, unless another replica does or did so
// within the last minute. It binds all of them: a row that is not as it was written
// stays so for whoever verifies, and is named by a BrokenError now.
func (db *DB) Anchor(ctx context.Context) error { return db.anchor(ctx, anchorEvery) }

// AnchorAll binds everything that no anchor binds yet, go after go: for whoever has
// brought very many rows at once.
func (db *DB) AnchorAll(ctx context.Context) error {
	for before := int64(-1); ; {
		var made int64
		if err := db.work.QueryRow(ctx, "SELECT coalesce(max(ordinal), 0) FROM anchors").Scan(&made); err != nil || made == before {
			return wrap(err)
		}
		before = made
		if err := db.anchor(ctx, 0); err != nil {
			return err
		}
	}
}

func (db *DB) anchor(ctx context.Context, every time.Duration) error {
	var broken string
	err := pgx.BeginFunc(ctx, db.work, func(tx pgx.Tx) error {
		var mine bool
		var last anchor
		err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock($1, 1)", anchorLock).Scan(&mine)
		if err != nil || !mine {
			return err
		}
		// The clock may have been ahead: a moment to come is not within the last minute.
		var recent bool
		err = tx.QueryRow(ctx, `SELECT ordinal, hash, at > clock_timestamp() - $1::interval AND at <= clock_timestamp()
			FROM anchors ORDER BY ordinal DESC LIMIT 1`, every).Scan(&last.ordinal, &last.hash, &recent)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) || recent {
			return err
		}
		for _, of := range []source{ofCases, ofReadings} {
			found := ""
			if last, found, err = db.anchorSource(ctx, tx, of, last); err != nil {
				return err
			}
			broken = cmp.Or(broken, found)
		}
		return nil
	})
	if err == nil && broken != "" {
		return BrokenError(broken)
	}
	return wrap(err)
}

// anchorSource binds what is new in one table: first what came late, with numbers below
// those that are bound, and then what follows. It returns the last anchor, and the
// first row that is not as it was written.
func (db *DB) anchorSource(ctx context.Context, tx pgx.Tx, of source, last anchor) (_ anchor, broken string, err error) {
	settled, err := settledAt(ctx, tx, of)
	if err != nil {
		return last, "", err
	}
	late, top, err := unboundBelow(ctx, tx, of, settled)
	if err != nil {
		return last, "", err
	}
	hashed := int64(0)
	bind := func(page []historyRow) error {
		if hashed == 0 {
			if hashed, err = hashedOf(ctx, tx, of); err != nil {
				return err
			}
		}
		a := anchor{ordinal: last.ordinal + 1, source: of, settled: settled, top: top, hashed: hashed}
		for _, h := range page {
			a.seqs = append(a.seqs, h.seq)
			broken = cmp.Or(broken, h.wrong(of, hashed))
		}
		a.at, a.hash, err = db.bind(ctx, tx, a, last.hash, page)
		last = a
		return err
	}
	for seqs := range slices.Chunk(late, anchorRows) {
		page, err := db.seals.historyOf(ctx, tx, of, seqs)
		if err == nil {
			err = bind(page)
		}
		if err != nil {
			return last, "", err
		}
	}
	for range anchorPages {
		page, err := db.seals.historyAfter(ctx, tx, of, top, anchorRows)
		if err != nil || len(page) == 0 {
			return last, broken, err
		}
		top = page[len(page)-1].seq
		if err := bind(page); err != nil {
			return last, "", err
		}
	}
	return last, broken, nil
}

const (
	lateEvents = `SELECT seq FROM case_events WHERE seq > $2 AND seq <= $3
		EXCEPT SELECT unnest(seqs) FROM anchors WHERE source = $1 AND top > $2 ORDER BY seq`
	lateReadings = `SELECT id FROM audit_log WHERE id > $2 AND id <= $3
		EXCEPT SELECT unnest(seqs) FROM anchors WHERE source = $1 AND top > $2 ORDER BY id`
)

// unboundBelow lists the rows of a table that are not bound though later ones are, up
// to the last of these. It looks from where the last anchor was settled: what is
// settled since may have come after that anchor was made.
func unboundBelow(ctx context.Context, tx pgx.Tx, of source, settled int64) (late []int64, top int64, err error) {
	var before int64
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT settled FROM anchors WHERE source = $1 ORDER BY ordinal DESC LIMIT 1), 0),
		coalesce((SELECT max(top) FROM anchors WHERE source = $1), 0)`, of).Scan(&before, &top)
	if err != nil {
		return nil, 0, err
	}
	sql := lateEvents
	if of == ofReadings {
		sql = lateReadings
	}
	rows, err := tx.Query(ctx, sql, of, min(before, settled), top)
	if err != nil {
		return nil, 0, err
	}
	late, err = pgx.CollectRows(rows, pgx.RowTo[int64])
	return late, top, err
}

// bind writes an anchor down.
func (db *DB) bind(ctx context.Context, tx pgx.Tx, a anchor, before []byte, rows []historyRow) (at time.Time, hash []byte, err error) {
	// After the reading: who had begun by then may still bring lower numbers.
	if err := tx.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&a.at); err != nil {
		return at, nil, err
	}
	a.hash = db.seals.sum(a, before, rows)
	_, err = tx.Exec(ctx, `INSERT INTO anchors (ordinal, source, at, settled, top, hashed, seqs, hash)
		VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7, $8)`, a.ordinal, a.source, a.at, a.settled, a.top, a.hashed, a.seqs, a.hash)
	return a.at, a.hash, err
}

const (
	hashedEvents = `SELECT CASE WHEN EXISTS (SELECT FROM replicas WHERE seen_at > now() - interval '10 seconds' AND holds IS NULL)
		THEN 0 ELSE coalesce((SELECT max(seq) FROM case_events WHERE mac IS NULL), 0) + 1 END`
	hashedReadings = `SELECT CASE WHEN EXISTS (SELECT FROM replicas WHERE seen_at > now() - interval '10 seconds' AND holds IS NULL)
		THEN 0 ELSE coalesce((SELECT max(id) FROM audit_log WHERE mac IS NULL), 0) + 1 END`
)

// hashedOf finds the number from which on every row of a table carries a hash: as the
// anchors say, or else behind the last one without, once no replica of a release
// lives that writes such rows. 0 is not known yet.
func hashedOf(ctx context.Context, tx pgx.Tx, of source) (hashed int64, err error) {
	err = tx.QueryRow(ctx, "SELECT hashed FROM anchors WHERE source = $1 AND hashed IS NOT NULL ORDER BY ordinal DESC LIMIT 1", of).Scan(&hashed)
	if !errors.Is(err, pgx.ErrNoRows) {
		return hashed, err
	}
	// All rows are read this once; nobody waits for it.
	if _, err := tx.Exec(ctx, "SELECT set_config('statement_timeout', '0', true)"); err != nil {
		return 0, err
	}
	if of == ofReadings {
		err = tx.QueryRow(ctx, hashedReadings).Scan(&hashed)
	} else {
		err = tx.QueryRow(ctx, hashedEvents).Scan(&hashed)
	}
	return hashed, err
}

// settledAt finds the number up to which every row of a table is bound or will
// never be, for whoever could still bring one has ended since.
func settledAt(ctx context.Context, tx pgx.Tx, of source) (settled int64, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(max(top), 0) FROM anchors WHERE source = $1 AND at < least(now() - interval '1 minute',
		(SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()))`, of).Scan(&settled)
	return settled, err
}

// settledOf finds that number, and the rows above it that are bound.
func settledOf(ctx context.Context, tx pgx.Tx, of source) (settled int64, known map[int64]bool, err error) {
	settled, err = settledAt(ctx, tx, of)
	if err != nil {
		return 0, nil, err
	}
	rows, err := tx.Query(ctx, "SELECT seq FROM anchors, unnest(seqs) AS seq WHERE source = $1 AND top > $2 AND seq > $2", of, settled)
	if err != nil {
		return 0, nil, err
	}
	known = map[int64]bool{}
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&seq}, func() error { known[seq] = true; return nil })
	return settled, known, err
}
