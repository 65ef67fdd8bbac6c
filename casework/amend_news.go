package casework

import (
	"strconv"

	"koprik/mahalla"
	"koprik/storage"
)

// NoticeAgendaNews is a quiet message to somebody who sits, below the card of a meeting:
// an item has come onto its agenda, or left it. It names what the card does; arg what is
// one of the news below, arg item the item.
const NoticeAgendaNews mahalla.NoticeKind = "agenda_news"

// What it tells.
const (
	newsItemOn  = "on"
	newsItemOff = "off"
	argItem     = "item"
)

// agendaNews tells those who sit that an item has come onto the agenda or left it, but
// not who did that: everybody who is asked, for each must know of a new one whether they
// have an interest of their own in it, and who has read that it came reads that it left.
func agendaNews(m *mahalla.Meeting, item mahalla.ItemID, what string, by mahalla.PersonID) []mahalla.Notice {
	var list []mahalla.Notice
	for _, p := range m.Participants {
		switch {
		case !p.Seat.Counts(), p.Person == by, p.Unreachable:
			continue
		case m.Emptied && p.Person == m.MadeBy: // is asked what becomes of the meeting
			continue
		}
		list = append(list, mahalla.Notice{Kind: NoticeAgendaNews, To: p.Person, Lane: mahalla.LaneReminder, Ring: true,
			Args: map[string]string{argWhat: what, argItem: strconv.FormatInt(int64(item), 10)}})
	}
	return list
}

// drawAgendaNews says so, as long as it is true, and lets who sits say at once that the
// new item is of an own interest.
func (d *Desk) drawAgendaNews(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	id, err := strconv.ParseInt(args[argItem], 10, 64)
	if err != nil || m == nil || !m.Open(w.now) || d.SeatOf(reader, m, w.now) == nil {
		return mahalla.Screen{}, ErrPointless
	}
	item, what, p := mahalla.ItemID(id), args[argWhat], m.Participant(reader.ID)
	if (m.Hearing(item) != nil) != (what == newsItemOn) || !p.Seat.Counts() {
		return mahalla.Screen{}, ErrPointless
	}
	found, err := tx.AgendaLines([]mahalla.ItemID{item})
	if err != nil {
		return mahalla.Screen{}, err
	}
	if len(found) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	line := w.say("meeting.item", "number", found[0].Number.String(), "category", HTML(w.category(found[0].Category)))
	news := w.say("meeting.news.item_on", "item", HTML(line))
	if what == newsItemOff {
		news = w.say("meeting.news.item_off", "item", HTML(line))
	}
	s := mahalla.Screen{Silent: true, Protect: true, Text: lines(news, w.say("meeting.at", "when", HTML(w.sitting(m.At))))}
	if p.RSVP != "" { // it stands
		s.Text = lines(s.Text, w.answerLine(p))
	}
	switch {
	case what == newsItemOff:
	case p.InConflict(item):
		s.Text = lines(s.Text, w.say("meeting.conflict", "numbers", found[0].Number.String()))
	case w.mayDeclare(m, p):
		s.Text = lines(s.Text, w.say("meeting.news.item_interest"))
		s.Rows = [][]mahalla.Button{{meetingPress(m, PressMeetConflict, personArg(mahalla.PersonID(item))+"_"+personArg(p.Person), w.say("meeting.interest"), "")}}
	}
	s.ReplyTo, err = cardOf(tx, reader, m)
	return s, err
}

// mayDeclare tells whether somebody who is asked to a meeting may say to have an interest
// of their own in what is heard there: who only writes down takes no part anyway.
func (w *words) mayDeclare(m *mahalla.Meeting, p *mahalla.Participant) bool {
	return p.Seat.Counts() && (!m.Mediation || p.Seat == mahalla.SeatMediator) && p.RSVP != mahalla.RSVPNo
}

// cardOf is the message that is a person's card of a meeting: the invitation, or else
// that of who manages it; 0 is none.
func cardOf(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting) (int64, error) {
	card, err := tx.Card(who.ID, CardMeeting, aboutMeeting(m.ID))
	if err != nil || card.MessageID != 0 {
		return card.MessageID, err
	}
	card, err = tx.Card(who.ID, CardConvene, aboutMeeting(m.ID))
	return card.MessageID, err
}
