package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"koprik/bot/simulator"
)

// The open loops: things happen at this rate whether the bot keeps up or not,
// and Telegram takes a little time over every call.
const (
	reportsPerSecond = 50
	flowLatency      = 30 * time.Millisecond
	aimCard          = 300 * time.Millisecond
	aimEdit          = 200 * time.Millisecond
)

// reports measures (c) and (d): from the tap that files a report to the moment
// when Telegram has taken the inspector's card, and from the inspector's press
// to the change of the resident's card. All the while as many other residents
// write, so that the bot serves a hundred updates a second.
func reports(ctx context.Context, b *bench) error {
	address, err := b.servers.database(ctx)
	if err != nil {
		return err
	}
	c, err := newCrew(ctx, b.servers, address, nil)
	if err != nil {
		return err
	}
	defer c.close()
	defer c.start(ctx)()
	count := int(b.sizes.flow.Seconds() * reportsPerSecond)
	residents := b.servers.town.residents
	filing, writing := residents[:count], residents[count:3*count]
	if err := c.all(ctx, words, filing); err != nil {
		return err
	}
	c.telegram.SetLatency(flowLatency)
	from := time.Now()
	during, err := c.time(ctx, 2*count, func() error { return c.flow(ctx, tap, filing, writing[:count]) })
	if err != nil {
		return err
	}
	// A report is filed by the tap, so what the tap waits for counts as well.
	took, err := c.waitsForCards(filing, from)
	if err != nil {
		return fmt.Errorf("cards: %w", err)
	}
	if b.wants("c") {
		b.flowResult("c", fmt.Sprintf("%d reports a second: tap that files → inspector's card taken", reportsPerSecond), took, aimCard, during)
	}
	if !b.wants("d") {
		return c.honest(ctx)
	}
	from = time.Now()
	during, err = c.time(ctx, 2*count, func() error { return c.flow(ctx, accept, filing, writing[count:]) })
	if err != nil {
		return err
	}
	took, err = c.waits(filing, from, func(who citizen, call simulator.Call) bool {
		return call.Method == "editMessageText" && call.ChatID == who.telegram
	})
	if err != nil {
		return fmt.Errorf("edits: %w", err)
	}
	b.flowResult("d", fmt.Sprintf("%d acceptances a second: press → resident's card edited", reportsPerSecond), took, aimEdit, during)
	return c.honest(ctx)
}

func (b *bench) flowResult(letter, subject string, took []time.Duration, aim time.Duration, during lap) {
	p50, p99 := quantile(took, 0.5), quantile(took, 0.99)
	b.table.note(letter, fmt.Sprintf("%s, p50", subject), span(p50))
	b.table.result(letter, fmt.Sprintf("  p99 of %d, Telegram at %d ms", len(took), flowLatency.Milliseconds()), span(p99), "< "+span(aim), p99 < aim)
	b.noteOthers(letter, during)
}

// all lets everybody do a step and waits until the bot has dealt with it.
func (c *crew) all(ctx context.Context, k kind, list []citizen) error {
	for _, who := range list {
		if err := c.do(k, who); err != nil {
			return err
		}
	}
	return c.rest(ctx)
}

// flow lets people do a step at the rate, at random moments, and others write
// meanwhile. It ends when the bot has dealt with everything.
func (c *crew) flow(ctx context.Context, k kind, doing, writing []citizen) error {
	chance := rand.New(rand.NewPCG(1, 2))
	at := time.Now()
	for i := range doing {
		at = at.Add(time.Duration(chance.ExpFloat64() / reportsPerSecond * float64(time.Second)))
		time.Sleep(time.Until(at))
		if err := c.do(k, doing[i]); err != nil {
			return err
		}
		if err := c.do(words, writing[i]); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return c.rest(ctx)
}

// waitsForCards is waits for the inspector's card.
func (c *crew) waitsForCards(list []citizen, from time.Time) ([]time.Duration, error) {
	return c.waits(list, from, func(who citizen, call simulator.Call) bool {
		return call.Method == "sendMessage" && call.ChatID == c.town.inspectors[who.officer].telegram
	})
}

// waits tells how long everybody's press waited for the call that answers it,
// by the clock of the simulator.
func (c *crew) waits(list []citizen, from time.Time, wanted func(citizen, simulator.Call) bool) ([]time.Duration, error) {
	began := c.now().Add(-time.Since(from))
	pressed := map[string]time.Time{} // by the mark in the words
	for _, p := range c.telegram.Presses() {
		if !p.At.Before(began) {
			pressed[c.markOf(p)] = p.At
		}
	}
	calls := map[string][]simulator.Call{}
	for _, call := range c.telegram.Calls() {
		text, _ := call.Params["text"].(string)
		if call.Status == 200 && !call.Time.Before(began) {
			calls[mark(text)] = append(calls[mark(text)], call)
		}
	}
	var took []time.Duration
	for _, who := range list {
		key := fmt.Sprint(who.telegram)
		at, ok := pressed[key]
		if !ok {
			return nil, fmt.Errorf("%s has not pressed", key)
		}
		found := false
		for _, call := range calls[key] {
			if wanted(who, call) && call.Time.After(at) {
				took, found = append(took, call.Time.Sub(at)), true
				break
			}
		}
		if !found {
			return nil, fmt.Errorf("nothing came for %s", key)
		}
	}
	return took, nil
}

// markOf is whose report a press was about: the mark in the pressed message, or
// on a draft, which shows no words, who pressed.
func (c *crew) markOf(p simulator.Press) string {
	u := c.telegram.User(p.User)
	if int64(len(c.town.inspectors))+firstTelegram <= u.ID() {
		return p.User
	}
	for _, m := range u.Messages() {
		if m.ID == p.MessageID {
			return mark(m.Text)
		}
	}
	return ""
}

// mark is the number in brackets at the end of a resident's words.
func mark(text string) string {
	from := strings.LastIndexByte(text, '(')
	if from < 0 {
		return ""
	}
	number, _, _ := strings.Cut(text[from+1:], ")")
	return number
}
