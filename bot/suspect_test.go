package bot

import (
	"context"
	"testing"
	"time"

	"koprik/bot/simulator"
)

// deathOfAReplica is that one died just now of which nobody else knows.
func (w *world) deathOfAReplica() {
	w.t.Helper()
	_, err := w.raw.Exec(w.t.Context(), "INSERT INTO replicas DEFAULT VALUES")
	w.must(err)
}

// reborn is the program as it begins anew, with a worker of a handler.
func (w *world) reborn(h Handler) (worker *Worker, leave func()) {
	w.t.Helper()
	router := NewRouter(nil, func(q *Request) error { return w.say(q, "sorry") })
	router.On(KindMessage, h)
	db, client, ear := w.replica()
	leave, err := db.Appear(w.t.Context())
	w.must(err)
	return NewWorker(WorkerOptions{DB: db, Client: client, Router: router, Ear: ear, Now: moment, Wall: time.Now}), leave
}

// live is one life of the program, which ends at the first update whose words are
// deadly, or when nothing waits any more.
func (w *world) live() (died bool) {
	w.t.Helper()
	ctx, die := context.WithCancel(w.t.Context())
	defer die()
	worker, leave := w.reborn(func(q *Request) error {
		if died = q.Event.Text == "deadly"; died {
			die()
			return ctx.Err()
		}
		return w.say(q, "done")
	})
	defer leave()
	for !died && w.count("SELECT count(*) FROM inbox WHERE state = 0") > 0 {
		if _, err := worker.Drain(ctx); !died {
			w.must(err)
		}
	}
	if died {
		w.deathOfAReplica()
	}
	return died
}

func TestAnUpdateOfWhichTheProgramDiesIsPutAside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	culprit, other := w.sim.AddPerson(simulator.Person{Key: "culprit", Language: "ru"}), w.sim.AddPerson(simulator.Person{Key: "other", Language: "ru"})
	for _, u := range []*simulator.User{culprit, other} {
		u.Start("")
	}
	other.Text("before")
	culprit.Text("deadly")
	culprit.Text("behind")
	other.Text("after")
	w.pull()
	deaths := 0
	for ; w.live(); deaths++ {
		if deaths > 2*mostDeaths {
			t.Fatal("the program dies for ever")
		}
		_, err := w.raw.Exec(t.Context(), "UPDATE inbox_chats SET ready_at = now()")
		w.must(err)
	}
	if deaths != 1+mostDeaths {
		t.Errorf("got %d deaths, want %d", deaths, 1+mostDeaths)
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 2 AND reason = 'deadly' AND chat_id = $1", culprit.ID()); got != 1 {
		t.Errorf("got %d of its updates put aside, want 1", got)
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 1"); got != 5 {
		t.Errorf("got %d of the others handled, want all 5", got)
	}
	if got := w.count("SELECT count(*) FROM outbox WHERE chat_id = $1", culprit.ID()); got != 3 {
		t.Errorf("got %d messages to whoever wrote it, want the first answer, an apology and the answer to what stood behind", got)
	}
}

func TestWhatWaitsWhileThereAreDeathsIsNoCauseOfThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person := w.sim.AddPerson(simulator.Person{Key: "person", Language: "ru"})
	person.Start("")
	const written = 2 * mostDeaths
	for range written {
		person.Text("words")
	}
	w.pull()
	for range written + 1 {
		w.deathOfAReplica()
		worker, leave := w.reborn(func(q *Request) error { return w.say(q, "done") })
		j, err := worker.next(t.Context())
		w.must(err)
		if !j.update.Suspect || j.outcome != "done" {
			t.Errorf("got %v, %s, want it suspect and done", j.update.Suspect, j.outcome)
		}
		leave()
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 1 AND deaths = 1"); got != written+1 {
		t.Errorf("got %d handled that were counted once, want all %d", got, written+1)
	}
}
