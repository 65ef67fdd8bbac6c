package mahalla

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// beatsLeft writes the beats that are still to fall.
func beatsLeft(c *Case) []string {
	var list []string
	for _, b := range c.Ladder.Beats[c.Ladder.Done:] {
		line := clock(b.At) + " " + string(b.Kind)
		if b.Kind == Step {
			line += fmt.Sprintf(" %d", b.Level)
		}
		list = append(list, line)
	}
	return list
}

func TestDangerThatIsAddedMakesACaseUrgent(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	add := func(t *testing.T, c *Case, now string) Outcome {
		t.Helper()
		o, err := c.Add(reporter, "Pichoq bilan", true, DefaultPolicies(), g, monday(now))
		same(t, "answer", answer(err), "yes")
		return o
	}
	t.Run("the urgent clock runs from now, and the card rings", func(t *testing.T) {
		t.Parallel()
		c, _ := filed(noise(), g, monday("10:00"))
		o := add(t, c, "10:10")
		sameList(t, "events", events(o), []string{"added", "raised"})
		sameList(t, "rings", rung(o), []string{"card.officer 11"})
		sameList(t, "reads it", told(o, NoticeAddition), []PersonID{inspector})
		same(t, "urgency", c.Urgency, Emergency)
		same(t, "class", c.Ladder.Class, Urgent)
		sameTime(t, "due", c.Ladder.Due, monday("10:25"))
		want, _ := filed(danger(), g, monday("10:10"))
		sameList(t, "beats", beatsLeft(c), beatsLeft(want))
		o = add(t, c, "10:12")
		sameList(t, "events of the second time", events(o), []string{"added"})
		sameList(t, "rings the second time", rung(o), []string{"addition 11"})
		sameTime(t, "due as before", c.Ladder.Due, monday("10:25"))
	})
	t.Run("nothing falls later than it would have", func(t *testing.T) {
		t.Parallel()
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("10:55"))
		add(t, c, "10:55")
		sameTime(t, "due", c.Ladder.Due, monday("11:00"))
		steps := slices.DeleteFunc(beatsLeft(c), func(s string) bool { return !strings.Contains(s, "step 1") })
		sameList(t, "the first step", steps, []string{clock(monday("11:00")) + " step 1"})
	})
	t.Run("who was told already is not a step of the new ladder", func(t *testing.T) {
		t.Parallel()
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("12:00"))
		o := add(t, c, "12:05")
		sameList(t, "rings", rung(o), []string{"card.officer 11", "card.officer 13", "card.officer 14"})
		same(t, "overdue", c.Overdue(monday("12:05")), true)
	})
	t.Run("its owner is rung", func(t *testing.T) {
		t.Parallel()
		c := accepted(t, g, monday("10:00"), inspector)
		o := add(t, c, "10:20")
		sameList(t, "rings", rung(o), []string{"card.officer 11"})
		same(t, "urgency", c.Urgency, Emergency)
		same(t, "beat", c.NextBeat().IsZero(), true)
	})
	t.Run("a calm addition leaves it as it is", func(t *testing.T) {
		t.Parallel()
		c, _ := filed(noise(), g, monday("10:00"))
		o, _ := c.Add(reporter, "Yana", false, DefaultPolicies(), g, monday("10:10"))
		sameList(t, "rings", rung(o), nil)
		same(t, "class", c.Ladder.Class, Ordinary)
	})
}

func TestDangerInAReasonMakesTheNewRoundUrgent(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := closed(t, g, monday("10:00"), inspector)
	o, err := c.Reopen(reporter, VerdictUnsolved, "Oʻldiraman deyapti", true, DefaultPolicies(), g, monday("11:00"))
	same(t, "answer", answer(err), "yes")
	sameList(t, "events", events(o), []string{"judged", "reopened", "raised", "assigned 11"})
	same(t, "class", c.Ladder.Class, Urgent)
	sameTime(t, "due", c.Ladder.Due, monday("11:15"))
}

func TestTheRestOfAnAlbumReachesWhoeverReadsTheCase(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), inspector)
	o := c.Extend(false, false, DefaultPolicies(), g, monday("10:20"))
	sameList(t, "media", told(o, NoticeMedia), []PersonID{inspector})
	sameList(t, "notice", told(o, NoticeAddition), nil)
	o = c.Extend(true, true, DefaultPolicies(), g, monday("10:20"))
	sameList(t, "notice of a caption", told(o, NoticeAddition), []PersonID{inspector})
	sameList(t, "rings", rung(o), []string{"card.officer 11"})
	done := closed(t, g, monday("10:00"), inspector)
	o = done.Extend(true, true, DefaultPolicies(), g, monday("11:00"))
	same(t, "after the end", len(o.Events)+len(o.Notices), 0)
}

func TestAReporterReadsTheRoleOfTheOfficer(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := closed(t, g, monday("10:00"), inspector)
	_, err := c.Add(reporter, "Yana", false, DefaultPolicies(), g, monday("11:00"))
	same(t, "answer", answer(err), "conflict: already_closed")
	same(t, "args", fmt.Sprint(err.(*Error).Args), fmt.Sprint(map[string]string{"at": fmt.Sprint(monday("10:30").Unix()), "role": string(PreventionInspector)}))
}
