package mahalla

import (
	"testing"
	"time"
)

// promised lets the inspector promise to come at three.
func promised(t *testing.T, g Ground, by PersonID) *Case {
	t.Helper()
	c := accepted(t, g, monday("10:00"), by)
	o, err := c.PromiseBy(somebody(by, g.People), monday("15:00"), monday("10:20"))
	if err != nil {
		t.Fatal(err)
	}
	sameList(t, "timers", timers(o), []string{"promise 23 15:00"})
	return c
}

func TestAPromiseMayBeMovedTwice(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	owner := somebody(inspector, g.People)
	c := promised(t, g, inspector)
	for i, want := range []string{"yes", "yes", "too_many: postponed_twice"} {
		now := c.Promised
		c.CheckPromise(g, false, now)
		o, err := c.PromiseBy(owner, now.Add(time.Hour), now.Add(time.Minute))
		same(t, "answer", answer(err), want)
		if err != nil {
			same(t, "postponed", c.Postponed, i)
			continue
		}
		sameList(t, "cancelled", o.Cancel, []TimerKind{TimerSilence})
		sameTime(t, "asked since", c.CheckedAt, time.Time{})
	}
}

func TestSilenceAboutAPromiseTakesTheAcceptanceBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		by    PersonID
		gone  []PersonID
		rings []string
		head  string
	}{
		{"an inspector", inspector, nil, []string{"card.officer 11", "card.officer 14"}, "Tue 2026-11-24 10:00:00"},
		{"a substitute", substitute, nil, []string{"card.officer 13", "card.officer 14"}, "Tue 2026-11-24 10:00:00"},
		{"a senior inspector", senior, nil, []string{"card.officer 14", "card.head 15"}, "Tue 2026-11-24 10:00:00"},
		{"a sector head, who stands as high as anybody", sectorHead, nil, []string{"card.officer 15"}, "Tue 2026-11-24 10:00:00"},
		{"an inspector without a senior", inspector, []PersonID{senior}, []string{"card.officer 11", "card.head 15"}, "Tue 2026-11-24 10:00:00"},
		{"an inspector who has left", inspector, []PersonID{inspector}, []string{"card.officer 14"}, "Tue 2026-11-24 10:00:00"},
		{"nobody above", inspector, []PersonID{senior, sectorHead, districtHead}, []string{"card.officer 11", "nobody 17"}, "Tue 2026-11-24 10:00:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c := promised(t, g, test.by)
			o := c.CheckPromise(g, false, monday("15:00"))
			sameList(t, "timers", timers(o), []string{"silence 23 16:00"})
			g.People = without(g.People, test.gone...)
			same(t, "too early", len(c.TakeBack(DefaultPolicies(), g, false, monday("15:59")).Events), 0)
			o = c.TakeBack(DefaultPolicies(), g, false, monday("16:00"))
			same(t, "status", c.Status, New)
			same(t, "round", c.Round, 2)
			same(t, "overdue", c.Overdue(monday("16:00")), true)
			sameList(t, "rung", rung(o), test.rings)
			sameTime(t, "promise", c.Promised, time.Time{})
			if got := clock(c.Ladder.Next()); got != test.head {
				t.Errorf("the head is told: got %s, want %s", got, test.head)
			}
		})
	}
}

func TestWhoeverAnswersIsNotTakenTheCase(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]func(*Case, Ground) error{
		"kept": func(c *Case, g Ground) error {
			_, err := c.Kept(somebody(inspector, g.People), monday("15:30"))
			return err
		},
		"asks": func(c *Case, g Ground) error {
			_, err := c.Ask(somebody(inspector, g.People), monday("15:30"))
			return err
		},
		"closes": func(c *Case, g Ground) error {
			_, err := do(c, VerbClose, somebody(inspector, g.People), g, monday("15:30"))
			return err
		},
		"withdrawn": func(c *Case, g Ground) error { _, err := c.Withdraw(reporter, monday("15:30")); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c := promised(t, g, inspector)
			c.CheckPromise(g, false, monday("15:00"))
			same(t, "answer", answer(answers(c, g)), "yes")
			same(t, "taken back", len(c.TakeBack(DefaultPolicies(), g, false, monday("18:00")).Events), 0)
		})
	}
}

func TestAPromiseRestsWhileTheReporterIsAsked(t *testing.T) {
	t.Parallel()
	for answered, want := range map[string]string{"11:00": "promise 23 15:00", "14:30": "promise 23 15:30", "17:30": "promise 24 09:30"} {
		t.Run(answered, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c := promised(t, g, inspector)
			o, err := c.Ask(somebody(inspector, g.People), monday("10:30"))
			same(t, "question", answer(err), "yes")
			sameList(t, "cancelled", o.Cancel, []TimerKind{TimerPromise})
			same(t, "asked meanwhile", len(c.CheckPromise(g, false, monday("15:00")).Events), 0)
			o, err = c.Answer(reporter, false, DefaultPolicies(), g, monday(answered))
			same(t, "answer", answer(err), "yes")
			sameList(t, "timers", timers(o), []string{want})
		})
	}
}
