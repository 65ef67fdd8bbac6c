package mahalla

import (
	"testing"
	"time"
)

func TestASideTakesItsOwnNoBackWithinADayUnlessTheCaseWentOn(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	noon := monday("12:00")
	family := Category{Reconcile: true}
	for name, test := range map[string]struct {
		by     PersonID
		after  time.Duration
		before func(*Case, *Item)
		want   string
	}{
		"at once":                   {reporter, time.Minute, nil, "yes"},
		"within the day":            {reporter, ReturnWithin - time.Second, nil, "yes"},
		"after a day":               {reporter, ReturnWithin, nil, "conflict: agenda_stale"},
		"not by another":            {inspector, time.Minute, nil, "conflict: agenda_stale"},
		"when the case was closed":  {reporter, time.Minute, func(c *Case, _ *Item) { c.Status = Closed }, "conflict: agenda_stale"},
		"when it was danger":        {reporter, time.Minute, func(c *Case, _ *Item) { c.Urgency = Emergency }, "conflict: agenda_stale"},
		"when there is a new item":  {reporter, time.Minute, func(c *Case, _ *Item) { c.Resolution.Item = 99 }, "conflict: agenda_stale"},
		"when the officer ended it": {reporter, time.Minute, func(_ *Case, i *Item) { i.Cause = CauseOfficer }, "conflict: agenda_stale"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, i := ready(t, g)
			i.Parties[1].Person = neighbour
			if _, err := i.Decline(c, 1, reporter, time.Time{}, g, noon); err != nil {
				t.Fatal(err)
			}
			if test.before != nil {
				test.before(c, i)
			}
			o, err := i.Return(c, family, 1, test.by, g, noon.Add(test.after))
			same(t, "return", answer(err), test.want)
			if err != nil {
				return
			}
			same(t, "state", i.State, ItemReady)
			same(t, "gate", i.Gate(), Gate(""))
			same(t, "item of the case", c.Resolution.Item, i.ID)
			same(t, "stands", c.AtCommission(noon.Add(test.after)), true)
			sameList(t, "rings", rung(o), []string{"card.party 102"})
		})
	}
}
