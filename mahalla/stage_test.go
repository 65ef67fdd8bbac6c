package mahalla

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// The stage of every test: one mahalla in a sector of a district, another
// mahalla beside it, and the people who stand there.
const (
	theRepublic TerritoryID = 1
	theRegion   TerritoryID = 2
	theDistrict TerritoryID = 3
	theSector   TerritoryID = 4
	thePlace    TerritoryID = 5
	elsewhere   TerritoryID = 6
)

const (
	inspector    PersonID = 11
	colleague    PersonID = 12
	substitute   PersonID = 13
	senior       PersonID = 14
	sectorHead   PersonID = 15
	districtHead PersonID = 16
	admin        PersonID = 17
	chair        PersonID = 18
	reporter     PersonID = 101
	neighbour    PersonID = 102
)

var tashkent = time.FixedZone("Asia/Tashkent", 5*60*60)

// at reads a moment in Tashkent. 23 November 2026 is a Monday.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, tashkent)
	if err != nil {
		panic(err)
	}
	return t
}

func monday(clock string) time.Time { return at("2026-11-23 " + clock) }

func thePath() []TerritoryID {
	return []TerritoryID{thePlace, theSector, theDistrict, theRegion, theRepublic}
}

// stands makes a responsibility within reach.
func stands(p PersonID, role Role, node TerritoryID) Responsibility {
	return Responsibility{Person: p, Role: role, Territory: node, Reach: Reachable}
}

// silenced is the same people, those named being out of reach.
func silenced(rs Responsibilities, people ...PersonID) Responsibilities {
	rs = slices.Clone(rs)
	for i := range rs {
		if slices.Contains(people, rs[i].Person) {
			rs[i].Reach = Blocked
		}
	}
	return rs
}

// without is the same people less those named.
func without(rs Responsibilities, people ...PersonID) Responsibilities {
	return slices.DeleteFunc(slices.Clone(rs), func(r Responsibility) bool { return slices.Contains(people, r.Person) })
}

// staff has one person for every level, in no particular order.
func staff() Responsibilities {
	return Responsibilities{
		stands(admin, Administrator, theRepublic),
		stands(districtHead, DistrictHead, theDistrict),
		stands(senior, SeniorInspector, theDistrict),
		stands(sectorHead, SectorHead, theSector),
		stands(inspector, PreventionInspector, thePlace),
		stands(substitute, Substitute, thePlace),
	}
}

func ground(rs Responsibilities) Ground {
	return Ground{Path: thePath(), People: rs, Calendar: DefaultCalendar(tashkent, nil)}
}

// somebody is a person with the memberships that the responsibilities tell of.
func somebody(p PersonID, rs Responsibilities) Person {
	who := Person{ID: p, Reach: Reachable}
	for _, r := range rs {
		if r.Person == p {
			who.Memberships = append(who.Memberships, Membership{Role: r.Role, Territory: r.Territory})
		}
	}
	return who
}

func noise() Category {
	return Category{Code: "noise", Urgency: Normal, Primary: PreventionInspector, Secrecy: Public}
}

func danger() Category {
	return Category{Code: "danger", Urgency: Emergency, Primary: PreventionInspector, Secrecy: Public}
}

func complaint() Category {
	return Category{Code: OfficerComplaint, Urgency: Normal, Secrecy: Secret}
}

func filed(category Category, g Ground, now time.Time) (*Case, Outcome) {
	return File(Filing{
		ID: 1, Number: NumberFrom(4821093), Reporter: reporter, Place: thePlace, Category: category,
		Policies: DefaultPolicies(), Ground: g, Now: now,
	})
}

// accepted files a case and lets a person take it a quarter of an hour later.
func accepted(t *testing.T, g Ground, now time.Time, by PersonID) *Case {
	t.Helper()
	c, _ := filed(noise(), g, now)
	if _, err := c.Accept(somebody(by, g.People), g, now.Add(15*time.Minute)); err != nil {
		t.Fatalf("accept: %v", err)
	}
	return c
}

// closed lets a person take and close a case half an hour after filing.
func closed(t *testing.T, g Ground, now time.Time, by PersonID) *Case {
	t.Helper()
	c := accepted(t, g, now, by)
	if _, err := c.Close(somebody(by, g.People), Solved, "Gaplashildi.", now.Add(30*time.Minute)); err != nil {
		t.Fatalf("close: %v", err)
	}
	return c
}

// events writes the events of an outcome as short lines.
func events(o Outcome) []string {
	var lines []string
	for _, e := range o.Events {
		line := string(e.Kind)
		if e.About != 0 {
			line += fmt.Sprintf(" %d", e.About)
		}
		if e.Level != 0 {
			line += fmt.Sprintf(" at %d", e.Level)
		}
		if e.Late {
			line += " late"
		}
		lines = append(lines, line)
	}
	return lines
}

// told lists to whom an outcome sends a kind of notice.
func told(o Outcome, kind NoticeKind) []PersonID {
	var list []PersonID
	for _, n := range o.Notices {
		if n.Kind == kind {
			list = append(list, n.To)
		}
	}
	return list
}

// rung lists the notices of an outcome that wake somebody.
func rung(o Outcome) []string {
	var list []string
	for _, n := range o.Notices {
		if n.Ring {
			list = append(list, fmt.Sprintf("%s %d", n.Kind, n.To))
		}
	}
	return list
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func sameList[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func sameTime(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: got %s, want %s", what, clock(got), clock(want))
	}
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.In(tashkent).Format("Mon 2006-01-02 15:04:05")
}

// answer writes what became of a request: "yes", or code and reason.
func answer(err error) string {
	if err == nil {
		return "yes"
	}
	var refusal *Error
	if !errors.As(err, &refusal) {
		return "not a refusal: " + err.Error()
	}
	return refusal.Error()
}
