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
}

// Invite makes an invitation and returns its token, which is stored nowhere:
// only its hash is.
func (tx *Tx) Invite(role mahalla.Role, territory mahalla.TerritoryID, now, expires time.Time) (string, error) {
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
		INSERT INTO invitations (id, token_hash, role, territory_id, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, id, tx.db.seals.mac("invitation", token), role, territory, now, expires)
	return token, nil
}

// Invitation finds an invitation that can still be taken, and holds it.
// Unknown, used, revoked and expired ones are refused alike.
func (tx *Tx) Invitation(token string, now time.Time) (Invitation, error) {
	var i Invitation
	err := tx.read(`
		SELECT id, role, territory_id, expires_at FROM invitations
		WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2
		FOR UPDATE`,
		func(rows pgx.Rows) error { return rows.Scan(&i.ID, &i.Role, &i.Territory, &i.Expires) },
		tx.db.seals.mac("invitation", token), now)
	if err == nil && i.ID == 0 {
		err = mahalla.Refuse(mahalla.NotFound, "invitation_gone")
	}
	return i, err
}

// TakeInvitation uses an invitation up and gives the person its role. Until
// the test card is pressed the person does not count as reachable.
func (tx *Tx) TakeInvitation(i Invitation, p mahalla.PersonID, now time.Time) {
	tx.write("UPDATE invitations SET used_at = $2, used_by = $3 WHERE id = $1", i.ID, now, p)
	tx.write(`
		INSERT INTO memberships (person_id, role, territory_id, invitation_id, valid_from)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, role, territory_id) WHERE valid_until IS NULL DO NOTHING`,
		p, i.Role, i.Territory, i.ID, now)
}
