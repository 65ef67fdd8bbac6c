package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"koprik/mahalla"
)

// none prints a count of what must not be, and why, if it was.
func (r *dayOf) none(subject string, n int, why string) {
	r.table.result("m", subject, fmt.Sprint(n), "0", n == 0)
	if n > 0 && why != "" {
		r.table.note("", "    "+why, "")
	}
}

// lateness prints how late things were: on the program's clock, of which a step is
// the pushing itself, and in real time since that clock showed that they were due.
func (r *dayOf) lateness(subject string, list []delay) {
	if len(list) == 0 {
		r.table.result("m", subject, "none", "some", false)
		return
	}
	var late, shown []time.Duration
	for _, d := range list {
		late, shown = append(late, d.late), append(shown, d.shown)
	}
	r.table.result("m", subject, span(quantile(late, 0.99))+", "+span(quantile(late, 1)), "in the step", quantile(late, 1) <= r.size.most()+r.longest())
	r.table.note("m", "  since the clock showed that they were due: p99, max", span(quantile(shown, 0.99))+", "+span(quantile(shown, 1)))
}

// judge compares what the program did with what it should have done.
func (r *dayOf) judge(ctx context.Context) error {
	handled := r.telegram.LastUpdateID() - r.updates
	r.table.note("m", fmt.Sprintf("24 h of %d mahallas, %d reports, %d meetings, steps of %s", r.size.mahallas, r.size.reports, r.size.meetings, r.size.step),
		fmt.Sprintf("%d steps", len(r.moments)))
	r.table.note("m", fmt.Sprintf("  took %s, %.0f times as fast as life; updates", r.took.Round(time.Second), 24*time.Hour.Seconds()/r.took.Seconds()), fmt.Sprint(handled))
	r.none("  what people could not do", len(r.seen.stumbles), strings.Join(r.seen.stumbles[:min(5, len(r.seen.stumbles))], "; "))
	rows, err := r.rows(ctx)
	if err != nil {
		return err
	}
	r.judgeReports(rows)
	events, err := r.events(ctx)
	if err != nil {
		return err
	}
	r.judgeBeats(rows, events)
	r.judgeReminders()
	if err := r.judgeRows(ctx); err != nil {
		return err
	}
	r.judgeHealth()
	r.judgeMemory()
	return r.judgeSize(ctx)
}

// row is a case as the database has it.
type row struct {
	id       int64
	number   int
	reporter mahalla.PersonID
	place    mahalla.TerritoryID
	category string
	status   string
	filed    time.Time
	accepted *time.Time
	closed   *time.Time
}

func (r *dayOf) rows(ctx context.Context) (map[int]*row, error) {
	found, err := r.look.Query(ctx, "SELECT id, number, reporter_id, place_id, category, status, filed_at, accepted_at, closed_at FROM cases")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	list := map[int]*row{}
	for found.Next() {
		var c row
		if err := found.Scan(&c.id, &c.number, &c.reporter, &c.place, &c.category, &c.status, &c.filed, &c.accepted, &c.closed); err != nil {
			return nil, err
		}
		list[c.number] = &c
	}
	return list, found.Err()
}

// judgeReports compares the cases with what people reported: each once, for the
// place and of the category that were meant, and in the state to which they were
// brought.
func (r *dayOf) judgeReports(rows map[int]*row) {
	lost, wrong, unmoved := 0, 0, 0
	owners := map[int]bool{}
	for _, c := range r.reports {
		row := rows[c.number]
		switch {
		case row == nil || owners[c.number]:
			lost++
			continue
		case row.reporter != c.who.id || row.place != c.who.place || row.category != c.matter.code || r.interval(row.filed) != r.interval(c.tapped):
			wrong++
		}
		owners[c.number] = true
		want := "new"
		switch {
		case c.closing:
			want = "closed"
		case !c.accepted.IsZero():
			want = "accepted"
		}
		if row.status != want || !c.accepted.IsZero() && (row.accepted == nil || r.interval(*row.accepted) != r.interval(c.accepted)) {
			unmoved++
		}
	}
	r.none(fmt.Sprintf("reports lost, of %d with a number each", len(r.reports)), lost, "")
	r.none("  cases that nobody reported, or twice", len(rows)-len(owners), "")
	r.none("  of another person, place, category or hour than reported", wrong, "")
	r.none("  not as their officers and residents left them", unmoved, "")
}
