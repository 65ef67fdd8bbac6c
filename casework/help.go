package casework

import (
	"errors"
	"strings"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// mostHelp is how long a help may be: what Telegram takes in one message.
const mostHelp = 4096

// help shows what everybody can do, who the person is, and what the person's
// roles can do. What is typed in the place of a reporter's buttons comes last.
// That is left out where there is no room for it, and then who the person is:
// who has so many roles knows both.
func (d *Desk) help(tx *storage.Tx, w *words, reader *storage.Contact) (mahalla.Screen, error) {
	invited, err := d.isInvited(tx, reader, w)
	if err != nil {
		return mahalla.Screen{}, err
	}
	var own string
	for _, part := range []struct {
		shown bool
		key   string
	}{
		{reader.Has(mahalla.MayAnswer, w.now), "help.officer"},
		{reader.Has(mahalla.MaySupervise, w.now) && reader.Has(mahalla.MayAnswer, w.now), "help.supervisor"},
		{reader.Has(mahalla.MayAdminister, w.now), "help.administrator"},
		{reader.Has(mahalla.MaySpeak, w.now), "help.activist"},
		{invited, "help.invited"},
		{reader.Has(mahalla.MaySit, w.now), "help.commission"},
		{reader.Has(mahalla.MayConvene, w.now), "help.convene"},
	} {
		if part.shown {
			own = lines(own, w.say(part.key))
		}
	}
	start := w.say("help.resident", "numbers", HTML(w.emergencies()))
	text := lines(start, w.posts(reader), own, w.say("help.typed"))
	for _, shorter := range []string{lines(start, w.posts(reader), own), lines(start, own)} {
		if shownLength(text) > mostHelp {
			text = shorter
		}
	}
	return mahalla.Screen{Text: text}, nil
}

// isInvited tells whether somebody sits in a commission, is asked as a side or to a
// meeting to come, or is to carry out a decision. A side that is not asked yet does not
// learn from the help that there is a proposal.
func (d *Desk) isInvited(tx *storage.Tx, who *storage.Contact, w *words) (bool, error) {
	if who.Has(mahalla.MaySit, w.now) {
		return true, nil
	}
	meetings, err := tx.MeetingsWith(who.ID, w.now, w.now.Add(mahalla.FeedAhead), 1)
	if err != nil || len(meetings) > 0 {
		return len(meetings) > 0, err
	}
	if _, waiting, err := tx.OpenDecisions(who.ID, nil, 0, 1); err != nil || waiting > 0 {
		return waiting > 0, err
	}
	_, err = d.PartyTo(tx, who, false, w.now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
		return false, nil
	}
	return err == nil, err
}

// shownLength is how long a text is for Telegram, which does not count tags.
func shownLength(html string) int {
	n, rest := 0, html
	for {
		before, after, more := strings.Cut(rest, "<")
		n += locales.UTF16Len(before)
		if !more {
			return n
		}
		_, rest, _ = strings.Cut(after, ">")
	}
}
