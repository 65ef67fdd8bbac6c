package mahalla

import (
	"fmt"
	"slices"
	"testing"
)

// route writes a route as "level role territory people".
func route(r Route) string {
	var people []PersonID
	for _, p := range r.People {
		people = append(people, p.Person)
	}
	return fmt.Sprintf("%d %s %d %v", r.Level, r.Role, r.Territory, people)
}

func TestReportsFindTheirOfficer(t *testing.T) {
	t.Parallel()
	social := Category{Code: "social_help", Primary: SocialWorker}
	head := Category{Code: "heads_first", Primary: DistrictHead}
	stranger := stands(19, PreventionInspector, elsewhere)
	for _, test := range []struct {
		name     string
		category Category
		path     []TerritoryID
		people   Responsibilities
		want     string
	}{
		{"the most specific place wins", noise(), thePath(), append(staff(),
			stands(21, PreventionInspector, theSector), stands(22, PreventionInspector, theDistrict)), "0 prevention_inspector 5 [11]"},
		{"without an inspector the sector's answers", noise(), thePath(), Responsibilities{
			stands(22, PreventionInspector, theDistrict), stands(21, PreventionInspector, theSector)}, "0 prevention_inspector 4 [21]"},
		{"without a sector's the district's answers", noise(), thePath(), Responsibilities{
			stands(23, PreventionInspector, theRepublic), stands(22, PreventionInspector, theDistrict)}, "0 prevention_inspector 3 [22]"},
		{"without a district's the root's answers", noise(), thePath(), Responsibilities{
			stranger, stands(23, PreventionInspector, theRepublic)}, "0 prevention_inspector 1 [23]"},
		{"two who hold the place are both told", noise(), thePath(), append(staff(),
			stands(colleague, PreventionInspector, thePlace)), "0 prevention_inspector 5 [11 12]"},
		{"an inspector of another mahalla is not told", noise(), thePath(), append(without(staff(), inspector, substitute), stranger),
			"2 senior_inspector 3 [14]"},
		{"an inspector of the district comes before the substitute of the place", noise(), thePath(), append(without(staff(), inspector),
			stands(22, PreventionInspector, theDistrict)), "0 prevention_inspector 3 [22]"},
		{"a vacancy goes to the substitute", noise(), thePath(), without(staff(), inspector), "1 substitute 5 [13]"},
		{"without a substitute to the senior inspector", noise(), thePath(), without(staff(), inspector, substitute), "2 senior_inspector 3 [14]"},
		{"without a senior to the head of the sector", noise(), thePath(), without(staff(), inspector, substitute, senior), "3 sector_head 4 [15]"},
		{"without a sector to the head of the district", noise(), thePath(), without(staff(), inspector, substitute, senior, sectorHead),
			"3 district_head 3 [16]"},
		{"without officers to the administrator", noise(), thePath(), Responsibilities{stands(admin, Administrator, theRepublic)},
			"4 administrator 1 [17]"},
		{"an unknown place falls to the root", noise(), []TerritoryID{99, theRepublic}, append(staff(),
			stands(23, PreventionInspector, theRepublic)), "0 prevention_inspector 1 [23]"},
		{"an unknown place that only knows its district goes to whoever stands there", noise(),
			[]TerritoryID{theDistrict, theRegion, theRepublic}, staff(), "2 senior_inspector 3 [14]"},
		{"nobody anywhere is still a route", noise(), thePath(), nil, "4 administrator 1 []"},
		{"no path at all is still a route", noise(), nil, staff(), "4 administrator 1 []"},
		{"officers out of reach are found too", noise(), thePath(), silenced(staff(), inspector), "0 prevention_inspector 5 [11]"},
		{"another role answers first where the place has it", social, thePath(), append(staff(),
			stands(31, SocialWorker, theSector)), "0 social_worker 4 [31]"},
		{"another role that nobody has falls to the inspector", social, thePath(), staff(), "0 prevention_inspector 5 [11]"},
		{"a role further up may answer first too", head, thePath(), staff(), "3 district_head 3 [16]"},
		{"a role that never answers falls to the inspector", Category{Primary: Activist}, thePath(), append(staff(),
			stands(31, Activist, thePlace)), "0 prevention_inspector 5 [11]"},
		{"an unknown role falls to the inspector", Category{Primary: "womens_inspector"}, thePath(), staff(), "0 prevention_inspector 5 [11]"},
		{"a complaint starts one level up", complaint(), thePath(), staff(), "2 senior_inspector 3 [14]"},
		{"a complaint without a senior goes to the heads", complaint(), thePath(), without(staff(), senior), "3 sector_head 4 [15]"},
		{"a complaint passes an inspector who is the senior too", complaint(), thePath(), append(without(staff(), senior),
			stands(inspector, SeniorInspector, theDistrict)), "3 sector_head 4 [15]"},
		{"a complaint passes a head who inspects a wider place too", complaint(), thePath(), append(without(staff(), senior),
			stands(sectorHead, PreventionInspector, theDistrict)), "3 district_head 3 [16]"},
		{"a complaint does not pass a head who inspects elsewhere", complaint(), thePath(), append(without(staff(), senior),
			stands(sectorHead, PreventionInspector, elsewhere)), "3 sector_head 4 [15]"},
		{"a complaint with nobody above goes to the administrator", complaint(), thePath(), Responsibilities{
			stands(inspector, PreventionInspector, thePlace), stands(admin, Administrator, theRepublic)}, "4 administrator 1 [17]"},
		{"a complaint never finds the inspector who administers", complaint(), thePath(), Responsibilities{
			stands(inspector, PreventionInspector, thePlace), stands(inspector, Administrator, theRepublic)}, "4 administrator 1 []"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			same(t, "route", route(RouteReport(test.path, test.category, test.people)), test.want)
			slices.Reverse(test.people)
			if len(RouteReport(test.path, test.category, test.people).People) < 2 {
				same(t, "route, asked in another order", route(RouteReport(test.path, test.category, test.people)), test.want)
			}
		})
	}
}

func TestAPlanForetellsTheWholeLadder(t *testing.T) {
	t.Parallel()
	t.Run("from the officer up", func(t *testing.T) {
		t.Parallel()
		plan := PlanReport(thePath(), noise(), staff(), DefaultPolicies()[Ordinary], workday(), monday("10:00"))
		same(t, "first", route(plan.First), "0 prevention_inspector 5 [11]")
		for level, want := range map[Level]string{
			LevelSubstitute: "1 substitute 5 [13]", LevelSenior: "2 senior_inspector 3 [14]",
			LevelHead: "3 sector_head 4 [15]", LevelAdministrator: "4 administrator 1 [17]",
		} {
			same(t, fmt.Sprint("level ", level), route(plan.Levels[level]), want)
		}
		sameTime(t, "due", plan.Ladder.Due, monday("11:00"))
	})
	t.Run("of a complaint without its officer", func(t *testing.T) {
		t.Parallel()
		people := append(staff(), stands(inspector, SectorHead, thePlace))
		plan := PlanReport(thePath(), complaint(), people, DefaultPolicies()[Ordinary], workday(), monday("10:00"))
		same(t, "first", route(plan.First), "2 senior_inspector 3 [14]")
		same(t, "levels", len(plan.Levels), 2)
		same(t, "heads", route(plan.Levels[LevelHead]), "3 sector_head 4 [15]")
	})
	t.Run("from a chair by way of the inspector", func(t *testing.T) {
		t.Parallel()
		people := append(staff(), stands(chair, MahallaChair, thePlace))
		plan := PlanReport(thePath(), Category{Code: "other", Primary: MahallaChair}, people, DefaultPolicies()[Ordinary], workday(), monday("10:00"))
		same(t, "first", route(plan.First), "0 mahalla_chair 5 [18]")
		same(t, "first step", route(plan.Levels[LevelSubstitute]), "1 prevention_inspector 5 [11]")
		same(t, "second step", route(plan.Levels[LevelSenior]), "2 senior_inspector 3 [14]")
	})
	t.Run("from head to head", func(t *testing.T) {
		t.Parallel()
		plan := PlanReport(thePath(), noise(), without(staff(), inspector, substitute, senior), DefaultPolicies()[Ordinary], workday(), monday("10:00"))
		same(t, "first", route(plan.First), "3 sector_head 4 [15]")
		same(t, "step", route(plan.Levels[LevelHead]), "3 district_head 3 [16]")
	})
	t.Run("with a hole where nobody stands", func(t *testing.T) {
		t.Parallel()
		plan := PlanReport(thePath(), noise(), without(staff(), senior), DefaultPolicies()[Ordinary], workday(), monday("10:00"))
		same(t, "senior", route(plan.Levels[LevelSenior]), "2  0 []")
	})
}

func TestAComplaintNeverReachesTheOfficerOfThePlace(t *testing.T) {
	t.Parallel()
	for name, people := range map[string]Responsibilities{
		"an inspector and no more":      staff(),
		"the inspector is senior too":   append(without(staff(), senior), stands(inspector, SeniorInspector, theDistrict)),
		"the inspector is a head too":   append(staff(), stands(inspector, DistrictHead, theDistrict), stands(inspector, SectorHead, theSector)),
		"the inspector administers too": append(without(staff(), admin), stands(inspector, Administrator, theRepublic)),
		"the seniors are out of reach":  silenced(staff(), senior, sectorHead, districtHead),
		"nobody else is there":          {stands(inspector, PreventionInspector, thePlace)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := ground(people)
			c, o := filed(complaint(), g, monday("10:00"))
			outcomes := []Outcome{o}
			for _, when := range []string{"10:30", "11:00", "12:00", "15:00", "17:59"} {
				outcomes = append(outcomes, c.Escalate(g, monday(when)))
			}
			outcomes = append(outcomes, c.Undeliverable(senior, g, monday("17:59")), c.Undeliverable(sectorHead, g, monday("17:59")))
			for _, o := range outcomes {
				for _, n := range o.Notices {
					if n.To == inspector {
						t.Errorf("the officer of the place is sent %s", n.Kind)
					}
				}
			}
			same(t, "holds", c.Holds(inspector), false)
			_, err := c.Accept(somebody(inspector, people), g, monday("17:59"))
			same(t, "accept", answer(err), "not_found: case_not_found")
		})
	}
}

func TestNobodyHearsOfAComplaintAboutHimselfNorOfTheOwnReport(t *testing.T) {
	t.Parallel()
	people := append(staff(), stands(inspector, SeniorInspector, theDistrict), stands(colleague, PreventionInspector, elsewhere),
		stands(colleague, SeniorInspector, theDistrict), stands(reporter, SectorHead, theSector))
	for _, test := range []struct {
		who      PersonID
		category CategoryCode
		want     bool
	}{
		{inspector, OfficerComplaint, true},
		{inspector, "noise", false},
		{colleague, OfficerComplaint, false}, // inspects another place
		{senior, OfficerComplaint, false},
		{admin, OfficerComplaint, false},
		{reporter, OfficerComplaint, true},
		{reporter, "noise", true},
	} {
		got := somebody(test.who, people).BarredFrom(thePath(), test.category, reporter, monday("10:00"))
		same(t, fmt.Sprintf("%d of %s", test.who, test.category), got, test.want)
		told := slices.ContainsFunc(people.fairFor(thePath(), test.category, reporter), func(r Responsibility) bool { return r.Person == test.who })
		same(t, fmt.Sprintf("%d is told of %s", test.who, test.category), told, !test.want)
	}
}

func TestWhoOnlyStandsInIsNotComplainedOf(t *testing.T) {
	t.Parallel()
	who := somebody(senior, staff())
	who.Memberships = append(who.Memberships, Membership{Role: PreventionInspector, Territory: thePlace, StandsIn: true})
	same(t, "barred", who.BarredFrom(thePath(), OfficerComplaint, reporter, monday("10:00")), false)
	in := stands(senior, PreventionInspector, thePlace)
	in.StandsIn = true
	people := append(staff(), in)
	c, _ := filed(complaint(), ground(people), monday("10:00"))
	same(t, "told", c.Assignments[0].Person, senior)
	same(t, "accepts", answer(c.MayTake(who, ground(people), monday("10:01"))), "yes")
	who.Memberships[len(who.Memberships)-1].StandsIn = false
	same(t, "who inspects the place", who.BarredFrom(thePath(), OfficerComplaint, reporter, monday("10:00")), true)
}
