package handlers_test

import (
	"fmt"
	"strings"
	"testing"

	"koprik/bot/simulator"
)

// cards tells of each new card that a person got since a call whether it rang.
func cards(calls []simulator.Call, u *simulator.User) (rang []bool) {
	for _, c := range calls {
		if text, _ := c.Params["text"].(string); c.Method == "sendMessage" && c.ChatID == u.ID() && strings.Contains(text, "№") {
			silent, _ := c.Params["disable_notification"].(bool)
			rang = append(rang, !silent)
		}
	}
	return rang
}

func TestABurstFromOneMahallaIsTakenButWakesNobodyAnyMore(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	officer := s.officer("Inspector")
	for i := range 16 {
		before := lastCall(s)
		s.files(s.known(fmt.Sprint("R", i)))
		rang := cards(since(s, before), officer)
		if want := i < 15; len(rang) != 1 || rang[0] != want {
			t.Errorf("report %d: cards rang %v, want one: %v", i+1, rang, want)
		}
	}
	before := lastCall(s)
	u := s.known("Frightened")
	s.says(u, "Yordam bering, pichoq bilan quvlayapti")
	s.press(u, "⚠️")
	if rang := cards(since(s, before), officer); len(rang) != 1 || !rang[0] {
		t.Errorf("in danger: cards rang %v, want one that does", rang)
	}
	s.checkHonour(t)
}
