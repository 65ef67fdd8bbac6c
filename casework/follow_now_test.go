package casework

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// decided writes a meeting that was held with a decision of the secretary's, and plans
// its reminders.
func (g *gallery) decided(secretary, responsible mahalla.PersonID) *mahalla.Decision {
	g.Helper()
	m := g.called(nil, day.AddDate(0, 0, -1), mahalla.Participant{Person: secretary, Seat: mahalla.SeatSecretary})
	m.MadeBy, m.Status, m.HeldAt = secretary, mahalla.MeetingHeld, day
	one := &mahalla.Decision{ID: 7_700_001, Commission: g.district, Meeting: m.ID, Words: "Ariqni tozalash", Person: responsible,
		Due: mahalla.DefaultCalendar(day.Location(), nil).Midnight(day.AddDate(0, 0, 5)), MadeBy: secretary, MadeAt: day}
	if responsible == 0 {
		one.Name = "Salim"
	}
	g.tx(func(tx *storage.Tx) error {
		return errors.Join(tx.SaveMeeting(m), tx.AddDecision(one), g.desk.planFollowUps(tx, m, one, day))
	})
	return one
}

// remindedTo lets everything come that is due and tells what each of some people was
// given by that.
func (g *gallery) remindedTo(now time.Time, people ...mahalla.PersonID) (got []string) {
	g.Helper()
	g.tx(func(tx *storage.Tx) error {
		before := map[mahalla.PersonID]int64{}
		for _, p := range people {
			last, err := tx.LastGiven(p)
			if before[p] = last; err != nil {
				return err
			}
		}
		if _, err := g.desk.Remind(tx, 100, now); err != nil {
			return err
		}
		for _, p := range people {
			last, err := tx.LastGiven(p)
			if err != nil || last == before[p] {
				continue
			}
			list, err := tx.RemindersIn(p, last)
			if err != nil {
				return err
			}
			for _, r := range list {
				got = append(got, fmt.Sprint(r.Kind, " ", p))
			}
		}
		return nil
	})
	return got
}

// TestThatADecisionIsNotCarriedOutComesToWhoIsSecretaryNow, and what nobody with an
// account answers for, too.
func TestThatADecisionIsNotCarriedOutComesToWhoIsSecretaryNow(t *testing.T) {
	t.Parallel()
	for _, responsible := range []bool{true, false} {
		g := newGallery(t)
		former := g.person(22, mahalla.CommissionSecretary)
		to := mahalla.PersonID(0)
		if responsible {
			to = g.resident.ID
		}
		g.decided(former.ID, to)
		g.ends(former, day.AddDate(0, 0, 1))
		present := g.person(23, mahalla.CommissionSecretary)
		want := fmt.Sprint("follow_3d ", present.ID, ", follow_due ", present.ID, ", follow_late ", present.ID)
		if responsible {
			want = fmt.Sprint("follow_3d ", to, ", follow_due ", to, ", follow_late ", present.ID)
		}
		var list []string
		for n := range 8 {
			list = append(list, g.remindedTo(day.AddDate(0, 0, n).Add(4*time.Hour), g.resident.ID, former.ID, present.ID)...)
		}
		if got := strings.Join(list, ", "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestAReportThatASecretaryMissedComesToThePresentOne though it was found before that
// one came, and a message that waited for the former is given anew.
func TestAReportThatASecretaryMissedComesToThePresentOne(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	former := g.person(22, mahalla.CommissionSecretary)
	one := g.decided(former.ID, g.resident.ID)
	var list []storage.ReminderRow
	g.tx(func(tx *storage.Tx) (err error) { list, err = tx.ClaimReminders(day.AddDate(1, 0, 0), 100); return err })
	at := day.AddDate(0, 0, 10)
	g.tx(func(tx *storage.Tx) error { _, err := g.desk.Remind(tx, 100, at); return err }) // all are too late by now
	g.ends(former, at)
	present := g.person(23, mahalla.CommissionSecretary)
	g.tx(func(tx *storage.Tx) error {
		var ids []int64
		for _, r := range list {
			ids = append(ids, r.ID)
		}
		owners, err := g.desk.ownedNow(tx, map[mahalla.PersonID][]int64{former.ID: ids}, at)
		if got := owners[present.ID]; err == nil && (len(got) != len(ids) || len(owners) != 1) {
			t.Errorf("got %v", owners)
		}
		if err != nil || len(ids) == 0 || list[0].About != int64(one.ID) {
			t.Errorf("nothing was missed: %v", err)
			return err
		}
		told, err := g.desk.ownerOf(tx, list[0].Reminder, map[ownerKey][]mahalla.PersonID{}, at)
		if told != present.ID {
			t.Errorf("%d is told", told)
		}
		return err
	})
}
