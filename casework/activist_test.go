package casework

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

func TestTheNameOfANeighbourIsUnderstood(t *testing.T) {
	t.Parallel()
	d := &Desk{}
	for typed, want := range map[string]mahalla.Behalf{
		"Karim aka":                              {Name: "Karim aka"},
		"Karim aka +998901234567":                {Name: "Karim aka", Phone: "+998901234567"},
		"+998 90 123-45-67 Karim aka":            {Name: "Karim aka", Phone: "+998901234567"},
		"Karim aka, tel: 90 123 45 67":           {Name: "Karim aka, tel", Phone: "+998901234567"},
		"Каримов Карим\n901234567":               {Name: "Каримов Карим", Phone: "+998901234567"},
		"Oʻgʻiloy opa.":                          {Name: "Oʻgʻiloy opa"},
		strings.Repeat("Uzun ism ", 20):          {Name: locales.Cut(strings.TrimSpace(strings.Repeat("Uzun ism ", 20)), mostName)},
		"Karim <b>aka</b>":                       {Name: "Karim <b>aka</b>"},
		"Karim\u202e aka":                        {Name: "Karim aka"},
		"12-uydagi Karim aka":                    {Name: "12-uydagi Karim aka"},
		"+998901234567":                          {},
		"12":                                     {},
		"":                                       {},
		"K":                                      {},
		"Karim aka +998901234567 +998901234568":  {Name: "Karim aka", Phone: "+998901234567"},
		"Karim aka +998901234567, +998901234568": {Name: "Karim aka", Phone: "+998901234567"},
	} {
		got, err := d.Neighbour(typed)
		if want.Name == "" {
			if err == nil {
				t.Errorf("%q: got %v, want a refusal", typed, got)
			}
			continue
		}
		if want.Agreed = mahalla.AgreedNamed; err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", typed, got, err, want)
		}
	}
}

func TestEveryScreenOfAReportForANeighbourRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	name := locales.Cut(oneLine(wide("Ism")), mostName)
	list := []mahalla.Behalf{{}, {Agreed: mahalla.AgreedNamed, Name: name, Phone: "+998901234567"}, {Agreed: mahalla.AgreedUnnamed}, {Agreed: mahalla.AgreedSaw}}
	for _, b := range list {
		for _, draft := range []*mahalla.Draft{
			{Place: g.mahalla, Behalf: &b},
			{Place: g.mahalla, Behalf: &b, Parts: []mahalla.Part{{Words: theirs}}},
			{Place: g.mahalla, Behalf: &b, Parts: []mahalla.Part{{Words: said()["danger"]}}, More: 5},
			{Behalf: &b, Parts: []mahalla.Part{{Words: theirs}}, Asks: []mahalla.CaseID{1 << 40}},
			{Behalf: &b, Place: g.mahalla, Parts: []mahalla.Part{{Words: theirs}}, Asks: []mahalla.CaseID{1 << 40}},
		} {
			who := *g.plain
			n := g.look(func(tx *storage.Tx) error {
				tx.Consent(who.ID, ConsentVersion, mahalla.Ru, day)
				if err := g.several(tx, 1); err != nil {
					return err
				}
				who.Dialogue.Draft = draft
				return tx.SaveDialogue(&who, day)
			}, storage.Message{Person: who.ID, Kind: CardDraft})
			if n != 3 {
				t.Errorf("%v: %d were drawn", b, n)
			}
		}
	}
	for _, b := range list[1:] {
		for _, state := range g.states() {
			g.look(func(tx *storage.Tx) error {
				c, err := g.theCase(tx, state.change, theirs)
				return errors.Join(err, tx.AddBehalf(c.ID, b))
			}, storage.Message{Person: g.officer.ID, Kind: mahalla.CardOfficer, Case: 1 << 40})
		}
	}
}

func TestNothingSecretIsInTheListOfTheMahalla(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	list := storage.Message{Person: g.plain.ID, Chat: g.plain.Telegram, Kind: CardMahallam, Language: mahalla.UzLatn}
	g.undone(func(tx *storage.Tx) error {
		err := errors.Join(
			g.aCase(tx, 1, func(c *mahalla.Case) { c.Category, c.Secrecy = "domestic_violence", mahalla.Secret }),
			g.aCase(tx, 2, func(c *mahalla.Case) { c.Category, c.Secrecy = mahalla.OfficerComplaint, mahalla.Secret }),
			g.aCase(tx, 3, func(c *mahalla.Case) { c.Category, c.Secrecy = "family_conflict", mahalla.Confidential }),
			g.aCase(tx, 4, func(c *mahalla.Case) { c.Category = "drugs" }),       // has become secret since it was filed
			g.aCase(tx, 5, func(c *mahalla.Case) { c.Secrecy = mahalla.Secret }), // is secret for another reason
			g.aCase(tx, 6, func(c *mahalla.Case) { g.closed(c, day) }),
			g.aCase(tx, 7, func(c *mahalla.Case) { c.Status, c.WithdrawnAt = mahalla.Withdrawn, day }),
		)
		if err != nil {
			return err
		}
		if text := g.told(tx, list); strings.Contains(text, "№") || !strings.Contains(text, "yoʻq") {
			t.Errorf("got %q, want nothing", text)
		}
		if err := g.aCase(tx, 8, func(c *mahalla.Case) { c.Ladder.Due = day }); err != nil {
			return err
		}
		text := g.told(tx, list)
		if strings.Count(text, "№") != 1 || !strings.Contains(text, "🔴") || strings.Contains(text, theirs) {
			t.Errorf("got %q, want the one that may be told, late", text)
		}
		list.Person = g.resident.ID
		if text := g.told(tx, list); strings.Contains(text, "№") {
			t.Errorf("somebody who stands for no mahalla reads %q", text)
		}
		return nil
	})
	g.undone(func(tx *storage.Tx) error {
		if err := g.busy(tx); err != nil {
			return err
		}
		for page := range 12 {
			list.Person, list.Args = g.plain.ID, map[string]string{"page": strconv.Itoa(page)}
			for _, list.Language = range mahalla.Languages() {
				s, err := g.desk.Draw(tx, list, day)
				if err != nil {
					return err
				}
				for _, c := range complaints(s) {
					t.Errorf("page %d in %s: %s", page, list.Language, c)
				}
				if strings.Count(s.Text, "№") != perPage && page < 10 {
					t.Errorf("page %d: got %q, want %d cases", page, s.Text, perPage)
				}
			}
		}
		return nil
	})
}

func TestEveryMessageOfGroupsRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.desk.Call("koprik_bot")
	place := strconv.FormatInt(int64(g.mahalla), 10)
	var list []storage.Message
	for _, key := range []string{"group.xabar", "group.start", "group.linked", "group.unlinked", "group.which"} {
		list = append(list, storage.Message{Person: g.plain.ID, Chat: -5, Kind: NoticeGroup,
			Args: map[string]string{"key": key, "place_id": place, "reply": "7", "start": "x_" + strings.Repeat("a", 24)}})
	}
	for _, words := range said() {
		if words != "" {
			list = append(list, storage.Message{Person: g.resident.ID, Kind: NoticeQuoted, Args: map[string]string{"words": locales.Cut(words, 4096)}})
		}
	}
	list = append(list, storage.Message{Person: g.admin.ID, Kind: NoticeSay, Args: map[string]string{"key": "group.lost", "place_id": place}})
	for _, key := range []string{"quoted.gone", "behalf.name", "wipe.hint", "wipe.done"} {
		list = append(list, storage.Message{Person: g.resident.ID, Kind: NoticeSay, Args: map[string]string{"key": key}})
	}
	if n := g.look(func(*storage.Tx) error { return nil }, list...); n != len(list)*len(mahalla.Languages()) {
		t.Errorf("%d of %d were drawn", n, len(list)*len(mahalla.Languages()))
	}
}
