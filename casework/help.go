package casework

import (
	"errors"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// mostHelp is how long a help may be: what Telegram takes in one message. What is longer
// comes in several, parted where a section begins.
const mostHelp = 4096

// HelpPages is of how many messages the help of a person consists.
func (d *Desk) HelpPages(tx *storage.Tx, reader *storage.Contact, now time.Time) (int, error) {
	w := d.speak(reader.Language, now)
	pages, err := d.helpPages(tx, w, reader)
	if err != nil {
		return 0, err
	}
	return len(pages), w.err
}

// help is one message of it, counted from zero.
func (d *Desk) help(tx *storage.Tx, w *words, reader *storage.Contact, page int) (mahalla.Screen, error) {
	pages, err := d.helpPages(tx, w, reader)
	if err == nil && page >= len(pages) { // roles have ended since
		err = ErrPointless
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	return mahalla.Screen{Text: pages[page]}, nil
}

// helpPages show what everybody can do, who the person is, and what the person's
// roles can do. What is typed in the place of a reporter's buttons comes last.
func (d *Desk) helpPages(tx *storage.Tx, w *words, reader *storage.Contact) ([]string, error) {
	invited, err := d.isInvited(tx, reader, w)
	if err != nil {
		return nil, err
	}
	sections := []string{lines(w.say("help.resident", "numbers", HTML(w.emergencies())), w.posts(reader))}
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
		{true, "help.typed"},
	} {
		if part.shown {
			sections = append(sections, w.say(part.key))
		}
	}
	return paged(sections, mostHelp), nil
}

// paged puts sections into as few messages of a length as hold them whole, in order.
func paged(sections []string, most int) []string {
	pages := sections[:1:1]
	for _, s := range sections[1:] {
		last := len(pages) - 1
		if longer := lines(pages[last], s); shownLength(longer) <= most {
			pages[last] = longer
			continue
		}
		pages = append(pages, strings.TrimLeft(s, "\n"))
	}
	return pages
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
