package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// ItemLine is what a list of an agenda shows of an item, without anybody's words.
type ItemLine struct {
	Item     mahalla.ItemID
	Case     mahalla.CaseID
	Number   mahalla.Number
	Category mahalla.CategoryCode
	State    mahalla.ItemState
	Since    time.Time // when it was ready
	Mediator bool
	Sittings int
}

// FirstBy is until when the first sitting should be of an item that was ready; zero
// once it was held.
func (l ItemLine) FirstBy() time.Time {
	return (&mahalla.Item{ReadyAt: l.Since, Sittings: l.Sittings}).FirstBy()
}

const agendaLines = `SELECT agenda_items.id, case_id, number, category, state, coalesce(ready_at, proposed_at), mediator, sittings
	FROM agenda_items JOIN cases ON cases.id = case_id `

// AgendaLines reads items by their ids, in the order in which these stand.
func (tx *Tx) AgendaLines(ids []mahalla.ItemID) ([]ItemLine, error) {
	return tx.agendaLines(agendaLines+"WHERE agenda_items.id = ANY($1::bigint[]) ORDER BY array_position($1::bigint[], agenda_items.id)", ids)
}

// ReadyLines lists the items of a commission that may be put on an agenda, those
// that have waited longest first.
func (tx *Tx) ReadyLines(commission mahalla.TerritoryID, limit int) ([]ItemLine, error) {
	return tx.agendaLines(agendaLines+"WHERE commission_id = $1 AND state = 'ready' ORDER BY ready_at, agenda_items.id LIMIT $2", commission, limit)
}

func (tx *Tx) agendaLines(sql string, args ...any) ([]ItemLine, error) {
	var list []ItemLine
	err := tx.read(sql, func(rows pgx.Rows) error {
		var l ItemLine
		err := rows.Scan(&l.Item, &l.Case, &l.Number, &l.Category, &l.State, &l.Since, &l.Mediator, &l.Sittings)
		list = append(list, l)
		return err
	}, args...)
	return list, err
}
