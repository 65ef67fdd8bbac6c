package casework

import (
	"context"
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// awaited lists who waits below a supervisor's territories, what is urgent first and
// then the longest wait, and how many they are: from Redis, and from PostgreSQL while Redis is away or
// has lost its memory. Nobody sees there the own report, nor a complaint about
// the officer that he is.
func (d *Desk) awaited(tx *storage.Tx, reader *storage.Contact, page int, now time.Time) ([]storage.CaseLine, int, error) {
	nodes := d.supervised(reader, now)
	if len(nodes) == 0 {
		return nil, 0, nil
	}
	hidden, err := d.hiddenFrom(tx, reader, nodes, now)
	if err != nil {
		return nil, 0, err
	}
	ids, total, err := d.waitingUnder(tx, nodes, hidden, page)
	if err != nil {
		return nil, 0, err
	}
	list, err := tx.CaseLines(ids)
	return list, total, err
}

func (d *Desk) waitingUnder(tx *storage.Tx, nodes []mahalla.TerritoryID, hidden []mahalla.CaseID, page int) ([]mahalla.CaseID, int, error) {
	if d.acks != nil {
		ctx, cancel := context.WithTimeout(context.Background(), redisPatience)
		defer cancel()
		if whole, err := d.acks.Whole(ctx); err == nil && whole {
			if ids, total, err := d.acks.WaitingUnder(ctx, nodes, hidden, page*perPage, perPage); err == nil {
				return ids, total, nil
			}
		}
	}
	return tx.WaitingUnder(nodes, hidden, page*perPage, perPage)
}

// over lists the places where a person has one of some rights now. Lists of what a
// person was told of are narrowed to them: roles end.
func over(who *storage.Contact, now time.Time, rights ...mahalla.Right) []mahalla.TerritoryID {
	var list []mahalla.TerritoryID
	for _, m := range who.Memberships {
		if m.At(now) && slices.ContainsFunc(rights, m.Role.Has) {
			list = append(list, m.Territory)
		}
	}
	return list
}

// hiddenFrom lists the waiting cases that a supervisor must not hear of.
func (d *Desk) hiddenFrom(tx *storage.Tx, reader *storage.Contact, nodes []mahalla.TerritoryID, now time.Time) ([]mahalla.CaseID, error) {
	delicate, err := tx.DelicateUnder(nodes, reader.ID, mahalla.OfficerComplaint)
	if err != nil {
		return nil, err
	}
	var list []mahalla.CaseID
	for _, c := range delicate {
		if reader.BarredFrom(d.Reference().Path(c.Place), c.Category, c.Reporter, now) {
			list = append(list, c.Case)
		}
	}
	return list, nil
}

// supervised lists the territories that a person supervises.
func (d *Desk) supervised(reader *storage.Contact, now time.Time) []mahalla.TerritoryID {
	var all []mahalla.TerritoryID
	for _, m := range reader.Memberships {
		if m.At(now) && m.Role.Has(mahalla.MaySupervise) {
			all = append(all, m.Territory)
		}
	}
	return d.topmost(all)
}

// topmost are the territories that lie below no other one of them, each once.
func (d *Desk) topmost(all []mahalla.TerritoryID) []mahalla.TerritoryID {
	var list []mahalla.TerritoryID
	for _, node := range all {
		below := slices.ContainsFunc(d.Reference().Path(node), func(above mahalla.TerritoryID) bool {
			return above != node && slices.Contains(all, above)
		})
		if !below && !slices.Contains(list, node) {
			list = append(list, node)
		}
	}
	return list
}
