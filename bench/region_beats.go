package main

import (
	"context"
	"fmt"
	"time"

	"koprik/mahalla"
)

// told is one beat of a clock that has fallen: of which case, and who heard what.
type told struct {
	id    int64
	kind  string
	note  string
	level int
	about mahalla.PersonID
}

// beat is what must be told at a moment, unless it is over before.
type beat struct {
	told
	due, over time.Time
}

// events are the moments at which somebody was told, in order.
func (r *dayOf) events(ctx context.Context) (map[told][]time.Time, error) {
	found, err := r.look.Query(ctx, `SELECT case_id, kind, note, level, coalesce(about_id, 0), at FROM case_events
		WHERE kind IN ('nudged', 'escalated', 'reminded', 'skipped', 'nobody', 'unreachable', 'overdue') ORDER BY at`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	list := map[told][]time.Time{}
	for found.Next() {
		var t told
		var at time.Time
		if err := found.Scan(&t.id, &t.kind, &t.note, &t.level, &t.about, &at); err != nil {
			return nil, err
		}
		list[t] = append(list[t], at)
	}
	return list, found.Err()
}

// officerOf is who of a tier answers for where a report is from.
func (r *dayOf) officerOf(c *concern, to tier) mahalla.PersonID {
	s := r.places[c.who.officer]
	return [...]citizen{r.inspectors[s.inspector], r.substitutes[s.sector], r.seniors[s.district], r.sectorHeads[s.sector], r.heads[s.district]}[to].id
}

// beatsOf are all that the clocks of a case would tell: its ladder until somebody
// accepts, and then the clock towards its result until it is closed.
func (r *dayOf) beatsOf(c *concern, row *row) []beat {
	never := r.end.AddDate(1, 0, 0)
	moment := func(t *time.Time) time.Time {
		if t == nil {
			return never
		}
		return *t
	}
	rungs := calmRungs
	if c.matter.urgent {
		rungs = urgentRungs
	}
	var list []beat
	for _, g := range rungs {
		key := told{id: row.id, kind: g.kind, level: g.level, about: r.officerOf(c, g.to)}
		list = append(list, beat{key, g.fallsAt(row.filed, c.matter.urgent), moment(row.accepted)})
	}
	if row.accepted == nil {
		return list
	}
	key := told{id: row.id, kind: "nudged", note: "resolution", about: r.officerOf(c, toInspector)}
	for _, percent := range resultPercents {
		list = append(list, beat{key, row.accepted.Add(c.matter.result * percent / 100), moment(row.closed)})
	}
	return list
}

// judgeBeats compares every beat of every clock with the reckoning: what was due
// before it was over has fallen in its step, and nothing else has.
func (r *dayOf) judgeBeats(rows map[int]*row, events map[told][]time.Time) {
	var late []delay
	missing, off, waited := 0, 0, 0
	together, now := map[time.Time]int{}, r.now()
	for _, c := range r.reports {
		row := rows[c.number]
		if row == nil {
			continue // it is among the lost
		}
		if row.accepted == nil {
			waited++
		}
		for _, b := range r.beatsOf(c, row) {
			list := events[b.told]
			// In the step in which it is over, and at the very end, either may come first.
			open := r.interval(b.due) == r.interval(b.over) || b.due.After(r.end) || b.due.After(now.Add(-settling))
			switch {
			case b.due.After(b.over) && !open, open && len(list) == 0:
				continue
			case len(list) == 0:
				missing++
				continue
			}
			d, ok := r.inTime(b.due, list[0])
			if !ok {
				off++
			}
			late = append(late, d)
			together[b.due]++
			if events[b.told] = list[1:]; len(list) == 1 {
				delete(events, b.told)
			}
		}
	}
	left, most := 0, 0
	for _, list := range events {
		left += len(list)
	}
	for _, n := range together {
		most = max(most, n)
	}
	r.table.note("m", "cases that nobody had accepted at the end", fmt.Sprint(waited))
	r.lateness(fmt.Sprintf("beats of clocks, %d fallen, %d at one moment: late p99, max", len(late), most), late)
	r.none("  not in the step in which they were due", off, "")
	r.none("  missing", missing, "")
	r.none("  false: not due, twice, or to the wrong officer", left, example(events))
}

// example is one beat that should not have fallen.
func example(events map[told][]time.Time) string {
	for key, list := range events {
		return fmt.Sprintf("%+v at %s", key, list[0].In(tashkent).Format("15:04:05"))
	}
	return ""
}
