package casework

import (
	"reflect"
	"testing"

	"koprik/locales"
	"koprik/mahalla"
)

func TestAPinGivesADraftItsPlaceOrAsks(t *testing.T) {
	t.Parallel()
	k := squares()
	k.settle()
	d := &Desk{}
	d.known.Store(k)
	inside := &mahalla.Picker{Under: leftDistrict, Pin: mahalla.PinInside}
	lost := &mahalla.Picker{Pin: mahalla.PinLost}
	for _, test := range []struct {
		name        string
		place       mahalla.TerritoryID // before
		pick        *mahalla.Picker     // before
		east, north float64
		want        mahalla.TerritoryID
		asks        *mahalla.Picker
	}{
		{"in a mahalla", 0, nil, 1700, 9000, northwest, nil},
		{"in another than was remembered", islands, nil, 1700, 9000, northwest, nil},
		{"while the card asks", 0, lost, 1700, 9000, northwest, nil},
		{"near a border", 0, nil, 1880, 8200, 0,
			&mahalla.Picker{Pin: mahalla.PinNear, Found: []mahalla.TerritoryID{northwest, besideIt}, Away: []int{0, 120}}},
		{"near a border, in the remembered one", northwest, nil, 1880, 8200, northwest, nil},
		{"near a border, in the remembered one's neighbour", besideIt, nil, 1880, 8200, 0,
			&mahalla.Picker{Pin: mahalla.PinNear, Found: []mahalla.TerritoryID{northwest, besideIt}, Away: []int{0, 120}}},
		{"outside, near a mahalla", 0, nil, -100, 9000, 0,
			&mahalla.Picker{Pin: mahalla.PinNear, Found: []mahalla.TerritoryID{northwest}, Away: []int{100}}},
		{"in a district", 0, nil, 8000, 3000, leftDistrict, inside},
		{"in a district, that of the remembered mahalla, which has no boundary", unmapped, nil, 8000, 3000, unmapped, nil},
		{"in a district near a border, that of the same", unmapped, nil, 9600, 3000, unmapped, nil},
		{"in a district, when that mahalla is not wanted", unmapped, &mahalla.Picker{}, 8000, 3000, leftDistrict, inside},
		{"in a district, outside the remembered mahalla of it", northwest, nil, 8000, 3000, leftDistrict, inside},
		{"in another district", islands, nil, 8000, 3000, leftDistrict, inside},
		{"in the district that was chosen", leftDistrict, nil, 8000, 3000, leftDistrict, nil},
		{"nowhere", 0, nil, -5000, 3000, 0, lost},
		{"nowhere, and the remembered mahalla is elsewhere", northwest, nil, -5000, 3000, 0, lost},
		{"nowhere, and the district of the remembered mahalla is elsewhere", unmapped, nil, -5000, 3000, 0, lost},
		{"nowhere, and nothing is known of the remembered mahalla", offMap, nil, -5000, 3000, offMap, nil},
		{"nowhere, and that mahalla is not wanted", offMap, &mahalla.Picker{}, -5000, 3000, 0, lost},
	} {
		draft := &mahalla.Draft{Place: test.place, Pick: test.pick, Page: 7}
		d.TakePin(draft, pinAt(test.east, test.north))
		if draft.Place != test.want || !reflect.DeepEqual(draft.Pick, test.asks) {
			t.Errorf("%s: got %d, %+v; want %d, %+v", test.name, draft.Place, draft.Pick, test.want, test.asks)
		}
		if draft.Pick != nil && draft.Pick.Under != 0 && draft.Page != 0 {
			t.Errorf("%s: the list begins on page %d", test.name, draft.Page)
		}
	}
}

func TestADistrictWithoutMahallasIsThePlaceItself(t *testing.T) {
	t.Parallel()
	k := squares()
	for id, place := range k.Territories {
		if place.Kind == mahalla.Mahalla {
			delete(k.Territories, id)
		}
	}
	k.settle()
	d := &Desk{}
	d.known.Store(k)
	draft := &mahalla.Draft{}
	d.TakePin(draft, pinAt(5000, 3000))
	if draft.Place != leftDistrict || draft.Pick != nil {
		t.Errorf("got %d, %+v", draft.Place, draft.Pick)
	}
}

func TestASecondPinTakesThePlaceOfTheFirst(t *testing.T) {
	t.Parallel()
	d := &Desk{}
	k := squares()
	k.settle()
	d.known.Store(k)
	pin, photo := pinAt(1, 1).Media(), mahalla.Media{Kind: mahalla.Photo, File: "f"}
	draft := &mahalla.Draft{Parts: []mahalla.Part{
		{Message: 1, Words: "Choyxona", Media: &pin}, {Message: 2, Media: &photo}, {Message: 3, Media: &pin}, {Message: 4, Words: "salom"},
	}}
	d.TakePin(draft, pinAt(1700, 9000))
	want := []mahalla.Part{{Message: 1, Words: "Choyxona"}, {Message: 2, Media: &photo}, {Message: 4, Words: "salom"}}
	if !reflect.DeepEqual(draft.Parts, want) {
		t.Errorf("got %+v, want %+v", draft.Parts, want)
	}
}

func TestTheLabelOfTheKeyIsKnownInEveryLanguage(t *testing.T) {
	t.Parallel()
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := NewDesk(catalogue, nil, nil)
	for words, want := range map[string]bool{
		"📍 Joyni yuborish": true, "📍 Жойни юбориш": true, " 📍 Отправить место ": true,
		"Joyni yuborish": false, "📍": false, "": false,
	} {
		if got := d.IsLocationKey(words); got != want {
			t.Errorf("%q: got %v, want %v", words, got, want)
		}
	}
}
