package storage

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ring is the keys that seal, as they stood in the key file when it was read.
type ring struct {
	aead    tink.AEAD
	primary int64
	ids     []int64
	prints  []fingerprint
}

// ring reads the keys of a file. The given one is the primary one; with 0 it is
// the one that the file names.
func (f keyFile) ring(primary int64) (*ring, error) {
	handle, err := f.handle()
	if err != nil {
		return nil, errors.New("key file: its keyset cannot be read")
	}
	if primary != 0 && primary != int64(handle.KeysetInfo().GetPrimaryKeyId()) {
		manager := keyset.NewManagerFromHandle(handle)
		if err := manager.SetPrimary(uint32(primary)); err != nil {
			return nil, errors.New("key file: it lacks the key that seals")
		}
		if handle, err = manager.Handle(); err != nil {
			return nil, errors.New("key file: its keyset does not fit")
		}
	}
	r := &ring{primary: int64(handle.KeysetInfo().GetPrimaryKeyId())}
	if r.aead, err = aead.New(handle); err != nil {
		return nil, errors.New("key file: its keyset does not fit")
	}
	for _, key := range insecurecleartextkeyset.KeysetMaterial(handle).GetKey() {
		p := printOf("seal", key.GetKeyData().GetValue())
		p.id = int64(key.GetKeyId())
		r.ids, r.prints = append(r.ids, p.id), append(r.prints, p)
	}
	return r, nil
}

func (f keyFile) handle() (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Seal)))
}

// changed is the file with another keyset.
func (f keyFile) changed(change func(*keyset.Manager) error) (keyFile, error) {
	handle, err := f.handle()
	if err != nil {
		return f, errors.New("key file: its keyset cannot be read")
	}
	manager := keyset.NewManagerFromHandle(handle)
	if err := change(manager); err != nil {
		return f, fmt.Errorf("key file: %w", err)
	}
	if handle, err = manager.Handle(); err != nil {
		return f, fmt.Errorf("key file: %w", err)
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&buf)); err != nil {
		return f, fmt.Errorf("key file: %w", err)
	}
	f.Seal = buf.Bytes()
	return f, nil
}

// changeKeyFile puts another file in the place of the key file, whole or not at
// all, with the same owner and rights.
func changeKeyFile(path string, change func(*keyset.Manager) error) error {
	path, err := filepath.EvalSymlinks(path) // the file, not a link to it
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return errors.New("key file: not one of ours")
	}
	if f, err = f.changed(change); err != nil {
		return err
	}
	if raw, err = json.MarshalIndent(f, "", "  "); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	fresh, err := writeBeside(path, raw)
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	defer func() { _ = os.Remove(fresh) }() // it is gone once it is in its place
	if err := sameOwner(path, fresh); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// allPrints are the fingerprints of every key.
func (s *Seals) allPrints() []fingerprint {
	return append(slices.Clone(s.prints), s.ring.Load().prints...)
}

// held says which keys there are, and which one seals.
func (s *Seals) held() (ids []int64, primary int64) {
	r := s.ring.Load()
	return r.ids, r.primary
}

// wantedKeys are the keys that the database names.
type wantedKeys struct {
	ids     []int64
	primary int64
}

// follow reads the key file again where the database names keys that are not
// held, or another one to seal with. What cannot be read stays as it is: whoever
// rotates the keys waits until it can.
func (s *Seals) follow(wanted wantedKeys) {
	r := s.ring.Load()
	lacks := slices.ContainsFunc(wanted.ids, func(id int64) bool { return !slices.Contains(r.ids, id) })
	if s.path != "" && (lacks || wanted.primary != 0 && wanted.primary != r.primary) {
		_ = s.sealWithKeyOf(s.path, wanted.primary)
	}
}

// sealWith makes a key the one that seals; 0 leaves that to the key file.
func (s *Seals) sealWith(primary int64) error {
	if primary == 0 || primary == s.ring.Load().primary {
		return nil
	}
	return s.sealWithKeyOf(s.path, primary)
}

func (s *Seals) sealWithKeyOf(path string, primary int64) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return errors.New("key file: not one of ours")
	}
	r, err := f.ring(primary)
	if err == nil {
		s.ring.Store(r)
	}
	return err
}

// prefixOf is what stands before everything that a key has sealed.
func prefixOf(id int64) []byte { return binary.BigEndian.AppendUint32([]byte{1}, uint32(id)) }

// idOf reads it; 0 is none.
func idOf(prefix []byte) int64 {
	if len(prefix) != 5 || prefix[0] != 1 {
		return 0
	}
	return int64(binary.BigEndian.Uint32(prefix[1:]))
}
