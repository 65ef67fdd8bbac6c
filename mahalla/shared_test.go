package mahalla

import (
	"fmt"
	"testing"
	"time"
)

// sharedPair is a case that was given up for another one, which its owner has closed.
func sharedPair(t *testing.T, g Ground, byOfficer bool) (own, into *Case) {
	t.Helper()
	own, into = twins(g)
	into.Status, into.Owner, into.OwnLevel, into.AcceptedAt = Accepted, inspector, into.Level, monday("10:10")
	if byOfficer {
		if _, _, err := own.DuplicateOf(into, somebody(inspector, g.People), Normal, DefaultPolicies(), g, monday("10:11")); err != nil {
			t.Fatal(err)
		}
	} else {
		own.Status, own.WithdrawnAt, own.MergedInto = Withdrawn, monday("10:11"), into.ID
		into.Joined = []Joining{{Person: reporter, At: monday("10:11")}}
	}
	into.Status, into.Closing, into.ClosedAt = Closed, Solved, monday("11:00")
	return own, into
}

func TestWhoGaveACaseUpJudgesTheResultApart(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for _, test := range []struct {
		name   string
		change func(own, into *Case)
		by     PersonID
		at     time.Time
		judges string
		sends  string
	}{
		{"its reporter", func(_, _ *Case) {}, reporter, monday("11:05"), "yes", "yes"},
		{"the reporter of the other", func(_, _ *Case) {}, neighbour, monday("11:05"), "not_found: case_not_found", "not_found: case_not_found"},
		{"the officer", func(_, _ *Case) {}, inspector, monday("11:05"), "not_found: case_not_found", "not_found: case_not_found"},
		{"while it is open", func(_, into *Case) { into.Status = Accepted }, reporter, monday("11:05"), "conflict: not_closed_yet", "conflict: not_closed_yet"},
		{"of another one", func(_, into *Case) { into.ID = 99 }, reporter, monday("11:05"), "not_found: case_not_found", "not_found: case_not_found"},
		{"a case of its own", func(own, _ *Case) { own.MergedInto = 0 }, reporter, monday("11:05"), "not_found: case_not_found", "not_found: case_not_found"},
		{"twice", func(own, _ *Case) { own.Verdict, own.JudgedAt = VerdictSolved, monday("11:01") }, reporter, monday("11:05"), "conflict: already_judged", "conflict: already_judged"},
		{"after a verdict on an earlier closing", func(own, _ *Case) { own.Verdict, own.JudgedAt = VerdictSolved, monday("10:30") }, reporter, monday("11:05"), "yes", "yes"},
		{"after the other has judged", func(_, into *Case) { into.Verdict = VerdictSolved }, reporter, monday("11:05"), "yes", "yes"},
		{"on the last day", func(_, _ *Case) {}, reporter, monday("11:00").Add(ReopenWithin), "yes", "yes"},
		{"too late", func(_, _ *Case) {}, reporter, monday("11:01").Add(ReopenWithin), "yes", "conflict: reopen_late"},
	} {
		for _, officer := range []bool{true, false} {
			own, into := sharedPair(t, g, officer)
			test.change(own, into)
			name := fmt.Sprint(test.name, ", by an officer: ", officer)
			if got := allowed(own.MayReopenFrom(into, test.by, test.at)); got != test.sends {
				t.Errorf("%s: sent back %s, want %s", name, got, test.sends)
			}
			before := fmt.Sprintf("%+v", *into)
			o, err := own.JudgeOn(into, test.by, test.at)
			if got := allowed(err); got != test.judges {
				t.Errorf("%s: judged %s, want %s", name, got, test.judges)
			}
			if err == nil && (own.Verdict != VerdictSolved || !own.JudgedOn(into) || len(o.Events) != 1 || len(o.Notices) != 0) {
				t.Errorf("%s: %q, %+v", name, own.Verdict, o)
			}
			if got := fmt.Sprintf("%+v", *into); got != before {
				t.Errorf("%s: the other case has changed: %s", name, got)
			}
		}
	}
}

// allowed words a refusal.
func allowed(err error) string {
	if err == nil {
		return "yes"
	}
	return err.Error()
}

func TestWhoReportedBothCasesJudgesOnce(t *testing.T) {
	t.Parallel()
	own, into := sharedPair(t, ground(staff()), true)
	into.Reporter = own.Reporter
	if own.JudgesApart(into) {
		t.Error("one person judges one matter twice")
	}
	if got := allowed(own.MayReopenFrom(into, reporter, monday("11:05"))); got != "conflict: already_merged" {
		t.Error(got)
	}
}

func TestWhoIsNotContentHasTheOwnCaseAgainAndTheOtherStaysClosed(t *testing.T) {
	t.Parallel()
	for _, officer := range []bool{true, false} {
		g := ground(staff())
		own, into := sharedPair(t, g, officer)
		round := own.Round
		if _, err := own.ReopenFrom(into, reporter, VerdictSolved, false, DefaultPolicies(), g, monday("11:05")); err == nil {
			t.Error("sent back as solved")
		}
		o, err := own.ReopenFrom(into, reporter, VerdictPartly, false, DefaultPolicies(), g, monday("11:05"))
		if err != nil {
			t.Fatal(err)
		}
		if own.Status != New || own.Reopened != 1 || own.Round != round+1 || own.MergedInto != 0 || own.MergedBy != 0 || !own.WithdrawnAt.IsZero() || own.Verdict != NoVerdict {
			t.Errorf("by an officer %v: %+v", officer, own)
		}
		if !own.Holds(inspector) || own.Ladder.Due != monday("12:05") {
			t.Errorf("by an officer %v: told %v, due %v", officer, own.Assignments, own.Ladder.Due)
		}
		sameList(t, "told", told(o, CardReporter), []PersonID{reporter})
		left := into.LetGo(own, monday("11:05"))
		if into.Status != Closed || into.Crowd() != 0 || len(left.Events) != 1 || left.Events[0].Kind != EventUnjoined {
			t.Errorf("by an officer %v: %v, %+v", officer, into.Status, left)
		}
		if by := left.Events[0].By; officer && by != 0 {
			t.Errorf("the history of the other case names the reporter of this one: %d", by)
		}
		for _, n := range append(o.Notices, left.Notices...) {
			if n.To == neighbour {
				t.Errorf("the other reporter is told: %+v", n)
			}
		}
	}
}

func TestDangerInTheReasonMakesTheOwnCaseAnEmergency(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	own, into := sharedPair(t, g, true)
	if _, err := own.ReopenFrom(into, reporter, VerdictUnsolved, true, DefaultPolicies(), g, monday("11:05")); err != nil {
		t.Fatal(err)
	}
	if own.Urgency != Emergency || own.Ladder.Class != Urgent || into.Urgency == Emergency {
		t.Errorf("%s, %s; the other %s", own.Urgency, own.Ladder.Class, into.Urgency)
	}
}

func TestStarsStandBesideAVerdictOnTheResult(t *testing.T) {
	t.Parallel()
	own, into := sharedPair(t, ground(staff()), true)
	for _, step := range []struct {
		by    PersonID
		stars int
		want  string
	}{
		{reporter, 5, "conflict: not_judged_yet"}, {neighbour, 5, "not_found: case_not_found"},
		{reporter, 0, "invalid: rating_range"}, {reporter, 6, "invalid: rating_range"}, {reporter, 5, "yes"}, {reporter, 4, "yes"},
	} {
		if step.want == "invalid: rating_range" && own.Verdict == NoVerdict {
			if _, err := own.JudgeOn(into, reporter, monday("11:05")); err != nil {
				t.Fatal(err)
			}
		}
		_, err := own.RateOn(into, step.by, step.stars, monday("11:06"))
		if got := allowed(err); got != step.want {
			t.Errorf("%d gives %d: %s, want %s", step.by, step.stars, got, step.want)
		}
	}
	if own.Rating != 4 || into.Rating != 0 {
		t.Error(own.Rating, into.Rating)
	}
}

func TestThoseWhoseCasesWereGivenUpSeeTheEvidenceOnce(t *testing.T) {
	t.Parallel()
	_, into := sharedPair(t, ground(staff()), true)
	list := []Notice{{Kind: NoticeEvidence, To: neighbour, Lane: LaneUrgent}, {Kind: CardResult, To: neighbour, Ring: true}, {Kind: CardReporter, To: neighbour}}
	got := into.ToDuplicates(Outcome{Notices: list, Events: []Event{{Kind: EventClosed}}})
	if len(got) != 2 || got[0].Kind != NoticeEvidence || got[1].Kind != CardReporter || !got[1].Ring || got[0].Lane != got[1].Lane {
		t.Errorf("%+v", got)
	}
	if got := into.ToDuplicates(Outcome{Notices: list[1:], Events: []Event{{Kind: EventReturned}}}); got != nil {
		t.Errorf("that the other reporter is back is told: %+v", got)
	}
}
