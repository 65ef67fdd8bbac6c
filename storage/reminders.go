package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// ReminderState is how far a reminder has come.
type ReminderState string

// The states of a reminder. All but the first two are for good.
const (
	ReminderWaiting   ReminderState = "waiting"
	ReminderGiven     ReminderState = "given" // to the outbox
	ReminderSent      ReminderState = "sent"
	ReminderMissed    ReminderState = "missed"    // its window was over
	ReminderRefused   ReminderState = "refused"   // the person cannot be told anything
	ReminderPointless ReminderState = "pointless" // there was nothing to say any more
	ReminderCancelled ReminderState = "cancelled" // with what it was about
	ReminderStopped   ReminderState = "stopped"   // the person wants no more of them
)

// ReminderRow is a reminder as it is stored.
type ReminderRow struct {
	mahalla.Reminder
	State   ReminderState
	Outbox  int64     // the message in which it was given last; 0 is none
	Refused bool      // the message was, for good
	Wanted  time.Time // when it was to come: its moment, or a later one that the person chose
}

const reminderColumns = `reminders.id, reminders.kind, about_id, reminders.person_id, due_at, until_at, reminders.state, coalesce(outbox_id, 0),
	CASE WHEN snoozed THEN fire_at ELSE due_at END AS wanted_at, coalesce(fate = 3, false)`

func (tx *Tx) reminders(sql string, args ...any) ([]ReminderRow, error) {
	tx.postReminders() // a transaction sees what it has done
	var list []ReminderRow
	err := tx.read(sql, func(rows pgx.Rows) error {
		var r ReminderRow
		err := rows.Scan(&r.ID, &r.Kind, &r.About, &r.To, &r.Due, &r.Until, &r.State, &r.Outbox, &r.Wanted, &r.Refused)
		list = append(list, r)
		return err
	}, args...)
	return list, err
}

// ClaimReminders takes everything that is due for up to so many people, whose
// turns came first, and holds it until the transaction ends. What is due for one
// person is taken as a whole, so that it becomes one message; a person of whom
// another replica holds something is left to that one.
func (tx *Tx) ClaimReminders(now time.Time, most int) ([]ReminderRow, error) {
	tx.postReminders()
	var people []int64
	err := tx.read(`
		SELECT people.id FROM people
		WHERE id IN (
			SELECT person_id FROM (
				SELECT person_id FROM reminders WHERE state = 'waiting' AND fire_at <= $1 ORDER BY fire_at LIMIT $2) AS first)
		ORDER BY people.id
		FOR NO KEY UPDATE SKIP LOCKED`,
		func(rows pgx.Rows) error {
			var p int64
			err := rows.Scan(&p)
			people = append(people, p)
			return err
		}, now, most)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	return tx.reminders("SELECT "+reminderColumns+` FROM reminders
		WHERE person_id = ANY($1) AND state = 'waiting' AND fire_at <= $2
		ORDER BY reminders.person_id, reminders.due_at, reminders.id
		FOR UPDATE SKIP LOCKED`, people, now)
}

// FinishReminders ends reminders that the caller holds.
func (tx *Tx) FinishReminders(ids []int64, state ReminderState, cause string, now time.Time) {
	if len(ids) > 0 {
		tx.write("UPDATE reminders SET state = $2, cause = $3, finished_at = $4 WHERE id = ANY($1)", ids, state, cause, now)
	}
}

// OwnReminders says who is to be told that reminders did not come.
func (tx *Tx) OwnReminders(ids []int64, owner mahalla.PersonID) {
	tx.write("UPDATE reminders SET owner_id = $2 WHERE id = ANY($1)", ids, owner)
}

// ReaddressReminder lets a reminder that the caller holds come to somebody else, unless
// that one has the same.
func (tx *Tx) ReaddressReminder(id int64, to mahalla.PersonID) {
	tx.write(`UPDATE reminders AS r SET person_id = $2 WHERE id = $1 AND NOT EXISTS (
		SELECT FROM reminders WHERE kind = r.kind AND about_id = r.about_id AND due_at = r.due_at AND person_id = $2)`, id, to)
}

// PutOffReminders lets reminders that the caller holds be looked at again later.
func (tx *Tx) PutOffReminders(ids []int64, until time.Time) {
	if len(ids) > 0 {
		tx.write("UPDATE reminders SET fire_at = $2 WHERE id = ANY($1)", ids, until)
	}
}

// GiveReminders puts reminders that the caller holds into one message of the
// outbox. The notice names them; its text is drawn when it is sent.
func (tx *Tx) GiveReminders(to Recipient, n mahalla.Notice, ids []int64, now time.Time) error {
	if err := tx.Send(to, n, 0, now, time.Time{}); err != nil {
		return err
	}
	tx.write("UPDATE reminders SET state = 'given', outbox_id = $2, fate = NULL WHERE id = ANY($1)", ids, tx.notices[len(tx.notices)-1].id)
	return nil
}

// settleReminders records what became of messages with reminders in them, before
// the message itself is finished: whoever writes to reminders and to the outbox does
// so in that order. Of what was not sent only that is noted.
func (tx *Tx) settleReminders(list []Delivery) {
	var ids []int64
	var attempts, fates []int
	for _, d := range list {
		if d.Message.Kind == mahalla.NoticeRemind && d.Fate != FateRetry {
			ids, attempts, fates = append(ids, d.Message.ID), append(attempts, d.Message.Attempts), append(fates, int(d.Fate))
		}
	}
	if len(ids) == 0 {
		return
	}
	tx.write("SELECT FROM reminders WHERE outbox_id = ANY($1) AND state = 'given' ORDER BY id FOR UPDATE", ids)
	tx.write(`
		UPDATE reminders SET
			state = CASE WHEN over.fate = 2 THEN 'sent' ELSE reminders.state END,
			finished_at = CASE WHEN over.fate = 2 THEN now() END,
			fate = CASE WHEN over.fate <> 2 THEN over.fate END
		FROM unnest($1::bigint[], $2::int[], $3::smallint[]) AS over (id, attempt, fate)
		WHERE outbox_id = over.id AND reminders.state = 'given'
			AND EXISTS (SELECT FROM outbox WHERE outbox.id = over.id AND outbox.state = 1 AND attempts = attempt)`, ids, attempts, fates)
}

// UnsentReminders takes reminders whose message was refused or dropped, those of
// one message together.
func (tx *Tx) UnsentReminders(most int) ([]ReminderRow, error) {
	list, err := tx.reminders("SELECT "+reminderColumns+` FROM reminders
		WHERE reminders.state = 'given' AND fate IS NOT NULL
		ORDER BY outbox_id, reminders.id LIMIT $1
		FOR UPDATE SKIP LOCKED`, most)
	if err != nil || len(list) < most {
		return list, err
	}
	whole := len(list)
	for whole > 0 && list[whole-1].Outbox == list[len(list)-1].Outbox {
		whole--
	}
	return list[:whole], nil
}

// RenewReminders lets reminders that the caller holds and that were not sent be
// given once more.
func (tx *Tx) RenewReminders(ids []int64) {
	if len(ids) > 0 {
		tx.write("UPDATE reminders SET state = 'waiting', fate = NULL WHERE id = ANY($1)", ids)
	}
}

// UnreportedReminders takes what was missed or refused and not yet reported: the
// owners, and of each the reminders. They count as reported from now on.
func (tx *Tx) UnreportedReminders(most int) (map[mahalla.PersonID][]int64, error) {
	list := map[mahalla.PersonID][]int64{}
	err := tx.read(`
		UPDATE reminders SET reported = true
		FROM (SELECT id FROM reminders WHERE owner_id IS NOT NULL AND NOT reported
			ORDER BY owner_id, due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED) AS next
		WHERE reminders.id = next.id
		RETURNING owner_id, reminders.id`,
		func(rows pgx.Rows) error {
			var owner mahalla.PersonID
			var id int64
			err := rows.Scan(&owner, &id)
			list[owner] = append(list[owner], id)
			return err
		}, most)
	return list, err
}

// Reminders reads reminders by their ids, the earliest first.
func (tx *Tx) Reminders(ids []int64) ([]ReminderRow, error) {
	return tx.reminders("SELECT "+reminderColumns+" FROM reminders WHERE id = ANY($1) ORDER BY reminders.due_at, kind, about_id, person_id", ids)
}

// RemindersIn reads those that a person was given in a message.
func (tx *Tx) RemindersIn(p mahalla.PersonID, outbox int64) ([]ReminderRow, error) {
	list, err := tx.reminders("SELECT "+reminderColumns+" FROM reminders WHERE person_id = $1 AND outbox_id = $2 ORDER BY reminders.id FOR UPDATE", p, outbox)
	byDue(list)
	return list, err
}

// RemindersOf reads what a person was given in a message, in the order of Reminders, and
// holds nothing.
func (tx *Tx) RemindersOf(p mahalla.PersonID, outbox int64) ([]ReminderRow, error) {
	return tx.reminders("SELECT "+reminderColumns+" FROM reminders WHERE person_id = $1 AND outbox_id = $2 ORDER BY reminders.due_at, kind, about_id", p, outbox)
}

// RemindersAt reads what a person was given in a message of the chat, and holds nothing.
func (tx *Tx) RemindersAt(p mahalla.PersonID, message int64) ([]ReminderRow, error) {
	return tx.reminders("SELECT "+reminderColumns+` FROM reminders
		WHERE person_id = $1 AND EXISTS (SELECT FROM outbox WHERE outbox.id = outbox_id AND message_id = $2 AND outbox.state = 2)
		ORDER BY reminders.due_at, reminders.id`, p, message)
}

// RemindedIn is a message in which somebody was reminded of something.
type RemindedIn struct {
	Person  mahalla.PersonID
	Outbox  int64 // its row
	Message int64 // in the chat
}

// Reminded lists the messages with reminders of some kinds about something that were
// sent, as far as that is still known.
func (tx *Tx) Reminded(about int64, kinds []mahalla.ReminderKind) ([]RemindedIn, error) {
	var list []RemindedIn
	err := tx.read(`SELECT DISTINCT outbox.person_id, outbox.id, message_id FROM reminders JOIN outbox ON outbox.id = outbox_id
		WHERE reminders.kind = ANY($2) AND about_id = $1 AND outbox.state = 2 AND message_id <> 0 ORDER BY outbox.id`,
		func(rows pgx.Rows) error {
			var r RemindedIn
			err := rows.Scan(&r.Person, &r.Outbox, &r.Message)
			list = append(list, r)
			return err
		}, about, kinds)
	return list, err
}

// SnoozeReminder lets a reminder that was shown come once more.
func (tx *Tx) SnoozeReminder(id int64, at, until time.Time) {
	tx.write(`UPDATE reminders SET state = 'waiting', snoozed = true, fate = NULL, fire_at = $2, until_at = greatest(until_at, $3), finished_at = NULL
		WHERE id = $1`, id, at, until)
}

// LastGiven is the message in which a person was given reminders last; 0 is none.
func (tx *Tx) LastGiven(p mahalla.PersonID) (int64, error) {
	var last int64
	err := tx.read(`SELECT outbox_id FROM reminders WHERE person_id = $1 AND outbox_id IS NOT NULL AND state IN ('given', 'sent')
		ORDER BY fire_at DESC, id DESC LIMIT 1`,
		func(rows pgx.Rows) error { return rows.Scan(&last) }, p)
	return last, err
}

// RemindersWait tells whether there is anything at all to do about reminders.
func (tx *Tx) RemindersWait(now time.Time) (bool, error) {
	wait := false
	err := tx.read(`
		SELECT EXISTS (SELECT FROM recurring WHERE state = 'on' AND (next_at IS NULL OR next_at <= $1))
			OR EXISTS (SELECT FROM reminders WHERE state = 'waiting' AND fire_at <= $1)
			OR EXISTS (SELECT FROM reminders WHERE state = 'given' AND fate IS NOT NULL)
			OR EXISTS (SELECT FROM reminders WHERE owner_id IS NOT NULL AND NOT reported)`,
		func(rows pgx.Rows) error { return rows.Scan(&wait) }, now)
	return wait, err
}

// StopReminders keeps a kind from a person from now on; of custom ones only those
// of one matter. Those that somebody else holds at the moment are left out when their
// turn comes.
func (tx *Tx) StopReminders(p mahalla.PersonID, kind mahalla.ReminderKind, about int64, now time.Time) {
	tx.write("INSERT INTO reminder_stops (person_id, kind, about_id, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", p, kind, about, now)
	tx.write(`UPDATE reminders SET state = 'stopped', finished_at = $4
		WHERE id IN (SELECT id FROM reminders
			WHERE person_id = $1 AND kind = $2 AND state = 'waiting' AND (about_id = $3 OR $3 = 0)
			FOR UPDATE SKIP LOCKED)`, p, kind, about, now)
}

// AllowReminders lets a kind come again.
func (tx *Tx) AllowReminders(p mahalla.PersonID, kind mahalla.ReminderKind, about int64) {
	tx.write("DELETE FROM reminder_stops WHERE person_id = $1 AND kind = $2 AND about_id = $3", p, kind, about)
}

// Stop is something that a person does not want to be reminded of.
type Stop struct {
	Person mahalla.PersonID
	Kind   mahalla.ReminderKind
	About  int64 // of custom ones; else 0
}

// Stops lists what people do not want to be reminded of.
func (tx *Tx) Stops(people []mahalla.PersonID) ([]Stop, error) {
	var list []Stop
	err := tx.read("SELECT person_id, kind, about_id FROM reminder_stops WHERE person_id = ANY($1) ORDER BY person_id, kind, about_id",
		func(rows pgx.Rows) error {
			var s Stop
			err := rows.Scan(&s.Person, &s.Kind, &s.About)
			list = append(list, s)
			return err
		}, people)
	return list, err
}
