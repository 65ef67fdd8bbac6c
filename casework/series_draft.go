package casework

import (
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// NoticeSeriesDraft tells whoever calls the meetings of a commission that the next
// one of a series waits to be looked at.
const NoticeSeriesDraft mahalla.NoticeKind = "series.draft"

// commissionLead is the key of the setting that says how many days before a meeting
// of a series its draft is made.
const commissionLead = "commission_lead"

// mostDrafts is how many coming dates of a series are looked at.
const mostDrafts = 70

// lead is how many days ahead a commission's drafts are made.
func (d *Desk) lead(commission mahalla.TerritoryID) int {
	text, _ := d.setting(commission, commissionLead)
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n <= mahalla.MostLead {
		return n
	}
	return mahalla.DefaultLead
}

// DraftMeetings makes the drafts of one series that is due, and tells whether there
// may be more to do. Each occurrence of a series has one meeting, however many replicas
// there are, whatever became of it and wherever holidays move it; those that went by
// meanwhile have none. A series is looked at every day.
func (d *Desk) DraftMeetings(tx *storage.Tx, now time.Time) (more bool, err error) {
	s, err := tx.HoldSeries(now)
	if err != nil || s == nil {
		return false, err
	}
	seats, err := tx.Seats(s.Commission, now)
	if err != nil {
		return false, err
	}
	if err := d.moveDrafts(tx, s, 0, d.putBefore(s), now); err != nil {
		return false, err
	}
	s.LookAt = now.AddDate(0, 0, 1)
	convener := convenerOf(seats, s.MadeBy)
	for _, o := range d.occurrences(s.Rule, now, mostDrafts) {
		if look := o.At.AddDate(0, 0, -d.lead(s.Commission)); look.After(now) {
			if look.Before(s.LookAt) {
				s.LookAt = look
			}
			break
		}
		if convener == 0 {
			break // tomorrow somebody may be there
		}
		if err := d.draftMeeting(tx, s, seats, convener, o, now); err != nil {
			return false, err
		}
	}
	return true, tx.SaveSeries(s)
}

// convenerOf is who is to call a meeting: whoever made the series, else the
// secretary, else the chair; 0 is nobody within reach.
func convenerOf(seats []mahalla.Seated, maker mahalla.PersonID) mahalla.PersonID {
	var best mahalla.Seated
	for _, s := range seats {
		switch {
		case !s.Role.Has(mahalla.MayConvene) || s.Reach == mahalla.Blocked:
		case s.Person == maker:
			return s.Person
		case best.Person == 0, s.Role == mahalla.CommissionSecretary && best.Role != mahalla.CommissionSecretary:
			best = s
		}
	}
	return best.Person
}

// draftMeeting makes the meeting of an occurrence, with the usual place and what is
// ready, but for what one mediator hears.
func (d *Desk) draftMeeting(tx *storage.Tx, s *mahalla.Series, seats []mahalla.Seated, convener mahalla.PersonID, o mahalla.Occurrence, now time.Time) error {
	if have, err := tx.SeriesMeeting(s.ID, o); err != nil || have != nil {
		return err
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	m := mahalla.NewMeeting(mahalla.MeetingID(id), s.Commission, convener, d.custom(s.Commission), seats, now)
	m.Series, m.OccursOn, m.At, m.Minutes = s.ID, time.Date(o.Day.Year, o.Day.Month, o.Day.Day, 0, 0, 0, 0, time.UTC), o.At, s.Minutes
	ready, err := tx.ReadyLines(s.Commission, mostReady)
	if err != nil {
		return err
	}
	m.Agenda = wholeAgenda(ready)
	last, place, err := d.usual(tx, m)
	if err != nil {
		return err
	}
	m.Step = mahalla.StepReady
	if m.Place = place; place == "" {
		m.Step = mahalla.StepPlace
	} else if last != nil && last.Place == place {
		m.Pin = last.Pin
	}
	m.Touch(now)
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	return d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: NoticeSeriesDraft, To: convener, Lane: mahalla.LaneReminder, Ring: true})
}

// drawSeriesDraft says what the draft holds, and that nobody was invited yet.
func drawSeriesDraft(d *Desk, tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if m == nil || m.Status != mahalla.MeetingDraft || !w.now.Before(m.At) || mayConvene(reader, m.Commission, w.now) != nil {
		return mahalla.Screen{}, ErrPointless
	}
	where := w.say("series.no_place")
	if m.Place != "" {
		where = w.say("series.place", "place", oneLine(m.Place))
	}
	agenda := w.say("series.no_agenda")
	if len(m.Agenda) > 0 {
		agenda = w.count("series.agenda", len(m.Agenda))
	}
	title := w.say("series.draft_title")
	if from, err := strconv.ParseInt(args[argMovedFrom], 10, 64); err == nil {
		title = w.say("series.draft_moved", "when", w.when(time.Unix(from, 0)))
	}
	return mahalla.Screen{
		Text:   lines(bold(title), w.place(m.Commission), w.dates([]time.Time{m.At}), where, agenda, w.say("series.look")),
		Rows:   [][]mahalla.Button{{{Label: w.say("series.open_draft"), Style: mahalla.Primary, Press: mahalla.Press{Verb: PressMeetStep, Subject: int64(m.ID), Round: m.Sequence, Arg: string(m.Step)}}}},
		Silent: d.Calendar().IsQuiet(w.now), Protect: true,
	}, nil
}
