package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/bot/simulator"
)

// Buttons that people of the region press.
const (
	closeButton   = "Yopish"
	outcomeButton = "Ogohlantirildi"
	phraseButton  = "1-jumla"
	solvedButton  = "✅ Hal boʻldi"
)

// soon is until when somebody does the next thing in a dialogue: the bot has
// answered by then, for it comes to rest in every step.
func (r *dayOf) soon() time.Time {
	return r.now().Add(20*time.Second + time.Duration(r.chance.Int64N(int64(40*time.Second))))
}

func (r *dayOf) write(c *concern) error {
	words := c.matter.words[r.chance.IntN(len(c.matter.words))]
	r.user(c.who).Text(fmt.Sprintf("%d-uy, %d-xonadon: %s %s", 1+r.chance.IntN(200), 1+r.chance.IntN(99), words, c.mark))
	r.later(r.soon(), func() error { return r.tap(c) })
	return nil
}

func (r *dayOf) tap(c *concern) error {
	if _, err := r.user(c.who).PressLast(c.matter.button); err != nil {
		return err
	}
	c.tapped = r.now()
	r.later(c.tapped.Add(time.Second), func() error { return r.readReceipt(c) })
	if at, ever := r.patience(c, c.tapped); ever {
		r.later(at, func() error { return r.acceptOf(c) })
	}
	return nil
}

// readReceipt takes down the number that the resident was told.
func (r *dayOf) readReceipt(c *concern) error {
	m, ok := lastWith(r.user(c.who), c.mark, "")
	if _, rest, found := strings.Cut(m.Text, "№ "); ok && found && len(rest) >= 9 {
		c.number, _ = strconv.Atoi(strings.Replace(rest[:9], "-", "", 1))
	}
	if c.number == 0 {
		return fmt.Errorf("%s got no number", c.mark)
	}
	return nil
}

// inspectorOf is who answers for where a report is from.
func (r *dayOf) inspectorOf(c *concern) citizen {
	return r.inspectors[r.places[c.who.officer].inspector]
}

func (r *dayOf) acceptOf(c *concern) error {
	if err := r.pressCard(c, takeButton); err != nil {
		return err
	}
	c.accepted = r.now()
	if c.close {
		r.later(c.accepted.Add(20*time.Minute+time.Duration(r.chance.Int64N(int64(3*time.Hour)))), func() error { return r.beginClosing(c) })
	}
	return nil
}

// beginClosing begins to close a case, or waits until the inspector has closed
// another one: people do one thing after the other.
func (r *dayOf) beginClosing(c *concern) error {
	officer := r.inspectorOf(c).telegram
	if until := r.busy[officer]; r.now().Before(until) {
		r.later(until, func() error { return r.beginClosing(c) })
		return nil
	}
	if err := r.pressCard(c, closeButton); err != nil {
		return err
	}
	r.busy[officer] = r.now().Add(4*r.size.step + 2*time.Minute)
	r.later(r.soon(), func() error {
		if err := r.pressCard(c, outcomeButton); err != nil {
			return err
		}
		r.later(r.soon(), func() error { return r.endClosing(c) })
		return nil
	})
	return nil
}

func (r *dayOf) endClosing(c *concern) error {
	if err := r.pressCard(c, phraseButton); err != nil {
		return err
	}
	c.closing = true
	delete(r.busy, r.inspectorOf(c).telegram)
	if c.judge {
		r.later(r.now().Add(6*time.Minute+time.Duration(r.chance.Int64N(int64(time.Hour)))), func() error {
			_, err := r.user(c.who).PressLast(solvedButton)
			c.judged = err == nil
			return err
		})
	}
	return nil
}

// pressCard presses a button on the inspector's card of a report.
func (r *dayOf) pressCard(c *concern, button string) error {
	officer := r.user(r.inspectorOf(c))
	m, ok := lastWith(officer, c.mark, button)
	if !ok {
		return fmt.Errorf("the inspector has no %q for %s", button, c.mark)
	}
	_, err := officer.Press(m.ID, button)
	return err
}

// lastWith is the newest message of the bot with a mark in it, and a button unless
// that is empty.
func lastWith(u *simulator.User, mark, button string) (simulator.Message, bool) {
	for _, m := range slices.Backward(u.Messages()) {
		if m.FromBot && !m.Deleted && strings.Contains(m.Text, mark) && (button == "" || hasButton(m, button)) {
			return m, true
		}
	}
	return simulator.Message{}, false
}
