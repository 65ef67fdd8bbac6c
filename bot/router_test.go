package bot

import (
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

// TestACaptionIsACommandOnlyWhereThatTakesThePicture: another command is asked about
// first, and what is none of ours is a caption like any other.
func TestACaptionIsACommandOnlyWhereThatTakesThePicture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		command  string
		question bool
		bar      bool
		want     string
	}{
		{"close", false, true, "close"},
		{"close", true, true, "close"},
		{"list", false, true, "no_captions"},
		{"serve", false, false, "words"},
		{"list", true, true, "no_captions"},
		{"list", false, false, "words"},
		{"list", true, false, "answer"},
		{"unheard", false, true, "words"},
		{"unheard", true, true, "answer"},
		{"", false, true, "words"},
	} {
		got := ""
		does := func(what string) Handler {
			return func(q *Request) error {
				if got = what; what != "close" && q.Event.Command+q.Event.Args != "" {
					t.Errorf("%+v: %s hears a command", c, what)
				}
				return nil
			}
		}
		r := NewRouter(nil, nil)
		r.Command("close", does("close"))
		r.Command("list", does("list"))
		r.Command("serve", does("serve"))
		r.Step("flow", does("answer"))
		r.On(KindMessage, does("words"))
		r.Captions(func(*Request) error {
			if c.bar {
				return mahalla.Refuse(mahalla.Invalid, "no_captions")
			}
			return nil
		}, "close")
		r.CaptionsFor(func(*Request) bool { return false }, "serve")
		q := &Request{Contact: &storage.Contact{}, Event: Event{Kind: KindMessage, Command: c.command, Media: &mahalla.Media{Kind: mahalla.Photo, File: "f"}}}
		if c.question {
			q.Contact.Dialogue.Question = &mahalla.Question{Flow: "flow"}
		}
		err := r.Find(q)(q)
		if refusal, ok := err.(*mahalla.Error); ok {
			got = refusal.Reason
		}
		if got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}
