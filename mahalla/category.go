package mahalla

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CategoryCode identifies a kind of concern, for example "noise".
type CategoryCode string

// OfficerComplaint is the category of complaints about an officer. Such a case
// is never shown to the officer of the place and starts one level up.
const OfficerComplaint CategoryCode = "inspector_complaint"

// Urgency says how fast a case must be answered.
type Urgency string

// The urgencies, the calmest first.
const (
	Low       Urgency = "low"
	Normal    Urgency = "normal"
	High      Urgency = "high"
	Emergency Urgency = "emergency"
)

// Secrecy says who may read about a case.
type Secrecy string

// The secrecies, the most open first.
const (
	Public       Secrecy = "public"
	Internal     Secrecy = "internal"
	Confidential Secrecy = "confidential"
	Secret       Secrecy = "secret"
)

// Category is a row of the taxonomy.
type Category struct {
	Code     CategoryCode
	Group    string
	Names    Names
	Rank     int // order among categories where use does not decide
	Urgency  Urgency
	Primary  Role // who answers first, where the place has such a person
	Resolve  Span // from the acceptance to the result
	Secrecy  Secrecy
	Numbers  []string // emergency numbers shown before the report
	Evidence bool     // what was done is to be shown in a picture
	Named    bool     // is of no use without the reporter's name
	Uses     int      // cases filed lately, for the order on the draft card

	Reconcile bool // a commission may hear it, if both sides want that
}

// RolesInTurn lists who is looked for as the first officer: the role of the
// category, then those that can stand in for it. A complaint about an officer
// skips the officer of the place.
func (c Category) RolesInTurn() []Role {
	if c.Code == OfficerComplaint {
		return []Role{SeniorInspector, SectorHead, DistrictHead}
	}
	turn := []Role{PreventionInspector, Substitute, SeniorInspector, SectorHead, DistrictHead}
	if !c.Primary.Has(MayAnswer) {
		return turn
	}
	turn = slices.DeleteFunc(turn, func(r Role) bool { return r == c.Primary })
	return slices.Insert(turn, 0, c.Primary)
}

// Span is a length of time on a named clock.
type Span struct {
	Length  time.Duration
	Working bool // counted in working time only
	Days    int  // whole days: working days when Working, else calendar days
}

// ParseSpan reads a target as the taxonomy writes it: "15m", "24h" and "10d"
// run round the clock, "4wh" and "1wd" in working time.
func ParseSpan(s string) (Span, error) {
	unit := strings.TrimLeft(s, "0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(s, unit))
	if err != nil || n <= 0 {
		return Span{}, fmt.Errorf("span %q: want a number and one of m, h, d, wm, wh, wd", s)
	}
	switch unit {
	case "m":
		return Minutes(n), nil
	case "h":
		return Minutes(60 * n), nil
	case "d":
		return Span{Days: n}, nil
	case "wm":
		return WorkingMinutes(n), nil
	case "wh":
		return WorkingMinutes(60 * n), nil
	case "wd":
		return Span{Days: n, Working: true}, nil
	}
	return Span{}, fmt.Errorf("span %q: unknown unit %q", s, unit)
}
