package mahalla

import (
	"testing"
	"time"
)

func TestOnlyWhatIsLateComesWithOthers(t *testing.T) {
	t.Parallel()
	due := monday("11:00")
	const inspector, senior, head, administrator PersonID = 2, 3, 4, 5
	for _, test := range []struct {
		name   string
		change func(*Case, *Notice)
		now    time.Time
		want   bool
	}{
		{"a head's card", nil, due, true},
		{"a senior's card", func(_ *Case, n *Notice) { n.Kind, n.To = CardOfficer, senior }, due, true},
		{"a reminder", func(_ *Case, n *Notice) { n.Kind = NoticeReminder }, due, true},
		{"before it is late", nil, due.Add(-time.Second), false},
		{"only brought up to date", func(_ *Case, n *Notice) { n.Ring = false }, due, false},
		{"danger", func(c *Case, _ *Notice) { c.Urgency = Emergency }, due, false},
		{"accepted", func(c *Case, _ *Notice) { c.Status = Accepted }, due, false},
		{"the officer of the place", func(_ *Case, n *Notice) { n.Kind, n.To = CardOfficer, inspector }, due, false},
		{"an administrator", func(_ *Case, n *Notice) { n.To = administrator }, due, false},
		{"a nudge", func(_ *Case, n *Notice) { n.Kind = NoticeNudge }, due, false},
		{"a head with whom it began", func(c *Case, _ *Notice) { c.Assignments = []Assignment{{Person: head, Level: LevelHead}} }, due, false},
	} {
		c := &Case{Status: New, Urgency: Normal, Ladder: Ladder{Due: due}, Assignments: []Assignment{
			{Person: inspector}, {Person: senior, Level: LevelSenior}, {Person: head, Level: LevelHead}, {Person: administrator, Level: LevelAdministrator}}}
		n := Notice{Kind: CardHead, To: head, Ring: true}
		if test.change != nil {
			test.change(c, &n)
		}
		same(t, test.name, c.Gathers(n, test.now), test.want)
		same(t, test.name+": anybody", c.MayBeGathered(), true)
	}
	same(t, "only the officer of the place", (&Case{Assignments: []Assignment{{Person: inspector}}}).MayBeGathered(), false)
}
