package casework

import (
	"fmt"
	"html"
	"strconv"
	"time"

	ics "github.com/arran4/golang-ical"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// PressICS asks for the file that puts a meeting into the phone's calendar.
const PressICS = "ics"

// NoticeICS brings that file.
const NoticeICS mahalla.NoticeKind = "ics"

// argLeft says that something is for somebody who was let go from a meeting; on the
// card of who manages it, who was.
const argLeft = "left"

// mostFiles is how many meetings are sent at once to whoever names none.
const mostFiles = 3

// AskCalendar sends the calendar file of a meeting to somebody who asks for it.
func (d *Desk) AskCalendar(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	m, err := tx.Meeting(id)
	if err != nil {
		return err
	}
	if err := m.MayFetch(who.ID, now); err != nil {
		return err
	}
	return d.sendCalendar(tx, m, who.ID, now)
}

// AskCalendars sends the files of the next meetings that somebody is asked to and has not
// declined.
func (d *Desk) AskCalendars(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	list, err := tx.MeetingsWith(who.ID, now, now.Add(mahalla.FeedAhead), 10*mostFiles)
	if err != nil {
		return err
	}
	sent, declined := 0, false
	for _, m := range list {
		if m.Status == mahalla.MeetingCancelled || sent == mostFiles {
			continue
		}
		if p := m.Participant(who.ID); p != nil && p.RSVP == mahalla.RSVPNo { // as the feed does
			declined = true
			continue
		}
		sent++
		if err := d.sendCalendar(tx, m, who.ID, now); err != nil {
			return err
		}
	}
	if sent == 0 && declined {
		return mahalla.Refuse(mahalla.NotFound, "calendar_declined")
	}
	if sent == 0 {
		return mahalla.Refuse(mahalla.NotFound, "calendar_empty")
	}
	return nil
}

// sendCalendar sends somebody the file that puts the meeting into the phone's
// calendar, changes it there, or takes it out, also of somebody who is no participant
// any more: it is made of the state in which the meeting is when it is sent. Who
// cannot be reached gets none.
func (d *Desk) sendCalendar(tx *storage.Tx, m *mahalla.Meeting, person mahalla.PersonID, now time.Time) error {
	to, err := tx.Recipients([]mahalla.PersonID{person})
	if err != nil {
		return err
	}
	if _, ok := to[person]; !ok {
		return nil
	}
	n := mahalla.Notice{Kind: NoticeICS, To: person, Lane: mahalla.LaneAnswer}
	if m.Participant(person) == nil {
		n.Args = map[string]string{argLeft: "yes"}
	}
	return tx.Send(to[person], n, mahalla.CaseID(m.ID), now, time.Time{})
}

// drawCalendar is the file with what to do with it. It is not protected: phones
// do not hand a protected file to their calendar.
func drawCalendar(d *Desk, tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	left := args[argLeft] != "" && m.Left(reader.ID, w.now)
	if !left && m.MayFetch(reader.ID, w.now) != nil {
		return mahalla.Screen{}, ErrPointless
	}
	install, err := tx.Installation()
	if err != nil {
		return mahalla.Screen{}, err
	}
	method, hint := ics.MethodPublish, "calendar.open"
	switch {
	case left:
		method, hint = ics.MethodCancel, "calendar.open_left"
	case m.Status == mahalla.MeetingCancelled:
		method, hint = ics.MethodCancel, "calendar.open_cancelled"
	case m.Sequence > 0:
		hint = "calendar.open_moved"
	}
	c := w.calendar(method)
	c.AddVEvent(w.meetingEvent(m, m.Participant(reader.ID), install, w.now))
	made := []byte(c.Serialize(ics.WithNewLineWindows))
	return mahalla.Screen{
		Text: lines(bold(w.say("calendar.title", "when", w.when(m.At))), w.say(hint)),
		File: w.document(w.say("calendar.file")+m.At.In(locales.Tashkent()).Format("-2006-01-02")+".ics", "text/calendar",
			func() ([]byte, error) { return made, nil }),
	}, nil
}

// calendarZone is the zone of every event. Its description goes with it, for
// those calendars that do not know it by its name.
const calendarZone = "Asia/Tashkent"

// calendar is a calendar without events. PUBLISH is what a phone that opens a
// file takes as an event of its own; REQUEST asks for an answer by mail to an
// organiser who has none. CANCEL takes the event out where that is understood.
func (w *words) calendar(method ics.Method) *ics.Calendar {
	c := ics.NewCalendarFor("Koprik")
	c.SetProductId("-//Koprik//Koprik//UZ")
	c.SetMethod(method)
	zone := ics.NewTimezone(calendarZone)
	standard := zone.AddStandard()
	for _, p := range [][2]string{{"DTSTART", "19920101T000000"}, {"TZOFFSETFROM", "+0500"}, {"TZOFFSETTO", "+0500"}, {"TZNAME", "+05"}} {
		standard.SetProperty(ics.ComponentProperty(p[0]), p[1])
	}
	c.Components = append(c.Components, zone)
	return c
}

// meetingEvent is a meeting as its participant's calendar shows it. A party's
// phone may be looked at by others at home: it shows no commission. Who is no
// participant any more (nil) gets no more than what takes the event out.
func (w *words) meetingEvent(m *mahalla.Meeting, p *mahalla.Participant, install string, stamp time.Time) *ics.VEvent {
	what := w.plain("calendar.neutral")
	if p != nil && p.Seat != mahalla.SeatParty {
		what = w.plain("calendar.meeting", "place", HTML(w.place(m.Commission)))
	}
	e := ics.NewEvent(fmt.Sprintf("meeting-%d@koprik.%s", m.ID, install))
	e.SetDtStampTime(stamp)
	e.SetSequence(m.Sequence)
	e.SetProperty(ics.ComponentPropertyDtStart, wallClock(m.At), ics.WithTZID(calendarZone))
	e.SetProperty(ics.ComponentPropertyDtEnd, wallClock(m.End()), ics.WithTZID(calendarZone))
	e.SetStatus(ics.ObjectStatusConfirmed)
	title := what
	off := p == nil || m.Status == mahalla.MeetingCancelled
	if off {
		e.SetStatus(ics.ObjectStatusCancelled)
		title = w.plain("calendar.cancelled", "what", what)
	}
	e.SetSummary(title)
	e.SetDescription(w.plain("calendar.about"))
	e.SetClass(ics.ClassificationPrivate)
	// No calendar may write to anybody: .invalid is nobody's, now and for ever.
	e.SetOrganizer("mailto:bot@koprik.invalid", ics.WithCN("Koprik"))
	if p == nil {
		return e
	}
	if place := locales.Clean(m.Place); place != "" {
		e.SetLocation(place)
	}
	if pin, ok := (mahalla.Media{Kind: mahalla.Location, File: m.Pin}).Pin(); ok {
		e.SetGeo(degrees(pin.Lat), degrees(pin.Lon))
	}
	if !off {
		w.alarms(e, what)
	}
	return e
}

// alarms ring a day and two hours before.
func (w *words) alarms(e *ics.VEvent, what string) {
	for _, before := range []string{"-P1D", "-PT2H"} {
		a := e.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(before)
		a.SetProperty(ics.ComponentPropertyDescription, what)
	}
}

// wallClock is a moment as the clock on a wall in Tashkent shows it.
func wallClock(t time.Time) string { return t.In(locales.Tashkent()).Format("20060102T150405") }

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }

// plain is a text outside of Telegram: nothing in it is escaped for HTML.
func (w *words) plain(key string, pairs ...any) string {
	return locales.Clean(html.UnescapeString(w.say(key, pairs...)))
}
