package mahalla

import (
	"time"
)

// Week is the Monday on which the week of t begins.
func (c *Calendar) Week(t time.Time) time.Time {
	monday := (int(t.In(c.Zone).Weekday()) + 6) % 7
	return c.midnight(t, -monday)
}

// Weeks are the Mondays of so many weeks before that of t, the oldest first,
// and that of t itself, where the last of them ends.
func (c *Calendar) Weeks(t time.Time, n int) []time.Time {
	list := make([]time.Time, 0, n+1)
	for back := n; back >= 0; back-- {
		list = append(list, c.midnight(c.Week(t), -7*back))
	}
	return list
}

// LastWorkingDay is the midnight with which the working day before that of t
// began: what has happened since then is news in the morning of t.
func (c *Calendar) LastWorkingDay(t time.Time) time.Time {
	for back := 1; back < horizon; back++ {
		if day := c.midnight(t, -back); c.WorkingDay(day) {
			return day
		}
	}
	return c.midnight(t, -1)
}
