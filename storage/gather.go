package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Awake says how the ladder woke somebody a moment ago about another case.
type Awake int

// The ways of having been woken.
const (
	Asleep Awake = iota // not a moment ago
	Rung                // with a message of its own
	Listed              // and others have come in one card after that
)

// Wake records that the ladder wakes people about a case, and tells of each how
// it woke them about another one at or after a moment: what comes with that does
// not put the moment off. Of what wakes somebody at once, one is the first.
func (tx *Tx) Wake(people []mahalla.PersonID, c mahalla.CaseID, since, now time.Time) (map[mahalla.PersonID]Awake, error) {
	awake := map[mahalla.PersonID]Awake{}
	tx.write(`
		INSERT INTO wakings (person_id, at, case_id) SELECT person, '-infinity', $2 FROM unnest($1::bigint[]) AS person ORDER BY person
		ON CONFLICT DO NOTHING`, people, c)
	err := tx.read(`
		SELECT person_id, at >= $3 AND case_id <> $2, EXISTS (
			SELECT FROM gathered WHERE gathered.person_id = wakings.person_id AND gathered.case_id = wakings.case_id)
		FROM wakings WHERE person_id = ANY($1) ORDER BY person_id FOR UPDATE`,
		func(rows pgx.Rows) error {
			var p mahalla.PersonID
			var lately, listed bool
			err := rows.Scan(&p, &lately, &listed)
			switch {
			case lately && listed:
				awake[p] = Listed
			case lately:
				awake[p] = Rung
			}
			return err
		}, people, c, since)
	tx.write(`
		UPDATE wakings SET at = CASE WHEN at >= $4 AND case_id <> $3 THEN at ELSE $2 END, case_id = $3
		WHERE person_id = ANY($1)`, people, now, c, since)
	return awake, err
}

// Gather records that a person is told of a case among others.
func (tx *Tx) Gather(p mahalla.PersonID, c mahalla.CaseID) {
	tx.write("INSERT INTO gathered (person_id, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", p, c)
}

// Gathered lists who was told of a case among others.
func (tx *Tx) Gathered(c mahalla.CaseID) (map[mahalla.PersonID]bool, error) {
	list := map[mahalla.PersonID]bool{}
	err := tx.read("SELECT person_id FROM gathered WHERE case_id = $1", func(rows pgx.Rows) error {
		var p mahalla.PersonID
		err := rows.Scan(&p)
		list[p] = true
		return err
	}, c)
	return list, err
}

// Scatter records that a person gets a card of the case, and tells whether there
// was none before because it was told among others.
func (tx *Tx) Scatter(p mahalla.PersonID, c mahalla.CaseID) (bool, error) {
	was := false
	err := tx.read("DELETE FROM gathered WHERE person_id = $1 AND case_id = $2 RETURNING true", func(pgx.Rows) error {
		was = true
		return nil
	}, p, c)
	return was, err
}

// OverdueOf lists the cases of which a person was told and that nobody has
// accepted in time, what is urgent first and then those that wait longest, and how many
// they are. At are
// the places where the person answers or administers now: see stillOver.
func (tx *Tx) OverdueOf(p mahalla.PersonID, at []mahalla.TerritoryID, now time.Time, offset, limit int) ([]CaseLine, int, error) {
	const told = ` FROM cases JOIN assignments ON assignments.case_id = cases.id AND assignments.round = cases.round
		WHERE person_id = $1 AND status = 'new' AND (ladder->>'due')::timestamptz <= $3` + stillOver
	var list []CaseLine
	var total int
	err := tx.readAll([]query{
		{"SELECT " + lineColumns + told + urgentFirst + " LIMIT $4 OFFSET $5", []any{p, notNil(at), now, limit, offset},
			func(rows pgx.Rows) error { return scanLine(rows, &list) }},
		{"SELECT count(*)" + told, []any{p, notNil(at), now}, func(rows pgx.Rows) error { return rows.Scan(&total) }},
	})
	return list, total, err
}
