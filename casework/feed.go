package casework

import (
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"koprik/mahalla"
	"koprik/storage"
)

// PressFeed makes a new address of one's calendar, or takes it away.
const PressFeed = "feed"

// NoticeFeed tells a person the address of the own calendar: once, for it is kept
// nowhere.
const NoticeFeed mahalla.NoticeKind = "feed"

// CalendarPath is where calendars are fetched, below the public address.
const CalendarPath = "/calendar/"

// mostInFeed bounds the meetings of one calendar.
const mostInFeed = 500

// Publish tells the desk at which address the Internet reaches the bot; empty
// when it does not. It comes before everything else.
func (d *Desk) Publish(address string) { d.public = strings.TrimRight(address, "/") }

// ShowFeed tells somebody of their calendar: the address when it is made for the
// first time, and afterwards only that there is one.
func (d *Desk) ShowFeed(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	since, err := tx.FeedSince(who.ID)
	if err != nil {
		return err
	}
	if since.IsZero() || d.public == "" {
		return d.NewFeed(tx, who, now)
	}
	return d.tellFeed(tx, who, nil, now)
}

// NewFeed makes an address, and the one before it useless.
func (d *Desk) NewFeed(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	if d.public == "" {
		return mahalla.Refuse(mahalla.Invalid, "feed_nowhere")
	}
	token, err := tx.OpenFeed(who.ID, now)
	if err != nil {
		return err
	}
	return d.tellFeed(tx, who, map[string]string{"token": token}, now)
}

// DropFeed takes the address away.
func (d *Desk) DropFeed(tx *storage.Tx, who *storage.Contact) error {
	since, err := tx.FeedSince(who.ID)
	if err != nil {
		return err
	}
	if since.IsZero() {
		return mahalla.Refuse(mahalla.NotFound, "feed_none")
	}
	tx.CloseFeed(who.ID)
	return nil
}

func (d *Desk) tellFeed(tx *storage.Tx, who *storage.Contact, args map[string]string, now time.Time) error {
	return d.Show(tx, who, mahalla.Notice{Kind: NoticeFeed, Lane: mahalla.LaneAnswer, Args: args}, 0, now)
}

// drawFeed shows the address where it can be copied, which a protected message
// does not allow.
func (d *Desk) drawFeed(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	since, err := tx.FeedSince(reader.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if since.IsZero() {
		return mahalla.Screen{}, ErrPointless
	}
	s := mahalla.Screen{Text: w.say("feed.have", "since", w.when(since)), Rows: [][]mahalla.Button{{
		{Label: w.say("button.feed_new"), Press: mahalla.Press{Verb: PressFeed, Arg: "new"}},
		{Label: w.say("button.feed_off"), Press: mahalla.Press{Verb: PressFeed, Arg: "off"}},
	}}}
	if token := args["token"]; token != "" {
		owner, err := tx.FeedOwner(token)
		if err != nil {
			return mahalla.Screen{}, err
		}
		if owner != reader.ID { // another one was made since
			return mahalla.Screen{}, ErrPointless
		}
		s.Text = w.say("feed.given", "address", d.public+CalendarPath+token+".ics")
	}
	return s, nil
}

// Feed is the calendar to which an address leads; nil when nobody has it. It is
// the same file for as long as nothing has changed.
func (d *Desk) Feed(tx *storage.Tx, token string, now time.Time) ([]byte, error) {
	owner, err := tx.FeedOwner(token)
	if err != nil || owner == 0 {
		return nil, err
	}
	who, err := tx.Contact(owner)
	if err != nil || who == nil {
		return nil, err
	}
	install, err := tx.Installation()
	if err != nil {
		return nil, err
	}
	list, err := tx.MeetingsWith(owner, now.Add(-mahalla.FeedBack), now.Add(mahalla.FeedAhead), mostInFeed)
	if err != nil {
		return nil, err
	}
	w := d.speak(who.Language, now)
	c := w.calendar(ics.MethodPublish)
	c.SetXWRCalName(w.plain("calendar.name"))
	c.SetRefreshInterval("PT1H", ics.WithValue(string(ics.ValueDataTypeDuration)))
	c.SetXPublishedTTL("PT1H")
	for _, m := range list {
		if p := m.Participant(owner); m.InCalendar(p, sitsIn(who, m.Commission, now), now) {
			c.AddVEvent(w.meetingEvent(m, p, install, m.Revised()))
		}
	}
	return []byte(c.Serialize(ics.WithNewLineWindows)), w.err
}

// sitsIn tells whether somebody sits in the commission of a place.
func sitsIn(who *storage.Contact, commission mahalla.TerritoryID, now time.Time) bool {
	return slices.ContainsFunc(who.Memberships, func(m mahalla.Membership) bool {
		return m.Territory == commission && m.Role.Has(mahalla.MaySit) && m.At(now)
	})
}
