// Command bench measures Koʻprik on this machine: how many updates a second it
// serves and how near that is to what its SQL statements alone allow, how soon
// a report's card and an acceptance arrive, how late the ladder falls, how long
// a search takes, what long queues, a million waiting cases and an idle day cost,
// and whether everything happens in time on a day of a whole region.
//
// It starts a real PostgreSQL with durable commits and a real redis-server in a
// directory of its own, which is removed at the end, and stands in for Telegram
// with bot/simulator over HTTP in the same process. Whatever it prints was
// measured in that run; a figure that misses its aim is printed as missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"koprik/bot"
)

// options are what the command line says.
type options struct {
	quick   bool
	only    []string
	profile string // directory; empty without profiles
	sizes   sizes
}

// sizes say how much is measured.
type sizes struct {
	residents int           // of the town
	each      int           // updates of each kind in one round of throughput
	rounds    int           // of throughput and ceiling; the best counts
	flow      time.Duration // of the open loops
	waiting   int           // updates in the long inbox
	claims    int           // measured claims
	cases     int           // on the large clock
	ticks     int           // measured ticks of each kind
	idle      time.Duration // before memory is read
	awaited   int           // acknowledgements while the ladder's accuracy is measured
	stretch   time.Duration // in which some of their ladders fall
	burst     int           // ladders that fall at one moment in it
	district  int           // cases to search in
	searches  int           // measured searches of each kind
	reminders int           // due in one minute
	pace      int           // times Telegram's limit while they are sent
	region    regionDay
}

var (
	full = sizes{residents: 3000, each: 750, rounds: 6, flow: 20 * time.Second, waiting: 100_000, claims: 4000, cases: 1_000_000, ticks: 40,
		idle: 10 * time.Second, awaited: 10_000, stretch: 30 * time.Second, burst: 200, district: 100_000, searches: 300,
		reminders: 10_000, pace: 5,
		region: regionDay{mahallas: 2000, residents: 10_000, reports: 20_000, meetings: 500, step: time.Minute}}
	quick = sizes{residents: 900, each: 300, rounds: 2, flow: 4 * time.Second, waiting: 10_000, claims: 1000, cases: 20_000, ticks: 10,
		idle: 2 * time.Second, awaited: 2000, stretch: 4 * time.Second, burst: 40, district: 5000, searches: 30,
		reminders: 1000, pace: 2,
		region: regionDay{mahallas: 100, residents: 100, reports: 150, meetings: 10, step: 3 * time.Minute}}
)

// part is one subject of the benchmark.
type part struct {
	letter string
	run    func(context.Context, *bench) error
}

// parts are run in this order. The ceiling is measured together with the
// throughput that is compared with it, round by round.
var parts = []part{
	{"a", throughput}, {"b", throughput}, {"c", reports}, {"d", reports}, {"e", claims}, {"f", clock}, {"g", program},
	{"h", accuracy}, {"i", search}, {"j", reminders}, {"k", putback}, {"l", throughput}, {"m", region}, {"n", flood},
}

// bench is one run.
type bench struct {
	options
	servers *servers
	table   *table
}

func main() {
	o, err := parse(os.Args[1:])
	if err != nil {
		os.Exit(2)
	}
	bot.LetHeapGrow() // as the program does
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err = measure(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	o := options{sizes: full}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.BoolVar(&o.quick, "quick", false, "smaller sizes, within minutes: for a look, not for figures")
	only := flags.String("only", "", "letters of the `parts` to run, as in b,c; all when empty")
	atLimit := flags.Bool("limit", false, "send the reminders of part j at Telegram's own limit, which takes seven minutes")
	flags.StringVar(&o.profile, "profile", "", "write profiles of the throughput into this `directory`")
	cases := flags.Int("cases", 0, "so many `cases` on the large clock and in the backup, instead of the usual size")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.quick {
		o.sizes = quick
	}
	if *atLimit {
		o.sizes.pace = 1
	}
	if *cases > 0 {
		o.sizes.cases = *cases
	}
	for _, p := range parts {
		if *only == "" || slices.Contains(strings.Split(*only, ","), p.letter) {
			o.only = append(o.only, p.letter)
		}
	}
	if len(o.only) == 0 {
		err := errors.New("bench: -only names no part")
		fmt.Fprintln(os.Stderr, err)
		return o, err
	}
	return o, nil
}

// wants tells whether a part was asked for.
func (b *bench) wants(letter string) bool { return slices.Contains(b.only, letter) }

// measure runs the wanted parts and prints each as it is done.
func measure(ctx context.Context, o options) (err error) {
	began := time.Now()
	s, err := startServers(ctx, o)
	if err != nil {
		return err
	}
	defer s.stop()
	b := &bench{options: o, servers: s, table: newTable(os.Stdout)}
	if err := b.table.machine(ctx, s, o); err != nil {
		return err
	}
	done := map[string]bool{}
	for _, p := range parts {
		key := fmt.Sprintf("%p", p.run)
		if !b.wants(p.letter) || done[key] {
			continue
		}
		done[key] = true
		if err := p.run(ctx, b); err != nil {
			return fmt.Errorf("part %s: %w", p.letter, err)
		}
	}
	b.table.end(time.Since(began))
	return nil
}
