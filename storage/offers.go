package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// offersOfCase are the offers of a case in order; NULL when there was none.
const offersOfCase = `(SELECT json_agg(json_build_object(
		'Kind', kind, 'By', by_id, 'To', to_id, 'Place', coalesce(offers.place_id, 0), 'At', at, 'Due', due_at, 'Round', offers.round,
		'Owner', coalesce(offers.owner_id, 0), 'Answer', answer, 'AnsweredAt', coalesce(answered_at, '0001-01-01T00:00:00Z')) ORDER BY ordinal)
	FROM offers WHERE offers.case_id = cases.id)`

// saveOffers writes the offers of a case: new ones, and the answers to old ones.
func (tx *Tx) saveOffers(c *mahalla.Case) {
	n := len(c.Offers)
	if n == 0 {
		return
	}
	kinds, answers := make([]string, n), make([]string, n)
	by, to, places, owners := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	at, due, answered := make([]time.Time, n), make([]time.Time, n), make([]*time.Time, n)
	rounds := make([]int, n)
	for i, f := range c.Offers {
		kinds[i], answers[i], rounds[i] = string(f.Kind), string(f.Answer), f.Round
		by[i], to[i], places[i], owners[i] = int64(f.By), int64(f.To), int64(f.Place), int64(f.Owner)
		at[i], due[i], answered[i] = f.At, f.Due, optional(f.AnsweredAt)
	}
	tx.write(`
		INSERT INTO offers (case_id, ordinal, kind, by_id, to_id, place_id, at, due_at, round, owner_id, answer, answered_at)
		SELECT $1, ordinal, kind, by_id, to_id, nullif(place, 0), at, due, round, nullif(owner, 0), answer, answered
		FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::int[], $9::bigint[],
				$10::text[], $11::timestamptz[]) WITH ORDINALITY
			AS new (kind, by_id, to_id, place, at, due, round, owner, answer, answered, ordinal)
		ORDER BY ordinal
		ON CONFLICT (case_id, ordinal) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at
		WHERE offers.answer <> excluded.answer`,
		c.ID, kinds, by, to, places, at, due, rounds, owners, answers, answered)
}

// AskedOfOfficer lists the cases in which an offer waits for a person.
func (tx *Tx) AskedOfOfficer(p mahalla.PersonID) ([]mahalla.CaseID, error) {
	return tx.caseIDs("SELECT case_id FROM offers WHERE to_id = $1 AND answer = '' ORDER BY case_id", p)
}

// Officer is somebody who answers for a place.
type Officer struct {
	Person mahalla.PersonID
	Name   string
	Role   mahalla.Role
	Place  mahalla.TerritoryID
}

// OfficersUnder lists who holds one of some roles, within reach, at some places
// or below them, each once: those who stand nearest to a place first.
func (tx *Tx) OfficersUnder(nodes []mahalla.TerritoryID, roles []mahalla.Role, near []mahalla.TerritoryID, now time.Time) ([]Officer, error) {
	var list []Officer
	err := tx.read(`
		SELECT person_id, name, role, territory_id FROM (
			SELECT DISTINCT ON (person_id) person_id, name, role, territory_id,
				(SELECT count(*) FROM unnest(path) AS node WHERE node = ANY($3)) AS nearness
			FROM memberships JOIN people ON people.id = person_id JOIN territories ON territories.id = territory_id
			WHERE path && $1::bigint[] AND role = ANY($2) AND reach = 'reachable'
				AND valid_from <= $4 AND (valid_until IS NULL OR valid_until > $4)`+notAwayAt4+`
			ORDER BY person_id, nearness DESC, memberships.id) AS officers
		ORDER BY nearness DESC, person_id`,
		func(rows pgx.Rows) error {
			var o Officer
			var sealed []byte
			if err := rows.Scan(&o.Person, &sealed, &o.Role, &o.Place); err != nil {
				return err
			}
			plain, err := tx.db.seals.open("people", "name", rowID(o.Person), sealed)
			o.Name = string(plain)
			list = append(list, o)
			return err
		}, nodes, roleNames(roles), near, now)
	return list, err
}

func roleNames(roles []mahalla.Role) []string {
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = string(r)
	}
	return list
}
