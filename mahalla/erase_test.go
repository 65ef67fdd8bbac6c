package mahalla

import (
	"testing"
	"time"
)

func TestWordsAreErasedSomeTimeAfterTheEndAndAgainAfterAReopening(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		c      Case
		after  time.Duration
		want   bool
		erased bool
	}{
		{"open", Case{Status: Accepted}, 10 * WordsKept, false, false},
		{"just closed", Case{Status: Closed, ClosedAt: end}, 0, false, false},
		{"not long enough", Case{Status: Closed, ClosedAt: end}, WordsKept - time.Second, false, false},
		{"long enough", Case{Status: Closed, ClosedAt: end}, WordsKept, true, false},
		{"withdrawn", Case{Status: Withdrawn, WithdrawnAt: end}, WordsKept, true, false},
		{"erased already", Case{Status: Closed, ClosedAt: end, ErasedAt: end.Add(time.Hour).Truncate(24 * time.Hour)}, WordsKept, false, true},
		{"erased before it was reopened", Case{Status: Closed, ClosedAt: end, ErasedAt: end.Add(-48 * time.Hour)}, WordsKept, true, false},
	} {
		if got := test.c.Erasable(WordsKept, end.Add(test.after)); got != test.want {
			t.Errorf("%s: erasable: got %v, want %v", test.name, got, test.want)
		}
		if got := test.c.Erased(); got != test.erased {
			t.Errorf("%s: erased: got %v, want %v", test.name, got, test.erased)
		}
	}
}

func TestErasingShowsOnCardsThatStillStand(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	c := Case{Status: Closed, Reporter: 1, Alias: "7Q", ClosedAt: end, Owner: 2, Assignments: []Assignment{{Person: 2}, {Person: 3, Unreachable: true}}}
	if o := c.Erase(end.Add(time.Hour)); len(o.Notices) != 1 || o.Notices[0].To != 2 || len(o.Events) != 1 || o.Events[0].Kind != EventErased {
		t.Errorf("soon: got %+v, want the card of the officer in reach", o)
	}
	if o := c.Erase(end.Add(WordsKept)); len(o.Notices) != 0 || !c.Erased() {
		t.Errorf("late: got %+v, want nobody told", o)
	}
}

func TestWhoServesIsNotForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	serves := Person{Memberships: []Membership{{Role: PreventionInspector, From: now.Add(-time.Hour)}}}
	left := Person{Memberships: []Membership{{Role: PreventionInspector, From: now.Add(-time.Hour), Until: now}}}
	if serves.MayLeave(now) == nil || left.MayLeave(now) != nil || (Person{}).MayLeave(now) != nil {
		t.Error("want that only who serves at this moment stays")
	}
}
