package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// On 25 November 2026, a Wednesday, and on Monday 30 November nobody works.
func digestCalendar() *Calendar {
	return DefaultCalendar(tashkent, []Date{{2026, time.November, 25}, {2026, time.November, 30}})
}

func TestWhoGetsWhichDigestAndWhen(t *testing.T) {
	t.Parallel()
	got := map[Role]string{}
	for _, p := range Digests() {
		for _, role := range Roles() {
			if slices.Contains(p.Roles, role) {
				got[role] += fmt.Sprintf("%s %v ", p.Digest, p.Clock)
			}
		}
		if p.Clock < earliestDigest || p.Clock > latestDigest {
			t.Errorf("%s: %v is no time for a digest", p.Digest, p.Clock)
		}
		if same, ok := DigestPlanOf(p.Digest); !ok || same.Clock != p.Clock {
			t.Errorf("%s is not found", p.Digest)
		}
	}
	for role, want := range map[Role]string{
		Resident: "", DutyUnit: "",
		Activist:            "closed 9h0m0s ",
		MahallaChair:        "morning 8h30m0s ",
		SocialWorker:        "morning 8h30m0s ",
		PreventionInspector: "morning 8h30m0s ",
		Substitute:          "morning 8h30m0s ",
		SeniorInspector:     "daily 8h0m0s weekly 8h0m0s ",
		SectorHead:          "daily 8h0m0s weekly 8h0m0s ",
		DistrictHead:        "daily 8h0m0s weekly 8h0m0s coverage 9h0m0s ",
		Administrator:       "coverage 9h0m0s ",
	} {
		same(t, string(role), got[role], want)
	}
	if _, ok := DigestPlanOf("hourly"); ok {
		t.Error("there is no hourly digest")
	}
}

func TestADigestFallsOnWorkingDays(t *testing.T) {
	t.Parallel()
	daily, _ := DigestPlanOf(MorningDigest)
	weekly, _ := DigestPlanOf(WeeklyDigest)
	cal := digestCalendar()
	for _, test := range []struct {
		day           string
		daily, weekly bool
	}{
		{"2026-11-23 08:30", true, true},   // Monday
		{"2026-11-24 08:30", true, false},  // Tuesday
		{"2026-11-25 08:30", false, false}, // a holiday
		{"2026-11-28 08:30", true, false},  // Saturday
		{"2026-11-29 08:30", false, false}, // Sunday
		{"2026-11-30 08:30", false, false}, // a holiday on Monday
		{"2026-12-01 08:30", true, true},   // is made up for on Tuesday
		{"2026-12-02 08:30", true, false},
	} {
		same(t, "daily, "+test.day, daily.Falls(cal, at(test.day)), test.daily)
		same(t, "weekly, "+test.day, weekly.Falls(cal, at(test.day)), test.weekly)
	}
}

func TestADigestIsCaughtUpUntilNoonAndReadWhileItIsFresh(t *testing.T) {
	t.Parallel()
	daily, _ := DigestPlanOf(MorningDigest)
	weekly, _ := DigestPlanOf(WeeklyDigest)
	cal, tick := digestCalendar(), monday("08:30")
	for _, test := range []struct {
		now                string
		open, fresh, weeks bool
	}{
		{"2026-11-23 08:29", false, true, true},
		{"2026-11-23 08:30", true, true, true},
		{"2026-11-23 11:59", true, true, true},
		{"2026-11-23 12:00", false, true, true},
		{"2026-11-23 23:59", false, true, true},
		{"2026-11-24 08:30", false, false, true},
		{"2026-11-29 23:59", false, false, true},
		{"2026-11-30 00:00", false, false, false},
	} {
		now := at(test.now)
		same(t, "open, "+test.now, daily.Open(cal, tick, now), test.open)
		same(t, "fresh, "+test.now, daily.Fresh(cal, tick, now), test.fresh)
		same(t, "fresh for the week, "+test.now, weekly.Fresh(cal, tick, now), test.weeks)
	}
}

func TestTheTimeOfADigestIsTheDistricts(t *testing.T) {
	t.Parallel()
	p, _ := DigestPlanOf(MorningDigest)
	clocks := DigestClocks{MorningDigest: {theDistrict: 9 * time.Hour, theRepublic: 10 * time.Hour}}
	same(t, "in the district", clocks.At(p, thePath()), 9*time.Hour)
	same(t, "elsewhere", clocks.At(p, []TerritoryID{elsewhere, theRepublic}), 10*time.Hour)
	same(t, "where nobody has set it", DigestClocks(nil).At(p, thePath()), p.Clock)
	sameList(t, "all", clocks.All(p), []time.Duration{p.Clock, 9 * time.Hour, 10 * time.Hour})
	for in, want := range map[string]string{
		"07:00": "7h0m0s", "8:30": "8h30m0s", "11:30": "11h30m0s",
		"06:59": "", "11:31": "", "22:00": "", "8": "", "8:3": "", "08:60": "", "": "", "x:30": "", "-8:30": "",
	} {
		got := ""
		if clock, ok := ParseDigestClock(in); ok {
			got = clock.String()
		}
		same(t, in, got, want)
	}
}

func TestWeeksAndWorkingDays(t *testing.T) {
	t.Parallel()
	cal := digestCalendar()
	for day, want := range map[string]string{
		"2026-11-24 08:00": "2026-11-23", "2026-11-26 08:00": "2026-11-24", // over the holiday
		"2026-11-23 08:00": "2026-11-21", "2026-12-01 08:00": "2026-11-28", // over Sunday and the holiday
	} {
		same(t, day, cal.LastWorkingDay(at(day)).Format("2006-01-02"), want)
	}
	var weeks []string
	for _, w := range cal.Weeks(at("2027-01-06 23:59"), 3) {
		weeks = append(weeks, w.Format("2006-01-02"))
	}
	sameList(t, "weeks", weeks, []string{"2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04"})
	sameTime(t, "Sunday", cal.Week(at("2026-11-29 23:59")), at("2026-11-23 00:00"))
	none := &Calendar{Zone: tashkent}
	sameTime(t, "without working days", none.LastWorkingDay(at("2026-11-29 08:00")), at("2026-11-28 00:00"))
}

func TestAMorningSortsEveryCaseOnce(t *testing.T) {
	t.Parallel()
	cal, now := digestCalendar(), monday("08:30")
	work := func(id CaseID, status Status, due, promised string) Work {
		w := Work{Case: id, Status: status, Due: at(due)}
		if promised != "" {
			w.Promised = at(promised)
		}
		return w
	}
	m := MorningOf([]Work{
		work(1, New, "2026-11-23 10:00", ""),
		work(2, New, "2026-11-23 09:30", ""),
		work(3, New, "2026-11-23 08:30", ""), // due in this very moment
		work(4, Accepted, "2026-11-20 10:00", "2026-11-23 18:00"),
		work(5, Accepted, "2026-11-20 10:00", "2026-11-23 13:00"),
		work(6, Accepted, "2026-11-20 10:00", "2026-11-21 13:00"), // broken
		work(7, Accepted, "2026-11-20 10:00", "2026-11-24 00:00"), // tomorrow
		work(8, Accepted, "2026-11-20 10:00", ""),
		work(9, Waiting, "2026-11-20 10:00", "2026-11-21 13:00"), // for the reporter
		work(10, Closed, "2026-11-20 10:00", "2026-11-21 13:00"),
		{Case: 11, Status: Accepted, Resolve: at("2026-11-23 17:00")},
		{Case: 12, Status: Accepted, Resolve: at("2026-11-23 08:00"), Promised: at("2026-11-24 10:00")},
		{Case: 13, Status: Accepted, Resolve: at("2026-11-27 08:00")},
	}, cal, now)
	same(t, "figures", fmt.Sprint(m.New, m.Today, m.Overdue), "2 3 3")
	var order []CaseID
	for _, w := range m.List {
		order = append(order, w.Case)
	}
	sameList(t, "the most pressing first", order, []CaseID{6, 12, 3, 5, 11, 4, 2, 1})
}

func TestADayAddsUpAndShowsTheWorstPlaces(t *testing.T) {
	t.Parallel()
	var d Daily
	same(t, "nothing", d.Nothing(), true)
	d.Stand([]PlaceStanding{
		{Place: 1, Waiting: 5}, {Place: 2, Waiting: 2, Overdue: 2}, {Place: 3, Waiting: 2, Overdue: 1}, {Place: 4, Waiting: 3, Overdue: 1},
		{Place: 3, Secret: true, Waiting: 9, Overdue: 9}, {Place: 5, Secret: true, Waiting: 1}, {Place: 6},
	}, 3)
	same(t, "figures", fmt.Sprint(d.Waiting, d.Overdue), "22 13")
	same(t, "places", fmt.Sprint(d.Places), "[{2 false 2 2} {4 false 3 1} {3 false 2 1}]")
	for _, some := range []Daily{{Waiting: 1}, {Overdue: 1}, {Accepted: 1}, {Closed: 1}, {OutOfReach: 1}} {
		same(t, fmt.Sprint(some), some.Nothing(), false)
	}
	same(t, "eight empty weeks", NoWeeks(make([]WeekFigures, WeeksShown)), true)
	same(t, "one that was closed", NoWeeks([]WeekFigures{{}, {Closed: 1}}), false)
}

func TestGapsInTheCoverage(t *testing.T) {
	t.Parallel()
	place := &Territory{ID: thePlace, Path: thePath()}
	beside := &Territory{ID: elsewhere, Path: []TerritoryID{elsewhere, theDistrict, theRegion, theRepublic}}
	everywhere := func(TerritoryID) bool { return true }
	for _, test := range []struct {
		name                string
		people              Responsibilities
		below               func(TerritoryID) bool
		nobody, noInspector string
		notStarted, blocked string
	}{
		{"nobody at all", nil, everywhere, "[5 6]", "[]", "", ""},
		{"one inspector", Responsibilities{stands(inspector, PreventionInspector, thePlace)}, everywhere, "[6]", "[]", "", ""},
		{"an inspector of the sector", Responsibilities{stands(inspector, PreventionInspector, theSector)}, everywhere, "[6]", "[]", "", ""},
		{"a substitute of the district", Responsibilities{stands(substitute, Substitute, theDistrict)}, everywhere, "[]", "[]", "", ""},
		{"a senior inspector above", Responsibilities{stands(inspector, PreventionInspector, thePlace), stands(senior, SeniorInspector, theDistrict)}, everywhere, "[]", "[6]", "", ""},
		{"an administrator answers nobody", Responsibilities{stands(admin, Administrator, theRepublic)}, everywhere, "[5 6]", "[]", "", ""},
		{"a chair is no inspector", Responsibilities{stands(chair, MahallaChair, theDistrict)}, everywhere, "[]", "[5 6]", "", ""},
		{"out of reach", silenced(staff(), inspector, substitute), everywhere, "[]", "[5 6]", "", "[11 13]"},
		{"of somebody else's people nothing is told", silenced(staff(), inspector, senior), func(node TerritoryID) bool { return node == thePlace }, "[]", "[6]", "", "[11]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := GapsOf([]*Territory{place, beside}, test.below, test.people)
			same(t, "nobody", fmt.Sprint(g.Nobody), test.nobody)
			same(t, "no inspector", fmt.Sprint(g.NoInspector), test.noInspector)
			same(t, "not started", names(g.NotStarted), test.notStarted)
			same(t, "blocked", names(g.Blocked), test.blocked)
		})
	}
	twice := stands(inspector, PreventionInspector, thePlace)
	twice.Reach = NotStarted
	higher, resident := twice, stands(reporter, Activist, thePlace)
	higher.Role, higher.Territory, resident.Reach = SeniorInspector, theDistrict, Blocked
	g := GapsOf(nil, everywhere, Responsibilities{twice, higher, resident})
	same(t, "each once, and activists have no duty", fmt.Sprint(g.NotStarted, g.Blocked), "[{11 senior_inspector 3 not_started false false}] []")
	same(t, "counted", Responsibilities{twice, higher, resident}.OutOfReach(), 1)
	same(t, "nothing", Gaps{}.Nothing(), true)
	same(t, "something", g.Nothing(), false)
}

func names(list []Responsibility) string {
	if len(list) == 0 {
		return ""
	}
	var ids []PersonID
	for _, r := range list {
		ids = append(ids, r.Person)
	}
	slices.Sort(ids)
	return fmt.Sprint(ids)
}

func TestForWhichPlacesAPersonGetsADigest(t *testing.T) {
	t.Parallel()
	p, _ := DigestPlanOf(DailyDigest)
	now := monday("08:00")
	list := []Membership{
		{Role: SeniorInspector, Territory: theSector, From: now}, {Role: SectorHead, Territory: theSector, From: now},
		{Role: PreventionInspector, Territory: thePlace, From: now},
		{Role: DistrictHead, Territory: theDistrict, From: now.Add(time.Minute)},
		{Role: DistrictHead, Territory: elsewhere, From: now.Add(-time.Hour), Until: now},
	}
	sameList(t, "places", p.For(list, now), []TerritoryID{theSector})
	same(t, "who is an officer too", HiddenInDigests(list, now), OfficerComplaint)
	same(t, "who was one", HiddenInDigests([]Membership{{Role: PreventionInspector, From: now.Add(-time.Hour), Until: now}}, now), "")
	same(t, "others", HiddenInDigests(list[:2], now), "")
	if slices.Contains(TellsActivists(), Confidential) || slices.Contains(TellsActivists(), Secret) {
		t.Error("activists read of what is confidential")
	}
}
