package mahalla

import "time"

// GatherWithin is how soon after one another cases that nobody accepted in time
// come to the same supervisor as one card.
const GatherWithin = 5 * time.Minute

// Gathers tells whether a notice may come as a line of such a card: the ladder
// wakes a supervisor with it. What is about danger always comes by itself, and so
// does a case of which the person was told because nobody else could be.
func (c *Case) Gathers(n Notice, now time.Time) bool {
	if !n.Ring || c.Urgency == Emergency || !c.Overdue(now) {
		return false
	}
	if n.Kind != CardHead && n.Kind != CardOfficer && n.Kind != NoticeReminder {
		return false
	}
	return c.supervises(n.To)
}

// supervises tells whether the ladder climbed to the person.
func (c *Case) supervises(p PersonID) bool {
	for _, a := range c.Assignments[1:] {
		if a.Person == p && a.Level >= LevelSenior && a.Level < LevelAdministrator {
			return true
		}
	}
	return false
}

// MayBeGathered tells whether there is anybody for whom that may be so.
func (c *Case) MayBeGathered() bool {
	for _, a := range c.Assignments {
		if a.Level >= LevelSenior {
			return true
		}
	}
	return false
}
