package casework

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestSeriesFitTelegram draws the card of what comes again in each of its states,
// with the longest names that there can be, and the note about a draft.
func TestSeriesFitTelegram(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary := g.person(41, mahalla.CommissionSecretary)
	usual := mahalla.UsualSeries(mahalla.DateOf(day))
	drawn := 0
	for n, p := range []*planned{nil, {}, {Commission: g.district}, {Commission: g.district, Rule: &usual[0]}, {Commission: g.district, Rule: &usual[4]}} {
		var list []storage.Message
		for _, args := range []map[string]string{nil, {"sure": "yes"}} {
			list = append(list, storage.Message{Person: secretary.ID, Kind: CardSeries, Args: args})
		}
		m := sitting10()
		m.ID, m.Commission, m.Status, m.CalledAt, m.MadeBy, m.Place = 2_400_000, g.district, mahalla.MeetingDraft, time.Time{}, secretary.ID, wide("Joy")
		m.Participants = nil
		list = append(list, storage.Message{Person: secretary.ID, Kind: NoticeSeriesDraft, Case: mahalla.CaseID(m.ID)})
		drawn += g.look(func(tx *storage.Tx) error {
			if n == 0 {
				for range mahalla.MostSeries {
					s := &mahalla.Series{Commission: g.district, Rule: usual[n], Minutes: 60, MadeBy: secretary.ID, MadeAt: day, LookAt: day}
					if err := tx.SaveSeries(s); err != nil {
						return err
					}
				}
			}
			who, err := tx.Contact(secretary.ID)
			if err != nil {
				return err
			}
			if p != nil {
				if err := p.keep(who, day); err != nil {
					return err
				}
				if err := tx.SaveDialogue(who, day); err != nil {
					return err
				}
			}
			return tx.SaveMeeting(m)
		}, list...)
	}
	if want := 5 * 3 * len(mahalla.Languages()); drawn != want {
		t.Errorf("%d of %d were drawn", drawn, want)
	}
}
