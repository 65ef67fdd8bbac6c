package scheduler

import (
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// left puts a draft into the resident's chat, as it was left in the morning.
func (s *stage) left() {
	s.Helper()
	s.resident.Dialogue.Draft = &mahalla.Draft{Began: morning, Touched: morning, Place: mahalla.RootTerritory,
		Parts: []mahalla.Part{{Message: 1, Words: "shovqin"}}}
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error { return tx.SaveDialogue(s.resident, morning) }))
}

// draft is what is left of it.
func (s *stage) draft() (d *mahalla.Draft) {
	s.Helper()
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) error {
		c, err := tx.Contact(s.resident.ID)
		if err == nil {
			d = c.Dialogue.Draft
		}
		return err
	}))
	return d
}

func TestADraftIsOfferedOnceByTwoSchedulersAndDeletedAtItsEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.exec("UPDATE people SET consented_at = $1", morning)
	s.left()
	one, two := s.replica(), s.replica()
	offers := func() int { return s.number("SELECT count(*) FROM outbox WHERE kind = 'card.draft'") }
	for _, step := range []struct {
		after  time.Duration
		offers int
		draft  bool
	}{
		{19 * time.Minute, 0, true},
		{20 * time.Minute, 1, true},
		{3 * time.Hour, 1, true},
		{48*time.Hour - time.Second, 1, true},
		{48 * time.Hour, 2, false}, // its card says that it is gone
		{72 * time.Hour, 2, false},
	} {
		s.now = morning.Add(step.after)
		s.tick(one, two)
		s.tick(one, two)
		if n := offers(); n != step.offers || (s.draft() != nil) != step.draft {
			t.Errorf("after %s: got %d cards and draft %v", step.after, n, s.draft())
		}
		s.exec("UPDATE outbox SET state = 2, finished_at = now() WHERE state = 0")
	}
	if n := s.number("SELECT count(*) FROM dialogues WHERE wake_at IS NOT NULL"); n != 0 {
		t.Errorf("%d dialogues are still to be woken", n)
	}
	if strings.Contains(s.said.String(), "shovqin") {
		t.Error("the words stand in the log")
	}
}

func TestADialogueWaitsForTheWorkerOfItsChat(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.left()
	one := s.replica()
	s.now = morning.Add(time.Hour)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		if held, err := tx.HoldChat(s.resident.Telegram); err != nil || !held {
			t.Errorf("the chat: got %v, %v", held, err)
		}
		s.tick(one)
		if s.draft().Offered {
			t.Error("it was offered while an update of the chat was handled")
		}
		return nil
	}))
	s.tick(one)
	if !s.draft().Offered {
		t.Error("it was not offered afterwards")
	}
}
