package storage_test

import (
	"fmt"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// sleepers lists the chats of the dialogues that want attention.
func (w *world) sleepers(now time.Time) (chats []int64) {
	w.Helper()
	w.read(func(tx *storage.Tx) error {
		list, err := tx.Sleepers(now, 10)
		for _, s := range list {
			chats = append(chats, s.Chat)
		}
		return err
	})
	return chats
}

func TestADialogueIsWokenWhenItWantsToBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.contact(1)
	save := func() { w.tx(func(tx *storage.Tx) error { return tx.SaveDialogue(c, morning) }) }
	c.Dialogue.Draft = &mahalla.Draft{Began: morning, Parts: []mahalla.Part{{Words: "x"}}}
	save()
	same(t, "early", fmt.Sprint(w.sleepers(morning.Add(mahalla.OfferAfter-time.Second))), "[]")
	same(t, "in time", fmt.Sprint(w.sleepers(morning.Add(mahalla.OfferAfter))), "[1]")
	c.Dialogue.Draft.Offered = true
	save()
	same(t, "offered", fmt.Sprint(w.sleepers(morning.Add(mahalla.OfferAfter))), "[]")
	same(t, "at its end", fmt.Sprint(w.sleepers(morning.Add(mahalla.DraftLife))), "[1]")
	c.Dialogue.Draft = nil
	save()
	same(t, "without a draft", fmt.Sprint(w.sleepers(morning.Add(mahalla.DraftLife))), "[]")
	w.tx(func(tx *storage.Tx) error { tx.SetWake(c.ID, morning); return nil })
	same(t, "set by itself", fmt.Sprint(w.sleepers(morning)), "[1]")
}

func TestADialogueOfThePreviousReleaseIsLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec("INSERT INTO dialogues (person_id, data, updated_at) VALUES ($1, '', now())", w.resident.ID)
	same(t, "wants attention", fmt.Sprint(w.sleepers(time.Now().Add(time.Hour))), "[1]")
}

func TestAChatIsHeldByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hold := func(tx *storage.Tx) bool {
		held, err := tx.HoldChat(1)
		w.must(err)
		return held
	}
	w.tx(func(tx *storage.Tx) error {
		same(t, "first", hold(tx), true)
		w.tx(func(other *storage.Tx) error {
			same(t, "second", hold(other), false)
			return nil
		})
		return nil
	})
	w.tx(func(tx *storage.Tx) error {
		same(t, "afterwards", hold(tx), true)
		return nil
	})
}

func TestPartsOfAnAlbumKeepTheirOrderAndTheirCaptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	photo := func(file string) []mahalla.Media { return []mahalla.Media{{Kind: mahalla.Photo, File: file}} }
	w.tx(func(tx *storage.Tx) error {
		return tx.AddReport(c.ID, storage.Report{ID: 1 << 50, Kind: storage.KindAddition, Person: w.resident.ID, Media: photo("a"), At: morning})
	})
	last := func() (r storage.Report) {
		w.read(func(tx *storage.Tx) error {
			list, err := tx.Reports(c.ID)
			r = list[len(list)-1]
			return err
		})
		return r
	}
	// A replica whose ids are smaller stores the second part.
	w.exec("UPDATE attachments SET id = id + 1000000 WHERE report_id = $1", int64(1)<<50)
	w.exec("UPDATE attachments SET file = '' WHERE report_id = $1", int64(1)<<50) // its seal was bound to the id
	for i, caption := range []string{"", "Mana", "Hammasi"} {
		w.tx(func(tx *storage.Tx) error { return tx.ExtendReport(last(), caption, photo(fmt.Sprint(i))) })
	}
	r := last()
	same(t, "words", r.Words, "Mana\nHammasi")
	var files string
	for _, m := range r.Media {
		files += m.File + " "
	}
	same(t, "files", files, " 0 1 2 ")
}

func TestHowMuchOfAnAlbumAChatHasBeenShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	send := func(n mahalla.Notice, fate storage.Fate, upto int) {
		w.tx(func(tx *storage.Tx) error {
			n.Kind, n.To = mahalla.NoticeMedia, w.resident.ID
			return tx.Send(w.resident.Recipient(), n, c.ID, morning, time.Time{})
		})
		w.tx(func(tx *storage.Tx) error {
			list, err := tx.ClaimMessages(1, time.Minute)
			w.must(err)
			return tx.FinishMessages([]storage.Delivery{{Message: list[0], Fate: fate, MessageID: 11, Upto: upto}}, storage.Pace{})
		})
	}
	shown := func() (n int) {
		w.read(func(tx *storage.Tx) (err error) {
			n, err = tx.AlbumShown(1, 77)
			return err
		})
		return n
	}
	album := mahalla.Notice{Args: map[string]string{storage.ArgAlbum: "77"}}
	same(t, "nothing yet", shown(), 0)
	send(album, storage.FateSent, 3)
	same(t, "an album of three, whatever became of its parts", shown(), 3)
	send(mahalla.Notice{Args: map[string]string{"report": "77"}}, storage.FateSent, 0)
	same(t, "words of the same report", shown(), 3)
	send(album, storage.FateRefused, 4)
	same(t, "a late part that Telegram does not take", shown(), 4)
	send(album, storage.FateSent, 3)
	same(t, "all of it once more", shown(), 4)
	send(album, storage.FateRetry, 9)
	same(t, "a part that is tried again", shown(), 4)
}
