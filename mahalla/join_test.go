package mahalla

import (
	"fmt"
	"testing"
	"time"
)

func TestJoiningCountsEverybodyOnceAndRaisesAtTheThresholds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	c := &Case{Reporter: 1, Category: "noise", Secrecy: Internal, Urgency: Low, Status: New, Round: 1,
		Assignments: []Assignment{{Person: 2, Role: PreventionInspector}}}
	ground := Ground{Calendar: DefaultCalendar(time.UTC, nil)}
	raised := 0
	for i := range 12 {
		for range 2 { // twice is once
			o, err := c.Join(PersonID(10+i), Low, DefaultPolicies(), ground, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range o.Notices {
				if n.Ring {
					raised++
				}
			}
		}
		want := Low
		if i >= 2 {
			want = Normal
		}
		if i >= 9 {
			want = High
		}
		if c.Urgency != want || len(c.Joined) != i+1 {
			t.Errorf("%d joined: got %s with %d, want %s", i+1, c.Urgency, len(c.Joined), want)
		}
	}
	if c.Ladder.Class != Urgent {
		t.Errorf("ten joined, and the clock is %q", c.Ladder.Class)
	}
	if raised != 2 {
		t.Errorf("it rang %d times, want twice", raised)
	}
	if _, err := c.Unjoin(10, now.Add(25*time.Hour)); err == nil {
		t.Error("a join was taken back after a day")
	}
	if _, err := c.Unjoin(10, now.Add(23*time.Hour)); err != nil || c.HasJoined(10) || c.Urgency != High {
		t.Errorf("after the undo: %v, joined %v, %s", err, c.HasJoined(10), c.Urgency)
	}
	if _, err := c.Join(1, Low, DefaultPolicies(), ground, now); err != nil || c.HasJoined(1) {
		t.Error("the reporter joined the own case")
	}
}

func TestAfterADayTheCardOfWhoJoinedIsDrawnWithoutTheUndo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	c := &Case{Reporter: 1, Category: "noise", Secrecy: Internal, Urgency: Low, Status: New, Round: 1}
	ground := Ground{Calendar: DefaultCalendar(time.UTC, nil)}
	due := func(o Outcome) time.Time {
		t.Helper()
		if len(o.Timers) != 1 || o.Timers[0].Kind != TimerJoin {
			t.Fatalf("timers: got %v", o.Timers)
		}
		return o.Timers[0].Due
	}
	first, err := c.Join(8, Low, DefaultPolicies(), ground, now)
	if err != nil {
		t.Fatal(err)
	}
	sameTime(t, "the first day", due(first), now.Add(24*time.Hour))
	second, err := c.Join(9, Low, DefaultPolicies(), ground, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	sameTime(t, "the first day is still the next", due(second), now.Add(24*time.Hour))
	o := c.SettleJoins(now.Add(24 * time.Hour))
	sameTime(t, "then the second", due(o), now.Add(25*time.Hour))
	sameList(t, "drawn anew", told(o, CardJoined), []PersonID{8})
	same(t, "may not", c.MayUnjoin(8, now.Add(24*time.Hour)), false)
	same(t, "still may", c.MayUnjoin(9, now.Add(24*time.Hour)), true)
	same(t, "at rest", len(c.SettleJoins(now.Add(25*time.Hour)).Timers), 0)
}

func TestWhatIsNotSpokenOfAndWhatIsOverCannotBeJoined(t *testing.T) {
	t.Parallel()
	for _, c := range []*Case{
		{Status: New, Category: "domestic_violence", Secrecy: Secret}, {Status: New, Category: OfficerComplaint, Secrecy: Internal},
		{Status: Closed, Category: "noise", Secrecy: Internal}, {Status: Withdrawn, Category: "noise", Secrecy: Internal},
	} {
		if _, err := c.Join(9, Low, nil, Ground{}, time.Time{}); err == nil {
			t.Errorf("%s, %s was joined", c.Category, c.Status)
		}
	}
}

func TestWhoJoinedMayAddAndNothingElse(t *testing.T) {
	t.Parallel()
	for verb, statuses := range transitions {
		for _, status := range statuses {
			c := &Case{Reporter: 1, Status: status, Joined: []Joining{{Person: 9}}}
			err := c.MayReport(9, verb, time.Time{})
			if (err == nil) != (verb == VerbAdd) {
				t.Errorf("%s when %s: %v", verb, status, err)
			}
		}
	}
}

func TestThoseWhoJoinedAreToldWhenTheReporterIs(t *testing.T) {
	t.Parallel()
	c := &Case{Reporter: 1, Status: Closed, Joined: []Joining{{Person: 8}, {Person: 9}}}
	evidence := Notice{Kind: NoticeEvidence, To: 1, Args: map[string]string{"report": "5"}}
	for name, of := range map[string]struct {
		list  []Notice
		more  int
		rings bool
	}{
		"officers only":     {[]Notice{{Kind: CardOfficer, To: 2}}, 0, false},
		"a status":          {[]Notice{{Kind: CardReporter, To: 1}}, 2, false},
		"the result":        {[]Notice{{Kind: CardReporter, To: 1}, {Kind: CardResult, To: 1, Ring: true}}, 2, true},
		"the judgement":     {[]Notice{{Kind: CardReporter, To: 1}, {Kind: CardResult, To: 1}}, 2, false},
		"for somebody else": {[]Notice{{Kind: NoticeEvidence, To: 3}}, 0, false},
	} {
		got := c.ToJoined(of.list)[len(of.list):]
		if len(got) != of.more {
			t.Errorf("%s: %d more, want %d", name, len(got), of.more)
		}
		for i, n := range got {
			if n.Kind != CardJoined || n.Ring != of.rings || n.To != c.Joined[i].Person || n.Args != nil {
				t.Errorf("%s: got %+v", name, n)
			}
		}
	}
	list := []Notice{evidence, {Kind: CardReporter, To: 1}, {Kind: CardResult, To: 1, Ring: true}}
	var got []string
	for _, n := range c.ToJoined(list)[len(list):] {
		got = append(got, fmt.Sprint(n.Kind, n.To, n.Args["report"]))
	}
	sameList(t, "with evidence", got, []string{"evidence85", "card.joined8", "evidence95", "card.joined9"})
	c.Status = Accepted
	if got := c.ToJoined([]Notice{evidence}); len(got) != 1 {
		t.Errorf("evidence of a result that was taken back is shown: %v", got[1:])
	}
}
