package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/local"
)

const description = `Koʻprik carries a concern from a resident to the officer who answers for the place, in Telegram.

Environment:
  TELEGRAM_TOKEN    token of @BotFather (needed by run)
  TELEGRAM_API_URL  https://api.telegram.org, or a server of your own
  TELEGRAM_MODE     poll or webhook
  WEBHOOK_URL       public address, with TELEGRAM_MODE=webhook
  PUBLIC_URL        https address at which phones fetch calendars (empty: nowhere)
  WEBHOOK_SECRET    16 to 256 of A-Z a-z 0-9 _ -
  DATABASE_URL      postgres://… (empty: a PostgreSQL of its own below DATA_DIR)
  REDIS_URL         redis://… (empty: one inside the process, for a pilot)
  DATA_DIR          ./data
  KEY_FILE          DATA_DIR/keys.json, made by the first run; keep a copy
  HTTP_ADDR         127.0.0.1:8080: /healthz /readyz /metrics and the webhook
  LOG_LEVEL         debug, info, warn, error
Secrets may stand in files: TELEGRAM_TOKEN_FILE, WEBHOOK_SECRET_FILE, DATABASE_URL_FILE, REDIS_URL_FILE.
Exit codes: 0 done, 1 not done or not wholly, 2 a wrong setting or a wrong call.`

type migrateCommand struct{}

// Run brings the schema up to date.
func (migrateCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	if config.DatabaseURL == "" {
		_, running := local.Running(config.DataDir) // then the bot has done it at its start
		h, err := openHouse(c.ctx, config, running, c.now, c.log)
		if err != nil {
			return err
		}
		h.Close()
		fmt.Fprintln(c.out, "the schema is up to date")
		return nil
	}
	done, err := storage.Migrate(c.ctx, config.DatabaseURL)
	if err != nil {
		return (&house{log: c.log}).unreachable("DATABASE_URL", err)
	}
	for _, name := range done {
		fmt.Fprintln(c.out, "applied", name)
	}
	fmt.Fprintln(c.out, "the schema is up to date")
	return nil
}

// territory finds a territory by its code, or by a name that only one has.
func (h *house) territory(given string) (*mahalla.Territory, error) {
	r := h.desk.Reference()
	if id, ok := r.ByCode[given]; ok {
		return r.Territories[id], nil
	}
	var found []*mahalla.Territory
	for _, t := range r.Territories {
		for _, name := range []string{t.Names.UzLatn, t.Names.UzCyrl, t.Names.Ru, t.Code} {
			if locales.FoldName(name) == locales.FoldName(given) {
				found = append(found, t)
				break
			}
		}
	}
	switch len(found) {
	case 0:
		return nil, usage{fmt.Errorf("no territory has the code or name %q", given)}
	case 1:
		return found[0], nil
	}
	return nil, usage{fmt.Errorf("%d territories are called %q: give the code of one, for example %s", len(found), given, found[0].Code)}
}

func stamp(t time.Time) string { return t.In(locales.Tashkent()).Format("2006-01-02 15:04") }

// placeName names a place for the command line, with its district.
func (h *house) placeName(id mahalla.TerritoryID) string {
	r := h.desk.Reference()
	t := r.Territories[id]
	if d := r.Above(id, mahalla.District); d != nil && d.ID != id {
		return fmt.Sprintf("%s (%s), %s", t.Names.UzLatn, t.Code, d.Names.UzLatn)
	}
	return fmt.Sprintf("%s (%s)", t.Names.UzLatn, t.Code)
}

type healthcheckCommand struct{}

// Run asks the running bot whether it is ready, for a container's health check.
func (healthcheckCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	return config.askReady(c.ctx)
}

// errNoBot says that nobody listens where the bot would.
var errNoBot = errors.New("the bot does not answer")

// askReady asks the running bot whether it is ready.
func (c config) askReady(ctx context.Context) error {
	host, port, err := net.SplitHostPort(c.HTTPAddr)
	if err != nil {
		return &configError{"HTTP_ADDR", "has no port", "127.0.0.1:8080"}
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	question, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return &configError{"HTTP_ADDR", "is not an address", "127.0.0.1:8080"}
	}
	answer, err := http.DefaultClient.Do(question)
	if err != nil {
		return fmt.Errorf("%w on %s", errNoBot, c.HTTPAddr)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 100))
	switch word := strings.TrimSpace(string(said)); {
	case answer.StatusCode == http.StatusOK && word == "ready":
		return nil
	case answer.StatusCode == http.StatusServiceUnavailable && strings.HasPrefix(word, "not ready"):
		return errors.New(word)
	}
	return fmt.Errorf("something else than the bot answers on %s", c.HTTPAddr)
}

// version is what the linker was told of the sources, where Go cannot know.
var version string

type versionCommand struct{}

// Run prints what was built, of what, with which Go.
func (versionCommand) Run(c *call) error {
	_, err := fmt.Fprintln(c.out, versionLine())
	return err
}

func versionLine() string {
	line := []string{"koprik"}
	info, ok := debug.ReadBuildInfo()
	switch {
	case version != "":
		line = append(line, version)
	case ok:
		line = append(line, info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && !strings.Contains(info.Main.Version, s.Value[:min(12, len(s.Value))]) {
				line = append(line, s.Value[:min(12, len(s.Value))])
			}
		}
	}
	if ok {
		line = append(line, info.GoVersion)
	}
	return strings.Join(line, " ")
}

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command whose help is wanted, for example: invite."`
}

// Run prints the help of the whole program, or that of a command.
func (h helpCommand) Run(c *call) error {
	node := c.parser.Model.Node
	for _, name := range h.Command {
		i := slices.IndexFunc(node.Children, func(child *kong.Node) bool { return child.Name == name })
		if i < 0 {
			return usage{fmt.Errorf("there is no command %q: koprik help lists them", strings.Join(h.Command, " "))}
		}
		node = node.Children[i]
	}
	// Its error is that no command was named, after the help was printed.
	_, _ = c.parser.Parse(append(slices.Clone(h.Command), "--help"))
	return nil
}

type importCommand struct {
	Territory  importTerritory  `cmd:"" help:"Read mahallas, sectors and districts from a CSV file."`
	Boundaries importBoundaries `cmd:"" help:"Read where districts and mahallas lie from a GeoJSON file."`
}

type importTerritory struct {
	File   string `arg:"" help:"The CSV file; - reads the standard input."`
	DryRun bool   `help:"Say what would be done, and do nothing."`
}

// Run reads a file of territories and says what it did.
func (i importTerritory) Run(c *call) error {
	raw, err := c.read(i.File)
	if err != nil {
		return err
	}
	file, err := casework.ReadTerritoryFile(raw)
	if err != nil {
		return usage{err}
	}
	if len(file.Mahallas)+len(file.Bad) == 0 {
		return errors.New("no rows: the file has a header and no mahalla")
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	return h.importTerritory(c, file, i.DryRun)
}

// read reads a file that the command line names, or the standard input.
func (c *call) read(name string) (raw []byte, err error) {
	if name == "-" {
		raw, err = io.ReadAll(c.in)
	} else {
		raw, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, usage{fmt.Errorf("%s cannot be read%s", name, why(err))}
	}
	return raw, nil
}

func (h *house) importTerritory(c *call, file casework.TerritoryFile, dry bool) error {
	var report casework.TerritoryReport
	act := func(tx *storage.Tx) (err error) {
		report, err = h.desk.ImportTerritory(tx, file, dry, c.now())
		return err
	}
	if dry {
		if err := h.db.Read(c.ctx, act); err != nil {
			return err
		}
	} else if err := h.db.InTx(c.ctx, act); err != nil {
		return err
	}
	printReport(c.out, file, report, dry)
	return leftOut(len(report.Bad), report.Districts.All()+report.Sectors.All()+report.Mahallas.All(), "line", "lines", dry)
}

// leftOut is the error of an import that could not take all of a file.
func leftOut(bad, good int, one, many string, dry bool) error {
	switch {
	case bad == 0:
		return nil
	case good == 0:
		return fmt.Errorf("%s left out: nothing was loaded", plural(bad, one+" was", many+" were"))
	case dry:
		return fmt.Errorf("%s left out; nothing was loaded, for this was a dry run", plural(bad, one+" would be", many+" would be"))
	}
	return fmt.Errorf("%s left out; the good ones are loaded", plural(bad, one+" was", many+" were"))
}
