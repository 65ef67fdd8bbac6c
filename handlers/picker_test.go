package handlers_test

import (
	"testing"

	"koprik/mahalla"
)

// What words are while the place is asked for: nothing that a person says is
// lost, and a name is not taken for a piece of the report.
func TestWordsWhileThePlaceIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	called := func(code string) mahalla.TerritoryID { return s.desk.Reference().ByCode[code] }
	for _, test := range []struct {
		words string
		shown bool   // the card shows what was found
		kept  bool   // they are a part of the report
		found string // the first that was found, or the list that is shown
	}{
		{"Gʻuncha", true, false, "Gʻuncha"},
		{"гунча", true, false, "Gʻuncha"},
		{"Гунча махалласи", true, false, "Gʻuncha"},
		{"gʻuncha, namuna", true, false, "Gʻuncha"},
		{"bog", true, false, "Bogʻishamol"},
		{"sharq", true, false, "Sharq yulduzi"},
		{"dustlik", true, false, "Doʻstlik"},
		{"Namuna tumani", true, false, "Namuna"},
		{"Намуна", true, false, "Namuna"},
		{"Navbahorda janjal", true, true, "Navbahor"},
		{"12-uy oldida", false, true, ""},
		{"Gʻuncha 12-uy oldida", false, true, ""},
		{"Navbahor bekatida odam yotibdi", false, true, ""},
		{"Tez keling!", false, true, ""},
		{"Chinor tagida yongʻin", false, true, ""},
		{"Xyzzyq", false, true, ""},
		{"hammasi", false, true, ""},
		{"7", false, true, ""},
	} {
		draft := &mahalla.Draft{Parts: []mahalla.Part{{Words: "x"}}, Pick: &mahalla.Picker{}}
		shown, kept := s.desk.NamePlace(draft, test.words)
		id := draft.Pick.Under
		if len(draft.Pick.Found) > 0 {
			id = draft.Pick.Found[0]
		}
		found := ""
		if id != 0 {
			found = s.desk.Reference().Territories[id].Names.UzLatn
		}
		if shown != test.shown || kept != test.kept || len(found) < len(test.found) || found[:len(test.found)] != test.found || test.found == "" && found != "" {
			t.Errorf("%q: got shown %v, kept %v, %q", test.words, shown, kept, found)
		}
	}

	draft := &mahalla.Draft{Pick: &mahalla.Picker{Found: []mahalla.TerritoryID{called("DEMO-1010"), called("DEMO-1011")}}}
	if shown, kept := s.desk.NamePlace(draft, "2"); !shown || kept || draft.Place != called("DEMO-1011") || draft.Pick != nil {
		t.Errorf("a number: got %v, %v, place %d", shown, kept, draft.Place)
	}
	draft = &mahalla.Draft{Pick: &mahalla.Picker{Under: called("9901")}}
	if shown, kept := s.desk.NamePlace(draft, "2"); !shown || kept || draft.Page != 1 || draft.Place != 0 {
		t.Errorf("a page: got %v, %v, page %d", shown, kept, draft.Page)
	}
}
