package handlers_test

import (
	"koprik/mahalla"
	"koprik/storage"
)

// forgetLinks does what the nightly job does with the links of reports without a name.
func (p *play) forgetLinks() error {
	var list []mahalla.CaseID
	err := p.db.InTx(p.ctx, func(tx *storage.Tx) (err error) {
		list, err = p.desk.MayUnlink(tx, 0, 100, p.now)
		return err
	})
	for _, id := range list {
		if err == nil {
			err = p.db.InTx(p.ctx, func(tx *storage.Tx) error { return p.desk.Unlink(tx, id, p.now) })
		}
	}
	if err == nil {
		p.settle()
	}
	return err
}
