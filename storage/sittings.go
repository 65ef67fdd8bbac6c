package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// LockSitting reads what is written down of a meeting, and holds it; nil when
// nothing is. It is locked after the meeting.
func (tx *Tx) LockSitting(id mahalla.MeetingID) (*mahalla.Sitting, error) {
	tx.write("SELECT FROM sittings WHERE meeting_id = $1 FOR UPDATE", id)
	return tx.Sitting(id)
}

// Sitting reads what is written down of a meeting; nil when nothing is.
func (tx *Tx) Sitting(id mahalla.MeetingID) (*mahalla.Sitting, error) {
	var s *mahalla.Sitting
	err := tx.read(`SELECT meeting_id, at, stage, sent_at, coalesce(sent_to, 0), remark, nudges, wake_at FROM sittings WHERE meeting_id = $1`,
		func(rows pgx.Rows) error {
			s = &mahalla.Sitting{}
			var sent, wake *time.Time
			var remark []byte
			if err := rows.Scan(&s.Meeting, &s.At, &s.Stage, &sent, &s.SentTo, &remark, &s.Nudges, &wake); err != nil {
				return err
			}
			s.SentAt, s.WakeAt = value(sent), value(wake)
			plain, err := tx.db.seals.open("sittings", "remark", rowID(id), remark)
			s.Remark = string(plain)
			return err
		}, id)
	return s, err
}

// SaveSitting writes what is written down of a meeting.
func (tx *Tx) SaveSitting(s *mahalla.Sitting) error {
	remark, err := tx.db.seals.seal("sittings", "remark", rowID(s.Meeting), []byte(s.Remark))
	if err != nil {
		return err
	}
	tx.write(`
		INSERT INTO sittings (meeting_id, at, stage, sent_at, sent_to, remark, nudges, wake_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (meeting_id) DO UPDATE SET at = excluded.at, stage = excluded.stage, sent_at = excluded.sent_at,
			sent_to = excluded.sent_to, remark = excluded.remark, nudges = excluded.nudges, wake_at = excluded.wake_at`,
		s.Meeting, s.At, s.Stage, optional(s.SentAt), optionalID(s.SentTo), remark, s.Nudges, optional(s.WakeAt))
	return nil
}

// DueSittings lists the meetings that have begun and are not yet written down, and
// those of which something is waited for that is due, the earliest first.
func (tx *Tx) DueSittings(now time.Time, limit int) ([]mahalla.MeetingID, error) {
	var list []mahalla.MeetingID
	err := tx.read(`
		SELECT id FROM (
			SELECT meetings.id, meetings.at FROM meetings
				LEFT JOIN sittings ON meeting_id = meetings.id AND (sittings.at = meetings.at OR sittings.at = 'epoch')
			WHERE status = 'called' AND meetings.at <= $1 AND meeting_id IS NULL
			UNION ALL
			SELECT meeting_id, wake_at FROM sittings WHERE wake_at <= $1) AS due
		ORDER BY due.at, id LIMIT $2`, func(rows pgx.Rows) error {
		var id mahalla.MeetingID
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, now, limit)
	return list, err
}

// PutOffSitting leaves a sitting that is due until later. One that could not be
// opened is noted as that of no meeting, so that it is still to be opened then.
func (tx *Tx) PutOffSitting(id mahalla.MeetingID, now, later time.Time) {
	tx.write("UPDATE sittings SET wake_at = $3 WHERE meeting_id = $1 AND wake_at <= $2", id, now, later)
	tx.write(`INSERT INTO sittings (meeting_id, at, stage, wake_at) SELECT id, 'epoch', 'open', $2 FROM meetings WHERE id = $1 AND status = 'called'
		ON CONFLICT (meeting_id) DO UPDATE SET at = 'epoch', stage = 'open', wake_at = $2
		WHERE sittings.at <> (SELECT at FROM meetings WHERE id = $1)`, id, later)
}

// SittingsOf lists the meetings of commissions that are being written down: begun or
// about to begin and not confirmed, the latest first.
func (tx *Tx) SittingsOf(commissions []mahalla.TerritoryID, now time.Time, limit int) ([]*mahalla.Meeting, error) {
	return tx.meetings("SELECT "+meetingColumns+` FROM meetings
		WHERE commission_id = ANY($1) AND (status = 'held' OR status = 'called' AND at <= $2 AND at > $3)
		ORDER BY at DESC, id DESC LIMIT $4`, commissions, now.Add(mahalla.SittingEarly), now.Add(-mahalla.SittingLate), limit)
}

// LockedOf lists the meetings of commissions whose minutes are confirmed, the
// latest first.
func (tx *Tx) LockedOf(commissions []mahalla.TerritoryID, limit int) ([]*mahalla.Meeting, error) {
	return tx.meetings("SELECT "+meetingColumns+` FROM meetings
		WHERE commission_id = ANY($1) AND status = 'locked' ORDER BY locked_at DESC, id DESC LIMIT $2`, commissions, limit)
}

// LockedWith lists the meetings to which a person was asked otherwise than as a side and
// whose minutes are confirmed, the latest first.
func (tx *Tx) LockedWith(p mahalla.PersonID, limit int) ([]*mahalla.Meeting, error) {
	return tx.meetings("SELECT "+meetingColumns+` FROM meetings
		WHERE id IN (SELECT meeting_id FROM participants WHERE person_id = $1 AND seat <> 'party') AND status = 'locked'
		ORDER BY locked_at DESC, id DESC LIMIT $2`, p, limit)
}

// LockMinutes confirms the minutes of a meeting that the caller holds: from now on
// nothing of it changes. It gives them the next number of the commission in the
// year of the meeting, without a gap: the commission is held until the end.
func (tx *Tx) LockMinutes(m *mahalla.Meeting, by mahalla.PersonID, now time.Time) error {
	tx.write("SELECT FROM territories WHERE id = $1 FOR NO KEY UPDATE", m.Commission)
	if err := tx.read(`
		SELECT coalesce(max(number), 0) + 1 FROM meetings
		WHERE commission_id = $1 AND number IS NOT NULL
			AND extract(year FROM at AT TIME ZONE 'Asia/Tashkent') = extract(year FROM $2::timestamptz AT TIME ZONE 'Asia/Tashkent')`,
		func(rows pgx.Rows) error { return rows.Scan(&m.Number) }, m.Commission, m.At); err != nil {
		return err
	}
	m.Status, m.LockedAt, m.LockedBy, m.WakeAt = mahalla.MeetingLocked, now, by, time.Time{}
	tx.write("UPDATE meetings SET status = 'locked', number = $2, locked_at = $3, locked_by = $4, wake_at = NULL WHERE id = $1", m.ID, m.Number, now, by)
	return nil
}

// AddCorrection adds what was wrong to confirmed minutes.
func (tx *Tx) AddCorrection(id mahalla.MeetingID, c mahalla.Correction) error {
	row, err := tx.NewID()
	if err != nil {
		return err
	}
	words, err := tx.db.seals.seal("corrections", "words", rowID(row), []byte(c.Words))
	if err != nil {
		return err
	}
	tx.write("INSERT INTO corrections (id, meeting_id, by_id, at, words) VALUES ($1, $2, $3, $4, $5)", row, id, c.By, c.At, words)
	return nil
}

// Corrections reads what was added to the minutes of a meeting, in order.
func (tx *Tx) Corrections(id mahalla.MeetingID) ([]mahalla.Correction, error) {
	var list []mahalla.Correction
	err := tx.read("SELECT id, by_id, at, words FROM corrections WHERE meeting_id = $1 ORDER BY at, id", func(rows pgx.Rows) error {
		var row int64
		var c mahalla.Correction
		var sealed []byte
		if err := rows.Scan(&row, &c.By, &c.At, &sealed); err != nil {
			return err
		}
		plain, err := tx.db.seals.open("corrections", "words", rowID(row), sealed)
		c.Words = string(plain)
		list = append(list, c)
		return err
	}, id)
	return list, err
}

// Heard is what came of a case in the last sitting of a commission. What was written
// before the item went off the agenda of that sitting stands only in its minutes.
type Heard struct {
	Outcome mahalla.HearingOutcome // empty: it was in none
	At      time.Time              // of the sitting
	Known   time.Time              // when it was finished, which may be days later
	Settled bool                   // there is no other sitting
	Side    bool                   // the reader is one of the two sides
}

const heardOf = `
	SELECT outcome, meetings.at, held_at, state = 'settled', EXISTS (SELECT FROM parties WHERE parties.item_id = agenda_items.id AND person_id = $2)
	FROM agenda_items JOIN hearings ON hearings.item_id = agenda_items.id JOIN meetings ON meetings.id = meeting_id
	WHERE case_id = $1 AND outcome <> '' AND held_at IS NOT NULL AND NOT (state = 'dropped' AND ended_at < held_at)
	ORDER BY held_at DESC, meetings.id DESC LIMIT 1`

func scanHeard(rows pgx.Rows, h *Heard) error {
	return rows.Scan(&h.Outcome, &h.At, &h.Known, &h.Settled, &h.Side)
}

// NamesOf opens the names of people.
func (tx *Tx) NamesOf(people []mahalla.PersonID) (map[mahalla.PersonID]string, error) {
	list := make(map[mahalla.PersonID]string, len(people))
	err := tx.read("SELECT id, name FROM people WHERE id = ANY($1)", func(rows pgx.Rows) error {
		var id mahalla.PersonID
		var sealed []byte
		if err := rows.Scan(&id, &sealed); err != nil {
			return err
		}
		plain, err := tx.db.seals.open("people", "name", rowID(id), sealed)
		list[id] = string(plain)
		return err
	}, people)
	return list, err
}
