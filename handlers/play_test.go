package handlers_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

var update = flag.Bool("update", false, "write what the bot answers into the plays")

// TestPlays reads every play in testdata and compares what the bot says with
// what stands there after "<". How a play is written stands in
// testdata/README.md.
func TestPlays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no plays found")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p := &play{}
			got := p.perform(t, string(text))
			p.checkHonour(t)
			if got == string(text) {
				return
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("the bot says something else (go test ./handlers -run TestPlays -update writes it down):\n%s", firstDifference(string(text), got))
		})
	}
}

// firstDifference shows the lines around the first one that differs.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	i := 0
	for i < len(w) && i < len(g) && w[i] == g[i] {
		i++
	}
	from := max(0, i-6)
	return fmt.Sprintf("line %d\nwant:\n  %s\ngot:\n  %s", i+1,
		strings.Join(w[from:min(len(w), i+8)], "\n  "), strings.Join(g[from:min(len(g), i+8)], "\n  "))
}

// play is one play under way.
type play struct {
	troubled bool // Telegram is: what the auditor then finds is right
	*stage
	people  map[string]*simulator.User
	groups  map[string]*simulator.Group
	said    int              // how much of the transcript has been shown
	link    string           // of the last invitation
	party   string           // payload of the last link for a side of an item
	album   int              // the first message of the last album
	numbers []string         // case numbers in the order of their appearance
	old     map[string]press // the last press of each person and label
}

type press struct {
	message int
	data    string
}

// perform acts a play out and returns its text with the bot's answers as they
// really were.
func (p *play) perform(t *testing.T, text string) string {
	var out []string
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "<"):
			continue
		case line == "" || strings.HasPrefix(line, "#"):
			out = append(out, line)
			continue
		}
		out = append(out, line)
		if err := p.act(t, line); err != nil {
			t.Fatalf("line %d: %s: %v", i+1, line, err)
		}
		if p.stage != nil && !strings.HasPrefix(line, "cast ") {
			out = append(out, p.news()...)
		}
		if p.stage != nil && !p.troubled {
			p.audited(t, i+1, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// audited lets the auditor look, as it would two minutes later: everybody who is to
// answer has a card, and nothing is left lying; and at this moment, when everything has
// been done that was to be done by now, and once.
func (p *play) audited(t *testing.T, number int, line string) {
	t.Helper()
	f, err := p.db.Audit(p.ctx, nil, p.now.Add(2*time.Minute))
	if err != nil || f.Untold+f.Stuck != 0 {
		t.Errorf("line %d: %s: the auditor finds %+v, %v", number, line, f, err)
	}
	f, err = p.db.Audit(p.ctx, nil, p.now)
	if !p.reminders { // nobody gives them in this play
		next, err := p.scheduler.NextReminder(p.ctx)
		if err == nil && !next.IsZero() && next.Before(p.now) {
			f.Unfired = 0
		}
	}
	if err != nil || f.Late+f.Unfired+f.Doubled != 0 {
		t.Errorf("line %d: %s: the auditor finds %+v, %v", number, line, f, err)
	}
}

// act does what one line says.
func (p *play) act(t *testing.T, line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "clock":
		at, err := time.ParseInLocation("2006-01-02 15:04", rest, locales.Tashkent())
		p.stage, p.people, p.old = newStage(t, at), map[string]*simulator.User{}, map[string]press{}
		p.groups = map[string]*simulator.Group{}
		return err
	case "cast":
		return p.cast(strings.Fields(rest))
	case "group":
		return p.gather(strings.Fields(rest))
	case "wait", "at":
		return p.wait(verb, rest)
	case "both":
		return p.both(rest)
	case "Redis":
		return p.forget()
	case "holiday":
		return p.holiday(rest)
	case "digests":
		p.digests = true
		p.settle()
		return nil
	case "reminders":
		p.reminders = true
		p.settle()
		return nil
	case "link":
		return p.newLink(strings.Fields(rest))
	case "again":
		p.telegram.Repeat(p.telegram.LastUpdateID())
		p.settle()
		return nil
	case "meeting":
		return p.seated(rest)
	case "restart":
		return p.restart()
	case "links":
		return p.forgetLinks()
	case "public":
		p.desk.Publish(rest)
		return nil
	case "agenda":
		return p.agenda(strings.Fields(p.filled(rest)))
	case "outage":
		return p.outage(rest)
	case "ends", "revoke":
		return p.leaves(verb, rest)
	}
	return p.person(verb, rest)
}

// cast introduces somebody: "cast Inspector prevention_inspector DEMO-1011 ru".
func (p *play) cast(words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("cast whom?")
	}
	language := "uz"
	if last := words[len(words)-1]; last == "ru" || last == "cyrl" {
		language, words = last, words[:len(words)-1]
	}
	code := language
	if code == "cyrl" {
		code = "uz-Cyrl"
	}
	u := p.telegram.AddPerson(simulator.Person{Key: words[0], FirstName: words[0], Language: code, Phone: "+99890" + strconv.Itoa(1000000+len(p.people))})
	p.people[words[0]] = u
	if len(words) > 2 {
		p.join(u, mahalla.Role(words[1]), words[2])
	} else if len(words) > 1 && words[1] == "known" {
		u.Start("")
		p.settle()
		p.press(u, "✅")
	}
	p.news()
	return nil
}

// person lets somebody do something. The simulator panics where a person could
// not do it in Telegram either.
func (p *play) person(name, rest string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	u, ok := p.people[name]
	if !ok {
		return fmt.Errorf("nobody is called %q", name)
	}
	what, rest, _ := strings.Cut(rest, " ")
	rest = p.filled(rest)
	if what == "in" {
		err := p.inGroup(u, rest)
		p.settle()
		return err
	}
	switch strings.TrimSuffix(what, ":") {
	case "starts":
		u.Start(rest)
	case "writes":
		u.Text(rest)
	case "presses":
		return p.presses(u, rest)
	case "photo":
		u.Photo(rest)
	case "album":
		count, caption, _ := strings.Cut(rest, " ")
		n, _ := strconv.Atoi(count)
		p.album = u.Album(n, caption)[0]
	case "more":
		u.AlbumPhoto(p.album, rest)
	case "video":
		u.Video(rest, 9)
	case "voice":
		n, _ := strconv.Atoi(rest)
		u.Voice(n)
	case "round":
		n, _ := strconv.Atoi(rest)
		u.VideoNote(n)
	case "sticker":
		u.Sticker()
	case "pins", "venue", "shares", "moves", "stands":
		return p.pins(u, what, rest)
	case "taps":
		if err := u.PressKey(rest); err != nil {
			return err
		}
	case "contact":
		if name, ok := strings.CutPrefix(rest, "of "); ok {
			u.OtherContact("+998901112233", name)
		} else {
			u.Contact()
		}
	case "poll":
		u.Poll()
	case "document":
		name, caption, _ := strings.Cut(rest, " ")
		u.Document(name, caption)
	case "blocks":
		u.Block()
	case "returns":
		u.Unblock()
	case "edits":
		u.EditText(p.lastOwn(u), rest)
	case "replies":
		return p.replies(u, rest, u.Reply)
	case "shows":
		return p.replies(u, rest, u.ReplyPhoto)
	default:
		return fmt.Errorf("nobody can %q", what)
	}
	p.settle()
	return nil
}

// gather makes a group: "group Hovli Activist Resident"; the first has added the
// bot.
func (p *play) gather(words []string) error {
	var members []*simulator.User
	for _, name := range words[1:] {
		if p.people[name] == nil {
			return fmt.Errorf("nobody is called %q", name)
		}
		members = append(members, p.people[name])
	}
	p.groups[words[0]] = p.telegram.AddGroup(words[0], words[0], members...)
	p.settle()
	return nil
}

// inGroup lets somebody do something there: "in Hovli writes words", "in Hovli
// replies part: words", "in Hovli opens label", "in Hovli kicks".
func (p *play) inGroup(u *simulator.User, rest string) error {
	name, rest, _ := strings.Cut(rest, " ")
	what, rest, _ := strings.Cut(rest, " ")
	g, ok := p.groups[name]
	if !ok {
		return fmt.Errorf("no group is called %q", name)
	}
	switch what {
	case "writes":
		g.Text(u, rest)
	case "kicks":
		g.Kick(u)
	case "opens":
		_, err := g.Open(u, rest)
		return err
	case "replies":
		part, words, _ := strings.Cut(rest, ": ")
		for _, m := range slices.Backward(g.Messages()) {
			if strings.Contains(m.Text, part) {
				g.Reply(u, m.ID, words)
				return nil
			}
		}
		return fmt.Errorf("no message holds %q", part)
	default:
		return fmt.Errorf("nobody can %q in a group", what)
	}
	return nil
}

// pins sends a place on the map: "pins 41.01,64.02", "venue 41.01,64.02 name;
// address", "shares 41.01,64.02" as a live location, which "moves 41.02,64.02".
// A key of the phone sends where the person "stands 41.01,64.02".
func (p *play) pins(u *simulator.User, what, rest string) error {
	place, about, _ := strings.Cut(rest, " ")
	var lat, lon float64
	if _, err := fmt.Sscanf(place, "%g,%g", &lat, &lon); err != nil {
		return fmt.Errorf("want: %s latitude,longitude", what)
	}
	switch what {
	case "pins":
		u.Location(lat, lon)
	case "venue":
		title, address, _ := strings.Cut(about, "; ")
		u.Venue(lat, lon, title, address)
	case "shares":
		u.LiveLocation(lat, lon)
	case "moves":
		u.Move(p.lastOwn(u), lat, lon)
	case "stands":
		u.At(lat, lon)
	}
	p.settle()
	return nil
}

// presses presses the newest button with such a label, or with "old" the one
// that was pressed under that label before.
func (p *play) presses(u *simulator.User, label string) error {
	if label, ok := strings.CutPrefix(label, "old "); ok {
		was, ok := p.old[u.Key()+label]
		if !ok {
			return fmt.Errorf("%q was never pressed", label)
		}
		u.PressStale(was.message, was.data)
		p.settle()
		return nil
	}
	if err := p.pressNow(u, label); err != nil {
		return err
	}
	p.settle()
	return nil
}

func (p *play) pressNow(u *simulator.User, label string) error {
	messages := u.Messages()
	for _, m := range slices.Backward(messages) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if !m.Deleted && strings.Contains(b.Text, label) {
					p.old[u.Key()+label] = press{m.ID, b.Data}
					_, err := u.Press(m.ID, b.Text)
					return err
				}
			}
		}
	}
	_, err := u.PressLast(label)
	return err
}

// both lets two people press in the same moment: "both A, B press ✅".
func (p *play) both(rest string) error {
	names, label, ok := strings.Cut(rest, " press ")
	if !ok {
		return fmt.Errorf("want: both A, B press label")
	}
	for name := range strings.SplitSeq(names, ", ") {
		if p.people[name] == nil {
			return fmt.Errorf("nobody is called %q", name)
		}
		if err := p.pressNow(p.people[name], label); err != nil {
			return err
		}
	}
	p.settle()
	return nil
}

// replies answers the newest message of the bot that holds a text:
// replies "part": words.
func (p *play) replies(u *simulator.User, rest string, reply func(to int, text string) int) error {
	part, words, ok := strings.Cut(rest, ": ")
	if !ok {
		return fmt.Errorf("want: replies part: words")
	}
	for _, m := range slices.Backward(u.Messages()) {
		if m.FromBot && strings.Contains(m.Text, part) {
			reply(m.ID, words)
			p.settle()
			return nil
		}
	}
	return fmt.Errorf("no message holds %q", part)
}

func (p *play) lastOwn(u *simulator.User) int {
	for _, m := range slices.Backward(u.Messages()) {
		if !m.FromBot {
			return m.ID
		}
	}
	return 0
}

// wait moves the clock: "wait 10m", "wait 60wm" in working time, or "at" a
// day and a time.
func (p *play) wait(verb, rest string) error {
	if verb == "at" {
		at, err := time.ParseInLocation("2006-01-02 15:04", rest, locales.Tashkent())
		if err == nil {
			p.until(at)
		}
		return err
	}
	span, err := mahalla.ParseSpan(rest)
	if err == nil {
		p.until(p.desk.Calendar().Add(p.now, span))
	}
	return err
}

// newLink makes an invitation: "link prevention_inspector DEMO-1011"; people
// open it with "starts {link}". With "vouched" after it nobody has to approve.
func (p *play) newLink(words []string) error {
	vouched := len(words) == 3 && words[2] == "vouched"
	if len(words) != 2 && !vouched {
		return fmt.Errorf("want: link role territory [vouched]")
	}
	return p.db.InTx(p.ctx, func(tx *storage.Tx) error {
		invite := p.desk.Invite
		if vouched {
			invite = p.desk.InviteVouched
		}
		token, err := invite(tx, mahalla.Role(words[0]), p.desk.Reference().ByCode[words[1]], p.now)
		p.link = "i_" + token
		return err
	})
}

// forget empties Redis, as a crash would.
func (p *play) forget() error {
	client, err := storage.OpenRedis(p.redis)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.FlushDB(p.ctx).Err(); err != nil {
		return err
	}
	p.settle()
	return nil
}

// holiday makes a day one on which nobody works.
func (p *play) holiday(day string) error {
	at, err := time.Parse("2006-01-02", day)
	if err != nil {
		return err
	}
	p.must(p.db.InTx(p.ctx, func(tx *storage.Tx) error {
		tx.PutHoliday(at, "play")
		tx.BumpReference()
		return nil
	}))
	return p.scheduler.Refresh(p.ctx)
}

// restart begins with new objects on the same data, as after a crash.
func (p *play) restart() error {
	p.reopen()
	p.settle()
	return nil
}

// expired counts the presses since a moment that Telegram keeps no longer.
func (p *play) expired(since time.Time) int {
	n := 0
	for _, press := range p.telegram.Unanswered() {
		if !press.At.Before(since) && p.now.Sub(press.At) > 150*time.Second {
			n++
		}
	}
	return n
}

// outage lets the bot be away for a while, in which people do things at first:
// "outage 5m: A presses ✅; B writes words".
func (p *play) outage(rest string) error {
	length, deeds, _ := strings.Cut(rest, ": ")
	span, err := mahalla.ParseSpan(length)
	if err != nil {
		return err
	}
	p.must(p.scheduler.Listen(p.ctx))
	p.away = true
	for deed := range strings.SplitSeq(deeds, "; ") {
		if name, what, ok := strings.Cut(deed, " "); ok {
			if err := p.person(name, what); err != nil {
				return err
			}
		}
	}
	began := p.now
	p.now = p.desk.Calendar().Add(p.now, span)
	p.away, p.lost = false, p.lost+p.expired(began)
	if err := p.restart(); err != nil {
		return err
	}
	p.must(p.scheduler.Listen(p.ctx))
	p.settle()
	return nil
}

var (
	messageID  = regexp.MustCompile(` ?#\d+`)
	caseNumber = regexp.MustCompile(`\b\d{4}-\d{4}\b`)
)

// news is what the bot has said since it was asked last, by person.
func (p *play) news() []string {
	all := p.telegram.Transcript()
	fresh := all[p.said:]
	p.said = len(all)
	byPerson := map[string][]string{}
	var order []string
	who := ""
	for line := range strings.SplitSeq(strings.TrimRight(fresh, "\n"), "\n") {
		if name, said, ok := strings.Cut(line, " | "); ok && (p.people[name] != nil || p.groups[name] != nil) {
			who = ""
			if said, ok = said2(name, said); !ok {
				continue
			}
			who, line = name, said
			if _, known := byPerson[who]; !known {
				order = append(order, who)
			}
		}
		if who != "" && line != "" {
			byPerson[who] = append(byPerson[who], strings.TrimRight("< "+p.masked(line), " "))
		}
	}
	slices.Sort(order)
	var out []string
	for _, name := range order {
		out = append(out, byPerson[name]...)
	}
	return out
}

// said2 turns a line of the transcript into one of a play; the person's own
// words stand in the play already.
func said2(name, said string) (string, bool) {
	if rest, ok := strings.CutPrefix(said, "bot reacts "); ok {
		return name + " gets " + strings.TrimSpace(strings.TrimSuffix(messageID.ReplaceAllString(rest, ""), " to")), true
	}
	if rest, ok := strings.CutPrefix(said, "bot "); ok {
		return strings.Replace(name+" "+strings.TrimSpace(messageID.ReplaceAllString(rest, "")), " : ", ": ", 1), true
	}
	if _, rest, ok := strings.Cut(said, " sees "); ok {
		return name + " " + rest, true
	}
	return "", false
}

// partyLink is the payload of a link that brings a side of an item into the chat.
var partyLink = regexp.MustCompile(`p_[A-Za-z0-9_-]{24}`)

// alias is the random one of a reporter who is not named.
var alias = regexp.MustCompile(`((?:Xabarchi|Хабарчи|Автор) )[2-9][A-Z][2-9]`)

// feedToken is the secret in the address of a calendar.
var feedToken = regexp.MustCompile(`/[A-Za-z0-9_-]{43}\.ics`)

// masked gives random case numbers the names {A}, {B} …, all aliases the same, and
// hides the addresses of calendars.
func (p *play) masked(line string) string {
	line = partyLink.ReplaceAllStringFunc(line, func(payload string) string {
		p.party = payload
		return "{party}"
	})
	line = feedToken.ReplaceAllString(line, "/{T}.ics")
	return caseNumber.ReplaceAllStringFunc(alias.ReplaceAllString(line, "${1}7F3"), func(number string) string {
		if _, err := mahalla.ParseNumber(number); err != nil {
			return number
		}
		i := slices.Index(p.numbers, number)
		if i < 0 {
			i = len(p.numbers)
			p.numbers = append(p.numbers, number)
		}
		return fmt.Sprintf("{%c}", 'A'+i)
	})
}

// filled puts the real numbers back into what a person writes.
func (p *play) filled(text string) string {
	for i, number := range p.numbers {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%c}", 'A'+i), number)
	}
	return strings.NewReplacer("{link}", p.link, "{party}", p.party).Replace(text)
}

// checkButtons holds every keyboard that was ever sent to the house rules.
func checkButtons(t *testing.T, c simulator.Call) {
	t.Helper()
	markup, _ := c.Params["reply_markup"].(map[string]any)
	keyboard, _ := markup["inline_keyboard"].([]any)
	if len(keyboard) > 4 {
		t.Errorf("%d rows of buttons, want at most 4: %v", len(keyboard), keyboard)
	}
	for _, row := range keyboard {
		for _, cell := range row.([]any) {
			if text, _ := cell.(map[string]any)["text"].(string); text == "" || locales.UTF16Len(text) > 20 {
				t.Errorf("label %q has %d units, want 1 to 20", text, locales.UTF16Len(text))
			}
		}
	}
}

// checkHonour is what holds at the end of every play and walk: nothing departed from
// the Bot API, every press was answered, nothing waits or was given up.
func (s *stage) checkHonour(t *testing.T) {
	t.Helper()
	if d := s.telegram.Departures(); len(d) > 0 {
		t.Errorf("departures from the Bot API: got %q, want none", d)
	}
	if u := s.telegram.Unanswered(); len(u) != s.lost {
		t.Errorf("presses that were never answered: got %d, want %d", len(u), s.lost)
	}
	for _, c := range s.telegram.Calls() {
		checkButtons(t, c)
	}
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) error {
		left, err := tx.Unfinished()
		if err == nil && left != (storage.Leftovers{}) {
			t.Errorf("left over: got %+v, want nothing", left)
		}
		return err
	}))
}
