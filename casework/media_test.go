package casework

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// pieces are the words of the groups, put together again.
func pieces(t interface{ Fatalf(string, ...any) }, words string) string {
	var b strings.Builder
	for i, g := range groupsOf(words, nil, glance) {
		if n := locales.UTF16Len(g.words); n == 0 || n > mostPiece {
			t.Fatalf("piece %d has %d units", i, n)
		}
		b.WriteString(g.words)
	}
	return b.String()
}

func TestWordsTooLongForTheCardAreSplitWithoutLosingAny(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{
		"one unit more than a piece":       strings.Repeat("a", mostPiece+1),
		"two units more":                   strings.Repeat("a", mostPiece+2),
		"just a piece":                     strings.Repeat("a", mostPiece),
		"Cyrillic":                         strings.Repeat("ў", mostPiece+1),
		"twenty parts":                     strings.Repeat(strings.Repeat("ab ", 1365)+"\n", 20) + "end",
		"spaces where it is cut":           strings.Repeat("a", mostPiece-3) + "\n\n\n" + strings.Repeat("b", 100),
		"emoji":                            strings.Repeat("👍", mostPiece),
		"one emoji longer than any piece":  "👩" + strings.Repeat("\u200d👩", 1364),
		"many emoji longer than any piece": strings.Repeat("x👩"+strings.Repeat("\u200d👩", 1300), 3),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := pieces(t, words); got != words {
				t.Errorf("got %d bytes, want %d", len(got), len(words))
			}
		})
	}
	if list := groupsOf(strings.Repeat("a", glance), nil, glance); len(list) != 0 {
		t.Errorf("words that the card shows: got %d groups, want none", len(list))
	}
}

func TestAnyCleanWordsAreSplitWithoutLosingAny(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.StringOf(rapid.SampledFrom([]rune("ab ў\n👍👩\u200d\u0301🇺🇿<&"))).Draw(t, "words")
		words := locales.Clean(strings.Repeat(some+"z", rapid.IntRange(1, 400).Draw(t, "times")))
		if locales.UTF16Len(words) <= glance {
			return
		}
		if got := pieces(t, words); got != words {
			t.Fatalf("got %q, want %q", got, words)
		}
	})
}

func TestEverythingThatWasSaidIsShownOnceAndWhatIsNotThereHasNoPoint(t *testing.T) {
	t.Parallel()
	var media []mahalla.Media
	for i := range 20 {
		media = append(media, mahalla.Media{Kind: []mahalla.MediaKind{mahalla.Photo, mahalla.Voice, mahalla.Video}[i%3], File: "f"})
	}
	reports := []storage.Report{
		{ID: 1, Kind: storage.KindReport, Words: strings.Repeat("a", mostQuoted+1), Media: media},
		{ID: 2, Kind: storage.KindAddition, Words: "b", Media: media[:1]},
		{ID: 3, Kind: storage.KindResult, Words: "c", Media: media[:1]},
		{ID: 4, Kind: storage.KindReopening, Words: strings.Repeat("d", glance+1)},
	}
	shown := 0
	for _, args := range attachedGroups(reports) {
		s, err := shownMedia(nil, storage.Message{Args: args}, reports)
		if err != nil || len(s.Media) == 0 && s.Text == "" || len(s.Media) > mahalla.MostInAlbum {
			t.Errorf("%v: got %+v, %v", args, s, err)
		}
		shown += len(s.Media)
	}
	if shown != 21 {
		t.Errorf("got %d attachments, want those of the reporter", shown)
	}
	for _, args := range []map[string]string{nil, {argReport: "1"}, {argReport: "1", argGroup: "99"}, {argReport: "9", argGroup: "0"}, {argAlbum: "9"}, {argAlbum: "4"}} {
		if _, err := shownMedia(nil, storage.Message{Args: args}, reports); err != ErrPointless {
			t.Errorf("%v: got %v, want that it has no point", args, err)
		}
	}
	for n, want := range map[int]string{len(reports): "map[album:3]", 2: ""} {
		got := ""
		for _, args := range evidence(reports[:n]) {
			got += fmt.Sprint(args)
		}
		if got != want {
			t.Errorf("evidence of %d reports: got %q, want %q", n, got, want)
		}
	}
}

func TestANoticeOfAnAdditionHoldsItsOwnWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", inNotice+1)
	for _, test := range []struct {
		name, words string
		args        map[string]string
		want        string
	}{
		{"all of them", "Surat", wordsArg(1, 0, 5), "Surat"},
		{"those of before, though more came since", "Surat\nYana", wordsArg(1, 0, 5), "Surat"},
		{"those that came later", "Surat\nYana", wordsArg(1, 6, 10), "Yana"},
		{"none that follow by themselves", long, wordsArg(1, 0, len(long)), ""},
		{"none of another report", "Surat", wordsArg(2, 0, 5), ""},
		{"none beyond the end", "Surat", wordsArg(1, 0, 99), ""},
		{"none without an argument", "Surat", nil, ""},
	} {
		if got := addedWords([]storage.Report{{ID: 1, Kind: storage.KindAddition, Words: test.words}}, test.args); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	later := captionLater([]mahalla.Notice{{Kind: mahalla.NoticeAddition}}, storage.Report{ID: 1, Words: "Surat"}, "Yana")
	if got := fmt.Sprint(later[0].Args); got != "map[from:6 late:yes report:1 to:10]" {
		t.Errorf("a caption that came later: got %s", got)
	}
}
