package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

const meetingColumns = `id, commission_id, coalesce(series_id, 0), occurs_on, status, at, minutes, place, pin, language, sequence, quorum,
	made_by, made_at, called_at, held_at, coalesce(number, 0), locked_at, coalesce(locked_by, 0), cancelled_at, cause, wake_at,
	step, moved_from, missed_at, nudged_at, mediation, emptied`

func (tx *Tx) scanMeeting(rows pgx.Rows) (*mahalla.Meeting, error) {
	var m mahalla.Meeting
	var on, at, called, held, locked, cancelled, wake, moved, missed, nudged *time.Time
	var place, pin, cause []byte
	if err := rows.Scan(&m.ID, &m.Commission, &m.Series, &on, &m.Status, &at, &m.Minutes, &place, &pin, &m.Language, &m.Sequence, &m.Quorum,
		&m.MadeBy, &m.MadeAt, &called, &held, &m.Number, &locked, &m.LockedBy, &cancelled, &cause, &wake, &m.Step, &moved, &missed, &nudged, &m.Mediation, &m.Emptied); err != nil {
		return &m, err
	}
	m.OccursOn, m.At, m.CalledAt, m.HeldAt = value(on), value(at), value(called), value(held)
	m.LockedAt, m.CancelledAt, m.WakeAt = value(locked), value(cancelled), value(wake)
	m.MovedFrom, m.MissedAt, m.NudgedAt = value(moved), value(missed), value(nudged)
	for _, f := range []struct {
		column string
		sealed []byte
		to     *string
	}{{"place", place, &m.Place}, {"pin", pin, &m.Pin}, {"cause", cause, &m.Cause}} {
		plain, err := tx.db.seals.open("meetings", f.column, rowID(m.ID), f.sealed)
		if err != nil {
			return &m, err
		}
		*f.to = string(plain)
	}
	return &m, nil
}

// meetings reads meetings with who is asked to them and their agendas.
func (tx *Tx) meetings(sql string, args ...any) ([]*mahalla.Meeting, error) {
	var list []*mahalla.Meeting
	byID := map[mahalla.MeetingID]*mahalla.Meeting{}
	err := tx.read(sql, func(rows pgx.Rows) error {
		m, err := tx.scanMeeting(rows)
		list, byID[m.ID] = append(list, m), m
		return err
	}, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	for n, m := range list {
		ids[n] = int64(m.ID)
	}
	err = tx.read(`SELECT meeting_id, person_id, seat, coalesce(in_for, 0), coalesce(item_id, 0), side, conflicts, rsvp, rsvp_sequence,
			proposed_at, answered_at, unreachable, presence
		FROM participants WHERE meeting_id = ANY($1)
		ORDER BY meeting_id, array_position(ARRAY['chair', 'secretary', 'member', 'substitute', 'mediator', 'party'], seat), side, person_id`,
		func(rows pgx.Rows) error {
			id, p, err := scanParticipant(rows)
			byID[id].Participants = append(byID[id].Participants, p)
			return err
		}, ids)
	if err != nil {
		return nil, err
	}
	return list, tx.read("SELECT meeting_id, item_id, outcome, note, came FROM hearings WHERE meeting_id = ANY($1) ORDER BY meeting_id, ordinal",
		func(rows pgx.Rows) error {
			var id mahalla.MeetingID
			var h mahalla.Hearing
			var note []byte
			if err := rows.Scan(&id, &h.Item, &h.Outcome, &note, &h.Came); err != nil {
				return err
			}
			plain, err := tx.db.seals.open("hearings", "note", hearingRow(id, h.Item), note)
			h.Note = string(plain)
			byID[id].Agenda = append(byID[id].Agenda, h)
			return err
		}, ids)
}

func hearingRow(id mahalla.MeetingID, item mahalla.ItemID) string {
	return rowID(id) + "." + rowID(item)
}

func scanParticipant(rows pgx.Rows) (id mahalla.MeetingID, p mahalla.Participant, err error) {
	var conflicts []int64
	var proposed, answered *time.Time
	err = rows.Scan(&id, &p.Person, &p.Seat, &p.InFor, &p.Item, &p.Side, &conflicts, &p.RSVP, &p.Sequence, &proposed, &answered, &p.Unreachable, &p.Presence)
	p.Proposed, p.AnsweredAt = value(proposed), value(answered)
	for _, item := range conflicts {
		p.Conflicts = append(p.Conflicts, mahalla.ItemID(item))
	}
	return id, p, err
}

// SaveMeeting writes a meeting with who is asked to it and its agenda. Whoever
// saves one that others can see holds it.
func (tx *Tx) SaveMeeting(m *mahalla.Meeting) error {
	var sealed [3][]byte
	for i, f := range []struct{ column, plain string }{{"place", m.Place}, {"pin", m.Pin}, {"cause", m.Cause}} {
		var err error
		if sealed[i], err = tx.db.seals.seal("meetings", f.column, rowID(m.ID), []byte(f.plain)); err != nil {
			return err
		}
	}
	var number *int
	if m.Number != 0 {
		number = &m.Number
	}
	tx.write(`
		INSERT INTO meetings (id, commission_id, series_id, occurs_on, status, at, minutes, place, pin, language, sequence, quorum,
			made_by, made_at, called_at, held_at, number, locked_at, locked_by, cancelled_at, cause, wake_at,
			step, moved_from, missed_at, nudged_at, mediation, emptied)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
		ON CONFLICT (id) DO UPDATE SET status = excluded.status, at = excluded.at, minutes = excluded.minutes, place = excluded.place,
			pin = excluded.pin, language = excluded.language, sequence = excluded.sequence, quorum = excluded.quorum,
			called_at = excluded.called_at, held_at = excluded.held_at, number = excluded.number, locked_at = excluded.locked_at,
			locked_by = excluded.locked_by, made_by = excluded.made_by, cancelled_at = excluded.cancelled_at, cause = excluded.cause, wake_at = excluded.wake_at,
			step = excluded.step, moved_from = excluded.moved_from, missed_at = excluded.missed_at, nudged_at = excluded.nudged_at, mediation = excluded.mediation,
			emptied = excluded.emptied`,
		m.ID, m.Commission, optionalID(m.Series), optional(m.OccursOn), m.Status, optional(m.At), m.Minutes, sealed[0], sealed[1], m.Language,
		m.Sequence, m.Quorum, m.MadeBy, m.MadeAt, optional(m.CalledAt), optional(m.HeldAt), number, optional(m.LockedAt), optionalID(m.LockedBy),
		optional(m.CancelledAt), sealed[2], optional(m.WakeAt), m.Step, optional(m.MovedFrom), optional(m.MissedAt), optional(m.NudgedAt), m.Mediation, m.Emptied)
	tx.saveParticipants(m)
	return tx.saveAgenda(m)
}

func (tx *Tx) saveParticipants(m *mahalla.Meeting) {
	people := make([]int64, len(m.Participants))
	for i, p := range m.Participants {
		people[i] = int64(p.Person)
	}
	tx.write("DELETE FROM participants WHERE meeting_id = $1 AND person_id <> ALL($2)", m.ID, people)
	for _, p := range m.Participants {
		conflicts := make([]int64, len(p.Conflicts))
		for i, item := range p.Conflicts {
			conflicts[i] = int64(item)
		}
		tx.write(`
			INSERT INTO participants (meeting_id, person_id, seat, in_for, item_id, side, conflicts, rsvp, rsvp_sequence, proposed_at,
				answered_at, unreachable, presence)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
			ON CONFLICT (meeting_id, person_id) DO UPDATE SET seat = excluded.seat, in_for = excluded.in_for, item_id = excluded.item_id,
				side = excluded.side, conflicts = excluded.conflicts, rsvp = excluded.rsvp, rsvp_sequence = excluded.rsvp_sequence,
				proposed_at = excluded.proposed_at, answered_at = excluded.answered_at, unreachable = excluded.unreachable,
				presence = excluded.presence`,
			m.ID, p.Person, p.Seat, optionalID(p.InFor), optionalID(p.Item), p.Side, conflicts, p.RSVP, p.Sequence, optional(p.Proposed),
			optional(p.AnsweredAt), p.Unreachable, p.Presence)
	}
}

func (tx *Tx) saveAgenda(m *mahalla.Meeting) error {
	items := make([]int64, len(m.Agenda))
	for i, h := range m.Agenda {
		items[i] = int64(h.Item)
	}
	tx.write("DELETE FROM hearings WHERE meeting_id = $1 AND item_id <> ALL($2)", m.ID, items)
	for i, h := range m.Agenda {
		note, err := tx.db.seals.seal("hearings", "note", hearingRow(m.ID, h.Item), []byte(h.Note))
		if err != nil {
			return err
		}
		tx.write(`INSERT INTO hearings (meeting_id, item_id, ordinal, outcome, note, came) VALUES ($1, $2, $3, $4, $5, coalesce($6::smallint[], '{}'))
			ON CONFLICT (meeting_id, item_id) DO UPDATE SET ordinal = excluded.ordinal, outcome = excluded.outcome, note = excluded.note, came = excluded.came`,
			m.ID, h.Item, i+1, h.Outcome, note, h.Came)
	}
	return nil
}

// LockMeeting reads a meeting and holds it; nil when there is none. A meeting is
// locked after a case and before an item.
func (tx *Tx) LockMeeting(id mahalla.MeetingID) (*mahalla.Meeting, error) {
	tx.write("SELECT FROM meetings WHERE id = $1 FOR UPDATE", id)
	return tx.Meeting(id)
}

// Meeting reads a meeting; nil when there is none.
func (tx *Tx) Meeting(id mahalla.MeetingID) (*mahalla.Meeting, error) {
	list, err := tx.meetings("SELECT "+meetingColumns+" FROM meetings WHERE id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// MeetingsOf lists the meetings of commissions that begin in a time, the earliest
// first; drafts without a time come last.
func (tx *Tx) MeetingsOf(commissions []mahalla.TerritoryID, from, until time.Time, limit int) ([]*mahalla.Meeting, error) {
	return tx.meetings("SELECT "+meetingColumns+` FROM meetings
		WHERE commission_id = ANY($1) AND (at >= $2 AND at < $3 OR at IS NULL AND status = 'draft')
		ORDER BY at, id LIMIT $4`, commissions, from, until, limit)
}

// MeetingsWith lists the meetings to which a person is asked and that begin in a
// time, cancelled ones too, the earliest first.
func (tx *Tx) MeetingsWith(p mahalla.PersonID, from, until time.Time, limit int) ([]*mahalla.Meeting, error) {
	return tx.meetings("SELECT "+meetingColumns+` FROM meetings
		WHERE id IN (SELECT meeting_id FROM participants WHERE person_id = $1) AND called_at IS NOT NULL AND at >= $2 AND at < $3
		ORDER BY at, id LIMIT $4`, p, from, until, limit)
}

// DueMeetings lists the meetings that want attention by now, the earliest first.
func (tx *Tx) DueMeetings(now time.Time, limit int) ([]mahalla.MeetingID, error) {
	var list []mahalla.MeetingID
	err := tx.read("SELECT id FROM meetings WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2", func(rows pgx.Rows) error {
		var id mahalla.MeetingID
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, now, limit)
	return list, err
}

// PutOffMeeting leaves a meeting that is due until later.
func (tx *Tx) PutOffMeeting(id mahalla.MeetingID, now, later time.Time) {
	tx.write("UPDATE meetings SET wake_at = $3 WHERE id = $1 AND wake_at <= $2", id, now, later)
}
