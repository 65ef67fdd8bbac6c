package mahalla

import "time"

// quarterDay is the day of the month after a quarter by which its report is due.
const quarterDay = 10

// QuarterDue is the day by which the next report of a quarter is due, that of t
// included, and which quarter that is.
func (c *Calendar) QuarterDue(t time.Time) (due time.Time, year, quarter int) {
	for months := 0; ; months++ {
		day := c.midnight(t, 0)
		first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, c.Zone)
		due = first.AddDate(0, 0, quarterDay-1)
		if (first.Month()-1)%3 == 0 && !due.Before(day) {
			before := first.AddDate(0, -1, 0)
			return due, before.Year(), int(before.Month()+2) / 3
		}
	}
}
