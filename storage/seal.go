package storage

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// Seals encrypts personal fields with AES-256-GCM. The associated data names
// table, column and row, so that a sealed value cannot be moved elsewhere.
//
// It may hold several keys: what each of them has sealed can be opened, and one,
// the primary one, seals. See rotate.go.
type Seals struct {
	path    string               // of the key file; empty for keys that live in memory
	ring    atomic.Pointer[ring] // the keys that seal; changes while the bot runs
	lookup  []byte               // key of exact look-ups: telephone numbers, invitations
	press   []byte               // key that signs buttons
	link    linkKeys             // of who reported a case without being named
	history []byte               // key of the chain of the history
	prints  []fingerprint        // of the keys that do not change

	told     atomic.Pointer[told] // when it was last known that the key that seals is to; nil: not yet
	learning sync.Mutex
}

// keyFile is the file that holds every secret of an installation.
type keyFile struct {
	Seal   json.RawMessage `json:"seal"`   // a tink keyset
	Lookup []byte          `json:"lookup"` // 32 bytes
	Press  []byte          `json:"press"`  // 32 bytes
	Link   []byte          `json:"link"`   // 32 bytes; files of old have none
}

// OpenSeals reads the key file. With create, a missing file is made first,
// readable by its owner only.
func OpenSeals(path string, create bool) (*Seals, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		if raw, err = makeKeyFile(path); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	s, err := parseSeals(raw)
	if err == nil {
		s.path = path
	}
	return s, err
}

// NewSeals makes keys that live in memory only, for tests and tools.
func NewSeals() (*Seals, error) {
	raw, err := newKeys()
	if err != nil {
		return nil, err
	}
	return parseSeals(raw)
}

func parseSeals(raw []byte) (*Seals, error) {
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, errors.New("key file: not one of ours")
	}
	keys, err := f.ring(0)
	if err != nil {
		return nil, err
	}
	if f.Link == nil { // it was made before there was one: the file stays as it is
		f.Link = derived(f.Lookup, "koprik links")
	}
	if len(f.Lookup) != 32 || len(f.Press) != 32 || len(f.Link) != 32 {
		return nil, errors.New("key file: a key has the wrong length")
	}
	link, err := newLinkKeys(f.Link)
	if err != nil {
		return nil, errors.New("key file: the key of links does not fit")
	}
	s := &Seals{lookup: f.Lookup, press: f.Press, link: link, history: derived(f.Lookup, "koprik history"),
		prints: []fingerprint{printOf("lookup", f.Lookup), printOf("link", f.Link)}}
	s.ring.Store(keys)
	return s, nil
}

// makeKeyFile makes the key file, whole or not at all. Of two that make it at
// once one does, and both go on with its keys.
func makeKeyFile(path string) ([]byte, error) {
	raw, err := newKeys()
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	fresh, err := writeBeside(path, raw)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	defer func() { _ = os.Remove(fresh) }()
	if err := os.Link(fresh, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if err := syncDir(dir); err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return os.ReadFile(path)
}

// writeBeside writes a file, readable by its owner only, next to its place.
func writeBeside(path string, raw []byte) (name string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return "", err
	}
	if _, err = file.Write(raw); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(file.Name())
	}
	return file.Name(), err
}

// syncDir makes a new name outlive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// isMissing tells whether an error of OpenSeals is that there is no file.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func newKeys() ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&buf)); err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	random := make([]byte, 96)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return json.MarshalIndent(keyFile{Seal: buf.Bytes(), Lookup: random[:32], Press: random[32:64], Link: random[64:]}, "", "  ")
}

// PressKey is the key that signs buttons.
func (s *Seals) PressKey() []byte { return s.press }

// seal encrypts a value for one place; an empty one stays nil.
func (s *Seals) seal(table, column, row string, plain []byte) ([]byte, error) {
	if len(plain) == 0 {
		return nil, nil
	}
	if err := s.maySeal(); err != nil {
		return nil, err
	}
	sealed, err := s.ring.Load().aead.Encrypt(plain, place(table, column, row))
	if err != nil {
		return nil, fmt.Errorf("storage: seal %s.%s: %w", table, column, err)
	}
	return sealed, nil
}

// open decrypts a value that was sealed for that place.
func (s *Seals) open(table, column, row string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	plain, err := s.ring.Load().aead.Decrypt(sealed, place(table, column, row))
	if err != nil {
		return nil, fmt.Errorf("storage: open %s.%s: wrong key or damaged value", table, column)
	}
	return plain, nil
}

// mac is a keyed hash for exact look-ups of something that is sealed.
func (s *Seals) mac(kind, value string) []byte {
	h := hmac.New(sha256.New, s.lookup)
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write([]byte(value))
	return h.Sum(nil)
}

func place(table, column, row string) []byte {
	return []byte(table + "." + column + "." + row)
}

func rowID[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }
