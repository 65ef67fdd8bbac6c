package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"koprik/bot"
	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

const (
	// limitRate is how many messages a second the bot sends over all chats, as
	// cmd/koprik sets it, below the 30 that the simulator takes.
	limitRate     = 25
	aimOfLimit    = 1.05
	aimUrgent     = time.Second
	urgentCases   = 10
	remindersDue  = 3 * time.Second // after they were planned
	customAbout   = int64(1) << 40
	firstReminded = firstTelegram + 100_000
)

// reminders measures (j): very many reminders due in one minute under Telegram's
// limits. It tells how long they take of the time that the limits allow, how many
// calls Telegram refuses, and how soon the card of an urgent case is taken
// meanwhile. The clock of the rules and of the simulator runs pace times as fast as
// the real one, and the bot's limit is as many times as high: seconds are real.
func reminders(ctx context.Context, b *bench) error {
	address, err := b.servers.database(ctx)
	if err != nil {
		return err
	}
	r := &rush{pace: b.sizes.pace, n: b.sizes.reminders}
	if err := r.open(ctx, b.servers, address); err != nil {
		return err
	}
	defer r.close()
	if err := r.plan(ctx); err != nil {
		return err
	}
	defer r.start(ctx)()
	took, err := r.run(ctx)
	if err != nil {
		return err
	}
	sent, refused, urgent, err := r.look()
	if err != nil {
		return err
	}
	allowed := time.Duration(float64(sent) / float64(limitRate*r.pace) * float64(time.Second))
	ratio := took.Seconds() / allowed.Seconds()
	b.table.note("j", fmt.Sprintf("%d reminders due in one minute, at %d a second: all sent in", r.n, limitRate*r.pace), span(took))
	b.table.result("j", "  of the time that the limits allow", fmt.Sprintf("%.3f", ratio), fmt.Sprintf("≤ %.2f", aimOfLimit), ratio <= aimOfLimit)
	b.table.result("j", "  calls refused with 429", fmt.Sprint(refused), "0", refused == 0)
	worst := quantile(urgent, 1)
	b.table.result("j", fmt.Sprintf("  card of an urgent case taken meanwhile, the slowest of %d", len(urgent)), span(worst), "< "+span(aimUrgent), worst < aimUrgent)
	return r.honest(ctx)
}

// rush is a crew with Telegram's limits, and people who are all to be reminded.
type rush struct {
	*crew
	pace, n int
	people  []citizen
	filed   []filing
	due     time.Time // on the real clock
}

// filing is an urgent report, and when it was filed on the real clock.
type filing struct {
	officer int
	at      time.Time
}

func (r *rush) open(ctx context.Context, s *servers, address string) error {
	began := time.Now()
	r.crew = &crew{town: s.town, now: func() time.Time { return noon.Add(time.Since(began) * time.Duration(r.pace)) }}
	redis, err := storage.OpenRedis(s.redisURL())
	if err != nil {
		return err
	}
	p, times := bot.Pace(), time.Duration(r.pace)
	r.limiter = storage.NewLimits(redis, limitRate*r.pace, func() int { return 1 }, time.Now)
	r.crew.pace = storage.Pace{Private: p.Private / times, Group: p.Group / times, PrivateBurst: p.PrivateBurst, GroupBurst: p.GroupBurst}
	if err := r.crew.open(ctx, s, address, nil); err != nil {
		return err
	}
	r.closers = append(r.closers, func() { _ = redis.Close() })
	for i := range r.n {
		c := s.town.inspectors[i%mahallas]
		c.telegram = firstReminded + int64(i)
		r.people = append(r.people, c)
	}
	if err := addPeople(ctx, r.db, r.people); err != nil {
		return err
	}
	for _, who := range r.people {
		r.telegram.AddPerson(simulator.Person{ID: who.telegram, FirstName: "Aziza", Language: "uz"}).Start("")
	}
	_, err = r.client.Poll(ctx, r.telegram.LastUpdateID()+1, 1, 0)
	r.telegram.SetLimits(true)
	return err
}

// plan makes the reminders known, as a head's reminder makes them.
func (r *rush) plan(ctx context.Context) error {
	r.due = time.Now().Add(remindersDue)
	at := r.now().Add(remindersDue * time.Duration(r.pace))
	return r.db.InTx(ctx, func(tx *storage.Tx) error {
		rule := &storage.Recurring{ID: customAbout, Kind: mahalla.RemindCustom, Author: r.town.inspectors[0].id, State: storage.RecurringPaused,
			Rule: mahalla.At(at), Roles: mahalla.ToOfficers.Roles(), Place: mahalla.RootTerritory, Created: at,
			Texts: map[mahalla.Language]string{mahalla.UzLatn: "Hisobotni topshiring"}}
		if err := tx.SaveRecurring(rule); err != nil {
			return err
		}
		list := make([]mahalla.Reminder, len(r.people))
		for i, who := range r.people {
			list[i] = mahalla.Reminder{Kind: mahalla.RemindCustom, About: customAbout, To: who.id, Due: at, Until: at.Add(12 * time.Hour)}
		}
		return tx.PlanReminders(list)
	})
}

// run waits until all are sent, and files urgent cases on the way.
func (r *rush) run(ctx context.Context) (time.Duration, error) {
	time.Sleep(time.Until(r.due))
	expected := time.Duration(float64(r.n) / float64(limitRate*r.pace) * float64(time.Second))
	for i := range urgentCases {
		time.Sleep(time.Until(r.due.Add(expected * time.Duration(i+1) / (urgentCases + 2))))
		if err := r.file(ctx, i); err != nil {
			return 0, err
		}
	}
	for ctx.Err() == nil {
		var left int
		err := r.crew.look.QueryRow(ctx, `
			SELECT (SELECT count(*) FROM reminders WHERE state = 'waiting') + (SELECT count(*) FROM outbox WHERE state IN (0, 1))`).Scan(&left)
		if err != nil || left == 0 {
			return time.Since(r.due), err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return 0, ctx.Err()
}

// file lets a resident report a fire, to an inspector of whom nothing else is
// asked.
func (r *rush) file(ctx context.Context, i int) error {
	who := r.town.residents[i]
	err := r.db.InTx(ctx, func(tx *storage.Tx) error {
		c, err := tx.Contact(who.id)
		if err != nil {
			return err
		}
		c.Dialogue.Draft = &mahalla.Draft{Place: who.place, Parts: []mahalla.Part{{Words: "Gaz hidi kelyapti"}}}
		_, err = r.desk.FileDraft(tx, c, "fire_gas", 0, r.now())
		return err
	})
	r.filed = append(r.filed, filing{officer: who.officer, at: time.Now()})
	return err
}

// look reads in the simulator's log how many messages were sent or changed, and
// how many refused, and how long each urgent card took.
func (r *rush) look() (sent, refused int, urgent []time.Duration, err error) {
	calls := r.telegram.Calls()
	ends, end := time.Now(), r.now()
	for _, call := range calls {
		switch {
		case call.Status == http.StatusTooManyRequests:
			refused++
		case call.Status == http.StatusOK && (strings.HasPrefix(call.Method, "send") || strings.HasPrefix(call.Method, "edit")):
			sent++
		}
	}
	for _, f := range r.filed {
		chat := r.town.inspectors[f.officer].telegram
		found := false
		for _, call := range calls {
			if call.Method == "sendMessage" && call.Status == http.StatusOK && call.ChatID == chat {
				at := ends.Add(-end.Sub(call.Time) / time.Duration(r.pace))
				urgent, found = append(urgent, max(0, at.Sub(f.at))), true
				break
			}
		}
		if !found {
			return 0, 0, nil, fmt.Errorf("the card of an urgent case was not sent")
		}
	}
	return sent, refused, urgent, nil
}
