package bot

import (
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

func TestMessagesAreTakenOffTheScreen(t *testing.T) {
	t.Parallel()
	wiped := []int64{}
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
		o.Render = func(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			if m.Kind == mahalla.NoticeWipe {
				return mahalla.Screen{Text: "nothing", Wipe: wiped}, nil
			}
			return rendered(tx, m)
		}
	})
	u, to := w.person("a")
	w.sim.SetLimits(false)
	w.send(to, notice("old"))
	w.drain()
	w.sim.Advance(49 * time.Hour)
	u.Text("own words")
	w.send(to, notice("new"))
	w.drain()
	for _, m := range u.Messages() {
		wiped = append([]int64{int64(m.ID)}, wiped...)
	}
	wiped = append(wiped, 999_999) // gone already
	w.sim.SetFault(once("deleteMessage", simulator.Fault{Status: 500}))
	w.send(to, mahalla.Notice{Kind: mahalla.NoticeWipe})
	w.drain() // the first call fails, and all of it is tried again
	for _, m := range u.Messages() {
		switch {
		case m.FromBot && !m.Deleted && m.Text != "nothing":
			t.Errorf("the bot's message %q still stands there", m.Text)
		case m.Text == "own words" && !m.Deleted:
			t.Error("the person's own words still stand there")
		case m.Text == "old" && m.Deleted:
			t.Error("a message of 49 hours was deleted: Telegram does not do that")
		}
	}
	w.correct()
}

func TestAPictureTooOldToBeTakenAwaySaysSoBeneath(t *testing.T) {
	t.Parallel()
	var wiped []int64
	file := ""
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
		o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			if m.Kind == mahalla.NoticeWipe {
				return mahalla.Screen{Text: "withdrawn", Wipe: wiped}, nil
			}
			return mahalla.Screen{Media: []mahalla.Media{{Kind: mahalla.Photo, File: file}}}, nil
		}
	})
	u, to := w.person("a")
	w.sim.SetLimits(false)
	u.Photo("")
	file = u.Messages()[len(u.Messages())-1].FileID
	w.send(to, notice(""))
	w.drain()
	w.sim.Advance(49 * time.Hour)
	w.send(to, notice(""))
	w.drain()
	for _, m := range u.Messages()[len(u.Messages())-2:] {
		wiped = append([]int64{int64(m.ID)}, wiped...)
	}
	w.send(to, mahalla.Notice{Kind: mahalla.NoticeWipe})
	w.drain()
	list := u.Messages()
	if old, young := list[len(list)-2], list[len(list)-1]; old.Kind != "photo" || old.Deleted || old.Text != "withdrawn" || !young.Deleted {
		t.Errorf("got %+v and %+v", old, young)
	}
	w.correct()
}
