package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	plainbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"koprik/bot/simulator"
)

// plain is what somebody would write instead, with go-telegram/bot and pgx as their
// first pages show them: a handler for each message, which stores the same things in
// one transaction and calls Telegram. What it does not have is what Koʻprik is for:
// an update is lost when the program dies, a call that fails is not made again, nothing
// keeps to Telegram's limits, nothing is sealed, nobody's rights are asked, no clock
// runs, and two updates of one chat overtake each other.
type plain struct {
	*crew
	pool    *pgxpool.Pool
	bot     *plainbot.Bot
	handled atomic.Int64
	failed  atomic.Pointer[error]
	stop    func()
}

// plainTables hold what a report, its way and its acceptance leave behind.
const plainTables = `
	CREATE SCHEMA plain;
	CREATE TABLE plain.people (telegram bigint PRIMARY KEY, officer bigint NOT NULL, seen timestamptz);
	CREATE TABLE plain.drafts (telegram bigint PRIMARY KEY, words text NOT NULL, card bigint);
	CREATE TABLE plain.cases (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, resident bigint NOT NULL, officer bigint NOT NULL,
		category text NOT NULL, state text NOT NULL, filed timestamptz NOT NULL, accepted timestamptz);
	CREATE TABLE plain.words (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, case_id bigint NOT NULL REFERENCES plain.cases, words text NOT NULL);
	CREATE TABLE plain.events (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, case_id bigint NOT NULL REFERENCES plain.cases,
		kind text NOT NULL, person bigint NOT NULL, at timestamptz NOT NULL);
	CREATE TABLE plain.cards (case_id bigint NOT NULL REFERENCES plain.cases, chat bigint NOT NULL, message bigint NOT NULL, PRIMARY KEY (case_id, chat));
	CREATE INDEX ON plain.cases (officer, state);
	CREATE INDEX ON plain.cases (resident);
	CREATE INDEX ON plain.words (case_id);
	CREATE INDEX ON plain.events (case_id)`

// newPlain starts the plain program over a database of its own, and brings the groups
// to where a round begins.
func newPlain(ctx context.Context, s *servers, address string, groups *shifts) (p *plain, err error) {
	began := time.Now()
	p = &plain{crew: &crew{town: s.town, now: func() time.Time { return noon.Add(time.Since(began)) }}, stop: func() {}}
	defer func() {
		if err != nil {
			p.end()
		}
	}()
	if p.pool, err = pgxpool.New(ctx, address); err != nil {
		return p, err
	}
	p.closers = append(p.closers, p.pool.Close)
	p.look = p.pool
	if err := p.settle(ctx); err != nil {
		return p, err
	}
	server, err := p.openTelegram()
	if err != nil {
		return p, err
	}
	p.greetAll()
	p.bot, err = plainbot.New(p.telegram.Token(), plainbot.WithServerURL(server), plainbot.WithDefaultHandler(p.handle),
		plainbot.WithInitialOffset(p.telegram.LastUpdateID()), plainbot.WithErrorsHandler(func(err error) { p.fail(err) }))
	if err != nil {
		return p, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.bot.Start(running)
	}()
	p.stop = func() { cancel(); <-ended }
	return p, p.prepare(ctx, groups)
}

func (p *plain) end() {
	p.stop()
	p.close()
}

// settle makes the tables and the people.
func (p *plain) settle(ctx context.Context) error {
	if _, err := p.pool.Exec(ctx, plainTables); err != nil {
		return err
	}
	var rows [][]any
	for _, who := range p.town.residents {
		rows = append(rows, []any{who.telegram, p.town.inspectors[who.officer].telegram})
	}
	_, err := p.pool.CopyFrom(ctx, pgx.Identifier{"plain", "people"}, []string{"telegram", "officer"}, pgx.CopyFromRows(rows))
	return err
}

func (p *plain) greetAll() {
	for _, list := range [][]citizen{p.town.inspectors, p.town.residents} {
		for _, who := range list {
			p.telegram.AddPerson(simulator.Person{ID: who.telegram, FirstName: "Aziza", Language: "uz"}).Start("")
		}
	}
}

// prepare is the crew's, for the plain program.
func (p *plain) prepare(ctx context.Context, s *shifts) error {
	for _, step := range []struct {
		kind kind
		who  []citizen
	}{{words, s.group(tap)}, {words, s.group(accept)}, {tap, s.group(accept)}} {
		before := p.handled.Load()
		for _, who := range step.who {
			if err := p.do(step.kind, who); err != nil {
				return err
			}
		}
		if err := p.rest(ctx, before+int64(len(step.who))); err != nil {
			return err
		}
	}
	return nil
}

// round serves one round from the first poll until every handler has returned.
func (p *plain) round(ctx context.Context, s *shifts, latency time.Duration) (lap, error) {
	p.valve.close()
	if err := p.queue(s); err != nil {
		return lap{}, err
	}
	s.next()
	p.telegram.SetLatency(latency)
	defer p.telegram.SetLatency(0)
	n := p.telegram.Pending()
	all := p.handled.Load() + int64(n)
	return p.time(ctx, n, func() error {
		p.valve.open()
		return p.rest(ctx, all)
	})
}

// rest waits until so many updates have been handled.
func (p *plain) rest(ctx context.Context, handled int64) error {
	for ctx.Err() == nil {
		if err := p.failed.Load(); err != nil {
			return fmt.Errorf("the plain program: %w", *err)
		}
		if p.handled.Load() >= handled {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return ctx.Err()
}

func (p *plain) fail(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		p.failed.CompareAndSwap(nil, &err)
	}
}

// handle is the one handler.
func (p *plain) handle(ctx context.Context, b *plainbot.Bot, u *models.Update) {
	switch {
	case u.Message != nil:
		p.fail(p.words(ctx, b, u.Message))
	case u.CallbackQuery != nil && u.CallbackQuery.Data == "file":
		p.fail(p.file(ctx, b, u.CallbackQuery))
	case u.CallbackQuery != nil:
		p.fail(p.take(ctx, b, u.CallbackQuery))
	}
	p.handled.Add(1)
}

func button(text, data string) *models.InlineKeyboardMarkup {
	return &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: text, CallbackData: data}}}}
}

// words keeps a draft and asks for its category.
func (p *plain) words(ctx context.Context, b *plainbot.Bot, m *models.Message) error {
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE plain.people SET seen = now() WHERE telegram = $1", m.Chat.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO plain.drafts (telegram, words) VALUES ($1, $2)
			ON CONFLICT (telegram) DO UPDATE SET words = excluded.words, card = NULL`, m.Chat.ID, m.Text)
		return err
	})
	if err != nil {
		return err
	}
	sent, err := b.SendMessage(ctx, &plainbot.SendMessageParams{ChatID: m.Chat.ID, Text: "Nima boʻldi?\n" + m.Text, ReplyMarkup: button(noiseButton+" Shovqin", "file")})
	if err != nil {
		return err
	}
	_, err = p.pool.Exec(ctx, "UPDATE plain.drafts SET card = $2 WHERE telegram = $1", m.Chat.ID, sent.ID)
	return err
}

// file makes a case of the draft and brings it to the inspector.
func (p *plain) file(ctx context.Context, b *plainbot.Bot, q *models.CallbackQuery) error {
	var id, officer, card int64
	var said string
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT officer FROM plain.people WHERE telegram = $1", q.From.ID).Scan(&officer); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "DELETE FROM plain.drafts WHERE telegram = $1 RETURNING words, card", q.From.ID).Scan(&said, &card); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `INSERT INTO plain.cases (resident, officer, category, state, filed) VALUES ($1, $2, 'noise', 'assigned', now()) RETURNING id`,
			q.From.ID, officer).Scan(&id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO plain.words (case_id, words) VALUES ($1, $2)", id, said); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO plain.events (case_id, kind, person, at) VALUES ($1, 'filed', $2, now())", id, q.From.ID)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := b.AnswerCallbackQuery(ctx, &plainbot.AnswerCallbackQueryParams{CallbackQueryID: q.ID}); err != nil {
		return err
	}
	if _, err := b.EditMessageText(ctx, &plainbot.EditMessageTextParams{ChatID: q.From.ID, MessageID: int(card), Text: fmt.Sprintf("№ %d qabul qilindi", id)}); err != nil {
		return err
	}
	sent, err := b.SendMessage(ctx, &plainbot.SendMessageParams{ChatID: officer, Text: fmt.Sprintf("№ %d\n%s", id, said), ReplyMarkup: button("✅ "+takeButton, "take:"+strconv.FormatInt(id, 10))})
	if err != nil {
		return err
	}
	_, err = p.pool.Exec(ctx, "INSERT INTO plain.cards (case_id, chat, message) VALUES ($1, $2, $3), ($1, $4, $5)", id, q.From.ID, card, officer, sent.ID)
	return err
}

// take lets an inspector accept, and tells the resident.
func (p *plain) take(ctx context.Context, b *plainbot.Bot, q *models.CallbackQuery) error {
	id, err := strconv.ParseInt(strings.TrimPrefix(q.Data, "take:"), 10, 64)
	if err != nil {
		return err
	}
	cards := map[int64]int64{}
	err = pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "UPDATE plain.cases SET state = 'accepted', accepted = now() WHERE id = $1 AND officer = $2 AND state = 'assigned'", id, q.From.ID)
		if err != nil {
			return err
		}
		if tag.RowsAffected() != 1 {
			return fmt.Errorf("case %d cannot be accepted", id)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO plain.events (case_id, kind, person, at) VALUES ($1, 'accepted', $2, now())", id, q.From.ID); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "SELECT chat, message FROM plain.cards WHERE case_id = $1", id)
		if err != nil {
			return err
		}
		var chat, message int64
		_, err = pgx.ForEachRow(rows, []any{&chat, &message}, func() error { cards[chat] = message; return nil })
		return err
	})
	if err != nil {
		return err
	}
	if _, err := b.AnswerCallbackQuery(ctx, &plainbot.AnswerCallbackQueryParams{CallbackQueryID: q.ID}); err != nil {
		return err
	}
	for chat, message := range cards {
		if _, err := b.EditMessageText(ctx, &plainbot.EditMessageTextParams{ChatID: chat, MessageID: int(message), Text: fmt.Sprintf("№ %d: inspektor qabul qildi", id)}); err != nil {
			return err
		}
	}
	return nil
}
