package mahalla

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Digest names a message that comes by the calendar and not by a case.
type Digest string

// The digests.
const (
	MorningDigest  Digest = "morning"  // an officer's own day
	DailyDigest    Digest = "daily"    // what stands below a supervisor
	WeeklyDigest   Digest = "weekly"   // eight weeks of it
	CoverageDigest Digest = "coverage" // places and people without an answer
	ClosedDigest   Digest = "closed"   // to activists: what was closed in their mahalla
)

// DigestPlan is one row of the table of digests.
type DigestPlan struct {
	Digest Digest
	Roles  []Role        // who gets it, at their places and below
	Clock  time.Duration // since midnight; a setting of the district
	Weekly bool          // on the first working day of a week only
}

// Digests is the table of digests.
func Digests() []DigestPlan {
	supervisors := []Role{SeniorInspector, SectorHead, DistrictHead}
	return []DigestPlan{
		{DailyDigest, supervisors, 8 * time.Hour, false},
		{WeeklyDigest, supervisors, 8 * time.Hour, true},
		{MorningDigest, []Role{PreventionInspector, Substitute, MahallaChair, SocialWorker}, 8*time.Hour + 30*time.Minute, false},
		{CoverageDigest, []Role{Administrator, DistrictHead}, 9 * time.Hour, false},
		{ClosedDigest, []Role{Activist}, 9 * time.Hour, true},
	}
}

// DigestPlanOf finds the row of a digest.
func DigestPlanOf(d Digest) (DigestPlan, bool) {
	for _, p := range Digests() {
		if p.Digest == d {
			return p, true
		}
	}
	return DigestPlan{}, false
}

// Between these times of the day a digest may begin: not in quiet hours, and
// with time left before digestsEnd, until when one that was missed is caught up.
const (
	earliestDigest = 7 * time.Hour
	latestDigest   = 11*time.Hour + 30*time.Minute
	digestsEnd     = 12 * time.Hour
)

// Falls tells whether the digest comes on the day of t: a working day, for a
// weekly one the first of its week, so that a holiday on Monday costs nobody
// the week.
func (p DigestPlan) Falls(cal *Calendar, t time.Time) bool {
	if !cal.WorkingDay(t) {
		return false
	}
	for day := cal.Week(t); p.Weekly && day.Before(cal.midnight(t, 0)); day = cal.midnight(day, 1) {
		if cal.WorkingDay(day) {
			return false
		}
	}
	return true
}

// Open tells whether a digest of that moment may still begin.
func (p DigestPlan) Open(cal *Calendar, at, now time.Time) bool {
	return !now.Before(at) && now.Before(cal.midnight(at, 0).Add(digestsEnd))
}

// Fresh tells whether a digest of a day is still worth reading.
func (p DigestPlan) Fresh(cal *Calendar, day, now time.Time) bool {
	if p.Weekly {
		return cal.Week(day).Equal(cal.Week(now))
	}
	return cal.midnight(day, 0).Equal(cal.midnight(now, 0))
}

// For lists the places for which a person gets the digest.
func (p DigestPlan) For(list []Membership, now time.Time) []TerritoryID {
	var places []TerritoryID
	for _, m := range list {
		if m.At(now) && slices.Contains(p.Roles, m.Role) && !slices.Contains(places, m.Territory) {
			places = append(places, m.Territory)
		}
	}
	return places
}

// HiddenInDigests is the category of which an officer of a place learns nothing,
// not even a number, however senior the other roles are; empty for others.
func HiddenInDigests(list []Membership, now time.Time) CategoryCode {
	for _, m := range list {
		if m.At(now) && m.Role == PreventionInspector {
			return OfficerComplaint
		}
	}
	return ""
}

// DigestClocks are the times of day that places have set for digests.
type DigestClocks map[Digest]map[TerritoryID]time.Duration

// At is the time of day of a digest for a path: what its most specific node has
// set, else the default.
func (c DigestClocks) At(p DigestPlan, path []TerritoryID) time.Duration {
	for _, node := range path {
		if clock, ok := c[p.Digest][node]; ok {
			return clock
		}
	}
	return p.Clock
}

// All lists every time of day at which a digest may come, the earliest first.
func (c DigestClocks) All(p DigestPlan) []time.Duration {
	list := []time.Duration{p.Clock}
	for _, clock := range c[p.Digest] {
		list = append(list, clock)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// ParseDigestClock reads a time of day such as "08:30" at which a digest may
// come.
func ParseDigestClock(s string) (time.Duration, bool) {
	hour, minute, ok := strings.Cut(s, ":")
	h, err := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if !ok || err != nil || err2 != nil || len(minute) != 2 || m < 0 || m > 59 {
		return 0, false
	}
	clock := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	return clock, clock >= earliestDigest && clock <= latestDigest
}

// TellsActivists lists the secrecies of which activists read that a case was
// closed. What is confidential or secret is not even counted for them.
func TellsActivists() []Secrecy { return []Secrecy{Public, Internal} }
