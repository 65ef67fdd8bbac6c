package storage

import (
	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// AddBehalf writes for whom a case was reported; name and number are sealed.
func (tx *Tx) AddBehalf(c mahalla.CaseID, b mahalla.Behalf) error {
	name, err := tx.db.seals.seal("behalves", "name", rowID(c), []byte(b.Name))
	if err != nil {
		return err
	}
	phone, err := tx.db.seals.seal("behalves", "phone", rowID(c), []byte(b.Phone))
	if err != nil {
		return err
	}
	tx.write("INSERT INTO behalves (case_id, agreed, name, phone) VALUES ($1, $2, $3, $4)", c, b.Agreed, name, phone)
	return nil
}

const behalfOf = "SELECT case_id, agreed, name, phone FROM behalves WHERE case_id = $1"

// scanBehalf opens it.
func (tx *Tx) scanBehalf(rows pgx.Rows, v *View) error {
	var id mahalla.CaseID
	var name, phone []byte
	if err := rows.Scan(&id, &v.Behalf.Agreed, &name, &phone); err != nil {
		return err
	}
	plain, err := tx.db.seals.open("behalves", "name", rowID(id), name)
	if err != nil {
		return err
	}
	v.Behalf.Name = string(plain)
	plain, err = tx.db.seals.open("behalves", "phone", rowID(id), phone)
	v.Behalf.Phone = string(plain)
	return err
}
