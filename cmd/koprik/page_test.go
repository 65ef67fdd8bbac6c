//go:build page

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"koprik/storage/storagetest"
)

// screen is what the demo prints, read while it runs.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// visitor is a browser that looks at the demo.
type visitor struct {
	t   *testing.T
	ctx context.Context
}

// TestPageOfTheDemoCarriesAReportToItsVerdict runs the demo as a user would and
// walks the main road on its page: report, accept, close, verdict.
func TestPageOfTheDemoCarriesAReportToItsVerdict(t *testing.T) {
	var out screen
	ended := make(chan int, 1)
	go func() {
		ended <- program([]string{"demo"}, []string{"DATA_DIR=" + storagetest.Dir(t), "HTTP_ADDR=127.0.0.1:0"}, &out, &out)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM) // as Ctrl-C does
		if code := <-ended; code != 0 {
			t.Errorf("exit code: got %d, want 0; it said: %s", code, out.String())
		}
	})
	v := browse(t, whereItIs(t, &out, ended))

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
	for _, count := range []string{"departures", "unanswered"} {
		v.until(fmt.Sprintf(`document.querySelector('[data-testid="%s"]').textContent === '0'`, count))
	}
}

var printed = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// whereItIs waits for the demo to print where it is.
func whereItIs(t *testing.T, out *screen, ended chan int) string {
	t.Helper()
	limit := time.NewTimer(time.Minute)
	defer limit.Stop()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		if found := printed.FindString(out.String()); found != "" {
			return found
		}
		select {
		case code := <-ended:
			ended <- code
			t.Fatalf("the demo ended with %d: %s", code, out.String())
		case <-limit.C:
			t.Fatalf("the demo printed no address: %s", out.String())
		case <-look.C:
		}
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
