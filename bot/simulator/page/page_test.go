package page_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"koprik/bot/simulator/page"
)

func serve(t *testing.T, o page.Options, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	page.Handler(o).ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryFileHasItsTypeAndAStrictPolicy(t *testing.T) {
	want := map[string]string{
		"/":               "text/html; charset=utf-8",
		"/config.json":    "application/json; charset=utf-8",
		"/differences.md": "text/markdown; charset=utf-8",
	}
	types := map[string]string{
		"html": want["/"], "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
		"json": want["/config.json"], "svg": "image/svg+xml",
	}
	for name := range sources(t) {
		want["/"+name] = types[name[strings.LastIndexByte(name, '.')+1:]]
	}
	for path, kind := range want {
		r := serve(t, page.Options{Differences: "# Differences"}, http.MethodGet, path)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != kind || kind == "" {
			t.Errorf("%s: got %d %q, want 200 %q", path, r.StatusCode, r.Header.Get("Content-Type"), kind)
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'self';") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be sniffed", path)
		}
	}
}

func TestWhatIsNotAFileOfThePageIsRefused(t *testing.T) {
	for _, path := range []string{"/page.go", "/web/page.js", "/../page.js", "/sim/state", "/differences.md", "/x"} {
		if r := serve(t, page.Options{}, http.MethodGet, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, r.StatusCode)
		}
	}
	if r := serve(t, page.Options{}, http.MethodPost, "/"); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST /: got %d, want 405", r.StatusCode)
	}
}

func TestAnUnchangedFileIsNotSentAgain(t *testing.T) {
	tag := serve(t, page.Options{}, http.MethodGet, "/page.js").Header.Get("ETag")
	r := serve(t, page.Options{}, http.MethodGet, "/page.js", "If-None-Match", tag)
	if r.StatusCode != http.StatusNotModified || body(t, r) != "" {
		t.Errorf("got %d, want 304 without a body", r.StatusCode)
	}
}

func TestOptionsReachThePage(t *testing.T) {
	o := page.Options{
		Title: "T", Language: "ru", Banner: map[string]string{"ru": "B"}, Differences: "d", Guest: true,
		Links: []page.Link{{Address: "/a", Text: map[string]string{"ru": "A"}}},
	}
	got := body(t, serve(t, o, http.MethodGet, "/config.json"))
	want := `{"banner":{"ru":"B"},"differences":true,"guest":true,"language":"ru","links":[{"address":"/a","text":{"ru":"A"}}],"title":"T"}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// sources are the page's files by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir("web")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile("web/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files
}

func dictionary(t *testing.T) map[string]map[string]string {
	t.Helper()
	var words map[string]map[string]string
	if err := json.Unmarshal([]byte(sources(t)["words.json"]), &words); err != nil {
		t.Fatal(err)
	}
	return words
}

func TestEveryWordExistsInEveryLanguage(t *testing.T) {
	words := dictionary(t)
	if got, want := slices.Sorted(maps.Keys(words)), []string{"en", "ru", "uz-Cyrl", "uz-Latn"}; !slices.Equal(got, want) {
		t.Fatalf("languages: got %q, want %q", got, want)
	}
	blank := regexp.MustCompile(`\{\w+\}`)
	places := func(text string) []string { return slices.Sorted(slices.Values(blank.FindAllString(text, -1))) }
	for name, texts := range words {
		for key, text := range words["uz-Latn"] {
			other, ok := texts[key]
			if !ok || strings.TrimSpace(other) == "" {
				t.Errorf("%s has no %q", name, key)
			}
			if !slices.Equal(places(text), places(other)) {
				t.Errorf("%s %q: got places %q, want %q", name, key, places(other), places(text))
			}
			if strings.HasPrefix(key, "date.") && strings.Count(other, ",") != strings.Count(text, ",") {
				t.Errorf("%s %q has another number of names", name, key)
			}
			if strings.ContainsAny(other, "'`’‘") {
				t.Errorf("%s %q: %q has an apostrophe that is not U+02BB or U+02BC", name, key, other)
			}
		}
		if len(texts) != len(words["uz-Latn"]) {
			t.Errorf("%s has %d words, uz-Latn %d", name, len(texts), len(words["uz-Latn"]))
		}
	}
}

func TestEveryWordThatThePageAsksForExistsAndIsAskedFor(t *testing.T) {
	words := dictionary(t)["uz-Latn"]
	var all strings.Builder
	for name, source := range sources(t) {
		if name != "words.json" {
			all.WriteString(source)
		}
	}
	first := map[string]bool{} // what keys begin with
	for key := range words {
		begin, _, _ := strings.Cut(key, ".")
		first[begin] = true
	}
	for _, m := range regexp.MustCompile(`\b(?:t|word)\('([^']+)'[,)]|data-(?:word|label|hint)="([^"]+)"`).FindAllStringSubmatch(all.String(), -1) {
		if key := m[1] + m[2]; words[key] == "" {
			t.Errorf("the page asks for %q", key)
		}
	}
	for _, m := range regexp.MustCompile(`'([a-z]+)\.([a-z0-9_]+)'`).FindAllStringSubmatch(all.String(), -1) {
		if key := m[1] + "." + m[2]; first[m[1]] && words[key] == "" {
			t.Errorf("the page asks for %q", key)
		}
	}
	for key := range words {
		made := regexp.MustCompile(`^(kind|role|action|status|event|speaks|tour)\.`).MatchString(key) // from data
		if !made && !strings.Contains(all.String(), "'"+key+"'") && !strings.Contains(all.String(), `"`+key+`"`) {
			t.Errorf("nobody asks for %q", key)
		}
	}
}

func TestThePageLoadsNothingFromElsewhereAndMakesNoHTMLOfText(t *testing.T) {
	address := regexp.MustCompile(`(?:https?:)?//[a-z0-9-]+\.[a-z][^\s'"]*`)
	for name, source := range sources(t) {
		for _, found := range address.FindAllString(source, -1) {
			if found != "http://www.w3.org/2000/svg" {
				t.Errorf("%s names %s", name, found)
			}
		}
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "<style", " style=", " onclick=", "javascript:", "data:image"} {
			if strings.Contains(source, word) {
				t.Errorf("%s has %q", name, word)
			}
		}
	}
}
