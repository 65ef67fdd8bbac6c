package storage

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// Unseal opens a value as it stands in the database, for fields that the
// program only ever writes.
func (db *DB) Unseal(table, column, row string, sealed []byte) (string, error) {
	plain, err := db.seals.open(table, column, row, sealed)
	return string(plain), err
}

// AddedKey gives a key file a second key of seals, which becomes the primary
// one, and also the same file without the first.
func AddedKey(raw []byte) (both, fresh []byte, err error) {
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, nil, err
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Seal)))
	if err != nil {
		return nil, nil, err
	}
	old := handle.KeysetInfo().GetPrimaryKeyId()
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, nil, err
	}
	one, err1 := f.with(manager, manager.SetPrimary(id))
	two, err2 := f.with(manager, manager.Delete(old))
	return one, two, errors.Join(err1, err2)
}

func (f keyFile) with(m *keyset.Manager, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	handle, err := m.Handle()
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&buf)); err != nil {
		return nil, err
	}
	f.Seal = buf.Bytes()
	return json.Marshal(f)
}
