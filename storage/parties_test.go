package storage_test

import (
	"bytes"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// proposed is an item about a case, with a second side known by name.
func proposed(w *world, c *mahalla.Case, at time.Time) *mahalla.Item {
	i := &mahalla.Item{ID: 8_000_001, Commission: c.Place, Case: c.ID, ProposedBy: w.officer.ID, ProposedAt: at, State: mahalla.ItemProposed,
		Parties: []mahalla.Party{{Side: 1, Person: c.Reporter}, {Side: 2, Name: secret}}}
	w.tx(func(tx *storage.Tx) error { return tx.SaveItem(i) })
	return i
}

func TestALinkOfASideIsFoundByItsHashAndForATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	now := c.FiledAt
	i := proposed(w, c, now)
	var token string
	w.tx(func(tx *storage.Tx) (err error) {
		var hash []byte
		if token, hash, err = tx.PartyToken(); err != nil {
			return err
		}
		i.Parties[1].TokenHash, i.Parties[1].TokenUntil = hash, now.Add(mahalla.PartyLinkLife)
		return tx.SaveItem(i)
	})
	w.tx(func(tx *storage.Tx) error {
		for name, test := range map[string]struct {
			token string
			at    time.Time
			side  int
		}{
			"at once":       {token, now, 2},
			"at the end":    {token, now.Add(mahalla.PartyLinkLife - time.Second), 2},
			"too late":      {token, now.Add(mahalla.PartyLinkLife), 0},
			"another token": {token + "x", now, 0},
			"none":          {"", now, 0},
		} {
			got, side, err := tx.ItemOfLink(test.token, test.at)
			if err != nil || side != test.side || (got != nil) != (test.side > 0) {
				t.Errorf("%s: got %v, %d, %v", name, got, side, err)
			}
		}
		return nil
	})
	var raw []byte
	w.must(w.conn.QueryRow(w.ctx, "SELECT token_hash FROM parties WHERE side = 2").Scan(&raw))
	if bytes.Contains(raw, []byte(token)) || len(raw) == 0 {
		t.Error("the token itself is stored")
	}
}

func TestTheItemsOfASideAndOfACommission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	i := proposed(w, c, c.FiledAt)
	list := func() (mine []*mahalla.Item, lines []storage.AgendaLine, total int) {
		w.tx(func(tx *storage.Tx) (err error) {
			if mine, err = tx.ItemsOfParty(c.Reporter); err != nil {
				return err
			}
			lines, total, err = tx.AgendaOf([]mahalla.TerritoryID{c.Place}, 0, 5)
			return err
		})
		return mine, lines, total
	}
	mine, lines, total := list()
	if len(mine) != 1 || total != 1 || len(lines) != 1 || lines[0].Number != c.Number || lines[0].Item.ID != i.ID || !lines[0].At.IsZero() {
		t.Errorf("got %v, %v, %d", mine, lines, total)
	}
	at := c.FiledAt.AddDate(0, 0, 5)
	m := &mahalla.Meeting{ID: 8_000_002, Commission: c.Place, Status: mahalla.MeetingCalled, At: at, Minutes: 60, Language: mahalla.Ru, Quorum: 1,
		MadeBy: w.officer.ID, MadeAt: c.FiledAt, CalledAt: c.FiledAt, Agenda: []mahalla.Hearing{{Item: i.ID}}}
	w.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
	w.tx(func(tx *storage.Tx) error {
		got, err := tx.MeetingOfItem(i.ID)
		if err != nil || got == nil || got.ID != m.ID {
			t.Errorf("got %v, %v", got, err)
		}
		for id, want := range map[mahalla.CaseID]mahalla.CaseID{c.ID: c.ID, mahalla.CaseID(i.ID): c.ID, mahalla.CaseID(m.ID): 0} {
			about, item, err := tx.AboutCase(id)
			if err != nil || about != want || item != (id == mahalla.CaseID(i.ID)) {
				t.Errorf("about %d: got %d, %t, %v", id, about, item, err)
			}
		}
		return nil
	})
	if _, lines, _ = list(); !lines[0].At.Equal(at) {
		t.Errorf("got %v", lines[0].At)
	}
	i.State, i.EndedAt, i.Cause = mahalla.ItemDropped, at, mahalla.CauseOfficer
	w.tx(func(tx *storage.Tx) error { return tx.SaveItem(i) })
	if mine, lines, total := list(); len(mine)+len(lines)+total != 0 {
		t.Errorf("dropped: got %v, %v, %d", mine, lines, total)
	}
}

func TestTheCasesOfBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.filed(1), w.filed(2)
	w.tx(func(tx *storage.Tx) error {
		if err := tx.AddReport(first.ID, storage.Report{Kind: storage.KindReport, Person: first.Reporter, Words: "Devor", At: first.FiledAt}); err != nil {
			return err
		}
		past, err := tx.PastCases(second, second.FiledAt.Add(-mahalla.RepeatWithin), 10)
		if err != nil || len(past) != 1 || past[0].Case != first.ID || past[0].Reporter != first.Reporter || past[0].Words != "Devor" {
			t.Errorf("got %+v, %v", past, err)
		}
		if past, err := tx.PastCases(second, second.FiledAt.Add(time.Hour), 10); err != nil || len(past) != 0 {
			t.Errorf("of later: got %+v, %v", past, err)
		}
		tx.SetRepetition(second.ID, mahalla.RepeatedPeople, 3)
		tx.SetRepetition(second.ID, mahalla.RepeatedPlace, 4)
		if kind, n, err := tx.Repetition(second.ID); err != nil || kind != mahalla.RepeatedPlace || n != 4 {
			t.Errorf("got %s, %d, %v", kind, n, err)
		}
		tx.SetRepetition(second.ID, "", 0)
		if kind, n, err := tx.Repetition(second.ID); err != nil || kind != "" || n != 0 {
			t.Errorf("taken back: got %s, %d, %v", kind, n, err)
		}
		return nil
	})
}
