package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// gathering is a meeting of the commission of a mahalla.
type gathering struct {
	board []citizen // the secretary first
	at    time.Time
}

// reminding is a reminder of a meeting that Telegram has taken.
type reminding struct {
	chat int64
	at   time.Time
}

// callMeetings lets the secretaries call their meetings, on the evening before: of
// today and of four days more, so that of each kind of reminder some fall into the
// day and some do not.
func (r *dayOf) callMeetings(ctx context.Context) error {
	for i, board := range r.boards {
		at := r.begin.AddDate(0, 0, i%5).Add(9*time.Hour + time.Duration(r.chance.IntN(8*4))*15*time.Minute)
		r.meetings = append(r.meetings, &gathering{board, at})
	}
	if err := r.rest(ctx); err != nil {
		return err
	}
	for _, step := range []func(g *gathering){
		func(g *gathering) {
			r.user(g.board[0]).Text(fmt.Sprintf("/majlis %s Mahalla idorasi", g.at.Format("02.01 15:04")))
		},
		func(g *gathering) { r.user(g.board[0]).Text("/majlis chaqir") },
		func(g *gathering) { r.answer(g) },
	} {
		for _, g := range r.meetings {
			step(g)
		}
		if err := r.rest(ctx); err != nil {
			return err
		}
	}
	var called, asked int
	if err := r.look.QueryRow(ctx, `SELECT (SELECT count(*) FROM meetings WHERE status = 'called'),
		(SELECT count(*) FROM participants)`).Scan(&called, &asked); err != nil {
		return err
	}
	if called != len(r.meetings) || asked != perBoard*called {
		return fmt.Errorf("%d meetings with %d people were called instead of %d", called, asked, len(r.meetings))
	}
	return nil
}

// answer lets about half of those asked say that they come.
func (r *dayOf) answer(g *gathering) {
	for _, who := range g.board[1:] {
		if r.chance.IntN(2) == 0 {
			continue
		}
		if _, err := r.user(who).PressLast("Boraman"); err != nil {
			r.seen.stumbles = append(r.seen.stumbles, err.Error())
		}
	}
}

// reminders are the moments at which those of a meeting are reminded of it: three
// days before at its time, at six in the evening before, and two hours before. No
// meeting begins before nine, so that none falls into the night.
func (g *gathering) reminders() []time.Time {
	return []time.Time{g.at.AddDate(0, 0, -3), tashkentMidnight(g.at).Add(-6 * time.Hour), g.at.Add(-2 * time.Hour)}
}

// isReminder tells whether a text is a reminder of a meeting.
func isReminder(text string) bool {
	return strings.Contains(text, "🔔 Ertaga yigʻilish") || strings.Contains(text, "🔔 Yigʻilishga")
}

// judgeReminders compares the reminders that Telegram has taken on the day with
// those that were due on it.
func (r *dayOf) judgeReminders() {
	due := map[int64][]time.Time{}
	want := 0
	for _, g := range r.meetings {
		for _, at := range g.reminders() {
			for _, who := range g.board {
				if !at.Before(r.begin) && at.Before(r.end) {
					due[who.telegram], want = append(due[who.telegram], at), want+1
				}
			}
		}
	}
	var late []delay
	extra, off := 0, 0
	for _, got := range r.reminded {
		list := due[got.chat]
		found := -1
		for i, at := range list {
			if by, ok := r.inTime(at, got.at); ok {
				found, late = i, append(late, by)
				break
			}
			if got.at.After(at) && got.at.Sub(at) < time.Hour {
				off++
			}
		}
		if found < 0 {
			extra++
			continue
		}
		due[got.chat] = append(list[:found:found], list[found+1:]...)
	}
	missing := 0
	for _, list := range due {
		missing += len(list)
	}
	r.lateness(fmt.Sprintf("reminders of %d meetings, %d due on the day: late p99, max", len(r.meetings), want), late)
	r.none("  not given in their step, or not at all", missing, "")
	r.none("  twice, or without being due", extra, fmt.Sprintf("%d of them late", off))
}
