package casework

import (
	"koprik/mahalla"
	"koprik/storage"
)

// NoticeMeetingNews is a short message below the card of a meeting, which has changed
// where it stands; arg what: one of the news below. It names neither matter nor people.
const NoticeMeetingNews mahalla.NoticeKind = "meeting_news"

// What it tells.
const (
	argWhat    = "what"
	newsLeft   = "left"   // the commission has changed: the person need not come
	newsSide   = "side"   // it has, and the person is asked as a side
	newsUnheld = "unheld" // the meeting did not take place
)

// meetingNews changes the card of somebody in its place and tells why below it. Who
// has no card is sent one.
func (d *Desk) meetingNews(tx *storage.Tx, m *mahalla.Meeting, to mahalla.PersonID, what string) ([]mahalla.Notice, error) {
	card, err := tx.Card(to, CardMeeting, aboutMeeting(m.ID))
	if err != nil {
		return nil, err
	}
	change := mahalla.Notice{Kind: CardMeeting, To: to, Lane: mahalla.LaneUrgent, Ring: card.MessageID == 0}
	if what == newsLeft {
		change.Args = map[string]string{argLeft: "yes"}
	}
	if change.Ring {
		if what == newsSide {
			return invitation(m, to), nil
		}
		return []mahalla.Notice{change}, nil
	}
	return []mahalla.Notice{change, {Kind: NoticeMeetingNews, To: to, Lane: mahalla.LaneUrgent, Ring: true, Args: map[string]string{argWhat: what}}}, nil
}

func (d *Desk) drawMeetingNews(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	what := args[argWhat]
	if what == "" {
		return mahalla.Screen{}, ErrPointless
	}
	if m == nil || m.At.IsZero() || what != newsUnheld && !m.Open(w.now) || what == newsLeft && d.SeatOf(reader, m, w.now) != nil {
		return mahalla.Screen{}, ErrPointless
	}
	card, err := tx.Card(reader.ID, CardMeeting, mahalla.CaseID(about))
	return mahalla.Screen{Text: w.say("meeting.news."+what, "when", HTML(w.sitting(m.At))), ReplyTo: card.MessageID, Silent: w.night(), Protect: true}, err
}
