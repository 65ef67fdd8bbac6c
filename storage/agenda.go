package storage

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

const itemColumns = `id, commission_id, case_id, proposed_by, proposed_at, state, violence, crime, coalesce(asked_by, 0), mediator,
	ready_at, sittings, cause, ended_at`

func scanItem(rows pgx.Rows) (*mahalla.Item, error) {
	var i mahalla.Item
	var ready, ended *time.Time
	err := rows.Scan(&i.ID, &i.Commission, &i.Case, &i.ProposedBy, &i.ProposedAt, &i.State, &i.Violence, &i.Crime, &i.AskedBy, &i.Mediator,
		&ready, &i.Sittings, &i.Cause, &ended)
	i.ReadyAt, i.EndedAt = value(ready), value(ended)
	return &i, err
}

// items reads items with their parties.
func (tx *Tx) items(sql string, args ...any) ([]*mahalla.Item, error) {
	var list []*mahalla.Item
	byID := map[mahalla.ItemID]*mahalla.Item{}
	err := tx.read(sql, func(rows pgx.Rows) error {
		i, err := scanItem(rows)
		list, byID[i.ID] = append(list, i), i
		return err
	}, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	for n, i := range list {
		ids[n] = int64(i.ID)
	}
	return list, tx.read(`SELECT item_id, side, coalesce(person_id, 0), name, phone, consent, consent_at, coalesce(recorded_by, 0), token_hash, token_until
		FROM parties WHERE item_id = ANY($1) ORDER BY item_id, side`, func(rows pgx.Rows) error {
		id, p, err := tx.scanParty(rows)
		byID[id].Parties = append(byID[id].Parties, p)
		return err
	}, ids)
}

func (tx *Tx) scanParty(rows pgx.Rows) (id mahalla.ItemID, p mahalla.Party, err error) {
	var name, phone []byte
	var at, until *time.Time
	if err = rows.Scan(&id, &p.Side, &p.Person, &name, &phone, &p.Consent, &at, &p.RecordedBy, &p.TokenHash, &until); err != nil {
		return id, p, err
	}
	p.ConsentAt, p.TokenUntil = value(at), value(until)
	for column, field := range map[string]struct {
		sealed []byte
		to     *string
	}{"name": {name, &p.Name}, "phone": {phone, &p.Phone}} {
		plain, err := tx.db.seals.open("parties", column, partyRow(id, p.Side), field.sealed)
		if err != nil {
			return id, p, err
		}
		*field.to = string(plain)
	}
	return id, p, nil
}

func partyRow(id mahalla.ItemID, side int) string { return fmt.Sprintf("%d.%d", id, side) }

// SaveItem writes an item with its parties.
func (tx *Tx) SaveItem(i *mahalla.Item) error {
	tx.write(`
		INSERT INTO agenda_items (id, commission_id, case_id, proposed_by, proposed_at, state, violence, crime, asked_by, mediator,
			ready_at, sittings, cause, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET commission_id = excluded.commission_id, state = excluded.state, violence = excluded.violence,
			crime = excluded.crime, asked_by = excluded.asked_by, mediator = excluded.mediator, ready_at = excluded.ready_at,
			sittings = excluded.sittings, cause = excluded.cause, ended_at = excluded.ended_at`,
		i.ID, i.Commission, i.Case, i.ProposedBy, i.ProposedAt, i.State, i.Violence, i.Crime, optionalID(i.AskedBy), i.Mediator,
		optional(i.ReadyAt), i.Sittings, i.Cause, optional(i.EndedAt))
	for _, p := range i.Parties {
		name, err := tx.db.seals.seal("parties", "name", partyRow(i.ID, p.Side), []byte(p.Name))
		if err != nil {
			return err
		}
		phone, err := tx.db.seals.seal("parties", "phone", partyRow(i.ID, p.Side), []byte(p.Phone))
		if err != nil {
			return err
		}
		tx.write(`
			INSERT INTO parties (item_id, side, person_id, name, phone, consent, consent_at, recorded_by, token_hash, token_until)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (item_id, side) DO UPDATE SET person_id = excluded.person_id, name = excluded.name, phone = excluded.phone,
				consent = excluded.consent, consent_at = excluded.consent_at, recorded_by = excluded.recorded_by,
				token_hash = excluded.token_hash, token_until = excluded.token_until`,
			i.ID, p.Side, optionalID(p.Person), name, phone, p.Consent, optional(p.ConsentAt), optionalID(p.RecordedBy), p.TokenHash, optional(p.TokenUntil))
	}
	return nil
}

// LockItem reads an item and holds it; nil when there is none.
func (tx *Tx) LockItem(id mahalla.ItemID) (*mahalla.Item, error) {
	tx.write("SELECT FROM agenda_items WHERE id = $1 FOR UPDATE", id)
	return tx.Item(id)
}

// Item reads an item; nil when there is none.
func (tx *Tx) Item(id mahalla.ItemID) (*mahalla.Item, error) {
	list, err := tx.items("SELECT "+itemColumns+" FROM agenda_items WHERE id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// ItemOfCase is the latest item of a case; nil when it was never proposed.
func (tx *Tx) ItemOfCase(c mahalla.CaseID) (*mahalla.Item, error) {
	list, err := tx.items("SELECT "+itemColumns+" FROM agenda_items WHERE case_id = $1 ORDER BY proposed_at DESC, id DESC LIMIT 1", c)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// ItemOfToken finds the item to which a party's link leads; nil when none does.
func (tx *Tx) ItemOfToken(hash []byte) (*mahalla.Item, error) {
	list, err := tx.items("SELECT "+itemColumns+` FROM agenda_items
		WHERE id = (SELECT item_id FROM parties WHERE token_hash = $1)`, hash)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// Items lists the items of a commission in some states, those that have waited
// longest first.
func (tx *Tx) Items(commission mahalla.TerritoryID, states []mahalla.ItemState, limit int) ([]*mahalla.Item, error) {
	return tx.items("SELECT "+itemColumns+` FROM agenda_items WHERE commission_id = $1 AND state = ANY($2)
		ORDER BY coalesce(ready_at, proposed_at), id LIMIT $3`, commission, states, limit)
}
