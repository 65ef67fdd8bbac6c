package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/mahalla"
)

func TestLengthIsCountedAsTelegramCounts(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"": 0, "   \n": 0, "<b></b>": 0, "<b> </b>": 0,
		"salom": 5, "<b>salom</b>": 5, "a&lt;b": 3, "&amp;&#x1F600;&#65;": 4, "😀": 2, "салом": 5,
		"a & b": 5, "&nbsp;": 6, `<a href="x">y</a>`: 1, "1 < 2": 5, "oʻ": 2,
	} {
		if got := shown(in); got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

func TestWhatTelegramWouldRefuseIsNotDrawn(t *testing.T) {
	t.Parallel()
	press := mahalla.Button{Label: "Ha", Press: mahalla.Press{Verb: "yes"}}
	row := func(n int) []mahalla.Button {
		var list []mahalla.Button
		for range n {
			list = append(list, press)
		}
		return list
	}
	var hundred [][]mahalla.Button
	for range 101 {
		hundred = append(hundred, row(1))
	}
	photo := mahalla.Media{Kind: mahalla.Photo, File: "f"}
	for _, c := range []struct {
		name string
		in   mahalla.Screen
		want Cause
	}{
		{"nothing", mahalla.Screen{}, Empty},
		{"nine in a row", mahalla.Screen{Text: "x", Rows: [][]mahalla.Button{row(9)}}, BadButton},
		{"101 buttons", mahalla.Screen{Text: "x", Rows: hundred}, BadButton},
		{"a button without a label", mahalla.Screen{Text: "x", Rows: [][]mahalla.Button{{{Press: mahalla.Press{Verb: "x"}}}}}, BadButton},
		{"a button without a verb", mahalla.Screen{Text: "x", Rows: [][]mahalla.Button{{{Label: "x"}}}}, BadButton},
		{"two keyboards", mahalla.Screen{Text: "x", Rows: [][]mahalla.Button{row(1)}, Keys: []mahalla.Key{{Label: "x"}}}, BadButton},
		{"eleven photos", mahalla.Screen{Media: []mahalla.Media{photo, photo, photo, photo, photo, photo, photo, photo, photo, photo, photo}}, BadMedia},
		{"a round video among photos", mahalla.Screen{Media: []mahalla.Media{photo, {Kind: mahalla.Round, File: "f"}}}, BadMedia},
		{"a voice among photos", mahalla.Screen{Media: []mahalla.Media{photo, {Kind: mahalla.Voice, File: "f"}}}, BadMedia},
		{"buttons below an album", mahalla.Screen{Media: []mahalla.Media{photo, photo}, Rows: [][]mahalla.Button{row(1)}}, BadMedia},
		{"a pin among photos", mahalla.Screen{Media: []mahalla.Media{photo, mahalla.Pin{Lat: 41, Lon: 64}.Media()}}, BadMedia},
		{"a pin that is none", mahalla.Screen{Media: []mahalla.Media{{Kind: mahalla.Location, File: "41;64"}}}, BadMedia},
		{"a photo without a file", mahalla.Screen{Media: []mahalla.Media{{Kind: mahalla.Photo}}}, BadMedia},
	} {
		_, err := draw(c.in, 42, testSigner())
		if f := FailureOf(err); f == nil || f.Cause != c.want || f.Kind != Refused {
			t.Errorf("%s: got %+v, want refused, %s", c.name, f, c.want)
		}
	}
}

func TestWhatIsTooLongIsCutAndNotLost(t *testing.T) {
	t.Parallel()
	x := strings.Repeat("x", 4096)
	for name, c := range map[string]struct{ in, want string }{
		"as long as it may be":           {x, x},
		"tags do not count":              {"<b>" + x + "</b>", "<b>" + x + "</b>"},
		"entities count once":            {x[:4095] + "&amp;", x[:4095] + "&amp;"},
		"one letter more":                {x + "y", x[:4095] + "…"},
		"an entity is not cut":           {x[:4095] + "&lt;&gt;", x[:4095] + "…"},
		"a pair of units is not cut":     {x[:4094] + "😀y", x[:4094] + "…"},
		"what is open is closed":         {"<b>a</b><blockquote><i>" + x, "<b>a</b><blockquote><i>" + x[:4094] + "…</i></blockquote>"},
		"and with an attribute":          {`<a href="https://uz.uz">` + x + "y", `<a href="https://uz.uz">` + x[:4095] + "…</a>"},
		"a letter of a word of Cyrillic": {strings.Repeat("ў", 5000), strings.Repeat("ў", 4095) + "…"},
	} {
		d, err := draw(mahalla.Screen{Text: c.in}, 42, testSigner())
		if err != nil || d.text != c.want {
			t.Errorf("%s: got %d bytes ending in %q, %v", name, len(d.text), d.text[max(0, len(d.text)-40):], err)
		}
	}
	for in, want := range map[string]string{
		x[:1024]:                     x[:1024],
		x[:1025]:                     x[:1023] + "…",
		x[:1022] + "😀y":              x[:1022] + "…",
		strings.Repeat("😀", 513):     strings.Repeat("😀", 511) + "…",
		"<b>&amp; " + x[:1024] + "<": "<b>&amp; " + x[:1014] + "…", // a caption is plain text
	} {
		given := []mahalla.Media{{Kind: mahalla.Photo, File: "f", Caption: in}}
		d, err := draw(mahalla.Screen{Media: given}, 42, testSigner())
		if err != nil || d.media[0].Caption != want || given[0].Caption != in {
			t.Errorf("a caption of %d units: got %d, %v", units(in), units(d.media[0].Caption), err)
		}
	}
}

func TestACutTextIsTakenByTelegram(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	long := "<b>№ 4821-0937</b>\n<blockquote>" + strings.Repeat("Oʻgʻil &lt;&amp;😀 ", 900) + "</blockquote>"
	if _, err := w.client.Send(t.Context(), u.ID(), mahalla.Screen{Text: long}); err != nil {
		t.Error(err)
	}
	photo := u.Photo("")
	for _, m := range u.Messages() {
		if m.ID == photo {
			caption := mahalla.Media{Kind: mahalla.Photo, File: m.FileID, Caption: strings.Repeat("Oʻgʻil <&😀 ", 900)}
			if _, err := w.client.Send(t.Context(), u.ID(), mahalla.Screen{Media: []mahalla.Media{caption, caption}}); err != nil {
				t.Error(err)
			}
		}
	}
	w.correct()
}

func TestAPinIsSentAndAskedForByAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	pin := mahalla.Pin{Lat: 41.0225, Lon: -0.000001}
	for _, s := range []mahalla.Screen{
		{Media: []mahalla.Media{pin.Media()}, Silent: true, Protect: true},
		{Text: "Qayerda?", Keys: []mahalla.Key{{Label: "Joy", Kind: mahalla.KeyLocation}}},
	} {
		if _, err := w.client.Send(t.Context(), u.ID(), s); err != nil {
			t.Fatal(err)
		}
	}
	var got *simulator.Message
	for _, m := range u.Messages() {
		if m.Kind == "location" {
			got = &m
		}
	}
	if got == nil || got.Location.Latitude != pin.Lat || got.Location.Longitude != pin.Lon || !got.Silent || !got.Protected {
		t.Errorf("got %+v, want a silent and protected pin", got)
	}
	if keys := u.Keyboard(); len(keys) != 1 || !keys[0][0].Location || keys[0][0].Contact {
		t.Errorf("got %+v, want a key that asks for the location", keys)
	}
	w.correct()
}

func TestAKeyboardNeverHasAnEmptyRow(t *testing.T) {
	t.Parallel()
	b := mahalla.Button{Label: "Ha", Press: mahalla.Press{Verb: "yes"}}
	d, err := draw(mahalla.Screen{Text: "x", Rows: [][]mahalla.Button{nil, {b}, {}, {b, b}}}, 42, testSigner())
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(d.rows)
	if err != nil || strings.Contains(string(got), "null") || strings.Contains(string(got), "[]") || len(d.rows.InlineKeyboard) != 2 {
		t.Errorf("got %s, %v, want two full rows", got, err)
	}
	d, err = draw(mahalla.Screen{Text: "x", Rows: [][]mahalla.Button{{}, nil}}, 42, testSigner())
	if err != nil || d.rows != nil || d.markup() != nil {
		t.Errorf("got %+v, %v, want no keyboard", d.rows, err)
	}
}

func TestEveryKindOfScreenIsTakenByTelegram(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	photo, voice, video, round := u.Photo(""), u.Voice(3), u.Video("", 4), u.VideoNote(5)
	file := map[int]string{}
	for _, m := range u.Messages() {
		file[m.ID] = m.FileID
	}
	pic := mahalla.Media{Kind: mahalla.Photo, File: file[photo], Caption: "<suv> & gaz"}
	film := mahalla.Media{Kind: mahalla.Video, File: file[video], Seconds: 4}
	u.ResetCounters()
	for _, s := range []mahalla.Screen{
		{Text: "<b>Salom</b> https://uz.uz", Silent: true, Protect: true, ReplyTo: int64(photo), Rows: [][]mahalla.Button{
			{{Label: "Ha", Press: mahalla.Press{Verb: "accept", Subject: 5}, Style: mahalla.Success}, {Label: "Xarita", URL: "https://uz.uz"}},
		}},
		{Text: "Raqam", Keys: []mahalla.Key{{Label: "Raqamim", Kind: mahalla.KeyContact}, {Label: "Yoʻq", Kind: mahalla.KeyText}}},
		{Text: "Javob", ReplyTo: 999999},
		{Media: []mahalla.Media{pic}},
		{Media: []mahalla.Media{film}},
		{Media: []mahalla.Media{{Kind: mahalla.Voice, File: file[voice], Seconds: 3}}, Protect: true},
		{Media: []mahalla.Media{{Kind: mahalla.Round, File: file[round], Seconds: 5}}, Protect: true},
		{Media: []mahalla.Media{pic, film, pic}, Silent: true},
	} {
		if _, err := w.client.Send(t.Context(), u.ID(), s); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if got := u.Received(); got != 10 {
		t.Errorf("messages: got %d, want 10", got)
	}
	var first simulator.Message
	for _, m := range u.Messages() {
		if m.Text == "Salom https://uz.uz" {
			first = m
		}
	}
	if !first.Silent || !first.Protected || first.ReplyTo != photo || len(first.Buttons) != 1 {
		t.Errorf("got %+v, want it silent, protected, a reply with one row", first)
	}
	if keys := u.Keyboard(); len(keys) != 2 {
		t.Errorf("keys: got %v, want two rows", keys)
	}
	if got := w.sim.Calls(); len(got) == 0 || !strings.Contains(callsText(got), "is_disabled") {
		t.Errorf("link previews are on")
	}
	w.must(w.client.Edit(t.Context(), u.ID(), int64(first.ID), mahalla.Screen{Text: "Boshqa"}))
	w.must(w.client.Edit(t.Context(), u.ID(), int64(first.ID), mahalla.Screen{Text: "Boshqa"})) // not modified
	w.must(w.client.React(t.Context(), u.ID(), int64(photo), "👍"))
	w.must(w.client.SetCommands(t.Context(), 0, "uz", []mahalla.Command{{Name: "start", Text: "Boshlash"}}))
	w.must(w.client.SetCommands(t.Context(), u.ID(), "", []mahalla.Command{{Name: "start", Text: "Бошлаш"}}))
	w.must(w.client.SetDescriptions(t.Context(), "ru", "Длинное", "Короткое"))
	if id, name, err := w.client.Me(t.Context()); err != nil || id == 0 || name != w.sim.Username() {
		t.Errorf("me: got %d, %q, %v", id, name, err)
	}
	w.must(w.client.SetWebhook(t.Context(), "http://127.0.0.1:1/hook", "secret", 6))
	if i, err := w.client.WebhookInfo(t.Context()); err != nil || i.URL == "" {
		t.Errorf("webhook: got %+v, %v", i, err)
	}
	w.must(w.client.DeleteWebhook(t.Context()))
	w.correct()
}

func callsText(calls []simulator.Call) string {
	b, _ := json.Marshal(calls) // our own structures
	return string(b)
}
