package mahalla

import (
	"slices"
	"time"
)

// ReminderKind is what a reminder is about, and which moment of it.
type ReminderKind string

// The kinds of reminders.
const (
	RemindMeeting3d   ReminderKind = "meeting_3d"
	RemindMeeting1d   ReminderKind = "meeting_1d"
	RemindMeeting2h   ReminderKind = "meeting_2h"
	RemindFollow3d    ReminderKind = "follow_3d"
	RemindFollowDue   ReminderKind = "follow_due"
	RemindFollowLate  ReminderKind = "follow_late"
	RemindPromise     ReminderKind = "promise"
	RemindResolution  ReminderKind = "resolution"
	RemindStatutory10 ReminderKind = "statutory_10"
	RemindStatutory13 ReminderKind = "statutory_13"
	RemindStatutory14 ReminderKind = "statutory_14"
	RemindStatutory15 ReminderKind = "statutory_15"
	RemindThursday    ReminderKind = "thursday"
	RemindQuarterly   ReminderKind = "quarterly"
	RemindCustom      ReminderKind = "custom"
)

// OfMeeting tells whether a reminder is about a meeting to come.
func (k ReminderKind) OfMeeting() bool {
	return k == RemindMeeting3d || k == RemindMeeting1d || k == RemindMeeting2h
}

// NoticeRemind is a message with one or several reminders in it.
const NoticeRemind NoticeKind = "remind"

// ReminderOwner is who is told of reminders that were missed.
type ReminderOwner string

// The owners of reminders.
const (
	OwnerSecretary     ReminderOwner = "secretary"     // of the meeting's commission
	OwnerSenior        ReminderOwner = "senior"        // above the case
	OwnerAdministrator ReminderOwner = "administrator" // above the place of whoever was not told
	OwnerAuthor        ReminderOwner = "author"        // the head who has written it
)

// ReminderPlan is one row of the table of reminders.
type ReminderPlan struct {
	Kind   ReminderKind
	Days   int           // from the moment or the day that it is about
	Before time.Duration // and before the moment
	Clock  time.Duration // since midnight; SameTime: that of the moment
	Window time.Duration // for how long it is worth sending, where nothing else ends it
	Ring   bool          // with sound
	Snooze bool          // may be put off
	Firm   bool          // but never beyond its window
	Stop   bool          // a reader may have no more of them
	Lane   Lane
	Owner  ReminderOwner
	Timer  TimerKind // of the case, which serves it; else it is a row of its own
}

// SameTime is the clock of a reminder that comes at the time of day of what it is
// about.
const SameTime = time.Duration(-1)

const (
	day       = 24 * time.Hour
	atNine    = 9 * time.Hour
	atEvening = 18 * time.Hour
)

// ReminderPlans is the table of reminders.
func ReminderPlans() []ReminderPlan {
	return []ReminderPlan{
		{Kind: RemindMeeting3d, Days: -3, Clock: SameTime, Ring: true, Snooze: true, Firm: true, Lane: LaneReminder, Owner: OwnerSecretary},
		{Kind: RemindMeeting1d, Days: -1, Clock: atEvening, Ring: true, Snooze: true, Firm: true, Lane: LaneReminder, Owner: OwnerSecretary},
		{Kind: RemindMeeting2h, Before: 2 * time.Hour, Clock: SameTime, Ring: true, Firm: true, Lane: LaneReminder, Owner: OwnerSecretary},
		{Kind: RemindFollow3d, Days: -3, Clock: atNine, Window: 2 * day, Ring: true, Snooze: true, Lane: LaneReminder, Owner: OwnerSecretary},
		{Kind: RemindFollowDue, Clock: atNine, Window: day, Ring: true, Snooze: true, Lane: LaneReminder, Owner: OwnerSecretary},
		{Kind: RemindFollowLate, Days: 1, Clock: atNine, Window: 2 * day, Ring: true, Snooze: true, Lane: LaneReminder, Owner: OwnerSecretary},
		{Kind: RemindPromise, Ring: true, Lane: LaneReminder, Timer: TimerPromise},
		{Kind: RemindResolution, Lane: LaneReminder, Timer: TimerResolution},
		{Kind: RemindStatutory10, Days: 10, Clock: atNine, Window: day, Snooze: true, Lane: LaneReminder, Owner: OwnerSenior},
		{Kind: RemindStatutory13, Days: 13, Clock: atNine, Window: day, Ring: true, Snooze: true, Lane: LaneReminder, Owner: OwnerSenior},
		{Kind: RemindStatutory14, Days: 14, Clock: atNine, Window: day, Ring: true, Snooze: true, Lane: LaneReminder, Owner: OwnerSenior},
		{Kind: RemindStatutory15, Days: 15, Clock: atNine, Window: day - atNine, Ring: true, Snooze: true, Firm: true, Lane: LaneReminder, Owner: OwnerSenior},
		{Kind: RemindThursday, Clock: atNine, Window: 9 * time.Hour, Snooze: true, Stop: true, Lane: LaneBroadcast, Owner: OwnerAdministrator},
		{Kind: RemindQuarterly, Clock: atNine, Window: day, Snooze: true, Stop: true, Lane: LaneBroadcast, Owner: OwnerAdministrator},
		{Kind: RemindCustom, Window: 12 * time.Hour, Ring: true, Snooze: true, Stop: true, Lane: LaneBroadcast, Owner: OwnerAuthor},
	}
}

// ReminderPlanOf finds the row of a kind.
func ReminderPlanOf(kind ReminderKind) (ReminderPlan, bool) {
	for _, p := range ReminderPlans() {
		if p.Kind == kind {
			return p, true
		}
	}
	return ReminderPlan{}, false
}

// planOf is the row of a kind that is surely in the table.
func planOf(kind ReminderKind) ReminderPlan {
	p, _ := ReminderPlanOf(kind)
	return p
}

// Reminder is one message that is to come to one person about one moment of a
// matter. Kind, matter, moment and person are it: each such comes once.
type Reminder struct {
	ID    int64
	Kind  ReminderKind
	About int64 // meeting, decision, case or recurring reminder
	To    PersonID
	Due   time.Time
	Until time.Time // from then on it is not worth sending
}

// At is the moment of a reminder about a moment.
func (p ReminderPlan) At(cal *Calendar, about time.Time) time.Time {
	if p.Clock != SameTime {
		return cal.midnight(about, p.Days).Add(p.Clock)
	}
	return about.AddDate(0, 0, p.Days).Add(-p.Before)
}

// eveningBefore is how long before the quiet hours something comes that would
// fall into them.
const eveningBefore = time.Hour

// AwayFromQuiet moves a moment out of the quiet hours: to the evening before
// them, or if that is past to their end. It is not moved beyond a limit; then
// there is no moment for it.
func (c *Calendar) AwayFromQuiet(t, now, limit time.Time) (time.Time, bool) {
	if !c.IsQuiet(t) {
		return t, true
	}
	end := c.QuietEnd(t)
	evening := c.quietBegan(t).Add(-eveningBefore)
	switch {
	case evening.After(now):
		return evening, true
	case end.Before(limit) && end.After(now):
		return end, true
	}
	return t, false
}

// QuietEnd is when the quiet hours end in which t lies; t itself outside them.
func (c *Calendar) QuietEnd(t time.Time) time.Time {
	if !c.IsQuiet(t) {
		return t
	}
	if end := c.midnight(t, 0).Add(c.Quiet.To); end.After(t) {
		return end
	}
	return c.midnight(t, 1).Add(c.Quiet.To)
}

// quietBegan is when the quiet hours began in which t lies.
func (c *Calendar) quietBegan(t time.Time) time.Time {
	if began := c.midnight(t, 0).Add(c.Quiet.From); !began.After(t) {
		return began
	}
	return c.midnight(t, -1).Add(c.Quiet.From)
}

// OfMoment tells whether a reminder of a meeting is one of a moment, and not of another
// at which the meeting was to be before.
func (r Reminder) OfMoment(cal *Calendar, at time.Time) bool {
	due := planOf(r.Kind).At(cal, at)
	if !cal.IsQuiet(due) {
		return r.Due.Equal(due)
	}
	return r.Due.Equal(cal.QuietEnd(due)) || r.Due.Equal(cal.quietBegan(due).Add(-eveningBefore))
}

// MeetingReminders are those of a meeting at a moment: three days before at the
// same time, the day before in the evening, and two hours before. What is past is
// left out; each is worth sending until the next one comes, the last until the
// meeting begins.
func MeetingReminders(about int64, at time.Time, people []PersonID, cal *Calendar, now time.Time) []Reminder {
	var moments []Reminder
	for _, kind := range []ReminderKind{RemindMeeting3d, RemindMeeting1d, RemindMeeting2h} {
		due := planOf(kind).At(cal, at)
		if !due.After(now) {
			continue
		}
		if due, ok := cal.AwayFromQuiet(due, now, at); ok {
			moments = append(moments, Reminder{Kind: kind, About: about, Due: due})
		}
	}
	for i := range moments {
		moments[i].Until = at
		if i+1 < len(moments) && moments[i+1].Due.After(moments[i].Due) {
			moments[i].Until = moments[i+1].Due
		}
	}
	return forEach(moments, people)
}

// FollowUpReminders are those of a decision that somebody is to carry out by a
// day: to that person three days before and on the day, and to the secretary on
// the day after. What is past is left out.
func FollowUpReminders(about int64, due time.Time, responsible, secretary PersonID, cal *Calendar, now time.Time) []Reminder {
	var list []Reminder
	for _, kind := range []ReminderKind{RemindFollow3d, RemindFollowDue, RemindFollowLate} {
		plan, to := planOf(kind), responsible
		if kind == RemindFollowLate {
			to = secretary
		}
		if at := plan.At(cal, due); at.After(now) {
			list = append(list, Reminder{Kind: kind, About: about, To: to, Due: at, Until: at.Add(plan.Window)})
		}
	}
	return list
}

// forEach gives each person a copy of reminders.
func forEach(list []Reminder, people []PersonID) []Reminder {
	var all []Reminder
	for _, p := range slices.Compact(slices.Sorted(slices.Values(people))) {
		for _, r := range list {
			r.To = p
			all = append(all, r)
		}
	}
	return all
}

// lateReminder is from when on a reminder says that it should have come earlier.
const lateReminder = 15 * time.Minute

// LateReminder tells whether a reminder comes so late that it says so.
func LateReminder(wanted, now time.Time) bool { return now.Sub(wanted) >= lateReminder }
