package casework

import (
	"errors"
	"strings"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

// theThree are the gallery's three cases, of which the second was given up for the
// first, and the words of all.
func (g *gallery) theThree(tx *storage.Tx, words string) error {
	failed := g.several(tx, 4)
	for i := range mahalla.CaseID(4) {
		c, err := tx.LockCase(1<<40 + i)
		if err != nil {
			return err
		}
		c.FiledAt = day
		if i == 1 {
			c.Status, c.WithdrawnAt, c.MergedInto, c.MergedBy = mahalla.Withdrawn, day, 1<<40, g.officer.ID
		}
		failed = errors.Join(failed, tx.SaveCase(c), tx.AddReport(c.ID, storage.Report{Kind: storage.KindReport, Person: c.Reporter, Words: words, At: day}),
			tx.AddReport(c.ID, storage.Report{Kind: storage.KindAddition, Person: c.Reporter, Words: words, At: day}))
	}
	return failed
}

func TestTheCardsOfADuplicateRenderWhateverWasSaid(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	card := func(who *storage.Contact, kind mahalla.NoticeKind, id mahalla.CaseID, args map[string]string) storage.Message {
		return storage.Message{Person: who.ID, Chat: who.Telegram, Kind: kind, Case: 1<<40 + id, Args: args}
	}
	list := []storage.Message{
		card(g.officer, mahalla.CardOfficer, 2, map[string]string{argChoose: chooseMine}),
		card(g.officer, mahalla.CardOfficer, 2, map[string]string{argChoose: chooseTwin}),
		card(g.officer, mahalla.CardOfficer, 0, nil),
		card(g.officer, mahalla.CardOfficer, 1, nil),
		card(g.resident, mahalla.CardReporter, 0, nil),
		card(g.resident, mahalla.CardReporter, 1, nil),
	}
	for name, words := range said() {
		n := g.look(func(tx *storage.Tx) error { return g.theThree(tx, words) }, list...)
		if n != len(list)*len(mahalla.Languages()) {
			t.Errorf("%s: %d were drawn", name, n)
		}
	}
}

func TestNothingOfADuplicateIsOnTheCardOfTheOtherReporter(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.undone(func(tx *storage.Tx) error {
		if err := g.theThree(tx, "x"); err != nil {
			return err
		}
		for i, words := range map[mahalla.CaseID]string{0: "birinchi gap", 1: "ikkinchi gap"} {
			r := storage.Report{Kind: storage.KindAddition, Person: g.resident.ID, Words: words, At: day}
			if err := tx.AddReport(1<<40+i, r); err != nil {
				return err
			}
		}
		for _, test := range []struct {
			who        *storage.Contact
			kind       mahalla.NoticeKind
			about      mahalla.CaseID
			has, hasNo string
		}{
			{g.officer, mahalla.CardOfficer, 0, "ikkinchi", "uchinchi"},
			{g.resident, mahalla.CardReporter, 0, "x", "ikkinchi"},
			{g.resident, mahalla.CardReporter, 1, "ikkinchi", "birinchi"},
		} {
			text := g.told(tx, storage.Message{Person: test.who.ID, Chat: test.who.Telegram, Kind: test.kind, Case: 1<<40 + test.about, Language: mahalla.UzLatn})
			if !strings.Contains(text, test.has) || strings.Contains(text, test.hasNo) {
				t.Errorf("%s of %d: got %q", test.kind, test.about, text)
			}
		}
		return nil
	})
}
