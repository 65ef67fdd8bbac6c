package scheduler

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// yearBegins and yearEnds hold 366 days between them, 29 February 2028 among them.
var (
	yearBegins = time.Date(2027, 12, 20, 12, 0, 0, 0, locales.Tashkent())
	yearEnds   = yearBegins.AddDate(0, 0, 366)
)

// freeDays are the holidays of that year, month ends among them.
var freeDays = []string{"2027-12-31", "2028-01-01", "2028-01-03", "2028-01-04", "2028-02-26", "2028-02-28", "2028-03-08", "2028-03-21", "2028-03-31",
	"2028-05-09", "2028-05-31", "2028-06-10", "2028-07-10", "2028-09-01", "2028-09-30", "2028-10-02", "2028-12-08"}

// yearRules are what recurs in that year. The plain choices say what they are in
// words of the test as well, for it does not ask the program.
var yearRules = []struct {
	name string
	rule mahalla.Recurrence
	want oracle
}{
	{"every Monday", cronRule("0 9 * * 1"), oracle{cron: "0 9 * * 1"}},
	{"Monday or the 13th", cronRule("0 9 13 * 1"), oracle{cron: "0 9 13 * 1"}},
	{"29 February", cronRule("0 10 29 2 *"), oracle{cron: "0 10 29 2 *"}},
	{"the 31st", cronRule("0 10 31 * *"), oracle{cron: "0 10 31 * *"}},
	{"the 30th, before holidays", with(cronRule("0 10 30 * *"), mahalla.HolidayBefore, false), oracle{cron: "0 10 30 * *", holidays: "before"}},
	{"the 31st, after days off", with(cronRule("0 10 31 * *"), mahalla.HolidayAfter, true), oracle{cron: "0 10 31 * *", holidays: "after", daysOff: true}},
	{"the 1st, not on days off", with(cronRule("0 9 1 * *"), mahalla.HolidaySkip, true), oracle{cron: "0 9 1 * *", holidays: "skip", daysOff: true}},
	{"every third day of quarters", cronRule("0 9 */3 1,4,7,10 *"), oracle{cron: "0 9 */3 1,4,7,10 *"}},
	{"twice a day at weekends", cronRule("0 9,21 * * 0,6"), oracle{cron: "0 9,21 * * 0,6"}},
	{"in the night", cronRule("30 23 * * 5"), oracle{cron: "30 23 * * 5"}},
	{"a span of days with a step", cronRule("0 9 10-20/5 2-12/2 *"), oracle{cron: "0 9 10-20/5 2-12/2 *"}},
	{"never", cronRule("0 9 31 2 *"), oracle{cron: "0 9 31 2 *"}},
	{"working days", mahalla.EachWorkingDay(9 * time.Hour), oracle{cron: "0 9 * * *", holidays: "skip", daysOff: true}},
	{"weekly, after holidays", with(mahalla.Weekly(time.Friday, 9*time.Hour), mahalla.HolidayAfter, false), oracle{cron: "0 9 * * 5", holidays: "after"}},
	{"every other Saturday", mahalla.EveryOther(time.Saturday, 10*time.Hour, mahalla.Date{Year: 2027, Month: time.December, Day: 27}),
		oracle{cron: "0 10 * * 6", other: "2027-12-27"}},
	{"second Saturday, before holidays", with(mahalla.NthOfMonth(2, time.Saturday, 10*time.Hour), mahalla.HolidayBefore, false),
		oracle{cron: "0 10 * * 6", nth: 2, holidays: "before"}},
	{"last Tuesday", mahalla.NthOfMonth(mahalla.LastOfMonth, time.Tuesday, 10*time.Hour), oracle{cron: "0 10 * * 2", nth: -1}},
	{"last working day", mahalla.LastWorkingDayOf(18 * time.Hour), oracle{cron: "0 18 * * *", lastWorking: true}},
	{"monthly on the 10th, before", with(mahalla.Monthly(10, 9*time.Hour), mahalla.HolidayBefore, true),
		oracle{cron: "0 9 10 * *", holidays: "before", daysOff: true}},
	{"Thursdays but two", func() mahalla.Recurrence {
		r := cronRule("0 9 * * 4")
		r.Except = []mahalla.Date{{Year: 2028, Month: time.February, Day: 24}, {Year: 2028, Month: time.March, Day: 30}}
		return r
	}(), oracle{cron: "0 9 * * 4", except: []string{"2028-02-24", "2028-03-30"}}},
	{"once", mahalla.At(time.Date(2028, 2, 29, 9, 0, 0, 0, locales.Tashkent())), oracle{once: "2028-02-29 09:00"}},
}

func cronRule(expression string) mahalla.Recurrence { return mahalla.Recurrence{Cron: expression} }

func with(r mahalla.Recurrence, rule mahalla.HolidayRule, daysOff bool) mahalla.Recurrence {
	r.Holidays, r.DaysOff = rule, daysOff
	return r
}

// oracle says the same as a rule in another way, and is reckoned by trying every
// minute: it shares no code with the program.
type oracle struct {
	cron        string
	holidays    string
	daysOff     bool
	nth         int
	other       string
	lastWorking bool
	shift       int
	except      []string
	once        string
}

// matches tells whether a number fits a field of a cron expression.
func matches(field string, n, lowest int) bool {
	for part := range strings.SplitSeq(field, ",") {
		span, step, stepped := strings.Cut(part, "/")
		every := 1
		if stepped {
			every, _ = strconv.Atoi(step)
		}
		from, to := lowest, 99
		if span != "*" {
			a, b, ranged := strings.Cut(span, "-")
			from, _ = strconv.Atoi(a)
			if to = from; ranged {
				to, _ = strconv.Atoi(b)
			}
		}
		if n >= from && n <= to && (n-from)%every == 0 {
			return true
		}
	}
	return false
}

func dayText(t time.Time) string { return t.Format("2006-01-02") }

func isFree(t time.Time) bool { return slices.Contains(freeDays, dayText(t)) }

func works(t time.Time) bool { return t.Weekday() != time.Sunday && !isFree(t) }

// moments tries every minute of every day between two moments, and some around
// them that may be moved in.
func (o oracle) moments(from, to time.Time) map[time.Time]bool {
	found := map[time.Time]bool{}
	if o.once != "" {
		at, _ := time.ParseInLocation("2006-01-02 15:04", o.once, from.Location())
		return map[time.Time]bool{at: true}
	}
	fields := strings.Fields(o.cron)
	for day := time.Date(from.Year(), from.Month(), from.Day()-30, 0, 0, 0, 0, from.Location()); day.Before(to.AddDate(0, 0, 30)); day = day.AddDate(0, 0, 1) {
		dom, dow := matches(fields[2], day.Day(), 1), matches(fields[4], int(day.Weekday()), 0)
		fits := dom && dow
		if !strings.HasPrefix(fields[2], "*") && !strings.HasPrefix(fields[4], "*") {
			fits = dom || dow
		}
		if !fits || !matches(fields[3], int(day.Month()), 1) || !o.counts(day) {
			continue
		}
		moved, comes := o.moved(day.AddDate(0, 0, o.shift))
		if !comes {
			continue
		}
		for minute := range 24 * 60 {
			if matches(fields[1], minute/60, 0) && matches(fields[0], minute%60, 0) {
				if at := moved.Add(time.Duration(minute) * time.Minute); at.After(from) && !at.After(to) {
					found[at] = true
				}
			}
		}
	}
	return found
}

func (o oracle) counts(day time.Time) bool {
	if o.nth > 0 {
		n := 0
		for d := 1; d <= day.Day(); d++ {
			if time.Date(day.Year(), day.Month(), d, 0, 0, 0, 0, day.Location()).Weekday() == day.Weekday() {
				n++
			}
		}
		return n == o.nth
	}
	if o.nth < 0 {
		return day.AddDate(0, 0, 7).Month() != day.Month()
	}
	if o.other != "" {
		monday, _ := time.ParseInLocation("2006-01-02", o.other, day.Location()) // a Monday
		weeks := 0
		for monday.After(day) {
			monday, weeks = monday.AddDate(0, 0, -7), weeks+1
		}
		for !monday.AddDate(0, 0, 7).After(day) {
			monday, weeks = monday.AddDate(0, 0, 7), weeks+1
		}
		return weeks%2 == 0
	}
	if o.lastWorking {
		last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, day.Location())
		for !works(last) {
			last = last.AddDate(0, 0, -1)
		}
		return last.Equal(day)
	}
	return true
}

func (o oracle) moved(day time.Time) (time.Time, bool) {
	if slices.Contains(o.except, dayText(day)) {
		return day, false
	}
	if isFree(day) || o.daysOff && !works(day) {
		step := map[string]int{"before": -1, "after": 1}[o.holidays]
		if o.holidays == "skip" {
			return day, false
		}
		for step != 0 && !works(day) {
			day = day.AddDate(0, 0, step)
		}
	}
	return day, !slices.Contains(o.except, dayText(day))
}

// quiet is when something comes that is due in the night.
func quiet(at time.Time) time.Time {
	at = at.In(locales.Tashkent())
	switch {
	case at.Hour() >= 22:
		return time.Date(at.Year(), at.Month(), at.Day()+1, 7, 0, 0, 0, at.Location())
	case at.Hour() < 7:
		return time.Date(at.Year(), at.Month(), at.Day(), 7, 0, 0, 0, at.Location())
	}
	return at
}

// year is a stage on which a year goes by.
type year struct {
	*stage
	catalogue *locales.Catalogue
	stems     *locales.Stems
	rules     map[int64]int // which of yearRules a row is
}

// restarted is a replica that knows nothing but what is stored.
func (y *year) restarted() *Scheduler {
	r := &Scheduler{DB: y.db, Acks: y.acks, Desk: casework.NewDesk(y.catalogue, y.stems, y.acks),
		Now: func() time.Time { return y.now }, Log: slog.New(slog.NewTextHandler(y.said, nil))}
	y.must(r.Refresh(y.ctx))
	return r
}

var errKilled = errors.New("killed before the commit")

// killed is a replica that dies in the middle of its work.
func (y *year) killed(r *Scheduler) {
	for _, step := range []func(*storage.Tx) error{
		func(tx *storage.Tx) error { _, err := r.Desk.Recur(tx, 2, y.now); return err },
		func(tx *storage.Tx) error { _, err := r.Desk.Remind(tx, 2, y.now); return err },
	} {
		err := y.db.InTx(y.ctx, func(tx *storage.Tx) error { return errors.Join(step(tx), errKilled) })
		if !errors.Is(err, errKilled) {
			y.Fatal(err)
		}
	}
}

func newYear(t *testing.T) *year {
	t.Helper()
	y := &year{stage: newStage(t, storagetest.Redis(t)), rules: map[int64]int{}}
	y.now = yearBegins
	var err error
	y.catalogue, err = locales.Load()
	y.must(err)
	y.stems, err = locales.EmergencyStems()
	y.must(err)
	head := y.person(9, mahalla.DistrictHead)
	y.exec("DELETE FROM holidays")
	for _, free := range freeDays {
		y.exec("INSERT INTO holidays (day, kind, name_uz_latn, name_ru) VALUES ($1::date, 'test', 'x', 'x')", free)
	}
	y.exec("UPDATE memberships SET valid_from = $1", yearBegins.AddDate(0, 0, -1))
	y.exec("UPDATE reference SET version = version + 1")
	y.must(y.db.InTx(y.ctx, func(tx *storage.Tx) error {
		for i, one := range yearRules {
			r := &storage.Recurring{Kind: mahalla.RemindCustom, Author: head.ID, State: storage.RecurringOn, Rule: one.rule,
				Roles: mahalla.ToInspectors.Roles(), Place: mahalla.RootTerritory, Texts: map[mahalla.Language]string{mahalla.UzLatn: "x"}, Created: y.now}
			if err := tx.SaveRecurring(r); err != nil {
				return err
			}
			y.rules[r.ID] = i
		}
		return nil
	}))
	return y
}

// pass lets the year go by: two replicas at once at every moment that something
// falls due, a restart at each midnight, and one replica that dies on the way.
func (y *year) pass() (days int) {
	y.Helper()
	one, two := y.restarted(), y.restarted()
	y.remind(one, two)
	midnight := time.Date(y.now.Year(), y.now.Month(), y.now.Day()+1, 0, 0, 0, 0, y.now.Location())
	for y.now.Before(yearEnds) {
		next, err := one.NextReminder(y.ctx)
		y.must(err)
		if next.IsZero() || next.After(midnight) {
			next = midnight
		}
		if next.After(yearEnds) {
			break
		}
		if y.now = next; next.Equal(midnight) {
			one, two = y.restarted(), y.restarted()
			midnight, days = midnight.AddDate(0, 0, 1), days+1
		}
		if days%3 == 0 {
			y.killed(one)
		}
		y.remind(one, two)
		y.exec("UPDATE outbox SET state = 2, finished_at = now() WHERE state = 0")
	}
	y.now = yearEnds
	y.remind(one, two)
	return days
}

// given lists what was given, by rule, person and moment, and how often.
func (y *year) given() map[string]int {
	y.Helper()
	rows, err := y.conn.Query(y.ctx, `
		SELECT reminders.kind, about_id, reminders.person_id, due_at, outbox.created_at, reminders.state
		FROM reminders LEFT JOIN outbox ON outbox.id = outbox_id WHERE due_at <= $1`, yearEnds)
	y.must(err)
	defer rows.Close()
	got := map[string]int{}
	for rows.Next() {
		var kind, state string
		var about, person int64
		var due time.Time
		var at *time.Time
		y.must(rows.Scan(&kind, &about, &person, &due, &at, &state))
		due = due.In(yearBegins.Location())
		name := fmt.Sprintf("%s %d", kind, about)
		if i, ok := y.rules[about]; ok {
			name = yearRules[i].name
		}
		if state == "waiting" && quiet(due).After(yearEnds) {
			continue
		}
		if at == nil || !at.Equal(quiet(due)) || state != "given" && state != "sent" {
			y.Errorf("%s for %d at %v: %s, given at %v", name, person, due, state, at)
		}
		got[fmt.Sprintf("%s | %d | %s", name, person, due.Format("2006-01-02 15:04"))]++
	}
	return got
}

func TestOverAYearEveryReminderFallsOnceWhereAnIndependentReckoningSays(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	if days := y.pass(); days != 366 {
		t.Errorf("%d days went by, want 366", days)
	}
	want := map[string]bool{}
	expect := func(name string, o oracle, people ...mahalla.PersonID) {
		for at := range o.moments(yearBegins, yearEnds) {
			for _, p := range people {
				want[fmt.Sprintf("%s | %d | %s", name, p, at.Format("2006-01-02 15:04"))] = true
			}
		}
	}
	for _, one := range yearRules {
		expect(one.name, one.want, y.inspector.ID)
	}
	expect("thursday 1", oracle{cron: "0 9 * * 4", holidays: "before"}, y.inspector.ID)
	for id, shift := range map[int]int{2: -10, 3: -3, 4: 0} {
		expect(fmt.Sprintf("quarterly %d", id), oracle{cron: "0 9 10 1,4,7,10 *", shift: shift, holidays: "before", daysOff: true}, y.inspector.ID)
	}
	got := y.given()
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] != 1 {
			t.Errorf("%s: %d times, want once", key, got[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if !want[key] {
			t.Errorf("%s: was not to come", key)
		}
	}
	if n := len(want); n < 700 {
		t.Errorf("only %d were to come: the looking is blind", n)
	}
	messages := y.number("SELECT count(*) FROM outbox WHERE kind = 'remind'")
	bundles := y.number("SELECT count(DISTINCT outbox_id) FROM reminders WHERE outbox_id IS NOT NULL")
	if messages != bundles {
		t.Errorf("%d messages, and %d of them hold reminders", messages, bundles)
	}
	t.Logf("%d reminders in %d messages", len(got), messages)
}
