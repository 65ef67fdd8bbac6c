package bot

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"koprik/bot/simulator"
	"koprik/storage"
)

// listener is somebody of whom it is known how much they have heard already.
type listener struct {
	*simulator.User
	to  storage.Recipient
	was int
}

// news is how many messages the listener has got since.
func (l listener) news() int { return len(heard(l.User)) - l.was }

// refusing is a world in which the database takes no state of messages to the first of
// two listeners, from one on.
func refusing(t *testing.T, from storage.Fate) (w *world, bad, good listener) {
	w = newWorld(t)
	bad.User, bad.to = w.person("bad")
	good.User, good.to = w.person("good")
	w.turn()
	bad.was, good.was = len(heard(bad.User)), len(heard(good.User))
	_, err := w.raw.Exec(t.Context(), fmt.Sprintf(`
		CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF NEW.chat_id = %d AND NEW.state IN (2, %d) THEN RAISE check_violation; END IF; RETURN NEW; END $$;
		CREATE TRIGGER refuse BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION refuse()`, bad.ID(), from))
	w.must(err)
	return w, bad, good
}

func TestAResultThatCannotBeRecordedStopsNoOtherChatAndIsNotRepeated(t *testing.T) {
	t.Parallel()
	w, bad, good := refusing(t, storage.FateSent)
	w.send(bad.to, notice("x"))
	w.send(good.to, notice("y"))
	stop := w.run(w.sender.Run)
	w.eventually("the one is given up and the other recorded", func() bool {
		return w.count("SELECT count(*) FROM outbox WHERE state = 3 AND reason = 'unrecordable' AND chat_id = $1", bad.ID()) == 1 &&
			w.count("SELECT count(*) FROM outbox WHERE state = 2 AND chat_id = $1 AND kind = 'test'", good.ID()) == 1
	})
	_, err := w.raw.Exec(t.Context(), "DROP TRIGGER refuse ON outbox")
	w.must(err)
	w.send(bad.to, notice("z"))
	w.sender.Wake()
	w.eventually("its chat goes on", func() bool { return bad.news() == 2 })
	stop()
	if got := good.news(); got != 1 {
		t.Errorf("the other chat has its message %d times, want once", got)
	}
}

func TestAMessageOfWhichNothingCanBeRecordedIsSentOnce(t *testing.T) {
	t.Parallel()
	w, bad, good := refusing(t, storage.FateRefused)
	w.send(bad.to, notice("x"))
	stop := w.run(w.sender.Run)
	w.eventually("it is sent", func() bool { return bad.news() == 1 })
	for range 3 { // the lease ends
		time.Sleep(200 * time.Millisecond)
		_, err := w.raw.Exec(t.Context(), "UPDATE outbox_chats SET ready_at = now()")
		w.must(err)
		w.sender.Wake()
	}
	w.send(good.to, notice("y"))
	w.sender.Wake()
	w.eventually("the other chat goes on", func() bool { return good.news() == 1 })
	if got := w.count("SELECT attempts FROM outbox WHERE chat_id = $1 AND state = 1", bad.ID()); got < 2 {
		t.Errorf("it was taken up %d times, want more", got)
	}
	stop()
	if got := bad.news(); got != 1 {
		t.Errorf("it was sent %d times, want once", got)
	}
}

func TestWhatPassesIsNoFaultOfAMessage(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"53100": false, "53200": false, "58030": false, "25006": false, "57014": false, "55P03": false, "40001": false, "08006": false,
		"57P01": false, "23514": true, "22001": true, "P0001": true, "XX001": true,
	} {
		if got := storage.Lasting(fmt.Errorf("storage: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("%s lasts: got %v, want %v", code, got, want)
		}
	}
}
