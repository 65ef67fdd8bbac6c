package handlers_test

import (
	"fmt"
	"strings"
	"testing"

	"koprik/bot/simulator"
)

// newest is the newest message of the bot with a part in it.
func newest(u *simulator.User, part string) string {
	text := ""
	for _, m := range u.Messages() {
		if m.FromBot && strings.Contains(m.Text, part) {
			text = m.Text
		}
	}
	return text
}

func TestThePagesOfASearchAreTurnedByPressAndByCommand(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	officer := s.officer("Inspector")
	for i := range 6 {
		u := s.known(fmt.Sprint("Resident", i))
		s.says(u, "Kechasi baland musiqa", "/mavzu shovqin")
		if i > 0 {
			s.says(u, "/boshqa") // the others have reported the same
		}
	}
	officer.Text("/qidir musiqa")
	s.settle()
	first := newest(officer, "1 / 2")
	s.press(officer, "▶")
	second := newest(officer, "2 / 2")
	if first == "" || second == "" || newest(officer, "1 / 2") != "" {
		t.Fatalf("got %q, then %q", first, second)
	}
	officer.Text("/qidir 1")
	s.settle()
	if got := newest(officer, "1 / 2"); got != first {
		t.Errorf("got %q, want %q", got, first)
	}
	officer.Text("/qidir 2")
	s.settle()
	if got := newest(officer, "2 / 2"); got != second {
		t.Errorf("got %q, want %q", got, second)
	}
}
