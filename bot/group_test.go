package bot

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// spoken is a message of person 42 in a group, with more fields.
func spoken(fields string) string {
	return strings.Replace(private(fields), `"chat":{"id":42,"type":"private","first_name":"Aziza"}`, `"chat":{"id":-1001,"type":"supergroup","title":"Hovli"}`, 1)
}

func TestOfAGroupOnlyCommandsAreHeard(t *testing.T) {
	t.Parallel()
	command := func(f func(*Event)) Event {
		return heardAs(func(e *Event) {
			e.Kind, e.Chat, e.Command = KindGroup, -1001, "xabar"
			f(e)
		})
	}
	reply := func(fields string) string {
		return `"text":"/xabar","reply_to_message":{"message_id":3,"date":1,"chat":{"id":-1001,"type":"supergroup"},` + fields + `}`
	}
	for _, c := range []struct {
		name, in string
		wanted   bool
		want     Event
	}{
		{"a command", spoken(`"text":"/xabar"`), true, command(func(*Event) {})},
		{"in a small group", strings.Replace(spoken(`"text":"/xabar"`), "supergroup", "group", 1), true, command(func(*Event) {})},
		{"for this bot, with more", spoken(`"text":"/guruh@koprik_bot Gʻuncha"`), true,
			command(func(e *Event) { e.Command, e.Args = "guruh", "Gʻuncha" })},
		{"in reply", spoken(reply(`"from":{"id":7},"text":"Suv yoʻq"`)), true, command(func(e *Event) { e.Quoted = "Suv yoʻq" })},
		{"in reply to a picture", spoken(reply(`"from":{"id":7},"caption":"Mana"`)), true, command(func(e *Event) { e.Quoted = "Mana" })},
		{"in reply to a bot", spoken(reply(`"from":{"id":7,"is_bot":true},"text":"Davomi"`)), true, command(func(*Event) {})},
		{"moved", spoken(`"migrate_to_chat_id":-1002`), true, Event{Kind: KindMoved, Chat: -1001, NewChat: -1002}},
		{"for another bot", spoken(`"text":"/xabar@other_bot"`), false, Event{}},
		{"words", spoken(`"text":"Suv yoʻq, /xabar"`), false, Event{}},
		{"words to the bot", spoken(`"text":"@koprik_bot salom"`), false, Event{}},
		{"a picture", spoken(`"caption":"/xabar","photo":[{"file_id":"s"}]`), false, Event{}},
		{"a bot", strings.Replace(spoken(`"text":"/xabar"`), `"is_bot":false`, `"is_bot":true`, 1), false, Event{}},
		{"an edit", strings.Replace(spoken(`"text":"/xabar"`), `"message":`, `"edited_message":`, 1), false, Event{}},
		{"a channel", strings.Replace(spoken(`"text":"/xabar"`), "supergroup", "channel", 1), false, Event{}},
		{"taken out", `{"update_id":1,"my_chat_member":{"chat":{"id":-5,"type":"supergroup"},"from":{"id":42},"date":1,"new_chat_member":{"status":"kicked"}}}`,
			true, Event{Kind: KindOut, Chat: -5}},
		{"left, by nobody that is known", `{"update_id":1,"my_chat_member":{"chat":{"id":-5,"type":"group"},"date":1,"new_chat_member":{"status":"left"}}}`,
			true, Event{Kind: KindOut, Chat: -5}},
		{"made an administrator", `{"update_id":1,"my_chat_member":{"chat":{"id":-5,"type":"group"},"date":1,"new_chat_member":{"status":"administrator"}}}`,
			false, Event{}},
	} {
		got, wanted, err := testEar().Hear([]byte(c.in))
		if !wanted {
			got = Event{}
		}
		if err != nil || wanted != c.wanted || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v, %v, want %+v, %v", c.name, got, wanted, err, c.want, c.wanted)
		}
	}
}

func TestNobodyBecomesKnownByACommandInAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heard := 0
	w.router.Group("xabar", func(q *Request) error {
		heard++
		if q.Contact != nil {
			t.Errorf("got %v, want nobody", q.Contact)
		}
		q.React("👀")
		q.Now = time.Time{}
		return nil
	})
	for i, text := range []string{"/xabar", "/help", "/xabar"} {
		raw := strings.Replace(spoken(`"text":"`+text+`"`), `"message_id":5`, `"message_id":`+string(rune('5'+i)), 1)
		w.sim.Inject([]byte(raw))
	}
	w.pull()
	if _, err := w.worker.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if people := w.count("SELECT count(*) FROM people WHERE id > 0"); heard != 2 || people != 0 {
		t.Errorf("heard %d times, %d people; want 2 and nobody", heard, people)
	}
	if calls := w.sends(); len(calls) != 0 {
		t.Errorf("said %v, want nothing", calls)
	}
}
