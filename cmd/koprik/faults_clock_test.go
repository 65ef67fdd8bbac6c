//go:build faults

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"koprik/locales"
)

// clockStarts are days on which clocks have gone wrong: the day before 29 February of
// the next leap year, before the end of a year, before Navroʻz and before a month of 30
// days begins. Each is the next one of its kind, at ten in the evening.
func clockStarts(now time.Time) []time.Time {
	var list []time.Time
	for _, d := range []struct {
		month time.Month
		day   int
		leap  bool
	}{{time.February, 28, true}, {time.December, 31, false}, {time.March, 20, false}, {time.August, 31, false}} {
		at := time.Date(now.Year(), d.month, d.day, 22, 0, 0, 0, locales.Tashkent())
		for at.Before(now) || d.leap && at.AddDate(0, 0, 1).Month() != time.February {
			at = time.Date(at.Year()+1, d.month, d.day, 22, 0, 0, 0, locales.Tashkent())
		}
		list = append(list, at)
	}
	return list
}

// clockJumps (F16): the bot's clock jumps forward and back, over midnights, 29 February,
// holidays and the ends of months, while residents wait. Each beat of their ladders falls
// once, and the note of each Thursday comes to each inspector once or is on record as
// missed (the year of reminders is proved in scheduler: TestAYearOfReminders).
func clockJumps(t *trial) {
	s := newSiege(t.T, plan{replicas: 1, people: 14, rate: 20, bare: true})
	starts := clockStarts(time.Now())
	begins := starts[t.IntN(len(starts))]
	ahead := time.Until(begins)
	s.telegram.Advance(ahead)
	bot := s.onClock(ahead)
	s.env["KOPRIK_AHEAD"] = ahead.String() // for whoever writes invitations
	s.gather()
	delete(s.env, "KOPRIK_AHEAD")
	s.rage(func(ctx context.Context) { sleep(ctx, 2*time.Second) })
	s.settle()
	jumps := []time.Duration{time.Minute, 17 * time.Minute, time.Hour, 5 * time.Hour, 25 * time.Hour, 80 * time.Hour, -time.Minute, -2 * time.Hour}
	jump := func(by time.Duration) {
		ahead += by
		s.telegram.Advance(by)
		if _, err := fmt.Fprintf(bot.in, "clock %d\n", int64(ahead)); err != nil {
			t.Fatal(err)
		}
		if t.IntN(4) == 0 {
			bot.kill()
			bot = s.onClock(ahead)
		}
		sleep(t.Context(), 700*time.Millisecond)
		s.settleIn(time.Minute)
	}
	back := 0
	for range pick(t, 48, 14) {
		by := jumps[t.IntN(len(jumps))]
		if by < 0 {
			back++
		}
		jump(by)
	}
	// What waits for the morning comes, and one note more for which nobody is too late.
	noon := time.Now().Add(ahead).In(locales.Tashkent()).AddDate(0, 0, 1)
	for noon = time.Date(noon.Year(), noon.Month(), noon.Day(), 10, 30, 0, 0, noon.Location()); noon.Weekday() != time.Thursday; {
		noon = noon.AddDate(0, 0, 1)
	}
	jump(time.Until(noon) - ahead)
	sleep(t.Context(), 2*time.Second)
	s.settleIn(time.Minute)
	ends := time.Now().Add(ahead)
	t.reports = len(s.ledger.deeds())
	t.remark("from %s, %d jumps back, %s further in the end", begins.Format("2 January 2006"), back, ends.Sub(begins).Round(time.Minute))
	s.laddersFell(t, ends)
	s.thursdaysCame(t, begins, ends)
	for _, d := range s.telegram.Departures() {
		t.Error(d)
	}
	bot.kill()
}

// laddersFell looks whether each beat of who still waits that is over has fallen, once.
func (s *siege) laddersFell(t *trial, now time.Time) {
	type row struct{ Cases, Twice, Missed, Digests int64 }
	got := rows[row](s.town, `
		WITH beats AS (
			SELECT cases.id, (beat->>'at')::timestamptz AS at, ordinality AS n, (ladder->>'done')::int AS done
			FROM cases, jsonb_array_elements(ladder->'beats') WITH ORDINALITY AS e (beat, ordinality) WHERE status = 'new'),
		told AS (SELECT case_id, kind, count(*) AS n FROM case_events WHERE kind IN ('nudged', 'escalated') GROUP BY case_id, kind)
		SELECT (SELECT count(DISTINCT id) FROM beats),
			(SELECT count(*) FROM told WHERE n > (SELECT count(*) FROM cases, jsonb_array_elements(ladder->'beats') AS beat
				WHERE cases.id = case_id AND beat->>'kind' = CASE told.kind WHEN 'nudged' THEN 'nudge' ELSE 'step' END)),
			(SELECT count(*) FROM beats WHERE at < $1 AND n > done),
			(SELECT count(*) FROM (SELECT person_id, kind, day FROM digests GROUP BY 1, 2, 3 HAVING count(*) > 1) AS twice)`, now.Add(-time.Minute))[0]
	if got.Cases == 0 {
		t.Error("nobody waited while the clock jumped")
	}
	if got.Twice > 0 {
		t.Errorf("cases told more often than their ladder has beats: got %d, want 0", got.Twice)
	}
	if got.Missed > 0 {
		t.Errorf("beats that are over and did not fall: got %d, want 0", got.Missed)
	}
	if got.Digests > 0 {
		t.Errorf("digests given twice: got %d, want 0", got.Digests)
	}
}

// thursdayNote is how the note of a Thursday begins.
const thursdayNote = "Bugun profilaktika kuni"

// thursdaysCame looks whether each inspector has a row of every Thursday's note between
// two moments, each at its end, and as many notes in the chat as rows say were sent. A
// Thursday that is a holiday has its note on another day near by.
func (s *siege) thursdaysCame(t *trial, from, to time.Time) {
	type row struct {
		Person int64
		Due    time.Time
		State  string
	}
	list := rows[row](s.town, `SELECT telegram_id, due_at, reminders.state FROM reminders JOIN people ON people.id = person_id
		WHERE reminders.kind = 'thursday' ORDER BY due_at`)
	for place, officer := range s.officers {
		if place == siegeBlocked {
			continue // who cannot be told anything is not reminded
		}
		last, sent := from, 0
		for _, r := range list {
			if r.Person != officer.ID() {
				continue
			}
			if gap := r.Due.Sub(last); gap <= 0 || gap > 10*24*time.Hour {
				t.Errorf("%s: the note after %s came %s later, want one a week", place, last.Format(time.DateTime), gap)
			}
			last = r.Due
			switch r.State {
			case "sent":
				sent++
			case "missed", "pointless", "refused":
			default:
				t.Errorf("%s: the note of %s is %s, want one that is dealt with", place, r.Due.Format(time.DateOnly), r.State)
			}
		}
		if gap := to.Sub(last); gap > 10*24*time.Hour {
			t.Errorf("%s: no note for %s", place, gap)
		}
		shown := 0
		for _, m := range officer.Messages() {
			if m.FromBot {
				shown += strings.Count(m.Text, thursdayNote)
			}
		}
		if shown != sent {
			t.Errorf("%s: notes of Thursdays in the chat: got %d, want %d as on record", place, shown, sent)
		}
	}
	last := slices.IndexFunc(list, func(r row) bool { return to.Sub(r.Due) < 12*time.Hour }) // none on a holiday
	if last >= 0 && !slices.ContainsFunc(list[last:], func(r row) bool { return r.State == "sent" }) {
		t.Error("the note of the last Thursday came to nobody")
	}
}
