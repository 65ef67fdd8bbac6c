package simulator

import "testing"

func TestPlacesOfPeopleLookAsTelegramShowsThem(t *testing.T) {
	s, u := resident(t, Config{})
	u.Location(41.5, 64.5)
	u.Venue(41.6, 64.6, "Choyxona", "Bogʻ koʻchasi")
	live := u.LiveLocation(41.7, 64.7)
	u.Move(live, 41.8, 64.8)
	got := updates(t, s)
	if len(got) < 4 {
		t.Fatalf("got %d updates, want 4", len(got))
	}
	got = got[len(got)-4:]
	if l := got[0].Message.Location; l == nil || l.Latitude != 41.5 || l.LivePeriod != 0 || got[0].Message.Venue != nil {
		t.Errorf("a pin: got %+v", got[0].Message)
	}
	if m := got[1].Message; m.Venue == nil || m.Location == nil || m.Venue.Title != "Choyxona" || m.Location.Longitude != 64.6 || m.Venue.Location != *m.Location {
		t.Errorf("a venue: got %+v", m)
	}
	if l := got[2].Message.Location; l == nil || l.LivePeriod == 0 || l.Latitude != 41.7 {
		t.Errorf("a live location: got %+v", l)
	}
	if m := got[3].Edited; m == nil || m.MessageID != live || m.Location == nil || m.Location.Latitude != 41.8 || m.EditDate == 0 {
		t.Errorf("moved: got %+v", m)
	}
	defer func() {
		if recover() == nil {
			t.Error("a pin that is not live was moved")
		}
	}()
	u.Move(live-2, 41, 64)
}
