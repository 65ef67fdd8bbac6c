package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"koprik/handlers/web"
)

const goodToken = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"

// calendars serves one calendar, by a clock that the test moves.
func calendars(now *time.Time, file *string) http.Handler {
	return web.Handler(web.Options{
		Ready: ready(nil), Metrics: said("metrics"), Now: func() time.Time { return *now },
		Calendar: func(ctx context.Context, token string) ([]byte, error) {
			if _, bounded := ctx.Deadline(); !bounded || len(token) != 43 {
				return nil, errors.New("the question has no end, or no form")
			}
			switch {
			case token == goodToken:
				return []byte(*file), nil
			case strings.HasPrefix(token, "broken"):
				return nil, errors.New("postgres at 10.0.0.1 is away: " + token)
			}
			return nil, nil
		},
	})
}

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer
}

func TestACalendarIsServedToWhoKnowsItsAddress(t *testing.T) {
	t.Parallel()
	now, file := time.Unix(1e9, 0), "BEGIN:VCALENDAR\r\n"
	h := calendars(&now, &file)
	path := "/calendar/" + goodToken + ".ics"
	first := ask(h, "GET", path)
	tag := first.Header().Get("ETag")
	if first.Code != 200 || first.Body.String() != file || tag == "" || first.Header().Get("Content-Type") != "text/calendar; charset=utf-8" ||
		first.Header().Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("got %d %q with %v", first.Code, first.Body, first.Header())
	}
	for _, have := range []string{tag, "W/" + tag, `"other", ` + tag} {
		if again := ask(h, "GET", path, "If-None-Match", have); again.Code != 304 || again.Body.Len() != 0 {
			t.Errorf("%s: got %d %q", have, again.Code, again.Body)
		}
	}
	file = "BEGIN:VCALENDAR\r\nSEQUENCE:1\r\n"
	if changed := ask(h, "GET", path, "If-None-Match", tag); changed.Code != 200 || changed.Header().Get("ETag") == tag {
		t.Errorf("a change: got %d", changed.Code)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PROPFIND"} {
		if got := ask(h, method, path); got.Code != 405 {
			t.Errorf("%s: got %d", method, got.Code)
		}
	}
}

// TestAnAddressThatLeadsNowhereSaysNothing: whatever is wrong, the answer is one,
// and it never holds what was asked for.
func TestAnAddressThatLeadsNowhereSaysNothing(t *testing.T) {
	t.Parallel()
	now, file := time.Unix(1e9, 0), "x"
	h := calendars(&now, &file)
	want := ""
	for _, name := range []string{
		strings.Repeat("a", 43) + ".ics", strings.Repeat("b", 43) + ".ics", "short.ics", goodToken, goodToken + ".ics.ics", goodToken + "/.ics",
		strings.Repeat("c", 5000) + ".ics", "", strings.Repeat("ў", 43) + ".ics", goodToken[:42] + "%0a.ics",
	} {
		got := ask(h, "GET", "/calendar/"+name)
		all := fmt.Sprint(got.Code, got.Header(), got.Body)
		if want == "" {
			want = all
		}
		if all != want || got.Code != 404 {
			t.Errorf("%.60s: got %s, want %s", name, all, want)
		}
	}
	got := ask(h, "GET", "/calendar/broken"+strings.Repeat("a", 37)+".ics")
	if got.Code != 503 || got.Body.String() != "later\n" {
		t.Errorf("broken: got %d %q", got.Code, got.Body)
	}
	if got := ask(web.Handler(web.Options{Ready: ready(nil), Metrics: said("metrics")}), "GET", "/calendar/"+goodToken+".ics"); got.Code != 404 {
		t.Errorf("where none is served: got %d", got.Code)
	}
}

func TestOneAddressMayNotAskForEver(t *testing.T) {
	t.Parallel()
	now, file := time.Unix(1e9, 0), "x"
	h := calendars(&now, &file)
	path := "/calendar/" + goodToken + ".ics"
	from := func(remote, forwarded string) int {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr = remote
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		return answer.Code
	}
	for n := range 130 {
		want := 200
		if n >= 120 {
			want = 429
		}
		if got := from("203.0.113.7:1000", fmt.Sprintf("198.51.100.%d", n)); got != want { // it is not believed
			t.Fatalf("request %d: got %d", n+1, got)
		}
	}
	if got := from("203.0.113.8:1000", ""); got != 200 {
		t.Errorf("another address: got %d", got)
	}
	for n := range 130 { // through the proxy, each for itself
		if got := from("127.0.0.1:1000", fmt.Sprintf("203.0.113.7, 198.51.100.%d", n)); got != 200 {
			t.Fatalf("request %d through the proxy: got %d", n+1, got)
		}
	}
	now = now.Add(time.Minute)
	if got := from("203.0.113.7:1000", ""); got != 200 {
		t.Errorf("a minute later: got %d", got)
	}
}
