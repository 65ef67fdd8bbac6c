package mahalla

import (
	"fmt"
	"testing"
	"time"
)

func TestSameMatter(t *testing.T) {
	t.Parallel()
	const me, neighbour, place = PersonID(1), PersonID(2), TerritoryID(50)
	now := monday("10:00")
	good := Candidate{Case: 7, Reporter: neighbour, Place: place, Category: "noise", Secrecy: Internal, Status: New,
		FiledAt: now.Add(-time.Hour), Likeness: 0.9, Shared: LeastShared}
	for _, test := range []struct {
		name   string
		change func(*Candidate)
		want   int
	}{
		{"an open case nearby", func(*Candidate) {}, 1},
		{"accepted", func(c *Candidate) { c.Status = Accepted }, 1},
		{"waiting for its reporter", func(c *Candidate) { c.Status = Waiting }, 1},
		{"closed", func(c *Candidate) { c.Status = Closed }, 0},
		{"withdrawn", func(c *Candidate) { c.Status = Withdrawn }, 0},
		{"the person's own", func(c *Candidate) { c.Reporter = me }, 0},
		{"one that the person has joined", func(c *Candidate) { c.Joined = true }, 0},
		{"of another mahalla", func(c *Candidate) { c.Place++ }, 0},
		{"of another category", func(c *Candidate) { c.Category = "alcohol" }, 0},
		{"three days old", func(c *Candidate) { c.FiledAt = now.Add(-SameWithin) }, 1},
		{"older", func(c *Candidate) { c.FiledAt = now.Add(-SameWithin - time.Second) }, 0},
		{"just alike enough", func(c *Candidate) { c.Likeness = AlikeEnough }, 1},
		{"too few words", func(c *Candidate) { c.Shared = LeastShared - 1 }, 0},
		{"not quite", func(c *Candidate) { c.Likeness = AlikeEnough - 0.001 }, 0},
		{"public", func(c *Candidate) { c.Secrecy = Public }, 1},
		{"confidential", func(c *Candidate) { c.Secrecy = Confidential }, 0},
		{"secret", func(c *Candidate) { c.Secrecy = Secret }, 0},
		{"of somebody who is not named", func(c *Candidate) { c.Anonymous = true }, 0},
	} {
		c := good
		test.change(&c)
		same(t, test.name, len(SameMatter([]Candidate{c}, me, place, "noise", now)), test.want)
	}
	complaint := good
	complaint.Category = OfficerComplaint
	same(t, "a complaint about an officer", len(SameMatter([]Candidate{complaint}, me, place, OfficerComplaint, now)), 0)
}

func TestTheLikeliestAreProposed(t *testing.T) {
	t.Parallel()
	now := monday("10:00")
	var list []Candidate
	for i, like := range []float64{0.5, 0.9, 0.5, 0.1, 0.7} {
		list = append(list, Candidate{Case: CaseID(i), Place: 50, Category: "noise", Secrecy: Internal, Status: New,
			FiledAt: now.Add(time.Duration(i-10) * time.Hour), Likeness: like, Shared: LeastShared})
	}
	var got []CaseID
	for _, c := range SameMatter(list, 1, 50, "noise", now) {
		got = append(got, c.Case)
	}
	same(t, "order", fmt.Sprint(got), "[1 4 0]")
	same(t, "of nothing", len(SameMatter(nil, 1, 50, "noise", now)), 0)
}

func TestJoiningRaisesTheUrgencyOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of     Urgency
		joined int
		want   Urgency
	}{
		{Low, 0, Low}, {Low, 2, Low}, {Low, 3, Normal}, {Low, 9, Normal}, {Low, 10, High}, {Low, 1000, High},
		{Normal, 2, Normal}, {Normal, 3, High}, {Normal, 10, High},
		{High, 10, High}, {Emergency, 0, Emergency}, {Emergency, 10, Emergency},
	} {
		same(t, fmt.Sprint(test.of, " with ", test.joined), RaisedByJoining(test.of, test.joined), test.want)
	}
}
