package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"koprik/bot"
	"koprik/storage"
)

type doctorCommand struct{}

// Run checks everything that the bot stands on, and prints a line for each. It
// fails when anything is wrong.
func (doctorCommand) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	d := &doctor{house: h, out: c.out}
	d.check("keys", func(context.Context) (string, error) { return h.config.KeyFile, nil })
	d.check("PostgreSQL", d.postgres)
	d.check("Redis", d.redisAnswers)
	d.check("Telegram", d.telegram)
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
	out    io.Writer
	failed int
}

// check runs one check with a patience of ten seconds.
func (d *doctor) check(name string, look func(context.Context) (string, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	found, err := look(ctx)
	if err != nil {
		d.failed++
		fmt.Fprintf(d.out, "✗ %-11s %s\n", name, oneLine(err))
		return
	}
	fmt.Fprintf(d.out, "✓ %-11s %s\n", name, found)
}

func (d *doctor) postgres(ctx context.Context) (string, error) {
	waiting, oldest, err := d.db.InboxWaiting(ctx)
	if err != nil {
		return "", errors.New("does not answer")
	}
	if oldest > time.Minute {
		return "", fmt.Errorf("%d updates wait, the oldest for %s: does the bot run?", waiting, oldest.Round(time.Second))
	}
	return fmt.Sprintf("answers; %d updates wait", waiting), nil
}

func (d *doctor) redisAnswers(ctx context.Context) (string, error) {
	if d.redis == nil {
		return "inside the bot's process", nil
	}
	if err := d.redis.Ping(ctx).Err(); err != nil {
		return "", errors.New("does not answer; the clock runs on PostgreSQL meanwhile")
	}
	whole, err := d.acks.Whole(ctx)
	if err != nil || !whole {
		return "", errors.New("answers, but the acknowledgement clock is not filled: does the bot run?")
	}
	return "answers; the acknowledgement clock is filled", nil
}

func (d *doctor) telegram(ctx context.Context) (string, error) {
	if err := d.config.needToken(); err != nil {
		return "", err
	}
	client, err := bot.NewClient(bot.ClientOptions{Token: d.config.Token, URL: d.config.APIURL})
	if err != nil {
		return "", err
	}
	defer client.Close()
	_, name, err := client.Me(ctx)
	if err != nil {
		return "", fmt.Errorf("does not answer or refuses the token: %w", err)
	}
	info, err := client.WebhookInfo(ctx)
	if err != nil {
		return "", err
	}
	if d.config.Mode == "webhook" && info.LastError != "" {
		return "", errors.New("could not reach the webhook of late: look at WEBHOOK_URL and its certificate")
	}
	return fmt.Sprintf("@%s; %d updates wait there", name, info.Waiting), nil
}

// clock compares this machine's clock with the database's.
func (d *doctor) clock(ctx context.Context) (string, error) {
	var theirs time.Time
	err := d.db.Read(ctx, func(tx *storage.Tx) (err error) {
		theirs, err = tx.ServerTime()
		return err
	})
	if err != nil {
		return "", errors.New("the database's clock cannot be read")
	}
	if off := d.now().Sub(theirs).Abs(); off > 5*time.Second {
		return "", fmt.Errorf("is %s away from the database's: set both by NTP", off.Round(time.Second))
	}
	return "agrees with the database's", nil
}

// coverage counts the mahallas that nobody answers for.
func (d *doctor) coverage(ctx context.Context) (string, error) {
	var bare, all int
	err := d.db.Read(ctx, func(tx *storage.Tx) (err error) {
		bare, all, err = d.desk.Coverage(tx, d.now())
		return err
	})
	switch {
	case err != nil:
		return "", err
	case all == 0:
		return "", errors.New("no mahalla is known yet: koprik import territory FILE")
	case bare > 0:
		return "", fmt.Errorf("%d of %d mahallas have nobody who can be reached: koprik invite", bare, all)
	}
	return fmt.Sprintf("each of %d mahallas has somebody who can be reached", all), nil
}
