package storage

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// RecurringState tells whether something still comes again.
type RecurringState string

// The states of what recurs.
const (
	RecurringOn      RecurringState = "on"
	RecurringPaused  RecurringState = "paused"
	RecurringStopped RecurringState = "stopped"
)

// Recurring is a reminder that comes again and again to those who hold some roles
// at a place and below it.
type Recurring struct {
	ID      int64
	Kind    mahalla.ReminderKind
	Author  mahalla.PersonID // of a custom one
	State   RecurringState
	Rule    mahalla.Recurrence
	Roles   []mahalla.Role
	Place   mahalla.TerritoryID
	Texts   map[mahalla.Language]string // of a custom one
	Next    time.Time                   // zero: not yet known, or there is none
	Reached mahalla.PersonID
	Created time.Time
}

const recurringColumns = `id, kind, coalesce(author_id, 0), state, rule, roles, place_id, texts, next_at, reached, created_at`

func (tx *Tx) recurrings(sql string, args ...any) ([]Recurring, error) {
	var list []Recurring
	err := tx.read(sql, func(rows pgx.Rows) error {
		r, err := tx.scanRecurring(rows)
		list = append(list, r)
		return err
	}, args...)
	return list, err
}

func (tx *Tx) scanRecurring(rows pgx.Rows) (Recurring, error) {
	var r Recurring
	var rule, sealed []byte
	var roles []string
	var next *time.Time
	if err := rows.Scan(&r.ID, &r.Kind, &r.Author, &r.State, &rule, &roles, &r.Place, &sealed, &next, &r.Reached, &r.Created); err != nil {
		return r, err
	}
	r.Next = value(next)
	for _, role := range roles {
		r.Roles = append(r.Roles, mahalla.Role(role))
	}
	if err := json.Unmarshal(rule, &r.Rule); err != nil {
		return r, err
	}
	plain, err := tx.db.seals.open("recurring", "texts", rowID(r.ID), sealed)
	if err == nil && plain != nil {
		err = json.Unmarshal(plain, &r.Texts)
	}
	return r, err
}

// SaveRecurring writes what recurs; one without an id is given one.
func (tx *Tx) SaveRecurring(r *Recurring) error {
	if r.ID == 0 {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		r.ID = id
	}
	rule, err := json.Marshal(r.Rule)
	if err != nil {
		return wrap(err)
	}
	var sealed []byte
	if len(r.Texts) > 0 {
		plain, err := json.Marshal(r.Texts)
		if err != nil {
			return wrap(err)
		}
		if sealed, err = tx.db.seals.seal("recurring", "texts", rowID(r.ID), plain); err != nil {
			return err
		}
	}
	roles := make([]string, len(r.Roles))
	for i, role := range r.Roles {
		roles[i] = string(role)
	}
	tx.write(`
		INSERT INTO recurring (id, kind, author_id, state, rule, roles, place_id, texts, next_at, reached, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, rule = excluded.rule, roles = excluded.roles,
			place_id = excluded.place_id, texts = excluded.texts, next_at = excluded.next_at, reached = excluded.reached`,
		r.ID, r.Kind, optionalID(r.Author), r.State, rule, roles, r.Place, sealed, optional(r.Next), r.Reached, r.Created)
	return nil
}

// Recurring reads one; nil when there is none.
func (tx *Tx) Recurring(id int64) (*Recurring, error) {
	return first(tx.recurrings("SELECT "+recurringColumns+" FROM recurring WHERE id = $1", id))
}

// LockRecurring reads one and holds it; nil when there is none.
func (tx *Tx) LockRecurring(id int64) (*Recurring, error) {
	return first(tx.recurrings("SELECT "+recurringColumns+" FROM recurring WHERE id = $1 FOR UPDATE", id))
}

// HoldRecurring holds the one whose moment came first, and those whose next moment
// is not known before it; nil when nothing is due, or other replicas hold all of
// it.
func (tx *Tx) HoldRecurring(now time.Time) (*Recurring, error) {
	return first(tx.recurrings("SELECT "+recurringColumns+` FROM recurring
		WHERE state = 'on' AND (next_at <= $1 OR next_at IS NULL)
		ORDER BY next_at NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED`, now))
}

func first(list []Recurring, err error) (*Recurring, error) {
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// RecurringOf lists what a head lets come again, the oldest first, without what
// was stopped.
func (tx *Tx) RecurringOf(author mahalla.PersonID) ([]Recurring, error) {
	return tx.recurrings("SELECT "+recurringColumns+" FROM recurring WHERE author_id = $1 AND state <> 'stopped' ORDER BY created_at, id", author)
}

// RecurringMade counts what a head has let come again since a moment, also what
// was stopped.
func (tx *Tx) RecurringMade(author mahalla.PersonID, since time.Time) (n int, err error) {
	err = tx.read("SELECT count(*) FROM recurring WHERE author_id = $1 AND created_at >= $2",
		func(rows pgx.Rows) error { return rows.Scan(&n) }, author, since)
	return n, err
}

// MoveRecurring records how far the present moment has come, or which is next.
func (tx *Tx) MoveRecurring(r *Recurring) {
	tx.write("UPDATE recurring SET next_at = $2, reached = $3, state = $4 WHERE id = $1", r.ID, optional(r.Next), r.Reached, r.State)
}

// ForeseeAnew lets the next moments be reckoned anew that lie ahead, for holidays
// may have changed. What is due is left alone.
func (tx *Tx) ForeseeAnew(now time.Time) {
	tx.write("UPDATE recurring SET next_at = NULL WHERE state = 'on' AND reached = 0 AND next_at > $1::timestamptz + interval '1 minute'", now)
}

// Audience lists the next people, in the order of their ids, who are within reach
// and not away and hold any of some roles at a place or below it.
func (tx *Tx) Audience(place mahalla.TerritoryID, roles []mahalla.Role, after mahalla.PersonID, now time.Time, most int) ([]mahalla.PersonID, error) {
	var list []mahalla.PersonID
	err := tx.read(`
		SELECT DISTINCT memberships.person_id FROM memberships
		JOIN people ON people.id = memberships.person_id
		JOIN territories ON territories.id = memberships.territory_id
		WHERE role = ANY($1) AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2)
			AND reach = 'reachable' AND $3 = ANY(path) AND memberships.person_id > $4`+notAwayAt2+`
		ORDER BY memberships.person_id LIMIT $5`,
		func(rows pgx.Rows) error {
			var p mahalla.PersonID
			err := rows.Scan(&p)
			list = append(list, p)
			return err
		}, roles, now, place, after, most)
	return list, err
}
