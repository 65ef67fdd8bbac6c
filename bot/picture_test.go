package bot

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

// drawn is a PNG of a size.
func drawn(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pictures renders a screen whose picture is made by a function.
func pictures(paint func() ([]byte, error)) func(*WorkerOptions, *SenderOptions) {
	return func(_ *WorkerOptions, o *SenderOptions) {
		o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			s := mahalla.Screen{Text: m.Args["text"], Picture: paint, Silent: true}
			s.Rows = [][]mahalla.Button{{{Label: "Ha", Press: mahalla.Press{Verb: "yes"}}}}
			return s, nil
		}
	}
}

func TestAPictureGoesWithItsCaption(t *testing.T) {
	t.Parallel()
	picture := drawn(t, 1080, 1280)
	w := newWorld(t, pictures(func() ([]byte, error) { return picture, nil }))
	u, to := w.person("a")
	w.send(to, notice("<b>34</b> &lt; 40"))
	w.turn()
	list := u.Messages()
	m := list[len(list)-1]
	if m.Kind != "photo" || m.Text != "34 < 40" || !m.Silent || len(m.Buttons) != 1 {
		t.Errorf("got %+v", m)
	}
	w.correct()
}

func TestAMessageGoesWithoutAPictureThatCannotBePainted(t *testing.T) {
	t.Parallel()
	for name, paint := range map[string]func() ([]byte, error){
		"an error": func() ([]byte, error) { return nil, errors.New("no colour") },
		"a panic":  func() ([]byte, error) { panic("no colour") },
		"nothing":  func() ([]byte, error) { return nil, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, pictures(paint))
			u, to := w.person("a")
			w.send(to, notice("34"))
			w.turn()
			list := u.Messages()
			if m := list[len(list)-1]; m.Kind != "text" || m.Text != "34" || len(m.Buttons) != 1 {
				t.Errorf("got %+v", m)
			}
			w.correct()
		})
	}
}

func TestAPictureThatTelegramDoesNotTakeIsLeftOut(t *testing.T) {
	t.Parallel()
	for name, picture := range map[string][]byte{"no picture": []byte("GIF?"), "too long": drawn(t, 2100, 100), "too large": drawn(t, 9000, 1001)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, pictures(func() ([]byte, error) { return picture, nil }))
			u, to := w.person("a")
			w.send(to, notice("34"))
			w.turn()
			list := u.Messages()
			if m := list[len(list)-1]; m.Kind != "text" || m.Text != "34" {
				t.Errorf("got %+v", m)
			}
			if d := w.sim.Departures(); len(d) != 1 {
				t.Errorf("the simulator took it: %q", d)
			}
		})
	}
}

func TestAPictureIsDrawnWithinTheLimits(t *testing.T) {
	t.Parallel()
	paint := func() ([]byte, error) { return nil, nil }
	d, err := draw(mahalla.Screen{Text: strings.Repeat("x", 2000), Picture: paint}, 42, testSigner())
	if err != nil || shown(d.text) != mostCaption {
		t.Errorf("a long caption: got %d units, %v", shown(d.text), err)
	}
	for name, s := range map[string]mahalla.Screen{
		"with media":      {Text: "x", Picture: paint, Media: []mahalla.Media{{Kind: mahalla.Photo, File: "f"}}},
		"without a word":  {Picture: paint},
		"a button undone": {Text: "x", Picture: paint, Rows: [][]mahalla.Button{{{Label: "x"}}}},
	} {
		if _, err := draw(s, 42, testSigner()); err == nil {
			t.Errorf("%s: it was drawn", name)
		}
	}
	w := newWorld(t)
	u, _ := w.person("a")
	if err := w.client.Edit(context.Background(), u.ID(), 1, mahalla.Screen{Text: "x", Picture: paint}); FailureOf(err).Cause != BadMedia {
		t.Errorf("a picture in place of a text: got %v", err)
	}
	failing := func() ([]byte, error) { return nil, errors.New("no colour") }
	if _, err := w.client.Send(context.Background(), u.ID(), mahalla.Screen{Text: "x", Picture: failing}); err == nil {
		t.Error("a client without a sender sent half of it")
	}
}
