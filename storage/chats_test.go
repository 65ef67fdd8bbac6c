package storage_test

import (
	"bytes"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestAHandoverIsForOneAccountAndOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := storage.Handover{Telegram: 42, Territory: mahalla.RootTerritory, Words: secret}
	var token string
	w.tx(func(tx *storage.Tx) (err error) {
		token, err = tx.HandOver(want, morning.Add(time.Minute))
		return err
	})
	var raw []byte
	w.must(w.conn.QueryRow(w.ctx, "SELECT words || token_hash FROM handovers").Scan(&raw))
	if bytes.Contains(raw, []byte(secret[:8])) || bytes.Contains(raw, []byte(token)) || len(token) > 60 {
		t.Error("the words or the token stand in the clear, or the token is too long for a link")
	}
	fetch := func(token string, telegram int64, now time.Time) (h storage.Handover, found bool) {
		w.tx(func(tx *storage.Tx) (err error) {
			h, found, err = tx.Fetch(token, telegram, now)
			return err
		})
		return h, found
	}
	for name, try := range map[string]func() (storage.Handover, bool){
		"somebody else":   func() (storage.Handover, bool) { return fetch(token, 43, morning) },
		"another token":   func() (storage.Handover, bool) { return fetch(token+"x", 42, morning) },
		"too late":        func() (storage.Handover, bool) { return fetch(token, 42, morning.Add(time.Minute)) },
		"nothing at all":  func() (storage.Handover, bool) { return fetch("", 42, morning) },
		"with a zero":     func() (storage.Handover, bool) { return fetch("\x00", 42, morning) },
		"of a long token": func() (storage.Handover, bool) { return fetch(string(bytes.Repeat([]byte("a"), 5000)), 42, morning) },
	} {
		if _, found := try(); found {
			t.Errorf("%s: got it, want nothing", name)
		}
	}
	if got, found := fetch(token, 42, morning); !found || got != want {
		t.Errorf("got %v, %v, want %v", got, found, want)
	}
	if _, found := fetch(token, 42, morning); found {
		t.Error("got it twice")
	}
}

func TestAHandoverThatNobodyFetchesIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		for _, age := range []time.Duration{time.Minute, 25 * time.Hour} {
			if _, err := tx.HandOver(storage.Handover{Telegram: 42, Territory: mahalla.RootTerritory, Words: "x"}, morning.Add(-age)); err != nil {
				return err
			}
		}
		n, err := tx.Handovers(42, morning.Add(-2*time.Minute))
		if n != 1 {
			t.Errorf("waiting two minutes ago: got %d, want 1", n)
		}
		return err
	})
	w.must(w.db.Housekeep(w.ctx, morning))
	if n := w.number("SELECT count(*) FROM handovers"); n != 1 {
		t.Errorf("left: got %d, want the young one", n)
	}
}

func TestAGroupBelongsToOneMahalla(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := func(id int64) storage.Chat {
		c := storage.Chat{ID: id, Territory: mahalla.RootTerritory, LinkedBy: w.officer.ID}
		w.tx(func(tx *storage.Tx) error {
			tx.LinkChat(c, morning)
			return nil
		})
		return c
	}
	at := func(id int64) (c storage.Chat) {
		w.read(func(tx *storage.Tx) (err error) {
			c, err = tx.LinkedChat(id)
			return err
		})
		return c
	}
	first := link(-5)
	link(-5)
	if got := at(-5); got != first {
		t.Errorf("got %v, want %v", got, first)
	}
	w.tx(func(tx *storage.Tx) error {
		tx.MoveChat(-5, -1005)
		tx.MoveChat(-77, -78)
		return nil
	})
	if old, moved := at(-5), at(-1005); old.ID != 0 || moved.ID != -1005 {
		t.Errorf("moved: got %v and %v", old, moved)
	}
	w.tx(func(tx *storage.Tx) error {
		for _, want := range []int64{-1005, 0} {
			if c, err := tx.UnlinkChat(-1005); err != nil || c.ID != want {
				t.Errorf("unlinked: got %v, %v, want %d", c, err, want)
			}
		}
		return nil
	})
}
