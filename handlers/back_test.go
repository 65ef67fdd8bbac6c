package handlers_test

import (
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

// A person whom Telegram seemed to refuse is back with the first thing they do,
// also when the bot cannot do what they ask.
func TestWhoIsRefusedIsBackAllTheSame(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"writes /qabul 12", "sticker", "writes /nima", "writes /ishlar"} {
		p := &play{}
		p.perform(t, "clock 2026-11-23 10:00\ncast Inspector prevention_inspector DEMO-1011\n")
		inspector := func() (c *storage.Contact) {
			p.must(p.db.InTx(p.ctx, func(tx *storage.Tx) (err error) {
				c, err = tx.ContactByTelegram(p.people["Inspector"].ID())
				return err
			}))
			return c
		}
		p.must(p.db.InTx(p.ctx, func(tx *storage.Tx) error { return p.desk.Unreachable(tx, inspector().ID, p.now) }))
		if got := inspector().Reach; got != mahalla.Blocked {
			t.Fatalf("before: got %s, want %s", got, mahalla.Blocked)
		}
		p.perform(t, "Inspector "+what+"\n")
		if got := inspector().Reach; got != mahalla.Reachable {
			t.Errorf("%s: got %s, want %s", what, got, mahalla.Reachable)
		}
	}
}
