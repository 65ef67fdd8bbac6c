package mahalla

import (
	"errors"
	"testing"
	"time"
)

func TestADayOfASeriesIsLeftOutOnce(t *testing.T) {
	t.Parallel()
	today := Date{2026, time.November, 23}
	days := func(n int) []Date {
		var list []Date
		for i := range n {
			list = append(list, Date{2027, time.Month(1 + i/28), 1 + i%28})
		}
		return list
	}
	old := Date{2026, time.November, 22}
	for name, test := range map[string]struct {
		have  []Date
		ended bool
		day   Date
		want  string
		left  int
	}{
		"the first":             {nil, false, Date{2026, time.December, 12}, "", 1},
		"one that is left out":  {days(2), false, days(1)[0], "series_left", 2},
		"the twentieth":         {days(19), false, Date{2026, time.December, 12}, "", 20},
		"one more":              {days(20), false, Date{2026, time.December, 12}, "except_many", 20},
		"what is over is gone":  {append(days(19), old), false, Date{2026, time.December, 12}, "", 20},
		"of a series that ends": {nil, true, Date{2026, time.December, 12}, "series_gone", 0},
	} {
		s := Series{Rule: Recurrence{Except: test.have}}
		if test.ended {
			s.EndedAt = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		}
		refusal, got := (*Error)(nil), ""
		if errors.As(s.Leave(test.day, today), &refusal) {
			got = refusal.Reason
		}
		if got != test.want || len(s.Rule.Except) != test.left {
			t.Errorf("%s: got %q with %d days", name, got, len(s.Rule.Except))
		}
	}
}

func TestTheUsualSeriesComeOnTheirDays(t *testing.T) {
	t.Parallel()
	list := UsualSeries(Date{2026, time.November, 23})
	if len(list) != 5 || list[0].Plain != PlainOther || list[0].Weekday() != time.Saturday || list[0].Clock() != 10*time.Hour {
		t.Errorf("got %+v", list)
	}
	for i, r := range list {
		if r.Cron == "" || i < 4 && r.Holidays != HolidayAfter {
			t.Errorf("%d: got %+v", i, r)
		}
	}
}
