package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"koprik/bot"
	"koprik/storage"
	"koprik/storage/local"
)

type doctorCommand struct{}

// Run checks everything that the bot stands on, and prints a line for each:
// what is well, what somebody should look at, and what is broken. One that is
// broken does not keep the others from being checked. It fails when anything is.
func (doctorCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	h := &house{config: config, beside: true, now: c.now, log: c.log}
	defer h.Close()
	if config.DatabaseURL == "" && !local.Exists(config.DataDir) {
		return h.nothing()
	}
	d := &doctor{house: h, ctx: c.ctx, out: c.out}
	d.check("disk", d.disk)
	d.check("PostgreSQL", d.postgres)
	d.check("keys", d.keys)
	d.check("queues", d.queues)
	d.check("audit", d.audit)
	d.check("backup", d.backups)
	d.check("history", d.history)
	d.check("Redis", d.redisAnswers)
	d.check("bot", d.bot)
	d.check("Telegram", d.telegram)
	d.check("updates", d.updates)
	d.check("clock", d.clock)
	d.check("people", d.coverage)
	if d.failed > 0 {
		return fmt.Errorf("%d of the checks failed", d.failed)
	}
	return nil
}

// doctor prints its findings as it goes.
type doctor struct {
	*house
	ctx    context.Context
	out    io.Writer
	failed int
	there  bool        // the database, with a schema as it should be
	client *bot.Client // nil until Telegram has known the token
}

// doubt is a finding that somebody should look at though the bot can work.
type doubt string

// Error is what was found.
func (d doubt) Error() string { return string(d) }

// errSkipped says that nothing can be said, for the sake of what failed above.
const errSkipped = doubt("not looked at: see above")

// check runs one check with a patience of ten seconds.
func (d *doctor) check(name string, look func(context.Context) (string, error)) {
	ctx, cancel := context.WithTimeout(d.ctx, 10*time.Second)
	defer cancel()
	found, err := look(ctx)
	mark := "✓"
	if err != nil {
		mark, found = "✗", oneLine(err)
		if errors.As(err, new(doubt)) {
			mark = "!"
		} else {
			d.failed++
		}
	}
	fmt.Fprintf(d.out, "%s %-11s %s\n", mark, name, found)
}

// Below so many bytes the disk is a matter for somebody, and one that is urgent.
const (
	scarce  = 2 << 30
	scarcer = 200 << 20
)

func (d *doctor) disk(context.Context) (string, error) {
	dir, err := filepath.Abs(d.config.DataDir)
	if err != nil {
		dir = d.config.DataDir
	}
	free, err := freeBytes(dir)
	says := fmt.Sprintf("%d MB free at %s", free>>20, dir)
	switch {
	case err != nil:
		return "", doubt("how much is free at " + dir + " cannot be found out")
	case free < scarcer:
		return "", errors.New("only " + says)
	case free < scarce:
		return "", doubt("only " + says)
	}
	return says, nil
}

// postgres finds the database, or one that the bot has started.
func (d *doctor) postgres(ctx context.Context) (string, error) {
	if err := d.findDatabase(d.ctx); err != nil { // what goes through its log at its start may take longer
		return "", err
	}
	if err := d.matchSchema(ctx); err != nil {
		return "", err
	}
	d.there = true
	if d.config.DatabaseURL != "" {
		return "answers; the schema is the newest", nil
	}
	if d.own != nil { // it runs for the doctor alone
		return "of our own, starts and answers; while the bot is stopped, back it up with: cp -a " + d.directories() + " /safe/place/", nil
	}
	return fmt.Sprintf("of our own, answers; while the bot runs, back it up with: (umask 077; pg_dump -Fc '%s' > koprik.dump)", d.url), nil
}

// directories are those that a copy of a stopped bot must hold.
func (d *doctor) directories() string {
	dir, err := filepath.Abs(d.config.DataDir)
	if err != nil {
		dir = d.config.DataDir
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil && real != d.own.Base() {
		return dir + " " + d.own.Base()
	}
	return dir
}

// keys compares the key file with the fingerprints in the database.
func (d *doctor) keys(ctx context.Context) (string, error) {
	if !d.there {
		if _, err := storage.OpenSeals(d.config.KeyFile, false); err != nil {
			return "", fmt.Errorf("KEY_FILE %s", d.config.unfit(err))
		}
		return "", doubt(d.config.KeyFile + " holds keys; whether they are those of the database is not known" + d.tooOpen())
	}
	if err := d.openKeys(ctx); err != nil {
		return "", err
	}
	if err := d.openDatabase(ctx); err != nil {
		return "", err
	}
	if err := d.openDesk(ctx); err != nil {
		return "", err
	}
	if open := d.tooOpen(); open != "" {
		return "", doubt(d.config.KeyFile + " holds the keys of the database" + open)
	}
	return d.config.KeyFile + " holds the keys of the database; keep a copy elsewhere", nil
}

// tooOpen says what to do about a key file that others may read; it is empty where
// only its owner may.
func (d *doctor) tooOpen() string {
	if !d.config.keysOpen() {
		return ""
	}
	return ", and others than its owner may read or change it: chmod 600 " + d.config.keyPath()
}

// queues looks for what waits too long and for what was given up.
func (d *doctor) queues(ctx context.Context) (string, error) {
	if d.db == nil {
		return "", errSkipped
	}
	waiting, oldest, err := d.db.InboxWaiting(ctx)
	var left storage.Leftovers
	if err == nil {
		err = d.db.Read(ctx, func(tx *storage.Tx) (err error) {
			left, err = tx.Unfinished()
			return err
		})
	}
	switch {
	case err != nil:
		return "", errors.New("cannot be counted: " + storage.Loggable(err))
	case oldest > time.Minute:
		return "", fmt.Errorf("%d updates wait, the oldest for %s: does the bot run?", waiting, oldest.Round(time.Second))
	case left.Quarantined > 0:
		return "", doubt(fmt.Sprintf("%d updates are in quarantine: koprik quarantine list", left.Quarantined))
	case left.Refused > 0:
		return "", doubt(fmt.Sprintf("%d messages of the last 30 days were refused by Telegram for good: look for fate=refused in the log", left.Refused))
	}
	return fmt.Sprintf("%d updates and %d messages wait; none was given up", waiting, left.Unsent), nil
}

func (d *doctor) redisAnswers(ctx context.Context) (string, error) {
	if d.config.RedisURL == "" {
		return "inside the bot's process", nil
	}
	if err := d.openRedis(ctx); err != nil {
		return "", err
	}
	if err := d.redis.Ping(ctx).Err(); storage.RedisRefuses(err) {
		return "", errors.New("refuses the user or the password of REDIS_URL")
	} else if err != nil {
		return "", errors.New("does not answer; the clock runs on PostgreSQL meanwhile")
	}
	whole, err := d.acks.Whole(ctx)
	if err != nil || !whole {
		return "", doubt("answers, but the acknowledgement clock is not filled: does the bot run?")
	}
	return "answers; the acknowledgement clock is filled", nil
}

// bot asks the bot that runs on this machine.
func (d *doctor) bot(ctx context.Context) (string, error) {
	err := d.config.askReady(ctx)
	switch {
	case err == nil:
		return "runs and is ready", nil
	case errors.Is(err, errNoBot):
		return "", doubt("does not answer on " + d.config.HTTPAddr + ": it does not run, or elsewhere")
	case err.Error() == "not ready: updates":
		return "", errors.New("gets no updates: another program takes them with the same token, or Telegram is away")
	}
	return "", err
}

func (d *doctor) telegram(ctx context.Context) (string, error) {
	if err := d.config.needToken(); err != nil {
		return "", err
	}
	client, err := bot.NewClient(bot.ClientOptions{Token: d.config.Token, URL: d.config.APIURL})
	if err != nil {
		return "", err
	}
	d.later(client.Close)
	_, name, err := client.Me(ctx)
	if err != nil {
		return "", errors.New(telegramSays(err))
	}
	d.client = client
	return "knows the bot as @" + name, nil
}

// lately is how long a failure of the webhook is worth a word.
const lately = time.Hour

// updates asks Telegram how the updates find their way here.
func (d *doctor) updates(ctx context.Context) (string, error) {
	if d.client == nil {
		return "", errSkipped
	}
	info, err := d.client.WebhookInfo(ctx)
	if err != nil {
		return "", errors.New(telegramSays(err))
	}
	waits := fmt.Sprintf("%d updates wait at Telegram", info.Waiting)
	says := d.config.stray(info)
	switch {
	case says != "" && d.config.Mode != "webhook":
		return "", doubt(says + "; " + waits)
	case says != "":
		return "", errors.New(says + "; " + waits)
	case d.config.Mode != "webhook":
		return "are polled; " + waits, nil
	case info.LastError != "" && d.now().Sub(info.FailedAt) < lately:
		return "", fmt.Errorf("the webhook failed %s ago: %s; %s", d.now().Sub(info.FailedAt).Round(time.Second), info.LastError, waits)
	}
	return "are posted to the webhook; " + waits, nil
}

// How far the clocks of this machine, the database and Telegram may be apart.
const (
	nearClock = 5 * time.Second
	farClock  = 10 * time.Second // Telegram says its time in whole seconds, and from afar
)

func (d *doctor) clock(ctx context.Context) (string, error) {
	if d.db != nil {
		var theirs time.Time
		err := d.db.Read(ctx, func(tx *storage.Tx) (err error) {
			theirs, err = tx.ServerTime()
			return err
		})
		if err != nil {
			return "", errors.New("the database's clock cannot be read")
		}
		if off := d.now().Sub(theirs).Abs(); off > nearClock {
			return "", fmt.Errorf("is %s away from the database's: set both by NTP", off.Round(time.Second))
		}
	}
	theirs, err := d.telegramTime(ctx)
	if err != nil {
		return "", doubt("Telegram's clock cannot be read")
	}
	if off := d.now().Sub(theirs).Abs(); off > farClock {
		return "", fmt.Errorf("is %s away from Telegram's: set it by NTP", off.Round(time.Second))
	}
	if d.db == nil {
		return "agrees with Telegram's; the database's was not looked at", nil
	}
	return "agrees with those of the database and of Telegram", nil
}

// telegramTime reads the time off an answer of Telegram. It names no bot.
func (d *doctor) telegramTime(ctx context.Context) (time.Time, error) {
	question, err := http.NewRequestWithContext(ctx, http.MethodHead, d.config.APIURL, nil)
	if err != nil {
		return time.Time{}, err
	}
	follow := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := (&http.Client{CheckRedirect: follow}).Do(question)
	if err != nil {
		return time.Time{}, err
	}
	_ = answer.Body.Close()
	return http.ParseTime(answer.Header.Get("Date"))
}

// coverage counts the mahallas that nobody answers for.
func (d *doctor) coverage(ctx context.Context) (string, error) {
	if d.desk == nil {
		return "", errSkipped
	}
	var bare, all int
	err := d.db.Read(ctx, func(tx *storage.Tx) (err error) {
		bare, all, err = d.desk.Coverage(tx, d.now())
		return err
	})
	switch {
	case err != nil:
		return "", errors.New("cannot be counted: " + storage.Loggable(err))
	case all == 0:
		return "", doubt("no mahalla is known yet: koprik import territory FILE")
	case bare > 0:
		return "", doubt(fmt.Sprintf("%d of %d mahallas have nobody who can be reached: koprik invite", bare, all))
	}
	return fmt.Sprintf("each of %d mahallas has somebody who can be reached", all), nil
}
