package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"strings"

	"koprik/bot"
	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

//go:embed cast.json
var castFile []byte

// actor is one of the demo's invented people.
type actor struct {
	Key       string `json:"key"`
	Title     string `json:"title"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Language  string `json:"language"`
	Phone     string `json:"phone"`
	Chip      string `json:"chip"` // language chip to press, if not the client's
	Roles     []struct {
		Role      mahalla.Role `json:"role"`
		Territory string       `json:"territory"`
	} `json:"roles"`
	Posters []string `json:"posters"`
}

func demoCast() ([]actor, error) {
	var list []actor
	decoder := json.NewDecoder(bytes.NewReader(castFile))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&list)
	return list, err
}

// casting introduces people one step after the other, before the bot's loops
// run.
type casting struct {
	*demo
	ctx    context.Context
	poller *bot.Poller
	sender *bot.Sender
}

// introduce lets a person open the links of all their roles.
func (s *casting) introduce(p actor) error {
	u := s.telegram.AddPerson(simulator.Person{Key: p.Key, FirstName: p.FirstName, LastName: p.LastName, Language: p.Language, Phone: p.Phone})
	for i, r := range p.Roles {
		token, err := s.invite(r.Role, r.Territory)
		if err != nil {
			return err
		}
		u.Start("i_" + token)
		if err := s.settle(); err != nil {
			return err
		}
		if p.Chip != "" && i == 0 {
			if err := s.press(u, p.Chip); err != nil {
				return err
			}
		}
		if err := s.accept(u, r.Role, i == 0); err != nil {
			return err
		}
	}
	u.ResetCounters()
	return nil
}

// accept takes an invitation. An officer's first one asks for the own number
// and a press on the test card.
func (s *casting) accept(u *simulator.User, role mahalla.Role, first bool) error {
	if err := s.press(u, "✅"); err != nil || !first {
		return err
	}
	if !role.Has(mahalla.MayAnswer) && !role.Has(mahalla.MaySupervise) {
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
	place, ok := s.service.desk.Reference().ByCode[code]
	if !ok {
		return "", errors.New("no territory " + strings.ToUpper(code))
	}
	err = s.service.db.InTx(s.ctx, func(tx *storage.Tx) (err error) {
		token, err = s.service.desk.Invite(tx, role, place, s.service.now())
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
		handled, err := s.service.worker.Drain(s.ctx)
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
