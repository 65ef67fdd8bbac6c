package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
)

func TestTheWholeRoadByPolling(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served().settled()
	p := w.run()
	p.ready()
	w.wholeRoad()
	w.orderHolds()
	w.honour()
	t.Logf("run: SIGTERM to exit %s", p.stop().Round(time.Millisecond))
}

func TestTheWholeRoadByWebhook(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served().settled()
	w.env["TELEGRAM_MODE"], w.env["WEBHOOK_URL"], w.env["WEBHOOK_SECRET"] = "webhook", "http://"+w.env["HTTP_ADDR"], "sixteen-letters-of-secret"
	p := w.run()
	p.ready()
	w.wholeRoad()
	w.orderHolds()
	w.honour()
	for _, c := range w.telegram.Calls() {
		if c.Method == "getUpdates" || c.Method == "deleteWebhook" {
			t.Errorf("with a webhook: got a call of %s, want none", c.Method)
		}
	}
	p.stop()
}

// counts are what one act cost a person.
type counts struct{ taps, sent, received int }

// cost counts what a person does and gets during an act.
func (w *town) cost(u *simulator.User, act func()) counts {
	w.t.Helper()
	w.settle()
	u.ResetCounters()
	act()
	w.settle()
	return counts{u.Taps(), u.Sent(), u.Received()}
}

// wholeRoad walks from the invitation of an inspector to the stars of a
// resident, and counts every tap and message on the way.
func (w *town) wholeRoad() {
	w.t.Helper()
	inspector, resident := w.person("Inspector"), w.person("Resident")
	w.join(inspector, "inspector", "DEMO-1011")

	first := w.cost(resident, func() {
		resident.Start("m_DEMO-1011")
		w.press(resident, "✅")
		w.settle()
		resident.Text("12-uy oldida har kecha baland musiqa")
		w.press(resident, "🔊")
	})
	w.expect("the first report, by a poster", first, counts{taps: 3, sent: 1, received: 2})

	accept := w.cost(inspector, func() { w.press(inspector, "✅") })
	w.expect("accepting", accept, counts{taps: 1})
	w.mustSee(resident, "🔵")

	promise := w.cost(inspector, func() { w.press(inspector, "Ertaga") })
	w.expect("promising", promise, counts{taps: 1})
	w.mustSee(resident, "🔵", "🗓")

	closing := w.cost(inspector, func() {
		w.press(inspector, "🏁")
		w.press(inspector, "🏁 Ogohlantirildi")
		w.settle()
		inspector.Text("Uy egasi bilan gaplashdim")
	})
	w.expect("closing", closing, counts{taps: 2, sent: 1})
	w.mustSee(resident, "🏁", "Uy egasi bilan gaplashdim")

	verdict := w.cost(resident, func() {
		w.press(resident, "✅ Hal boʻldi")
		w.press(resident, "5 ⭐")
	})
	w.expect("verdict and stars", verdict, counts{taps: 2})
	w.mustSee(resident, "Bahoingiz: 5")

	again := w.cost(resident, func() {
		resident.Text("Yana musiqa")
		w.press(resident, "🔊")
	})
	w.expect("a repeat report", again, counts{taps: 1, sent: 1, received: 1})
}

func (w *town) expect(what string, got, want counts) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s: got %+v, want %+v\n%s", what, got, want, w.telegram.Transcript())
	}
}

func (w *town) mustSee(u *simulator.User, parts ...string) {
	w.t.Helper()
	if !sees(u, parts...) {
		w.t.Errorf("%s sees no message with %q:\n%s", u.Key(), parts, w.telegram.Transcript(u))
	}
}

// orderHolds lets many people write faster than the bot can answer: what each
// wrote is read in order and answered in order, and nobody is told anything of
// a draft that was filed meanwhile.
func (w *town) orderHolds() {
	w.t.Helper()
	const people, parts = 12, 6
	var crowd []*simulator.User
	for n := range people {
		u := w.person(fmt.Sprint("Crowd", n))
		u.Start("m_DEMO-1010")
		crowd = append(crowd, u)
	}
	for _, u := range crowd {
		w.press(u, "✅")
	}
	w.settle()
	var words []string
	for n := range parts {
		words = append(words, fmt.Sprint("soʻz", n))
		for _, u := range crowd {
			u.Text(words[n])
		}
	}
	for _, u := range crowd {
		for _, text := range []string{"/privacy", "/mavzu shovqin", "/yoq", "/help"} {
			u.Text(text)
		}
	}
	w.settle()
	for _, u := range crowd {
		w.mustSee(u, "№", strings.Join(words, "\n"))
		privacy, unknown, help := place(u, "Maxfiylik"), place(u, "Bunday buyruq yoʻq"), place(u, "Qanday ishlaydi")
		if privacy < 0 || unknown < privacy || help < unknown || sees(u, "Bekor qilindi") {
			w.t.Fatalf("the answers to privacy, an unknown command and help stand at %d, %d, %d; want them in this order and no word of a dropped draft:\n%s",
				privacy, unknown, help, w.telegram.Transcript(u))
		}
	}
}

// place is where the bot's message with such a text stands in the chat.
func place(u *simulator.User, part string) int {
	return slices.IndexFunc(u.Messages(), func(m simulator.Message) bool { return m.FromBot && strings.Contains(m.Text, part) })
}
