package bot

import (
	"context"
	"time"

	"koprik/storage"
)

// unrecordable is the reason of a message whose result the database does not take.
const unrecordable = "unrecordable"

// keep writes a group of results down. While that fails for what passes it does not
// give up as long as the program runs: a result that is lost is a message sent twice.
// What fails for good is looked for one by one, so that it stops nobody else.
func (f *flight) keep(ctx context.Context, group []result) {
	for {
		err := f.Sender.record(ctx, group)
		switch {
		case err == nil:
			return
		case storage.Lasting(err) && len(group) > 1:
			for _, r := range group {
				f.keep(ctx, []result{r})
			}
			return
		case storage.Lasting(err):
			f.giveUp(ctx, group[0], err)
			return
		}
		f.o.Log.Error("results cannot be recorded", "count", len(group), "error", storage.Loggable(err))
		if !pause(ctx, time.Second) {
			return
		}
	}
}

// giveUp records of a message, whose result the database takes in no way, no more
// than that it is refused. Where even that fails the message is not sent again by
// this process: its chat waits, which the audit sees, and the others go on.
func (s *Sender) giveUp(ctx context.Context, r result, cause error) {
	m := r.Message
	s.o.Log.Error("the result of a message cannot be recorded; it is given up", "message", m.ID, "kind", m.Kind,
		"case", m.Logged(), "fate", fateName(r.Fate), "error", storage.Loggable(cause))
	s.mu.Lock()
	s.spent[m.ID] = true
	s.mu.Unlock()
	if err := s.record(ctx, []result{r.unrecordable()}); err != nil {
		s.o.Log.Error("that it is given up cannot be recorded", "message", m.ID, "error", storage.Loggable(err))
	}
}

// unrecordable is the result of a message that is given up so, with nothing of what
// came of it.
func (r result) unrecordable() result {
	return result{Delivery: storage.Delivery{Message: r.Message, Fate: storage.FateRefused, Reason: unrecordable}, at: r.at}
}

// isSpent tells whether nothing of a message can be recorded.
func (s *Sender) isSpent(message int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spent[message]
}
