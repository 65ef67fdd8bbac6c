package casework

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

// TestASideReadsWhatWasDecidedAndNobodysName, nor what was noted; before the minutes are
// confirmed it reads nothing of it, and nobody else ever does.
func TestASideReadsWhatWasDecidedAndNobodysName(t *testing.T) {
	t.Parallel()
	g := newGallery(t).convening()
	for _, locked := range []bool{false, true} {
		err := g.db.InTx(g.Context(), func(tx *storage.Tx) error {
			m, err := g.theMeeting(tx, mahalla.UzLatn, "Ғуломовнинг ариғи тозалансин", locked)
			if err != nil {
				return err
			}
			args := map[string]string{argMeeting: strconv.FormatInt(int64(m.ID), 10)}
			for _, lang := range mahalla.Languages() {
				w := g.desk.speak(lang, day)
				for _, who := range []*storage.Contact{g.resident, g.plain, g.head} {
					reader, err := tx.Contact(who.ID)
					if err != nil {
						return err
					}
					s, err := g.desk.drawAgreed(tx, w, reader, int64(m.Agenda[0].Item), args)
					if !locked || who.ID != g.resident.ID {
						if !errors.Is(err, ErrPointless) {
							t.Errorf("%d, confirmed %v: got %q, %v", who.ID, locked, s.Text, err)
						}
						continue
					}
					if err != nil {
						return err
					}
					for _, want := range []string{w.say("sided.agreed"), w.say("sided.does.you"), w.say("sided.masked") + " ариғи тозалансин", "/qarorlar"} {
						if !strings.Contains(s.Text, want) {
							t.Errorf("%s: %q is not in %s", lang, want, s.Text)
						}
					}
					for _, never := range []string{"Ғулом", "Ҳамид", "Ёрматов", theirs} {
						if strings.Contains(s.Text, never) {
							t.Errorf("%s: %q is in %s", lang, never, s.Text)
						}
					}
					if !s.Protect || len(s.Rows) > 0 {
						t.Errorf("%s: got %+v", lang, s)
					}
				}
			}
			return errUndo
		})
		if !errors.Is(err, errUndo) {
			t.Fatal(err)
		}
	}
}

// TestConfirmedMinutesAreForThoseWhoSat: not for a side, nor for a member who was not
// there, and not before they are confirmed.
func TestConfirmedMinutesAreForThoseWhoSat(t *testing.T) {
	t.Parallel()
	g := newGallery(t).convening()
	there := g.person(7_700_001, mahalla.CommissionMember)
	away := g.person(7_700_002, mahalla.CommissionMember)
	for _, locked := range []bool{false, true} {
		err := g.db.InTx(g.Context(), func(tx *storage.Tx) error {
			m, err := g.theMeeting(tx, mahalla.UzLatn, "", false)
			if err != nil {
				return err
			}
			m.Participants = append(m.Participants, mahalla.Participant{Person: there.ID, Seat: mahalla.SeatMember, Presence: mahalla.Present},
				mahalla.Participant{Person: away.ID, Seat: mahalla.SeatMember, Presence: mahalla.Absent})
			if err := tx.SaveMeeting(m); err != nil {
				return err
			}
			if locked {
				if err := tx.LockMinutes(m, g.senior.ID, day); err != nil {
					return err
				}
			}
			for _, who := range []*storage.Contact{there, away, g.resident} {
				may := locked && who == there
				who, err := tx.Contact(who.ID)
				if err != nil {
					return err
				}
				w := g.desk.speak(mahalla.Ru, day)
				for name, draw := range map[string]sitting{"the news": (*Desk).drawWrittenOf, "the document": (*Desk).drawPaper} {
					_, err := draw(g.desk, tx, w, who, int64(m.ID), nil)
					if may && err != nil || !may && !errors.Is(err, ErrPointless) {
						t.Errorf("%s, confirmed %v, for %d: got %v", name, locked, who.ID, err)
					}
				}
				var refusal *mahalla.Error
				if err := g.desk.ReadMinutes(tx, who, 1, day); may && err != nil || !may && !errors.As(err, &refusal) {
					t.Errorf("typed, confirmed %v, by %d: got %v", locked, who.ID, err)
				}
			}
			return errUndo
		})
		if !errors.Is(err, errUndo) {
			t.Fatal(err)
		}
	}
}
