package casework

import (
	"strings"

	"koprik/mahalla"
)

// below is what a message says from which its card has gone to the end of the chat: what
// it was about, with anything that must be known of it, and that the card is below. What
// stood there before is not true any more.
func (w *words) below(s *mahalla.Screen, more ...string) {
	title, _, _ := strings.Cut(s.Text, "\n")
	if len(more) > 0 && more[0] != "" {
		title = lines(more...)
	}
	s.Former = lines(title, w.say("former.below"))
}
