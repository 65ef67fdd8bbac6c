package mahalla

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"
)

// beats writes a ladder as "time kind level", the time without its date where
// it is that of the start.
func beats(l Ladder) []string {
	var lines []string
	for _, b := range l.Beats {
		when := b.At.In(tashkent).Format("02 15:04")
		if DateOf(b.At.In(tashkent)) == DateOf(l.Starts.In(tashkent)) {
			when = when[3:]
		}
		line := fmt.Sprintf("%s %s", when, b.Kind)
		if b.Kind == Step {
			line += fmt.Sprintf(" %d", b.Level)
		}
		lines = append(lines, line)
	}
	return lines
}

// runOut lets a ladder fall n times and more, as time would.
func runOut(l Ladder, cal *Calendar, n int) Ladder {
	for range n {
		if l.Done < len(l.Beats) {
			l.Done++
		}
		l = l.padded(cal)
	}
	return l
}

func TestTheLaddersAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	cal := workday() // Wednesday the 25th is a holiday
	for _, test := range []struct {
		name   string
		class  Class
		now    time.Time
		begin  Level
		falls  int
		starts time.Time
		due    time.Time
		want   []string
	}{
		{
			"urgent runs 24/7: 5, 10; 15, 25, 40; then every 30 at most 4", Urgent,
			at("2026-11-29 02:00"), LevelOfficer, 20, at("2026-11-29 02:00"), at("2026-11-29 02:15"),
			[]string{
				"02:05 nudge", "02:10 nudge", "02:15 step 1", "02:25 step 2", "02:40 step 3",
				"03:10 repeat", "03:40 repeat", "04:10 repeat", "04:40 repeat",
			},
		},
		{
			"ordinary runs in working time: 30, 50; 60, 120, 240; then daily without end", Ordinary,
			monday("10:00"), LevelOfficer, 9, monday("10:00"), monday("11:00"),
			[]string{
				"10:30 nudge", "10:50 nudge", "11:00 step 1", "12:00 step 2", "15:00 step 3",
				"24 15:00 repeat", "26 15:00 repeat", "27 15:00 repeat", "28 15:00 repeat", "30 15:00 repeat",
			},
		},
		{
			"ordinary at night starts in the morning", Ordinary,
			at("2026-11-24 20:00"), LevelOfficer, 0, at("2026-11-26 09:00"), at("2026-11-26 10:00"),
			[]string{"09:30 nudge", "09:50 nudge", "10:00 step 1", "11:00 step 2", "13:00 step 3"},
		},
		{
			"ordinary on Saturday evening goes on on Monday", Ordinary,
			at("2026-11-28 17:30"), LevelOfficer, 0, at("2026-11-28 17:30"), at("2026-11-30 09:30"),
			[]string{"18:00 nudge", "30 09:20 nudge", "30 09:30 step 1", "30 10:30 step 2", "30 12:30 step 3"},
		},
		{
			"a case that begins with the substitute has no step to the substitute, and goes on when its time is over", Urgent,
			monday("10:00"), LevelSubstitute, 0, monday("10:00"), monday("10:15"),
			[]string{"10:05 nudge", "10:10 nudge", "10:15 step 2", "10:40 step 3"},
		},
		{
			"a case that begins with the senior inspector goes on to the heads only, when its time is over", Ordinary,
			monday("10:00"), LevelSenior, 3, monday("10:00"), monday("11:00"),
			[]string{"10:30 nudge", "10:50 nudge", "11:00 step 3", "24 11:00 repeat"},
		},
		{
			"an anonymous case that begins with the senior inspector goes on to nobody", Anonymous,
			monday("10:00"), LevelSenior, 0, monday("10:00"), monday("12:00"),
			[]string{"11:00 nudge", "11:40 nudge"},
		},
		{
			"a case that begins with the sector's head still has the step to the heads, for the district's", Urgent,
			monday("10:00"), LevelHead, 20, monday("10:00"), monday("10:15"),
			[]string{"10:05 nudge", "10:10 nudge", "10:15 step 3", "10:45 repeat", "11:15 repeat", "11:45 repeat", "12:15 repeat"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := DefaultPolicies()[test.class].Freeze(cal, test.now, test.begin)
			sameTime(t, "starts", l.Starts, test.starts)
			sameTime(t, "due", l.Due, test.due)
			same(t, "class", l.Class, test.class)
			sameList(t, "beats", beats(runOut(l, cal, test.falls)), test.want)
		})
	}
}

// What the reporter reads: if nobody accepts until then, the case goes up.
func TestWhereverACaseBeginsItGoesUpWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	for class, policy := range DefaultPolicies() {
		if class == Promise {
			continue // measured from a time that is over
		}
		for begin := LevelOfficer; begin <= LevelHead; begin++ {
			l := policy.Freeze(workday(), monday("10:00"), begin)
			i := slices.IndexFunc(l.Beats, func(b Beat) bool { return b.Kind == Step })
			if same(t, "a step is said to come", l.GoesUp(), i >= 0); i >= 0 {
				sameTime(t, string(class)+" from "+strconv.Itoa(int(begin)), l.Beats[i].At, l.Due)
			}
		}
	}
}

func TestUrgencyChoosesTheClass(t *testing.T) {
	t.Parallel()
	for urgency, want := range map[Urgency]Class{Low: Ordinary, Normal: Ordinary, High: Urgent, Emergency: Urgent} {
		same(t, string(urgency), ClassOf(urgency), want)
	}
}

func TestAFrozenLadderDoesNotMove(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	policies := DefaultPolicies()
	c, _ := File(Filing{Reporter: reporter, Place: thePlace, Category: noise(), Policies: policies, Ground: g, Now: monday("10:00")})
	before := beats(c.Ladder)

	policies[Ordinary].Nudges[0] = WorkingMinutes(1)
	policies[Ordinary].Steps[LevelSenior] = WorkingMinutes(2)
	delete(policies, Urgent)
	g.Calendar = DefaultCalendar(tashkent, []Date{{2026, time.November, 23}})

	sameList(t, "beats", beats(c.Ladder), before)
	c.Escalate(g, monday("11:00"))
	sameList(t, "beats after an hour", beats(c.Ladder), before)
	same(t, "beats fallen", c.Ladder.Done, 3)
	sameTime(t, "next", c.NextBeat(), monday("12:00"))
}

func TestALadderSurvivesStorage(t *testing.T) {
	t.Parallel()
	for class, policy := range DefaultPolicies() {
		l := runOut(policy.Freeze(workday(), monday("10:00").UTC(), LevelOfficer), workday(), 7)
		raw, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var got Ladder
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(beats(got)) != fmt.Sprint(beats(l)) || got.Done != l.Done || got.Left != l.Left || got.Repeat != l.Repeat || got.Class != class {
			t.Errorf("%s:\n got %+v\nwant %+v", class, got, l)
		}
	}
}

func TestAPolicyWithoutRepeatsComesToRest(t *testing.T) {
	t.Parallel()
	cal := workday()
	for name, policy := range map[string]Policy{
		"no policy at all":            {},
		"a repeat after no time":      {Accept: Minutes(5), Steps: map[Level]Span{LevelSenior: Minutes(5)}},
		"repeats after no time":       {Accept: Minutes(5), Nudges: []Span{Minutes(1)}, Times: 3},
		"a repeat that goes back":     {Accept: Minutes(5), Nudges: []Span{Minutes(1)}, Repeat: Minutes(-5)},
		"no working days to wait for": {Accept: WorkingMinutes(5), Repeat: Span{Working: true}},
	} {
		t.Run(name+" comes to rest", func(t *testing.T) {
			t.Parallel()
			l := policy.Freeze(cal, monday("10:00"), LevelOfficer)
			want := len(policy.Nudges) + len(policy.Steps)
			same(t, "beats", len(runOut(l, cal, 10).Beats), want)
		})
	}
}

func TestTheSeniorsTurnComesSoonerForAnOfficerOutOfReach(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		class      Class
		filed, now time.Time
		done       int
		want       []string
	}{
		{
			"urgent: a quarter of an hour by the clock", Urgent, at("2026-11-29 02:00"), at("2026-11-29 02:01"), 0,
			[]string{"02:05 nudge", "02:10 nudge", "02:15 step 1", "02:16 step 2", "02:40 step 3"},
		},
		{
			"ordinary: a quarter of an hour of work, before the nudges", Ordinary, monday("10:00"), monday("10:05"), 0,
			[]string{"10:20 step 2", "10:30 nudge", "10:50 nudge", "11:00 step 1", "15:00 step 3"},
		},
		{
			"ordinary at closing time: the next morning", Ordinary, monday("16:30"), monday("17:50"), 3,
			[]string{"17:00 nudge", "17:20 nudge", "17:30 step 1", "24 09:05 step 2", "24 11:30 step 3"},
		},
		{
			"a turn that comes sooner anyway is not put off", Urgent, monday("10:00"), monday("10:20"), 3,
			[]string{"10:05 nudge", "10:10 nudge", "10:15 step 1", "10:25 step 2", "10:40 step 3"},
		},
		{
			"a turn that has passed does not come again", Urgent, monday("10:00"), monday("10:26"), 4,
			[]string{"10:05 nudge", "10:10 nudge", "10:15 step 1", "10:25 step 2", "10:40 step 3"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := DefaultPolicies()[test.class].Freeze(workday(), test.filed, LevelOfficer)
			l.Done = test.done
			untouched := beats(l)
			got := l.hurried(workday(), test.now)
			sameList(t, "beats", beats(got), test.want)
			same(t, "beats fallen", got.Done, test.done)
			sameList(t, "the ladder it was made of", beats(l), untouched)
		})
	}
}
