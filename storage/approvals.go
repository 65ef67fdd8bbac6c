package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Approval is what a second person says of somebody who has taken an invitation to
// a role of officers. Its id is that of the invitation.
type Approval struct {
	ID         int64
	Person     mahalla.PersonID
	Role       mahalla.Role
	Territory  mahalla.TerritoryID
	AskedAt    time.Time // last
	Asked      int       // how often, by itself; 0: nobody could be asked yet
	LookAt     time.Time // when something is to be done by itself; zero: nothing
	AnsweredAt time.Time // zero: not yet
	AnsweredBy mahalla.PersonID
	Granted    bool
}

// Open tells whether nobody has answered yet.
func (a *Approval) Open() bool { return a.AnsweredAt.IsZero() }

const approvalColumns = `SELECT invitation_id, person_id, role, territory_id, asked_at, asked, look_at, answered_at, coalesce(answered_by, 0), coalesce(granted, false)
	FROM approvals JOIN invitations ON invitations.id = invitation_id `

func (tx *Tx) approvals(sql string, args ...any) ([]*Approval, error) {
	var list []*Approval
	err := tx.read(sql, func(rows pgx.Rows) error {
		a := &Approval{}
		var look, answered *time.Time
		err := rows.Scan(&a.ID, &a.Person, &a.Role, &a.Territory, &a.AskedAt, &a.Asked, &look, &answered, &a.AnsweredBy, &a.Granted)
		a.LookAt, a.AnsweredAt = value(look), value(answered)
		list = append(list, a)
		return err
	}, args...)
	return list, err
}

func firstApproval(list []*Approval, err error) (*Approval, error) {
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// AddApproval notes that somebody who has used an invitation waits for a second
// person.
func (tx *Tx) AddApproval(a *Approval) {
	tx.write("INSERT INTO approvals (invitation_id, person_id, asked_at, asked, look_at) VALUES ($1, $2, $3, $4, $5)", a.ID, a.Person, a.AskedAt, a.Asked, optional(a.LookAt))
}

// Holders lists who holds a role on the path of a place, and says who is away.
func (tx *Tx) Holders(path []mahalla.TerritoryID, now time.Time) (mahalla.Responsibilities, error) {
	var list mahalla.Responsibilities
	err := tx.read(`
		SELECT person_id, role, territory_id, reach, absence_id IS NOT NULL, `+awayAt2+`
		FROM memberships JOIN people ON people.id = person_id
		WHERE territory_id = ANY($1) AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2)
		ORDER BY memberships.id`,
		func(rows pgx.Rows) error {
			var r mahalla.Responsibility
			err := rows.Scan(&r.Person, &r.Role, &r.Territory, &r.Reach, &r.StandsIn, &r.Away)
			list = append(list, r)
			return err
		}, path, now)
	return list, err
}

// LockApproval reads an approval and holds it; nil when there is none any more.
func (tx *Tx) LockApproval(id int64) (*Approval, error) {
	tx.write("SELECT FROM approvals WHERE invitation_id = $1 FOR UPDATE", id)
	return tx.Approval(id)
}

// Approval reads an approval; nil when there is none any more.
func (tx *Tx) Approval(id int64) (*Approval, error) {
	return firstApproval(tx.approvals(approvalColumns+"WHERE invitation_id = $1", id))
}

// ApprovalOf is the latest approval that somebody waits for; nil when there is none.
func (tx *Tx) ApprovalOf(p mahalla.PersonID) (*Approval, error) {
	return firstApproval(tx.approvals(approvalColumns+"WHERE person_id = $1 AND answered_at IS NULL ORDER BY invitation_id DESC LIMIT 1", p))
}

// LockApprovalsOf lists what waits to be approved for somebody, and holds it.
func (tx *Tx) LockApprovalsOf(p mahalla.PersonID) ([]*Approval, error) {
	tx.write("SELECT FROM approvals WHERE person_id = $1 AND answered_at IS NULL ORDER BY invitation_id FOR UPDATE", p)
	return tx.approvals(approvalColumns+"WHERE person_id = $1 AND answered_at IS NULL ORDER BY invitation_id", p)
}

// OpenApprovals lists what nobody has answered at some places and below, the
// longest wait first.
func (tx *Tx) OpenApprovals(nodes []mahalla.TerritoryID, limit int) ([]*Approval, error) {
	return tx.approvals(approvalColumns+`JOIN territories ON territories.id = territory_id
		WHERE answered_at IS NULL AND path && $1::bigint[] ORDER BY invitation_id LIMIT $2`, notNil(nodes), limit)
}

// SaveApproval writes what has changed of an approval.
func (tx *Tx) SaveApproval(a *Approval) {
	tx.write(`UPDATE approvals SET asked_at = $2, asked = $3, look_at = $4,
			answered_at = $5, answered_by = nullif($6::bigint, 0), granted = CASE WHEN $5::timestamptz IS NULL THEN NULL ELSE $7::boolean END
		WHERE invitation_id = $1`, a.ID, a.AskedAt, a.Asked, optional(a.LookAt), optional(a.AnsweredAt), a.AnsweredBy, a.Granted)
}

// DropApprovals forgets what waits to be approved for somebody.
func (tx *Tx) DropApprovals(p mahalla.PersonID) {
	tx.write("DELETE FROM approvals WHERE person_id = $1 AND answered_at IS NULL", p)
}

// DueApprovals lists the approvals with which something is to be done by now.
func (tx *Tx) DueApprovals(now time.Time, limit int) ([]int64, error) {
	var list []int64
	err := tx.read("SELECT invitation_id FROM approvals WHERE look_at <= $1 ORDER BY look_at LIMIT $2", func(rows pgx.Rows) error {
		var id int64
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, now, limit)
	return list, err
}

// PutOffApproval leaves an approval that is due by now until later.
func (tx *Tx) PutOffApproval(id int64, now, later time.Time) {
	tx.write("UPDATE approvals SET look_at = $3 WHERE invitation_id = $1 AND look_at <= $2", id, now, later)
}
