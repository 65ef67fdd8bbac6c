// Package page is the demo page: several phones side by side in one browser
// page, on top of the simulator's HTTP API. It is plain HTML, CSS and
// JavaScript inside the binary and loads nothing from elsewhere.
//
// It only serves its own files. The same origin must answer /sim/... (the
// simulator) and may answer:
//
//	GET /demo/info    {"people": [{"key", "role", "place", "start", "posters": [{"code", "name"}]}],
//	                  "phones": [keys of those to begin with], "begun": of this run alone,
//	                  "tour": whether there is one; paths: "bot", "map", "kill", "flush"}
//	GET /demo/cases   [{"number", "title", "status", "lines": [{"at", "kind", "level", "late"},
//	                  {"at", "text"} or text]}]
//	GET /demo/people  {key: language that the bot speaks with the person}
//	GET bot           {"pid", "seconds", "works", "kills": [{"at", "itself", "back_ms",
//	                  "settled_ms", "updates", "waiting", "cases", "lost"}],
//	                  "flushes": [{"at", "keys", "whole_ms"}]}
//	GET map           [{"code", "kind", "name", "rings": [[[longitude, latitude]]]}]
//	POST kill, flush  the same as GET bot
//
// What is missing there is left out of the page. A role, a name or a text is a
// string or an object of strings by language; a status and a kind are names from
// package mahalla. The steps of the tour are ticked by what is answered here and
// by the simulator's state. Who may reach the page, and on which address it
// listens, is the server's business.
//
// No word for people stands here: web/words.json has them in every language.
package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"path"
)

//go:embed web
var web embed.FS

// Options is how a page differs from another. The zero value is usable. A
// text by language has the keys of web/words.json: uz-Latn, uz-Cyrl, ru, en.
type Options struct {
	Title       string            // of the tab and the heading; the name of the bot when empty
	Banner      map[string]string // by language, instead of the usual one; a missing language keeps the usual one
	Language    string            // to begin with; the browser's choice when empty
	Links       []Link            // beside those to the transcript and the known differences
	Guest       bool              // the bot runs elsewhere, on a clock of its own: no buttons push the clock, and every phone has a field to open a link in
	Differences string            // Markdown of the known differences from Telegram, usually simulator.Differences(); no link when empty
}

// Link is one more link beside the phones.
type Link struct {
	Address string            `json:"address"` // a path of this origin, or http(s)
	Text    map[string]string `json:"text"`    // by language
}

// policy lets the page load from its own origin only and nobody frame it.
const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// types are the content types by ending; the machine's own list is not asked.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json; charset=utf-8",
	".svg":  "image/svg+xml",
	".md":   "text/markdown; charset=utf-8",
}

// file is one file as it is served.
type file struct {
	body []byte
	kind string
	tag  string // changes with the contents
}

// Handler serves the page at / and its files beside it, with GET and HEAD.
// Every other path is 404.
func Handler(o Options) http.Handler {
	files := collect(o)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path
		if name == "/" {
			name = "/index.html"
		}
		f, ok := files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		f.serve(w, r)
	})
}

// collect reads the embedded files and adds those made of the options.
func collect(o Options) map[string]file {
	files := map[string]file{}
	entries, err := web.ReadDir("web")
	if err != nil {
		panic(err) // it is in the binary
	}
	for _, e := range entries {
		body, err := web.ReadFile("web/" + e.Name())
		if err != nil {
			panic(err)
		}
		files["/"+e.Name()] = newFile(e.Name(), body)
	}
	config, err := json.Marshal(map[string]any{
		"title": o.Title, "banner": o.Banner, "language": o.Language, "links": o.Links, "guest": o.Guest, "differences": o.Differences != "",
	})
	if err != nil {
		panic(err) // strings always encode
	}
	files["/config.json"] = newFile("config.json", config)
	if o.Differences != "" {
		files["/differences.md"] = newFile("differences.md", []byte(o.Differences))
	}
	return files
}

func newFile(name string, body []byte) file {
	sum := sha256.Sum256(body)
	return file{body: body, kind: types[path.Ext(name)], tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", f.tag)
	if r.Header.Get("If-None-Match") == f.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if _, err := w.Write(f.body); err != nil {
		return // the browser has gone
	}
}
