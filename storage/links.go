package storage

import (
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// A case whose reporter is not named is reported by nobody, as far as its rows
// say. The rows that name the person and the chat of the reporter name no such
// case but its mask. Only a link leads from one to the other, and only who has
// its key can follow it. Above this package such a case looks like any other:
// its reporter is who reported it, and it has an alias.

// nobody stands for every reporter who is not named.
const nobody mahalla.PersonID = -1

// link says of a case whether its reporter is named, and who it is otherwise;
// nobody knows after the link was dropped.
type link struct {
	alias bool
	linked
}

// linkOf tells it of one case.
func (tx *Tx) linkOf(c mahalla.CaseID) (link, error) {
	if l, known := tx.links[c]; known || c <= 0 {
		return l, nil
	}
	err := tx.read("SELECT alias, person FROM cases LEFT JOIN links ON case_id = id WHERE id = $1",
		func(rows pgx.Rows) error {
			var alias string
			var sealed []byte
			if err := rows.Scan(&alias, &sealed); err != nil {
				return err
			}
			_, err := tx.learn(c, alias, sealed)
			return err
		}, c)
	return tx.links[c], err
}

// learn opens the link of a case that was read, and keeps it for the rest of the
// transaction.
func (tx *Tx) learn(c mahalla.CaseID, alias string, sealed []byte) (l link, err error) {
	l.alias = alias != ""
	if sealed != nil {
		l.linked, err = tx.db.seals.openLink(c, sealed)
	}
	tx.keepLink(c, l)
	return l, err
}

func (tx *Tx) keepLink(c mahalla.CaseID, l link) {
	if tx.links == nil {
		tx.links = map[mahalla.CaseID]link{}
	}
	tx.links[c] = l
}

// Link keeps, sealed, who reported a case whose reporter is not named. It follows
// AddCase.
func (tx *Tx) Link(c mahalla.CaseID, who Recipient) error {
	taken := map[string]bool{}
	looks := tx.db.seals.lookUps(who.Person)
	err := tx.read("SELECT look_up FROM links WHERE look_up = ANY($1)", func(rows pgx.Rows) error {
		var look []byte
		err := rows.Scan(&look)
		taken[string(look)] = true
		return err
	}, looks)
	if err != nil {
		return err
	}
	free := max(0, slices.IndexFunc(looks, func(look []byte) bool { return !taken[string(look)] }))
	l := link{alias: true, linked: linked(who)}
	sealed, err := tx.db.seals.sealLink(c, l.linked)
	if err != nil {
		return err
	}
	tx.keepLink(c, l)
	tx.write("INSERT INTO links (case_id, look_up, person) VALUES ($1, $2, $3)", c, looks[free], sealed)
	return nil
}

// linkedTo lists the cases that a person reported without being named.
func (tx *Tx) linkedTo(p mahalla.PersonID) ([]mahalla.CaseID, error) {
	return tx.caseIDs("SELECT case_id FROM links WHERE look_up = ANY($1) ORDER BY case_id", tx.db.seals.lookUps(p))
}

// masked are the masks of cases.
func (tx *Tx) masked(list []mahalla.CaseID) []mahalla.CaseID {
	masks := make([]mahalla.CaseID, len(list))
	for i, c := range list {
		masks[i] = tx.db.seals.maskCase(c)
	}
	return masks
}

// either is a case and its mask: the rows of a reporter have one of them.
func (tx *Tx) either(c mahalla.CaseID) []mahalla.CaseID {
	return []mahalla.CaseID{c, tx.db.seals.maskCase(c)}
}

// rowCase is how a row of a person names a case, in which something of a kind
// stands: by its mask where the person reported it without being named. What comes
// to officers only comes to such a reporter as to any of them, and its row must not
// look different.
func (tx *Tx) rowCase(p mahalla.PersonID, kind mahalla.NoticeKind, c mahalla.CaseID) (mahalla.CaseID, error) {
	if kind.OfOfficers() {
		return c, nil
	}
	l, err := tx.linkOf(c)
	if l.alias && l.Person == p {
		return tx.db.seals.maskCase(c), err
	}
	return c, err
}

// named is rowCase for what returns no error.
func (tx *Tx) named(p mahalla.PersonID, kind mahalla.NoticeKind, c mahalla.CaseID) mahalla.CaseID {
	c, err := tx.rowCase(p, kind, c)
	tx.fail(err)
	return c
}

// fail lets the next read or the commit fail.
func (tx *Tx) fail(err error) {
	if tx.failed == nil {
		tx.failed = err
	}
}

// rowPerson is how a row of a case names a person: not at all where that is its
// reporter and not named.
func (tx *Tx) rowPerson(c mahalla.CaseID, p mahalla.PersonID) (mahalla.PersonID, error) {
	l, err := tx.linkOf(c)
	if l.alias && p != 0 && l.Person == p {
		return nobody, err
	}
	return p, err
}

// unmask puts the reporter of a case in the place of nobody.
func unmask(reports []Report, reporter mahalla.PersonID) {
	for i := range reports {
		if reports[i].Person == nobody {
			reports[i].Person = reporter
		}
	}
}

// caseBehind finds the case of a mask that stands in a row of a chat; 0 when the
// link was dropped.
func (tx *Tx) caseBehind(chat int64, mask mahalla.CaseID) (mahalla.CaseID, error) {
	var p mahalla.PersonID
	err := tx.read("SELECT id FROM people WHERE telegram_id = $1", func(rows pgx.Rows) error { return rows.Scan(&p) }, chat)
	if err != nil || p == 0 {
		return 0, err
	}
	list, err := tx.linkedTo(p)
	for _, c := range list {
		if tx.db.seals.maskCase(c) == mask {
			return c, err
		}
	}
	return 0, err
}

// Reveal writes down that the reporter of a case is named from now on. The caller
// holds the case.
func (tx *Tx) Reveal(c mahalla.CaseID) error {
	l, err := tx.linkOf(c)
	if err != nil || !l.alias || l.Person == 0 {
		return err
	}
	tx.write("UPDATE cases SET reporter_id = $2, alias = '' WHERE id = $1", c, l.Person)
	tx.write("UPDATE reports SET person_id = $2 WHERE case_id = $1 AND person_id = $3", c, l.Person, nobody)
	tx.write("DELETE FROM links WHERE case_id = $1", c)
	mask := tx.db.seals.maskCase(c)
	tx.write("UPDATE cards SET case_id = $3 WHERE person_id = $1 AND case_id = $2", l.Person, mask, c)
	tx.write("UPDATE messages SET case_id = $3 WHERE chat_id = $1 AND case_id = $2", l.Chat, mask, c)
	tx.keepLink(c, link{})
	return nil
}

// LinkedBefore lists cases that ended before a moment and of which it is still
// known who reported them without being named, after one and in the order of ids.
func (tx *Tx) LinkedBefore(end time.Time, after mahalla.CaseID, limit int) ([]mahalla.CaseID, error) {
	var list []mahalla.CaseID
	err := tx.read(`
		SELECT case_id FROM links JOIN cases ON id = case_id
		WHERE coalesce(closed_at, withdrawn_at) <= $1 AND case_id > $2 ORDER BY case_id LIMIT $3`,
		func(rows pgx.Rows) error {
			var c mahalla.CaseID
			err := rows.Scan(&c)
			list = append(list, c)
			return err
		}, end, after, limit)
	return list, err
}

// Unlink forgets who reported a case without being named, and where its messages
// stand in that chat: the masks there could be told by who has the key. The
// caller holds the case.
func (tx *Tx) Unlink(c mahalla.CaseID) error {
	l, err := tx.linkOf(c)
	if err != nil || !l.alias || l.Person == 0 {
		return err
	}
	var reports []int64
	err = tx.read("SELECT id FROM reports WHERE case_id = $1", func(rows pgx.Rows) error {
		var id int64
		err := rows.Scan(&id)
		reports = append(reports, tx.db.seals.mask("report", id))
		return err
	}, c)
	mask := tx.db.seals.maskCase(c)
	tx.write("DELETE FROM links WHERE case_id = $1", c)
	tx.write("DELETE FROM cards WHERE person_id = $1 AND case_id = $2", l.Person, mask)
	tx.write("DELETE FROM messages WHERE chat_id = $1 AND case_id = $2", l.Chat, mask)
	tx.write("DELETE FROM albums WHERE chat_id = $1 AND report_id = ANY($2)", l.Chat, reports)
	tx.keepLink(c, link{alias: true})
	return err
}
