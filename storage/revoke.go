package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// EndRoles ends every role that a person has at a moment, the dates of a later
// beginning too.
func (tx *Tx) EndRoles(p mahalla.PersonID, now time.Time) {
	tx.write(`UPDATE memberships SET valid_until = greatest($2, valid_from + interval '1 microsecond')
		WHERE person_id = $1 AND (valid_until IS NULL OR valid_until > $2)`, p, now)
	tx.write("DELETE FROM watchers WHERE person_id = $1", p)
}

// CardOf names a living card of a person.
type CardOf struct {
	Kind mahalla.NoticeKind
	Case mahalla.CaseID
}

// CaseCards lists the living cards of cases that others reported, in the chat of
// somebody who serves.
func (tx *Tx) CaseCards(p mahalla.PersonID) ([]CardOf, error) {
	var list []CardOf
	err := tx.read(`SELECT kind, case_id FROM cards JOIN cases ON cases.id = case_id
		WHERE person_id = $1 AND kind IN ('card.officer', 'card.head', 'card.offer') ORDER BY case_id`,
		func(rows pgx.Rows) error {
			var c CardOf
			err := rows.Scan(&c.Kind, &c.Case)
			list = append(list, c)
			return err
		}, p)
	return list, err
}

// SittingCards lists the living cards of meetings, items and decisions, and the lists
// of them, in the chat of somebody who serves in a commission.
func (tx *Tx) SittingCards(p mahalla.PersonID) ([]CardOf, error) {
	var list []CardOf
	err := tx.read(`SELECT kind, case_id FROM cards
		WHERE person_id = $1 AND kind IN ('card.convene', 'card.held', 'card.meeting', 'card.item', 'card.decision',
			'card.meetings', 'card.agenda', 'card.decisions', 'card.series') ORDER BY case_id, kind`,
		func(rows pgx.Rows) error {
			var c CardOf
			err := rows.Scan(&c.Kind, &c.Case)
			list = append(list, c)
			return err
		}, p)
	return list, err
}

// Serving is a role that somebody has, or waits to be approved in.
type Serving struct {
	Waits     bool
	Person    mahalla.PersonID
	Role      mahalla.Role
	Territory mahalla.TerritoryID
	From      time.Time // or when the approval was asked for last
}

// Servants lists who serves at a moment, and who waits to be approved.
func (tx *Tx) Servants(now time.Time) ([]Serving, error) {
	var list []Serving
	err := tx.read(`SELECT person_id, role, territory_id, valid_from, false AS waits FROM memberships
		WHERE valid_from <= $1 AND (valid_until IS NULL OR valid_until > $1)
		UNION ALL SELECT person_id, role, territory_id, asked_at, true FROM approvals
			JOIN invitations ON invitations.id = invitation_id WHERE answered_at IS NULL
		ORDER BY territory_id, role, person_id, waits`,
		func(rows pgx.Rows) error {
			var s Serving
			err := rows.Scan(&s.Person, &s.Role, &s.Territory, &s.From, &s.Waits)
			list = append(list, s)
			return err
		}, now)
	return list, err
}
