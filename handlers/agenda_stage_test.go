package handlers_test

import (
	"fmt"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// agenda makes a case ready for a commission as its sides and officers would:
// "{A} DEMO-1011 Karim Nodira".
func (p *play) agenda(words []string) error {
	if len(words) != 4 {
		return fmt.Errorf("want: agenda case commission side side")
	}
	return p.db.InTx(p.ctx, func(tx *storage.Tx) error {
		number, err := mahalla.ParseNumber(words[0])
		if err != nil {
			return err
		}
		c, err := tx.CaseByNumber(number)
		if err != nil {
			return err
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		by := c.Reporter
		at := p.now.Add(-2 * time.Hour)
		item := &mahalla.Item{ID: mahalla.ItemID(id), Commission: p.desk.Reference().ByCode[words[1]], Case: c.ID, ProposedBy: by, ProposedAt: at,
			State: mahalla.ItemReady, Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: by, ReadyAt: at}
		for i, name := range words[2:] {
			side := mahalla.Party{Side: i + 1, Name: name, Phone: fmt.Sprint("+99893111223", i), Consent: mahalla.ConsentGiven, ConsentAt: at, RecordedBy: by}
			if u := p.people[name]; u != nil {
				who, err := tx.ContactByTelegram(u.ID())
				if err != nil {
					return err
				}
				side.Person = who.ID
			}
			item.Parties = append(item.Parties, side)
		}
		if c, err = tx.LockCase(c.ID); err != nil {
			return err
		}
		c.Resolution.Item = item.ID
		if err := tx.SaveCase(c); err != nil {
			return err
		}
		return tx.SaveItem(item)
	})
}
