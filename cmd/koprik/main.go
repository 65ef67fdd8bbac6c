// Command koprik is the Koʻprik bot and its command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// commands is the command line; kong reads it from the tags.
type commands struct {
	Run         runCommand         `cmd:"" help:"Run the bot."`
	Demo        demoCommand        `cmd:"" help:"Run the whole bot with a stand-in Telegram, on one page; no token needed."`
	StandIn     standInCommand     `cmd:"" help:"Run a stand-in Telegram with a page and without a bot, to try run on."`
	DemoBot     demoBotCommand     `cmd:"" hidden:"" help:"The bot of the demo, in a process of its own."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the database's schema up to date."`
	Import      importCommand      `cmd:"" help:"Read data from a file."`
	Invite      inviteCommand      `cmd:"" help:"Make a one-time link that gives somebody a role."`
	Revoke      revokeCommand      `cmd:"" help:"End all roles of a person at once; without an id list who serves."`
	Route       routeCommand       `cmd:"" help:"Print who would be told of a report, and the ladder with times; exit code 1 where nobody would."`
	Digest      digestCommand      `cmd:"" help:"Print when the digests come, or let one come at another time of the day."`
	Anonymous   anonymousCommand   `cmd:"" help:"Print or set for how long it is known, sealed, who reported without a name."`
	Commission  commissionCommand  `cmd:"" help:"Print or set what a commission does the same way each time: its name, quorum, place."`
	Doctor      doctorCommand      `cmd:"" help:"Check everything the bot stands on: databases, keys, Telegram, clock, people, disk."`
	Keys        keysCommand        `cmd:"" help:"Rotate the keys that seal what people say."`
	Audit       auditCommand       `cmd:"" help:"Prove that the history is as it was written; who saw and changed a case."`
	Retention   retentionCommand   `cmd:"" help:"Print or set how long the words of ended cases are kept."`
	Restore     restoreCommand     `cmd:"" help:"Read a backup into an empty database; the bot must be stopped."`
	Backup      backupCommand      `cmd:"" help:"Write everything into one encrypted file, while the bot runs."`
	Quarantine  quarantineCommand  `cmd:"" help:"Look after updates that failed and were put aside."`
	Healthcheck healthcheckCommand `cmd:"" hidden:"" help:"Ask the running bot whether it is ready."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
	Help        helpCommand        `cmd:"" help:"Print this help, or that of one command."`

	ShowVersion kong.VersionFlag `name:"version" help:"Print the version."`
}

// usage is a mistake in how the program was called; it ends with 2.
type usage struct{ error }

func main() {
	os.Exit(program(os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// call is what every command is given.
type call struct {
	ctx     context.Context
	environ []string
	in      io.Reader
	out     io.Writer
	errs    io.Writer
	log     *slog.Logger
	now     func() time.Time
	parser  *kong.Kong
}

// program runs the command line and returns the exit code: 0 done, 1 failed,
// 2 wrong usage.
func program(args, environ []string, out, errors io.Writer) int {
	var line commands
	exit := -1
	parser, err := kong.New(&line, kong.Name("koprik"), kong.Description(description), kong.Writers(out, errors),
		kong.Vars{"leastLink": strconv.Itoa(leastLinkDays), "roles": roleNames(), "digests": digestNames(), "version": versionLine()},
		kong.Exit(func(code int) { exit = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return complain(errors, err)
	}
	if len(args) == 0 {
		_, _ = parser.Parse([]string{"--help"}) // its error is that no command was named
		return 2
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help, --version
	}
	if err != nil {
		return complain(errors, usage{err})
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	c := &call{ctx: ctx, environ: environ, in: os.Stdin, out: out, errs: errors, now: wall, parser: parser}
	c.log = logger(errors, slog.LevelInfo)
	return complain(errors, parsed.Run(c))
}

// complain prints one line that names what is wrong and chooses the exit code.
func complain(w io.Writer, err error) int {
	var wrong usage
	var config *configError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong), errors.As(err, &config):
		fmt.Fprintln(w, "koprik: "+oneLine(err))
		return 2
	}
	fmt.Fprintln(w, "koprik: "+oneLine(err))
	return 1
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// logger writes lines of key=value to stderr.
func logger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(newCalm(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})))
}

// open reads the configuration and opens the data.
func (c *call) open() (*house, error) {
	config, err := readConfig(c.environ)
	if err != nil {
		return nil, err
	}
	return openHouse(c.ctx, config, true, c.now, c.log)
}

type runCommand struct{}

// Run runs the bot until it is told to stop.
func (runCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	if err := config.needToken(); err != nil {
		return err
	}
	c.log = logger(c.errs, config.LogLevel)
	config.unused(c.log)
	h, err := openHouse(c.ctx, config, false, c.now, c.log)
	if err != nil {
		return c.unlessStopped(err)
	}
	defer h.Close()
	h.warnOfKeys()
	s, err := newService(h)
	if err != nil {
		return err
	}
	return c.unlessStopped(s.run(c.ctx))
}

// unlessStopped drops an error that came of being told to stop.
func (c *call) unlessStopped(err error) error {
	if c.ctx.Err() != nil {
		return nil
	}
	return err
}
