package mahalla

import (
	"slices"
	"time"
)

// statutoryEnd is how many calendar days the law gives to answer an appeal. A
// message to the bot is none; the days show an officer where it would stand.
const statutoryEnd = 15

// statutoryKinds are the reminders of the days of an appeal, in their order.
var statutoryKinds = []ReminderKind{RemindStatutory10, RemindStatutory13, RemindStatutory14, RemindStatutory15}

// StatutoryKinds are the reminders of the days of an appeal.
func StatutoryKinds() []ReminderKind { return slices.Clone(statutoryKinds) }

// IsStatutory tells whether a kind is one of them.
func (k ReminderKind) IsStatutory() bool { return slices.Contains(statutoryKinds, k) }

// TellsAbove tells whether a reminder comes to whoever supervises as well.
func (k ReminderKind) TellsAbove() bool {
	return k == RemindStatutory14 || k == RemindStatutory15
}

// Statutory tells whether the days of an appeal count for a case: somebody has
// said it with a name, and it is not at its end.
func (c *Case) Statutory() bool { return c.Alias == "" && c.Reporter > 0 && c.Open() }

// StatutoryDay is on which day of an appeal a moment lies; the day of filing is 0.
func (c *Case) StatutoryDay(cal *Calendar, at time.Time) int {
	return int(cal.midnight(at, 0).Sub(cal.midnight(c.FiledAt, 0)) / day)
}

// StatutoryEnd is the last day of an appeal. On a day off it is the next working
// day.
func (c *Case) StatutoryEnd(cal *Calendar) time.Time {
	end := cal.midnight(c.FiledAt, statutoryEnd)
	for back := 0; !cal.WorkingDay(end) && back < horizon; back++ {
		end = cal.midnight(end, 1)
	}
	return end
}

// StatutoryMoved is the day that the law gives, where it is a day off and the last day
// is therefore a later one; zero where it is that itself.
func (c *Case) StatutoryMoved(cal *Calendar) time.Time {
	end := cal.midnight(c.FiledAt, statutoryEnd)
	if cal.WorkingDay(end) {
		return time.Time{}
	}
	return end
}

// StatutoryReminders are those of the owner of a case. While nobody has accepted, the
// ladder speaks.
func (c *Case) StatutoryReminders(cal *Calendar, now time.Time) []Reminder {
	if !c.Statutory() || c.Owner == 0 {
		return nil
	}
	list := slices.DeleteFunc(c.statutoryDays(cal), func(r Reminder) bool { return !r.Due.After(now) })
	return forEach(list, []PersonID{c.Owner})
}

// statutoryDays are the moments of these reminders, for nobody yet. Those before the
// end come on the working day before rather than on a day off, and of two on one day
// the later counts.
func (c *Case) statutoryDays(cal *Calendar) []Reminder {
	var list []Reminder
	for _, kind := range statutoryKinds {
		plan := planOf(kind)
		due := plan.At(cal, c.FiledAt)
		if kind == RemindStatutory15 {
			due = c.StatutoryEnd(cal).Add(plan.Clock)
		} else if !cal.WorkingDay(due) {
			due = cal.nearest(due, -1)
		}
		if n := len(list); n > 0 && !list[n-1].Due.Before(due) {
			list = list[:n-1]
		}
		list = append(list, Reminder{Kind: kind, About: int64(c.ID), Due: due, Until: due.Add(plan.Window)})
	}
	return list
}

// Supervisors are the first above an owner who can be told of a case.
func (c *Case) Supervisors(g Ground) []PersonID {
	g = c.fair(g)
	above := slices.DeleteFunc(g.People.reachable(), func(r Responsibility) bool { return r.Person == c.Owner })
	for level := LevelSenior; level < LevelAdministrator; level++ {
		if route := above.next(g.Path, level, nil); len(route.People) > 0 {
			var people []PersonID
			for _, r := range once(route.People) {
				people = append(people, r.Person)
			}
			return people
		}
	}
	return nil
}

// StatutoryNow is the day of an appeal, where it is one of those of which
// officers are reminded.
func (c *Case) StatutoryNow(cal *Calendar, now time.Time) (int, bool) {
	if !c.Statutory() {
		return 0, false
	}
	n := c.StatutoryDay(cal, now)
	return n, n >= planOf(RemindStatutory10).Days && !cal.midnight(now, 0).After(c.StatutoryEnd(cal))
}

// Holder is who can be told and holds, nearest to a place, the first of some roles
// that anybody holds; 0 is nobody.
func (rs Responsibilities) Holder(path []TerritoryID, roles ...Role) PersonID {
	for _, role := range roles {
		if route, ok := rs.reachable().nearest(path, role); ok {
			return route.People[0].Person
		}
	}
	return 0
}
