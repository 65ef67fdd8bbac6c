package casework

import (
	"errors"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// asking makes a case whose receipt asks about three others with the same words.
func (g *gallery) asking(tx *storage.Tx, words string) error {
	if err := g.several(tx, 4); err != nil { // the first of them is put aside for the one that asks
		return err
	}
	var failed error
	own, err := tx.LockCase(1 << 40)
	if err != nil {
		return err
	}
	own.Offered = []mahalla.CaseID{1<<40 + 3, 1<<40 + 1, 1<<40 + 2}
	for i, id := range append([]mahalla.CaseID{own.ID}, own.Offered...) {
		by := g.plain.ID
		if i == 0 {
			by = g.resident.ID
		}
		failed = errors.Join(failed, tx.AddReport(id, storage.Report{Kind: storage.KindReport, Person: by, Words: words, At: day}))
	}
	return errors.Join(failed, tx.SaveCase(own))
}

func TestAReceiptThatAsksRendersWhateverWasSaid(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	receipt := storage.Message{Person: g.resident.ID, Kind: mahalla.CardReporter, Case: 1 << 40}
	sure := receipt
	sure.Args = map[string]string{"sure": "ask"}
	for name, words := range said() {
		if drawn := g.look(func(tx *storage.Tx) error { return g.asking(tx, words) }, receipt, sure); drawn != 2*len(mahalla.Languages()) {
			t.Errorf("%s: %d were drawn", name, drawn)
		}
	}
}

func TestAReceiptAsksOnlyAboutWhatIsOpenStillAndForADay(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	const base = "add withdraw phone"
	withdraw := func(tx *storage.Tx, ids ...mahalla.CaseID) error {
		for _, id := range ids {
			c, err := tx.LockCase(id)
			if err != nil {
				return err
			}
			c.Status, c.WithdrawnAt = mahalla.Withdrawn, day
			if err := tx.SaveCase(c); err != nil {
				return err
			}
		}
		return nil
	}
	for name, of := range map[string]struct {
		change func(*storage.Tx) error
		at     time.Time
		args   map[string]string
		want   string
	}{
		"three":               {func(*storage.Tx) error { return nil }, day, nil, "metoo.1 metoo.2 metoo.3 other " + base},
		"the first has ended": {func(tx *storage.Tx) error { return withdraw(tx, 1<<40+3) }, day, nil, "metoo.2 metoo.3 other " + base},
		"one is left":         {func(tx *storage.Tx) error { return withdraw(tx, 1<<40+3, 1<<40+2) }, day, nil, "metoo.2 other " + base},
		"none is left":        {func(tx *storage.Tx) error { return withdraw(tx, 1<<40+3, 1<<40+2, 1<<40+1) }, day, nil, base},
		"a day later":         {func(*storage.Tx) error { return nil }, day.AddDate(0, 0, 1).Add(time.Second), nil, base},
		"withdrawing":         {func(*storage.Tx) error { return nil }, day, map[string]string{"sure": "ask"}, "withdrawyes card"},
	} {
		err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
			if err := errors.Join(g.asking(tx, theirs+" baland musiqa"), of.change(tx)); err != nil {
				return err
			}
			s, err := g.desk.Draw(tx, storage.Message{Person: g.resident.ID, Kind: mahalla.CardReporter, Case: 1 << 40, Language: mahalla.Ru, Args: of.args}, of.at)
			if verbs(s) != of.want || strings.Contains(s.Text, theirs+", baland") != strings.Contains(of.want, "metoo") {
				t.Errorf("%s: got %s, want %s: %s", name, verbs(s), of.want, s.Text)
			}
			return errors.Join(err, errUndo)
		})
		if !errors.Is(err, errUndo) {
			t.Fatal(name, err)
		}
	}
}

func TestACaseThatWasMergedIsOneLineToItsOfficers(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
		if err := g.asking(tx, theirs); err != nil {
			return err
		}
		own, err := tx.LockCase(1 << 40)
		if err != nil {
			return err
		}
		into, err := tx.Case(own.Offered[0])
		if err != nil {
			return err
		}
		own.Status, own.WithdrawnAt, own.MergedInto, own.Offered = mahalla.Withdrawn, day, into.ID, nil
		if err := tx.SaveCase(own); err != nil {
			return err
		}
		for kind, who := range map[mahalla.NoticeKind]*storage.Contact{mahalla.CardOfficer: g.officer, mahalla.CardHead: g.head} {
			s, err := g.desk.Draw(tx, storage.Message{Person: who.ID, Kind: kind, Case: own.ID, Language: mahalla.UzLatn}, day)
			if want := "⚪ № " + own.Number.String() + " · 🙋 № " + into.Number.String(); err != nil || s.Text != want || len(s.Rows) > 0 || !s.Protect {
				t.Errorf("%s: got %q, %v, want %q", kind, s.Text, err, want)
			}
		}
		for _, kind := range []mahalla.NoticeKind{mahalla.CardReporter, mahalla.NoticeMedia, mahalla.NoticeAddition, mahalla.NoticeNudge} {
			if _, err := g.desk.Draw(tx, storage.Message{Person: g.resident.ID, Kind: kind, Case: own.ID, Round: 1, Language: mahalla.Ru}, day); !errors.Is(err, ErrPointless) {
				t.Errorf("%s: got %v, want nothing", kind, err)
			}
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}
