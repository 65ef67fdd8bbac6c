package mahalla

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func clockAt(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, tashkent)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func reminderList(list []Reminder) string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%s %d %s-%s", r.Kind, r.To, r.Due.In(tashkent).Format("02 15:04"), r.Until.In(tashkent).Format("02 15:04")))
	}
	return strings.Join(out, ", ")
}

func TestTheTableOfReminders(t *testing.T) {
	t.Parallel()
	seen := map[ReminderKind]bool{}
	for _, p := range ReminderPlans() {
		if seen[p.Kind] {
			t.Errorf("%s stands there twice", p.Kind)
		}
		seen[p.Kind] = true
		if p.Timer == "" && p.Owner == "" {
			t.Errorf("%s: nobody is told when it is missed", p.Kind)
		}
		if p.Timer != "" && (p.Owner != "" || p.Snooze || p.Stop) {
			t.Errorf("%s is a timer, and more", p.Kind)
		}
		if p.Timer == "" && p.Window == 0 && !p.Firm {
			t.Errorf("%s has no end", p.Kind)
		}
		statutory, meeting := p.Kind.IsStatutory(), strings.HasPrefix(string(p.Kind), "meeting") || strings.HasPrefix(string(p.Kind), "follow")
		if p.Stop && (statutory || meeting) {
			t.Errorf("%s may be stopped", p.Kind)
		}
		if p.Lane < LaneReminder {
			t.Errorf("%s goes before what is urgent", p.Kind)
		}
		if same, ok := ReminderPlanOf(p.Kind); !ok || same != p {
			t.Errorf("%s is not found", p.Kind)
		}
	}
	if _, ok := ReminderPlanOf("hourly"); ok {
		t.Error("there is no hourly reminder")
	}
}

func TestTheRemindersOfAMeeting(t *testing.T) {
	t.Parallel()
	cal := DefaultCalendar(tashkent, nil)
	people := []PersonID{2, 1, 2}
	for _, test := range []struct{ name, now, at, want string }{
		{"all of them, for each once", "2026-11-20 10:00", "2026-11-28 10:00",
			"meeting_3d 1 25 10:00-27 18:00, meeting_1d 1 27 18:00-28 08:00, meeting_2h 1 28 08:00-28 10:00, " +
				"meeting_3d 2 25 10:00-27 18:00, meeting_1d 2 27 18:00-28 08:00, meeting_2h 2 28 08:00-28 10:00"},
		{"what is past is left out", "2026-11-25 10:00", "2026-11-28 10:00",
			"meeting_1d 1 27 18:00-28 08:00, meeting_2h 1 28 08:00-28 10:00, meeting_1d 2 27 18:00-28 08:00, meeting_2h 2 28 08:00-28 10:00"},
		{"a minute more than two hours", "2026-11-28 07:59", "2026-11-28 10:00", "meeting_2h 1 28 08:00-28 10:00, meeting_2h 2 28 08:00-28 10:00"},
		{"it has begun", "2026-11-28 10:00", "2026-11-28 10:00", ""},
		{"two hours before is in the night: the evening before", "2026-11-27 12:00", "2026-11-28 08:30",
			"meeting_1d 1 27 18:00-27 21:00, meeting_2h 1 27 21:00-28 08:30, meeting_1d 2 27 18:00-27 21:00, meeting_2h 2 27 21:00-28 08:30"},
		{"the evening is past: at the end of the night", "2026-11-27 23:00", "2026-11-28 08:30", "meeting_2h 1 28 07:00-28 08:30, meeting_2h 2 28 07:00-28 08:30"},
		{"the night ends too late", "2026-11-27 23:00", "2026-11-28 07:00", ""},
		{"late in the evening", "2026-11-20 10:00", "2026-11-28 23:00",
			"meeting_3d 1 25 21:00-27 18:00, meeting_1d 1 27 18:00-28 21:00, meeting_2h 1 28 21:00-28 23:00, " +
				"meeting_3d 2 25 21:00-27 18:00, meeting_1d 2 27 18:00-28 21:00, meeting_2h 2 28 21:00-28 23:00"},
	} {
		if got := reminderList(MeetingReminders(7, clockAt(t, test.at), people, cal, clockAt(t, test.now))); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestRemindersOfMeetingsNeverLieInTheNightNorAfterTheMeeting(t *testing.T) {
	t.Parallel()
	cal := DefaultCalendar(tashkent, nil)
	now := clockAt(t, "2026-11-20 10:00")
	for step := range 24 * 12 {
		at := now.Add(72*time.Hour + time.Duration(step)*5*time.Minute)
		for back := range 75 {
			from := at.Add(-time.Duration(back) * time.Hour)
			for _, r := range MeetingReminders(1, at, []PersonID{1}, cal, from) {
				if cal.IsQuiet(r.Due) || !r.Due.After(from) || !r.Due.Before(at) || !r.Until.After(r.Due) || r.Until.After(at) {
					t.Fatalf("meeting at %v, planned at %v: %s", at, from, reminderList([]Reminder{r}))
				}
			}
		}
	}
}

func TestAReminderIsOfTheMomentForWhichItWasPlanned(t *testing.T) {
	t.Parallel()
	cal := DefaultCalendar(tashkent, nil)
	for _, moment := range []string{"2026-11-28 10:00", "2026-11-28 23:30", "2026-11-28 07:30", "2026-11-29 08:00"} {
		for _, now := range []string{"2026-11-20 10:00", "2026-11-27 22:30", "2026-11-28 05:00"} {
			at := clockAt(t, moment)
			for _, r := range MeetingReminders(7, at, []PersonID{1}, cal, clockAt(t, now)) {
				if !r.OfMoment(cal, at) {
					t.Errorf("%s of %s planned at %s, for %s: is of another moment", r.Kind, moment, now, r.Due)
				}
				if r.OfMoment(cal, at.Add(26*time.Hour)) {
					t.Errorf("%s of %s: is of another moment too", r.Kind, moment)
				}
			}
		}
	}
}

func TestTheRemindersOfADecision(t *testing.T) {
	t.Parallel()
	cal := DefaultCalendar(tashkent, nil)
	due := clockAt(t, "2026-11-28 15:00")
	for now, want := range map[string]string{
		"2026-11-20 10:00": "follow_3d 1 25 09:00-27 09:00, follow_due 1 28 09:00-29 09:00, follow_late 2 29 09:00-01 09:00",
		"2026-11-25 09:00": "follow_due 1 28 09:00-29 09:00, follow_late 2 29 09:00-01 09:00",
		"2026-11-28 16:00": "follow_late 2 29 09:00-01 09:00",
		"2026-11-29 10:00": "",
	} {
		if got := reminderList(FollowUpReminders(7, due, 1, 2, cal, clockAt(t, now))); got != want {
			t.Errorf("%s: got %s, want %s", now, got, want)
		}
	}
}

func TestTheDaysOfAnAppeal(t *testing.T) {
	t.Parallel()
	filed := clockAt(t, "2026-11-02 10:00") // a Monday; the 15th is a Sunday
	cal := DefaultCalendar(tashkent, nil)
	free := DefaultCalendar(tashkent, []Date{{2026, time.November, 16}, {2026, time.November, 17}})
	for _, test := range []struct {
		name   string
		cal    *Calendar
		change func(*Case)
		now    string
		want   string
	}{
		{"owned", cal, func(*Case) {}, "2026-11-02 11:00", "statutory_10 5 12 09:00-13 09:00, statutory_13 5 14 09:00-15 09:00, statutory_14 5 16 09:00-17 09:00, statutory_15 5 17 09:00-18 00:00"},
		{"an end on days off", free, func(*Case) {}, "2026-11-02 11:00", "statutory_10 5 12 09:00-13 09:00, statutory_14 5 14 09:00-15 09:00, statutory_15 5 18 09:00-19 00:00"},
		{"late", cal, func(*Case) {}, "2026-11-16 11:00", "statutory_15 5 17 09:00-18 00:00"},
		{"too late", cal, func(*Case) {}, "2026-11-18 11:00", ""},
		{"nobody's", cal, func(c *Case) { c.Owner, c.Status = 0, New }, "2026-11-02 11:00", ""},
		{"without a name", cal, func(c *Case) { c.Alias = "7F3" }, "2026-11-02 11:00", ""},
		{"by nobody who is known", cal, func(c *Case) { c.Reporter = -1 }, "2026-11-02 11:00", ""},
		{"closed", cal, func(c *Case) { c.Status = Closed }, "2026-11-02 11:00", ""},
		{"waiting for the reporter", cal, func(c *Case) { c.Status = Waiting }, "2026-11-16 11:00", "statutory_15 5 17 09:00-18 00:00"},
	} {
		c := &Case{ID: 9, Reporter: 1, Owner: 5, Status: Accepted, FiledAt: filed}
		test.change(c)
		if got := reminderList(c.StatutoryReminders(test.cal, clockAt(t, test.now))); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
	c := &Case{ID: 9, Reporter: 1, Owner: 5, Status: Accepted, FiledAt: filed}
	sameTime(t, "the last day is not moved", c.StatutoryMoved(cal), time.Time{})
	sameTime(t, "from a day off", c.StatutoryMoved(free), clockAt(t, "2026-11-17 00:00"))
	for at, want := range map[string]int{"2026-11-11 23:59": 0, "2026-11-12 00:00": 10, "2026-11-17 23:00": 15, "2026-11-18 00:00": 0} {
		if n, counts := c.StatutoryNow(cal, clockAt(t, at)); counts != (want > 0) || counts && n != want {
			t.Errorf("%s: got %d, %v, want %d", at, n, counts, want)
		}
	}
}

func TestWhoStandsAboveACase(t *testing.T) {
	t.Parallel()
	people := Responsibilities{
		{Person: 2, Role: PreventionInspector, Territory: 3, Reach: Reachable}, {Person: 3, Role: SeniorInspector, Territory: 2, Reach: Reachable},
		{Person: 4, Role: DistrictHead, Territory: 1, Reach: Reachable}, {Person: 6, Role: Administrator, Territory: 1, Reach: Blocked}}
	path := []TerritoryID{3, 2, 1}
	c := &Case{Owner: 2, Reporter: 9, Status: Accepted}
	for owner, want := range map[PersonID][]PersonID{2: {3}, 3: {4}, 4: {3}} {
		c.Owner = owner
		if got := c.Supervisors(Ground{Path: path, People: people}); !slices.Equal(got, want) {
			t.Errorf("above %d: got %v, want %v", owner, got, want)
		}
	}
	if got := people.Holder(path, Administrator, DistrictHead); got != 4 {
		t.Errorf("of those within reach: got %d", got)
	}
	if got := people.Holder(path, SocialWorker); got != 0 {
		t.Errorf("nobody: got %d", got)
	}
}

func TestAudiencesAreFoundByTheirRoles(t *testing.T) {
	t.Parallel()
	for _, a := range Audiences() {
		for _, b := range Audiences() {
			both := a.And(b)
			if same, ok := AudienceOf(both.Roles()); !ok || same != both {
				t.Errorf("%s and %s are %s: got %s", a, b, both, same)
			}
		}
	}
	for _, a := range Audiences() {
		if same, ok := AudienceOf(a.Roles()); !ok || same != a {
			t.Errorf("%s: got %s", a, same)
		}
		if slices.Contains(a.Roles(), Resident) || slices.Contains(a.Roles(), DistrictHead) || slices.Contains(a.Roles(), Administrator) {
			t.Errorf("%s reaches too far", a)
		}
	}
	if Audience("all").Roles() != nil {
		t.Error("there is no such audience")
	}
	for _, test := range []struct {
		have, made int
		refused    bool
	}{{0, 0, false}, {9, 4, false}, {10, 0, true}, {0, 5, true}} {
		if err := MayLetRecur(test.have, test.made); (err != nil) != test.refused {
			t.Errorf("%d and %d: got %v", test.have, test.made, err)
		}
	}
}
