package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"text/tabwriter"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

const description = `Koʻprik carries a concern from a resident to the officer who answers for the place, in Telegram.

Environment:
  TELEGRAM_TOKEN    token of @BotFather (needed by run)
  TELEGRAM_API_URL  https://api.telegram.org, or a server of your own
  TELEGRAM_MODE     poll or webhook
  WEBHOOK_URL       public address, with TELEGRAM_MODE=webhook
  WEBHOOK_SECRET    16 to 256 of A-Z a-z 0-9 _ -
  DATABASE_URL      postgres://… (empty: a PostgreSQL of its own below DATA_DIR)
  REDIS_URL         redis://… (empty: one inside the process, for a pilot)
  DATA_DIR          ./data
  KEY_FILE          DATA_DIR/keys.json, made at the first start; keep a copy
  HTTP_ADDR         127.0.0.1:8080: /healthz /readyz /metrics and the webhook
  LOG_LEVEL         debug, info, warn, error
Secrets may stand in files: TELEGRAM_TOKEN_FILE, WEBHOOK_SECRET_FILE, DATABASE_URL_FILE, REDIS_URL_FILE.`

type migrateCommand struct{}

// Run brings the schema up to date.
func (migrateCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	if config.DatabaseURL == "" {
		h, err := openHouse(c.ctx, config, true, c.now, c.log)
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

type inviteCommand struct {
	Role      string `required:"" help:"Role: ${roles}"`
	Territory string `required:"" help:"Code or name of the territory, for example DEMO-1011 or 1703."`
	Bot       string `help:"Name of the bot, when Telegram is not to be asked."`
}

// Run prints the link that gives somebody a role.
func (i inviteCommand) Run(c *call) error {
	role, ok := mahalla.ParseRole(i.Role)
	if !ok || role == mahalla.Resident {
		return usage{fmt.Errorf("--role %q is not one of %s", i.Role, roleNames())}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place, err := h.territory(i.Territory)
	if err != nil {
		return err
	}
	name := i.Bot
	if name == "" {
		if name, err = botName(c.ctx, h); err != nil {
			return err
		}
	}
	var token string
	err = h.db.InTx(c.ctx, func(tx *storage.Tx) (err error) {
		token, err = h.desk.Invite(tx, role, place.ID, c.now())
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "https://t.me/%s?start=i_%s\n", strings.TrimPrefix(name, "@"), token)
	return nil
}

func roleNames() string {
	var names []string
	for _, r := range mahalla.InvitableRoles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// botName asks Telegram for the bot's name.
func botName(ctx context.Context, h *house) (string, error) {
	if err := h.config.needToken(); err != nil {
		return "", fmt.Errorf("%w; or name the bot with --bot", err)
	}
	client, err := bot.NewClient(bot.ClientOptions{Token: h.config.Token, URL: h.config.APIURL})
	if err != nil {
		return "", err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, name, err := client.Me(ctx)
	if err != nil {
		return "", fmt.Errorf("the bot's name is not to be had from Telegram (%w); name it with --bot", err)
	}
	return name, nil
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

type routeCommand struct {
	Mahalla  string `required:"" help:"Code or name of the place."`
	Category string `required:"" help:"Code of the category, for example noise."`
}

// Run prints who would be told of a report now, and the ladder with times.
func (r routeCommand) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place, err := h.territory(r.Mahalla)
	if err != nil {
		return err
	}
	category := mahalla.CategoryCode(r.Category)
	if _, ok := h.desk.Reference().Categories[category]; !ok {
		return usage{fmt.Errorf("no category has the code %q", r.Category)}
	}
	var plan casework.Plan
	err = h.db.Read(c.ctx, func(tx *storage.Tx) (err error) {
		plan, err = h.desk.Plan(tx, place.ID, category, c.now())
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "place\t%s\n", h.placeName(place.ID))
	fmt.Fprintf(w, "class\t%s\n", plan.Ladder.Class)
	fmt.Fprintf(w, "clock starts\t%s\n", stamp(plan.Ladder.Starts))
	fmt.Fprintf(w, "told at once\t%s\n", h.people(plan.First))
	for _, b := range plan.Ladder.Beats {
		who := string(b.Kind)
		if b.Kind == mahalla.Step {
			who = "escalate to " + h.people(plan.Levels[b.Level])
		}
		fmt.Fprintf(w, "%s\t%s\n", stamp(b.At), who)
	}
	return w.Flush()
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

// people counts who stands somewhere; names stay out of terminals and logs.
func (h *house) people(r mahalla.Route) string {
	if len(r.People) == 0 {
		return "nobody; skipped in the same moment"
	}
	reachable := 0
	for _, p := range r.People {
		if p.Reach == mahalla.Reachable {
			reachable++
		}
	}
	return fmt.Sprintf("%s at %s: %d, of whom %d can be reached", r.Role, h.placeName(r.Territory), len(r.People), reachable)
}

type healthcheckCommand struct{}

// Run asks the running bot whether it is ready, for a container's health check.
func (healthcheckCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(config.HTTPAddr)
	if err != nil {
		return &configError{"HTTP_ADDR", "has no port", "127.0.0.1:8080"}
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "127.0.0.1"
	}
	client := &http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://" + net.JoinHostPort(host, port) + "/readyz")
	if err != nil {
		return fmt.Errorf("the bot does not answer on %s", config.HTTPAddr)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the bot is not ready: %s", answer.Status)
	}
	return nil
}

type versionCommand struct{}

// Run prints what was built, of what, with which Go.
func (versionCommand) Run(c *call) error {
	version, revision, goVersion := "(devel)", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version, goVersion = info.Main.Version, info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	_, err := fmt.Fprintf(c.out, "koprik %s%s %s\n", version, revision, goVersion)
	return err
}

type helpCommand struct{}

// Run prints the help of the whole program.
func (helpCommand) Run(c *call) error {
	// Its error is that no command was named, after the help was printed.
	_, _ = c.parser.Parse([]string{"--help"})
	return nil
}

type importCommand struct {
	Territory importTerritory `cmd:"" help:"Read mahallas, sectors and districts from a CSV file."`
}

type importTerritory struct {
	File   string `arg:"" help:"The CSV file."`
	DryRun bool   `help:"Say what would be done, and do nothing."`
}

// Run reads a file of territories and says what it did.
func (i importTerritory) Run(c *call) error {
	raw, err := os.ReadFile(i.File)
	if err != nil {
		return usage{fmt.Errorf("%s cannot be read", i.File)}
	}
	file, err := casework.ReadTerritoryFile(raw)
	if err != nil {
		return usage{err}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	return h.importTerritory(c, file, i.DryRun)
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
	if len(report.Bad) > 0 {
		return fmt.Errorf("%d lines were left out; the good ones are %s", len(report.Bad), map[bool]string{true: "not loaded: this was a dry run", false: "loaded"}[dry])
	}
	return nil
}
