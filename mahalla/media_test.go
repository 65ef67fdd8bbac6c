package mahalla

import (
	"slices"
	"strings"
	"testing"
)

func TestPicturesComeAsAlbumsOfTenAndEverythingElseAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"one photo", "p", "p"},
		{"photos and videos mix", "pvp", "pvp"},
		{"an album stands where its first picture came", "apapa", "a pp a a"},
		{"a round video goes alone", "prv", "pv r"},
		{"eleven make two albums", strings.Repeat("p", 11), strings.Repeat("p", 10) + " p"},
		{"ten make one", strings.Repeat("v", 10), strings.Repeat("v", 10)},
	} {
		kinds := map[rune]MediaKind{'p': Photo, 'v': Video, 'a': Voice, 'r': Round}
		var list []Media
		for _, letter := range c.in {
			list = append(list, Media{Kind: kinds[letter]})
		}
		var got []string
		for _, album := range GroupMedia(list) {
			word := ""
			for _, m := range album {
				for letter, kind := range kinds {
					if kind == m.Kind {
						word += string(letter)
					}
				}
			}
			got = append(got, word)
		}
		if !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
