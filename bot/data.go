package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"koprik/mahalla"
)

// Signer makes and reads the data of buttons: what a press means, and a proof
// that this bot drew the button for that person in that chat. The data is
//
//	verb:subject:round:arg:proof
//
// with numbers to the base 36. Nothing in it is secret, and a proof gives no
// right: rights are looked up at every press.
type Signer struct{ key []byte }

// NewSigner signs with a key, which must stay the same while buttons live.
func NewSigner(key []byte) Signer { return Signer{key} }

const (
	mostData  = 64 // bytes of callback data that Telegram takes
	proofSize = 9  // bytes; 12 characters without a spare bit
	base      = 36
)

// Make gives the data of a button. What does not fit is an error of ours, not
// of the person who would press.
func (s Signer) Make(chat, person int64, p mahalla.Press) (string, error) {
	if !plain(p.Verb) || p.Verb == "" || !plain(p.Arg) {
		return "", fmt.Errorf("bot: button %q %q: only letters, digits, dots, - and _", p.Verb, p.Arg)
	}
	b := make([]byte, 0, mostData)
	b = append(append(b, p.Verb...), ':')
	b = append(strconv.AppendInt(b, p.Subject, base), ':')
	b = append(strconv.AppendInt(b, int64(p.Round), base), ':')
	b = append(append(b, p.Arg...), ':')
	b = append(b, s.proof(chat, person, b)...)
	if len(b) > mostData {
		return "", fmt.Errorf("bot: button %q %q: %d bytes of data, %d are allowed", p.Verb, p.Arg, len(b), mostData)
	}
	return string(b), nil
}

// Parse reads what a button means. It is false for anything that Make did not
// make with this key for this chat and person.
func (s Signer) Parse(chat, person int64, data string) (mahalla.Press, bool) {
	end := strings.LastIndexByte(data, ':') + 1
	if end == 0 || len(data) > mostData {
		return mahalla.Press{}, false
	}
	if !hmac.Equal([]byte(data[end:]), s.proof(chat, person, []byte(data[:end]))) {
		return mahalla.Press{}, false
	}
	parts := strings.Split(data[:end-1], ":")
	if len(parts) != 4 {
		return mahalla.Press{}, false
	}
	subject, err := strconv.ParseInt(parts[1], base, 64)
	round, err2 := strconv.ParseInt(parts[2], base, 0)
	if err != nil || err2 != nil {
		return mahalla.Press{}, false
	}
	return mahalla.Press{Verb: parts[0], Subject: subject, Round: int(round), Arg: parts[3]}, true
}

// proof is a truncated HMAC in text form. It is compared as text, so that no
// two spellings of one proof exist.
func (s Signer) proof(chat, person int64, data []byte) []byte {
	var ids [16]byte
	binary.BigEndian.PutUint64(ids[:8], uint64(chat))
	binary.BigEndian.PutUint64(ids[8:], uint64(person))
	h := hmac.New(sha256.New, s.key)
	h.Write(ids[:])
	h.Write(data)
	sum := h.Sum(nil)
	return base64.RawURLEncoding.AppendEncode(nil, sum[:proofSize])
}

// plain tells whether a part of the data needs no escaping.
func plain(part string) bool {
	for _, c := range []byte(part) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '.':
		default:
			return false
		}
	}
	return true
}
