package main

import (
	"errors"

	"koprik/mahalla"
	"koprik/storage"
)

// dispute is a matter between two neighbours that is ready for the commission when
// the demo begins, so that a meeting can be called at once.
type dispute struct {
	By      string `json:"by"`
	With    string `json:"with"`
	Words   string `json:"words"`
	Topic   string `json:"topic"`
	Officer string `json:"officer"`
	Accept  string `json:"accept"`
}

// quarrel lets one side report it and the officer accept it. What would take days,
// the consent of both sides and the questions before it, stands there already.
func (s *casting) quarrel(d dispute) error {
	by, with, officer := s.telegram.User(d.By), s.telegram.User(d.With), s.telegram.User(d.Officer)
	by.Text(d.Words)
	if err := s.settle(); err != nil {
		return err
	}
	if err := s.press(by, d.Topic); err != nil {
		return err
	}
	if err := s.press(officer, d.Accept); err != nil {
		return err
	}
	by.ResetCounters()
	officer.ResetCounters()
	return s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		var people [3]*storage.Contact
		for i, telegram := range []int64{officer.ID(), by.ID(), with.ID()} {
			who, err := tx.ContactByTelegram(telegram)
			if err != nil {
				return err
			}
			people[i] = who
		}
		return s.ready(tx, people[0].ID, people[1].ID, people[2].ID)
	})
}

func (s *casting) ready(tx *storage.Tx, officer, by, with mahalla.PersonID) error {
	held, err := tx.HeldBy(officer)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return errors.New("nobody holds it")
	}
	c, err := tx.Case(held[0])
	if err != nil {
		return err
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	now := s.now()
	side := func(n int, p mahalla.PersonID) mahalla.Party {
		return mahalla.Party{Side: n, Person: p, Consent: mahalla.ConsentGiven, ConsentAt: now, RecordedBy: officer}
	}
	return tx.SaveItem(&mahalla.Item{ID: mahalla.ItemID(id), Commission: c.Place, Case: c.ID, ProposedBy: officer, ProposedAt: now,
		State: mahalla.ItemReady, Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: officer, ReadyAt: now,
		Parties: []mahalla.Party{side(1, by), side(2, with)}})
}
