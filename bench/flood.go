package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// The flood: one person writes as fast as a program can, while others report.
const (
	floodPerSecond  = 1000
	othersPerSecond = 20
	aimBesideFlood  = 2 * time.Second
)

// flood measures (n): one person sends a thousand messages a second, and others'
// reports are to come to their inspectors all the same. Nothing of the flood is
// turned away before it is stored, since nobody knows what stands in it.
func flood(ctx context.Context, b *bench) error {
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
	residents := b.servers.town.residents
	count := min(int(b.sizes.flow.Seconds()*othersPerSecond), len(residents)-1)
	filing, flooder := residents[:count], residents[len(residents)-1]
	if err := c.all(ctx, words, filing); err != nil {
		return err
	}
	c.telegram.SetLatency(flowLatency)
	from := time.Now()
	pouring, dry := context.WithCancel(ctx)
	var poured atomic.Int64
	var flooding sync.WaitGroup
	flooding.Go(func() { c.pour(pouring, flooder, &poured) })
	err = c.pressEach(ctx, filing)
	if err == nil {
		err = c.cardsOf(ctx, filing)
	}
	lasted := time.Since(from)
	dry()
	flooding.Wait()
	if err != nil {
		return err
	}
	took, err := c.waitsForCards(filing, from)
	if err != nil {
		return fmt.Errorf("cards beside the flood: %w", err)
	}
	rate := float64(poured.Load()) / lasted.Seconds()
	b.table.note("n", fmt.Sprintf("one person writes %.0f messages a second, others file %d reports a second", rate, othersPerSecond), fmt.Sprintf("%d, %d", poured.Load(), count))
	worst := quantile(took, 0.99)
	b.table.note("n", "  others' tap that files → inspector's card taken, p50", span(quantile(took, 0.5)))
	b.table.result("n", "  p99", span(worst), "< "+span(aimBesideFlood), worst < aimBesideFlood && rate > 0.9*floodPerSecond)
	if list := c.telegram.Departures(); len(list) > 0 { // what is left of the flood is not waited for
		return fmt.Errorf("%d calls break a rule of the Bot API, the first: %s", len(list), list[0])
	}
	return nil
}

// pour lets one person write.
func (c *crew) pour(ctx context.Context, who citizen, poured *atomic.Int64) {
	u := c.user(who)
	began := time.Now()
	for ctx.Err() == nil {
		for due := int64(time.Since(began).Seconds() * floodPerSecond); poured.Load() < due; {
			u.Text(fmt.Sprintf("%s, yana %d", complaint, poured.Add(1)))
		}
		time.Sleep(time.Millisecond)
	}
}

// pressEach lets people file, so many a second.
func (c *crew) pressEach(ctx context.Context, filing []citizen) error {
	next := time.Now()
	for _, who := range filing {
		time.Sleep(time.Until(next))
		next = next.Add(time.Second / othersPerSecond)
		if err := c.do(tap, who); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// cardsOf waits until every inspector has the card of each of these reports.
func (c *crew) cardsOf(ctx context.Context, filing []citizen) error {
	for ctx.Err() == nil {
		left := 0
		if err := c.look.QueryRow(ctx, "SELECT $1 - count(*) FROM cards WHERE kind = 'card.officer'", len(filing)).Scan(&left); err != nil || left <= 0 {
			return err
		}
		time.Sleep(25 * time.Millisecond)
	}
	return ctx.Err()
}
