package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// argMovedFrom is, in the notice of a draft, where it was before.
const argMovedFrom = "from"

// putBefore tells of moments whether a series has put an occurrence there before a
// holiday was entered on that day.
func (d *Desk) putBefore(s *mahalla.Series) func(mahalla.Occurrence) bool {
	schedule, err := scheduleOf(s.Rule)
	return func(o mahalla.Occurrence) bool {
		return err == nil && d.Calendar().Holidays[mahalla.DateOf(o.At.In(d.Calendar().Zone))] && s.Rule.PutBy(schedule, d.Calendar(), o.Day, o.At)
	}
}

// moveDrafts lets the drafts of a series go along with their occurrences. Who has given
// a draft another time keeps that: only what the series has put there moves. By is
// whose doing it is, 0 for nobody's.
func (d *Desk) moveDrafts(tx *storage.Tx, s *mahalla.Series, by mahalla.PersonID, put func(mahalla.Occurrence) bool, now time.Time) error {
	drafts, err := tx.SeriesDrafts(s.ID, now)
	if err != nil || len(drafts) == 0 {
		return err
	}
	at := map[mahalla.Date]time.Time{}
	for _, o := range d.occurrences(s.Rule, now, mostDrafts) {
		at[o.Day] = o.At
	}
	for _, m := range drafts {
		o := mahalla.Occurrence{Day: mahalla.DateOf(m.OccursOn.UTC()), At: m.At}
		to, comes := at[o.Day]
		if !comes || to.Equal(m.At) || !put(o) {
			continue
		}
		if err := d.moveDraft(tx, m.ID, by, o.At, to, now); err != nil {
			return err
		}
	}
	return nil
}

// moveDraft gives a draft of a series another time and tells who is to call it.
func (d *Desk) moveDraft(tx *storage.Tx, id mahalla.MeetingID, by mahalla.PersonID, from, to, now time.Time) error {
	m, err := tx.LockMeeting(id)
	if err != nil || m.Status != mahalla.MeetingDraft || !m.At.Equal(from) {
		return err
	}
	m.At = to
	m.Touch(now)
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	looking, err := tx.CardHolders(CardConvene, int64(id))
	if err != nil {
		return err
	}
	notices := []mahalla.Notice{{Kind: NoticeSeriesDraft, To: m.MadeBy, Lane: mahalla.LaneReminder, Ring: m.MadeBy != by, Args: map[string]string{argMovedFrom: unix(from)}}}
	for _, p := range looking {
		notices = append(notices, mahalla.Notice{Kind: CardConvene, To: p, Lane: mahalla.LaneReminder})
	}
	return d.about(tx, int64(id), now, notices...)
}
