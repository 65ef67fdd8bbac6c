package storage

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// PartyToken makes the token of a side's link and its hash. Only the hash is
// stored.
func (tx *Tx) PartyToken() (token string, hash []byte, err error) {
	raw := make([]byte, 18)
	if _, err := rand.Read(raw); err != nil {
		return "", nil, fmt.Errorf("storage: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, tx.db.seals.mac("party", token), nil
}

// ItemOfLink finds the item to which a side's link leads, and the side; nil when
// the link leads nowhere any more. Nothing is held.
func (tx *Tx) ItemOfLink(token string, now time.Time) (*mahalla.Item, int, error) {
	hash := tx.db.seals.mac("party", token)
	i, err := tx.ItemOfToken(hash)
	if err != nil || i == nil {
		return nil, 0, err
	}
	for _, p := range i.Parties {
		if string(p.TokenHash) == string(hash) && now.Before(p.TokenUntil) {
			return i, p.Side, nil
		}
	}
	return nil, 0, nil
}

// ItemsOfParty lists the open items of which a person is a side, the newest first.
func (tx *Tx) ItemsOfParty(p mahalla.PersonID) ([]*mahalla.Item, error) {
	return tx.items("SELECT "+itemColumns+` FROM agenda_items
		WHERE id IN (SELECT item_id FROM parties WHERE person_id = $1) AND state IN ('proposed', 'ready', 'scheduled')
		ORDER BY proposed_at DESC, id DESC`, p)
}

// ItemsRefused reads the items that a person has ended with an own no since a moment,
// the newest first.
func (tx *Tx) ItemsRefused(p mahalla.PersonID, since time.Time) ([]*mahalla.Item, error) {
	return tx.items("SELECT "+itemColumns+` FROM agenda_items
		WHERE id IN (SELECT item_id FROM parties WHERE person_id = $1 AND recorded_by = $1 AND consent = 'refused')
			AND state = 'dropped' AND cause IN ('refused', 'taken_back') AND ended_at > $2
		ORDER BY ended_at DESC, id DESC`, p, since)
}

// CountItems counts the items of a commission in some states.
func (tx *Tx) CountItems(commission mahalla.TerritoryID, states []mahalla.ItemState) (int, error) {
	n := 0
	err := tx.read("SELECT count(*) FROM agenda_items WHERE commission_id = $1 AND state = ANY($2)",
		func(rows pgx.Rows) error { return rows.Scan(&n) }, commission, states)
	return n, err
}

// MeetingOfItem is the meeting that was called with an item on its agenda and is
// still to come about; nil when there is none.
func (tx *Tx) MeetingOfItem(id mahalla.ItemID) (*mahalla.Meeting, error) {
	list, err := tx.meetings("SELECT "+meetingColumns+` FROM meetings
		WHERE id IN (SELECT meeting_id FROM hearings WHERE item_id = $1) AND status = 'called' ORDER BY at DESC, id DESC LIMIT 1`, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// HasNumber tells whether a telephone number is a person's own.
func (tx *Tx) HasNumber(p mahalla.PersonID, phone string) (bool, error) {
	found := false
	err := tx.read("SELECT FROM people WHERE id = $1 AND phone_mac = $2", func(pgx.Rows) error {
		found = true
		return nil
	}, p, tx.db.seals.mac("phone", phone))
	return found, err
}

// Behalf reads for whom a case was reported; empty where the reporter speaks for
// himself.
func (tx *Tx) Behalf(c mahalla.CaseID) (mahalla.Behalf, error) {
	var v View
	err := tx.read(behalfOf, func(rows pgx.Rows) error { return tx.scanBehalf(rows, &v) }, c)
	return v.Behalf, err
}

// AboutCase tells which case something is about that a message may be about: a
// case is about itself, an item about its case, and a meeting about none (0).
func (tx *Tx) AboutCase(id mahalla.CaseID) (mahalla.CaseID, bool, error) {
	var c mahalla.CaseID
	item := false
	err := tx.read(`SELECT id, false FROM cases WHERE id = $1 UNION ALL SELECT case_id, true FROM agenda_items WHERE id = $1`,
		func(rows pgx.Rows) error { return rows.Scan(&c, &item) }, id)
	return c, item, err
}

// AgendaLine is an open item in a list.
type AgendaLine struct {
	Item     *mahalla.Item
	Number   mahalla.Number
	Category mahalla.CategoryCode
	Place    mahalla.TerritoryID
	At       time.Time // of the meeting that was called with it
}

// AgendaOf lists the open items of commissions, those before a meeting first, then
// those that are ready, and how many there are.
func (tx *Tx) AgendaOf(commissions []mahalla.TerritoryID, offset, limit int) ([]AgendaLine, int, error) {
	const open = ` FROM agenda_items WHERE commission_id = ANY($1) AND state IN ('proposed', 'ready', 'scheduled')`
	total := 0
	if err := tx.read("SELECT count(*)"+open, func(rows pgx.Rows) error { return rows.Scan(&total) }, commissions); err != nil {
		return nil, 0, err
	}
	items, err := tx.items("SELECT "+itemColumns+open+`
		ORDER BY state = 'scheduled' DESC, state = 'ready' DESC, coalesce(ready_at, proposed_at), id LIMIT $2 OFFSET $3`, commissions, limit, offset)
	if err != nil || len(items) == 0 {
		return nil, total, err
	}
	list, ids := make([]AgendaLine, len(items)), make([]int64, len(items))
	for n, i := range items {
		list[n].Item, ids[n] = i, int64(i.ID)
	}
	return list, total, tx.read(`
		SELECT nth - 1, number, category, place_id,
			(SELECT max(at) FROM hearings JOIN meetings ON meetings.id = meeting_id AND status = 'called' WHERE item_id = agenda_items.id)
		FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, nth)
		JOIN agenda_items ON agenda_items.id = wanted.id JOIN cases ON cases.id = case_id`,
		func(rows pgx.Rows) error {
			var l AgendaLine
			var n int
			var at *time.Time
			if err := rows.Scan(&n, &l.Number, &l.Category, &l.Place, &at); err != nil {
				return err
			}
			l.Item, l.At = list[n].Item, value(at)
			list[n] = l
			return nil
		}, ids)
}
