package storage_test

import (
	"slices"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestWhatShowsAResultThatIsTakenBackIsFoundAndForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chat := w.resident.Telegram
	c := w.filed(1)
	deliver := func(n mahalla.Notice, message int64, others []int64, report int64) {
		t.Helper()
		w.tx(func(tx *storage.Tx) error {
			return tx.Send(w.resident.Recipient(), n, c.ID, morning, time.Time{})
		})
		for _, m := range w.claim(10) {
			w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: message, Hash: []byte{1}, Others: others, Report: report})
		}
	}
	showing := func(report string) []int64 {
		t.Helper()
		var list []int64
		w.must(w.db.Read(w.ctx, func(tx *storage.Tx) (err error) {
			list, err = tx.Showing(storage.Message{Case: c.ID, Row: c.ID, Person: w.resident.ID, Chat: chat, Args: map[string]string{storage.ArgResult: report}})
			return err
		}))
		return list
	}
	deliver(mahalla.Notice{Kind: mahalla.NoticeEvidence}, 11, []int64{12}, 77)
	deliver(mahalla.Notice{Kind: mahalla.CardResult, Ring: true}, 13, nil, 77)
	if got := showing("77"); !slices.Equal(got, []int64{12, 11}) {
		t.Errorf("got %v, want the pictures, and not the living card", got)
	}
	deliver(mahalla.Notice{Kind: mahalla.CardResult, Ring: true}, 14, nil, 77) // 13 lives no more
	deliver(mahalla.Notice{Kind: mahalla.NoticeEvidence}, 15, nil, 78)         // of another result
	if got := showing("77"); !slices.Equal(got, []int64{13, 12, 11}) {
		t.Errorf("got %v", got)
	}
	if got := showing(""); len(got) != 0 {
		t.Errorf("no result is shown by %v", got)
	}
	deliver(mahalla.Notice{Kind: mahalla.NoticeWipe, Args: map[string]string{storage.ArgResult: "77"}}, 0, nil, 0)
	if got := showing("77"); len(got) != 0 {
		t.Errorf("still %v", got)
	}
	w.must(w.db.Read(w.ctx, func(tx *storage.Tx) error {
		about, err := tx.MessagesAbout(chat, c.ID)
		card, err2 := tx.Card(w.resident.ID, mahalla.CardResult, c.ID)
		if !slices.Equal(about, []int64{15, 14}) || card.MessageID != 14 {
			t.Errorf("left are %v and the card %d", about, card.MessageID)
		}
		w.must(err2)
		return err
	}))
}
