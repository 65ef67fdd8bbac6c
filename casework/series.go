package casework

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// The card of the meetings that come again and again, its verb and the question
// behind it.
const (
	CardSeries mahalla.NoticeKind = "card.series"

	PressSeries = "series" // subject: a series, the question's serial or a commission; arg: what to do

	FlowSeries = "series" // a series in the making
)

// planned is a series in the making, as it stands in the dialogue.
type planned struct {
	Commission mahalla.TerritoryID `json:"commission,omitempty"` // zero: which one is asked
	Rule       *mahalla.Recurrence `json:"rule,omitempty"`       // nil: it is asked
}

// planning reads the series that a person is making; nil when there is none.
func planning(who *storage.Contact) *planned {
	q := who.Dialogue.Question
	if q == nil || q.Flow != FlowSeries {
		return nil
	}
	p := &planned{}
	if json.Unmarshal([]byte(q.Data["series"]), p) != nil {
		return nil
	}
	return p
}

// keep puts it back.
func (p *planned) keep(who *storage.Contact, now time.Time) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	data, until := map[string]string{"series": string(raw)}, now.Add(mahalla.QuestionLife)
	if q := who.Dialogue.Question; q != nil && q.Flow == FlowSeries {
		q.Data, q.Until = data, until
		return nil
	}
	who.Dialogue.Ask(mahalla.Question{Flow: FlowSeries, Data: data, Until: until})
	return nil
}

// OpenSeries looks at the meetings of a person's commissions that come again: where
// there are none, one is begun.
func (d *Desk) OpenSeries(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	own := Convenes(who, now)
	if len(own) == 0 {
		return mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	d.DropPlan(who)
	list, err := tx.SeriesOf(own)
	if err != nil || len(list) > 0 {
		return err
	}
	return d.PlanSeries(tx, who, now)
}

// PlanSeries begins a series.
func (d *Desk) PlanSeries(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	own := Convenes(who, now)
	if len(own) == 0 {
		return mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	p := &planned{}
	if len(own) == 1 {
		p.Commission = own[0]
	}
	d.DropPlan(who)
	return p.keep(who, now)
}

// DropPlan forgets the series in the making.
func (d *Desk) DropPlan(who *storage.Contact) {
	if q := who.Dialogue.Question; q != nil && q.Flow == FlowSeries {
		who.Dialogue.Question = nil
	}
}

// RuleSeries says when the series in the making comes, in words; without one it is
// begun with them.
func (d *Desk) RuleSeries(tx *storage.Tx, who *storage.Contact, typed string, now time.Time) error {
	rule, err := d.ParseRule(typed, now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && (refusal.Reason == "recur_quiet" || refusal.Reason == "recur_often") {
		return mahalla.Refuse(mahalla.Invalid, "series_hours") // those speak of reminders
	}
	if err != nil {
		return err
	}
	if !rule.Once.IsZero() {
		return mahalla.Refuse(mahalla.Invalid, "series_once")
	}
	if planning(who) == nil {
		if err := d.PlanSeries(tx, who, now); err != nil {
			return err
		}
	}
	return d.settleRule(who, rule, now)
}

func (d *Desk) settleRule(who *storage.Contact, rule mahalla.Recurrence, now time.Time) error {
	p := planning(who)
	if p == nil {
		return mahalla.Refuse(mahalla.Conflict, "series_gone")
	}
	p.Rule = &rule
	return p.keep(who, now)
}

// ChooseSeries takes a choice about the series in the making: one of the usual
// rules as rule_2, a commission as at_12, the next rule for holidays, or all of
// them anew.
func (d *Desk) ChooseSeries(who *storage.Contact, what, value string, now time.Time) error {
	p := planning(who)
	if p == nil {
		return mahalla.Refuse(mahalla.Conflict, "series_gone")
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		n = -1
	}
	switch what {
	case "rule":
		usual := mahalla.UsualSeries(mahalla.DateOf(now.In(locales.Tashkent())))
		if n < 0 || n >= len(usual) {
			return mahalla.Refuse(mahalla.Invalid, "forged")
		}
		p.Rule = &usual[n]
	case "at":
		if !slices.Contains(Convenes(who, now), mahalla.TerritoryID(n)) {
			return mahalla.Refuse(mahalla.Forbidden, "not_secretary")
		}
		p.Commission = mahalla.TerritoryID(n)
	case "holiday":
		if p.Rule != nil {
			turned := turnHolidays(*p.Rule)
			p.Rule = &turned
		}
	case "anew":
		p.Rule = nil
	}
	return p.keep(who, now)
}

// turnHolidays takes the next rule for holidays.
func turnHolidays(r mahalla.Recurrence) mahalla.Recurrence {
	all := mahalla.HolidayRules()
	r.Holidays = all[(slices.Index(all, r.Holidays)+1)%len(all)]
	return r
}

// SaveSeries makes the series that was shown.
func (d *Desk) SaveSeries(tx *storage.Tx, who *storage.Contact, now time.Time) (*mahalla.Series, error) {
	p := planning(who)
	if p == nil || p.Rule == nil || p.Commission == 0 {
		return nil, mahalla.Refuse(mahalla.Conflict, "series_gone")
	}
	if !slices.Contains(Convenes(who, now), p.Commission) {
		return nil, mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	tx.LockContact(who.ID) // of two presses one makes it
	have, err := tx.SeriesOf([]mahalla.TerritoryID{p.Commission})
	if err != nil {
		return nil, err
	}
	if len(have) >= mahalla.MostSeries {
		return nil, mahalla.Refuse(mahalla.TooMany, "series_many")
	}
	rule, err := d.proved(*p.Rule, now)
	if err != nil {
		return nil, err
	}
	s := &mahalla.Series{Commission: p.Commission, Rule: rule, Minutes: d.custom(p.Commission).Minutes, MadeBy: who.ID, MadeAt: now, LookAt: now}
	d.DropPlan(who)
	return s, tx.SaveSeries(s)
}

// ownSeries holds a series of a person's commissions that has not ended.
func (d *Desk) ownSeries(tx *storage.Tx, who *storage.Contact, id int64, now time.Time) (*mahalla.Series, error) {
	s, err := tx.LockSeries(id)
	if err != nil {
		return nil, err
	}
	if s == nil || !s.EndedAt.IsZero() || !slices.Contains(Convenes(who, now), s.Commission) {
		return nil, mahalla.Refuse(mahalla.Conflict, "series_gone")
	}
	return s, nil
}

// ChangeSeries takes the next rule for holidays for a series.
func (d *Desk) ChangeSeries(tx *storage.Tx, who *storage.Contact, id int64, now time.Time) error {
	s, err := d.ownSeries(tx, who, id, now)
	if err != nil {
		return err
	}
	var before []mahalla.Occurrence // what any of the rules gives: one that skips gives nothing
	for _, h := range mahalla.HolidayRules() {
		rule := s.Rule
		rule.Holidays = h
		before = append(before, d.occurrences(rule, now, mostDrafts)...)
	}
	s.Rule, s.LookAt = turnHolidays(s.Rule), now
	if err := tx.SaveSeries(s); err != nil {
		return err
	}
	return d.moveDrafts(tx, s, who.ID, func(o mahalla.Occurrence) bool {
		return slices.ContainsFunc(before, func(b mahalla.Occurrence) bool { return b.Day == o.Day && b.At.Equal(o.At) })
	}, now)
}

// EndSeries ends a series. Meetings that are called stay.
func (d *Desk) EndSeries(tx *storage.Tx, who *storage.Contact, id int64, now time.Time) error {
	s, err := d.ownSeries(tx, who, id, now)
	if err != nil {
		return err
	}
	s.EndedAt, s.LookAt = now, time.Time{}
	return tx.SaveSeries(s)
}

// LeaveDay excepts a day of a series, and throws away the draft that it may have.
func (d *Desk) LeaveDay(tx *storage.Tx, who *storage.Contact, id int64, day mahalla.Date, now time.Time) error {
	s, err := d.ownSeries(tx, who, id, now)
	if err != nil {
		return err
	}
	zone := d.Calendar().Zone
	list := d.occurrences(s.Rule, now, mahalla.DatesForeseen)
	left := slices.IndexFunc(list, func(o mahalla.Occurrence) bool { return mahalla.DateOf(o.At.In(zone)) == day })
	if left < 0 {
		return mahalla.Refuse(mahalla.Invalid, "series_no_day")
	}
	if err := s.Leave(day, mahalla.DateOf(now.In(zone))); err != nil {
		return err
	}
	s.LookAt = now
	if err := tx.SaveSeries(s); err != nil {
		return err
	}
	return d.dropDrafted(tx, s, list[left], now)
}

// dropDrafted throws away the draft of an occurrence. A meeting that was called is
// cancelled where meetings are.
func (d *Desk) dropDrafted(tx *storage.Tx, s *mahalla.Series, o mahalla.Occurrence, now time.Time) error {
	m, err := tx.SeriesMeeting(s.ID, o)
	if err != nil || m == nil || m.Status == mahalla.MeetingCancelled {
		return err
	}
	if m, err = tx.LockMeeting(m.ID); err != nil {
		return err
	}
	if m.Status != mahalla.MeetingDraft {
		return mahalla.Refuse(mahalla.Conflict, "series_called")
	}
	if err := m.Drop(now); err != nil {
		return err
	}
	return tx.SaveMeeting(m)
}

// SeriesDay is the coming day of some series that a person means by words such as
// 12.12, and which series that is.
func (d *Desk) SeriesDay(tx *storage.Tx, who *storage.Contact, typed string, now time.Time) (int64, mahalla.Date, error) {
	zone := d.Calendar().Zone
	day, ok := d.OnlyDay(typed, now)
	if !ok {
		return 0, mahalla.Date{}, mahalla.Refuse(mahalla.Invalid, "series_words")
	}
	list, err := tx.SeriesOf(Convenes(who, now))
	if err != nil {
		return 0, mahalla.Date{}, err
	}
	for _, s := range list {
		for _, at := range d.NextDates(s.Rule, now, mahalla.DatesForeseen) {
			if mahalla.DateOf(at.In(zone)) == mahalla.DateOf(day) {
				return s.ID, mahalla.DateOf(day), nil
			}
		}
	}
	return 0, mahalla.Date{}, mahalla.Refuse(mahalla.NotFound, "series_no_day")
}
