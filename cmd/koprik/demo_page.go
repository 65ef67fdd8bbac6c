package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"koprik/bot/simulator"
	"koprik/bot/simulator/page"
	"koprik/mahalla"
	"koprik/storage"
)

// routes are the page, what it asks about the demo, and the simulator. Pages of
// other origins can change nothing here.
func (d *demo) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page.Handler(page.Options{Title: "Koʻprik", Differences: simulator.Differences()}))
	mux.HandleFunc("GET /demo/info", d.info)
	mux.HandleFunc("GET /demo/cases", told(d, d.cases))
	mux.HandleFunc("GET /demo/people", told(d, d.people))
	mux.HandleFunc("GET /demo/meetings", told(d, d.meetings))
	mux.HandleFunc("GET /demo/bot", func(w http.ResponseWriter, _ *http.Request) { reply(w, d.keeper.state()) })
	mux.HandleFunc("GET /demo/map", d.districtMap)
	mux.HandleFunc("POST /demo/kill", d.kill)
	mux.HandleFunc("POST /demo/flush", d.flush)
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range []string{"/bot", "/file/", "/sim/"} {
			if strings.HasPrefix(r.URL.Path, prefix) {
				d.telegram.ServeHTTP(w, r)
				return
			}
		}
		mux.ServeHTTP(w, r)
	}))
}

// told answers from the database.
func told[T any](d *demo, ask func(*house, *storage.Tx) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := d.house.Load()
		if h == nil {
			http.Error(w, "the demo is not ready", http.StatusServiceUnavailable)
			return
		}
		var answer T
		err := h.db.Read(r.Context(), func(tx *storage.Tx) (err error) {
			answer, err = ask(h, tx)
			return err
		})
		if err != nil {
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		reply(w, answer)
	}
}

// names are those of a place, by language.
type names map[mahalla.Language]string

// namesOf is nil for a place that does not exist. Every district has sectors of
// the same names, so a sector is named with its district.
func (h *house) namesOf(code string) names {
	r := h.desk.Reference()
	t := r.Territories[r.ByCode[code]]
	if t == nil {
		return nil
	}
	list := names{mahalla.UzLatn: t.Names.UzLatn, mahalla.UzCyrl: t.Names.UzCyrl, mahalla.Ru: t.Names.Ru}
	if above := r.Above(t.ID, mahalla.District); t.Kind == mahalla.Sector && above != nil {
		list[mahalla.UzLatn] += ", " + above.Names.UzLatn
		list[mahalla.UzCyrl] += ", " + above.Names.UzCyrl
		list[mahalla.Ru] += ", " + above.Names.Ru
	}
	return list
}

type shownPoster struct {
	Code string `json:"code"`
	Name names  `json:"name"`
}

type shownPerson struct {
	Key     string        `json:"key"`
	Role    string        `json:"role"`
	Place   names         `json:"place,omitempty"`
	Posters []shownPoster `json:"posters,omitempty"`
}

// info tells the page who is there.
func (d *demo) info(w http.ResponseWriter, _ *http.Request) {
	h := d.house.Load()
	if h == nil {
		http.Error(w, "the demo is not ready", http.StatusServiceUnavailable)
		return
	}
	answer := struct {
		Begun  string        `json:"begun"`
		People []shownPerson `json:"people"`
		Phones []string      `json:"phones"`
		Bot    string        `json:"bot"`
		Kill   string        `json:"kill"`
		Flush  string        `json:"flush"`
		Map    string        `json:"map"`
		Tour   bool          `json:"tour"`
	}{Begun: d.begun, Phones: d.stage.Phones, Bot: "/demo/bot", Kill: "/demo/kill", Flush: "/demo/flush", Map: "/demo/map", Tour: true}
	for _, p := range d.stage.People {
		shown := shownPerson{Key: p.Key, Role: p.Title, Place: h.namesOf(p.Home)}
		for _, code := range p.Posters {
			shown.Posters = append(shown.Posters, shownPoster{"m_" + code, h.namesOf(code)})
		}
		answer.People = append(answer.People, shown)
	}
	reply(w, answer)
}

// cases is the history of every case.
func (d *demo) cases(_ *house, tx *storage.Tx) ([]storage.History, error) {
	list, err := tx.Histories(50)
	if list == nil {
		list = []storage.History{}
	}
	return list, err
}

// meetings counts what became of the commission's meetings.
func (d *demo) meetings(_ *house, tx *storage.Tx) (map[string]int, error) {
	called, coming, err := tx.MeetingsCalled()
	return map[string]int{"called": called, "coming": coming}, err
}

// people are the languages in which the bot speaks to each.
func (d *demo) people(_ *house, tx *storage.Tx) (map[string]mahalla.Language, error) {
	speaks, err := tx.Speaks()
	languages := map[string]mahalla.Language{}
	for _, p := range d.stage.People {
		if language, ok := speaks[d.telegram.User(p.Key).ID()]; ok {
			languages[p.Key] = language
		}
	}
	return languages, err
}

// botState is how the bot's process is, for the page.
type botState struct {
	PID     int     `json:"pid"`
	Seconds int     `json:"seconds"` // it has lived
	Works   bool    `json:"works"`   // it has its clock in Redis complete
	Keys    int64   `json:"keys"`    // in Redis
	Kills   []kill  `json:"kills"`   // the newest last
	Flushes []flush `json:"flushes"`
}

func (k *keeper) state() botState {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := botState{Works: k.whole, Keys: k.keys, Kills: []kill{}, Flushes: []flush{}}
	if k.bot != nil {
		s.PID, s.Seconds = k.bot.cmd.Process.Pid, int(time.Since(k.bot.began).Seconds())
	}
	const most = 5
	for _, one := range k.kills[max(0, len(k.kills)-most):] {
		s.Kills = append(s.Kills, *one)
	}
	for _, one := range k.flushes[max(0, len(k.flushes)-most):] {
		s.Flushes = append(s.Flushes, *one)
	}
	return s
}

// kill ends the bot's process with no warning; the next one is started at once.
func (d *demo) kill(w http.ResponseWriter, r *http.Request) {
	if err := d.keeper.kill(r.Context()); err == nil {
		reply(w, d.keeper.state())
	}
}

// flush empties the bot's Redis.
func (d *demo) flush(w http.ResponseWriter, _ *http.Request) {
	if err := d.keeper.forget(); err != nil {
		http.Error(w, `{"error":"the bot is being started"}`, http.StatusServiceUnavailable)
		return
	}
	reply(w, d.keeper.state())
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // the page may be gone
}
