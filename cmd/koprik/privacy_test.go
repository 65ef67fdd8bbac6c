package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// birds are the canaries: a string for every thing that is personal, found
// nowhere else in the world.
type birds map[string]string

// bird makes the canary of a thing. It is one word of small letters, which no
// cleaning, folding or cutting changes.
func (b birds) bird(what string) string {
	if b[what] == "" {
		b[what] = fmt.Sprintf("kanar%02dxq", len(b)) + strings.Map(func(r rune) rune {
			if r < 'a' || r > 'z' {
				return -1
			}
			return r
		}, what)
	}
	return b[what]
}

// phone makes a canary of digits.
func (b birds) phone(what string) string {
	number := fmt.Sprintf("98977%04d31", 4100+len(b))
	b[what] = number
	return "+9" + number
}

// search lists which canaries a text holds.
func (b birds) search(text string) (found []string) {
	text = strings.ToLower(text)
	for what, bird := range b {
		if strings.Contains(text, bird) {
			found = append(found, what+" "+bird)
		}
	}
	slices.Sort(found)
	return found
}

func (b birds) person(w *town, key string) *simulator.User {
	return w.telegram.AddPerson(simulator.Person{
		Key: key, Language: "uz", Phone: b.phone("phone of " + key), Username: b.bird("username of " + key),
		FirstName: strings.ToUpper(b.bird("first name of " + key)), LastName: b.bird("last name of " + key),
	})
}

func TestNothingPersonalStandsInLogsMetricsStoresOrButtons(t *testing.T) {
	t.Parallel()
	long(t)
	b := birds{}
	w := newTown(t) // with a PostgreSQL of its own, whose words are in the bot's log
	w.env["REDIS_URL"], w.env["LOG_LEVEL"], w.env["PUBLIC_URL"] = storagetest.Redis(t), "debug", "https://bot.example.uz"
	w.settled()
	w.done("import", "boundaries", demoBoundaries)
	p := w.run()
	p.ready()

	inspector, senior, gone, resident := b.person(w, "inspector"), b.person(w, "senior"), b.person(w, "gone"), b.person(w, "resident")
	w.joinOddly(b, inspector)
	w.join(senior, "senior_inspector", "9901-S4")
	w.join(gone, "inspector", "DEMO-1012")
	w.talk(b, resident, inspector)
	w.gathered(b, resident)
	w.subscribed(b, resident, p.at)
	w.refused(b, resident, inspector)
	w.faulty(b, resident)
	w.unreachable(b, resident, gone)
	w.broken(b, resident)
	w.settle()

	printed := w.done("route", "--mahalla", "DEMO-1011", "--category", "noise")
	doctor, complaints, _ := w.koprik("doctor")
	_, metrics := fetch(p.at, "/metrics")
	said := p.said.String()
	dump := w.dump()
	places := map[string]string{
		"the log": said, "the metrics": metrics, "what commands print": printed + doctor + complaints,
		"the dump of PostgreSQL": dump, "sealed values, decoded from hexadecimal": decoded(dump), "Redis": w.dumpRedis(),
		"the data of buttons": w.buttonData(),
	}
	for _, where := range slices.Sorted(maps.Keys(places)) {
		if found := b.search(places[where]); len(found) > 0 {
			t.Errorf("%s: got %q, want no canary", where, found)
		}
	}
	if strings.Contains(said+metrics+printed+doctor+complaints, w.telegram.Token()[10:]) {
		t.Error("the log, the metrics or a command shows the token")
	}
	p.stop() // so that everything is on the disk
	files, size := w.searchFiles(b)
	w.canariesTravelled(b, senior, inspector)
	t.Logf("privacy: canaries %d hits 0 in %d places; log %d KB, dump %d KB, %d files of the data directory with %d MB",
		len(b), len(places), len(said)>>10, len(dump)>>10, files, size>>20)

	// The controls: what is not secret is found, so the looking works.
	id := fmt.Sprint(resident.ID())
	for where, part := range map[string]string{"the dump of PostgreSQL": id, "the metrics": "go_goroutines", "Redis": "{ack}", "the log": "level=DEBUG"} {
		if !strings.Contains(places[where], part) {
			t.Errorf("%s does not hold %q: the looking is blind", where, part)
		}
	}
	for _, part := range []string{"level=ERROR", "server_error", "too_many", "blocked", "SQLSTATE 23514"} {
		if !strings.Contains(said, part) {
			t.Errorf("the log holds no %q: the trouble did not happen:\n%s", part, tailOf(said, 3000))
		}
	}
	if left := w.telegram.Departures(); len(left) > 0 {
		t.Errorf("departures from the Bot API: got %q, want none", left)
	}
}

// joinOddly lets an officer join who first sends somebody else's number.
func (w *town) joinOddly(b birds, u *simulator.User) {
	w.t.Helper()
	u.Start(w.invite("inspector", "DEMO-1011"))
	w.press(u, "✅")
	w.settle()
	u.OtherContact(b.phone("phone of a third person"), b.bird("name of a third person"))
	w.settle()
	u.Contact()
	w.press(u, "✅")
	w.settle()
}

// talk walks the whole road with a canary in everything that is said.
func (w *town) talk(b birds, resident, inspector *simulator.User) {
	w.t.Helper()
	resident.Start("m_DEMO-1011")
	w.press(resident, "✅")
	w.settle()
	first := resident.Text(b.bird("first words"))
	w.settle()
	resident.EditText(first, b.bird("report")+" musiqa")
	resident.Photo(b.bird("caption"))
	resident.Voice(5)
	w.pinned(b, resident)
	w.press(resident, "🔊")
	w.press(inspector, "✅")
	w.press(inspector, "Ertaga")
	w.press(resident, "➕")
	w.settle()
	resident.Text(b.bird("addition"))
	w.press(inspector, "🏁")
	w.press(inspector, "🏁 Ogohlantirildi")
	w.settle()
	inspector.Text(b.bird("closing"))
	w.press(resident, "❌")
	w.settle()
	resident.Text(b.bird("reopening"))
	w.press(inspector, "✅")
	w.press(inspector, "🏁")
	w.press(inspector, "🏁 Hal boʻldi")
	w.settle()
	inspector.Photo(b.bird("evidence"))
	w.press(resident, "✅ Hal boʻldi")
	w.press(resident, "3 ⭐")
	w.settle()
}

// pinned sends a place on the map. Its canaries have a dot, which no number and
// nothing in hexadecimal has there.
func (w *town) pinned(b birds, u *simulator.User) {
	w.t.Helper()
	b["latitude of a pin"], b["longitude of a pin"] = "41.022517", "64.070029"
	u.Location(41.022517, 64.070029)
	w.settle()
	w.mustSee(u, "📍 xaritada")
}

// subscribed gives somebody a private calendar and fetches it, also by addresses
// that lead nowhere. Its secret is a canary.
func (w *town) subscribed(b birds, u *simulator.User, at string) {
	w.t.Helper()
	u.Text("/taqvim")
	w.settle()
	list := u.Messages()
	_, rest, _ := strings.Cut(list[len(list)-1].Text, "https://bot.example.uz/calendar/")
	token, _, _ := strings.Cut(rest, ".ics")
	if len(token) != 43 {
		w.t.Fatalf("no address of a calendar: %q", list[len(list)-1].Text)
	}
	b["address of a calendar"] = strings.ToLower(token)
	if status, file := fetch(at, "/calendar/"+token+".ics"); status != 200 || !strings.HasPrefix(file, "BEGIN:VCALENDAR") || len(b.search(file)) > 0 {
		w.t.Errorf("the calendar: got %d %q", status, file)
	}
	for _, wrong := range []string{strings.ToLower(token), "x"} {
		if status, _ := fetch(at, "/calendar/"+wrong+".ics"); status != 404 {
			w.t.Errorf("another calendar: got %d", status)
		}
	}
}

// gathered lets an activist report for a neighbour, and take words out of a group
// of the mahalla.
func (w *town) gathered(b birds, resident *simulator.User) {
	w.t.Helper()
	activist := b.person(w, "activist")
	activist.Start(w.invite("activist", "DEMO-1011"))
	w.press(activist, "✅")
	w.settle()
	yard := w.telegram.AddGroup("yard", b.bird("title of a group"), activist, resident)
	yard.Text(activist, "/guruh")
	w.settle()
	said := yard.Text(resident, b.bird("words in a group"))
	yard.Reply(activist, said, "/xabar")
	w.settle()
	if _, err := yard.Open(activist, "📄"); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	activist.Text("/nomidan " + b.bird("name of a neighbour") + " " + b.phone("phone of a neighbour"))
	w.press(activist, "🔊")
	w.settle()
	yard.Reply(resident, said, "/xabar") // nobody fetches it
	w.settle()
}

// refused provokes refusals of every sort.
func (w *town) refused(b birds, resident, inspector *simulator.User) {
	w.t.Helper()
	resident.Sticker()
	resident.Poll()
	resident.Document(b.bird("name of a file")+".pdf", b.bird("caption of a file"))
	resident.Text("/" + b.bird("unknown command"))
	resident.Text("/qoshimcha 1234-5678 " + b.bird("addition to nothing"))
	resident.Text("/joy " + b.bird("unknown place"))
	resident.Text("/cancel")
	inspector.Text("/vada 1234-5678 " + b.bird("promise"))
	inspector.Text("/yop 1234-5678 " + b.bird("closing of nothing"))
	w.settle()
	last := resident.Messages()
	resident.PressStale(last[len(last)-1].ID, b.bird("forged press"))
	w.settle()
}

// faulty lets Telegram answer with errors that quote what was sent.
func (w *town) faulty(b birds, resident *simulator.User) {
	w.t.Helper()
	quoting := func(code int, more string) string {
		return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":"Bad Request: can't parse entities: %s"%s}`, code, b.bird(fmt.Sprint("quoted ", strings.Repeat("i", code/100))), more)
	}
	faults := []*simulator.Fault{
		{Status: 429, Body: quoting(429, `,"parameters":{"retry_after":1}`)},
		{Status: 500, Body: "<html>" + b.bird("a proxy's page")},
		{Status: 400, Body: quoting(400, "")},
	}
	next := make(chan *simulator.Fault, len(faults))
	for _, f := range faults {
		next <- f
	}
	w.telegram.SetFault(func(method string, chat int64) *simulator.Fault {
		if chat == resident.ID() && (method == "sendMessage" || method == "editMessageText") {
			select {
			case f := <-next:
				return f
			default:
			}
		}
		return nil
	})
	resident.Text(b.bird("words in trouble"))
	w.settle()
	resident.Text("/cancel")
	w.settle()
	w.telegram.SetFault(nil)
	if len(next) > 0 {
		w.t.Errorf("faults of Telegram that did not happen: got %d, want 0", len(next))
	}
}

// unreachable lets a report go past an officer who has stopped the bot, which
// the bot learns only when it writes.
func (w *town) unreachable(b birds, resident, gone *simulator.User) {
	w.t.Helper()
	w.telegram.SetFault(func(_ string, chat int64) *simulator.Fault {
		if chat == gone.ID() {
			return &simulator.Fault{Status: 403, Body: `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user ` + b.bird("quoted name") + `"}`}
		}
		return nil
	})
	resident.Start("m_DEMO-1012")
	w.settle()
	resident.Text(b.bird("report past an officer"))
	w.press(resident, "🔊")
	w.settle()
	w.telegram.SetFault(nil)
}

// broken brings updates that cannot be read, and one that the database refuses
// until it is put aside.
func (w *town) broken(b birds, resident *simulator.User) {
	w.t.Helper()
	id := w.telegram.LastUpdateID()
	for n, raw := range []string{
		`{"update_id":%d,"message":{"message_id":"%[3]s","chat":{"id":%[2]d}}}`,
		`{"update_id":%d,"message":{"message_id":900001,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":1,"first_name":"%[3]s"},"text":["%[3]s"]}}`,
		`{"update_id":%d,"inline_query":{"id":"1","from":{"id":%d,"is_bot":false,"first_name":"%s"},"query":"","offset":""}}`,
	} {
		w.telegram.Inject(json.RawMessage(fmt.Sprintf(raw, id+int64(n)+1, resident.ID(), b.bird("odd update "+strings.Repeat("o", n+1)))))
	}
	w.settle()
	resident.Text(b.bird("report that breaks"))
	w.settle()
	w.alter("ALTER TABLE reports ADD CONSTRAINT broken CHECK (false) NOT VALID")
	w.press(resident, "🔊")
	w.settle()
	w.alter("ALTER TABLE reports DROP CONSTRAINT broken")
	if left := w.leftovers(); left.Quarantined != 3 {
		w.t.Errorf("updates in quarantine: got %d, want 3", left.Quarantined)
	}
	w.press(resident, "🔊")
	w.settle()
}

func (w *town) alter(sql string) {
	w.t.Helper()
	type none struct{}
	rows[none](w, sql)
}

// dump is everything that PostgreSQL holds, as text.
func (w *town) dump() string {
	w.t.Helper()
	if said, err := exec.Command("pg_dump", "--inserts", w.databaseURL()).Output(); err == nil {
		return string(said)
	}
	type row struct{ Text string }
	var all strings.Builder
	for _, table := range rows[row](w, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'") {
		for _, r := range rows[row](w, "SELECT t::text FROM "+table.Text+" AS t") {
			all.WriteString(r.Text + "\n")
		}
	}
	return all.String()
}

var hexadecimal = regexp.MustCompile(`\\x([0-9a-f]{2,})`)

// decoded is every bytea of a dump as the bytes that it is.
func decoded(dump string) string {
	var all strings.Builder
	for _, found := range hexadecimal.FindAllStringSubmatch(dump, -1) {
		raw, err := hex.DecodeString(found[1])
		if err == nil {
			all.Write(raw)
			all.WriteByte('\n')
		}
	}
	return all.String()
}

// dumpRedis is every key of Redis with what it holds.
func (w *town) dumpRedis() string {
	w.t.Helper()
	client, err := storage.OpenRedis(w.env["REDIS_URL"])
	if err != nil {
		w.t.Fatal(err)
	}
	defer client.Close()
	ctx := w.t.Context()
	keys, err := client.Keys(ctx, "*").Result()
	if err != nil {
		w.t.Fatal(err)
	}
	var all strings.Builder
	for _, key := range keys {
		fmt.Fprintln(&all, key)
		switch kind := client.Type(ctx, key).Val(); kind {
		case "string":
			fmt.Fprintln(&all, client.Get(ctx, key).Val())
		case "hash":
			fmt.Fprintln(&all, client.HGetAll(ctx, key).Val())
		case "zset":
			fmt.Fprintln(&all, client.ZRangeWithScores(ctx, key, 0, -1).Val())
		case "set":
			fmt.Fprintln(&all, client.SMembers(ctx, key).Val())
		case "list":
			fmt.Fprintln(&all, client.LRange(ctx, key, 0, -1).Val())
		default:
			w.t.Errorf("Redis holds %s of a kind that is not looked into: %s", key, kind)
		}
	}
	return all.String()
}

// buttonData is the data of every button that the bot ever sent.
func (w *town) buttonData() string {
	var all []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				if data, ok := inner.(string); ok && (name == "callback_data" || name == "url") {
					all = append(all, data)
				}
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	for _, c := range w.telegram.Calls() {
		walk(c.Params)
	}
	if len(all) < 20 {
		w.t.Errorf("buttons that were looked at: got %d, want many", len(all))
	}
	return strings.Join(all, "\n")
}

// searchFiles looks into every file of the data directory, as who steals the
// disk does: tables, indexes and the write-ahead log.
func (w *town) searchFiles(b birds) (files, size int) {
	w.t.Helper()
	err := filepath.WalkDir(w.env["DATA_DIR"], func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files, size = files+1, size+len(raw)
		raw = bytes.ToLower(raw)
		for what, bird := range b {
			if bytes.Contains(raw, []byte(bird)) {
				w.t.Errorf("%s holds %s", filepath.Base(path), what)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return files, size
}

// canariesTravelled makes sure that what was searched for came through: each
// person sees what is meant for them.
func (w *town) canariesTravelled(b birds, senior, inspector *simulator.User) {
	w.t.Helper()
	for what, who := range map[string]*simulator.User{"report": inspector, "reopening": inspector, "addition": inspector,
		"caption": inspector, "first name of resident": inspector, "words in a group": inspector, "name of a neighbour": inspector, "report past an officer": senior} {
		if len(birds{what: b[what]}.search(w.telegram.Transcript(who))) == 0 {
			w.t.Errorf("%s never saw the canary of %s", who.Key(), what)
		}
	}
	if !slices.ContainsFunc(inspector.Messages(), func(m simulator.Message) bool {
		return m.FromBot && m.Protected && m.Location != nil && *m.Location == simulator.Location{Latitude: 41.022517, Longitude: 64.070029}
	}) {
		w.t.Error("the inspector never saw the pin")
	}
}
