package storage

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

const seriesColumns = "id, commission_id, rule, shift, excepted, minutes, made_by, made_at, ended_at, look_at"

func scanSeries(rows pgx.Rows) (*mahalla.Series, error) {
	var s mahalla.Series
	var rule string
	var excepted []time.Time
	var ended, look *time.Time
	if err := rows.Scan(&s.ID, &s.Commission, &rule, &s.Rule.Holidays, &excepted, &s.Minutes, &s.MadeBy, &s.MadeAt, &ended, &look); err != nil {
		return &s, err
	}
	s.EndedAt, s.LookAt = value(ended), value(look)
	holidays := s.Rule.Holidays
	err := json.Unmarshal([]byte(rule), &s.Rule)
	s.Rule.Holidays = holidays
	for _, day := range excepted {
		s.Rule.Except = append(s.Rule.Except, mahalla.DateOf(day.UTC()))
	}
	return &s, err
}

func (tx *Tx) series(sql string, args ...any) ([]*mahalla.Series, error) {
	var list []*mahalla.Series
	err := tx.read(sql, func(rows pgx.Rows) error {
		s, err := scanSeries(rows)
		list = append(list, s)
		return err
	}, args...)
	return list, err
}

func oneSeries(list []*mahalla.Series, err error) (*mahalla.Series, error) {
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// SaveSeries writes a series; one without an id is given one. The rule for
// holidays and the excepted days have columns of their own.
func (tx *Tx) SaveSeries(s *mahalla.Series) error {
	if s.ID == 0 {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		s.ID = id
	}
	rule := s.Rule
	rule.Holidays, rule.Except = "", nil
	raw, err := json.Marshal(rule)
	if err != nil {
		return wrap(err)
	}
	excepted := make([]time.Time, len(s.Rule.Except))
	for i, d := range s.Rule.Except {
		excepted[i] = asDate(d)
	}
	tx.write(`
		INSERT INTO series (id, commission_id, rule, shift, excepted, minutes, made_by, made_at, ended_at, look_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET rule = excluded.rule, shift = excluded.shift, excepted = excluded.excepted,
			minutes = excluded.minutes, ended_at = excluded.ended_at, look_at = excluded.look_at`,
		s.ID, s.Commission, string(raw), s.Rule.Holidays, excepted, s.Minutes, s.MadeBy, s.MadeAt, optional(s.EndedAt), optional(s.LookAt))
	return nil
}

// LockSeries reads a series and holds it; nil when there is none. It is locked
// before its meetings.
func (tx *Tx) LockSeries(id int64) (*mahalla.Series, error) {
	return oneSeries(tx.series("SELECT "+seriesColumns+" FROM series WHERE id = $1 FOR UPDATE", id))
}

// SeriesOf lists the series of commissions that have not ended, the oldest first.
func (tx *Tx) SeriesOf(commissions []mahalla.TerritoryID) ([]*mahalla.Series, error) {
	return tx.series("SELECT "+seriesColumns+" FROM series WHERE commission_id = ANY($1) AND ended_at IS NULL ORDER BY made_at, id", commissions)
}

// HoldSeries holds the series whose draft is due first; nil when none is, or other
// replicas hold all of them.
func (tx *Tx) HoldSeries(now time.Time) (*mahalla.Series, error) {
	return oneSeries(tx.series("SELECT "+seriesColumns+` FROM series
		WHERE ended_at IS NULL AND look_at <= $1 ORDER BY look_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`, now))
}

// SeriesMeeting is the meeting that an occurrence of a series has, whatever became of
// it, or one of the series that is at its moment; nil when there is none. An older
// version named the day after the moment, not after the rule.
func (tx *Tx) SeriesMeeting(series int64, o mahalla.Occurrence) (*mahalla.Meeting, error) {
	list, err := tx.meetings("SELECT "+meetingColumns+` FROM meetings WHERE series_id = $1
			AND (occurs_on IN ($2, $3) OR at = $4 AND status <> 'cancelled')
		ORDER BY occurs_on <> $2, id LIMIT 1`, series, asDate(o.Day), asDate(mahalla.DateOf(o.At)), o.At)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// SeriesDrafts lists the meetings of a series that are drafts and lie ahead.
func (tx *Tx) SeriesDrafts(series int64, now time.Time) ([]*mahalla.Meeting, error) {
	return tx.meetings("SELECT "+meetingColumns+" FROM meetings WHERE series_id = $1 AND status = 'draft' AND at > $2 ORDER BY id", series, now)
}

// LookAtSeries lets all series be looked at anew, for holidays may have changed.
func (tx *Tx) LookAtSeries(now time.Time) {
	tx.write("UPDATE series SET look_at = $1 WHERE ended_at IS NULL AND look_at > $1", now)
}

func asDate(d mahalla.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// MeetingsCalled counts the meetings that were called, and the answers by which
// somebody comes.
func (tx *Tx) MeetingsCalled() (called, coming int, err error) {
	err = tx.read(`SELECT (SELECT count(*) FROM meetings WHERE called_at IS NOT NULL),
			(SELECT count(*) FROM participants JOIN meetings ON id = meeting_id WHERE rsvp = 'yes' AND person_id <> made_by)`,
		func(rows pgx.Rows) error { return rows.Scan(&called, &coming) })
	return called, coming, err
}
