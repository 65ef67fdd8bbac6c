//go:build page

package page_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"koprik/bot/simulator"
	"koprik/bot/simulator/page"
)

// town is five people more, so that not all phones find room.
var town = []simulator.Person{
	{Key: "head", FirstName: "Nodira"}, {Key: "senior", FirstName: "Карим"}, {Key: "chair", FirstName: "Мавлуда"},
	{Key: "elder", FirstName: "Тоҳир"}, {Key: "student", FirstName: "Jasur"},
}

// place tells whose phone lies in a place of the desk, counted from 0.
func place(n int, key string) string {
	return fmt.Sprintf(`document.querySelector('[data-place="%d"]').dataset.key === %q`, n, key)
}

func badge(key, count string) string {
	return fmt.Sprintf(`(() => { const b = document.querySelector('[data-testid="face-%s"] .badge'); return (b.hidden ? '' : b.textContent) === %q; })()`, key, count)
}

func TestOnThePageAPhoneChangesHands(t *testing.T) {
	d := openWith(t, map[string]func() string{"/demo/info": always(`{"people":[{"key":"resident","role":"resident","place":{"uz-Latn":"Gʻuncha"}}],"phones":["resident","inspector","senior"]}`), "/demo/cases": always("[]")}, town...)
	d.is(place(0, "resident") + " && " + place(1, "inspector") + " && " + place(2, "senior"))
	d.is(`document.querySelectorAll('.phone').length === 4`)
	d.is(`document.querySelector('` + resident + `.role').textContent === 'Fuqaro · Gʻuncha'`)

	// What comes to somebody whose phone is not there is counted.
	d.sim.User("student").Start("")
	d.is(badge("student", "1"))
	d.tap(`[data-testid="switch-inspector"]`)
	d.is(`document.querySelector('[data-testid="choose-student"] .badge').textContent === '1'`)
	d.tap(`[data-testid="choose-student"]`)
	d.is(place(0, "resident") + " && " + place(1, "student") + ` && !document.querySelector('.crowd')`)
	d.see(`[data-testid="phone-student"] [data-from="bot"]`)
	d.is(badge("student", ""))

	// Somebody who is there already changes places; Escape changes nothing.
	d.tap(`[data-testid="switch-resident"]`)
	d.tap(`[data-testid="choose-senior"]`)
	d.is(place(0, "senior") + " && " + place(2, "resident"))
	d.tap(`[data-testid="switch-senior"]`)
	d.do(chromedp.KeyEvent(kb.Escape))
	d.is(`!document.querySelector('.crowd') && document.activeElement.dataset.testid === 'switch-senior'`)

	// A face above brings a phone to the desk, and the choice is remembered.
	d.tap(`[data-testid="face-chair"]`)
	d.see(`[data-testid="phone-chair"]`)
	d.is(`document.querySelectorAll('.phone').length === 4`)
	d.do(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("body[data-ready]")))
	d.see(`[data-testid="phone-chair"]`)
	d.see(`[data-testid="phone-student"]`)
	if got := d.complaints(); len(got) != 0 {
		t.Errorf("the browser complains: %q", got)
	}
}

func TestOnThePageOfABotThatRunsElsewhereALinkIsOpenedAndTheClockIsLeftAlone(t *testing.T) {
	d := openAs(t, page.Options{Language: "uz-Latn", Guest: true}, nil)
	d.see(`#clock-fixed`)
	d.is(`document.querySelector('#clock .row').hidden`)
	link := `t.me/` + d.sim.Username() + `?start=i_token`
	for n, address := range []string{link, "https://" + link} { // before START, and after it
		d.do(chromedp.SendKeys(chromedp.CSS(`[data-testid="link-inspector"]`), address))
		d.tap(`[data-testid="open-inspector"]`)
		d.is(fmt.Sprintf(`[...document.querySelectorAll('[data-testid="phone-inspector"] .mine .words')].filter((node) => node.textContent === '/start i_token').length === %d`, n+1))
	}
	d.do(chromedp.SendKeys(chromedp.CSS(`[data-testid="link-inspector"]`), "t.me/another_bot?start=x"))
	d.tap(`[data-testid="open-inspector"]`)
	d.is(`document.querySelector('[data-testid="toast-inspector"]').textContent !== ''`)
}

func TestOnThePageAButtonKeepsItsWordsWholeAndTheTourShowsWhatItMarks(t *testing.T) {
	d := openWith(t, map[string]func() string{"/demo/info": always(`{"tour":true,"begun":"one","people":[],"phones":["resident","inspector"]}`), "/demo/cases": always(`[]`)})
	d.do(chromedp.EmulateViewport(1366, 657))
	d.tap(`[data-testid="start-resident"]`)
	d.see(resident + `[data-from="bot"]`)
	send := func(text string, rows ...[]any) {
		err := echo{api: d.server.URL + "/bot" + d.sim.Token() + "/"}.call(t.Context(), "sendMessage", map[string]any{
			"chat_id": d.sim.User("resident").ID(), "text": text, "reply_markup": map[string]any{"inline_keyboard": rows},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	button := func(text string) any { return map[string]any{"text": text, "callback_data": text} }
	send("languages", []any{button("✓ Oʻzbekcha"), button("Ўзбекча"), button("Русский")})
	d.is(`[...document.querySelectorAll('` + resident + `[data-testid="button"]')].at(-3).getBoundingClientRect().height < 45`) // one line
	d.is(`[...document.querySelectorAll('` + resident + `[data-testid="button"]')].at(-3).textContent === '✓ Oʻzbekcha'`)

	// What is marked lies in a message longer than the screen, under its text.
	send("topics", []any{button("🔊 Shovqin")}, []any{button("a")}, []any{button("b")}, []any{button("c")}, []any{button("d")},
		[]any{button("e")}, []any{button("f")}, []any{button("g")}, []any{button("h")})
	d.is(`(() => {
		const mark = document.querySelector('.here'), list = mark?.closest('.scroller');
		if (!mark?.textContent.includes('🔊')) return false;
		const [at, room] = [mark.getBoundingClientRect(), list.getBoundingClientRect()];
		return at.top >= room.top && at.bottom <= room.bottom && document.elementFromPoint(at.x + at.width / 2, at.y + 4).closest('button') === mark;
	})()`)
}

func TestOnThePageAGroupIsAChatOfSeveral(t *testing.T) {
	d := open(t, "")
	d.sim.AddGroup("yard", "Hovli", d.sim.User("resident"), d.sim.User("inspector"))
	d.tap(`[data-testid="chat-yard-resident"]`)
	d.see(`[data-testid="log-yard"]`)
	d.do(chromedp.SendKeys(chromedp.CSS(`[data-testid="input-resident"]`), "Salom"))
	d.tap(`[data-testid="send-resident"]`)
	d.is(`document.querySelector('` + resident + `.mine .words').textContent === 'Salom' && !document.querySelector('` + resident + `.mine .who b')`)
	d.is(`document.querySelector('[data-testid="chat-yard-inspector"] .badge').textContent === '1'`)
	d.tap(`[data-testid="chat-yard-inspector"]`)
	d.is(`document.querySelector('[data-testid="phone-inspector"] .theirs .who').textContent === 'Aziza'`)
	d.is(`document.querySelector('[data-testid="chat-yard-inspector"] .badge').hidden && document.querySelector('[data-testid="attach-inspector"]').hidden`)
}

// square is a district of one mahalla: 41.00 to 41.02 north, 64.00 to 64.02 east.
const square = `[{"code":"D","kind":"district","name":"Namuna","rings":[[[64,41],[64.02,41],[64.02,41.02],[64,41.02],[64,41]]]},
	{"code":"M","kind":"mahalla","name":{"uz-Latn":"Gʻuncha"},"rings":[[[64,41],[64.02,41],[64.02,41.02],[64,41.02],[64,41]]]}]`

func TestOnThePageAPressOnTheMapSendsAPin(t *testing.T) {
	d := openWith(t, map[string]func() string{"/demo/info": always(`{"map":"/demo/map"}`), "/demo/map": always(square)})
	d.tap(`[data-testid="sheet-map"]`)
	d.tap(`#map .chart .mahalla`)
	d.is(`document.querySelector('[data-testid="pin-said"]').textContent.includes('boshlang')`) // nobody has pressed START
	d.tap(`[data-testid="start-resident"]`)
	d.tap(`[data-testid="attach-resident"]`)
	d.tap(`[data-testid="attach-map"]`)
	d.tap(`#map .chart .mahalla`)
	d.see(resident + `.kind-location .chart`)
	d.see(`#map .pin`)
	d.is(`document.querySelector('[data-testid="pin-said"]').textContent === 'Aziza joy yubordi: Gʻuncha'`)
	d.do(chromedp.Focus(chromedp.CSS(`#map .chart`)), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
	d.is(`document.querySelectorAll('` + resident + `.kind-location').length === 2`)
	var found []simulator.Location
	for _, m := range d.sim.User("resident").Messages() {
		if m.Location != nil {
			found = append(found, *m.Location)
		}
	}
	if len(found) != 2 || found[0].Latitude < 41.009 || found[0].Latitude > 41.011 || found[0].Longitude < 64.009 || found[0].Longitude > 64.011 ||
		found[1].Longitude <= found[0].Longitude {
		t.Errorf("pins: got %+v, want the middle of the square and a step to the right", found)
	}
}

func TestOnThePageTheFaultSwitchesShowWhatIsSet(t *testing.T) {
	d := open(t, "")
	on := func(key string) string {
		return fmt.Sprintf(`document.querySelector('[data-testid="fault-%s"]').getAttribute('aria-checked') === 'true'`, key)
	}
	d.tap(`[data-testid="sheet-faults"]`)
	d.tap(`[data-testid="fault-500"]`)
	d.is(on("500"))
	d.tap(`[data-testid="start-resident"]`)
	d.tap(`[data-testid="sheet-calls"]`)
	d.see(`[data-testid="call"].bad`)
	d.tap(`[data-testid="sheet-faults"]`)
	d.tap(`[data-testid="fault-slow"]`)
	d.tap(`[data-testid="fault-429"]`)
	d.is(on("429") + " && " + on("slow") + " && !(" + on("500") + ")")
	d.do(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("body[data-ready]")))
	d.is(on("429") + " && " + on("slow"))
	d.tap(`[data-testid="sheet-faults"]`)
	d.tap(`[data-testid="fault-429"]`)
	d.tap(`[data-testid="fault-slow"]`)
	d.is("!(" + on("429") + ") && !(" + on("slow") + ")")

	// A fault for some calls goes out by itself.
	d.tap(`[data-testid="fault-lost"]`)
	d.is(on("lost"))
	for range 3 {
		r, err := http.Post(d.server.URL+"/bot"+d.sim.Token()+"/sendMessage", "application/json", strings.NewReader(fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, d.sim.User("resident").ID())))
		if err == nil {
			_ = r.Body.Close()
			t.Errorf("got %s, want a lost answer", r.Status)
		}
	}
	d.is("!(" + on("lost") + ")")
}

func TestOnThePageTheTourTicksByWhatHappened(t *testing.T) {
	var cases, bot atomic.Value
	cases.Store(`[{"number":"0000-0000","status":"closed","lines":[{"kind":"filed"},{"kind":"closed"}]}]`)
	bot.Store(`{"pid":1,"seconds":1,"works":true,"kills":[],"flushes":[]}`)
	d := openWith(t, map[string]func() string{
		"/demo/info":  always(`{"tour":true,"begun":"one","bot":"/demo/bot","kill":"/demo/kill","people":[],"phones":["resident","inspector"]}`),
		"/demo/cases": func() string { return cases.Load().(string) },
		"/demo/bot":   func() string { return bot.Load().(string) },
		"/demo/people": func() string {
			return `{"resident":"uz-Latn"}`
		},
	})
	done := func(key string) string {
		return fmt.Sprintf(`document.querySelector('[data-testid="step-%s"]').dataset.done === 'true'`, key)
	}
	d.is(`document.querySelector('.here').dataset.testid === 'start-resident'`)
	d.tap(`[data-testid="start-resident"]`) // a click is no step
	d.see(resident + `[data-from="bot"]`)
	d.is(`document.querySelector('.here').classList.contains('line') && !(` + done("report") + `)`)

	cases.Store(`[{"number":"1111-1111","status":"accepted","lines":[{"kind":"filed"},{"kind":"accepted"}]},{"number":"0000-0000","status":"closed","lines":[]}]`)
	d.sim.User("resident").Text("so that something changes")
	d.is(done("report") + " && " + done("accepted") + " && !(" + done("closed") + ")")
	d.is(`document.querySelector('[data-testid="guide-text"]').textContent.startsWith('Bekzod')`)

	bot.Store(`{"pid":2,"seconds":1,"works":true,"kills":[{"at":"2026-07-01T09:00:00Z","back_ms":100,"settled_ms":200,"updates":3,"lost":0}],"flushes":[]}`)
	d.is(done("killed"))
	d.tap(`[data-testid="tour-leave"]`)
	d.is(`document.getElementById('guide').hidden && !document.querySelector('.here')`)
	d.is(`document.getElementById('tab-cases').getAttribute('aria-selected') === 'true'`) // what comes after the tour
	d.tap(`[data-testid="sheet-tour"]`)
	d.tap(`[data-testid="tour-on"]`)
	d.see(`[data-testid="guide"]`)
	d.tap(`[data-testid="tour-again"]`)
	d.is("!(" + done("report") + ") && !(" + done("killed") + ")")
}
