package storage

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Invitation is an offer of a role, good for one person and some days.
type Invitation struct {
	ID        int64
	Role      mahalla.Role
	Territory mahalla.TerritoryID
	Expires   time.Time
	Vouched   bool // nobody has to approve who takes it
}

// Invite makes an invitation and returns its token, which is stored nowhere:
// only its hash is.
func (tx *Tx) Invite(role mahalla.Role, territory mahalla.TerritoryID, now, expires time.Time) (string, error) {
	return tx.invite(role, territory, false, now, expires)
}

// InviteVouched is Invite of somebody whom nobody has to approve.
func (tx *Tx) InviteVouched(role mahalla.Role, territory mahalla.TerritoryID, now, expires time.Time) (string, error) {
	return tx.invite(role, territory, true, now, expires)
}

func (tx *Tx) invite(role mahalla.Role, territory mahalla.TerritoryID, vouched bool, now, expires time.Time) (string, error) {
	raw := make([]byte, 18)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("storage: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	tx.write(`
		INSERT INTO invitations (id, token_hash, role, territory_id, created_at, expires_at, vouched)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, tx.db.seals.mac("invitation", token), role, territory, now, expires, vouched)
	return token, nil
}

// Invitation finds an invitation that can still be taken, and holds it.
// Unknown, used, revoked and expired ones are refused alike.
func (tx *Tx) Invitation(token string, now time.Time) (Invitation, error) {
	var i Invitation
	err := tx.read(`
		SELECT id, role, territory_id, expires_at, vouched FROM invitations
		WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2
		FOR UPDATE`,
		func(rows pgx.Rows) error { return rows.Scan(&i.ID, &i.Role, &i.Territory, &i.Expires, &i.Vouched) },
		tx.db.seals.mac("invitation", token), now)
	if err == nil && i.ID == 0 {
		err = mahalla.Refuse(mahalla.NotFound, "invitation_gone")
	}
	return i, err
}

// TakeInvitation uses an invitation up and gives the person its role. Until
// the test card is pressed the person does not count as reachable.
func (tx *Tx) TakeInvitation(i Invitation, p mahalla.PersonID, now time.Time) {
	tx.UseInvitation(i, p, now)
	tx.GiveRole(i.ID, i.Role, i.Territory, p, now)
}

// UseInvitation uses an invitation up: nobody else can take it.
func (tx *Tx) UseInvitation(i Invitation, p mahalla.PersonID, now time.Time) {
	tx.write("UPDATE invitations SET used_at = $2, used_by = $3 WHERE id = $1", i.ID, now, p)
}

// GiveRole gives a person the role of an invitation.
func (tx *Tx) GiveRole(invitation int64, role mahalla.Role, territory mahalla.TerritoryID, p mahalla.PersonID, now time.Time) {
	tx.write(`
		INSERT INTO memberships (person_id, role, territory_id, invitation_id, valid_from)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, role, territory_id) WHERE valid_until IS NULL DO NOTHING`,
		p, role, territory, invitation, now)
}
