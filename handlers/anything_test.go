package handlers_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// monday is a Monday at ten in Tashkent: working time.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, locales.Tashkent())

// known makes a person who has agreed to the terms.
func (s *stage) known(key string) *simulator.User {
	s.t.Helper()
	u := s.telegram.AddPerson(simulator.Person{Key: key, Language: "uz"})
	u.Start("m_DEMO-1011")
	s.settle()
	s.press(u, "✅")
	return u
}

// officer makes an inspector of Gʻuncha who has joined.
func (s *stage) officer(key string) *simulator.User {
	s.t.Helper()
	u := s.telegram.AddPerson(simulator.Person{Key: key, Language: "uz"})
	s.join(u, mahalla.PreventionInspector, "DEMO-1011")
	return u
}

func (s *stage) says(u *simulator.User, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		u.Text(text)
		s.settle()
	}
}

// files lets a person report noise, and gives the number.
func (s *stage) files(u *simulator.User) string {
	s.t.Helper()
	s.says(u, "Musiqa baland")
	s.press(u, "🔊")
	return newestNumber(u)
}

func newestNumber(u *simulator.User) string {
	for _, m := range slices.Backward(u.Messages()) {
		if n := regexp.MustCompile(`\d{4}-\d{4}`).FindString(m.Text); n != "" && m.FromBot {
			return n
		}
	}
	return ""
}

// accepted lets an officer take a case of a person of its own.
func (s *stage) accepted(officer *simulator.User) (reporter *simulator.User, number string) {
	s.t.Helper()
	reporter = s.known("reporter of " + officer.Key())
	number = s.files(reporter)
	s.says(officer, "/qabul "+number)
	return reporter, number
}

// asked makes a reporter whom the officer of a case has asked something.
func (s *stage) asked(key string) (reporter, officer *simulator.User) {
	s.t.Helper()
	officer = s.officer("officer of " + key)
	reporter, number := s.accepted(officer)
	s.says(officer, "/sora "+number+" Qaysi uy?")
	return reporter, officer
}

// invited opens an invitation.
func (s *stage) invited(key string) *simulator.User {
	s.t.Helper()
	u := s.telegram.AddPerson(simulator.Person{Key: key, Language: "uz"})
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		token, err := s.desk.InviteVouched(tx, mahalla.PreventionInspector, s.desk.Reference().ByCode["DEMO-1011"], s.now)
		u.Start("i_" + token)
		return err
	}))
	s.settle()
	return u
}

// situations are the states in which a person may be when something comes.
var situations = []struct {
	name string
	make func(*stage, string) *simulator.User
}{
	{"nobody knows the person", func(s *stage, key string) *simulator.User {
		u := s.telegram.AddPerson(simulator.Person{Key: key, Language: "uz"})
		u.Start("")
		s.settle()
		return u
	}},
	{"words were written before the consent", func(s *stage, key string) *simulator.User {
		u := s.telegram.AddPerson(simulator.Person{Key: key, Language: "uz"})
		u.Start("")
		s.says(u, "Qoʻshnim baqiryapti")
		return u
	}},
	{"nothing is under way", (*stage).known},
	{"a draft has its place", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "Musiqa baland")
		return u
	}},
	{"a draft has no place", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "Musiqa baland", "/joy")
		return u
	}},
	{"a place was found", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "Musiqa baland", "/joy bog")
		return u
	}},
	{"a list of places is shown", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "Musiqa baland", "/joy Namuna tumani")
		return u
	}},
	{"a draft has only a place", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "/joy Gʻuncha")
		return u
	}},
	{"a report is filed", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.files(u)
		return u
	}},
	{"an addition is asked for", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "/qoshimcha "+s.files(u))
		return u
	}},
	{"a reason is asked for", func(s *stage, key string) *simulator.User {
		o := s.officer("officer of " + key)
		u, number := s.accepted(o)
		s.says(o, "/yop "+number+" Gaplashdim")
		s.press(u, "❌")
		return u
	}},
	{"the case was withdrawn while an addition is asked for", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		number := s.files(u)
		s.says(u, "/qoshimcha "+number, "/qaytarish "+number+" ha")
		return u
	}},
	{"an album is coming in", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "/qoshimcha "+s.files(u))
		u.Album(2, "")
		s.settle()
		return u
	}},
	{"everything was cancelled", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "Musiqa baland", "/cancel")
		return u
	}},
	{"it was begun anew", func(s *stage, key string) *simulator.User {
		u := s.known(key)
		s.says(u, "Musiqa baland")
		u.Start("")
		s.settle()
		return u
	}},
	{"a role is offered", (*stage).invited},
	{"a number is asked for", func(s *stage, key string) *simulator.User {
		u := s.invited(key)
		s.press(u, "✅")
		return u
	}},
	{"the test card waits", func(s *stage, key string) *simulator.User {
		u := s.invited(key)
		s.press(u, "✅")
		u.Contact()
		s.settle()
		return u
	}},
	{"an officer has joined", (*stage).officer},
	{"an officer holds a case", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		s.accepted(u)
		return u
	}},
	{"an officer chooses the outcome", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		s.accepted(u)
		s.press(u, "🏁")
		return u
	}},
	{"an officer is asked for the sentence", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		s.accepted(u)
		s.press(u, "🏁")
		s.press(u, "Hal")
		return u
	}},
	{"an officer is asked about a promise", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		_, number := s.accepted(u)
		at := s.now.Add(2 * time.Minute)
		s.says(u, "/vada "+number+" "+at.Format("02.01 15:04"))
		s.until(at)
		return u
	}},
	{"an officer is asked for the question", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		s.accepted(u)
		s.press(u, "❓")
		return u
	}},
	{"an officer is asked for a note", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		s.accepted(u)
		s.press(u, "📝")
		return u
	}},
	{"an officer waits for an answer", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		_, number := s.accepted(u)
		s.says(u, "/sora "+number+" Qaysi uy?")
		return u
	}},
	{"a question waits", func(s *stage, key string) *simulator.User { u, _ := s.asked(key); return u }},
	{"an answer is asked for", func(s *stage, key string) *simulator.User {
		u, _ := s.asked(key)
		s.press(u, "✍️")
		return u
	}},
	{"two questions wait", func(s *stage, key string) *simulator.User {
		o := s.officer("officer of " + key)
		u, first := s.accepted(o)
		second := s.files(u)
		s.says(o, "/qabul "+second, "/sora "+first+" Qaysi uy?", "/sora "+second+" Qaysi qavat?")
		return u
	}},
	{"an officer is asked for the date", func(s *stage, key string) *simulator.User {
		u := s.officer(key)
		s.accepted(u)
		s.press(u, "Sana")
		return u
	}},
}

// replyTo answers the newest message of the bot that holds a part; any when
// there is none.
func replyTo(u *simulator.User, part, text string) {
	last := 0
	for _, m := range u.Messages() {
		if m.FromBot && (last == 0 || strings.Contains(m.Text, part)) {
			last = m.ID
		}
	}
	u.Reply(last, text)
}

// things are what a person may send; how many messages each is.
var things = []struct {
	name     string
	messages int
	send     func(*simulator.User)
}{
	{"words", 1, func(u *simulator.User) { u.Text("Yana shovqin boʻlyapti, kelinglar") }},
	{"a word", 1, func(u *simulator.User) { u.Text("keling") }},
	{"a number", 1, func(u *simulator.User) { u.Text("2") }},
	{"words of danger", 1, func(u *simulator.User) { u.Text("Yordam bering, pichoq bilan quvlayapti") }},
	{"a photo", 1, func(u *simulator.User) { u.Photo("") }},
	{"a photo with words", 1, func(u *simulator.User) { u.Photo("Mana") }},
	{"an album", 3, func(u *simulator.User) { u.Album(3, "Mana ular") }},
	{"a voice message", 1, func(u *simulator.User) { u.Voice(7) }},
	{"a video", 1, func(u *simulator.User) { u.Video("", 9) }},
	{"a round video", 1, func(u *simulator.User) { u.VideoNote(5) }},
	{"a file", 1, func(u *simulator.User) { u.Document("a.pdf", "") }},
	{"a sticker", 1, func(u *simulator.User) { u.Sticker() }},
	{"a place", 1, func(u *simulator.User) { u.Location(41.3, 69.2) }},
	{"the own number", 1, func(u *simulator.User) { u.Contact() }},
	{"another number", 1, func(u *simulator.User) { u.OtherContact("+998901112233", "Ali") }},
	{"a poll", 1, func(u *simulator.User) { u.Poll() }},
	{"very long words", 1, func(u *simulator.User) { u.Text(strings.Repeat("shovqin ", 512)) }},
	{"nothing to see", 1, func(u *simulator.User) { u.Text("\u200b\u2060") }},
	{"an unknown command", 1, func(u *simulator.User) { u.Text("/nimadir 12") }},
	{"a command without its number", 1, func(u *simulator.User) { u.Text("/yop") }},
	{"a reply to a card", 1, func(u *simulator.User) { replyTo(u, "№", "Yana bir gap bor edi") }},
	{"a reply to something else", 1, func(u *simulator.User) { replyTo(u, "Nima boʻldi", "Yana bir gap bor edi") }},
	{"an edit of the last words", 1, func(u *simulator.User) {
		for _, m := range slices.Backward(u.Messages()) {
			if !m.FromBot && m.Kind == "text" {
				u.EditText(m.ID, m.Text+" va yana bir gap")
				return
			}
		}
	}},
}

// seen counts what a person saw since a call: messages, changes of messages,
// reactions and answers to presses. Buttons that only vanish are none of it.
func seen(calls []simulator.Call, u *simulator.User) (n int, what []string) {
	for _, c := range calls {
		if c.ChatID != u.ID() || c.Status != 200 {
			continue
		}
		switch c.Method {
		case "editMessageReplyMarkup", "deleteMessage", "setMyCommands", "sendChatAction":
			continue
		}
		n++
		text, _ := c.Params["text"].(string)
		what = append(what, c.Method+" "+text)
	}
	return n, what
}

func TestWhateverIsSentIsTakenOrRefusedInWords(t *testing.T) {
	t.Parallel()
	for _, situation := range situations {
		t.Run(situation.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, monday)
			for i, thing := range things {
				u := situation.make(s, fmt.Sprint("P", i))
				before := lastCall(s)
				thing.send(u)
				s.settle()
				n, what := seen(since(s, before), u)
				most := 2 * thing.messages
				if all := strings.Join(what, "\n"); strings.Contains(all, "Javob berdingiz") || strings.Contains(all, "Javobingiz olindi") {
					most++ // a question that was answered changes as well as the card
				}
				if n < 1 || n > most {
					t.Errorf("%s: seen %d times, want 1 or 2: %q", thing.name, n, what)
				}
				s.answersStill(t, thing.name, u)
			}
			s.checkHonour(t)
		})
	}
}

// answersStill tries that /cancel leads to where words open a draft.
func (s *stage) answersStill(t *testing.T, after string, u *simulator.User) {
	t.Helper()
	before := lastCall(s)
	s.says(u, "/cancel")
	if n, what := seen(since(s, before), u); n < 1 || n > 2 {
		t.Errorf("/cancel after %s: seen %d times, want 1 or 2: %q", after, n, what)
	}
	id := u.Text("Endi boshqa gap: koʻchada chiroq yonmayapti.")
	s.settle()
	for _, m := range u.Messages() {
		if m.ID == id && m.Reaction != "👀" {
			t.Errorf("/cancel after %s: words are no part of a draft afterwards (%q)", after, m.Reaction)
		}
	}
	for _, m := range u.Messages() {
		if m.FromBot && strings.Contains(m.Text, "Xatolik") {
			t.Errorf("after %s: %q", after, m.Text)
		}
	}
}

func lastCall(s *stage) int {
	calls := s.telegram.Calls()
	if len(calls) == 0 {
		return 0
	}
	return calls[len(calls)-1].Seq
}

// since lists the calls after one.
func since(s *stage, seq int) []simulator.Call {
	calls := s.telegram.Calls()
	return calls[slices.IndexFunc(append(calls, simulator.Call{Seq: seq + 1}), func(c simulator.Call) bool { return c.Seq > seq }):]
}
