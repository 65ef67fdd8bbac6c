package mahalla_test

import (
	"fmt"
	"strings"
	"testing"

	"koprik/mahalla"
)

func TestAPinIsKeptAsAnAttachmentAndSaysNothingOfItself(t *testing.T) {
	t.Parallel()
	for _, want := range []mahalla.Pin{{Lat: 41.299512, Lon: 69.240123}, {Lat: -90, Lon: 180}, {}} {
		got, ok := want.Media().Pin()
		if !ok || got != want {
			t.Errorf("got %v %v, %v; want %v %v", got.Lat, got.Lon, ok, want.Lat, want.Lon)
		}
		if said := fmt.Sprintf("%v %+v %s", want, want, want); strings.ContainsAny(said, "0123456789") {
			t.Errorf("said as %q, want nothing of where it is", said)
		}
	}
	for _, m := range []mahalla.Media{
		{Kind: mahalla.Photo, File: "41.0,69.0"},
		{Kind: mahalla.Location, File: "41.0"},
		{Kind: mahalla.Location, File: "a,b"},
		{Kind: mahalla.Location, File: "NaN,NaN"},
		{Kind: mahalla.Location, File: "91,69"},
		{Kind: mahalla.Location, File: "41,181"},
		{},
	} {
		if _, ok := m.Pin(); ok {
			t.Errorf("%+v: got a pin", m)
		}
	}
}
