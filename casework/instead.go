package casework

import (
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// ArgFirst is the argument of a card or message that begins with a line which is not
// its own; its value is the key of the text.
const ArgFirst = "first"

// before puts that line before a screen.
func (w *words) before(s *mahalla.Screen, args map[string]string) {
	if key := args[ArgFirst]; key != "" {
		s.Text = lines(w.say(key), s.Text)
	}
}

// instead puts before a draft why its words are not what they were meant for: with the
// card, not before it, so that nobody gets two messages for one.
func (d *Desk) instead(tx *storage.Tx, w *words, draft *mahalla.Draft, s *mahalla.Screen) error {
	if draft == nil || draft.Instead == nil {
		return nil
	}
	text, err := d.Explain(tx, w.lang, draft.Instead, w.now)
	why := copyable(locales.Escape(text))
	if d.Danger(draft.Words()) { // the number to call stays first
		s.Text = lines(s.Text, why)
		return err
	}
	s.Text = lines(why, s.Text)
	return err
}
