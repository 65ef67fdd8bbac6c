package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// judgeRows counts rows that failed, and compares the rows of reminders with what
// was due.
func (r *dayOf) judgeRows(ctx context.Context) error {
	want := 0
	for _, g := range r.meetings {
		for _, at := range g.reminders() {
			if !at.Before(r.begin) && at.Before(r.end) {
				want += len(g.board)
			}
		}
	}
	var sent, wrong, failed int
	var why string
	if err := r.look.QueryRow(ctx, `
		WITH meant AS (SELECT state FROM reminders WHERE kind LIKE 'meeting%'),
		failed AS (
			SELECT 'update' AS what, state, attempts, reason FROM inbox WHERE state = 2 OR attempts > 0
			UNION ALL SELECT kind, state, attempts, reason FROM outbox WHERE state > 2 AND reason <> 'pointless' OR attempts > 1)
		SELECT (SELECT count(*) FROM meant WHERE state = 'sent'), (SELECT count(*) FROM meant WHERE state NOT IN ('sent', 'waiting')),
			(SELECT count(*) FROM failed), coalesce((SELECT string_agg(concat_ws(' ', n, what, state, attempts, reason), '; ')
				FROM (SELECT what, state, attempts, reason, count(*) AS n FROM failed GROUP BY 1, 2, 3, 4) AS f), '')`).
		Scan(&sent, &wrong, &failed, &why); err != nil {
		return err
	}
	r.table.result("m", "  rows of reminders that say sent", fmt.Sprint(sent), fmt.Sprint(want), sent == want)
	r.none("  rows of reminders that were missed, refused or dropped", wrong, "")
	r.none("updates and messages that failed, or were tried twice", failed, why)
	return nil
}

// Digests are looked at three times a real minute, and the last of the morning may
// begin from nine until noon: a day must take a while for none to be missed.
const (
	mostForDigests = 360 // times as fast as life
	digestMissed   = "a digest was missed"
)

func without(lines []string, part string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.Contains(line, part) })
}

// judgeHealth prints what was noticed on the way.
func (r *dayOf) judgeHealth() {
	r.none(fmt.Sprintf("findings of %d audits, one every %s of the day", r.seen.own, auditEvery), r.seen.found.Sum(), fmt.Sprintf("%+v", r.seen.found))
	r.none(fmt.Sprintf("audits of the program that found something, of %d", r.seen.told), len(r.seen.toldFoul), strings.Join(r.seen.toldFoul, "; "))
	r.none("  that did not come", r.seen.unheard, "")
	departures := r.telegram.Departures()
	r.none("calls that break a rule of the Bot API", len(departures), strings.Join(departures[:min(3, len(departures))], "; "))
	r.none("presses that were not answered when all was at rest", len(r.seen.unanswered), "")
	lines := r.program.troubles()
	if speed := (24 * time.Hour).Seconds() / r.took.Seconds(); speed > mostForDigests {
		r.table.note("m", fmt.Sprintf("the day went by %.0f times too fast for digests: missed", speed/mostForDigests),
			fmt.Sprint(len(lines)-len(without(lines, digestMissed))))
		lines = without(lines, digestMissed)
	}
	r.none("warnings and errors in the program's log", len(lines), strings.Join(lines[:min(3, len(lines))], " | "))
}

// judgeMemory compares the program's resident memory in the evening with that of
// the morning. Before six hardly anybody writes, and memory has not met the day's
// work yet; a leak of what each report leaves behind would show between the two.
func (r *dayOf) judgeMemory() {
	morning, evening := r.memory(7, 12), r.memory(19, 24)
	r.table.result("m", fmt.Sprintf("resident memory, hours 19 to 24 (median %.1f MB) by hours 7 to 12 (%.1f MB)", evening, morning),
		fmt.Sprintf("%.2f", evening/morning), fmt.Sprintf("≤ %.2f", aimFlat), morning > 0 && evening <= aimFlat*morning)
}

// memory is the median of the hours from one to another.
func (r *dayOf) memory(from, to int) float64 {
	var list []float64
	for hour := from; hour <= to; hour++ {
		list = append(list, r.seen.resident[hour])
	}
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// judgeSize prints what a case costs on the disk, and where it lies.
func (r *dayOf) judgeSize(ctx context.Context) error {
	var size, cases int64
	if err := r.look.QueryRow(ctx, "SELECT pg_database_size(current_database()), (SELECT count(*) FROM cases)").Scan(&size, &cases); err != nil {
		return err
	}
	if cases == 0 {
		r.table.result("m", "cases", "0", "some", false)
		return nil
	}
	r.table.note("m", fmt.Sprintf("size of the database, %.0f MB, for each of %d cases", float64(size)/1e6, cases), kilo(size/cases))
	r.table.note("m", "  what the day has added to it, for each case", kilo((size-r.bare)/cases))
	found, err := r.look.Query(ctx, `SELECT relname, pg_total_relation_size(relid), pg_indexes_size(relid) FROM pg_stat_user_tables ORDER BY 2 DESC LIMIT 5`)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var name string
		var all, indexes int64
		if err := found.Scan(&name, &all, &indexes); err != nil {
			return err
		}
		r.table.note("m", fmt.Sprintf("    %s, %.0f MB, of that indexes %.0f MB", name, float64(all)/1e6, float64(indexes)/1e6), kilo(all/cases))
	}
	return found.Err()
}

func kilo(bytes int64) string { return fmt.Sprintf("%.1f kB", float64(bytes)/1000) }
