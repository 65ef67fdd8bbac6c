package main

import (
	"testing"
	"time"
)

// The reckoning stands beside the program's own, so it is held against moments
// that were worked out by hand.
func TestWorkingTimeOfTheRegion(t *testing.T) {
	for _, c := range []struct {
		from    string // a Tuesday is the 1st
		minutes int
		want    string
	}{
		{"01 02:00", 0, "01 09:00"},
		{"01 02:00", 30, "01 09:30"},
		{"01 10:15", 60, "01 11:15"},
		{"01 12:30", 30, "01 13:00"}, // the end of the morning belongs to it
		{"01 12:30", 31, "01 14:01"},
		{"01 13:20", 10, "01 14:10"},
		{"01 09:00", 240, "01 13:00"},
		{"01 17:50", 20, "02 09:10"},
		{"01 20:00", 60, "02 10:00"},
		{"05 17:30", 60, "07 09:30"}, // a Saturday; nobody works on the Sunday after it
	} {
		if got := afterWork(decemberAt(t, c.from), time.Duration(c.minutes)*time.Minute); !got.Equal(decemberAt(t, c.want)) {
			t.Errorf("%d working minutes after %s: got %s, want %s", c.minutes, c.from, got.Format("02 15:04"), c.want)
		}
	}
}

func TestWhatIsInTime(t *testing.T) {
	r := &dayOf{size: regionDay{step: time.Minute}}
	for n := range 5 { // pushed to 10:01, 10:02 and so on; each step lasts two seconds
		before := decemberAt(t, "01 10:00").Add(time.Duration(n)*time.Minute + 2*time.Second)
		r.moments = append(r.moments, moment{before, before.Add(58 * time.Second)})
	}
	at := func(clock string) time.Time { return decemberAt(t, "01 10:00").Add(parsed(t, clock)) }
	for _, c := range []struct {
		due, done string
		want      bool
	}{
		{"2m30s", "3m0.3s", true},  // the push to 10:03 made it due
		{"2m30s", "2m29s", false},  // before it was due
		{"2m30s", "4m0.3s", false}, // a step too late
		{"3m1s", "3m1.2s", true},   // between two pushes
		{"3m1.8s", "4m0.2s", true}, // just before a push
		{"0m30s", "3m0.3s", false}, // long ago
		{"-1m", "0m30s", false},    // before the day
	} {
		if _, ok := r.inTime(at(c.due), at(c.done)); ok != c.want {
			t.Errorf("due at %s, done at %s: got %t, want %t", c.due, c.done, ok, c.want)
		}
	}
}

func TestAPushIsNoWaiting(t *testing.T) {
	r := &dayOf{size: regionDay{step: time.Minute}}
	for n := range 3 {
		before := decemberAt(t, "01 10:00").Add(time.Duration(n)*time.Minute + 2*time.Second)
		r.moments = append(r.moments, moment{before, before.Add(58 * time.Second)})
	}
	due := decemberAt(t, "01 10:01").Add(1500 * time.Millisecond) // half a second before a push
	if d, ok := r.inTime(due, decemberAt(t, "01 10:02").Add(200*time.Millisecond)); !ok || d.shown != 700*time.Millisecond {
		t.Errorf("got %s, %t, want 700ms", d.shown, ok)
	}
}

func decemberAt(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01 02 15:04", "2026-12 "+day, tashkent)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func parsed(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
