package handlers_test

import (
	"fmt"
	"strings"
	"time"

	"koprik/locales"
	"koprik/storage"
)

// leaves lets all roles of somebody end: "ends Olim 2026-11-26 00:00" by a date,
// "revoke Olim" at once.
func (p *play) leaves(verb, rest string) error {
	name, when, _ := strings.Cut(rest, " ")
	u, ok := p.people[name]
	if !ok {
		return fmt.Errorf("nobody is called %q", name)
	}
	var at time.Time
	if verb == "ends" {
		var err error
		if at, err = time.ParseInLocation("2006-01-02 15:04", when, locales.Tashkent()); err != nil {
			return err
		}
	}
	err := p.db.InTx(p.ctx, func(tx *storage.Tx) error {
		who, err := tx.ContactByTelegram(u.ID())
		if err != nil {
			return err
		}
		if verb == "revoke" {
			return p.desk.Revoke(tx, who.ID, p.now)
		}
		tx.EndRoles(who.ID, at)
		return nil
	})
	p.settle()
	return err
}
