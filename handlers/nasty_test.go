package handlers_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/bot/simulator"
	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

// everyNasty walks the whole product of states and inputs, which takes many
// minutes; without it each state hears a few of the inputs, chosen by its name.
var everyNasty = flag.Bool("nasty", false, "try every nasty input in every state")

// fewNasty is how many inputs a state hears without the flag.
const fewNasty = 6

// asked are states in which a flow waits for an answer: a play until a line, and
// what is done then.
var asked = []struct {
	flow, play, until, who string
	then                   []string
}{
	{"search", "absence", "Inspector presses ✅", "Inspector", []string{"Inspector writes /qidir"}},
	{"share", "absence", "Resident presses 🔊", "Resident", []string{"Resident writes /raqam {A}"}},
	{"absence", "absence", "Inspector writes /yoqman", "Inspector", nil},
	{"transfer", "transfer_taken", "Inspector presses Boshqa mahalla", "Inspector", nil},
	{"reject", "false_report", "Senior presses ❌", "Senior", nil},
	{"behalf", "behalf", "Activist presses ismi bilan", "Activist", nil},
	{"gate", "commission", "Inspector presses ✅ Yoʻq", "Inspector", nil},
	{"party", "commission", "Inspector writes yoʻq", "Inspector", []string{"Inspector presses ✅ 2-tomon rozi"}},
	{"compose", "eslatma", "Senior presses ➕", "Senior", nil},
	{"compose", "eslatma", "Senior presses Har hafta", "Senior", nil},
	{"series", "series", "Secretary writes /muntazam", "Secretary", nil},
	{"convene", "meeting_draft", "Kotiba writes salom", "Kotiba", nil},
	{"convene", "meeting_draft", "Kotiba writes 30.11", "Kotiba", nil},
	{"convene", "meeting_draft", "Kotiba writes 15:00", "Kotiba", nil},
	{"convene", "meeting_draft", "Kotiba pins 41.0225,64.07", "Kotiba", []string{"Kotiba writes /majlis"}},
	{"mother", "meeting_moved", "Botir presses 🕒", "Botir", nil},
	{"mmove", "meeting_moved", "Anvar presses ✅ Boraman", "Kotiba", []string{"Kotiba writes /majlis koʻchir"}},
	{"coming", "meeting_yes", "Botir presses ✅ Приду", "Anvar", []string{"Anvar writes ha"}},
	{"mcancel", "meeting_moved", "Anvar presses ✅ Boraman", "Kotiba", []string{"Kotiba writes /majlis bekor"}},
	{"mnote", "held", "Kotib presses 📝 Izoh", "Kotib", nil},
	{"mdecide", "held", "Kotib presses ➕ Qaror", "Kotib", nil},
	{"mremark", "held", "Kotib presses ✅ Tasdiqlashga", "Rais", []string{"Rais presses ↩️ Izoh"}},
	{"mfix", "held", "Kotib presses 📝 Tuzatish", "Kotib", nil},
	{"mlater", "held_silent_cyrl", "Olim presses 🕒", "Olim", nil},
}

// flowOf are the flows in which the situations of the other test stand.
var flowOf = map[string]string{
	"a role is offered": "join", "a number is asked for": "phone", "the test card waits": "test",
	"an addition is asked for": "addition", "a reason is asked for": "reopen", "an answer is asked for": "answer",
	"an officer is asked for the sentence": "close", "an officer is asked for the question": "ask",
	"an officer is asked for a note": "note", "an officer is asked for the date": "promise",
}

// flows reads the values of the Flow constants of casework.
func flows(t *testing.T) []string {
	var found []string
	files, err := filepath.Glob("../casework/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			for i, name := range spec.Names {
				if value, ok := spec.Values[i].(*ast.BasicLit); ok && strings.HasPrefix(name.Name, "Flow") {
					text, _ := strconv.Unquote(value.Value)
					found = append(found, text)
				}
			}
			return true
		})
	}
	return found
}

func TestEveryFlowHearsNastyInput(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, a := range asked {
		tried[a.flow] = true
	}
	for name, flow := range flowOf {
		tried[flow] = true
		if !slices.ContainsFunc(situations, func(s struct {
			name string
			make func(*stage, string) *simulator.User
		}) bool {
			return s.name == name
		}) {
			t.Errorf("no situation is called %q", name)
		}
	}
	all := flows(t)
	if len(all) < 25 {
		t.Fatalf("found only %q", all)
	}
	for _, flow := range all {
		if !tried[flow] {
			t.Errorf("nothing nasty is tried while %q is asked: add it to asked or flowOf", flow)
		}
	}
}

// nastyInput is one input that nobody asked for.
type nastyInput struct {
	name string
	send func(*simulator.User)
}

// nastyTexts are words that break what reads them carelessly.
func nastyTexts() []string {
	long := func(s string, n int) string { return strings.Repeat(s, n/len([]rune(s))) }
	return []string{
		// invisible, combining, directed
		"\u200b", "\u2060\ufeff", "\u00ad\u00ad", "\u3164", "\u0301", "z\u0336\u0347\u0301\u0302\u0303a\u0336\u0347l\u0301g\u0302o",
		"a" + long("\u0301", 300), "\u202eabc\u202c", "مرحبا كيف حالك", "שלום עולם", "\u2067אבג\u2069 abc", "👨‍👩‍👧‍👦", "🇺🇿🇺🇿🇺🇿", "👍🏽", "1️⃣", "❤️‍🔥",
		// controls and what Telegram may let through
		"\\x00", "\\u0000", "%00", "a\tb\nc", "\n\n\n.\n\n\n", "\u2028\u2029x", "\x01\x02x", "\x7f.", "\ufffd", "\U0010ffff", "\U000e0041x",
		// huge
		long("shovqin ", 4096), long("a", 4096), long("😀", 2000), long("\n.", 4000), long("9", 4096), long("<b>", 4095), long("&amp;", 4095), long("ў", 4096),
		// markup and code
		"<b>", "</b></i>", "<a href='tg://user?id=1'>x</a>", "&lt;&#0;&#x110000;", "{{.x}}", "{{template \"x\"}}", "%s%d%n%!(EXTRA)", "${x}", "$(reboot)", "'; DROP TABLE cases; --", "\" OR 1=1", "*_`[", "\\", "../../etc/passwd", "[x](tg://user?id=1)", "null", "true", "NaN", "[]", "{}",
		// numbers, dates, telephones
		"0", "-1", "1", "2", "99", "4821-0937", "00000000", "٤٨٢١-٠٩٣٧", "1e9", "0x10", "9223372036854775808", "-9223372036854775809", "1.5", "½", "25.12", "31.02", "29.02", "0.0.0", "99.99.9999", "1.1.99999999999", "25:61", "24:00", "-5:00", "00:00", "25.12 10:00", "25.11-20.11", "25.11–", "ertaga", "kecha", "завтра", "har kuni 03:00", "* * * * *", "0 9 31 2 *", "@every 1s", "+998901234567", "+", "+998 90 123 45 67 +998 90 123 45 67",
		// words that mean something somewhere
		"ha", "yoʻq", "йўқ", "нет", "bekor", "davom", "keyin", "✅", "❌", "🏁", "Bekor qilish",
		// commands with garbage
		"/", "//", "/ ", "/@", "/start", "/start m_", "/start i_x", "/start p_" + long("A", 24), "/start m_DEMO-1011", "/START", "/nimadir 12", "/cancel@somebody_bot", "/yop", "/yop x", "/yop 4821-0937 x", "/qabul 0", "/vada 99", "/mavzu \u200b", "/mavzu <b>", "/joy %", "/joy " + long("a", 4000), "/majlis \x01", "/majlis 31.02", "/majlis 99.99 99:99", "/eslatma \u202e", "/eslatma 99", "/yoqman 31.02-30.02", "/yoqman 9-9-9", "/muntazam * * * * *", "/qarorlar -1", "/qidir %_\\", "/javob", "/raqam ☎", "/til xx", "/nomidan 0        0", "/help me", "/karta \ufffd", "/ochirish yoʻq", "/komissiya 0", "/bayonnoma 99",
		// pretending to be the bot
		"m_DEMO-1011", "a:1:1::AAAAAAAAAAAA", "accept:5eg:2:x:AAAAAAAAAAAA", "№ 4821-0937 qabul qilindi",
	}
}

// nastyInputs are all of them, the ones without words too.
func nastyInputs() []nastyInput {
	var list []nastyInput
	for _, text := range nastyTexts() {
		shown := strconv.Quote(text)
		list = append(list, nastyInput{shown[:min(len(shown), 40)], func(u *simulator.User) { u.Text(text) }})
	}
	long := strings.Repeat("<&\u202e😀", 200)
	return append(list, []nastyInput{
		{"a sticker", func(u *simulator.User) { u.Sticker() }},
		{"a poll", func(u *simulator.User) { u.Poll() }},
		{"the own number", func(u *simulator.User) { u.Contact() }},
		{"the number of nobody", func(u *simulator.User) { u.OtherContact("", "\u202e") }},
		{"the number of somebody", func(u *simulator.User) { u.OtherContact("+99890 0", "<b>") }},
		{"nowhere", func(u *simulator.User) { u.Location(0, 0) }},
		{"the pole", func(u *simulator.User) { u.Location(90, -180) }},
		{"a venue of markup", func(u *simulator.User) { u.Venue(41.0225, 64.07, "<b>", "{{.x}}\n&") }},
		{"a place that moves", func(u *simulator.User) { u.LiveLocation(41.0225, 64.07) }},
		{"a photo", func(u *simulator.User) { u.Photo("") }},
		{"a photo with long words", func(u *simulator.User) { u.Photo(long) }},
		{"a photo with a command", func(u *simulator.User) { u.Photo("/cancel x") }},
		{"no sound", func(u *simulator.User) { u.Voice(0) }},
		{"a long voice", func(u *simulator.User) { u.Voice(1 << 30) }},
		{"a video", func(u *simulator.User) { u.Video("\u200b", 0) }},
		{"a round video", func(u *simulator.User) { u.VideoNote(1) }},
		{"a file", func(u *simulator.User) { u.Document("\u202efdp.exe", "<") }},
		{"a reply to nothing of ours", func(u *simulator.User) { replyTo(u, "\x00", "0") }},
		{"a press of a forged button", func(u *simulator.User) { pressForged(u, "a:1:1::AAAAAAAAAAAA") }},
		{"a press of no button", func(u *simulator.User) { pressForged(u, strings.Repeat(":", 64)) }},
		{"an edit of the last words", func(u *simulator.User) {
			for _, m := range slices.Backward(u.Messages()) {
				if !m.FromBot && m.Kind == "text" {
					u.EditText(m.ID, "\u202e<b>")
					return
				}
			}
		}},
	}...)
}

// pressForged presses a button that the bot has not drawn.
func pressForged(u *simulator.User, data string) {
	for _, m := range slices.Backward(u.Messages()) {
		if m.FromBot {
			u.PressStale(m.ID, data)
			return
		}
	}
}

// walker sends one input after the other in one state.
type walker struct {
	*stage
	user    *simulator.User
	state   mahalla.Dialogue // in which it always begins
	remake  func() (*stage, *simulator.User)
	random  *rand.Rand
	changes string

	counting *pgx.Conn // to the database that is counted
	counted  string
}

func TestNothingNastyStopsADialogue(t *testing.T) {
	t.Parallel()
	if n := len(nastyInputs()); n < 100 {
		t.Fatalf("only %d inputs", n)
	}
	var tried atomic.Int64
	t.Cleanup(func() { // when every state is done
		states := len(situations) + len(asked)
		t.Logf("tried %d inputs in %d states: %d of %d pairs", len(nastyInputs()), states, tried.Load(), states*len(nastyInputs()))
	})
	for _, situation := range situations {
		t.Run(situation.name, func(t *testing.T) {
			t.Parallel()
			var s *stage
			n := 0
			walk(t, &tried, situation.name, flowOf[situation.name], func() (*stage, *simulator.User) {
				if s == nil {
					s = newStage(t, monday)
				}
				n++
				return s, situation.make(s, fmt.Sprint("P", n))
			})
		})
	}
	for i, a := range asked {
		name := fmt.Sprint(a.flow, " ", i)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, &tried, name, a.flow, func() (*stage, *simulator.User) {
				p := playUntil(t, a.play, a.until, a.then)
				return p.stage, p.people[a.who]
			})
		})
	}
}

// playUntil acts the beginning of a play, and then some lines.
func playUntil(t *testing.T, name, until string, then []string) *play {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut("\n"+string(text), "\n"+until+"\n")
	if !found {
		t.Fatalf("%s has no line %q", name, until)
	}
	p := &play{}
	p.perform(t, before[1:]+"\n"+until+"\n"+strings.Join(then, "\n"))
	return p
}

// walk tries inputs in one state, and counts them: it must be that of the flow.
func walk(t *testing.T, tried *atomic.Int64, name, flow string, remake func() (*stage, *simulator.User)) {
	seed := fnv.New64a()
	seed.Write([]byte(name))
	w := &walker{remake: remake, random: rand.New(rand.NewPCG(seed.Sum64(), 1))}
	w.begin()
	if q := w.state.Question; flow != "" && (q == nil || q.Flow != flow) {
		t.Fatalf("the state asks %+v, not %s", q, flow)
	}
	inputs := nastyInputs()
	w.random.Shuffle(len(inputs), func(i, j int) { inputs[i], inputs[j] = inputs[j], inputs[i] })
	often := 25
	if !*everyNasty {
		inputs, often = inputs[:fewNasty], 5
	}
	for i, input := range inputs {
		if i%often == often-1 {
			w.reopen() // as a crash does, between two inputs
		}
		w.try(t, input)
		tried.Add(1)
	}
	w.payOwed()
	w.checkHonour(t)
}

func (w *walker) begin() {
	before := w.stage
	w.stage, w.user = w.remake()
	if before != nil && before != w.stage {
		before.db.Close() // its connections are wanted by others
	}
	raw, err := json.Marshal(w.contactOf(w.user).Dialogue)
	w.must(err)
	w.state = mahalla.Dialogue{}
	w.must(json.Unmarshal(raw, &w.state))
	w.changes = w.events()
}

// back brings the dialogue to where it began; where the matter itself has changed,
// the state is made anew.
func (w *walker) back() {
	if w.events() != w.changes {
		w.begin()
		return
	}
	raw, err := json.Marshal(w.state)
	w.must(err)
	w.must(w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		c, err := tx.ContactByTelegram(w.user.ID())
		if err != nil {
			return err
		}
		tx.LockContact(c.ID)
		c.Dialogue = mahalla.Dialogue{}
		if err := json.Unmarshal(raw, &c.Dialogue); err != nil {
			return err
		}
		return tx.SaveDialogue(c, w.now)
	}))
}

// events tells whether anything but the dialogue has changed: the newest write and
// the number of rows of what the bot keeps.
func (w *walker) events() string {
	var sum string
	if w.counting == nil || w.counted != w.url {
		if w.counting != nil {
			_ = w.counting.Close(w.ctx)
		}
		conn, err := pgx.Connect(w.ctx, w.url)
		w.must(err)
		w.t.Cleanup(func() { _ = conn.Close(context.Background()) })
		w.counting, w.counted = conn, w.url
	}
	var parts []string
	for _, table := range []string{"cases", "case_events", "reports", "agenda_items", "parties", "meetings", "participants", "hearings", "sittings", "decisions", "reviews", "corrections", "recurring", "series", "memberships", "absences", "offers"} {
		parts = append(parts, "SELECT count(*) n, coalesce(max(xmin::text::bigint), 0) x FROM "+table)
	}
	w.must(w.counting.QueryRow(w.ctx, "SELECT string_agg(n||'/'||x, ' ') FROM ("+strings.Join(parts, " UNION ALL ")+") AS tables").Scan(&sum))
	return sum
}

// cases counts the cases there are.
func (w *walker) cases() int {
	var tally storage.Tally
	w.must(w.db.Read(w.ctx, func(tx *storage.Tx) (err error) {
		tally, err = tx.Tally(nil)
		return err
	}))
	return tally.Cases
}

// try sends an input, and leaves the dialogue by /cancel.
func (w *walker) try(t *testing.T, input nastyInput) {
	cases, before := w.cases(), lastCall(w.stage)
	input.send(w.user)
	trouble := troubles[w.random.IntN(len(troubles))]
	trouble.befall(w)
	w.settle()
	name := input.name + ", " + trouble.name
	w.checkAnswer(t, name, before, trouble.more)
	if n := w.cases(); n != cases {
		t.Errorf("%s: a case was filed, and nobody has confirmed it", name)
	}
	w.leave(t, name)
	w.back()
}

// troubles are what befalls the bot while it handles an input: nothing, a kill or a call
// that fails. Where it is not known whether a message was sent, it may come once more.
var troubles = []struct {
	name   string
	more   int
	befall func(w *walker)
}{
	{"in peace", 0, func(*walker) {}},
	{"killed while it was handled", 0, func(w *walker) {
		w.must(w.poller.Once(w.ctx))
		w.kill(w.worker.Drain)
	}},
	{"killed while it was sent", 1, func(w *walker) {
		w.must(w.poller.Once(w.ctx))
		_, err := w.worker.Drain(w.ctx)
		w.must(err)
		w.kill(w.sender.Drain)
	}},
	{"the answer of Telegram lost", 1, func(w *walker) { w.failing(simulator.Fault{LoseAnswer: true}) }},
	{"refused with 502", 0, func(w *walker) { w.failing(simulator.Fault{Status: 502, Body: "<html>"}) }},
}

// kill breaks something off at a random moment, and lets another bot go on.
func (w *walker) kill(work func(context.Context) (int, error)) {
	ctx, cut := context.WithCancel(w.ctx)
	defer time.AfterFunc(time.Duration(w.random.IntN(8_000))*time.Microsecond, cut).Stop()
	_, _ = work(ctx)
	cut()
	w.reopen()
	w.buried()
	w.untiring()
}

// buried waits until PostgreSQL has let go of what the killed one had in hand.
func (w *walker) buried() {
	for busy := 1; busy > 0; time.Sleep(time.Millisecond) {
		w.must(w.counting.QueryRow(w.ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`).Scan(&busy))
	}
}

// payOwed lets the next replica answer the presses that a killed one owed.
func (w *walker) payOwed() {
	if len(w.telegram.Unanswered()) == 0 {
		return
	}
	_, err := w.counting.Exec(w.ctx, "UPDATE owed SET due_at = now()")
	w.must(err)
	ctx, end := context.WithTimeout(w.ctx, 20*time.Second)
	var next sync.WaitGroup
	next.Go(func() { w.worker.Run(ctx) })
	for len(w.telegram.Unanswered()) > 0 && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	end()
	next.Wait()
}

// failing lets the first call to the person's chat fail.
func (w *walker) failing(fault simulator.Fault) {
	var once sync.Once
	w.telegram.SetFault(func(_ string, chat int64) (f *simulator.Fault) {
		if chat == w.user.ID() {
			once.Do(func() { f = &fault })
		}
		return f
	})
	w.settle()
	w.telegram.SetFault(nil)
	w.untiring()
}

// untiring lets what was tried in vain, or is held by whoever was killed, be tried at once.
func (w *walker) untiring() {
	for _, queue := range []string{"inbox_chats", "outbox_chats"} {
		_, err := w.counting.Exec(w.ctx, "UPDATE "+queue+" SET ready_at = clock_timestamp() WHERE waiting > 0")
		w.must(err)
	}
}

// leave goes out by /cancel: the first leaves the question, another the draft.
func (w *walker) leave(t *testing.T, after string) {
	for range 2 {
		before := lastCall(w.stage)
		w.user.Text("/cancel")
		w.settle()
		w.checkAnswer(t, "/cancel after "+after, before, 0)
		if d := w.contactOf(w.user).Dialogue; (d.Question == nil || joining(d.Question)) && d.Draft == nil {
			return
		}
	}
	d := w.contactOf(w.user).Dialogue
	t.Errorf("/cancel after %s: the dialogue still waits: %+v, %+v", after, d.Question, d.Draft)
}

// checkAnswer wants one answer and no more: a message, a change, a reaction or
// the answer to a press. What a person has asked to see, such as a file or an album,
// comes with the message about it; a card that changes where it stands is no message.
// So many more may come where sending was broken off. That a press has its answer may
// also stand in what is owed, which the next replica pays.
func (w *walker) checkAnswer(t *testing.T, after string, before, more int) {
	t.Helper()
	all := 0
	var messages []string
	for _, c := range since(w.stage, before) {
		if c.ChatID != w.user.ID() || c.Status != 200 {
			continue
		}
		text, _ := c.Params["text"].(string)
		if strings.Contains(text, "Xatolik") || strings.Contains(text, "Хатолик") || strings.Contains(text, "Ошибка") {
			t.Errorf("%s: the bot is sorry: %q", after, text)
		}
		all++
		markup, _ := json.Marshal(c.Params["reply_markup"])
		if c.Method == "sendMessage" && !strings.Contains(string(markup), "remove_keyboard") { // keys go with a message only
			messages = append(messages, text)
		}
	}
	if all == 0 {
		w.must(w.counting.QueryRow(w.ctx, "SELECT count(*) FROM owed").Scan(&all))
		_, err := w.counting.Exec(w.ctx, "DELETE FROM owed")
		w.must(err)
	}
	if all == 0 || len(messages) > 1+more {
		t.Errorf("%s: %d calls, %d new messages: %q", after, all, len(messages), messages)
	}
}

// joining tells whether a question is one of joining, which the person may only
// accept or decline: /cancel says so.
func joining(q *mahalla.Question) bool {
	return q.Flow == casework.FlowJoin || q.Flow == casework.FlowPhone || q.Flow == casework.FlowTest
}
