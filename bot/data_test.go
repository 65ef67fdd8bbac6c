package bot

import (
	"strings"
	"testing"

	"koprik/mahalla"
)

func testSigner() Signer { return NewSigner([]byte("0123456789abcdef0123456789abcdef")) }

func TestAButtonMeansWhatItWasMadeToMean(t *testing.T) {
	t.Parallel()
	for _, p := range []mahalla.Press{
		{Verb: "accept", Subject: 1, Round: 1},
		{Verb: "promise", Subject: 1<<63 - 1, Round: 1000, Arg: "tomorrow_18"},
		{Verb: "x", Subject: -5, Round: -1, Arg: ""},
		{Verb: "draft.place", Subject: 123456789, Round: 0, Arg: "uz-Cyrl"},
	} {
		data, err := testSigner().Make(42, 42, p)
		if err != nil {
			t.Errorf("%+v: %v", p, err)
			continue
		}
		if len(data) > 64 || !strings.HasPrefix(data, p.Verb+":") {
			t.Errorf("%+v: got %q, want at most 64 bytes that begin with the verb", p, data)
		}
		if got, ok := testSigner().Parse(42, 42, data); !ok || got != p {
			t.Errorf("%q: got %+v, %v, want %+v", data, got, ok, p)
		}
	}
}

func TestAButtonThatDoesNotFitIsRefusedWhenItIsDrawn(t *testing.T) {
	t.Parallel()
	for _, p := range []mahalla.Press{
		{Verb: "accept", Arg: strings.Repeat("a", 60)},
		{Verb: strings.Repeat("v", 50), Subject: 1 << 60},
		{Verb: ""},
		{Verb: "a:b"},
		{Verb: "accept", Arg: "sal om"},
		{Verb: "accept", Arg: "салом"},
	} {
		if data, err := testSigner().Make(42, 42, p); err == nil {
			t.Errorf("%+v: got %q, want an error", p, data)
		}
	}
}

func TestEveryForgeryOfAButtonIsRefused(t *testing.T) {
	t.Parallel()
	s := testSigner()
	data, err := s.Make(42, 43, mahalla.Press{Verb: "accept", Subject: 7000, Round: 2, Arg: "x"})
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, chat, person int64, data string) {
		t.Helper()
		if p, ok := s.Parse(chat, person, data); ok {
			t.Errorf("%s: %q was taken as %+v", what, data, p)
		}
	}
	for i := range data {
		for bit := range 8 {
			b := []byte(data)
			b[i] ^= 1 << bit
			refused("a flipped bit", 42, 43, string(b))
		}
		refused("cut off", 42, 43, data[:i])
	}
	refused("another chat", 44, 43, data)
	refused("another person", 42, 44, data)
	refused("chat and person swapped", 43, 42, data)
	refused("with more behind it", 42, 43, data+"A")
	refused("with a second proof", 42, 43, data+data[strings.LastIndex(data, ":"):])
	refused("nothing", 42, 43, "")
	refused("nothing but colons", 42, 43, "::::")
	other, err := s.Make(42, 43, mahalla.Press{Verb: "accept", Subject: 7001, Round: 2, Arg: "x"})
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.Split(data, ":"), strings.Split(other, ":")
	for i := range a {
		if a[i] != b[i] {
			mixed := append([]string{}, a...)
			mixed[i] = b[i]
			refused("a part of another button", 42, 43, strings.Join(mixed, ":"))
		}
	}
	if p, ok := NewSigner([]byte("another key of thirty-two bytes!")).Parse(42, 43, data); ok {
		t.Errorf("another key took it as %+v", p)
	}
}

func FuzzButtonData(f *testing.F) {
	s := testSigner()
	good, err := s.Make(42, 42, mahalla.Press{Verb: "accept", Subject: 7000, Round: 2, Arg: "x"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add("accept:5eg:2:x:AAAAAAAAAAAA")
	f.Add(":::::")
	f.Add("\x00\xff")
	f.Fuzz(func(t *testing.T, data string) {
		p, ok := s.Parse(42, 42, data)
		if !ok {
			return
		}
		if again, err := s.Make(42, 42, p); err != nil || again != data {
			t.Errorf("%q was taken as %+v, which is made as %q, %v", data, p, again, err)
		}
	})
}
