package storage

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Installation is a name of this installation that never changes and says
// nothing.
func (tx *Tx) Installation() (name string, err error) {
	err = tx.read("SELECT name FROM installation", func(rows pgx.Rows) error { return rows.Scan(&name) })
	return name, err
}

// OpenFeed gives a person a calendar with a new address; one of old is not
// answered any more.
func (tx *Tx) OpenFeed(p mahalla.PersonID, now time.Time) (token string, err error) {
	var secret [32]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return "", fmt.Errorf("storage: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	tx.write(`INSERT INTO feeds (person_id, token_hash, made_at) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at`, p, tx.db.seals.mac("feed", token), now)
	return token, nil
}

// CloseFeed takes a person's calendar away.
func (tx *Tx) CloseFeed(p mahalla.PersonID) { tx.write("DELETE FROM feeds WHERE person_id = $1", p) }

// FeedSince is when a person's calendar got its address; zero when there is none.
func (tx *Tx) FeedSince(p mahalla.PersonID) (at time.Time, err error) {
	err = tx.read("SELECT made_at FROM feeds WHERE person_id = $1", func(rows pgx.Rows) error { return rows.Scan(&at) }, p)
	return at, err
}

// FeedOwner finds whose calendar an address leads to; nobody is 0.
func (tx *Tx) FeedOwner(token string) (p mahalla.PersonID, err error) {
	err = tx.read("SELECT person_id FROM feeds WHERE token_hash = $1", func(rows pgx.Rows) error { return rows.Scan(&p) }, tx.db.seals.mac("feed", token))
	return p, err
}
