package mahalla

import (
	"fmt"
	"testing"
	"time"
)

// asks lets the inspector ask twenty minutes after filing.
func asks(t *testing.T, g Ground) *Case {
	t.Helper()
	return inStatus(t, g, Waiting)
}

// timers writes the timers of an outcome as short lines.
func timers(o Outcome) []string {
	var list []string
	for _, timer := range o.Timers {
		list = append(list, fmt.Sprintf("%s %s", timer.Kind, timer.Due.In(tashkent).Format("02 15:04")))
	}
	return list
}

func TestAQuestionWaitsForItsAnswer(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	owner := somebody(inspector, g.People)
	c := accepted(t, g, monday("10:00"), inspector)
	o, err := c.Ask(owner, monday("10:20"))
	same(t, "answer", answer(err), "yes")
	same(t, "status", c.Status, Waiting)
	sameList(t, "rung", rung(o), []string{"card.question 101"})
	sameList(t, "timers", timers(o), []string{"reminder 24 10:20", "answer 26 10:20"})

	o, err = c.Ask(owner, monday("12:00"))
	same(t, "a further question", answer(err), "yes")
	sameTime(t, "waits since", c.AskedAt, monday("10:20"))
	sameList(t, "timers of a further question", timers(o), nil)

	o, err = c.Answer(reporter, false, DefaultPolicies(), g, monday("13:00"))
	same(t, "answer", answer(err), "yes")
	same(t, "status", c.Status, Accepted)
	sameList(t, "rung", rung(o), []string{"answer 11"})
	sameList(t, "cancelled", o.Cancel, []TimerKind{TimerReminder, TimerAnswer})
}

func TestAnAnswerOfDangerMakesItAnEmergency(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := asks(t, g)
	o, err := c.Answer(reporter, true, DefaultPolicies(), g, monday("13:00"))
	same(t, "answer", answer(err), "yes")
	same(t, "urgency", c.Urgency, Emergency)
	sameList(t, "events", events(o), []string{"answered", "raised"})
}

func TestSilenceAfterAQuestion(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	asked := monday("10:20")
	for _, test := range []struct {
		name     string
		after    time.Duration
		reminded []string // events
		ended    []string
	}{
		{"before a day", 23 * time.Hour, []string{"reminded 101"}, nil}, // the timer decides when
		{"after a day", AnswerReminder, []string{"reminded 101"}, nil},
		{"after three days", AnswerWithin, nil, []string{"unanswered 101"}},
		{"after a long outage", 10 * 24 * time.Hour, nil, []string{"unanswered 101"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := asks(t, g)
			now := asked.Add(test.after)
			sameList(t, "reminder", events(c.RemindToAnswer(false, now)), test.reminded)
			sameList(t, "end", events(c.Unanswered(ground(staff()), false, now)), test.ended)
			same(t, "waits on", c.Status == Waiting, test.ended == nil)
		})
	}
}

func TestAQuestionEndsWithWhateverEndsTheWait(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*Case, Ground) (Outcome, error){
		"closed": func(c *Case, g Ground) (Outcome, error) {
			return do(c, VerbClose, somebody(inspector, g.People), g, monday("11:00"))
		},
		"withdrawn": func(c *Case, g Ground) (Outcome, error) { return c.Withdraw(reporter, monday("11:00")) },
		"released":  func(c *Case, g Ground) (Outcome, error) { return c.Release(DefaultPolicies(), g, monday("11:00")), nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c := asks(t, g)
			o, err := end(c, g)
			same(t, "answer", answer(err), "yes")
			sameTime(t, "waits since", c.AskedAt, time.Time{})
			sameList(t, "cancelled", o.Cancel, []TimerKind{TimerReminder, TimerAnswer})
			sameList(t, "the question changes", told(o, CardQuestion), []PersonID{reporter})
			late := c.RemindToAnswer(false, monday("10:20").Add(AnswerReminder))
			same(t, "a timer that falls all the same", len(late.Notices), 0)
		})
	}
}

func TestAReporterWhoComesBackReadsTheQuestion(t *testing.T) {
	t.Parallel()
	c := asks(t, ground(staff()))
	sameList(t, "rung", rung(c.ReporterBack(monday("10:00"), monday("12:00"))), []string{"card.question 101"})
}
