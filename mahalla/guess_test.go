package mahalla

import (
	"testing"
	"time"
)

func TestTwentyGuessesInAnHourAreEnough(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	var d Dialogue
	for i := range mostGuesses {
		if d.Guessing(now.Add(time.Duration(i) * time.Minute)) {
			t.Fatalf("after %d: got stopped, want not yet", i)
		}
		d.Guess(now.Add(time.Duration(i) * time.Minute))
	}
	for _, row := range []struct {
		after time.Duration
		want  bool
	}{
		{20 * time.Minute, true},
		{time.Hour - time.Second, true},
		{time.Hour, false}, // the first of them is an hour ago
		{2 * time.Hour, false},
	} {
		if got := d.Guessing(now.Add(row.after)); got != row.want {
			t.Errorf("after %v: got %v, want %v", row.after, got, row.want)
		}
	}
	for range 1000 {
		d.Guess(now.Add(30 * time.Minute))
	}
	if len(d.Guesses) != mostGuesses {
		t.Errorf("kept: got %d, want %d", len(d.Guesses), mostGuesses)
	}
	d.Guess(now.Add(3 * time.Hour))
	if len(d.Guesses) != 1 || d.Guessing(now.Add(3*time.Hour)) {
		t.Errorf("three hours later: got %d kept, want one", len(d.Guesses))
	}
}
