package bot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

// papers renders a screen whose file is made by a function.
func papers(make func() ([]byte, error)) func(*WorkerOptions, *SenderOptions) {
	return func(_ *WorkerOptions, o *SenderOptions) {
		o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			s := mahalla.Screen{Text: m.Args["text"], Silent: true, Protect: true}
			s.File = &mahalla.Document{Name: "uchrashuv.ics", MIME: "text/calendar", Make: make, Missing: "<i>no file</i>"}
			s.Rows = [][]mahalla.Button{{{Label: "Ha", Press: mahalla.Press{Verb: "yes"}}}}
			return s, nil
		}
	}
}

func TestAFileGoesWithItsCaption(t *testing.T) {
	t.Parallel()
	w := newWorld(t, papers(func() ([]byte, error) { return []byte("BEGIN:VCALENDAR\r\n"), nil }))
	u, to := w.person("a")
	w.send(to, notice("<b>34</b> &lt; 40"))
	w.turn()
	list := u.Messages()
	m := list[len(list)-1]
	if m.Kind != "document" || m.FileName != "uchrashuv.ics" || m.Text != "34 < 40" || !m.Silent || !m.Protected || len(m.Buttons) != 1 {
		t.Errorf("got %+v", m)
	}
	answer, err := http.Get(w.server.URL + "/sim/file/" + m.FileUniqueID)
	w.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	w.must(err)
	if string(body) != "BEGIN:VCALENDAR\r\n" || answer.Header.Get("Content-Type") != "text/calendar" {
		t.Errorf("got %q as %s", body, answer.Header)
	}
	w.correct()
}

func TestAMessageGoesWithoutAFileThatCannotBeMadeAndSaysSo(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2000)
	for name, make := range map[string]func() ([]byte, error){
		"an error":  func() ([]byte, error) { return nil, errors.New("no paper") },
		"a panic":   func() ([]byte, error) { panic("no paper") },
		"nothing":   func() ([]byte, error) { return nil, nil },
		"too large": func() ([]byte, error) { return bytes.Repeat([]byte("x"), mostFile+1), nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, papers(make))
			u, to := w.person("a")
			w.send(to, notice(long))
			w.turn()
			list := u.Messages()
			if m := list[len(list)-1]; m.Kind != "text" || m.Text != long+"\nno file" || len(m.Buttons) != 1 {
				t.Errorf("got %+v", m)
			}
			w.correct()
		})
	}
}

// TestAFileThatTelegramDoesNotTakeIsLeftOut counts the calls: the refused one,
// and one without the file.
func TestAFileThatTelegramDoesNotTakeIsLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, papers(func() ([]byte, error) { return []byte("x"), nil }))
	u, to := w.person("a")
	w.sim.SetFault(func(method string, _ int64) *simulator.Fault {
		if method != "sendDocument" {
			return nil
		}
		return &simulator.Fault{Status: 400, Body: `{"ok":false,"error_code":400,"description":"Bad Request: MEDIA_INVALID"}`}
	})
	w.send(to, notice("34"))
	w.turn()
	list := u.Messages()
	if m := list[len(list)-1]; m.Kind != "text" || m.Text != "34\nno file" {
		t.Errorf("got %+v", m)
	}
}

func TestAFileIsDrawnWithinTheLimits(t *testing.T) {
	t.Parallel()
	file := func() *mahalla.Document {
		return &mahalla.Document{Name: "a.pdf", MIME: "application/pdf", Make: func() ([]byte, error) { return nil, nil }, Missing: "none"}
	}
	d, err := draw(mahalla.Screen{Text: strings.Repeat("x", 5000), File: file()}, 42, testSigner())
	if err != nil || shown(d.text) != mostCaption || shown(d.instead) != mostText {
		t.Errorf("a long caption: got %d and %d units, %v", shown(d.text), shown(d.instead), err)
	}
	bare, unknown, another, silent, unmade := file(), file(), file(), file(), file()
	bare.Name, unknown.MIME, another.Name, silent.Missing, unmade.Make = ".pdf", "text/html", "a.exe", "", nil
	for name, s := range map[string]mahalla.Screen{
		"with media":           {Text: "x", File: file(), Media: []mahalla.Media{{Kind: mahalla.Photo, File: "f"}}},
		"with a picture":       {Text: "x", File: file(), Picture: file().Make},
		"without a word":       {File: file()},
		"without a name":       {Text: "x", File: bare},
		"of no known kind":     {Text: "x", File: unknown},
		"of another ending":    {Text: "x", File: another},
		"without other words":  {Text: "x", File: silent},
		"without a way to it":  {Text: "x", File: unmade},
		"with a button undone": {Text: "x", File: file(), Rows: [][]mahalla.Button{{{Label: "x"}}}},
	} {
		if _, err := draw(s, 42, testSigner()); err == nil {
			t.Errorf("%s: it was drawn", name)
		}
	}
	w := newWorld(t)
	u, _ := w.person("a")
	if err := w.client.Edit(context.Background(), u.ID(), 1, mahalla.Screen{Text: "x", File: file()}); FailureOf(err).Cause != BadMedia {
		t.Errorf("a file in place of a text: got %v", err)
	}
	if _, err := w.client.Send(context.Background(), u.ID(), mahalla.Screen{Text: "x", File: file()}); err == nil {
		t.Error("a client without a sender sent half of it")
	}
}
