package simulator

import (
	"errors"
	"fmt"
	"net/http"
)

// deed is the body of POST /sim/{user}/{action}; every action reads its part.
type deed struct {
	Payload   string
	Text      string
	Caption   string
	To        int
	Count     int
	Seconds   int
	Name      string
	Phone     string
	Label     string
	Data      string
	MessageID int `json:"message_id"`
	Lat, Lon  *float64
	Group     string // where text, reply and press happen; the private chat when empty
}

// act does one deed of a person.
type act func(*Server, *User, deed) (any, error)

// acts are the actions by name.
func acts() map[string]act {
	return map[string]act{
		"start":      func(_ *Server, u *User, d deed) (any, error) { return made(u.Start(d.Payload)) },
		"text":       actText,
		"reply":      actReply,
		"photo":      func(_ *Server, u *User, d deed) (any, error) { return made(u.Photo(d.Caption)) },
		"album":      actAlbum,
		"voice":      func(_ *Server, u *User, d deed) (any, error) { return made(u.Voice(max(1, d.Seconds))) },
		"video":      func(_ *Server, u *User, d deed) (any, error) { return made(u.Video(d.Caption, max(1, d.Seconds))) },
		"video_note": func(_ *Server, u *User, d deed) (any, error) { return made(u.VideoNote(max(1, d.Seconds))) },
		"document":   func(_ *Server, u *User, d deed) (any, error) { return made(u.Document(d.Name, d.Caption)) },
		"sticker":    func(_ *Server, u *User, d deed) (any, error) { return made(u.Sticker()) },
		"poll":       func(_ *Server, u *User, d deed) (any, error) { return made(u.Poll()) },
		"location":   actLocation,
		"at":         actAt,
		"contact":    actContact,
		"press":      actPress,
		"key":        func(_ *Server, u *User, d deed) (any, error) { return done{true}, u.PressKey(d.Label) },
		"open":       actOpen,
		"edit":       func(_ *Server, u *User, d deed) (any, error) { u.EditText(d.MessageID, d.Text); return done{true}, nil },
		"block":      func(_ *Server, u *User, d deed) (any, error) { u.Block(); return done{true}, nil },
		"unblock":    func(_ *Server, u *User, d deed) (any, error) { u.Unblock(); return done{true}, nil },
		"deactivate": func(_ *Server, u *User, d deed) (any, error) { u.Deactivate(); return done{true}, nil },
		"reset":      func(_ *Server, u *User, d deed) (any, error) { u.ResetCounters(); return done{true}, nil },
	}
}

func (s *Server) postAction(r *http.Request) (any, error) {
	u := s.User(r.PathValue("user"))
	if u == nil {
		return nil, fmt.Errorf("nobody is called %q", r.PathValue("user"))
	}
	do := acts()[r.PathValue("action")]
	if do == nil {
		return nil, fmt.Errorf("%q is nothing that a person can do here", r.PathValue("action"))
	}
	var d deed
	if err := readBody(r, &d); err != nil {
		return nil, err
	}
	return do(s, u, d)
}

func made(id int) (any, error) { return map[string]int{"message_id": id}, nil }

func (s *Server) groupOf(d deed) (*Group, error) {
	g := s.Group(d.Group)
	if g == nil {
		return nil, fmt.Errorf("no group is called %q", d.Group)
	}
	return g, nil
}

func actText(s *Server, u *User, d deed) (any, error) {
	if d.Text == "" {
		return nil, errors.New("text is empty")
	}
	if d.Group == "" {
		return made(u.Text(d.Text))
	}
	g, err := s.groupOf(d)
	if err != nil {
		return nil, err
	}
	return made(g.Text(u, d.Text))
}

func actReply(s *Server, u *User, d deed) (any, error) {
	if d.Text == "" {
		return nil, errors.New("text is empty")
	}
	if d.Group == "" {
		return made(u.Reply(d.To, d.Text))
	}
	g, err := s.groupOf(d)
	if err != nil {
		return nil, err
	}
	return made(g.Reply(u, d.To, d.Text))
}

// actOpen follows a link of a group to the private chat.
func actOpen(s *Server, u *User, d deed) (any, error) {
	g, err := s.groupOf(d)
	if err != nil {
		return nil, err
	}
	id, err := g.Open(u, d.Label)
	if err != nil {
		return nil, err
	}
	return made(id)
}

func actAlbum(_ *Server, u *User, d deed) (any, error) {
	if d.Count < 2 || d.Count > 10 {
		return nil, errors.New("count is from 2 to 10")
	}
	return map[string][]int{"message_ids": u.Album(d.Count, d.Caption)}, nil
}

// actLocation sends the given place, or where the person is.
func actLocation(_ *Server, u *User, d deed) (any, error) {
	if d.Lat == nil || d.Lon == nil {
		u.s.mu.Lock()
		place := u.place
		u.s.mu.Unlock()
		return made(u.Location(place.Latitude, place.Longitude))
	}
	return made(u.Location(*d.Lat, *d.Lon))
}

func actAt(_ *Server, u *User, d deed) (any, error) {
	if d.Lat == nil || d.Lon == nil {
		return nil, errors.New("lat and lon are missing")
	}
	u.At(*d.Lat, *d.Lon)
	return done{true}, nil
}

// actContact sends somebody else's number when one is given.
func actContact(_ *Server, u *User, d deed) (any, error) {
	if d.Phone == "" {
		return made(u.Contact())
	}
	return made(u.OtherContact(d.Phone, d.Name))
}

// actPress taps by label, on a message or the newest that has it; with data it
// is a press from a stale screen.
func actPress(s *Server, u *User, d deed) (any, error) {
	var id string
	var err error
	switch {
	case d.Group != "":
		var g *Group
		if g, err = s.groupOf(d); err == nil {
			id, err = g.Press(u, d.MessageID, d.Label)
		}
	case d.Data != "":
		id = u.PressStale(d.MessageID, d.Data)
	case d.MessageID != 0:
		id, err = u.Press(d.MessageID, d.Label)
	default:
		id, err = u.PressLast(d.Label)
	}
	return map[string]string{"callback_id": id}, err
}
