package storage

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Verified is what was found of a history that is in order.
type Verified struct {
	Rows    int // bound by an anchor
	Loose   int // not yet bound: of the last minutes
	Bare    int // without a hash of their own, from before there was one: only an anchor holds them
	Anchors int64
	Head    string // of the last anchor, for writing down elsewhere
	At      time.Time
}

// BrokenError names the first thing in the history that is not as it was written.
type BrokenError string

// Error names it.
func (e BrokenError) Error() string { return string(e) }

// VerifyHistory walks over the whole history. With a head that was written down
// earlier it also says whether the chain still goes through it.
func (db *DB) VerifyHistory(ctx context.Context, head string) (v Verified, err error) {
	err = pgx.BeginTxFunc(ctx, db.work, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		// A long history takes its time; nobody waits for it.
		if _, err := tx.Exec(ctx, "SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)"); err != nil {
			return err
		}
		w := &verifier{db: db, ctx: ctx, tx: tx, v: &v, bound: map[source]bits{ofCases: {}, ofReadings: {}}, last: map[source]int64{}, hashed: map[source]int64{}}
		found, err := w.walk(head)
		if err != nil || found == "" {
			return err
		}
		number, err := w.number()
		if err != nil {
			return err
		}
		return BrokenError(found + number)
	})
	if broken, ok := err.(BrokenError); ok {
		return v, broken
	}
	return v, wrap(err)
}

// verifier walks over the anchors with their rows, and then over all rows, to
// find those that no anchor binds.
type verifier struct {
	db    *DB
	ctx   context.Context
	tx    pgx.Tx
	v     *Verified
	bound map[source]bits
	last  map[source]int64 // what is settled, by the last anchor
	about int64            // the case of the row that is found

	hashed map[source]int64 // from where on every row carries a hash, by the first anchor that says so
}

// bits is a set of numbers that mostly follow each other.
type bits map[int64]uint64

func (b bits) add(n int64)      { b[n>>6] |= 1 << (n & 63) }
func (b bits) has(n int64) bool { return b[n>>6]&(1<<(n&63)) != 0 }

// anchorsAtOnce is how many anchors are read together.
const anchorsAtOnce = 20

func (w *verifier) walk(head string) (string, error) {
	var before []byte
	met := head == ""
	for {
		list, err := w.anchors()
		if err != nil {
			return "", err
		}
		for _, a := range list {
			if found, err := w.fits(a, before); err != nil || found != "" {
				return found, err
			}
			before = a.hash
			met = met || w.v.Head == head
		}
		if len(list) < anchorsAtOnce {
			break
		}
	}
	for _, of := range []source{ofCases, ofReadings} {
		if found, err := w.unbound(of); err != nil || found != "" {
			return found, err
		}
	}
	if !met {
		return "the head that was written down is not in the chain: what it bound was cut off or written anew", nil
	}
	return "", nil
}

// anchors reads the next ones.
func (w *verifier) anchors() ([]anchor, error) {
	rows, err := w.tx.Query(w.ctx, "SELECT ordinal, source, at, settled, top, coalesce(hashed, 0), seqs, hash FROM anchors WHERE ordinal > $1 ORDER BY ordinal LIMIT $2",
		w.v.Anchors, anchorsAtOnce)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a anchor, err error) {
		return a, row.Scan(&a.ordinal, &a.source, &a.at, &a.settled, &a.top, &a.hashed, &a.seqs, &a.hash)
	})
}

// fits looks at an anchor and its rows.
func (w *verifier) fits(a anchor, before []byte) (string, error) {
	if a.ordinal != w.v.Anchors+1 {
		return fmt.Sprintf("anchor %d is missing", w.v.Anchors+1), nil
	}
	rows, err := w.db.seals.historyOf(w.ctx, w.tx, a.source, a.seqs)
	if err != nil {
		return "", err
	}
	for i, seq := range a.seqs {
		if i >= len(rows) || rows[i].seq != seq {
			return fmt.Sprintf("the row of %s with the number %d, which anchor %d of %s binds, was deleted", a.source, seq, a.ordinal, stamped(a.at)), nil
		}
		if found := rows[i].wrong(a.source, cmp.Or(w.hashed[a.source], a.hashed)); found != "" {
			w.about = rows[i].caseID
			return found, nil
		}
		if w.v.Rows++; rows[i].mac == nil {
			w.v.Bare++
		}
		w.bound[a.source].add(seq)
	}
	if !bytes.Equal(w.db.seals.sum(a, before, rows), a.hash) {
		return fmt.Sprintf("anchor %d of %s does not fit its %d rows of %s, or was changed itself", a.ordinal, stamped(a.at), len(rows), a.source), nil
	}
	w.last[a.source], w.hashed[a.source] = a.settled, cmp.Or(w.hashed[a.source], a.hashed)
	w.v.Anchors, w.v.At, w.v.Head = a.ordinal, a.at, hex.EncodeToString(a.hash)
	return "", nil
}

// unbound looks at the rows of a table that no anchor binds.
func (w *verifier) unbound(of source) (string, error) {
	for after := int64(0); ; {
		page, err := w.db.seals.historyAfter(w.ctx, w.tx, of, after, anchorRows)
		if err != nil || len(page) == 0 {
			return "", err
		}
		for _, h := range page {
			after = h.seq
			switch {
			case w.bound[of].has(h.seq):
			case h.seq <= w.last[of]:
				w.about = h.caseID
				return h.name(of) + " was inserted afterwards", nil
			case h.wrong(of, w.hashed[of]) != "":
				w.about = h.caseID
				return h.wrong(of, w.hashed[of]), nil
			default:
				w.v.Loose++
			}
		}
	}
}

// number names the case of the row that is found as people know it, where there is
// such a case.
func (w *verifier) number() (string, error) {
	var n mahalla.Number
	err := w.tx.QueryRow(w.ctx, "SELECT number FROM cases WHERE id = $1", w.about).Scan(&n)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return fmt.Sprintf("; its case is %s", n), err
}

func stamped(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
