package handlers_test

import (
	"fmt"
	"strings"
	"testing"

	"koprik/bot/simulator"
)

// Everybody has a word that nobody else says; none may be seen by another.
func TestPeopleWhoReportTheSameNeverReadOfEachOther(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	officer := s.officer("Inspector")
	secret := []string{"Gulnorapa", "Zebiniso", "Xurshida", "Abdulaziz"}
	var people []*simulator.User
	for i, word := range secret {
		u := s.known(fmt.Sprint("Person", i, word))
		people = append(people, u)
		s.says(u, "12-uy oldida har kecha baland musiqa, bolalar uxlolmayapti. "+word)
		s.press(u, "🔊")
		if i > 0 {
			s.press(u, "🙋")
		}
	}
	number := newestNumber(people[0])
	for i, u := range people {
		s.says(u, "/qoshimcha "+number+" Yana chalyapti, "+secret[i])
		u.Photo("Mana, " + secret[i])
		s.settle()
		s.press(u, "➕ №")
		replyTo(u, "№", "Hali ham, "+secret[i])
		s.settle()
	}
	s.says(people[3], "/chiqish "+number)
	own := newestNumber(people[3])
	s.says(people[3], "/qoshimcha "+own+" Oʻzimniki, "+secret[3])
	s.says(officer, "/qabul "+number, "/vada "+number+" 25.11 15:00", "/qabul "+own, "/yop "+own+" Borib koʻrildi")
	s.says(officer, "/yop "+number+" Musiqa egasi ogohlantirildi")
	s.says(people[1], "/qayta "+number+" Menda tinmadi, "+secret[1]) // has the own case again
	s.says(officer, "/qabul "+newestNumber(people[1]), "/yop "+newestNumber(people[1])+" Yana borib koʻrildi")
	s.says(people[0], "/qayta "+number+" Yana qoʻyishdi, "+secret[0])
	for i, u := range people {
		s.says(u, "/mening", "/karta "+number, "/karta "+own)
		for _, c := range since(s, 0) {
			if c.ChatID != u.ID() {
				continue
			}
			shown := fmt.Sprint(c.Params)
			for j, word := range secret {
				if i != j && (strings.Contains(shown, word) || strings.Contains(shown, "qoʻyishdi") && i > 0) {
					t.Errorf("person %d was shown of person %d: %s", i, j, shown)
				}
			}
		}
	}
	read := ""
	for _, c := range since(s, 0) {
		if c.ChatID == officer.ID() {
			read += fmt.Sprint(c.Params)
		}
	}
	for _, word := range secret {
		if !strings.Contains(read, word) {
			t.Errorf("the officer does not read %s", word)
		}
	}
	s.checkHonour(t)
}
