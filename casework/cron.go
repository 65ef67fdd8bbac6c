package casework

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"koprik/mahalla"
)

// cronFields is how many fields a cron expression has.
const cronFields = 5

// ParseCron reads a cron expression of five fields, in Tashkent. Words such as
// @daily, and zones, are not understood: what people type is shown to them as
// dates, which must be those.
func ParseCron(expression string) (mahalla.Schedule, error) {
	fields := strings.Fields(expression)
	if len(fields) != cronFields || strings.ContainsAny(expression, "@=") {
		return nil, fmt.Errorf("casework: not a cron expression of five fields")
	}
	schedule, err := cron.ParseStandard("CRON_TZ=Asia/Tashkent " + strings.Join(fields, " "))
	if err != nil {
		return nil, fmt.Errorf("casework: %w", err)
	}
	return schedule, nil
}

// NextDates lists the next moments of a recurrence, which are none where its
// expression cannot be read.
func (d *Desk) NextDates(r mahalla.Recurrence, after time.Time, n int) []time.Time {
	return nextDates(r, d.Calendar(), after, n)
}

func nextDates(r mahalla.Recurrence, cal *mahalla.Calendar, after time.Time, n int) []time.Time {
	schedule, err := scheduleOf(r)
	if err != nil {
		return nil
	}
	return r.NextFew(schedule, cal, after, n)
}

// scheduleOf reads the expression of a recurrence; nil where it comes once.
func scheduleOf(r mahalla.Recurrence) (mahalla.Schedule, error) {
	if !r.Once.IsZero() {
		return nil, nil
	}
	return ParseCron(r.Cron)
}

// occurrences lists the next occurrences of a recurrence.
func (d *Desk) occurrences(r mahalla.Recurrence, after time.Time, n int) []mahalla.Occurrence {
	schedule, err := scheduleOf(r)
	if err != nil {
		return nil
	}
	return r.Occurrences(schedule, d.Calendar(), after, n)
}

// nextDate is the first of them, zero when there is none.
func (d *Desk) nextDate(r mahalla.Recurrence, after time.Time) time.Time {
	for _, at := range d.NextDates(r, after, 1) {
		return at
	}
	return time.Time{}
}
