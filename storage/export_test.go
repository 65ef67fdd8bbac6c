package storage

// Unseal opens a value as it stands in the database, for fields that the
// program only ever writes.
func (db *DB) Unseal(table, column, row string, sealed []byte) (string, error) {
	plain, err := db.seals.open(table, column, row, sealed)
	return string(plain), err
}
