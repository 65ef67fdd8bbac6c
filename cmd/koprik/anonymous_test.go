package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/storage/storagetest"
)

func TestNothingOfAReporterWithoutANameReachesAnybody(t *testing.T) {
	t.Parallel()
	long(t)
	b := birds{}
	w := newTown(t)
	w.env["REDIS_URL"], w.env["LOG_LEVEL"] = storagetest.Redis(t), "debug"
	w.settled()
	w.done("import", "boundaries", demoBoundaries)
	p := w.run()
	p.ready()

	inspector, senior := b.person(w, "inspector"), b.person(w, "senior")
	w.join(inspector, "inspector", "DEMO-1011")
	w.join(senior, "senior_inspector", "9901-S4")
	before := maps.Clone(b)
	hidden, named := b.person(w, "hidden"), b.person(w, "named")
	w.hiddenRoad(b, hidden, inspector)
	w.namedRoad(b, named, inspector)
	w.repeated(b, hidden, inspector)
	w.settle()
	w.noMomentInCommon(b, inspector)

	// What says who it is: everything of the person but what was told on purpose.
	who := birds{"telegram id of hidden": fmt.Sprint(hidden.ID())}
	for what, bird := range b {
		if strings.HasSuffix(what, " of hidden") && before[what] == "" || strings.HasPrefix(what, "untold") {
			who[what] = bird
		}
	}
	toOthers := w.callsBeside(hidden.ID())
	if found := who.search(toOthers); len(found) > 0 {
		t.Errorf("what others were sent holds %q", found)
	}
	for _, told := range []string{"hidden duplicate", "hidden repetition", "hidden words", "hidden answer", "hidden caption", "first name of named"} {
		if len(birds{told: b[told]}.search(toOthers)) == 0 {
			t.Errorf("nobody was sent %q: the looking is blind", told)
		}
	}
	if strings.Contains(toOthers, "forwardMessage") || strings.Contains(toOthers, "copyMessage") {
		t.Error("something was forwarded")
	}
	_, metrics := fetch(p.at, "/metrics")
	all := maps.Clone(who)
	maps.Copy(all, b)
	for where, text := range map[string]string{"the log": p.said.String(), "the metrics": metrics,
		"Redis": w.dumpRedis(), "the data of buttons": w.buttonData()} {
		if found := all.search(text); len(found) > 0 {
			t.Errorf("%s holds %q", where, found)
		}
	}
	dump := w.dump()
	if found := b.search(dump + decoded(dump)); len(found) > 0 {
		t.Errorf("the dump holds %q", found)
	}
	w.notJoinable(hidden, named)
	if left := w.telegram.Departures(); len(left) > 0 {
		t.Errorf("departures from the Bot API: got %q, want none", left)
	}
}

// hiddenRoad is a report without a name from the draft to the verdict, and a
// second one with danger, which is taken back.
func (w *town) hiddenRoad(b birds, hidden, inspector *simulator.User) {
	w.t.Helper()
	hidden.Start("m_DEMO-1011")
	w.press(hidden, "✅")
	w.settle()
	hidden.Text(b.bird("untold words of a draft"))
	w.settle()
	hidden.Text("/cancel")
	w.settle()
	hidden.Text(b.bird("hidden words") + " musiqa")
	hidden.Photo(b.bird("hidden caption"))
	w.pinned(b, hidden)
	w.press(hidden, "🕶")
	w.press(hidden, "🕶 Ha")
	w.press(hidden, "🔊")
	w.settle()
	hidden.Contact()
	hidden.Text("/raqam")
	w.settle()
	w.press(inspector, "✅")
	w.press(inspector, "❓")
	w.settle()
	inspector.Text("Qaysi uydan eshitilyapti?")
	w.settle()
	hidden.Voice(7)
	hidden.Text(b.bird("hidden answer"))
	w.press(inspector, "🏁")
	w.press(inspector, "🏁 Ogohlantirildi")
	w.settle()
	inspector.Photo("Uy egasi ogohlantirildi")
	w.press(hidden, "❌")
	w.settle()
	hidden.Text(b.bird("hidden reopening"))
	w.press(inspector, "✅")
	w.press(inspector, "🏁")
	w.press(inspector, "🏁 Hal boʻldi")
	w.settle()
	inspector.Text("Endi tinch, uy egasi vaʼda berdi")
	w.press(hidden, "✅ Hal boʻldi")
	w.press(hidden, "3 ⭐")
	w.settle()

	hidden.Text("Pichoq bilan urishyapti " + b.bird("hidden danger"))
	hidden.Voice(3)
	hidden.Text("/anonim")
	hidden.Text("/anonim ha")
	w.press(hidden, "Yuborilsin")
	w.press(hidden, "🔊")
	w.settle()
	hidden.Text("/mening")
	w.press(hidden, "🗑")
	w.press(hidden, "🗑 Ha")
	w.settle()
}

// namedRoad is the control: of this one the officer reads the name.
func (w *town) namedRoad(b birds, named, inspector *simulator.User) {
	w.t.Helper()
	named.Start("m_DEMO-1011")
	w.press(named, "✅")
	w.settle()
	named.Text(b.bird("named words") + " chiroq")
	w.press(named, "💡")
	w.press(inspector, "✅")
}

// repeated is a report without a name that an officer gives up for the named one,
// with an addition after that.
func (w *town) repeated(b birds, hidden, inspector *simulator.User) {
	w.t.Helper()
	w.settle()
	hidden.Start("m_DEMO-1011")
	hidden.Text(b.bird("hidden duplicate") + " chiroq")
	w.press(hidden, "🕶")
	w.press(hidden, "🕶 Ha")
	w.press(hidden, "💡")
	w.settle()
	numbers := rows[struct{ Number int64 }](w, "SELECT number FROM cases ORDER BY filed_at DESC LIMIT 2")
	inspector.Text(fmt.Sprintf("/takror %04d-%04d %04d-%04d", numbers[0].Number/10000, numbers[0].Number%10000, numbers[1].Number/10000, numbers[1].Number%10000))
	w.settle()
	if given := rows[struct{ ID int64 }](w, "SELECT id FROM cases WHERE merged_by IS NOT NULL"); len(given) != 1 {
		w.t.Fatal("the report was not given up for the other one")
	}
	w.press(hidden, "➕")
	w.settle()
	hidden.Text(b.bird("hidden repetition"))
	w.settle()
}

// callsBeside is every call of the bot that was not to one chat.
func (w *town) callsBeside(chat int64) string {
	w.t.Helper()
	var all strings.Builder
	for _, c := range w.telegram.Calls() {
		if c.ChatID == chat || c.Method == "setMyCommands" { // of a chat, too
			continue
		}
		raw, err := json.Marshal(c.Params)
		if err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintln(&all, c.Method, string(raw))
	}
	return all.String()
}

// keysOf are what leads from one row of a dump to others: ids of people, chats,
// cases and reports, and moments, which are as good as ids. The beginning of a
// day is no moment, and nobody (-1) is no person.
func keysOf(table string, row map[string]any) []string {
	var keys []string
	for column, value := range row {
		kind := map[string]string{"person_id": "person", "reporter_id": "person", "owner_id": "person", "by_id": "person",
			"about_id": "person", "used_by": "person", "telegram_id": "chat", "chat_id": "chat", "case_id": "case", "report_id": "report"}[column]
		if column == "id" {
			kind = map[string]string{"people": "person", "cases": "case", "reports": "report"}[table]
		}
		switch v := value.(type) {
		case float64:
			if kind != "" && v != 0 && v != -1 {
				keys = append(keys, fmt.Sprintf("%s %.0f", kind, v))
			}
		case string:
			if len(v) > 19 && v[4] == '-' && v[10] == 'T' && !strings.HasPrefix(v[10:], "T00:00:00+") && !strings.HasPrefix(v, "1970") {
				keys = append(keys, "moment "+v)
			}
		}
	}
	return keys
}

// reached walks from a chat over every row of the database to what it leads to
// without a key.
func (w *town) reached(from string) map[string]bool {
	w.t.Helper()
	rowsBy := map[string][][]string{}
	w.eachRow(func(_ string, keys []string) {
		for _, key := range keys {
			rowsBy[key] = append(rowsBy[key], keys)
		}
	})
	seen, next := map[string]bool{from: true}, []string{from}
	for len(next) > 0 {
		key := next[0]
		next = next[1:]
		for _, keys := range rowsBy[key] {
			for _, k := range keys {
				if !seen[k] {
					seen[k] = true
					next = append(next, k)
				}
			}
		}
	}
	return seen
}

// notJoinable makes sure that no row leads from the hidden person to the cases
// without a name, or to anything but the person's own rows, and that the looking
// finds the way of the named one.
func (w *town) notJoinable(hidden, named *simulator.User) {
	w.t.Helper()
	type one struct{ ID int64 }
	unnamed := rows[one](w, "SELECT id FROM cases WHERE alias <> ''")
	if len(unnamed) != 4 {
		w.t.Fatalf("cases without a name: got %d, want 4", len(unnamed))
	}
	found := w.reached(fmt.Sprintf("chat %d", hidden.ID()))
	for _, c := range unnamed {
		if found[fmt.Sprintf("case %d", c.ID)] {
			w.t.Errorf("the rows lead from the person to the case: %q", slices.Sorted(maps.Keys(found)))
		}
	}
	for _, c := range rows[one](w, "SELECT id FROM cases WHERE alias = ''") {
		if !w.reached(fmt.Sprintf("chat %d", named.ID()))[fmt.Sprintf("case %d", c.ID)] {
			w.t.Error("the rows do not lead from the named person to the case: the looking is blind")
		}
	}
	if left := rows[one](w, "SELECT count(*) AS id FROM outbox WHERE case_id < 0"); left[0].ID != 0 {
		w.t.Errorf("messages to the person that are still in the outbox: got %d, want none", left[0].ID)
	}
}

// noMomentInCommon lets somebody who has reported one case without a name and
// one with it stop the bot and come back, and makes sure that no row of the first
// has a moment that a row of the person or of the second has too: only the
// person's return touches both.
func (w *town) noMomentInCommon(b birds, inspector *simulator.User) {
	w.t.Helper()
	both := b.person(w, "both")
	both.Start("m_DEMO-1011")
	w.press(both, "✅")
	w.settle()
	both.Text(b.bird("veiled words") + " musiqa")
	w.press(both, "🕶")
	w.press(both, "🕶 Ha")
	w.press(both, "🔊")
	w.press(inspector, "✅")
	w.settle()
	both.Text(b.bird("open words") + " chiroq")
	w.press(both, "💡")
	w.press(inspector, "✅")
	w.settle()
	type one struct{ ID int64 }
	own := rows[one](w, "SELECT id FROM cases ORDER BY filed_at DESC LIMIT 2")
	both.Block()
	for _, c := range rows[struct{ Number int64 }](w, "SELECT number FROM cases ORDER BY filed_at DESC LIMIT 2") {
		inspector.Text(fmt.Sprintf("/sora %04d-%04d Qaysi uy?", c.Number/10000, c.Number%10000))
		w.settle()
	}
	if lost := rows[one](w, fmt.Sprintf("SELECT id FROM people WHERE reach = 'blocked' AND telegram_id = %d", both.ID())); len(lost) != 1 {
		w.t.Fatal("the bot has not noticed that it was stopped")
	}
	both.Unblock()
	both.Start("")
	w.settle()

	person := w.momentsOf(fmt.Sprintf("chat %d", both.ID()), fmt.Sprintf("case %d", own[0].ID))
	for moment, where := range w.momentsOf(fmt.Sprintf("case %d", own[1].ID)) {
		if there, common := person[moment]; common {
			w.t.Errorf("a row of %s and one of %s share the moment %s", where, there, moment)
		}
	}
	returned := rows[struct{ Text string }](w, fmt.Sprintf("SELECT to_jsonb(at)#>>'{}' AS text FROM case_events WHERE kind = 'returned' AND case_id = %d", own[0].ID))
	if len(returned) != 1 || person["moment "+returned[0].Text] == "" {
		w.t.Errorf("moments of the return in the case with a name: got %v: the looking is blind", returned)
	}
}

// momentsOf are the moments in all rows that name one of some keys, with the
// table of each.
func (w *town) momentsOf(keys ...string) map[string]string {
	w.t.Helper()
	moments := map[string]string{}
	w.eachRow(func(table string, found []string) {
		if !slices.ContainsFunc(found, func(key string) bool { return slices.Contains(keys, key) }) {
			return
		}
		for _, key := range found {
			if strings.HasPrefix(key, "moment ") {
				moments[key] = table
			}
		}
	})
	return moments
}

// eachRow goes over every row of the database with the keys in it.
func (w *town) eachRow(look func(table string, keys []string)) {
	w.t.Helper()
	type row struct{ Text string }
	for _, table := range rows[row](w, "SELECT quote_ident(tablename) AS text FROM pg_tables WHERE schemaname = 'public'") {
		for _, r := range rows[row](w, "SELECT to_jsonb(t)::text AS text FROM "+table.Text+" AS t") {
			var columns map[string]any
			if err := json.Unmarshal([]byte(r.Text), &columns); err != nil {
				w.t.Fatal(err)
			}
			look(table.Text, keysOf(table.Text, columns))
		}
	}
}
