package casework

import (
	"fmt"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// mostAskedAnew is how many cards one person is sent anew after an outage; the
// others are brought up to date where they stand.
const mostAskedAnew = 5

// AskAgain repeats every question that waits for a press, because presses made
// while the bot did not hear are lost: it says so, and rings for urgent cases
// only.
func (d *Desk) AskAgain(tx *storage.Tx, from, to, now time.Time) error {
	cards, err := tx.AskingCards()
	if err != nil {
		return err
	}
	anew := map[mahalla.PersonID]int{}
	args := map[string]string{"away": fmt.Sprintf("%d %d", from.Unix(), to.Unix())}
	for _, card := range cards {
		anew[card.To.Person]++
		n := mahalla.Notice{Kind: card.Kind, To: card.To.Person, Lane: mahalla.LaneEscalation, Args: args,
			Ring: anew[card.To.Person] <= mostAskedAnew}
		if err := tx.Send(card.To, n, card.Case, now, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// wasAway says on a card that still waits for a press when the bot did not hear.
func (w *words) wasAway(c *mahalla.Case, args map[string]string) string {
	asks := c.Status == mahalla.New || c.Status == mahalla.Closed && c.Verdict == mahalla.NoVerdict
	var from, to int64
	if n, err := fmt.Sscanf(args["away"], "%d %d", &from, &to); n != 2 || err != nil || !asks {
		return ""
	}
	begin, end := time.Unix(from, 0).In(locales.Tashkent()), time.Unix(to, 0).In(locales.Tashkent())
	if mahalla.DateOf(begin) == mahalla.DateOf(end) {
		return w.say("notice.away", "from", locales.Clock(begin), "to", locales.Clock(end))
	}
	return w.say("notice.away", "from", w.when(begin), "to", w.when(end))
}
