package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestTheSameHappeningHasTheSameKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, key string
		chat          int64
	}{
		{"a message", private(`"text":"x"`), "m:42:5", 42},
		{"a press", `{"update_id":1,"callback_query":{"id":"12345","from":{"id":42}}}`, "c:12345", 42},
		{"a press in a group", `{"update_id":1,"callback_query":{"id":"12345","from":{"id":42},"message":{"chat":{"id":-7}}}}`, "c:12345", 42},
		{"a block", `{"update_id":1,"my_chat_member":{"chat":{"id":42},"date":99,"new_chat_member":{"status":"kicked"}}}`, "b:42:99:kicked", 42},
		{"a press with a nasty id", `{"update_id":1,"callback_query":{"id":"\u0000","from":{"id":42}}}`, "c:" + digest([]byte{0}), 42},
	} {
		e, ok := open([]byte(c.in))
		key, chat := e.key([]byte(c.in))
		if !ok || key != c.key || chat != c.chat {
			t.Errorf("%s: got %q, %d, %v, want %q, %d", c.name, key, chat, ok, c.key, c.chat)
		}
	}
}

func TestTwoEditsInOneSecondAreTwoHappenings(t *testing.T) {
	t.Parallel()
	key := func(id int, text string) string {
		in := fmt.Appendf(nil, `{"update_id":%d,"edited_message":{"message_id":5,"edit_date":9,"chat":{"id":42},"text":%q}}`, id, text)
		e, ok := open(in)
		if !ok {
			t.Fatalf("%s cannot be read", in)
		}
		k, _ := e.key(in)
		return k
	}
	if a, b := key(1, "a"), key(2, "b"); a == b || !strings.HasPrefix(a, "e:42:5:9:") {
		t.Errorf("got %q and %q, want them different", a, b)
	}
	if a, b := key(1, "a"), key(2, "a"); a != b {
		t.Errorf("got %q and %q for the same edit under two update ids, want them equal", a, b)
	}
}

func TestABatchIsStoredOnceAndWhatCannotBeReadIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := func(update, message int) json.RawMessage {
		return fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":1,"from":{"id":42},"chat":{"id":42,"type":"private"},"text":"x"}}`, update, message)
	}
	batch := []json.RawMessage{
		of(500, 1), of(501, 2), of(502, 2),
		json.RawMessage(`{"update_id":503,"message":7}`),
		json.RawMessage(`{"update_id":"x"}`),
		json.RawMessage(`{"update_id":504,"hologram":{}}`),
	}
	for range 2 {
		next, err := w.intake.Store(t.Context(), batch)
		if err != nil || next != 505 {
			t.Fatalf("got %d, %v, want offset 505", next, err)
		}
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 0"); got != 3 {
		t.Errorf("waiting: got %d, want two messages and a hologram", got)
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 2"); got != 2 {
		t.Errorf("quarantined: got %d, want 2", got)
	}
	if got := w.count("SELECT sum(waiting) FROM inbox_chats"); got != 3 {
		t.Errorf("counters: got %d, want 3", got)
	}
}

func TestIdsThatBeginAgainLowerAreTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	u.Text("before")
	w.pull()
	w.sim.Inject(json.RawMessage(fmt.Sprintf(
		`{"update_id":3,"message":{"message_id":900001,"date":1,"from":{"id":%d},"chat":{"id":%d,"type":"private"},"text":"after a quiet week"}}`, u.ID(), u.ID())))
	w.pull()
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 0"); got != 2 {
		t.Errorf("waiting: got %d, want 2", got)
	}
	if got := w.sim.Pending(); got != 0 {
		t.Errorf("unconfirmed: got %d, want 0", got)
	}
}
