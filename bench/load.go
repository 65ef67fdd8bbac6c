package main

import (
	"fmt"
	"strings"

	"koprik/bot/simulator"
)

// kind is what an update of the load is: the three steps of every report.
type kind int

const (
	words  kind = iota // a resident writes: a draft, and its card
	tap                // a resident taps a category: a case, its receipt, the inspector's card
	accept             // an inspector accepts: both cards change
	kinds
)

func (k kind) String() string { return [...]string{"words", "category tap", "acceptance"}[k] }

// shifts are three groups of residents. In every round one group writes, one
// has its drafts filed, and one has its reports accepted; then each is ready
// for its next step, so that rounds can follow each other for ever.
type shifts struct {
	groups [kinds][]citizen
	round  int
}

func newShifts(residents []citizen, each int) *shifts {
	s := &shifts{}
	for k := range kinds {
		s.groups[k] = residents[int(k)*each : int(k+1)*each]
	}
	return s
}

// group is who does something in this round.
func (s *shifts) group(k kind) []citizen { return s.groups[(int(k)+s.round)%int(kinds)] }

// next makes writers of those whose reports were accepted, and so on.
func (s *shifts) next() { s.round += int(kinds) - 1 }

const (
	complaint   = "12-uy oldida har kecha baland musiqa, bolalar uxlolmayapti"
	noiseButton = "🔊"
	takeButton  = "Qabul"
)

// do lets people do one step. Of the accepting inspectors each takes every card
// that waits.
func (c *crew) do(k kind, who citizen) error {
	switch k {
	case words:
		c.user(who).Text(fmt.Sprintf("%s (%d)", complaint, who.telegram))
		return nil
	case tap:
		_, err := c.user(who).PressLast(noiseButton)
		return err
	}
	u := c.user(c.town.inspectors[who.officer])
	for _, m := range u.Messages() {
		if hasButton(m, takeButton) && strings.Contains(m.Text, fmt.Sprintf("(%d)", who.telegram)) {
			_, err := u.Press(m.ID, takeButton)
			return err
		}
	}
	return fmt.Errorf("the inspector has no card of %d", who.telegram)
}

func hasButton(m simulator.Message, label string) bool {
	for _, row := range m.Buttons {
		for _, b := range row {
			if strings.Contains(b.Text, label) {
				return true
			}
		}
	}
	return false
}

// queue lets everybody of a round do their step while the bot hears nothing:
// one of each kind in turn.
func (c *crew) queue(s *shifts) error {
	for i := range s.groups[0] {
		for k := range kinds {
			if err := c.do(k, s.group(k)[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
