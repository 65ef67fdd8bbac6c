package mahalla

import "testing"

func TestANoteReachesNoReporter(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for _, status := range []Status{Accepted, Waiting} {
		c := inStatus(t, g, status)
		o, err := c.Note(somebody(inspector, g.People), monday("11:00"))
		same(t, "answer", answer(err), "yes")
		same(t, "status", c.Status, status)
		sameList(t, "events", events(o), []string{"noted"})
		sameList(t, "rung", rung(o), nil)
		for _, n := range o.Notices {
			if n.To == c.Reporter {
				t.Errorf("%s is sent to the reporter", n.Kind)
			}
		}
	}
}
