package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// mostListedMeetings is how many meetings to come a list looks at.
const mostListedMeetings = 50

// ComingMeetings lists the meetings to come of a person: those to which he or she
// is asked, and those of the commissions whose meetings the person may call, the
// earliest first.
func (d *Desk) ComingMeetings(tx *storage.Tx, who *storage.Contact, now time.Time) ([]*mahalla.Meeting, error) {
	from, until := now.Add(-mahalla.LongestMeeting), now.Add(2*mahalla.MostAhead)
	list, err := tx.MeetingsWith(who.ID, from, until, mostListedMeetings)
	if err != nil {
		return nil, err
	}
	if own := Convenes(who, now); len(own) > 0 {
		more, err := tx.MeetingsOf(own, from, until, mostListedMeetings)
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			if !slices.ContainsFunc(list, func(l *mahalla.Meeting) bool { return l.ID == m.ID }) {
				list = append(list, m)
			}
		}
	}
	list = slices.DeleteFunc(list, func(m *mahalla.Meeting) bool {
		_, err := d.meetingCard(who, m, now)
		return !m.Open(now) || err != nil
	})
	slices.SortStableFunc(list, func(a, b *mahalla.Meeting) int { return a.At.Compare(b.At) })
	return list, nil
}

// answerMarks show what was answered.
var answerMarks = map[mahalla.RSVP]string{"": "❔", mahalla.RSVPYes: "✅", mahalla.RSVPNo: "❌", mahalla.RSVPOther: "🕒"}

// drawMeetings is a page of the list, with the reader's own answers.
func (d *Desk) drawMeetings(tx *storage.Tx, w *words, reader *storage.Contact, _ int64, args map[string]string) (mahalla.Screen, error) {
	list, err := d.ComingMeetings(tx, reader, w.now)
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: len(list) > 0, Silent: w.night()}
	page, pages := pageIn(args["page"], len(list), perPage)
	s.Text = w.say("meetings.none")
	if len(list) > 0 {
		s.Text = bold(w.say("meetings.title", "n", len(list)))
	}
	var buttons []mahalla.Button
	for i, m := range list[min(len(list), page*perPage):min(len(list), (page+1)*perPage)] {
		n := page*perPage + i + 1
		mark := "🗓" // the reader is not asked to it
		if p := d.SeatOf(reader, m, w.now); p != nil {
			mark = answerMarks[p.RSVP]
		}
		s.Text = lines(s.Text, w.say("meetings.line", "n", n, "mark", mark, "when", HTML(w.sitting(m.At)), "place", HTML(w.placeShort(m.Commission))))
		buttons = append(buttons, meetingPress(m, PressMeetOpen, "", w.say("meetings.open", "mark", mark, "n", n, "when", brief(m.At)), ""))
	}
	s.Rows = rows(buttons)
	if own := Convenes(reader, w.now); len(own) > 0 {
		s.Text = lines(s.Text, w.say("meetings.convene"))
	}
	if pages > 1 {
		s.Text = lines(s.Text, w.say("list.page", "page", page+1, "pages", pages))
		var row []mahalla.Button
		if page > 0 {
			row = append(row, mahalla.Button{Label: w.say("list.previous"), Press: mahalla.Press{Verb: PressMeetPage, Round: page - 1}})
		}
		if page < pages-1 {
			row = append(row, mahalla.Button{Label: w.say("list.next"), Press: mahalla.Press{Verb: PressMeetPage, Round: page + 1}})
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

// OpenMeeting shows a person the card of a meeting afresh: the managing one to who
// may call it, the invitation to who is asked.
func (d *Desk) OpenMeeting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, afresh bool, args map[string]string, now time.Time) error {
	m, err := tx.Meeting(id)
	if err != nil {
		return err
	}
	kind, err := d.meetingCard(who, m, now)
	if err != nil {
		return err
	}
	return d.Show(tx, who, mahalla.Notice{Kind: kind, Lane: mahalla.LaneAnswer, Ring: afresh, Args: args}, aboutMeeting(id), now)
}

// meetingCard names the card of a meeting that a person may see. Who is asked to a
// meeting of another's making answers first.
func (d *Desk) meetingCard(who *storage.Contact, m *mahalla.Meeting, now time.Time) (mahalla.NoticeKind, error) {
	if m == nil {
		return "", mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	p := d.SeatOf(who, m, now)
	manages := mayConvene(who, m.Commission, now) == nil
	switch {
	case manages && (m.MadeBy == who.ID || p == nil || p.RSVP != ""):
		return CardConvene, nil
	case p != nil && m.Status != mahalla.MeetingDraft:
		return CardMeeting, nil
	case manages:
		return CardConvene, nil
	}
	return "", mahalla.Refuse(mahalla.NotFound, "meeting_none")
}

// MeetingMeant is the meeting that a typed line means: the one to which it replies,
// the one with a number in the list, or the next one; of those to which the person
// is asked, or which the person manages, where it must be said which of several. It
// gives what is left of the line.
func (d *Desk) MeetingMeant(tx *storage.Tx, who *storage.Contact, replied mahalla.MeetingID, managed bool, typed string, now time.Time) (*mahalla.Meeting, string, error) {
	if replied != 0 {
		m, err := tx.Meeting(replied)
		if err == nil {
			_, err = d.meetingCard(who, m, now)
		}
		return m, typed, err
	}
	all, err := d.ComingMeetings(tx, who, now)
	if err != nil {
		return nil, "", err
	}
	fits := func(m *mahalla.Meeting) bool {
		if managed {
			return mayConvene(who, m.Commission, now) == nil
		}
		return d.SeatOf(who, m, now) != nil
	}
	if first, rest := firstWord(typed); len(all) > 0 {
		if n, err := strconv.Atoi(first); err == nil && n >= 1 && n <= len(all) && fits(all[n-1]) && !d.beginsDay(typed, now) {
			return all[n-1], rest, nil
		} else if err == nil && n > len(all) && d.saysMoment(rest, now) && !d.beginsDay(typed, now) { // no hour stands before a day
			return nil, "", mahalla.Refuse(mahalla.NotFound, "meeting_number", "n", strconv.Itoa(len(all)), "named", strconv.Itoa(n))
		}
	}
	var next *mahalla.Meeting
	for _, m := range all {
		if !fits(m) {
			continue
		}
		switch {
		case next == nil:
			next = m
		case managed: // what is changed must be meant
			return nil, "", mahalla.Refuse(mahalla.Invalid, "meeting_which_managed")
		}
		if p := d.SeatOf(who, m, now); !managed && p.RSVP == "" {
			return m, typed, nil
		}
	}
	if next == nil {
		return nil, "", mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	return next, typed, nil
}

// saysMoment tells whether words begin with a day or are a time of day.
func (d *Desk) saysMoment(words string, now time.Time) bool {
	_, clock := d.onlyClock(words)
	return clock || d.beginsDay(words, now)
}
