package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// latencies of Telegram at which the bot is measured.
var latencies = []time.Duration{0, 30 * time.Millisecond}

// Aims of the throughput.
const (
	aimOfCeiling = 0.5 // of what the statements alone allow
	aimAtLatency = 0.8 // of what is served without latency
)

// throughput measures (a), (b) and (l): round by round the statements alone, the
// bot without and with latency and the plain program, so that others' work on the
// machine meets all of them alike. Of each the best round counts: the one that was
// disturbed least.
func throughput(ctx context.Context, b *bench) error {
	t, err := newRace(ctx, b)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	var ceilings, bare []lap
	bot, simple := map[time.Duration][]lap{}, map[time.Duration][]lap{}
	profile, err := b.startProfile(ctx)
	if err != nil {
		return err
	}
	for range b.sizes.rounds {
		if b.wants("a") {
			for _, c := range []struct {
				reads bool
				list  *[]lap
			}{{true, &ceilings}, {false, &bare}} {
				round, err := t.ceiling(ctx, c.reads)
				if err != nil {
					return fmt.Errorf("ceiling: %w", err)
				}
				*c.list = append(*c.list, round)
			}
		}
		for _, latency := range latencies {
			if !b.wants("b") {
				continue
			}
			if err := profile.during(func() error {
				round, err := t.crew.round(ctx, t.shifts, latency)
				bot[latency] = append(bot[latency], round)
				return err
			}); err != nil {
				return fmt.Errorf("bot: %w", err)
			}
		}
		for _, latency := range latencies {
			if !b.wants("l") {
				continue
			}
			round, err := t.plain.round(ctx, t.plainShifts, latency)
			if err != nil {
				return fmt.Errorf("plain program: %w", err)
			}
			simple[latency] = append(simple[latency], round)
		}
	}
	if err := profile.end(ctx); err != nil {
		return err
	}
	if err := t.same(ctx); err != nil {
		return err
	}
	t.print(ceilings, bare, bot)
	t.printPlain(bot, simple)
	return nil
}

// race is the bot, the loop and the plain program, each in a database of its own with the same
// people and the same load.
type race struct {
	*bench
	path       *path
	batches    batches
	crew       *crew
	stop       func()
	shifts     *shifts
	loop       *loop
	loopShifts *shifts

	plain       *plain
	plainShifts *shifts

	addresses []string
	perUpdate statistics
}

// statistics are what an update costs on the way to PostgreSQL, on the average.
type statistics struct{ statements, trips float64 }

// newRace records the path, checks the loop against it, and brings both sides
// to where every round begins.
func newRace(ctx context.Context, b *bench) (*race, error) {
	t := &race{bench: b}
	var err error
	if t.path, err = t.record(ctx); err != nil {
		return nil, err
	}
	counter := &recorder{}
	counter.count()
	if err := t.openCrew(ctx, counter); err != nil {
		return nil, err
	}
	if err := t.measureBatches(ctx, counter); err != nil {
		return nil, err
	}
	if err := t.openCrew(ctx, nil); err != nil { // in another database, without the counter
		return nil, err
	}
	if err := t.openLoop(ctx); err != nil {
		return nil, err
	}
	return t, t.openPlain(ctx)
}

func (t *race) database(ctx context.Context) (string, error) {
	address, err := t.servers.database(ctx)
	t.addresses = append(t.addresses, address)
	return address, err
}

func (t *race) record(ctx context.Context) (*path, error) {
	address, err := t.database(ctx)
	if err != nil {
		return nil, err
	}
	p, err := recordPath(ctx, t.servers, address)
	if err != nil {
		return nil, err
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	again, err := t.database(ctx)
	if err != nil {
		return nil, err
	}
	return p, checkLoop(ctx, p, t.servers.town, again)
}

// openCrew lets a bot run over a fresh database, up to where rounds begin.
func (t *race) openCrew(ctx context.Context, tracer pgx.QueryTracer) error {
	address, err := t.database(ctx)
	if err != nil {
		return err
	}
	if t.crew, err = newCrew(ctx, t.servers, address, tracer); err != nil {
		return err
	}
	t.stop = t.crew.start(ctx)
	t.shifts = newShifts(t.servers.town.residents, t.sizes.each)
	if err := t.crew.prepare(ctx, t.shifts); err != nil {
		return err
	}
	return t.analyse(ctx, address)
}

// analyse lets PostgreSQL know how large the tables are, as autovacuum does
// within a minute: statements that were planned for empty ones would be slow.
func (t *race) analyse(ctx context.Context, address string) error {
	return t.servers.exec(ctx, address, "VACUUM (ANALYZE)", "CHECKPOINT")
}

// prepare brings the groups to where a round begins: one has drafts, one has
// filed.
func (c *crew) prepare(ctx context.Context, s *shifts) error {
	for _, step := range []struct {
		kind kind
		who  []citizen
	}{{words, s.group(tap)}, {words, s.group(accept)}, {tap, s.group(accept)}} {
		for _, who := range step.who {
			if err := c.do(step.kind, who); err != nil {
				return err
			}
		}
		if err := c.rest(ctx); err != nil {
			return err
		}
	}
	return nil
}

// round serves one round from the first poll to the empty outbox.
func (c *crew) round(ctx context.Context, s *shifts, latency time.Duration) (lap, error) {
	c.valve.close()
	if err := c.queue(s); err != nil {
		return lap{}, err
	}
	s.next()
	c.telegram.SetLatency(latency)
	defer c.telegram.SetLatency(0)
	return c.time(ctx, c.telegram.Pending(), func() error {
		c.valve.open()
		return c.rest(ctx)
	})
}

// measureBatches serves one round with the counter on: how many rows the bot
// moves with one statement, and how many statements an update costs.
func (t *race) measureBatches(ctx context.Context, counter *recorder) error {
	counter.count()
	if _, err := t.crew.round(ctx, t.shifts, 0); err != nil {
		return err
	}
	updates := float64(int(kinds) * t.sizes.each)
	messages := float64(len(sentInOrder) * t.sizes.each)
	presses := float64(2 * t.sizes.each)
	per := func(rows float64, beginning string) float64 { return rows / max(1, float64(counter.times(beginning))) }
	t.batches = batches{
		intake: per(updates, beginningOf(t.path.intake.first())),
		claim:  per(messages, beginningOf(t.path.claim[1].first())),
		finish: per(messages, beginningOf(t.path.draw[sentInOrder[0]].finish.statements[1].sql)),
		paid:   per(presses, beginningOf(t.path.kinds[tap].paid[0].first())),
	}
	t.perUpdate = statistics{float64(counter.all()) / updates, float64(counter.sent) / updates}
	t.stop()
	t.crew.close()
	return nil
}

func (t *race) openLoop(ctx context.Context) error {
	address, err := t.database(ctx)
	if err != nil {
		return err
	}
	if t.loop, err = newLoop(ctx, t.path, t.servers.town, address, t.batches, nil); err != nil {
		return err
	}
	t.loopShifts = newShifts(t.servers.town.residents, t.sizes.each)
	if !t.wants("a") {
		return nil
	}
	var first, second []job
	for _, who := range t.loopShifts.group(tap) {
		first = append(first, job{words, who})
	}
	for _, who := range t.loopShifts.group(accept) {
		first = append(first, job{words, who})
		second = append(second, job{tap, who})
	}
	if err := t.loop.run(ctx, first); err != nil {
		return fmt.Errorf("ceiling: %w", err)
	}
	if err := t.loop.run(ctx, second); err != nil {
		return fmt.Errorf("ceiling: %w", err)
	}
	return t.analyse(ctx, address)
}

func (t *race) openPlain(ctx context.Context) error {
	if !t.wants("l") {
		return nil
	}
	address, err := t.database(ctx)
	if err != nil {
		return err
	}
	t.plainShifts = newShifts(t.servers.town.residents, t.sizes.each)
	if t.plain, err = newPlain(ctx, t.servers, address, t.plainShifts); err != nil {
		return fmt.Errorf("plain program: %w", err)
	}
	return t.analyse(ctx, address)
}

// ceiling runs one round of statements.
func (t *race) ceiling(ctx context.Context, reads bool) (lap, error) {
	t.loop.reads = reads
	var jobs []job
	for i := range t.sizes.each {
		for k := range kinds {
			jobs = append(jobs, job{k, t.loopShifts.group(k)[i]})
		}
	}
	t.loopShifts.next()
	return t.crew.time(ctx, len(jobs), func() error { return t.loop.run(ctx, jobs) })
}

func (t *race) close(ctx context.Context) {
	t.stop()
	t.crew.close()
	t.loop.pool.Close()
	if t.plain != nil {
		t.plain.end()
	}
	for _, address := range t.addresses {
		_ = t.servers.drop(ctx, address) // all of it goes at the end anyway
	}
}

func (t *race) print(ceilings, bare []lap, bot map[time.Duration][]lap) {
	out := t.table
	rounds := fmt.Sprintf("best of %d", t.sizes.rounds)
	if len(ceilings) > 0 {
		statements, trips := t.path.statementsOf()
		out.note("a", fmt.Sprintf("the loop is what was recorded: %d statements, %d round trips a report", statements, trips), "checked")
		out.note("a", fmt.Sprintf("rows at once: intake %.0f, claim %.1f, record %.1f, answered %.1f", t.batches.intake, t.batches.claim, t.batches.finish, t.batches.paid), "as the bot")
		out.note("a", "all SQL of an update's way and nothing else, "+rounds, rate(best(ceilings).perSecond))
		out.note("a", "  without the sender's reads, "+rounds+": the ceiling", rate(best(bare).perSecond))
		t.noteCost("a", best(bare), "loop")
	}
	if len(bot) == 0 {
		return
	}
	plain, slow := best(bot[latencies[0]]), best(bot[latencies[1]])
	out.note("b", "statements and round trips of an update in the bot",
		fmt.Sprintf("%.1f, %.1f", t.perUpdate.statements, t.perUpdate.trips))
	out.note("b", "updates to empty outbox, Telegram at 0 ms, "+rounds, rate(plain.perSecond))
	if len(bare) > 0 {
		share := plain.perSecond / best(bare).perSecond
		out.result("b", "  as a share of the ceiling", fmt.Sprintf("%.2f", share), fmt.Sprintf("≥ %.1f", aimOfCeiling), share >= aimOfCeiling)
	}
	t.noteCost("b", plain, "bot with simulator")
	out.note("b", "updates to empty outbox, Telegram at 30 ms, "+rounds, rate(slow.perSecond))
	share := slow.perSecond / plain.perSecond
	out.result("b", "  as a share of those at 0 ms", fmt.Sprintf("%.2f", share), fmt.Sprintf("≥ %.1f", aimAtLatency), share >= aimAtLatency)
	t.noteCost("b", slow, "bot with simulator")
}

// printPlain says how fast the plain program is, and what the bot is of it.
func (t *race) printPlain(bot, simple map[time.Duration][]lap) {
	for _, latency := range latencies {
		if len(simple[latency]) == 0 {
			continue
		}
		l := best(simple[latency])
		t.table.note("l", fmt.Sprintf("a plain go-telegram/bot program, Telegram at %d ms, best of %d", latency.Milliseconds(), t.sizes.rounds), rate(l.perSecond))
		t.noteCost("l", l, "program with simulator")
		if len(bot[latency]) > 0 {
			t.table.note("l", "  the bot as a share of it", fmt.Sprintf("%.2f", best(bot[latency]).perSecond/l.perSecond))
		}
	}
}

// noteCost says what an update cost in a round.
func (t *race) noteCost(letter string, l lap, who string) {
	each := l.each()
	t.table.note(letter, fmt.Sprintf("  processor time of an update: %s, PostgreSQL", who),
		fmt.Sprintf("%.2f, %.2f ms", each.self.Seconds()*1e3, each.postgres.Seconds()*1e3))
	t.noteOthers(letter, l)
}

// noteOthers says how much of the machine was not to be had.
func (b *bench) noteOthers(letter string, l lap) {
	b.table.note(letter, "  other programs' share of the machine meanwhile", fmt.Sprintf("%.0f %%", 100*l.others()))
}
