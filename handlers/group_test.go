package handlers_test

import (
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/mahalla"
)

// yard is a group of a mahalla that its activist has linked.
func (s *stage) yard(people ...*simulator.User) (g *simulator.Group, activist *simulator.User) {
	activist = s.telegram.AddPerson(simulator.Person{Key: "Activist", FirstName: "Activist", Language: "uz"})
	s.join(activist, mahalla.Activist, "DEMO-1011")
	g = s.telegram.AddGroup("Yard", "Yard", append(people, activist)...)
	g.Text(activist, "/guruh")
	s.settle()
	return g, activist
}

func TestNothingOfAnybodyIsSaidInAGroup(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	stranger := s.telegram.AddPerson(simulator.Person{Key: "Zulxumor", FirstName: "Zulxumor", Username: "zulxumor", Language: "ru"})
	other := s.known("Abdulhakim")
	g, _ := s.yard(stranger, other)
	said := g.Text(stranger, "Erim Toʻlqinjon meni uryapti")
	for _, u := range []*simulator.User{stranger, other} {
		g.Reply(u, said, "/xabar")
		s.settle()
	}
	if _, err := g.Open(other, "📄"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.press(other, "🆘")
	for range 7 { // more than waits for one person
		g.Reply(stranger, said, "/xabar")
	}
	s.settle()
	answers := 0
	for _, m := range g.Messages() {
		if !m.FromBot {
			continue
		}
		answers++
		for _, word := range []string{"Zulxumor", "zulxumor", "Abdulhakim", "Erim", "Toʻlqinjon", "uryapti", "102", "🆘", "№"} {
			if strings.Contains(m.Text, word) || len(m.Buttons) > 0 && strings.Contains(m.Buttons[0][0].Text+m.Buttons[0][0].URL, word) {
				t.Errorf("the group reads %q in %q", word, m.Text)
			}
		}
	}
	if answers != 1+2+4 { // linked, two links, and four more until five wait
		t.Errorf("answers in the group: got %d, want 7", answers)
	}
	s.checkHonour(t)
}

func TestAGroupThatTelegramRefusesCostsNobodyTheBot(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	boss := s.telegram.AddPerson(simulator.Person{Key: "Boss", FirstName: "Boss", Language: "uz"})
	s.join(boss, mahalla.Administrator, "UZ")
	resident := s.known("Resident")
	g, activist := s.yard(resident)
	s.telegram.SetFault(func(_ string, chat int64) *simulator.Fault {
		if chat == g.ID() {
			return &simulator.Fault{Status: 403, Body: `{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the supergroup chat"}`}
		}
		return nil
	})
	g.Text(resident, "/xabar")
	s.settle()
	s.telegram.SetFault(nil)
	if text := last(boss); !strings.Contains(text, "⚠️") {
		t.Errorf("the administrator reads %q, want that the bot is out", text)
	}
	s.says(activist, "/mahallam")
	if text := last(activist); !strings.Contains(text, "Gʻuncha") {
		t.Errorf("the activist who linked it reads %q, want an answer as before", text)
	}
	g.Text(resident, "/xabar")
	g.Kick(resident)
	s.settle()
	if text := last(boss); strings.Count(s.telegram.Transcript(boss), "⚠️") != 1 {
		t.Errorf("told again: %q", text)
	}
	s.checkHonour(t)
}

// last is the newest message of the bot in a private chat.
func last(u *simulator.User) string {
	text := ""
	for _, m := range u.Messages() {
		if m.FromBot {
			text = m.Text
		}
	}
	return text
}
