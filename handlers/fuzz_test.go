package handlers_test

import (
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/mahalla"
)

// typed are the commands that read what is typed behind them.
var typed = []string{
	"majlis", "majlislar", "muntazam", "eslatma", "yoqman", "vada", "yop", "qabul", "sora", "qidir", "otkaz", "komissiya", "bayonnoma",
	"qarorlar", "kechroq", "joy", "mavzu", "nomidan", "raqam", "til", "karta", "javob", "ochirish", "ishlar", "boraman",
}

// FuzzCommand types anything behind a command, as an inspector or a secretary: it is answered in words, with no apology, and /cancel is the
// way out.
func FuzzCommand(f *testing.F) {
	for i, words := range []string{"31.02 25:61", "99", "har dushanba 09:00", "ertaga-26.11", "4821-0937 99.99", "1 2 3", "aʼzo 1", "\u202e<b>", strings.Repeat("9", 300), "-1", "joy \u200b", "koʻchir", "bekor x"} {
		f.Add(i, words)
		f.Add(i+len(typed), words)
	}
	s := newStage(f, monday)
	people := []*simulator.User{s.officer("Inspector"), s.telegram.AddPerson(simulator.Person{Key: "Secretary", Language: "uz"})}
	s.join(people[1], mahalla.CommissionSecretary, "DEMO-1011")
	f.Fuzz(func(t *testing.T, which int, words string) {
		s.t = t
		words = strings.ToValidUTF8(strings.ReplaceAll(words, "\x00", ""), "")
		if len([]rune(words)) > 1000 {
			return
		}
		u := people[int(uint(which)/uint(len(typed))%2)]
		for _, text := range []string{"/" + typed[int(uint(which)%uint(len(typed)))] + " " + words, "/cancel"} {
			before := lastCall(s)
			u.Text(text)
			s.settle()
			n, what := seen(since(s, before), u)
			if n == 0 || strings.Contains(strings.Join(what, "\n"), "Xatolik") {
				t.Errorf("%q: got %q", text, what)
			}
		}
	})
}
