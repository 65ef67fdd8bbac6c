package bot

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"koprik/mahalla"
)

// FuzzEnvelope looks for two keys of one thing: a repetition that is written
// otherwise, with other spaces or another update id, must be known as one.
func FuzzEnvelope(f *testing.F) {
	f.Add([]byte(private(`"text":"x"`)))
	f.Add([]byte(`{"update_id":7,"edited_message":{"message_id":1,"edit_date":5,"chat":{"id":42}}}`))
	f.Add([]byte(`{"update_id":7,"callback_query":{"id":"a\u0000b","from":{"id":42}}}`))
	f.Add([]byte(`{"update_id":7,"my_chat_member":{"chat":{"id":42},"date":5,"new_chat_member":{"status":"kicked"}}}`))
	f.Add([]byte(`{"update_id":4611686018427387903}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, ok := open(raw)
		if !ok {
			return
		}
		key, chat := e.key(raw)
		if key == "" || len(key) > 120 || strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.") != "" {
			t.Errorf("key %q", key)
		}
		again, _ := open(slices.Clone(raw))
		if second, other := again.key(slices.Clone(raw)); second != key || other != chat {
			t.Errorf("one update has the keys %q and %q, the chats %d and %d", key, second, chat, other)
		}
		var spaced bytes.Buffer
		if json.Indent(&spaced, raw, "", " ") != nil || key[0] != 'm' && key[0] != 'c' && key[0] != 'b' {
			return // the others are known by their bytes
		}
		again, ok = open(spaced.Bytes())
		if second, _ := again.key(spaced.Bytes()); !ok || second != key {
			t.Errorf("with spaces %q becomes %q", key, second)
		}
	})
}

// openTags lists the tags of a text that are open at its end, and tells whether
// each was closed in order before.
func openTags(html string) (open []string, ordered bool) {
	for i := 0; i < len(html); {
		_, size, tag := glyph(html[i:])
		inside := strings.Trim(html[i:i+size], "<>")
		i += size
		switch name, _, _ := strings.Cut(inside, " "); {
		case !tag:
		case !strings.HasPrefix(name, "/"):
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name[1:]:
			return open, false
		default:
			open = open[:len(open)-1]
		}
	}
	return open, true
}

// FuzzCutHTML cuts any text: what is left fits, is the beginning of what was,
// and has its tags closed if they were before.
func FuzzCutHTML(f *testing.F) {
	f.Add("<b>qalin <i>yotiq</i></b> oddiy", 9)
	f.Add(`<a href="https://t.me/x?a=1&amp;b=2">havola</a>`, 3)
	f.Add("&lt;&#x1F600;&#128512;&bad;&", 4)
	f.Add("👨‍👩‍👧👨‍👩‍👧", 5)
	f.Add("<<>><b", 2)
	f.Fuzz(func(t *testing.T, html string, most int) {
		most = 1 + int(uint(most)%5000)
		got := cutHTML(html, most)
		if n := shown(got); n > most {
			t.Errorf("%d units of %d in %q of %q", n, most, got, html)
		}
		if got == html {
			return
		}
		before, _, found := strings.Cut(got, "…")
		if !found || !strings.HasPrefix(html, before) && !strings.Contains(html, "…") {
			t.Errorf("%q is not the beginning of %q", got, html)
		}
		if left, ordered := openTags(html); !ordered || len(left) > 0 {
			return
		}
		if left, ordered := openTags(got); !ordered || len(left) > 0 {
			t.Errorf("%q of %q leaves %q open", got, html, left)
		}
	})
}

// FuzzPress makes buttons of anything: what is made is read back as it was, only
// by the person and in the chat it was drawn for, and not with a byte altered.
func FuzzPress(f *testing.F) {
	f.Add("accept", int64(7000), 2, "x", 3, byte(1))
	f.Add("mday", int64(-1), -1, "20061224", 0, byte(0x80))
	f.Add("a:b", int64(1<<62), 1<<30, "\x00", 60, byte(32))
	f.Add("", int64(0), 0, "", 0, byte(0))
	s := testSigner()
	f.Fuzz(func(t *testing.T, verb string, subject int64, round int, arg string, at int, flip byte) {
		p := mahalla.Press{Verb: verb, Subject: subject, Round: round, Arg: arg}
		data, err := s.Make(42, 43, p)
		if err != nil {
			return
		}
		if got, ok := s.Parse(42, 43, data); !ok || got != p {
			t.Errorf("%+v was made as %q, which is read as %+v, %v", p, data, got, ok)
		}
		if len(data) > mostData {
			t.Errorf("%q is too long", data)
		}
		for _, other := range [][2]int64{{42, 42}, {43, 43}, {43, 42}} {
			if _, ok := s.Parse(other[0], other[1], data); ok {
				t.Errorf("%q is taken from %v", data, other)
			}
		}
		if flip == 0 {
			return
		}
		altered := []byte(data)
		altered[int(uint(at)%uint(len(data)))] ^= flip
		if got, ok := s.Parse(42, 43, string(altered)); ok {
			t.Errorf("%q, altered to %q, is taken as %+v", data, altered, got)
		}
	})
}
