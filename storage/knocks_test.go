package storage_test

import (
	"slices"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestAKnockIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	read := func() (k mahalla.Knock) {
		w.must(w.db.Read(w.ctx, func(tx *storage.Tx) (err error) {
			k, err = tx.Knock(c.ID)
			return err
		}))
		return k
	}
	if got := read(); got != (mahalla.Knock{}) {
		t.Errorf("at first: got %v, want none", got)
	}
	for _, want := range []mahalla.Knock{{Since: morning}, {Since: morning, Later: morning.Add(time.Hour)}, {Wiped: morning}} {
		w.tx(func(tx *storage.Tx) error {
			tx.SaveKnock(c.ID, want)
			return nil
		})
		got := read()
		if !got.Since.Equal(want.Since) || !got.Later.Equal(want.Later) || !got.Wiped.Equal(want.Wiped) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestAQuestionThatWasNotReadTakesNoAnswerByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	w.save(c.ID, func(c *mahalla.Case) {
		accept(w)(c)
		c.Status, c.AskedAt = mahalla.Waiting, morning
	})
	for _, test := range []struct {
		knock           mahalla.Knock
		asked, knocking []mahalla.CaseID
	}{{mahalla.Knock{Since: morning}, nil, []mahalla.CaseID{c.ID}}, {mahalla.Knock{}, []mahalla.CaseID{c.ID}, nil}} {
		w.tx(func(tx *storage.Tx) error {
			tx.SaveKnock(c.ID, test.knock)
			asked, err := tx.AskedOf(w.resident.ID, time.Time{})
			w.must(err)
			knocking, err := tx.KnockedFor(w.resident.ID)
			if !slices.Equal(asked, test.asked) || !slices.Equal(knocking, test.knocking) {
				t.Errorf("%v: got %v and %v, want %v and %v", test.knock, asked, knocking, test.asked, test.knocking)
			}
			return err
		})
	}
}

func TestWhatWasWipedIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	chat := w.resident.Telegram
	w.tx(func(tx *storage.Tx) error {
		tx.Concern(chat, []int64{5, 6}, c.ID)
		tx.AdoptCard(w.resident.ID, mahalla.CardReporter, c.ID, 6)
		tx.AdoptCard(w.officer.ID, mahalla.CardOfficer, c.ID, 7)
		list, err := tx.MessagesAbout(chat, c.ID)
		if !slices.Equal(list, []int64{6, 5}) {
			t.Errorf("got %v, want the newest first", list)
		}
		return err
	})
	w.tx(func(tx *storage.Tx) error {
		return tx.Send(w.resident.Recipient(), mahalla.Notice{Kind: mahalla.NoticeWipe}, c.ID, morning, time.Time{})
	})
	for _, m := range w.claim(10) {
		w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateSent})
	}
	w.must(w.db.Read(w.ctx, func(tx *storage.Tx) error {
		list, err := tx.MessagesAbout(chat, c.ID)
		card, err2 := tx.Card(w.resident.ID, mahalla.CardReporter, c.ID)
		officers, err3 := tx.Card(w.officer.ID, mahalla.CardOfficer, c.ID)
		if len(list) != 0 || card.MessageID != 0 || officers.MessageID != 7 {
			t.Errorf("got %v, %v, %v, want only the officer's card", list, card, officers)
		}
		w.must(err2)
		w.must(err3)
		return err
	}))
}
