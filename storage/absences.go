package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// openAbsence are the absences to come and under way.
const openAbsence = `absences.state IN ('planned', 'running')`

// Of a row of memberships: its holder is away, or not away, at the moment that is the second
// or the fourth argument.
const (
	awayAt2 = `EXISTS (SELECT FROM absences WHERE absences.person_id = memberships.person_id
		AND ` + openAbsence + ` AND from_at <= $2 AND until_at > $2)`
	notAwayAt2 = ` AND NOT ` + awayAt2
	notAwayAt4 = ` AND NOT EXISTS (SELECT FROM absences WHERE absences.person_id = memberships.person_id
		AND ` + openAbsence + ` AND from_at <= $4 AND until_at > $4)`
)

const absenceColumns = `id, person_id, from_at, until_at, state, coalesce(substitute_id, 0), answer, due_at, refused`

func scanAbsence(rows pgx.Rows) (mahalla.Absence, error) {
	var a mahalla.Absence
	var due *time.Time
	var refused []int64
	err := rows.Scan(&a.ID, &a.Person, &a.From, &a.Until, &a.State, &a.Substitute, &a.Answer, &due, &refused)
	a.Due = value(due)
	for _, p := range refused {
		a.Refused = append(a.Refused, mahalla.PersonID(p))
	}
	return a, err
}

func (tx *Tx) absences(sql string, args ...any) ([]mahalla.Absence, error) {
	var list []mahalla.Absence
	err := tx.read(sql, func(rows pgx.Rows) error {
		a, err := scanAbsence(rows)
		list = append(list, a)
		return err
	}, args...)
	return list, err
}

// SaveAbsence writes an absence.
func (tx *Tx) SaveAbsence(a *mahalla.Absence) {
	refused := make([]int64, len(a.Refused))
	for i, p := range a.Refused {
		refused[i] = int64(p)
	}
	tx.write(`
		INSERT INTO absences (id, person_id, from_at, until_at, state, substitute_id, answer, due_at, refused, wake_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, substitute_id = excluded.substitute_id, answer = excluded.answer,
			due_at = excluded.due_at, refused = excluded.refused, wake_at = excluded.wake_at`,
		a.ID, a.Person, a.From, a.Until, a.State, optionalID(a.Substitute), a.Answer, optional(a.Due), refused, optional(a.Wake()))
}

// LockAbsence reads an absence and holds it; nil when there is none.
func (tx *Tx) LockAbsence(id mahalla.AbsenceID) (*mahalla.Absence, error) {
	tx.write("SELECT FROM absences WHERE id = $1 FOR UPDATE", id)
	list, err := tx.absences("SELECT "+absenceColumns+" FROM absences WHERE id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// AbsencesOf lists the absences, to come or under way, of some people and those in
// which they stand in or are asked to.
func (tx *Tx) AbsencesOf(people ...mahalla.PersonID) ([]mahalla.Absence, error) {
	return tx.absences("SELECT "+absenceColumns+" FROM absences WHERE "+openAbsence+" AND (person_id = ANY($1) OR substitute_id = ANY($1)) ORDER BY from_at, id", people)
}

// LastStandIn is the absence for which a person was asked last, though somebody else
// may have been asked since; nil when none is known.
func (tx *Tx) LastStandIn(p mahalla.PersonID) (*mahalla.Absence, error) {
	var last *mahalla.Absence
	err := tx.read("SELECT "+absenceColumns+` FROM absences WHERE substitute_id = $1 OR refused @> ARRAY[$1::bigint]
			ORDER BY substitute_id = $1 AND answer = 'asked' DESC, id DESC LIMIT 1`, func(rows pgx.Rows) error {
		a, err := scanAbsence(rows)
		last = &a
		return err
	}, p)
	return last, err
}

// AwayUnder lists who is away at a moment of those who hold a role at some places
// or below them.
func (tx *Tx) AwayUnder(nodes []mahalla.TerritoryID, now time.Time) ([]mahalla.Absence, error) {
	return tx.absences("SELECT "+absenceColumns+" FROM absences WHERE "+openAbsence+` AND from_at <= $2 AND until_at > $2 AND EXISTS (
		SELECT FROM memberships JOIN territories ON territories.id = territory_id
		WHERE memberships.person_id = absences.person_id AND path && $1::bigint[]
			AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2))
		ORDER BY from_at, id`, nodes, now)
}

// DueAbsences lists the absences that want attention by now, the earliest first.
func (tx *Tx) DueAbsences(now time.Time, limit int) ([]mahalla.AbsenceID, error) {
	var list []mahalla.AbsenceID
	err := tx.read("SELECT id FROM absences WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2", func(rows pgx.Rows) error {
		var id mahalla.AbsenceID
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, now, limit)
	return list, err
}

// PutOffAbsence leaves an absence that is due until later.
func (tx *Tx) PutOffAbsence(id mahalla.AbsenceID, now, later time.Time) {
	tx.write("UPDATE absences SET wake_at = $3 WHERE id = $1 AND wake_at <= $2", id, now, later)
}

// StandIn gives a substitute the places of an absence, for its time.
func (tx *Tx) StandIn(a *mahalla.Absence, places []mahalla.Membership) {
	for _, m := range places {
		tx.write(`INSERT INTO memberships (person_id, role, territory_id, valid_from, valid_until, absence_id) VALUES ($1, $2, $3, $4, $5, $6)`,
			a.Substitute, m.Role, m.Territory, a.From, a.Until, a.ID)
	}
}

// StandDown ends what a substitute was given, before its time.
func (tx *Tx) StandDown(id mahalla.AbsenceID, now time.Time) {
	tx.write("DELETE FROM memberships WHERE absence_id = $1 AND valid_from >= $2", id, now)
	tx.write("UPDATE memberships SET valid_until = $2 WHERE absence_id = $1 AND valid_until > $2", id, now)
}

// WaitingOf lists the cases that wait and of which a person was told in their
// present round.
func (tx *Tx) WaitingOf(p mahalla.PersonID) ([]mahalla.CaseID, error) {
	var list []mahalla.CaseID
	err := tx.read(`
		SELECT cases.id FROM assignments JOIN cases ON cases.id = assignments.case_id AND cases.round = assignments.round
		WHERE person_id = $1 AND status = 'new' ORDER BY cases.id`, func(rows pgx.Rows) error {
		var id mahalla.CaseID
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, p)
	return list, err
}

// ExtendStandIns gives those among some people who were asked to stand in while the
// bot did not hear that long more, within the time of the absence.
func (tx *Tx) ExtendStandIns(after, upto mahalla.PersonID, o Outage) {
	tx.write(`
		UPDATE absences SET due_at = least(due_at + gap, until_at),
			wake_at = CASE WHEN wake_at < due_at THEN wake_at
				ELSE least(due_at + gap, until_at, CASE WHEN state = 'planned' THEN from_at END) END
		FROM (SELECT $4::timestamptz - $3::timestamptz AS gap) AS away
		WHERE substitute_id > $1 AND substitute_id <= $2 AND answer = 'asked' AND due_at > $3 AND due_at < until_at AND `+openAbsence,
		after, upto, o.Since, o.Until)
}
