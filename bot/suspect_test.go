package bot

import (
	"context"
	"errors"
	"testing"

	"koprik/bot/simulator"
)

// suspected are two people, of whom the first has written something that was in hand at
// some deaths, and both something else.
func suspected(t *testing.T, deaths int) (w *world, culprit, other *simulator.User) {
	w = newWorld(t)
	culprit, _ = w.person("culprit")
	other, _ = w.person("other")
	culprit.Text("deadly")
	culprit.Text("behind")
	other.Text("after")
	w.pull()
	_, err := w.raw.Exec(t.Context(), "UPDATE inbox SET deaths = $1 WHERE id = (SELECT min(id) FROM inbox WHERE chat_id = $2 AND state = 0)",
		deaths, culprit.ID())
	w.must(err)
	return w, culprit, other
}

const countedAs = "SELECT count(*) FROM inbox WHERE chat_id = $1 AND state = $2 AND deaths = $3"

func TestAnUpdateOfWhichTheProgramDiesIsPutAside(t *testing.T) {
	t.Parallel()
	w, culprit, other := suspected(t, mostDeaths)
	handled := 0
	w.router.On(KindMessage, func(q *Request) error {
		if handled++; q.Event.Text == "deadly" {
			t.Error("it was tried once more")
		}
		return w.say(q, "done")
	})
	w.drained()
	if handled != 2 || w.apologies.Load() != 1 {
		t.Errorf("got %d handled and %d apologies, want 2 and 1", handled, w.apologies.Load())
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 2 AND reason = 'deadly' AND chat_id = $1", culprit.ID()); got != 1 {
		t.Errorf("got %d of its updates put aside, want 1", got)
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 0 OR state = 2 AND chat_id = $1", other.ID()); got != 0 {
		t.Errorf("got %d others that wait or were put aside, want none", got)
	}
}

func TestThatASuspectUpdateIsInHandIsCommittedBeforeItIsHandled(t *testing.T) {
	t.Parallel()
	w, culprit, _ := suspected(t, 1)
	w.router.On(KindMessage, func(q *Request) error {
		if want := map[string]int{"deadly": 1}[q.Event.Text]; w.count(countedAs, culprit.ID(), 0, 2) != want && q.Event.From.ID == culprit.ID() {
			t.Errorf("%s: it is not known that it is in hand", q.Event.Text)
		}
		return w.say(q, "done")
	})
	w.drained()
	if got := w.count(countedAs, culprit.ID(), 1, 2); got != 1 {
		t.Errorf("got %d handled, want 1", got)
	}
}

func TestWhatItsReplicaOutlivesIsNotCounted(t *testing.T) {
	t.Parallel()
	w, culprit, _ := suspected(t, 1)
	for range 2 * mostDeaths {
		ctx, stop := context.WithCancel(t.Context())
		w.router = NewRouter(nil, nil)
		w.router.On(KindMessage, func(*Request) error { stop(); return ctx.Err() })
		w.worker.o.Router = w.router
		_, err := w.raw.Exec(t.Context(), "UPDATE inbox_chats SET ready_at = now() - interval '1 hour' WHERE chat_id = $1", culprit.ID())
		w.must(err)
		if _, err := w.worker.next(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want it broken off", err)
		}
		if got := w.count(countedAs, culprit.ID(), 0, 1); got != 1 {
			t.Fatalf("got %d that wait and are counted once, want 1", got)
		}
	}
}

// drained handles everything that waits.
func (w *world) drained() {
	w.t.Helper()
	_, err := w.worker.Drain(w.t.Context())
	w.must(err)
}
