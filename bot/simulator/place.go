package simulator

import "fmt"

// Location sends a place on the map.
func (u *User) Location(lat, lon float64) int {
	return u.compose(&message{content: &content{kind: "location", location: &Location{Longitude: lon, Latitude: lat}}})
}

// Venue sends a place on the map that has a name and an address.
func (u *User) Venue(lat, lon float64, title, address string) int {
	v := &venue{Location: Location{Longitude: lon, Latitude: lat}, Title: title, Address: address}
	return u.compose(&message{content: &content{kind: "venue", venue: v}})
}

// LiveLocation shares where the person is for an hour.
func (u *User) LiveLocation(lat, lon float64) int {
	place := &Location{Longitude: lon, Latitude: lat, LivePeriod: 3600}
	return u.compose(&message{content: &content{kind: "location", location: place}})
}

// Move lets a live location move: Telegram tells of it as of an edited message.
func (u *User) Move(id int, lat, lon float64) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	m := u.chat.find(id)
	if m == nil || m.from != u || m.content.location == nil || m.content.location.LivePeriod == 0 {
		panic(fmt.Sprintf("simulator: %s shares no live location %d", u.key, id))
	}
	place := *m.content.location
	place.Latitude, place.Longitude = lat, lon
	m.content, m.edited = &content{kind: "location", location: &place}, u.s.now()
	u.s.tell(m, "edit")
	u.s.push("edited_message", u.chat.id, u.s.wire(m))
}
