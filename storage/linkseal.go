package storage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"koprik/mahalla"
)

// linkKeys are what the key of links is used for: to seal who a reporter is who
// is not named, and to name things so that only who has the key can tell what
// they are.
type linkKeys struct {
	aead cipher.AEAD
	mac  []byte
}

// newLinkKeys makes them of the key of links.
func newLinkKeys(key []byte) (linkKeys, error) {
	block, err := aes.NewCipher(derived(key, "koprik links sealed"))
	if err != nil {
		return linkKeys{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return linkKeys{aead, derived(key, "koprik links named")}, err
}

// derived is a key for one purpose, made of another one.
func derived(key []byte, purpose string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose))
	return h.Sum(nil)
}

// linked is a reporter who is not named.
type linked struct {
	Person mahalla.PersonID `json:"person"`
	Chat   int64            `json:"chat"`
}

// sealLink encrypts who reported a case.
func (s *Seals) sealLink(c mahalla.CaseID, who linked) ([]byte, error) {
	plain, err := json.Marshal(who)
	if err != nil {
		return nil, wrap(err)
	}
	return s.link.aead.Seal(nil, nil, plain, place("links", "person", rowID(c))), nil
}

// errNoLink says that nobody can tell any more who a reporter is.
var errNoLink = errors.New("storage: open links.person: wrong key or damaged value")

// openLink decrypts it.
func (s *Seals) openLink(c mahalla.CaseID, sealed []byte) (who linked, err error) {
	plain, err := s.link.aead.Open(nil, nil, sealed, place("links", "person", rowID(c)))
	if err != nil {
		return who, errNoLink
	}
	return who, json.Unmarshal(plain, &who)
}

// mostLooks is how many links of one person have a look-up of their own. Beyond
// that two look alike, which tells a thief that they are of one person.
const mostLooks = 32

// lookUps are the names under which the links of a person may be found.
func (s *Seals) lookUps(p mahalla.PersonID) [][]byte {
	list := make([][]byte, mostLooks)
	for i := range list {
		list[i] = derived(s.link.mac, fmt.Sprintf("person %d %d", p, i))
	}
	return list
}

// mask is a number that stands for a thing in the rows of its reporter; it is
// below zero, which no id is.
func (s *Seals) mask(thing string, id int64) int64 {
	sum := derived(s.link.mac, thing+" "+strconv.FormatInt(id, 10))
	return ^int64(binary.BigEndian.Uint64(sum) >> 1)
}

// maskCase is the mask of a case; that of no case is none.
func (s *Seals) maskCase(c mahalla.CaseID) mahalla.CaseID {
	if c <= 0 {
		return c
	}
	return mahalla.CaseID(s.mask("case", int64(c)))
}
