package casework

import (
	"context"

	"koprik/mahalla"
	"koprik/storage"
)

// waitingUnder lists the cases that wait below a place, the longest first.
func (d *Desk) waitingUnder(tx *storage.Tx, node mahalla.TerritoryID, page int) ([]mahalla.CaseID, int, error) {
	if d.acks != nil {
		ctx, cancel := context.WithTimeout(context.Background(), redisPatience)
		defer cancel()
		if ids, total, err := d.acks.WaitingUnder(ctx, node, page*perPage, perPage); err == nil {
			return ids, total, nil
		}
	}
	return tx.WaitingUnder(node, page*perPage, perPage)
}
