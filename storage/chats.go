package storage

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Chat is a group that belongs to a mahalla.
type Chat struct {
	ID        int64
	Territory mahalla.TerritoryID
	LinkedBy  mahalla.PersonID
}

// LinkedChat finds a group; the zero Chat when it belongs to no mahalla.
func (tx *Tx) LinkedChat(id int64) (Chat, error) {
	return tx.chat("SELECT chat_id, territory_id, linked_by FROM chats WHERE chat_id = $1", id)
}

// UnlinkChat forgets a group, and tells where it belonged; the zero Chat when
// nowhere.
func (tx *Tx) UnlinkChat(id int64) (Chat, error) {
	return tx.chat("DELETE FROM chats WHERE chat_id = $1 RETURNING chat_id, territory_id, linked_by", id)
}

func (tx *Tx) chat(sql string, id int64) (Chat, error) {
	var c Chat
	err := tx.read(sql, func(rows pgx.Rows) error { return rows.Scan(&c.ID, &c.Territory, &c.LinkedBy) }, id)
	return c, err
}

// LinkChat makes a group one of a mahalla.
func (tx *Tx) LinkChat(c Chat, now time.Time) {
	tx.write(`
		INSERT INTO chats (chat_id, territory_id, linked_by, linked_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (chat_id) DO UPDATE SET
			territory_id = excluded.territory_id, linked_by = excluded.linked_by, linked_at = excluded.linked_at`,
		c.ID, c.Territory, c.LinkedBy, now)
}

// MoveChat gives a group the new id that Telegram has given it.
func (tx *Tx) MoveChat(from, to int64) {
	tx.write("UPDATE chats SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT FROM chats WHERE chat_id = $2)", from, to)
}

// Handover is what somebody wants to report out of a group.
type Handover struct {
	Telegram  int64 // who may fetch it
	Territory mahalla.TerritoryID
	Words     string
}

// HandOver keeps it until it is fetched, and returns the token of its link,
// which is stored nowhere: only its hash is.
func (tx *Tx) HandOver(h Handover, expires time.Time) (string, error) {
	raw := make([]byte, 18)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("storage: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	hash := tx.db.seals.mac("handover", token)
	words, err := tx.db.seals.seal("handovers", "words", hex.EncodeToString(hash), []byte(h.Words))
	if err != nil {
		return "", err
	}
	tx.write("INSERT INTO handovers (token_hash, telegram_id, territory_id, words, expires_at) VALUES ($1, $2, $3, $4, $5)",
		hash, h.Telegram, h.Territory, words, expires)
	return token, nil
}

// Handovers counts what waits to be fetched by somebody.
func (tx *Tx) Handovers(telegram int64, now time.Time) (int, error) {
	count := 0
	err := tx.read("SELECT count(*) FROM handovers WHERE telegram_id = $1 AND expires_at > $2",
		func(rows pgx.Rows) error { return rows.Scan(&count) }, telegram, now)
	return count, err
}

// Fetch takes what was handed over, once and by the account that it was handed
// to. The others take nothing away; found is false for them.
func (tx *Tx) Fetch(token string, telegram int64, now time.Time) (h Handover, found bool, err error) {
	hash := tx.db.seals.mac("handover", token)
	var sealed []byte
	err = tx.read(`DELETE FROM handovers WHERE token_hash = $1 AND telegram_id = $2 AND expires_at > $3
		RETURNING telegram_id, territory_id, words`,
		func(rows pgx.Rows) error {
			found = true
			return rows.Scan(&h.Telegram, &h.Territory, &sealed)
		}, hash, telegram, now)
	if err != nil || !found {
		return h, found, err
	}
	plain, err := tx.db.seals.open("handovers", "words", hex.EncodeToString(hash), sealed)
	h.Words = string(plain)
	return h, true, err
}
