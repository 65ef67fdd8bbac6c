//go:build page

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// visitor is a browser that looks at the demo.
type visitor struct {
	t   *testing.T
	ctx context.Context
}

// TestPageOfTheDemoCarriesAReportToItsVerdict runs the demo as a user would and
// walks the main road on its page: report, accept, close, verdict.
func TestPageOfTheDemoCarriesAReportToItsVerdict(t *testing.T) {
	v := browse(t, demonstrate(t).at)

	v.tap(`[data-testid="start-resident"]`)
	v.press("resident", "✅")
	v.write("resident", "12-uy oldida har kecha baland musiqa")
	v.press("resident", "🔊")
	v.reads("resident", "🟡")
	v.press("inspector", "✅ Qabul qildim")
	v.reads("resident", "🔵")
	v.press("inspector", "🏁 Yopish")
	v.press("inspector", "🏁 Hal boʻldi")
	v.write("inspector", "Gaplashdim, tinchlandi")
	v.reads("resident", "Gaplashdim, tinchlandi")
	v.press("resident", "✅ Hal boʻldi")
	v.press("resident", "5 ⭐")
	v.reads("resident", "Bahoingiz: 5")
	for _, step := range []string{"report", "accepted", "closed", "judged"} {
		v.until(ticked(step))
	}
	v.until("!(" + ticked("climbs") + ")")
	v.mustBeCorrect()
}

// TestPageOfTheDemoLosesNothingThroughFaults kills the bot in the middle of a
// draft, empties its Redis, takes Telegram away while somebody presses, and goes
// on each time.
func TestPageOfTheDemoLosesNothingThroughFaults(t *testing.T) {
	v := browse(t, demonstrate(t).at)

	v.tap(`[data-testid="start-resident"]`)
	v.press("resident", "✅")
	v.write("resident", "12-uy oldida har kecha baland musiqa")
	v.until(button("resident", "✖️"))
	v.tap(`[data-testid="sheet-faults"]`)
	v.tap(`[data-testid="fault-kill"]`)
	v.until(said("kills", `Back after [\d.]+ s\. Lost: 0\.`))
	v.press("resident", "🔊")
	v.reads("resident", "🟡")
	v.until(ticked("killed"))

	v.tap(`[data-testid="fault-flush"]`)
	v.tap(`[data-testid="fault-500"]`)
	v.until(`document.querySelector('[data-testid="fault-500"]').getAttribute('aria-checked') === 'true'`)
	v.press("inspector", "✅ Qabul qildim")
	v.until(`document.querySelector('[data-testid="unanswered"]').textContent === '1'`)
	v.until(`document.querySelector('[data-testid="call"].bad')`)
	v.tap(`[data-testid="fault-500"]`)
	v.reads("resident", "🔵")
	v.until(said("flushes", `Full again after`))
	v.mustBeCorrect()
}

// TestPageOfTheDemoFindsAMahallaByAPin sends a pin from the map, from a phone
// that was not on the desk, to a bot that answers in another script.
func TestPageOfTheDemoFindsAMahallaByAPin(t *testing.T) {
	v := browse(t, demonstrate(t).at)

	v.tap(`[data-testid="switch-neighbour"]`)
	v.tap(`[data-testid="choose-elder"]`)
	v.tap(`[data-testid="attach-elder"]`)
	v.tap(`[data-testid="attach-map"]`)
	v.tap(`#map .chart [data-code="DEMO-1012"]`)
	v.reads("elder", "Чинор")
	v.until(ticked("pin"))
	v.mustBeCorrect()
}

// ticked is an expression: the tour says that a step is done.
func ticked(step string) string {
	return fmt.Sprintf(`document.querySelector('[data-testid="step-%s"]').dataset.done === 'true'`, step)
}

// said is an expression: a part of the page has a text.
func said(part, pattern string) string {
	return fmt.Sprintf(`/%s/.test(document.querySelector('[data-testid="%s"]').textContent)`, pattern, part)
}

// mustBeCorrect looks at the simulator's counts.
func (v *visitor) mustBeCorrect() {
	v.t.Helper()
	for _, count := range []string{"departures", "unanswered"} {
		v.until(fmt.Sprintf(`document.querySelector('[data-testid="%s"]').textContent === '0'`, count))
	}
}

func browse(t *testing.T, url string) *visitor {
	t.Helper()
	profile, err := os.MkdirTemp("", "demo-page")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // Chromium may still be writing
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile), chromedp.WindowSize(1900, 1050),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, end := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	t.Cleanup(end)
	// The browser lives as long as the context that it starts in.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, ctx: ctx}
	v.do(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("body[data-ready]")))
	return v
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatal(err)
	}
}

func (v *visitor) tap(selector string) {
	v.t.Helper()
	v.do(chromedp.Click(chromedp.CSS(selector)))
}

// until waits for an expression to become true.
func (v *visitor) until(expression string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
		_, _ = chromedp.Run(ctx, chromedp.Sleep(50*time.Millisecond)) // a break that the context ends
	}
	v.shoot("failed")
	v.t.Fatalf("never true: %s", expression)
}

// button is an expression for the newest button of a phone with a label.
func button(phone, label string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('[data-testid="phone-%s"] [data-testid="button"]')].filter((b) => b.textContent.includes(%q)).at(-1)`, phone, label)
}

// press waits for a button and presses it.
func (v *visitor) press(phone, label string) {
	v.t.Helper()
	v.until(button(phone, label))
	v.until(`(` + button(phone, label) + `.click(), true)`)
}

// write types into a phone and sends it.
func (v *visitor) write(phone, text string) {
	v.t.Helper()
	v.do(chromedp.SendKeys(chromedp.CSS(`[data-testid="input-`+phone+`"]`), text))
	v.tap(`[data-testid="send-` + phone + `"]`)
}

// reads waits until a phone shows a text from the bot.
func (v *visitor) reads(phone, text string) {
	v.t.Helper()
	v.until(fmt.Sprintf(`[...document.querySelectorAll('[data-testid="phone-%s"] [data-from="bot"]')].some((m) => m.textContent.includes(%q))`, phone, strings.TrimSpace(text)))
}

// TestPageOfTheDemoCallsAMeeting calls a meeting of the commission on the matter
// that is ready, lets a member answer and take it into the calendar, and pushes the
// clock until it is reminded of.
func TestPageOfTheDemoCallsAMeeting(t *testing.T) {
	v := browse(t, demonstrate(t).at)

	v.tap(`[data-testid="switch-neighbour"]`)
	v.tap(`[data-testid="choose-secretary"]`)
	v.write("secretary", "/majlis 05.12 10:00")
	v.write("secretary", "Mahalla idorasi, 2-xona")
	v.reads("secretary", "Kun tartibi")
	v.press("secretary", "⏩")
	v.reads("secretary", "Kimlar taklif qilinadi")
	v.press("secretary", "⏩")
	v.press("secretary", "✅ Taklif yuborish")
	v.until(ticked("convened"))
	v.tap(`[data-testid="switch-senior"]`)
	v.tap(`[data-testid="choose-social"]`)
	v.press("social", "✅ Приду")
	v.until(ticked("coming"))
	v.write("social", "/ics")
	v.reads("social", "vstrecha-2026-12-05.ics")
	v.shoot("called")
	for range 10 {
		v.tap(`[data-testid="clock-1d"]`)
	}
	v.reads("social", "⏰")
	v.shoot("reminded")
	v.mustBeCorrect()
}

// shoot keeps a picture of the page where the environment wants one, for somebody
// to look at.
func (v *visitor) shoot(name string) {
	v.t.Helper()
	folder := os.Getenv("PAGE_PICTURES")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		v.t.Fatal(err)
	}
}
