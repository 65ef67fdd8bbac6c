package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Heard records until when the bot has surely heard what people did, and tells
// until when it had before; that is the same at the very first time. Of several
// replicas one finds a gap: the row is held until commit.
func (tx *Tx) Heard(until time.Time) (time.Time, error) {
	tx.write("INSERT INTO hearing (heard_at) VALUES ($1) ON CONFLICT DO NOTHING", until)
	before := until
	err := tx.read("SELECT heard_at FROM hearing FOR UPDATE", func(rows pgx.Rows) error { return rows.Scan(&before) })
	tx.write("UPDATE hearing SET heard_at = greatest(heard_at, $1)", until)
	return before, err
}

// outageJob is the job of the ticks that are outages.
const outageJob = "outage"

// Outage is a stretch in which the bot did not hear what people did.
type Outage struct{ Since, Until time.Time }

// pressKept is how long before the end of an outage a press is surely still kept
// for us by Telegram.
const pressKept = time.Minute

// Tick is the tick under which an outage is gone through.
func (o Outage) Tick() Tick { return Tick{outageJob, o.Until} }

// NoteOutage makes an outage known after which people are to be asked again.
// What is left of an earlier one it takes over.
func (tx *Tx) NoteOutage(o Outage) {
	tx.write("UPDATE ticks SET state = 2 WHERE state = 0 AND since IS NOT NULL")
	tx.write("INSERT INTO ticks (job, at, state, since) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING", outageJob, o.Until, o.Since)
}

// OutagesUnderWay lists the outages after which not everybody was asked again.
func (tx *Tx) OutagesUnderWay() ([]Outage, error) {
	var list []Outage
	err := tx.read("SELECT since, at FROM ticks WHERE state = 0 AND since IS NOT NULL ORDER BY at", func(rows pgx.Rows) error {
		var o Outage
		err := rows.Scan(&o.Since, &o.Until)
		list = append(list, o)
		return err
	})
	return list, err
}

// Asking is a living card that waits for a press.
type Asking struct {
	To      Recipient
	Kind    mahalla.NoticeKind
	Case    mahalla.CaseID
	Cards   int // of the same person, this one and those that are not listed included
	Results int // so many of them are results of the person's own reports
	Urgent  bool
}

// Waits tells whether it is the card of a case that waits, and not a question of
// its own.
func (a Asking) Waits() bool { return a.Kind == mahalla.CardOfficer || a.Kind == mahalla.CardHead }

// OfReport tells whether it is about the person's own report.
func (a Asking) OfReport() bool {
	switch a.Kind {
	case mahalla.CardResult, mahalla.CardKnock, mahalla.CardJoined, mahalla.CardReporter:
		return true
	}
	return false
}

// sharedAsks tells whether a card brings the result of a case ($7 is since when one may
// still be sent back) for which the own one was given up, and which the person has not
// judged: the card of that case, or that of the own where an officer gave it up. Where
// both are that person's, the other one asks.
const sharedAsks = `
	status = 'closed' AND cards.kind = 'card.joined' AND closed_at < $6 AND closed_at > $7 AND EXISTS (
		SELECT FROM cases AS given WHERE given.merged_into = cases.id AND given.reporter_id = cards.person_id AND given.merged_by IS NULL
			AND (given.verdict = '' OR given.judged_at < cases.closed_at))
	OR cards.kind = 'card.reporter' AND cases.merged_by IS NOT NULL AND (cases.reporter_id = cards.person_id OR own.id IS NOT NULL) AND EXISTS (
		SELECT FROM cases AS worked WHERE worked.id = cases.merged_into AND worked.status = 'closed'
			AND worked.closed_at < $6 AND worked.closed_at > $7 AND (cases.verdict = '' OR cases.judged_at < worked.closed_at)
			AND worked.reporter_id IS DISTINCT FROM cards.person_id AND NOT EXISTS (
				SELECT FROM joins WHERE joins.case_id = worked.id AND joins.person_id = cards.person_id AND undone_at IS NULL))`

// CardsAfter tells to which person the next so many living messages after a
// person's reach, and whether there are none beyond: a stretch for AskingCards.
func (tx *Tx) CardsAfter(after mahalla.PersonID, count int) (upto mahalla.PersonID, end bool, err error) {
	err = tx.read(`
		SELECT coalesce(max(person_id), $1), count(*) < $2
		FROM (SELECT person_id FROM cards WHERE person_id > $1 ORDER BY person_id LIMIT $2) AS stretch`,
		func(rows pgx.Rows) error { return rows.Scan(&upto, &end) }, int64(after), count)
	return upto, end, err
}

// AskingCards lists, of the people after one and up to another one, the cards of
// officers whose case nobody has accepted or whose promise is checked or who are asked to
// confirm something, to take a case or to stand in, and the results that their reporters,
// or those whose reports were given up for such a case, have not judged, or in secret cases have not opened: of each person so many, the urgent ones first, then what
// is more than a case that waits, then the longest wait. What was asked when a press was heard again is not
// among them; what a person has reported without being named is.
func (tx *Tx) AskingCards(after, upto mahalla.PersonID, most int, o Outage) ([]Asking, error) {
	own, err := tx.linkedOf(after, upto)
	if err != nil {
		return nil, err
	}
	var list []Asking
	err = tx.read(`
		SELECT person_id, telegram_id, kind, id, cards, results, urgent
		FROM (
			SELECT cards.person_id, telegram_id, cards.kind, coalesce(cases.id, 0) AS id,
				coalesce(urgency, '') IN ('high', 'emergency') AS urgent,
				row_number() OVER (PARTITION BY cards.person_id
					ORDER BY coalesce(urgency, '') IN ('high', 'emergency') DESC, cards.kind IN ('card.officer', 'card.head'),
						filed_at, cases.id, cards.kind) AS place,
				count(*) OVER (PARTITION BY cards.person_id) AS cards,
				count(*) FILTER (WHERE cards.kind IN ('card.result', 'card.knock', 'card.joined', 'card.reporter')) OVER (PARTITION BY cards.person_id) AS results
			FROM cards
			LEFT JOIN unnest($4::bigint[], $5::bigint[]) AS own (mask, id) ON own.mask = cards.case_id
			LEFT JOIN cases ON cases.id = coalesce(own.id, cards.case_id)
			JOIN people ON people.id = cards.person_id
			LEFT JOIN assignments ON assignments.case_id = cases.id AND assignments.round = cases.round
				AND assignments.person_id = cards.person_id AND NOT unreachable AND assignments.level < 4
			WHERE cards.person_id > $1 AND cards.person_id <= $2 AND reach <> 'blocked' AND (
				status = 'new' AND cards.kind IN ('card.officer', 'card.head') AND told_at < $6
				OR status = 'accepted' AND checked_at < $6 AND cards.kind = 'card.check' AND owner_id = cards.person_id
				OR status = 'accepted' AND claim->'asked' @> to_jsonb(cards.person_id) AND cards.kind IN ('card.officer', 'card.head')
					AND assignments.person_id IS NOT NULL
				OR status = 'closed' AND verdict = '' AND cards.kind = 'card.result' AND secrecy <> 'secret' AND closed_at < $6
					AND (reporter_id = cards.person_id OR own.id IS NOT NULL)
				OR cards.kind = 'card.offer' AND EXISTS (
					SELECT FROM offers WHERE offers.case_id = cases.id AND answer = '' AND to_id = cards.person_id AND offers.at < $6)
				OR cards.kind = 'card.standin' AND EXISTS (
					SELECT FROM absences WHERE substitute_id = cards.person_id AND answer = 'asked' AND state IN ('planned', 'running'))
				OR cards.kind = 'card.knock' AND EXISTS (
					SELECT FROM knocks WHERE knocks.case_id = cases.id AND since IS NOT NULL AND later_at IS NULL)
				OR `+sharedAsks+`)) AS asking
		WHERE place <= $3
		ORDER BY person_id, place`,
		func(rows pgx.Rows) error {
			var a Asking
			err := rows.Scan(&a.To.Person, &a.To.Chat, &a.Kind, &a.Case, &a.Cards, &a.Results, &a.Urgent)
			list = append(list, a)
			return err
		}, after, upto, most, tx.masked(own), own, o.Until.Add(-pressKept), o.Until.Add(-mahalla.ReopenWithin))
	return list, err
}

// linkedOf lists the cases that people after one and up to another one reported
// without being named, as far as they have a card that may ask for something.
func (tx *Tx) linkedOf(after, upto mahalla.PersonID) ([]mahalla.CaseID, error) {
	var looks [][]byte
	err := tx.read(`SELECT DISTINCT person_id FROM cards
		WHERE person_id > $1 AND person_id <= $2 AND case_id < 0 AND kind IN ('card.result', 'card.knock', 'card.reporter')`,
		func(rows pgx.Rows) error {
			var p mahalla.PersonID
			err := rows.Scan(&p)
			looks = append(looks, tx.db.seals.lookUps(p)...)
			return err
		}, after, upto)
	if err != nil || len(looks) == 0 {
		return nil, err
	}
	var list []mahalla.CaseID
	err = tx.read("SELECT case_id FROM links WHERE look_up = ANY($1) ORDER BY case_id", func(rows pgx.Rows) error {
		var c mahalla.CaseID
		err := rows.Scan(&c)
		list = append(list, c)
		return err
	}, looks)
	return list, err
}

// ExtendOffers gives those among some people who were asked to take a case in
// vain while the bot did not hear that long more.
func (tx *Tx) ExtendOffers(after, upto mahalla.PersonID, o Outage) {
	tx.write(`
		WITH open AS (
			UPDATE offers SET due_at = due_at + ($4::timestamptz - $3::timestamptz)
			WHERE to_id > $1 AND to_id <= $2 AND answer = '' AND at < $4 AND due_at > $3
			RETURNING case_id, due_at)
		UPDATE timers SET due_at = open.due_at FROM open WHERE timers.case_id = open.case_id AND timers.kind = 'offer'`,
		after, upto, o.Since, o.Until)
}
