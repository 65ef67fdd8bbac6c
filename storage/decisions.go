package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

const decisionColumns = `decisions.id, decisions.commission_id, decisions.meeting_id, coalesce(item_id, 0), words, coalesce(person_id, 0), name,
	due_at, decisions.made_by, decisions.made_at, done_at, coalesce(done_by, 0), asked_at`

func (tx *Tx) decisions(sql string, args ...any) ([]*mahalla.Decision, error) {
	var list []*mahalla.Decision
	err := tx.read(sql, func(rows pgx.Rows) error {
		var d mahalla.Decision
		var words, name []byte
		var done, asked *time.Time
		if err := rows.Scan(&d.ID, &d.Commission, &d.Meeting, &d.Item, &words, &d.Person, &name,
			&d.Due, &d.MadeBy, &d.MadeAt, &done, &d.DoneBy, &asked); err != nil {
			return err
		}
		d.DoneAt, d.Asked = value(done), value(asked)
		for _, f := range []struct {
			column string
			sealed []byte
			to     *string
		}{{"words", words, &d.Words}, {"name", name, &d.Name}} {
			plain, err := tx.db.seals.open("decisions", f.column, rowID(d.ID), f.sealed)
			if err != nil {
				return err
			}
			*f.to = string(plain)
		}
		list = append(list, &d)
		return nil
	}, args...)
	return list, err
}

// AddDecision writes a decision.
func (tx *Tx) AddDecision(d *mahalla.Decision) error {
	words, err := tx.db.seals.seal("decisions", "words", rowID(d.ID), []byte(d.Words))
	if err != nil {
		return err
	}
	var name []byte
	if d.Person == 0 {
		if name, err = tx.db.seals.seal("decisions", "name", rowID(d.ID), []byte(d.Name)); err != nil {
			return err
		}
	}
	tx.write(`
		INSERT INTO decisions (id, commission_id, meeting_id, item_id, words, person_id, name, due_at, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.ID, d.Commission, d.Meeting, optionalID(d.Item), words, optionalID(d.Person), name, d.Due, d.MadeBy, d.MadeAt)
	return nil
}

// SaveDecision writes how far a decision has come: its day, and that it was
// carried out. Nothing else of it changes.
func (tx *Tx) SaveDecision(d *mahalla.Decision) {
	tx.write("UPDATE decisions SET due_at = $2, done_at = $3, done_by = $4, asked_at = $5 WHERE id = $1",
		d.ID, d.Due, optional(d.DoneAt), optionalID(d.DoneBy), optional(d.Asked))
}

// DropDecision takes a decision back before the minutes are confirmed.
func (tx *Tx) DropDecision(id mahalla.DecisionID) {
	tx.write("DELETE FROM decisions WHERE id = $1", id)
}

// LockDecision reads a decision and holds it; nil when there is none. It is locked
// after the meeting.
func (tx *Tx) LockDecision(id mahalla.DecisionID) (*mahalla.Decision, error) {
	tx.write("SELECT FROM decisions WHERE id = $1 FOR UPDATE", id)
	return tx.Decision(id)
}

// Decision reads a decision; nil when there is none.
func (tx *Tx) Decision(id mahalla.DecisionID) (*mahalla.Decision, error) {
	list, err := tx.decisions("SELECT "+decisionColumns+" FROM decisions WHERE id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// DecisionsOf lists the decisions of a meeting as they were made.
func (tx *Tx) DecisionsOf(m mahalla.MeetingID) ([]*mahalla.Decision, error) {
	return tx.decisions("SELECT "+decisionColumns+" FROM decisions WHERE meeting_id = $1 ORDER BY made_at, id", m)
}

// OpenDecisions lists what a person is to carry out, or commissions wait for, of
// meetings that are over, the earliest day first, and how many there are in all.
func (tx *Tx) OpenDecisions(p mahalla.PersonID, commissions []mahalla.TerritoryID, offset, limit int) (list []*mahalla.Decision, total int, err error) {
	err = tx.read(`SELECT count(*) FROM decisions JOIN meetings ON meetings.id = decisions.meeting_id
		WHERE done_at IS NULL AND (person_id = $1 OR decisions.commission_id = ANY($2)) AND held_at IS NOT NULL`,
		func(rows pgx.Rows) error { return rows.Scan(&total) }, p, commissions)
	if err != nil || total == 0 {
		return nil, total, err
	}
	list, err = tx.decisions("SELECT "+decisionColumns+` FROM decisions JOIN meetings ON meetings.id = decisions.meeting_id
		WHERE done_at IS NULL AND (person_id = $1 OR decisions.commission_id = ANY($2)) AND held_at IS NOT NULL
		ORDER BY due_at, decisions.id LIMIT $3 OFFSET $4`, p, commissions, limit, offset)
	return list, total, err
}

// UnfulfilledDecisions lists the decisions of a commission that are open though
// their last day is over: before a moment, which is a midnight.
func (tx *Tx) UnfulfilledDecisions(commission mahalla.TerritoryID, before time.Time, limit int) ([]*mahalla.Decision, error) {
	return tx.decisions("SELECT "+decisionColumns+` FROM decisions JOIN meetings ON meetings.id = decisions.meeting_id
		WHERE decisions.commission_id = $1 AND done_at IS NULL AND due_at < $2 AND held_at IS NOT NULL
		ORDER BY due_at, decisions.id LIMIT $3`, commission, before, limit)
}

// Review puts decisions that were not carried out on the agenda of a meeting, in
// the place of those that were.
func (tx *Tx) Review(m mahalla.MeetingID, list []mahalla.DecisionID) {
	ids := make([]int64, len(list))
	for i, id := range list {
		ids[i] = int64(id)
	}
	tx.write("DELETE FROM reviews WHERE meeting_id = $1 AND decision_id <> ALL($2)", m, ids)
	tx.write("INSERT INTO reviews (meeting_id, decision_id) SELECT $1::bigint, id FROM unnest($2::bigint[]) AS id ON CONFLICT DO NOTHING", m, ids)
}

// Reviewed lists the earlier decisions on the agenda of a meeting.
func (tx *Tx) Reviewed(m mahalla.MeetingID) ([]*mahalla.Decision, error) {
	return tx.decisions("SELECT "+decisionColumns+` FROM decisions JOIN reviews ON decision_id = decisions.id
		WHERE reviews.meeting_id = $1 ORDER BY due_at, decisions.id`, m)
}
