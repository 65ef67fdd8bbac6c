package handlers

import (
	"slices"
	"strings"
	"testing"

	"koprik/casework"
	"koprik/locales"
)

// foreign are commands that are no Uzbek words: nobody spells them in Cyrillic letters,
// and the table has words for each.
var foreign = []string{"start", "help", "privacy", "cancel", "ics"}

// TestEveryCommandIsUnderstoodInCyrillicLetters and in the Latin ones of all keyboards.
func TestEveryCommandIsUnderstoodInCyrillicLetters(t *testing.T) {
	t.Parallel()
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	commands := Router(casework.NewDesk(catalogue, nil, nil)).Commands()
	s := newSpelling(commands)
	for _, name := range commands {
		cyrillic := locales.ToCyrillic(name)
		for _, typed := range []string{name, strings.ToUpper(name), cyrillic, strings.ToUpper(cyrillic)} {
			if got := s.read(typed); got != name && !slices.Contains(foreign, name) {
				t.Errorf("/%s: got /%s, want /%s", typed, got, name)
			}
		}
		words := 0
		for key, means := range s.names {
			if means == name && key != spelled(name) {
				words++
			}
		}
		if words == 0 && slices.Contains(foreign, name) {
			t.Errorf("/%s has no other word in commands.csv", name)
		}
	}
	if len(commands) < 80 {
		t.Errorf("only %d commands were found", len(commands))
	}
}

func TestWhichCommandAWordMeans(t *testing.T) {
	t.Parallel()
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := newSpelling(Router(casework.NewDesk(catalogue, nil, nil)).Commands())
	for typed, want := range map[string]string{
		"бораман": "boraman", "тақвим": "taqvim", "таквим": "taqvim", "мажлис": "majlis", "мажлислар": "majlislar",
		"заседания": "majlislar", "заседание": "majlis", "эслатма": "eslatma", "баённома": "bayonnoma", "комиссия": "komissiya",
		"кун": "kun", "мурoса": "murosa", "муроса": "murosa", "қўшимча": "qoshimcha", "кушимча": "", "qoʻshimcha": "qoshimcha",
		"qo'shimcha": "qoshimcha", "ўқиш": "oqish", "йўқман": "yoqman", "помощь": "help", "отмена": "cancel", "не_приду": "borolmayman",
		"хабар": "xabar", "улица": "", "nimadir": "", "": "",
	} {
		if got := s.read(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
	all := func(string) bool { return true }
	for typed, want := range map[string]string{
		"borman": "boraman", "бараман": "boraman", "majils": "majlis", "заседаня": "majlislar", "eslama": "eslatma", "кушимча": "qoshimcha",
		"улица": "", "x": "", "bayonoma": "bayonnoma", "протокл": "bayonnoma", strings.Repeat("majlis", 9): "",
	} {
		if got := s.near(typed, all); got != want {
			t.Errorf("%q is near %q, want %q", typed, got, want)
		}
	}
	if got := s.near("ishlr", func(name string) bool { return name != "ishlar" }); got != "" {
		t.Errorf("%q is offered to who may not do it", got)
	}
}
