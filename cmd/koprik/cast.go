package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"koprik/bot"
	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

//go:embed cast.json
var castFile []byte

// cast is who is on the demo's stage.
type cast struct {
	People []actor  `json:"people"`
	Phones []string `json:"phones"` // that lie on the table to begin with, by key
	Groups []group  `json:"groups"`

	Dispute dispute `json:"dispute"`
}

// actor is one of the demo's invented people.
type actor struct {
	Key       string `json:"key"`
	Title     string `json:"title"` // a role that the page has a word for
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Language  string `json:"language"`
	Phone     string `json:"phone"`
	Chip      string `json:"chip"` // language chip to press, if not the client's
	Home      string `json:"home"` // territory where the person lives or serves
	Roles     []struct {
		Role      mahalla.Role `json:"role"`
		Territory string       `json:"territory"`
	} `json:"roles"`
	Posters []string `json:"posters"`
	Started bool     `json:"started"` // a resident who has met the bot before, by the first poster
}

// group is a chat of several people.
type group struct {
	Key      string   `json:"key"`
	Title    string   `json:"title"`
	Members  []string `json:"members"`
	Messages []struct {
		From string `json:"from"`
		Text string `json:"text"`
	} `json:"messages"`
}

func demoCast() (cast, error) {
	var c cast
	decoder := json.NewDecoder(bytes.NewReader(castFile))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&c)
	return c, err
}

// casting introduces people one step after the other, before the bot's loops
// run.
type casting struct {
	*service
	telegram *simulator.Server
	ctx      context.Context
	poller   *bot.Poller
	sender   *bot.Sender
}

// cast introduces the demo's people as it happens in life: each opens the link,
// accepts, sends the own number, presses the test card. It runs before the
// bot's loops, step by step.
func (d *demo) cast(h *house) error {
	ctx, cancel := context.WithTimeout(d.ctx, time.Minute)
	defer cancel()
	service, err := newService(h)
	if err != nil {
		return err
	}
	options := service.senderOptions(bot.NewMetrics(nil))
	options.Limiter, options.Pace = nil, storage.Pace{}
	s := &casting{service: service, telegram: d.telegram, ctx: ctx, sender: bot.NewSender(options),
		poller: bot.NewPoller(bot.PollerOptions{DB: h.db, Client: service.client, Intake: service.intake, Timeout: time.Millisecond, Log: d.log})}
	for _, p := range d.stage.People {
		if err := s.introduce(p); err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
	}
	for _, g := range d.stage.Groups {
		if err := s.gather(g); err != nil {
			return fmt.Errorf("%s: %w", g.Key, err)
		}
	}
	if err := s.quarrel(d.stage.Dispute); err != nil {
		return fmt.Errorf("the dispute: %w", err)
	}
	return d.settleIn()
}

// introduce lets a person open the links of all their roles.
func (s *casting) introduce(p actor) error {
	u := s.telegram.AddPerson(simulator.Person{Key: p.Key, FirstName: p.FirstName, LastName: p.LastName, Language: p.Language, Phone: p.Phone})
	defer u.ResetCounters()
	if p.Started {
		u.Start("m_" + p.Posters[0])
		return s.meet(u, p, func() error { return s.press(u, "✅") })
	}
	for i, r := range p.Roles {
		token, err := s.invite(r.Role, r.Territory)
		if err != nil {
			return err
		}
		u.Start("i_" + token)
		accept := func() error { return s.accept(u, r.Role, i == 0) }
		if i > 0 {
			p.Chip = ""
		}
		if err := s.meet(u, p, accept); err != nil {
			return err
		}
	}
	return nil
}

// meet lets a person choose the language before going on.
func (s *casting) meet(u *simulator.User, p actor, on func() error) error {
	if err := s.settle(); err != nil {
		return err
	}
	if p.Chip != "" {
		if err := s.press(u, p.Chip); err != nil {
			return err
		}
	}
	return on()
}

// gather makes a group and lets its members talk.
func (s *casting) gather(g group) error {
	var members []*simulator.User
	for _, key := range g.Members {
		members = append(members, s.telegram.User(key))
	}
	made := s.telegram.AddGroup(g.Key, g.Title, members...)
	for _, m := range g.Messages {
		made.Text(s.telegram.User(m.From), m.Text)
		s.telegram.User(m.From).ResetCounters()
	}
	return s.settle()
}

// accept takes an invitation. An officer's first one asks for the own number
// and a press on the test card.
func (s *casting) accept(u *simulator.User, role mahalla.Role, first bool) error {
	if err := s.press(u, "✅"); err != nil || !first {
		return err
	}
	if !role.Serves() {
		return nil
	}
	u.Contact()
	if err := s.settle(); err != nil {
		return err
	}
	return s.press(u, "✅")
}

func (s *casting) press(u *simulator.User, label string) error {
	if _, err := u.PressLast(label); err != nil {
		return err
	}
	return s.settle()
}

func (s *casting) invite(role mahalla.Role, code string) (token string, err error) {
	place, ok := s.desk.Reference().ByCode[code]
	if !ok {
		return "", errors.New("no territory " + strings.ToUpper(code))
	}
	err = s.db.InTx(s.ctx, func(tx *storage.Tx) (err error) {
		token, err = s.desk.InviteVouched(tx, role, place, s.now())
		return err
	})
	return token, err
}

// settle lets everything happen that happens now.
func (s *casting) settle() error {
	for s.ctx.Err() == nil {
		if err := s.poller.Once(s.ctx); err != nil {
			return err
		}
		handled, err := s.worker.Drain(s.ctx)
		if err != nil {
			return err
		}
		sent, err := s.sender.Drain(s.ctx)
		if err != nil {
			return err
		}
		if handled+sent == 0 && s.telegram.Pending() == 0 {
			return nil
		}
	}
	return s.ctx.Err()
}
