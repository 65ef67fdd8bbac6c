//go:build page

package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"koprik/bot/simulator"
	"koprik/bot/simulator/page"
)

// echo is a small bot on the standard library: it answers a text with a card,
// and a press with a toast and an edit of the card.
type echo struct {
	api    string
	faulty bool // calls may fail
}

type update struct {
	ID      int `json:"update_id"`
	Message *struct {
		Chat struct{ ID int64 }
		Text string
	}
	Callback *struct {
		ID      string
		Message struct {
			ID   int `json:"message_id"`
			Chat struct{ ID int64 }
		}
	} `json:"callback_query"`
}

func (e echo) call(ctx context.Context, method string, params map[string]any, result any) error {
	b, err := json.Marshal(params)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.api+method, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	v := struct {
		OK          bool
		Description string
		Result      json.RawMessage
	}{}
	if err := json.NewDecoder(answer.Body).Decode(&v); err != nil {
		return err
	}
	if !v.OK {
		return fmt.Errorf("%s: %s", method, v.Description)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(v.Result, result)
}

// run answers until ctx ends; a cut connection is tried again.
func (e echo) run(ctx context.Context, t *testing.T) {
	for offset := 0; ctx.Err() == nil; {
		var list []update
		if err := e.call(ctx, "getUpdates", map[string]any{"offset": offset, "timeout": 5}, &list); err != nil {
			select { // Telegram is away on purpose
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		for _, u := range list {
			offset = u.ID + 1
			if err := e.answer(ctx, u); err != nil && ctx.Err() == nil && !e.faulty {
				t.Error(err)
			}
		}
	}
}

func (e echo) answer(ctx context.Context, u update) error {
	if u.Message != nil {
		return e.call(ctx, "sendMessage", map[string]any{
			"chat_id": u.Message.Chat.ID, "text": "<b>card</b>: " + strings.NewReplacer("<", "&lt;", "&", "&amp;").Replace(u.Message.Text), "parse_mode": "HTML",
			"reply_markup": map[string]any{"inline_keyboard": [][]any{{map[string]any{"text": "Take", "callback_data": "take", "style": "success"}}}},
		}, nil)
	}
	q := u.Callback
	if q == nil {
		return nil // blocked, or let in again
	}
	if err := e.call(ctx, "answerCallbackQuery", map[string]any{"callback_query_id": q.ID, "text": "taken"}, nil); err != nil {
		return err
	}
	return e.call(ctx, "editMessageText", map[string]any{"chat_id": q.Message.Chat.ID, "message_id": q.Message.ID, "text": "<i>edited card</i>", "parse_mode": "HTML"}, nil)
}

// desk is the page in a browser, with its simulator and bot.
type desk struct {
	t      *testing.T
	ctx    context.Context
	sim    *simulator.Server
	server *httptest.Server
	mu     sync.Mutex
	faults []string // what the browser complained about
}

// open begins; cases is what GET /demo/cases answers, nothing when empty.
func open(t *testing.T, cases string) *desk {
	t.Helper()
	return openWith(t, map[string]func() string{
		"/demo/info":  always(`{"people":[{"key":"resident","role":"resident","start":"m_DEMO-1011","posters":[{"code":"m_DEMO-1011","name":"Gʻuncha"},{"code":"m_DEMO-1012","name":"Doʻstlik"}]}],"phones":["resident","inspector"]}`),
		"/demo/cases": always(cases),
	})
}

func always(text string) func() string { return func() string { return text } }

// openWith begins with a server that answers some paths in JSON, and leaves out
// those whose answer is empty.
func openWith(t *testing.T, answers map[string]func() string, more ...simulator.Person) *desk {
	t.Helper()
	return openAs(t, page.Options{Language: "uz-Latn"}, answers, more...)
}

// openAs does so on a page with other options.
func openAs(t *testing.T, options page.Options, answers map[string]func() string, more ...simulator.Person) *desk {
	t.Helper()
	d := &desk{t: t, sim: simulator.New(simulator.Config{})}
	d.sim.AddPerson(simulator.Person{Key: "resident", FirstName: "Aziza", Language: "uz"})
	d.sim.AddPerson(simulator.Person{Key: "inspector", FirstName: "Bekzod", Language: "uz"})
	mux := http.NewServeMux()
	mux.Handle("/", page.Handler(options))
	mux.Handle("/sim/", d.sim)
	mux.Handle("/bot"+d.sim.Token()+"/", d.sim)
	for _, p := range more {
		d.sim.AddPerson(p)
	}
	for path, answer := range answers {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			text := answer()
			if text == "" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(text))
		})
	}
	d.server = httptest.NewServer(mux)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	var bot sync.WaitGroup
	bot.Go(func() {
		echo{api: d.server.URL + "/bot" + d.sim.Token() + "/", faulty: strings.Contains(t.Name(), "Fault")}.run(ctx, t)
	})
	t.Cleanup(func() {
		cancel()
		d.sim.Close()
		bot.Wait()
		d.server.Close()
	})
	d.browse(ctx)
	return d
}

func (d *desk) browse(ctx context.Context) {
	// Chromium may still be writing when it is told to go.
	profile, err := os.MkdirTemp("", "page")
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = os.RemoveAll(profile) })
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile), chromedp.WindowSize(1600, 1000),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, end := chromedp.NewExecAllocator(ctx, flags...)
	d.t.Cleanup(end)
	d.ctx, end = chromedp.NewContext(ctx)
	d.t.Cleanup(end)
	messages := chromedp.Console(d.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			d.mu.Lock()
			d.faults = append(d.faults, m.String())
			d.mu.Unlock()
		}
	}()
	d.do(chromedp.Navigate(d.server.URL), chromedp.WaitVisible(chromedp.CSS("body[data-ready]")))
}

func (d *desk) do(steps ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, 15*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		d.t.Fatalf("%v\n%s\n%q", err, d.sim.Transcript(), d.complaints())
	}
}

func (d *desk) complaints() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string{}, d.faults...)
}

func (d *desk) see(selector string) { d.t.Helper(); d.do(chromedp.WaitVisible(chromedp.CSS(selector))) }
func (d *desk) tap(selector string) { d.t.Helper(); d.do(chromedp.Click(chromedp.CSS(selector))) }

// is waits until an expression is true.
func (d *desk) is(expression string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, 15*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
		_, _ = chromedp.Run(ctx, chromedp.Sleep(20*time.Millisecond)) // a break that the context ends
	}
	d.t.Fatalf("never true: %s\n%s\n%q", expression, d.sim.Transcript(), d.complaints())
}

func text(testid string) string {
	return fmt.Sprintf("document.querySelector('[data-testid=%q]').textContent", testid)
}

const resident = `[data-testid="phone-resident"] `

func TestOnThePageAPersonStartsWritesPressesAndSeesTheEdit(t *testing.T) {
	d := open(t, `[{"number":"4821-0937","title":{"uz-Latn":"Shovqin"},"status":"accepted","lines":[{"at":"2026-07-01T05:40:00Z","kind":"escalated","level":2,"late":true,"note":""},{"at":"2026-07-01T05:41:00Z","text":"taken"},"done"]}]`)
	d.tap(resident + `.poster:nth-of-type(2)`)
	d.tap(`[data-testid="start-resident"]`)
	d.see(resident + `[data-from="bot"]`)
	d.is(`document.querySelector('` + resident + `.words').textContent === '/start m_DEMO-1012'`)

	d.do(chromedp.SendKeys(chromedp.CSS(`[data-testid="input-resident"]`), "<img src=x onerror=alert(1)>"))
	d.tap(`[data-testid="send-resident"]`)
	d.is(`document.querySelectorAll('` + resident + `[data-from="bot"]').length === 2`)
	d.is(`!document.querySelector('` + resident + `.words img') && document.querySelector('` + resident + `[data-id]:last-child .words').textContent.includes('<img')`)
	d.is(`document.querySelector('` + resident + `[data-id]:last-child strong').textContent === 'card'`)

	// An edit changes its own message and leaves every other node alone.
	d.is(`document.querySelectorAll('` + resident + `.unit').forEach((node) => { node.kept = true; node.querySelector('.words').firstChild.kept = true; }) === undefined`)
	d.tap(resident + `[data-id]:last-child [data-testid="button"]`)
	d.see(resident + `[data-id]:last-child [data-testid="edited"]`)
	d.is(`document.querySelector('` + resident + `[data-id]:last-child em').textContent === 'edited card'`)
	d.is(`[...document.querySelectorAll('` + resident + `.unit')].every((node) => node.kept)`)
	d.is(`[...document.querySelectorAll('` + resident + `.words')].filter((node) => !node.firstChild.kept).length === 1`)
	d.is(text("toast-resident") + ` === 'taken'`)
	d.is(text("taps-resident") + ` === '2' && ` + text("sent-resident") + ` === '1' && ` + text("taps-inspector") + ` === '0'`)
	d.is(text("departures") + ` === '0' && ` + text("unanswered") + ` === '0'`)
	d.is(`document.querySelector('[data-testid="call"]').dataset.method === 'editMessageText'`)
	d.tap(`#tab-cases`)
	d.see(`[data-testid="case"]`)
	d.is(`document.querySelector('[data-testid="case"] ol').textContent === '10:40Yuqoriga yuborildi · 2-bosqich · kechikib10:41takendone'`)
	if got := d.complaints(); len(got) != 0 {
		t.Errorf("the browser complains: %q", got)
	}
}

func TestOnThePageTheStreamGoesOnAfterABreak(t *testing.T) {
	d := open(t, "")
	d.tap(`[data-testid="start-resident"]`)
	d.see(resident + `[data-from="bot"]`)
	d.server.CloseClientConnections()
	d.sim.User("resident").Text("while away")
	d.is(`[...document.querySelectorAll('` + resident + `.words')].some((node) => node.textContent === 'while away')`)
	d.is(`document.querySelectorAll('` + resident + `.unit').length === 4`)
	d.is(`document.getElementById('offline').hidden`)
	d.is(`document.getElementById('tab-cases').hidden`)
}

func TestOnThePageTheClockTheSwitchesAndTheLanguages(t *testing.T) {
	d := open(t, "")
	before := d.sim.Now()
	d.tap(`[data-testid="clock-morning"]`)
	d.is(text("clock-time") + ` === '09:05'`)
	if got := d.sim.Now(); !got.After(before) || got.UTC().Hour() != 4 {
		t.Errorf("next morning: got %v after %v, want 04:05 UTC", got, before)
	}
	d.tap(`[data-testid="clock-10m"]`)
	d.is(text("clock-time") + ` === '09:15'`)

	d.tap(`[data-testid="start-resident"]`)
	d.tap(`[data-testid="language-ru"]`)
	d.is(`document.documentElement.lang === 'ru' && document.querySelector('` + resident + `.role').textContent === 'Житель'`)
	d.tap(`[data-testid="block-resident"]`)
	d.is(`document.querySelector('[data-testid="block-resident"]').getAttribute('aria-checked') === 'true'`)
	d.see(`[data-testid="start-resident"]`)
	d.tap(`[data-testid="block-resident"]`)
	d.see(`[data-testid="input-resident"]`)

	d.tap(`[data-testid="attach-resident"]`)
	d.tap(resident + `[data-testid="attach-album"]`)
	d.see(resident + `[data-testid="album"][data-count="3"]`)
	d.is(`[...document.querySelectorAll('` + resident + `img')].map((img) => { img.kept = true; }).length === 3`)
	for _, m := range d.sim.User("resident").Messages() {
		if m.AlbumID != "" {
			d.sim.User("resident").EditText(m.ID, "with words")
			break
		}
	}
	d.is(`document.querySelector('` + resident + `.unit:has(.album) .words').textContent === 'with words'`)
	d.is(`[...document.querySelectorAll('` + resident + `img')].every((img) => img.kept)`)
	d.do(chromedp.EmulateViewport(390, 844))
	d.tap(`[data-testid="tab-inspector"]`)
	d.see(`[data-testid="start-inspector"]`)
	d.is(`document.documentElement.scrollWidth <= 390`)
}
