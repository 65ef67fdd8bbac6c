package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// NoticeMissed tells the owner of reminders which did not come.
const NoticeMissed mahalla.NoticeKind = "remind_missed"

const (
	// mostBundled is how many reminders become one message.
	mostBundled = 6
	// mostSettled is how many reminders that were not sent are looked at at once.
	mostSettled = 1000
	// mostReported is how many missed reminders are reported at once.
	mostReported = 5000
	argReminders = "ids"
)

// Remind gives what is due now to up to so many people, what is due for one of
// them in one message, and tells how many reminders it has dealt with. What is not
// worth sending any more is recorded as missed. In quiet hours nothing comes.
func (d *Desk) Remind(tx *storage.Tx, most int, now time.Time) (int, error) {
	list, err := tx.ClaimReminders(now, most)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	b := batch{desk: d, now: now, cases: map[int64]*mahalla.Case{}}
	if err := b.nextStatutory(tx, list); err != nil {
		return 0, err
	}
	b.late(list)
	if err := b.hush(tx, d.Calendar()); err != nil {
		return 0, err
	}
	if err := b.leaveStopped(tx); err != nil {
		return 0, err
	}
	if err := b.leaveStatutory(tx); err != nil {
		return 0, err
	}
	if err := b.readdress(tx); err != nil {
		return 0, err
	}
	if err := b.give(tx); err != nil {
		return 0, err
	}
	return len(list), d.fail(tx, b.failed, now)
}

// batch is a number of reminders that are due. Whatever is dealt with leaves due.
type batch struct {
	desk   *Desk
	now    time.Time
	due    []storage.ReminderRow
	failed []storage.ReminderRow
	cases  map[int64]*mahalla.Case // of the days of an appeal
}

// late finds what is missed.
func (b *batch) late(list []storage.ReminderRow) {
	for _, r := range list {
		if r.Until.After(b.now) {
			b.due = append(b.due, r)
			continue
		}
		r.State = storage.ReminderMissed
		b.failed = append(b.failed, r)
	}
}

// hush leaves everything for the morning in quiet hours, and what would be over
// by then is missed.
func (b *batch) hush(tx *storage.Tx, cal *mahalla.Calendar) error {
	if !cal.IsQuiet(b.now) {
		return nil
	}
	morning := cal.QuietEnd(b.now)
	var wait []int64
	for _, r := range b.due {
		if r.Until.After(morning) {
			wait = append(wait, r.ID)
			continue
		}
		r.State = storage.ReminderMissed
		b.failed = append(b.failed, r)
	}
	tx.PutOffReminders(wait, morning)
	b.due = nil
	return nil
}

// leaveStopped leaves out what people do not want.
func (b *batch) leaveStopped(tx *storage.Tx) error {
	var asked []mahalla.PersonID
	for _, r := range b.due {
		if plan, ok := mahalla.ReminderPlanOf(r.Kind); ok && plan.Stop {
			asked = append(asked, r.To)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	stops, err := tx.Stops(asked)
	if err != nil {
		return err
	}
	b.leave(tx, storage.ReminderStopped, "", func(r storage.ReminderRow) bool { return stopped(stops, r.To, r.Kind, r.About) })
	return nil
}

// leave ends those of the reminders that are not to come.
func (b *batch) leave(tx *storage.Tx, as storage.ReminderState, cause string, which func(storage.ReminderRow) bool) {
	var ids []int64
	b.due = slices.DeleteFunc(b.due, func(r storage.ReminderRow) bool {
		if which(r) {
			ids = append(ids, r.ID)
			return true
		}
		return false
	})
	tx.FinishReminders(ids, as, cause, b.now)
}

// stopped tells whether somebody does not want a reminder.
func stopped(list []storage.Stop, p mahalla.PersonID, kind mahalla.ReminderKind, about int64) bool {
	return slices.ContainsFunc(list, func(s storage.Stop) bool {
		return s.Person == p && s.Kind == kind && (s.About == 0 || s.About == about)
	})
}

// give puts into the outbox what is left, a message for each person. Who cannot
// be told anything is no reason to keep the others waiting.
func (b *batch) give(tx *storage.Tx) error {
	if len(b.due) == 0 {
		return nil
	}
	people := make([]mahalla.PersonID, len(b.due))
	for i, r := range b.due {
		people[i] = r.To
	}
	recipients, err := tx.Recipients(people)
	if err != nil {
		return err
	}
	for rest := b.due; len(rest) > 0; {
		n := 1
		for n < len(rest) && n < mostBundled && rest[n].To == rest[0].To {
			n++
		}
		some := rest[:n]
		rest = rest[n:]
		to, ok := recipients[some[0].To]
		if !ok {
			for _, r := range some {
				r.State = storage.ReminderRefused
				b.failed = append(b.failed, r)
			}
			continue
		}
		ids := idsOf(some)
		if err := tx.GiveReminders(to, bundle(some, ids), ids, b.now); err != nil {
			return err
		}
	}
	return nil
}

// bundle is the notice of some reminders of one person. It goes as the most urgent
// of them would.
func bundle(list []storage.ReminderRow, ids []int64) mahalla.Notice {
	n := mahalla.Notice{Kind: mahalla.NoticeRemind, To: list[0].To, Lane: mahalla.LaneBroadcast, Args: map[string]string{argReminders: joinIDs(ids)}}
	for _, r := range list {
		plan, _ := mahalla.ReminderPlanOf(r.Kind)
		n.Ring, n.Lane = n.Ring || plan.Ring, min(n.Lane, plan.Lane)
	}
	return n
}

// fail records what did not come, with whom that concerns.
func (d *Desk) fail(tx *storage.Tx, list []storage.ReminderRow, now time.Time) error {
	owners := map[ownerKey][]mahalla.PersonID{}
	byOwner := map[mahalla.PersonID][]int64{}
	byState := map[storage.ReminderState][]int64{}
	for _, r := range list {
		owner, err := d.ownerOf(tx, r.Reminder, owners, now)
		if err != nil {
			return err
		}
		byState[r.State] = append(byState[r.State], r.ID)
		if owner != 0 {
			byOwner[owner] = append(byOwner[owner], r.ID)
		}
	}
	tx.FinishReminders(byState[storage.ReminderMissed], storage.ReminderMissed, "window", now)
	tx.FinishReminders(byState[storage.ReminderRefused], storage.ReminderRefused, "blocked", now)
	for owner, ids := range byOwner {
		tx.OwnReminders(ids, owner)
	}
	return nil
}

// SettleReminders looks what is to become of reminders whose message was not sent,
// and tells how many that were. A message was dropped because the time of one of
// them was over, or all had lost their point: what is over is missed, and what was
// only beside it comes anew.
func (d *Desk) SettleReminders(tx *storage.Tx, now time.Time) (int, error) {
	list, err := tx.UnsentReminders(mostSettled)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	late := map[int64]bool{}
	for _, r := range list {
		late[r.Outbox] = late[r.Outbox] || !r.Until.After(now)
	}
	fates, err := d.dayFates(tx, list, nil, now)
	if err != nil {
		return 0, err
	}
	var failed []storage.ReminderRow
	var anew []int64
	pointless := map[string][]int64{}
	for _, r := range list {
		next, err := d.successor(tx, r.Reminder, now)
		if err != nil {
			return 0, err
		}
		switch {
		case next != 0 && !r.Refused && r.Until.After(now):
			anew = append(anew, r.ID) // the secretary was replaced while the message waited
		case r.Refused:
			r.State = storage.ReminderRefused
			failed = append(failed, r)
		case !r.Until.After(now):
			r.State = storage.ReminderMissed
			failed = append(failed, r)
		case late[r.Outbox]:
			anew = append(anew, r.ID)
		default:
			cause := fates[r.ID].Cause
			pointless[cause] = append(pointless[cause], r.ID)
		}
	}
	tx.RenewReminders(anew)
	for cause, ids := range pointless {
		tx.FinishReminders(ids, storage.ReminderPointless, cause, now)
	}
	return len(list), d.fail(tx, failed, now)
}

// ReportMissed tells each owner in one message which reminders did not come, and
// tells how many owners that are.
func (d *Desk) ReportMissed(tx *storage.Tx, now time.Time) (int, error) {
	owners, err := tx.UnreportedReminders(mostReported)
	if err != nil || len(owners) == 0 {
		return 0, err
	}
	if owners, err = d.ownedNow(tx, owners, now); err != nil {
		return 0, err
	}
	people := make([]mahalla.PersonID, 0, len(owners))
	for p := range owners {
		people = append(people, p)
	}
	slices.Sort(people)
	recipients, err := tx.Recipients(people)
	if err != nil {
		return 0, err
	}
	for _, p := range people {
		to, ok := recipients[p]
		if !ok {
			continue // it stands in the rows
		}
		ids := owners[p]
		slices.Sort(ids)
		n := mahalla.Notice{Kind: NoticeMissed, To: p, Lane: mahalla.LaneReminder, Args: map[string]string{
			argReminders: joinIDs(ids[:min(len(ids), mostSettled)]), "n": strconv.Itoa(len(ids))}}
		if err := tx.Send(to, n, 0, now, time.Time{}); err != nil {
			return 0, err
		}
	}
	return len(people), nil
}

func idsOf(list []storage.ReminderRow) []int64 {
	ids := make([]int64, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	return ids
}

func joinIDs(ids []int64) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(parts, ",")
}

// splitIDs reads them again; what is no number is left out.
func splitIDs(text string) []int64 {
	var ids []int64
	for part := range strings.SplitSeq(text, ",") {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
