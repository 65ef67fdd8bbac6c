package mahalla

import (
	"testing"
	"time"
)

func TestAClosingMayBeTakenBackForFiveMinutes(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	owner := somebody(inspector, g.People)
	for _, test := range []struct {
		name  string
		by    PersonID
		after time.Duration
		do    func(*Case)
		want  string
	}{
		{"at once", inspector, 0, nil, "yes"},
		{"just in time", inspector, UndoWithin - time.Second, nil, "yes"},
		{"too late", inspector, UndoWithin, nil, "conflict: undo_late"},
		{"by a colleague", senior, time.Minute, nil, "forbidden: not_owner"},
		{"by the reporter", reporter, time.Minute, nil, "forbidden: no_role"},
		{"judged", inspector, time.Minute, func(c *Case) { _, _ = c.Judge(reporter, c.ClosedAt) }, "conflict: undo_judged"},
		{"twice", inspector, time.Minute, func(c *Case) { _, _ = c.Undo(owner, g, c.ClosedAt) }, "conflict: undo_open"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := closed(t, g, monday("10:00"), inspector)
			end := c.ClosedAt
			if test.do != nil {
				test.do(c)
			}
			_, err := c.Undo(somebody(test.by, g.People), g, end.Add(test.after))
			same(t, "answer", answer(err), test.want)
		})
	}
}

func TestWhatWasTakenBackIsAsItWas(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for at, want := range map[string]string{"14:00": "promise 23 15:00", "15:20": "promise 23 16:21"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			c := promised(t, g, inspector)
			before := *copied(c)
			if _, err := c.Close(somebody(inspector, g.People), Warned, "", monday(at)); err != nil {
				t.Fatal(err)
			}
			o, err := c.Undo(somebody(inspector, g.People), g, monday(at).Add(time.Minute))
			same(t, "answer", answer(err), "yes")
			sameList(t, "timers", timers(o), []string{want})
			sameList(t, "cancelled", o.Cancel, []TimerKind{TimerVerdict, TimerUndo})
			sameList(t, "rung", rung(o), nil)
			same(t, "status", c.Status, before.Status)
			same(t, "closing", c.Closing, "")
			sameTime(t, "accepted", c.AcceptedAt, before.AcceptedAt)
			sameTime(t, "promised", c.Promised, before.Promised)
			same(t, "verdict in time", len(c.Silence(Reachable, monday(at).Add(VerdictWithin)).Events), 0)
			same(t, "settled", len(c.Settled(monday(at).Add(UndoWithin)).Notices), 0)
		})
	}
}

func TestTheOwnersCardIsSettledWhenTheClosingStands(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := closed(t, g, monday("10:00"), inspector)
	sameList(t, "too early", told(c.Settled(c.UndoUntil().Add(-time.Second)), CardOfficer), nil)
	sameList(t, "in time", told(c.Settled(c.UndoUntil()), CardOfficer), []PersonID{inspector})
}
