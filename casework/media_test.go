package casework

import (
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

func TestEachGroupOfMediaIsShownOnceAndOthersHaveNoPoint(t *testing.T) {
	t.Parallel()
	var media []mahalla.Media
	for i := range 20 {
		media = append(media, mahalla.Media{Kind: []mahalla.MediaKind{mahalla.Photo, mahalla.Voice, mahalla.Video}[i%3], File: "f"})
	}
	reports := []storage.Report{
		{Kind: storage.KindReport, Words: strings.Repeat("a", mostQuoted+1), Media: media},
		{Kind: storage.KindAddition, Words: "b", Media: media[:1]},
		{Kind: storage.KindResult, Words: "c", Media: media[:2]},
		{Kind: storage.KindReopening, Words: strings.Repeat("d", glance+1)},
	}
	groups := allGroups(reports)
	shown := 0
	for i := range groups {
		s, err := groupScreen(groups, groupArg(i))
		if err != nil || len(s.Media) == 0 && s.Text == "" || len(s.Media) > mahalla.MostInAlbum {
			t.Errorf("group %d: got %+v, %v", i, s, err)
		}
		shown += len(s.Media)
	}
	if shown != 21 {
		t.Errorf("got %d attachments, want those of the reporter", shown)
	}
	for _, arg := range []string{"", "x", "99"} {
		if _, err := groupScreen(groups, map[string]string{"group": arg}); err != ErrPointless {
			t.Errorf("group %q: got %v, want that it has no point", arg, err)
		}
	}
	if got := resultMedia(reports); len(got) != 2 || resultMedia(reports[:2]) != nil {
		t.Errorf("evidence: got %d", len(got))
	}
	if r := additionReport(reports, 1); r == nil || r.Words != "b" || additionReport(reports, 2) != nil {
		t.Errorf("the first addition: got %+v", r)
	}
}
