package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"koprik/storage"
)

const (
	programAudits = time.Minute // how often the program audits itself, in real time
	mostRest      = 3 * time.Minute
	mostStumbles  = 100
	unevenness    = 4 // a step is longer or shorter by up to this part of it
)

// live lets the day pass, step by step.
func (r *dayOf) live(ctx context.Context) error {
	if err := r.pass(ctx, r.begin); err != nil {
		return err
	}
	r.updates = r.telegram.LastUpdateID()
	if err := r.look.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&r.bare); err != nil {
		return err
	}
	nextAudit, hour := r.begin.Add(auditEvery), 1
	for r.now().Before(r.end) {
		to, err := r.nextStop(ctx)
		if err != nil {
			return err
		}
		if err := r.pass(ctx, to); err != nil {
			return err
		}
		if r.now().After(nextAudit) {
			nextAudit = nextAudit.Add(auditEvery)
			if err := r.audit(ctx); err != nil {
				return err
			}
		}
		for ; !r.now().Before(r.begin.Add(time.Duration(hour) * time.Hour)); hour++ {
			if err := r.sample(hour); err != nil {
				return err
			}
		}
	}
	return r.settleDay(ctx)
}

// sample takes down what the program holds in memory after an hour of the day.
func (r *dayOf) sample(hour int) (err error) {
	if r.seen.resident[hour], err = r.program.resident(); err == nil && (hour == 2 || hour%6 == 0) {
		r.table.note("m", fmt.Sprintf("resident memory of the program after %d h", hour), fmt.Sprintf("%.1f MB", r.seen.resident[hour]))
	}
	return err
}

// nextStop is the end of the next step, or of several when neither people nor the
// program have anything to do in the first ones.
func (r *dayOf) nextStop(ctx context.Context) (time.Time, error) {
	step := r.size.step
	to := r.begin.Add(((r.now().Sub(r.begin)+step/unevenness)/step + 1) * step)
	next, err := r.nextDue(ctx)
	if err != nil {
		return to, err
	}
	if r.agenda.Len() > 0 {
		next = earlierOf(next, r.agenda.list[0].at)
	}
	for to.Before(next) && to.Sub(r.begin)%time.Hour != 0 && to.Before(r.end) {
		to = to.Add(step)
	}
	// Not at whole minutes, or everything would fall due just after a push.
	if uneven := to.Add(-time.Duration(r.chance.Int64N(int64(step / unevenness)))); to.Before(r.end) && uneven.After(r.now()) {
		to = uneven
	}
	return earlierOf(to, r.end), nil
}

// nextDue is when the program wants to do something next, as its rows say.
func (r *dayOf) nextDue(ctx context.Context) (next time.Time, err error) {
	err = r.look.QueryRow(ctx, `
		SELECT least(coalesce((SELECT min(next_beat_at) FROM cases), $1), coalesce((SELECT min(due_at) FROM timers), $1),
			coalesce((SELECT min(fire_at) FROM reminders WHERE state = 'waiting'), $1), coalesce((SELECT min(wake_at) FROM meetings), $1))`,
		r.end).Scan(&next)
	return next, err
}

// pass pushes the clocks to a moment, lets people do what is due by then, and
// waits until the program has nothing left to do.
func (r *dayOf) pass(ctx context.Context, to time.Time) error {
	if err := r.letAudit(ctx); err != nil {
		return err
	}
	began, before := time.Now(), r.now()
	defer func() { r.slow = time.Since(began) }()
	if by := to.Sub(before); by > 0 {
		r.ahead += by
		if err := r.program.tell(r.ahead); err != nil {
			return err
		}
		r.telegram.Advance(by)
	}
	r.moments = append(r.moments, moment{before, r.now()})
	for now := r.now(); ; {
		d, ok := r.dueBy(now)
		if !ok {
			break
		}
		if err := d.do(); err != nil {
			r.seen.stumbles = append(r.seen.stumbles, err.Error())
		}
	}
	if len(r.seen.stumbles) > mostStumbles {
		return fmt.Errorf("people cannot go on: %s", strings.Join(r.seen.stumbles[:5], "; "))
	}
	return r.rest(ctx)
}

// rest waits until everything that was said and everything that is due has had its
// effect, and looks at what came of it.
func (r *dayOf) rest(ctx context.Context) error {
	began, poked, pause := time.Now(), false, 2*time.Millisecond
	for {
		pending := r.telegram.Pending() > 0 // before the rows: an update is stored before it is confirmed
		busy, meetings, err := r.restless(ctx)
		if err != nil {
			return err
		}
		busy = busy || pending
		if !busy && !meetings {
			break
		}
		// Meetings wait until the bot has surely heard everybody, which it knows at
		// the end of a long poll.
		if !busy && !poked {
			r.watchman.Start("")
			poked = true
		}
		if time.Since(began) > mostRest {
			return errors.New("the program does not come to rest")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.program.over:
			return fmt.Errorf("the program ended: %s", strings.Join(r.program.troubles(), "; "))
		case <-time.After(pause):
		}
		pause = min(2*pause, 20*time.Millisecond)
	}
	for _, p := range r.telegram.Unanswered() {
		r.seen.unanswered[p.CallbackID] = true
	}
	return r.hear()
}

// restless tells whether the program has anything to do by now, and whether
// meetings have.
func (r *dayOf) restless(ctx context.Context) (busy, meetings bool, err error) {
	err = r.look.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM inbox_chats WHERE waiting > 0) OR EXISTS (SELECT FROM outbox_chats WHERE waiting > 0)
			OR EXISTS (SELECT FROM owed) OR EXISTS (SELECT FROM cases WHERE next_beat_at <= $1)
			OR EXISTS (SELECT FROM timers WHERE due_at <= $1) OR EXISTS (SELECT FROM reminders WHERE state = 'waiting' AND fire_at <= $1),
			EXISTS (SELECT FROM meetings WHERE wake_at <= $1)`, r.now()).Scan(&busy, &meetings)
	return busy, meetings, err
}

// hear looks at the calls that are new, for reminders.
func (r *dayOf) hear() error {
	calls := r.telegram.Calls()
	if len(calls) > 0 && calls[0].Seq > r.heard+1 {
		return fmt.Errorf("%d calls were forgotten before they were looked at", calls[0].Seq-r.heard-1)
	}
	for _, call := range calls {
		if call.Seq <= r.heard {
			continue
		}
		r.heard = call.Seq
		if text, _ := call.Params["text"].(string); call.Method == "sendMessage" && call.Status == http.StatusOK && isReminder(text) {
			r.reminded = append(r.reminded, reminding{call.ChatID, call.Time})
		}
	}
	return nil
}

// audit counts what must not be while everything is at rest.
func (r *dayOf) audit(ctx context.Context) error {
	f, err := r.db.Audit(ctx, r.acks, r.now())
	if err != nil {
		return err
	}
	r.seen.own++
	add(&r.seen.found, f)
	return nil
}

func add(to *storage.Findings, f storage.Findings) {
	to.Untold, to.Disagree, to.Late = to.Untold+f.Untold, to.Disagree+f.Disagree, to.Late+f.Late
	to.Unfired, to.Stuck = to.Unfired+f.Unfired, to.Stuck+f.Stuck
}

// letAudit holds the clock still while the program audits itself, once a real
// minute: what has just fallen due because the clock was pushed is no finding.
func (r *dayOf) letAudit(ctx context.Context) error {
	p := r.program
	if _, err := r.hearAudit(ctx); err != nil || p.nextAudit.IsZero() || time.Until(p.nextAudit) > time.Second+2*r.slow {
		return err
	}
	for until := p.nextAudit.Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if new, err := r.hearAudit(ctx); err != nil || new {
			return err
		}
		if time.Now().After(until) {
			r.seen.unheard++
			p.nextAudit = time.Time{} // until one comes again
			return nil
		}
	}
}

// hearAudit takes down what the program's last audit has found, and tells whether
// that is new.
func (r *dayOf) hearAudit(ctx context.Context) (new bool, err error) {
	var f storage.Findings
	var at time.Time
	if err := r.db.Read(ctx, func(tx *storage.Tx) (err error) {
		f, at, _, err = tx.LastAudit()
		return err
	}); err != nil || at.IsZero() || at.Equal(r.program.heardAudit) {
		return false, err
	}
	r.program.heardAudit = at
	// Not pushed since then: it is asked before every push. An audit may take some
	// seconds, and the next one comes a minute after its beginning.
	real := at.Add(-r.ahead)
	if early := r.program.nextAudit.Sub(real); r.program.nextAudit.IsZero() || early > 0 {
		r.program.nextAudit = real
	}
	r.program.nextAudit = r.program.nextAudit.Add(programAudits)
	r.seen.told++
	if f.Sum() > 0 {
		r.seen.toldFoul = append(r.seen.toldFoul, fmt.Sprintf("%s: %+v", at.In(tashkent).Format("15:04:05"), f))
	}
	return true, nil
}

// settleDay waits until reminders that were given are known to be sent, and audits
// once more.
func (r *dayOf) settleDay(ctx context.Context) error {
	for until := time.Now().Add(mostRest); ; {
		var given int
		if err := r.look.QueryRow(ctx, "SELECT count(*) FROM reminders WHERE state = 'given'").Scan(&given); err != nil {
			return err
		}
		if given == 0 {
			break
		}
		if time.Now().After(until) {
			return errors.New("reminders that were given are not settled")
		}
		time.Sleep(50 * time.Millisecond)
	}
	return r.audit(ctx)
}
