package casework

import (
	"koprik/mahalla"
	"koprik/storage"
)

// decisionWords are the words of a decision as somebody reads them: a side of its item
// who carries it out does not read there who the other one is.
func (d *Desk) decisionWords(tx *storage.Tx, w *words, reader *storage.Contact, one *mahalla.Decision) (string, error) {
	if one.Item == 0 || reader.Over([]mahalla.TerritoryID{one.Commission}, mahalla.MayConvene, w.now) {
		return one.Words, nil
	}
	item, err := tx.Item(one.Item)
	if err != nil || item == nil || item.PartyOf(reader.ID) == nil {
		return one.Words, err
	}
	hidden, err := d.otherNames(tx, reader, item)
	return masked(one.Words, hidden, w.plain("sided.masked")), err
}
