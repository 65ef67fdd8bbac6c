package casework

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	second "github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"koprik/locales"
	"koprik/mahalla"
)

// sitting10 is a meeting on 28 November at ten.
func sitting10() *mahalla.Meeting {
	at := time.Date(2026, 11, 28, 10, 0, 0, 0, locales.Tashkent())
	return &mahalla.Meeting{
		ID: 1_000_777, Status: mahalla.MeetingCalled, At: at, Minutes: 90, Place: "Mahalla idorasi, 2-xona", Pin: "41.022500,64.070000",
		Language: mahalla.UzLatn, Quorum: 3, CalledAt: at.AddDate(0, 0, -9), MadeAt: at.AddDate(0, 0, -10),
		Participants: []mahalla.Participant{{Person: 5, Seat: mahalla.SeatMember}, {Person: 6, Seat: mahalla.SeatParty, Item: 9, Side: 1}},
	}
}

// file is the calendar file of a meeting for one of its participants.
func (w *words) file(m *mahalla.Meeting, person mahalla.PersonID) []byte {
	method := ics.MethodPublish
	if m.Status == mahalla.MeetingCancelled || m.Participant(person) == nil {
		method = ics.MethodCancel
	}
	c := w.calendar(method)
	c.AddVEvent(w.meetingEvent(m, m.Participant(person), "0123456789ab", w.now))
	return []byte(c.Serialize(ics.WithNewLineWindows))
}

// readBack reads a file with a library that has not written it.
func readBack(t rapid.TB, file []byte) (*second.Calendar, second.Event) {
	t.Helper()
	c, err := second.NewDecoder(bytes.NewReader(file)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, file)
	}
	if err := second.NewEncoder(new(bytes.Buffer)).Encode(c); err != nil { // it checks what must be there, and how often
		t.Fatalf("%v in\n%s", err, file)
	}
	events := c.Events()
	if len(events) != 1 {
		t.Fatalf("%d events in\n%s", len(events), file)
	}
	return c, events[0]
}

// lay checks what RFC 5545 says of lines.
func lay(t rapid.TB, file []byte) {
	t.Helper()
	if !bytes.HasSuffix(file, []byte("END:VCALENDAR\r\n")) {
		t.Errorf("it does not end as it should:\n%q", file)
	}
	for line := range bytes.SplitSeq(bytes.TrimSuffix(file, []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 75 || len(line) == 0 || bytes.ContainsAny(line, "\r\n") || strings.ToValidUTF8(string(line), "") != string(line) {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
}

func text(t rapid.TB, p second.Props, name string) string {
	t.Helper()
	s, err := p.Text(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestACalendarFileIsReadBackByAnotherLibrary(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := sitting10()
	m.Commission, m.Sequence = g.mahalla, 2
	for _, lang := range mahalla.Languages() {
		w := g.desk.speak(lang, day)
		file := w.file(m, 5)
		lay(t, file)
		c, e := readBack(t, file)
		if text(t, c.Props, "METHOD") != "PUBLISH" || text(t, c.Props, "VERSION") != "2.0" {
			t.Errorf("got %v", c.Props)
		}
		abroad := time.FixedZone("elsewhere", -8*3600) // the reader's own zone must not matter
		begins, err := e.DateTimeStart(abroad)
		if err != nil || !begins.Equal(m.At) || begins.Format("15:04 -0700") != "10:00 +0500" {
			t.Errorf("begins: got %v, %v", begins, err)
		}
		ends, err := e.DateTimeEnd(abroad)
		if err != nil || !ends.Equal(m.End()) {
			t.Errorf("ends: got %v, %v", ends, err)
		}
		stamp, err := e.Props.DateTime("DTSTAMP", abroad)
		if err != nil || !stamp.Equal(day) {
			t.Errorf("stamp: got %v, %v", stamp, err)
		}
		for name, want := range map[string]string{
			"UID": "meeting-1000777@koprik.0123456789ab", "LOCATION": m.Place, "STATUS": "CONFIRMED", "CLASS": "PRIVATE",
		} {
			if got := text(t, e.Props, name); got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
		if got := e.Props.Get("GEO").Value; got != "41.022500;64.070000" {
			t.Errorf("GEO: got %q", got)
		}
		if n, err := e.Props.Get("SEQUENCE").Int(); n != 2 || err != nil {
			t.Errorf("SEQUENCE: got %d, %v", n, err)
		}
		if got := e.Props.Get("ORGANIZER").Value; got != "mailto:bot@koprik.invalid" {
			t.Errorf("ORGANIZER: got %q", got)
		}
		rings(t, e, begins, "2026-11-27 10:00", "2026-11-28 08:00")
		if w.err != nil {
			t.Error(w.err)
		}
	}
}

// rings checks when the alarms of an event ring, in Tashkent.
func rings(t *testing.T, e second.Event, begins time.Time, want ...string) {
	t.Helper()
	var got []string
	for _, child := range e.Children {
		before, err := child.Props.Get("TRIGGER").Duration()
		if err != nil || child.Name != "VALARM" || text(t, child.Props, "ACTION") != "DISPLAY" || text(t, child.Props, "DESCRIPTION") == "" {
			t.Errorf("alarm: got %v, %v", child, err)
		}
		got = append(got, begins.Add(before).In(locales.Tashkent()).Format("2006-01-02 15:04"))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("alarms: got %v, want %v", got, want)
	}
}

func TestAPartysCalendarShowsNoCommission(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := sitting10()
	m.Commission = g.mahalla
	for lang, want := range map[mahalla.Language]string{mahalla.UzLatn: "Uchrashuv", mahalla.UzCyrl: "Учрашув", mahalla.Ru: "Встреча"} {
		file := g.desk.speak(lang, day).file(m, 6)
		_, e := readBack(t, file)
		if got := text(t, e.Props, "SUMMARY"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		_, member := readBack(t, g.desk.speak(lang, day).file(m, 5))
		if got := text(t, member.Props, "SUMMARY"); got == want {
			t.Errorf("a member's calendar says only %q", got)
		}
		for _, word := range []string{"omissiya", "омисси", "Lotin", "Кирил", "Русское"} {
			if bytes.Contains(unfolded(file), []byte(word)) {
				t.Errorf("%s stands in\n%s", word, file)
			}
		}
	}
}

func unfolded(file []byte) []byte { return bytes.ReplaceAll(file, []byte("\r\n "), nil) }

func TestACancelledMeetingIsTakenOutOfTheCalendar(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := sitting10()
	m.Commission, m.Status, m.Sequence, m.CancelledAt = g.mahalla, mahalla.MeetingCancelled, 3, day
	file := g.desk.speak(mahalla.UzLatn, day).file(m, 6)
	lay(t, file)
	c, e := readBack(t, file)
	if text(t, c.Props, "METHOD") != "CANCEL" || text(t, e.Props, "STATUS") != "CANCELLED" || text(t, e.Props, "SUMMARY") != "BEKOR QILINDI: Uchrashuv" {
		t.Errorf("got\n%s", file)
	}
	if text(t, e.Props, "UID") != "meeting-1000777@koprik.0123456789ab" || e.Props.Get("SEQUENCE").Value != "3" {
		t.Errorf("it is another event:\n%s", file)
	}
	rings(t, e, m.At)
}

// TestAnyTextSurvivesTheCalendarFile: what somebody typed as the place comes out
// of the second library as the bot shows it, however long, and whatever it is
// made of.
func TestAnyTextSurvivesTheCalendarFile(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	w := g.desk.speak(mahalla.UzLatn, day)
	letters := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune(`\nN;:,"' <>=%oʻgʻқғҳёў👩🚀`+"\r\n\t\u2028\u0000"))),
		rapid.StringN(60, 400, -1), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(r *rapid.T) {
		m := sitting10()
		m.Place = letters.Draw(r, "place")
		file := w.file(m, 6)
		lay(r, file)
		_, e := readBack(r, file)
		want := locales.Clean(m.Place)
		if want == "" {
			if e.Props.Get("LOCATION") != nil {
				r.Fatalf("a place of nothing: %q", file)
			}
			return
		}
		if got := text(r, e.Props, "LOCATION"); got != want {
			r.Fatalf("got %q, want %q in\n%s", got, want, file)
		}
	})
}

func TestWhoIsLetGoGetsWhatTakesTheMeetingOutAndNothingElse(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := sitting10()
	m.Commission, m.Sequence = g.mahalla, 2
	for _, lang := range mahalla.Languages() {
		w := g.desk.speak(lang, day)
		file := w.file(m, 7)
		lay(t, file)
		c, e := readBack(t, file)
		if got := text(t, c.Props, "METHOD"); got != "CANCEL" {
			t.Errorf("METHOD: got %q", got)
		}
		for name, want := range map[string]string{"UID": "meeting-1000777@koprik.0123456789ab", "STATUS": "CANCELLED"} {
			if got := text(t, e.Props, name); got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
		if n, err := e.Props.Get("SEQUENCE").Int(); n != 2 || err != nil {
			t.Errorf("SEQUENCE: got %d, %v, want that of the file that is on the phone", n, err)
		}
		for _, hidden := range []string{m.Place, "LOCATION", "GEO", "VALARM", w.place(g.mahalla)} {
			if bytes.Contains(file, []byte(hidden)) {
				t.Errorf("%q stands in\n%s", hidden, file)
			}
		}
	}
}
