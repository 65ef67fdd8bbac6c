package mahalla

import "time"

// Limits of filing. What speaks of danger is never refused, and is not silenced.
const (
	LimitWindow = time.Hour        // in which a person's reports are counted
	BurstWindow = 10 * time.Minute // in which the reports of a mahalla are counted

	mostReports  = 6  // of a resident
	mostForMany  = 20 // of somebody who reports for others
	burstReports = 15 // of one mahalla, and the cards of the next ones are silent
)

// WaitToReport is how long a person must wait before filing again, after having
// filed at some moments, the oldest first; zero when there is no need.
func (p Person) WaitToReport(filed []time.Time, now time.Time) time.Duration {
	most := mostReports
	if p.Role(now) != Resident {
		most = mostForMany
	}
	if len(filed) < most {
		return 0
	}
	return max(0, filed[len(filed)-most].Add(LimitWindow).Sub(now))
}

// Limited tells whether the limit of filing counts for a report.
func Limited(category Category, danger bool) bool {
	return !danger && category.Urgency != Emergency
}

// Burst tells whether so many reports of one mahalla within BurstWindow are more
// than an officer can be woken for. None of them is refused.
func Burst(filed int) bool { return filed >= burstReports }
