package casework

import (
	"slices"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestTheHelpOfEveryPairOfRolesFitsIntoMessages, each of which begins with a section, and
// leaves nothing out.
func TestTheHelpOfEveryPairOfRolesFitsIntoMessages(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	roles := mahalla.Roles()
	sets := [][]mahalla.Role{nil, roles}
	for _, a := range roles {
		for _, b := range roles {
			sets = append(sets, []mahalla.Role{a, b})
		}
	}
	for _, set := range sets {
		who := *g.resident
		for _, role := range set {
			who.Memberships = append(who.Memberships, mahalla.Membership{Role: role, Territory: g.district, From: day.Add(-time.Hour)})
		}
		for _, lang := range mahalla.Languages() {
			g.tx(func(tx *storage.Tx) error {
				w := g.desk.speak(lang, day)
				pages, err := g.desk.helpPages(tx, w, &who)
				if err != nil {
					return err
				}
				if len(pages) > 2 {
					t.Errorf("%v in %s: %d messages", set, lang, len(pages))
				}
				for _, page := range pages {
					if n := shownLength(page); n > mostHelp || !strings.HasPrefix(page, "<b>") {
						t.Errorf("%v in %s: %d units: %q", set, lang, n, page)
					}
				}
				all := strings.Join(pages, "\n")
				for command, shown := range map[string]bool{"/mavzu": true, "/bayonnoma": who.Has(mahalla.MaySit, day), "/qabul": who.Has(mahalla.MayAnswer, day),
					"/murosa": who.Has(mahalla.MaySit, day), "/yakun": who.Has(mahalla.MayConvene, day)} {
					if strings.Contains(all, command) != shown {
						t.Errorf("%v in %s: %s is shown: %v", set, lang, command, !shown)
					}
				}
				return w.err
			})
		}
	}
}

// TestSectionsStayWhole however long the others are.
func TestSectionsStayWhole(t *testing.T) {
	t.Parallel()
	section := func(n int) string { return "<b>" + strings.Repeat("я", n) + "</b>" }
	for _, test := range []struct {
		name     string
		lengths  []int
		most     int
		sections []int // on each page
	}{
		{"all fit", []int{10, 20, 30}, 62, []int{3}},
		{"one letter too much", []int{10, 20, 31}, 62, []int{2, 1}},
		{"the second is long", []int{10, 60, 30}, 62, []int{1, 1, 1}},
		{"alone", []int{10}, 62, []int{1}},
	} {
		var sections []string
		for _, n := range test.lengths {
			sections = append(sections, section(n))
		}
		var got []int
		pages := paged(slices.Clone(sections), test.most)
		for _, page := range pages {
			got = append(got, strings.Count(page, "<b>"))
		}
		if !slices.Equal(got, test.sections) || strings.Join(pages, "\n") != strings.Join(sections, "\n") {
			t.Errorf("%s: got %v, want %v", test.name, got, test.sections)
		}
	}
}
