package scheduler

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// TestAYearOfASeriesIsDraftedOnce lets two replicas look every day of a year at a
// commission that meets every other Saturday, begins both anew each week, and is
// away for twelve days: each day that a plain count of days names has one draft,
// made ten days ahead, and none is made of a day that is over.
func TestAYearOfASeriesIsDraftedOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	zone := locales.Tashkent()
	begin := time.Date(2026, 11, 23, 9, 0, 0, 0, zone) // a Monday
	s.now = begin
	secretary := s.person(31, mahalla.CommissionSecretary)
	s.person(32, mahalla.CommissionMember)
	s.exec("DELETE FROM holidays")
	free := map[string]bool{"2026-12-26": true, "2027-03-20": true, "2027-03-22": true}
	for day := range free {
		s.exec("INSERT INTO holidays (day, kind, name_uz_latn, name_ru) VALUES ($1, 'official', 'x', 'x')", day)
	}
	rule := mahalla.EveryOther(time.Saturday, 10*time.Hour, mahalla.DateOf(begin))
	rule.Holidays, rule.Except = mahalla.HolidayAfter, []mahalla.Date{{Year: 2027, Month: time.May, Day: 15}}
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		return tx.SaveSeries(&mahalla.Series{Commission: mahalla.RootTerritory, Rule: rule, Minutes: 60, MadeBy: secretary.ID, MadeAt: begin, LookAt: begin})
	}))

	awayFrom, awayUntil := begin.AddDate(0, 0, 200), begin.AddDate(0, 0, 212)
	var want []string
	for day := range 375 { // an independent count: every fourteenth day from the first Saturday
		at := time.Date(2026, 11, 28, 10, 0, 0, 0, zone).AddDate(0, 0, day)
		if day%14 != 0 || at.Format("2006-01-02") == "2027-05-15" {
			continue
		}
		for free[at.Format("2006-01-02")] || at.Weekday() == time.Sunday && free[at.AddDate(0, 0, -1).Format("2006-01-02")] {
			at = at.AddDate(0, 0, 1)
		}
		made := at.AddDate(0, 0, -10)
		if !made.After(begin.AddDate(0, 0, 365)) && !(made.After(awayFrom) && at.Before(awayUntil)) {
			want = append(want, at.Format("2006-01-02"))
		}
	}

	one, two := s.replica(), s.replica()
	for day := range 366 {
		if s.now = begin.AddDate(0, 0, day).Add(2 * time.Hour); !s.now.Before(awayFrom) && s.now.Before(awayUntil) {
			continue
		}
		if day%7 == 0 {
			one, two = s.replica(), s.replica()
		}
		var group sync.WaitGroup
		for _, r := range []*Scheduler{one, two} {
			group.Go(func() {
				if _, err := r.series(s.ctx); err != nil {
					t.Error(storage.Loggable(err))
				}
			})
		}
		group.Wait()
	}

	rows, err := s.conn.Query(s.ctx, "SELECT to_char(at AT TIME ZONE 'Asia/Tashkent', 'YYYY-MM-DD'), at, made_at FROM meetings ORDER BY at")
	s.must(err)
	var got []string
	for rows.Next() {
		var on string
		var at, made time.Time
		s.must(rows.Scan(&on, &at, &made))
		got = append(got, on)
		if at.In(zone).Format("2006-01-02 15:04") != on+" 10:00" {
			t.Errorf("%s is at %s", on, at.In(zone))
		}
		if ahead := at.Sub(made); made.After(begin.Add(3*time.Hour)) && (made.Before(awayUntil) != made.After(awayUntil.Add(24*time.Hour))) && (ahead > 240*time.Hour || ahead < 215*time.Hour) {
			t.Errorf("%s was made %s ahead", on, ahead)
		}
	}
	s.must(rows.Err())
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, " "), strings.Join(want, " "))
	}
	if n := s.number("SELECT count(*) FROM outbox WHERE kind = 'series.draft'"); n != len(want) {
		t.Errorf("the secretary was told %d times of %d drafts", n, len(want))
	}
}
