package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// The arguments of putting off.
const (
	snoozeHour    = "hour"
	snoozeMorning = "morning"
)

// snoozeUntil is until when a choice puts off.
func (d *Desk) snoozeUntil(arg string, now time.Time) time.Time {
	if arg == snoozeMorning {
		return d.midnight(now).AddDate(0, 0, 1).Add(9 * time.Hour)
	}
	return now.Add(time.Hour).Truncate(time.Minute)
}

// snoozable tells whether a reminder may come at a later moment, and until when it
// is worth sending then.
func snoozable(r storage.ReminderRow, at time.Time) (until time.Time, ok bool) {
	plan, known := mahalla.ReminderPlanOf(r.Kind)
	if !known || !plan.Snooze || plan.Firm && !at.Before(r.Until) {
		return time.Time{}, false
	}
	if plan.Firm {
		return r.Until, true
	}
	return at.Add(plan.Window), true
}

// Snooze puts off the reminders of a message, as far as they may be, and tells
// until when; with no message those that came last. At is a choice of a button, or
// zero where a moment was typed.
func (d *Desk) Snooze(tx *storage.Tx, who *storage.Contact, message int64, arg string, at, now time.Time) (time.Time, error) {
	list, err := remindersIn(tx, who, message)
	if err != nil {
		return at, err
	}
	if at.IsZero() {
		at = d.snoozeUntil(arg, now)
	}
	if d.Calendar().IsQuiet(at) {
		at = d.Calendar().QuietEnd(at)
	}
	if !at.After(now) || at.Sub(now) > mostSnoozed {
		return at, mahalla.Refuse(mahalla.Invalid, "snooze_when")
	}
	moved := false
	for _, r := range list {
		if r.State != storage.ReminderGiven && r.State != storage.ReminderSent && r.State != storage.ReminderWaiting {
			continue
		}
		if until, ok := snoozable(r, at); ok {
			tx.SnoozeReminder(r.ID, at, until)
			moved = true
		}
	}
	if !moved {
		return at, mahalla.Refuse(mahalla.Invalid, "snooze_not")
	}
	return at, nil
}

// mostSnoozed is for how long a reminder may be put off.
const mostSnoozed = 7 * 24 * time.Hour

// Hush keeps what a message reminded of from coming again.
func (d *Desk) Hush(tx *storage.Tx, who *storage.Contact, message int64, now time.Time) error {
	list, err := remindersIn(tx, who, message)
	if err != nil {
		return err
	}
	hushed := false
	for _, r := range list {
		plan, _ := mahalla.ReminderPlanOf(r.Kind)
		if !plan.Stop {
			continue
		}
		about := int64(0)
		if r.Kind == mahalla.RemindCustom {
			about = r.About
		}
		tx.StopReminders(who.ID, r.Kind, about, now)
		hushed = true
	}
	if !hushed {
		return mahalla.Refuse(mahalla.Invalid, "hush_not")
	}
	return nil
}

// remindersIn are those of a message, 0 of the last one.
func remindersIn(tx *storage.Tx, who *storage.Contact, message int64) ([]storage.ReminderRow, error) {
	if message == 0 {
		last, err := tx.LastGiven(who.ID)
		if err != nil {
			return nil, err
		}
		message = last
	}
	list, err := tx.RemindersIn(who.ID, message)
	if err == nil && len(list) == 0 {
		err = mahalla.Refuse(mahalla.NotFound, "remind_gone")
	}
	return list, err
}
