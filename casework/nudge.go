package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// nudge reminds an officer that a case waits: of the minutes that are left where
// they are the clock's, and otherwise of the moment, for thirty minutes of work
// may end after a holiday.
func (w *words) nudge(c *mahalla.Case) string {
	left, number := c.Ladder.Due.Sub(w.now), c.Number.String()
	if left <= 0 {
		return w.say("notice.nudge_now", "number", number)
	}
	working := left
	if c.Ladder.Class != mahalla.Urgent {
		working = w.desk.Calendar().WorkingBetween(w.now, c.Ladder.Due)
	}
	if left-working < time.Minute {
		return w.say("notice.nudge", "number", number, "duration", w.length(left))
	}
	return w.say("notice.nudge_until", "number", number, "when", w.when(c.Ladder.Due), "duration", w.length(working))
}

// patient tells whether a message can wait for the morning, however urgent its
// case is: it says that nobody has answered for days.
func patient(m storage.Message) bool {
	return m.Kind == mahalla.NoticeUnanswered || m.Kind == mahalla.CardQuestion && m.Args["again"] != ""
}
