package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
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

// SealedColumns names the columns that rotating keys seal.
func SealedColumns() (list []string) {
	for _, c := range sealedColumns() {
		list = append(list, c.table+"."+c.column)
	}
	return list
}

// UnsealedColumns says why others are not.
func UnsealedColumns() map[string]string { return unsealedColumns() }

// AnchorNow binds the new rows of the history, however short it is since the last time.
func (db *DB) AnchorNow(ctx context.Context) error { return db.anchor(ctx, 0) }

// Reanchor makes the hashes of all anchors anew, as only who has the key can.
func (db *DB) Reanchor(ctx context.Context) error {
	return pgx.BeginFunc(ctx, db.work, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "ALTER TABLE anchors DISABLE TRIGGER USER"); err != nil {
			return err
		}
		w := &verifier{db: db, ctx: ctx, tx: tx, v: &Verified{}}
		var before []byte
		for {
			list, err := w.anchors()
			if err != nil || len(list) == 0 {
				_, err2 := tx.Exec(ctx, "ALTER TABLE anchors ENABLE TRIGGER USER")
				return errors.Join(err, err2)
			}
			for _, a := range list {
				rows, err := db.seals.historyOf(ctx, tx, a.source, a.seqs)
				if err != nil {
					return err
				}
				before = db.seals.sum(a, before, rows)
				if _, err := tx.Exec(ctx, "UPDATE anchors SET hash = $2 WHERE ordinal = $1", a.ordinal, before); err != nil {
					return err
				}
				w.v.Anchors = a.ordinal
			}
		}
	})
}

// FoundDead is foundDead.
func (db *DB) FoundDead(lived time.Time) { db.foundDead(lived) }
