package handlers_test

import (
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/storage"
)

// refusing answers calls of a method to a chat with a refusal, as often as it is
// asked to.
func refusing(method string, chat int64, said string, when func(call int) bool) func(string, int64) *simulator.Fault {
	calls := 0
	return func(called string, to int64) *simulator.Fault {
		if called != method || to != chat {
			return nil
		}
		if calls++; !when(calls) {
			return nil
		}
		return &simulator.Fault{Status: 400, Body: `{"ok":false,"error_code":400,"description":"Bad Request: ` + said + `"}`}
	}
}

const filed = `clock 2026-11-23 10:00
cast Inspector prevention_inspector DEMO-1011
cast Senior senior_inspector 9901-S4
cast Resident known
Resident starts m_DEMO-1011
Resident writes Musiqa baland
`

func always(int) bool { return true }

func wants(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("nothing holds %q:\n%s", part, said)
		}
	}
}

func TestACardThatTelegramTakesInNoWaySendsTheCaseOn(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"BUTTON_DATA_INVALID", "message is too long", "a word that nobody has seen", "chat not found", "USER_DEACTIVATED"} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			p := &play{}
			p.perform(t, filed)
			p.telegram.SetFault(refusing("sendMessage", p.people["Inspector"].ID(), said, always))
			wants(t, p.perform(t, "Resident presses 🔊\n"), "Senior (protected): 🟡", "Senior (silent): 📵", "katta inspektori xabardor (bugun 10:00)")
			p.telegram.SetFault(nil)
			wants(t, p.perform(t, "Senior presses ✋\n"), "Senior toast: ✅", "Qabul qilindi: bugun 10:00")
		})
	}
}

func TestOfAnAlbumWithABrokenPartTheOthersArriveAndItIsNamed(t *testing.T) {
	t.Parallel()
	p := &play{}
	p.perform(t, filed+"Resident album 3\n")
	// No album is taken, and of the single pictures the third is not.
	album := refusing("sendMediaGroup", p.people["Inspector"].ID(), "can't use file of type Video as Photo", always)
	single := refusing("sendPhoto", p.people["Inspector"].ID(), "PHOTO_INVALID_DIMENSIONS", func(call int) bool { return call == 3 })
	p.telegram.SetFault(func(method string, chat int64) *simulator.Fault {
		if f := album(method, chat); f != nil {
			return f
		}
		return single(method, chat)
	})
	said := p.perform(t, "Resident presses 🔊\n")
	wants(t, said, "Inspector (protected): 🟡", "albomning 3-qismi ochilmadi", "✅ № {A}")
	if n := strings.Count(said, "<photo>"); n != 2 {
		t.Errorf("pictures: got %d, want the other 2:\n%s", n, said)
	}
	p.must(p.db.Read(p.ctx, func(tx *storage.Tx) error {
		left, err := tx.Unfinished()
		if left.Unsent != 0 {
			t.Errorf("unsent: got %d", left.Unsent)
		}
		return err
	}))
}

func TestACardThatCannotBeEditedLeavesTheCaseWithItsOwner(t *testing.T) {
	t.Parallel()
	p := &play{}
	p.perform(t, filed+"Resident presses 🔊\nInspector presses ✅\n")
	p.telegram.SetFault(refusing("editMessageText", p.people["Inspector"].ID(), "a word that nobody has seen", always))
	said := p.perform(t, "Resident writes /qoshimcha {A} Hali ham\n")
	if strings.Contains(said, "Senior") {
		t.Errorf("the case left its owner:\n%s", said)
	}
}

func TestOfACardThatCameTwiceTheOneThatIsPressedChanges(t *testing.T) {
	t.Parallel()
	p := &play{}
	p.perform(t, filed)
	inspector := p.people["Inspector"]
	lost := false
	p.telegram.SetFault(func(method string, chat int64) *simulator.Fault {
		if method != "sendMessage" || chat != inspector.ID() || lost {
			return nil
		}
		lost = true
		return &simulator.Fault{LoseAnswer: true}
	})
	p.troubled = true // the auditor is right: a card is on its way
	p.perform(t, "Resident presses 🔊\n")
	var cards []int
	for deadline := time.Now().Add(20 * time.Second); len(cards) < 2 && time.Now().Before(deadline); {
		cards = nil
		for _, m := range inspector.Messages() {
			if strings.Contains(m.Text, "⏱") && len(m.Buttons) > 0 {
				cards = append(cards, m.ID)
			}
		}
		time.Sleep(50 * time.Millisecond) // until it is tried again
		p.perform(t, "wait 1m\n")
	}
	if len(cards) != 2 {
		t.Fatalf("cards: got %d, want the one whose fate was not known, and another", len(cards))
	}
	p.troubled = false
	if _, err := inspector.Press(cards[0], "✅ Qabul qildim"); err != nil {
		t.Fatal(err)
	}
	p.perform(t, "wait 1m\n")
	for _, m := range inspector.Messages() {
		if m.ID == cards[0] && !strings.Contains(m.Text, "Siz qabul qilgansiz") {
			t.Errorf("the card that was pressed says %q", m.Text)
		}
	}
}
