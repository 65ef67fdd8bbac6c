package mahalla

import (
	"testing"
	"time"
)

func TestWhoFilesMoreThanAPersonNeedsToWaits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	ago := func(minutes ...int) (list []time.Time) {
		for _, m := range minutes {
			list = append(list, now.Add(-time.Duration(m)*time.Minute))
		}
		return list
	}
	activist := Person{Memberships: []Membership{{Role: Activist, From: now.AddDate(0, -1, 0)}}}
	former := Person{Memberships: []Membership{{Role: Activist, From: now.AddDate(0, -2, 0), Until: now.AddDate(0, -1, 0)}}}
	for _, c := range []struct {
		name  string
		who   Person
		filed []time.Time
		want  time.Duration
	}{
		{"nothing yet", Person{}, nil, 0},
		{"five", Person{}, ago(50, 40, 30, 20, 10), 0},
		{"six", Person{}, ago(59, 50, 40, 30, 20, 10), time.Minute},
		{"eight, two of them in danger", Person{}, ago(59, 50, 40, 30, 20, 10, 5, 1), 20 * time.Minute},
		{"an hour is over", Person{}, ago(60, 50, 40, 30, 20, 10), 0},
		{"an activist files for others", activist, ago(59, 50, 40, 30, 20, 10, 5, 1), 0},
		{"even an activist waits", activist, ago(59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40), time.Minute},
		{"who was an activist once", former, ago(59, 50, 40, 30, 20, 10), time.Minute},
	} {
		if got := c.who.WaitToReport(c.filed, now); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestDangerIsNeverLimited(t *testing.T) {
	t.Parallel()
	for _, u := range []Urgency{Low, Normal, High, Emergency} {
		if got := Limited(Category{Urgency: u}, true); got {
			t.Errorf("%s, in danger: limited", u)
		}
		if got, want := Limited(Category{Urgency: u}, false), u != Emergency; got != want {
			t.Errorf("%s: got %v, want %v", u, got, want)
		}
	}
	if Burst(14) || !Burst(15) {
		t.Error("a burst is fifteen reports")
	}
}
