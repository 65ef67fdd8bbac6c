package storage

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Contact is a person together with what the bot waits to hear from them.
type Contact struct {
	mahalla.Person
	Telegram int64
	HasPhone bool
	Dialogue mahalla.Dialogue
	stored   []byte // the dialogue as it was read, to save a write
}

// Proven tells whether an officer has already sent the own number and pressed
// the test card.
func (c *Contact) Proven(now time.Time) bool {
	return c.Serves(now) && c.HasPhone && c.Reach == mahalla.Reachable
}

// Recipient is where messages to the contact go: the private chat.
func (c *Contact) Recipient() Recipient { return Recipient{Person: c.ID, Chat: c.Telegram} }

const contactColumns = `
	people.id, telegram_id, language, reach, coalesce(home_id, 0), consented_at IS NOT NULL, phone IS NOT NULL,
	dialogues.data,
	(SELECT coalesce(json_agg(json_build_object(
			'Role', role, 'Territory', territory_id, 'From', valid_from,
			'Until', coalesce(valid_until, '0001-01-01T00:00:00Z'), 'StandsIn', absence_id IS NOT NULL)), '[]')
		FROM memberships WHERE memberships.person_id = people.id)`

// ContactByTelegram finds a person by Telegram id; nil when unknown.
func (tx *Tx) ContactByTelegram(telegram int64) (*Contact, error) {
	return tx.contact(`SELECT `+contactColumns+`
		FROM people LEFT JOIN dialogues ON dialogues.person_id = people.id
		WHERE telegram_id = $1`, telegram)
}

// Contact finds a person by id; nil when unknown.
func (tx *Tx) Contact(id mahalla.PersonID) (*Contact, error) {
	return tx.contact(`SELECT `+contactColumns+`
		FROM people LEFT JOIN dialogues ON dialogues.person_id = people.id
		WHERE people.id = $1`, id)
}

func (tx *Tx) contact(sql string, key any) (*Contact, error) {
	var c *Contact
	err := tx.read(sql, func(rows pgx.Rows) (err error) {
		c, err = tx.scanContact(rows)
		return err
	}, key)
	return c, err
}

func (tx *Tx) scanContact(rows pgx.Rows) (*Contact, error) {
	c := &Contact{}
	var sealed, memberships []byte
	err := rows.Scan(&c.ID, &c.Telegram, &c.Language, &c.Reach, &c.Home, &c.Consented, &c.HasPhone, &sealed, &memberships)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(memberships, &c.Memberships); err != nil {
		return nil, err
	}
	if c.stored, err = tx.db.seals.open("dialogues", "data", rowID(c.ID), sealed); err != nil || c.stored == nil {
		return c, err
	}
	return c, json.Unmarshal(c.stored, &c.Dialogue)
}

// LockContact holds a person's row, so that two updates about the same person
// from different chats do not overtake each other.
func (tx *Tx) LockContact(id mahalla.PersonID) {
	tx.write("SELECT FROM people WHERE id = $1 FOR NO KEY UPDATE", id)
}

// AddPerson makes a person known. Two first messages at once make one person.
func (tx *Tx) AddPerson(telegram int64, name string, language mahalla.Language, now time.Time) (*Contact, error) {
	id, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	sealed, err := tx.db.seals.seal("people", "name", rowID(id), []byte(name))
	if err != nil {
		return nil, err
	}
	tx.write(`
		INSERT INTO people (id, telegram_id, language, reach, name, created_at)
		VALUES ($1, $2, $3, 'reachable', $4, $5)
		ON CONFLICT (telegram_id) DO NOTHING`, id, telegram, language, sealed, now)
	return tx.ContactByTelegram(telegram)
}

// noDialogue is a dialogue of somebody who was never asked anything.
const noDialogue = `{"serial":0}`

// SaveDialogue keeps what the bot waits to hear, if it has changed.
func (tx *Tx) SaveDialogue(c *Contact, now time.Time) error {
	plain, err := json.Marshal(c.Dialogue)
	if err != nil {
		return wrap(err)
	}
	if string(plain) == string(c.stored) {
		return nil
	}
	if c.stored == nil && string(plain) == noDialogue {
		return nil
	}
	c.stored = plain
	sealed, err := tx.db.seals.seal("dialogues", "data", rowID(c.ID), plain)
	if err != nil {
		return err
	}
	tx.write(`
		INSERT INTO dialogues (person_id, data, updated_at, wake_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id) DO UPDATE SET
			data = excluded.data, updated_at = excluded.updated_at, wake_at = excluded.wake_at`,
		c.ID, sealed, day(now), optional(c.Dialogue.Wake(c.Consented)))
	return nil
}

// day is all that is kept of when somebody last said something: the very moment
// would tell who filed a report then.
func day(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// Sleeper is a dialogue that wants attention though nobody writes.
type Sleeper struct {
	Person mahalla.PersonID
	Chat   int64
}

// Sleepers lists the dialogues that want attention by now, the earliest first;
// not those of chats whose messages wait to be heard.
// They are not locked: the chat is, before the dialogue is looked at again.
func (tx *Tx) Sleepers(now time.Time, limit int) ([]Sleeper, error) {
	var list []Sleeper
	err := tx.read(`
		SELECT person_id, telegram_id FROM dialogues JOIN people ON people.id = person_id
		WHERE wake_at <= $1 AND NOT EXISTS (SELECT FROM inbox_chats WHERE chat_id = telegram_id AND waiting > 0) ORDER BY wake_at LIMIT $2`,
		func(rows pgx.Rows) error {
			var s Sleeper
			err := rows.Scan(&s.Person, &s.Chat)
			list = append(list, s)
			return err
		}, now, limit)
	return list, err
}

// SetWake says when a dialogue wants attention next; zero is never.
func (tx *Tx) SetWake(p mahalla.PersonID, at time.Time) {
	tx.write("UPDATE dialogues SET wake_at = $2 WHERE person_id = $1 AND wake_at IS DISTINCT FROM $2", p, optional(at))
}

// PutOffWake leaves a dialogue that wants attention by now until later.
func (tx *Tx) PutOffWake(p mahalla.PersonID, now, later time.Time) {
	tx.write("UPDATE dialogues SET wake_at = $3 WHERE person_id = $1 AND wake_at <= $2", p, now, later)
}

// SetLanguage changes the language in which a person is written to.
func (tx *Tx) SetLanguage(p mahalla.PersonID, l mahalla.Language) {
	tx.write("UPDATE people SET language = $2 WHERE id = $1", p, l)
}

// SetHome remembers the place that a person last reported from.
func (tx *Tx) SetHome(p mahalla.PersonID, place mahalla.TerritoryID) {
	tx.write("UPDATE people SET home_id = nullif($2::bigint, 0) WHERE id = $1 AND home_id IS DISTINCT FROM nullif($2::bigint, 0)", p, place)
}

// SetReach records whether a person can be told anything.
func (tx *Tx) SetReach(p mahalla.PersonID, r mahalla.Reach) {
	tx.write("UPDATE people SET reach = $2 WHERE id = $1 AND reach <> $2", p, r)
}

// Consent records that a person agreed to a version of the text.
func (tx *Tx) Consent(p mahalla.PersonID, version string, l mahalla.Language, now time.Time) {
	tx.write("INSERT INTO consents (person_id, version, language, given_at) VALUES ($1, $2, $3, $4)", p, version, l, now)
	tx.write("UPDATE people SET consented_at = $2, leaving_at = NULL WHERE id = $1 AND consented_at IS NULL", p, now)
}

// SetPhone seals a person's own telephone number, and a keyed hash of it for
// exact look-ups.
func (tx *Tx) SetPhone(p mahalla.PersonID, phone string) error {
	sealed, err := tx.db.seals.seal("people", "phone", rowID(p), []byte(phone))
	if err != nil {
		return err
	}
	tx.write("UPDATE people SET phone = $2, phone_mac = $3 WHERE id = $1", p, sealed, tx.db.seals.mac("phone", phone))
	return nil
}

// Name opens a person's name; empty when unknown.
func (tx *Tx) Name(p mahalla.PersonID) (string, error) {
	var name string
	err := tx.read("SELECT name FROM people WHERE id = $1", func(rows pgx.Rows) error {
		var sealed []byte
		if err := rows.Scan(&sealed); err != nil {
			return err
		}
		plain, err := tx.db.seals.open("people", "name", rowID(p), sealed)
		name = string(plain)
		return err
	}, p)
	return name, err
}

// SetName seals a person's name as they gave it.
func (tx *Tx) SetName(p mahalla.PersonID, name string) error {
	sealed, err := tx.db.seals.seal("people", "name", rowID(p), []byte(name))
	if err != nil {
		return err
	}
	tx.write("UPDATE people SET name = $2 WHERE id = $1", p, sealed)
	return nil
}

// Recipients tells where messages to people go. People who are out of reach
// are left out: what they would be told is drawn anew when they come back.
func (tx *Tx) Recipients(people []mahalla.PersonID) (map[mahalla.PersonID]Recipient, error) {
	list := make(map[mahalla.PersonID]Recipient, len(people))
	err := tx.read("SELECT id, telegram_id FROM people WHERE id = ANY($1) AND reach <> 'blocked'",
		func(rows pgx.Rows) error {
			var r Recipient
			err := rows.Scan(&r.Person, &r.Chat)
			list[r.Person] = r
			return err
		}, people)
	return list, err
}

// Responsibilities lists who holds a role on the path of a place and is not away.
func (tx *Tx) Responsibilities(path []mahalla.TerritoryID, now time.Time) (mahalla.Responsibilities, error) {
	var list mahalla.Responsibilities
	err := tx.read(`
		SELECT person_id, role, territory_id, reach, absence_id IS NOT NULL
		FROM memberships JOIN people ON people.id = person_id
		WHERE territory_id = ANY($1) AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2)`+notAwayAt2+`
		ORDER BY memberships.id`,
		func(rows pgx.Rows) error {
			var r mahalla.Responsibility
			err := rows.Scan(&r.Person, &r.Role, &r.Territory, &r.Reach, &r.StandsIn)
			list = append(list, r)
			return err
		}, path, now)
	return list, err
}

// AllResponsibilities lists everybody who holds a role, wherever it is.
func (tx *Tx) AllResponsibilities(now time.Time) (mahalla.Responsibilities, error) {
	var list mahalla.Responsibilities
	err := tx.read(`
		SELECT person_id, role, territory_id, reach, absence_id IS NOT NULL
		FROM memberships JOIN people ON people.id = person_id
		WHERE valid_from <= $1 AND (valid_until IS NULL OR valid_until > $1)`,
		func(rows pgx.Rows) error {
			var r mahalla.Responsibility
			err := rows.Scan(&r.Person, &r.Role, &r.Territory, &r.Reach, &r.StandsIn)
			list = append(list, r)
			return err
		}, now)
	return list, err
}
