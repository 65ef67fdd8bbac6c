package casework

import (
	"fmt"
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// argAway says when the bot did not hear.
const argAway = "away"

const (
	// mostAskedAnew is how many cards one person is sent anew after an outage; of
	// the others a list or a line says where they are.
	mostAskedAnew = 5
	// cardsAtOnce is about how many cards are looked at in one transaction.
	cardsAtOnce = 1000
)

// AskAgain repeats the questions that wait for a press of the next people after
// one, because presses made while the bot did not hear are lost: it says so, and
// rings for urgent cases only. Who was asked to take a case or to stand in has as
// much longer for the answer as the bot was away. It tells whom it has reached, and whether nobody
// is left.
func (d *Desk) AskAgain(tx *storage.Tx, o storage.Outage, after mahalla.PersonID, now time.Time) (last mahalla.PersonID, end bool, err error) {
	last, end, err = tx.CardsAfter(after, cardsAtOnce)
	if err != nil {
		return after, false, err
	}
	tx.ExtendOffers(after, last, o)
	tx.ExtendStandIns(after, last, o)
	cards, err := tx.AskingCards(after, last, mostAskedAnew, o)
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

// askAnew sends one person the cards anew. Several cases that only wait come as
// one list, and of results a line says how many more there are.
func askAnew(tx *storage.Tx, cards []storage.Asking, o storage.Outage, now time.Time) error {
	to, work, results := cards[0].To, cards[0].Cards-cards[0].Results, cards[0].Results
	args := map[string]string{argAway: fmt.Sprintf("%d %d", o.Since.Unix(), o.Until.Unix())}
	var waiting []storage.Asking
	send := func(kind mahalla.NoticeKind, c mahalla.CaseID, again bool) error {
		n := mahalla.Notice{Kind: kind, To: to.Person, Lane: mahalla.LaneEscalation, Ring: true, Again: again, Args: args}
		return tx.Send(to, n, c, now, time.Time{})
	}
	for _, card := range cards {
		switch {
		case card.OfReport():
			results--
		case card.Waits() && !card.Urgent:
			waiting = append(waiting, card)
			continue
		default:
			work--
		}
		if err := send(card.Kind, card.Case, true); err != nil {
			return err
		}
	}
	if work == 1 && len(waiting) == 1 {
		if err := send(waiting[0].Kind, waiting[0].Case, true); err != nil {
			return err
		}
	} else if work > 0 {
		if err := send(CardWork, 0, false); err != nil {
			return err
		}
	}
	if results == 0 {
		return nil
	}
	n := mahalla.Notice{Kind: NoticeSay, To: to.Person, Lane: mahalla.LaneEscalation,
		Args: map[string]string{"key": "notice.away_mine", "n": strconv.Itoa(results)}}
	return tx.Send(to, n, 0, now, time.Time{})
}

// asksAgain tells whether a card still waits for a press. What goes with another case
// may ask for a judgement of that one; that matters only where the card comes again.
func asksAgain(tx *storage.Tx, m storage.Message, v storage.View, now time.Time) (bool, error) {
	if !m.Again || m.Kind != mahalla.CardJoined && m.Kind != mahalla.CardReporter {
		return asks(m.Kind, v.Case), nil
	}
	s, err := sharedOf(tx, v.Reader, v.Case)
	return s.own != nil && s.own.MayReopenFrom(s.into, m.Person, now) == nil, err
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
	if n, err := fmt.Sscanf(args[argAway], "%d %d", &from, &to); n != 2 || err != nil {
		return ""
	}
	begin, end := time.Unix(from, 0).In(locales.Tashkent()), time.Unix(to, 0).In(locales.Tashkent())
	if mahalla.DateOf(begin) == mahalla.DateOf(end) {
		return w.say("notice.away", "from", locales.Clock(begin), "to", locales.Clock(end))
	}
	return w.say("notice.away", "from", w.when(begin), "to", w.when(end))
}
