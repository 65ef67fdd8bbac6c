package casework

import (
	"fmt"
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

const (
	// mostAskedAnew is how many cards one person is sent anew after an outage; of
	// the others a line says where they are.
	mostAskedAnew = 5
	// cardsAtOnce is about how many cards are looked at in one transaction.
	cardsAtOnce = 1000
)

// AskAgain repeats the questions that wait for a press of the next people after
// one, because presses made while the bot did not hear are lost: it says so, and
// rings for urgent cases only. Who was asked to take a case has as much longer for
// the answer as the bot was away. It tells whom it has reached, and whether nobody
// is left.
func (d *Desk) AskAgain(tx *storage.Tx, o storage.Outage, after mahalla.PersonID, now time.Time) (last mahalla.PersonID, end bool, err error) {
	last, end, err = tx.CardsAfter(after, cardsAtOnce)
	if err != nil {
		return after, false, err
	}
	tx.ExtendOffers(after, last, o)
	cards, err := tx.AskingCards(after, last, mostAskedAnew)
	if err != nil {
		return after, false, err
	}
	for len(cards) > 0 {
		n := 1
		for n < len(cards) && cards[n].To == cards[0].To {
			n++
		}
		if err := askAnew(tx, cards[:n], o, now); err != nil {
			return after, false, err
		}
		cards = cards[n:]
	}
	return last, end, nil
}

// askAnew sends one person the cards anew, and says how many more there are.
func askAnew(tx *storage.Tx, cards []storage.Asking, o storage.Outage, now time.Time) error {
	to, work, results := cards[0].To, cards[0].Cards-cards[0].Results, cards[0].Results
	args := map[string]string{"away": fmt.Sprintf("%d %d", o.Since.Unix(), o.Until.Unix())}
	for _, card := range cards {
		n := mahalla.Notice{Kind: card.Kind, To: to.Person, Lane: mahalla.LaneEscalation, Ring: true, Again: true, Args: args}
		if err := tx.Send(to, n, card.Case, now, time.Time{}); err != nil {
			return err
		}
		if card.Kind == mahalla.CardResult || card.Kind == mahalla.CardKnock {
			results--
		} else {
			work--
		}
	}
	for _, rest := range []struct {
		key  string
		left int
	}{{"notice.away_work", work}, {"notice.away_mine", results}} {
		if rest.left == 0 {
			continue
		}
		n := mahalla.Notice{Kind: NoticeSay, To: to.Person, Lane: mahalla.LaneEscalation,
			Args: map[string]string{"key": rest.key, "n": strconv.Itoa(rest.left)}}
		if err := tx.Send(to, n, 0, now, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// asks tells whether a card of a kind still waits for a press.
func asks(kind mahalla.NoticeKind, c *mahalla.Case) bool {
	switch kind {
	case mahalla.CardResult:
		return c.Status == mahalla.Closed && c.Verdict == mahalla.NoVerdict
	case mahalla.CardKnock:
		return true
	case mahalla.CardOffer:
		return c.OpenOffer() != nil
	case mahalla.CardCheck:
		return !c.CheckedAt.IsZero()
	}
	return c.Status == mahalla.New || c.Claimed()
}

// wasAway says on a card that still waits for a press when the bot did not hear.
func (w *words) wasAway(args map[string]string) string {
	var from, to int64
	if n, err := fmt.Sscanf(args["away"], "%d %d", &from, &to); n != 2 || err != nil {
		return ""
	}
	begin, end := time.Unix(from, 0).In(locales.Tashkent()), time.Unix(to, 0).In(locales.Tashkent())
	if mahalla.DateOf(begin) == mahalla.DateOf(end) {
		return w.say("notice.away", "from", locales.Clock(begin), "to", locales.Clock(end))
	}
	return w.say("notice.away", "from", w.when(begin), "to", w.when(end))
}
