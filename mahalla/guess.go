package mahalla

import (
	"slices"
	"time"
)

// Limits of asking for the numbers of others.
const (
	GuessWindow = time.Hour // in which they are counted
	mostGuesses = 20        // then nothing is looked up until the oldest is that long ago
)

// Guess notes that the person asked for a case by a number that is not theirs to
// see, or of no case at all. No more are kept than the limit needs.
func (d *Dialogue) Guess(now time.Time) {
	d.Guesses = slices.DeleteFunc(d.Guesses, func(at time.Time) bool { return !now.Before(at.Add(GuessWindow)) })
	if len(d.Guesses) < mostGuesses {
		d.Guesses = append(d.Guesses, now.UTC())
	}
}

// Guessing tells whether the person has asked for so many numbers of others that
// none is looked up any more for now.
func (d *Dialogue) Guessing(now time.Time) bool {
	recent := 0
	for _, at := range d.Guesses {
		if now.Before(at.Add(GuessWindow)) {
			recent++
		}
	}
	return recent >= mostGuesses
}
