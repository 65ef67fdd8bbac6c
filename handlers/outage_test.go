package handlers_test

import (
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

// lacks fails where something was said that should not have been.
func lacks(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(said, part) {
			t.Errorf("something holds %q:\n%s", part, said)
		}
	}
}

func TestACardThatWasAcceptedBeforeItIsAskedAgainIsNotSentAnew(t *testing.T) {
	t.Parallel()
	for _, claimed := range []bool{false, true} { // the sender has it in hand already
		p := &play{}
		p.perform(t, filed+"Resident presses 🔊\n")
		p.must(p.scheduler.Listen(p.ctx))
		p.now = p.now.Add(10 * time.Minute)
		p.must(p.scheduler.Listen(p.ctx))
		if claimed {
			p.must(p.db.InTx(p.ctx, func(tx *storage.Tx) error {
				_, err := tx.ClaimMessages(9, 0)
				return err
			}))
		}
		p.must(p.db.InTx(p.ctx, func(tx *storage.Tx) error {
			inspector, err := tx.ContactByTelegram(p.people["Inspector"].ID())
			if err != nil {
				return err
			}
			held, err := tx.HeldBy(inspector.ID)
			if err == nil {
				_, err = p.desk.Accept(tx, inspector, held[0], 0, p.now)
			}
			return err
		}))
		p.settle()
		said := strings.Join(p.news(), "\n")
		wants(t, said, "Inspector (edited): 🔵", "Resident (edited): ✅")
		lacks(t, said, "🔌", "Inspector (protected)", "Inspector (silent, protected)")
	}
}

func TestALatePartOfAnAlbumFollowsAPartThatTelegramDidNotTake(t *testing.T) {
	t.Parallel()
	p := &play{}
	p.perform(t, filed+"Resident presses 🔊\nResident presses ➕\n")
	album := refusing("sendMediaGroup", p.people["Inspector"].ID(), "can't use file of type Video as Photo", always)
	single := refusing("sendPhoto", p.people["Inspector"].ID(), "PHOTO_INVALID_DIMENSIONS", func(call int) bool { return call == 2 })
	p.telegram.SetFault(func(method string, chat int64) *simulator.Fault {
		if f := album(method, chat); f != nil {
			return f
		}
		return single(method, chat)
	})
	wants(t, p.perform(t, "Resident album 3 mana\n"), "albomning 2-qismi ochilmadi")
	p.telegram.SetFault(nil)
	said := p.perform(t, "Resident more\n")
	if n := strings.Count(said, "<photo>"); n != 1 {
		t.Errorf("pictures: got %d, want the late one only:\n%s", n, said)
	}
	lacks(t, said, "<album", "ochilmadi")
	// All of a late part is given up; the next one is the next one.
	p.telegram.SetFault(refusing("sendPhoto", p.people["Inspector"].ID(), "PHOTO_INVALID_DIMENSIONS", always))
	p.perform(t, "Resident more\n")
	p.telegram.SetFault(nil)
	said = p.perform(t, "Resident more\n")
	if n := strings.Count(said, "<photo>"); n != 1 {
		t.Errorf("pictures after one that was given up: got %d, want 1:\n%s", n, said)
	}
}

func TestAReporterWhoWasLostBeforeThatWasWrittenDownIsShownTheResultOnReturn(t *testing.T) {
	t.Parallel()
	p := &play{}
	p.perform(t, filed+"Resident presses 🔊\nInspector presses ✅\nResident blocks\n")
	p.must(p.db.InTx(p.ctx, func(tx *storage.Tx) error {
		c, err := tx.ContactByTelegram(p.people["Resident"].ID())
		if err != nil {
			return err
		}
		if _, err := tx.Regain(c.ID); err != nil {
			return err
		}
		tx.SetReach(c.ID, mahalla.Blocked) // without saying since when
		return nil
	}))
	p.perform(t, "Inspector writes /yop {A} Ogohlantirildi, musiqa ochdi\n")
	wants(t, p.perform(t, "Resident returns\n"), "Resident: 🏁 № {A}", "Ogohlantirildi")
}

func TestAResultThatTelegramTakesInNoWayIsToldInPlainWords(t *testing.T) {
	t.Parallel()
	p := &play{}
	p.perform(t, filed+"Resident presses 🔊\nInspector presses ✅\n")
	p.telegram.SetFault(refusing("sendMessage", p.people["Resident"].ID(), "a word that nobody has seen", func(call int) bool { return call == 1 }))
	said := p.perform(t, "Inspector writes /yop {A} Ogohlantirildi\n")
	wants(t, said, "Resident: 🏁 № {A}", "Masala hal boʻldimi?", "[✅ Hal boʻldi]")
	lacks(t, said[strings.Index(said, "🏁 № {A}"):], "Ogohlantirildi")
	p.telegram.SetFault(refusing("sendMessage", p.people["Resident"].ID(), "a word that nobody has seen", always))
	p.perform(t, "Resident writes /qayta {A} yana\nInspector writes /qabul {A}\n")
	lacks(t, p.perform(t, "Inspector writes /yop {A} Yana\n"), "Resident: 🏁") // it is given up
	p.telegram.SetFault(nil)
	p.must(p.db.Read(p.ctx, func(tx *storage.Tx) error {
		left, err := tx.Unfinished()
		if left.Unsent != 0 {
			t.Errorf("unsent: got %d", left.Unsent)
		}
		return err
	}))
}
