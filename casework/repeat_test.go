package casework

import (
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestACaseThatIsOneOfSeveralIsMarkedAndNothingElseHappens(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, row := range []struct {
		name   string
		kind   mahalla.Repetition
		change func(*mahalla.Case)
		marked bool
	}{
		{"of one person", mahalla.RepeatedPeople, func(*mahalla.Case) {}, true},
		{"of one place", mahalla.RepeatedPlace, func(*mahalla.Case) {}, true},
		{"none", "", func(*mahalla.Case) {}, false},
		{"without a name", mahalla.RepeatedPlace, func(c *mahalla.Case) { c.Alias = "7F3" }, false},
		{"closed", mahalla.RepeatedPeople, func(c *mahalla.Case) {
			c.Status, c.Closing, c.ClosedAt = mahalla.Closed, mahalla.Solved, day.Add(-time.Minute)
		}, false},
		{"of a category whose cases are not counted", mahalla.RepeatedPeople, func(c *mahalla.Case) { c.Category = "drugs" }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			for lang, want := range map[mahalla.Language]string{
				mahalla.UzLatn: "60 kunda 4-", mahalla.UzCyrl: "60 кунда 4-", mahalla.Ru: "за 60 дней",
			} {
				g.undone(func(tx *storage.Tx) error {
					c, err := g.theCase(tx, func(c *mahalla.Case) {
						c.Category, c.Status, c.Owner, c.AcceptedAt = "neighbour_dispute", mahalla.Accepted, g.officer.ID, day.Add(-time.Minute)
						row.change(c)
					}, "words")
					if err != nil {
						return err
					}
					tx.SetRepetition(c.ID, row.kind, 4)
					tx.SetLanguage(g.officer.ID, lang)
					s, err := g.desk.Draw(tx, storage.Message{Person: g.officer.ID, Kind: mahalla.CardOfficer, Case: c.ID, Language: lang}, day)
					if got := strings.Contains(s.Text, want) && strings.Contains(s.Text, "♻️"); err == nil && got != row.marked {
						t.Errorf("%s: marked %v, want %v:\n%s", lang, got, row.marked, s.Text)
					}
					return err
				})
			}
		})
	}
}
