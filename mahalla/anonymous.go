package mahalla

import (
	"slices"
	"time"
)

// LinkKept is how long after the end of a case it is still known, sealed, who
// its reporter is who is not named. It is a setting; the case may be reopened
// until then, so that it is never shorter than that.
const LinkKept = 30 * 24 * time.Hour

// LeastLinkKept bounds the setting.
const LeastLinkKept = ReopenWithin + 24*time.Hour

// Veil says whether a draft is to be filed without the person's name.
type Veil string

// The veils of a draft.
const (
	Unveiled  Veil = ""
	VeilAsked Veil = "asked" // the card shows what it means, and asks whether it is meant
	VeilWorn  Veil = "on"
)

// Anonymous tells whether the draft is to be filed without a name.
func (d *Draft) Anonymous() bool { return d != nil && d.Veil == VeilWorn }

// aliasDigits and aliasLetters are those that nobody mistakes for each other, in
// either script.
const (
	aliasDigits  = "23456789"
	aliasLetters = "ABCDEFHKMNPRTX"
)

// NewAlias makes what officers call a reporter who is not named, "7F3", of a
// random number: nothing of the person is in it, and another report has another.
func NewAlias(random uint64) string {
	pick := func(from string) byte {
		c := from[random%uint64(len(from))]
		random /= uint64(len(from))
		return c
	}
	return string([]byte{pick(aliasDigits), pick(aliasLetters), pick(aliasDigits)})
}

// Telling tells whether an attachment may tell who the person is: a voice is
// known by its sound, a film shows more than was meant.
func (m Media) Telling() bool { return m.Kind != Photo && m.Kind != Image && m.Kind != Location }

// Telling lists the attachments of an anonymous draft that may tell who the
// person is, and of which the person has not said yet that they may.
func (d *Draft) Telling() []Media {
	if !d.Anonymous() {
		return nil
	}
	var list []Media
	for _, p := range d.Parts[min(d.Told, len(d.Parts)):] {
		if p.Media != nil && p.Media.Telling() {
			list = append(list, *p.Media)
		}
	}
	return list
}

// LetTell lets the attachments be sent that the draft has now.
func (d *Draft) LetTell() { d.Told = len(d.Parts) }

// DropTelling takes them out. Words that came with one stay.
func (d *Draft) DropTelling() {
	for i := min(d.Told, len(d.Parts)); i < len(d.Parts); i++ {
		if m := d.Parts[i].Media; m != nil && m.Telling() {
			d.Parts[i].Media = nil
		}
	}
	d.Parts = slices.DeleteFunc(d.Parts, func(p Part) bool { return p.Words == "" && p.Media == nil })
	d.LetTell()
}

// class is the row of the ladder that the case follows.
func (c *Case) class() Class {
	if class := ClassOf(c.Urgency); class == Urgent || c.Alias == "" {
		return class
	}
	return Anonymous
}

// NamedReporter is the reporter if officers know who it is. Whatever an officer is
// told of goes by it, for who is left out would be told apart: a colleague who has
// reported without a name is told first or above, listed, asked and given the case
// like anybody else, is shown the same card, and only stays silent. The ladder goes
// on as with everybody who is silent.
func (c *Case) NamedReporter() PersonID {
	if c.Alias != "" {
		return 0
	}
	return c.Reporter
}

// Unknown is a reporter of whom nothing is known but that there is one. Once the link
// was dropped there is none: see Unlink.
const Unknown PersonID = -1

// AsUnknown is the case as a colleague knows it who has nothing to do with its
// report. The reporter who is an officer, and not named, has the same card.
func (c *Case) AsUnknown() *Case {
	unknown := *c
	unknown.Reporter = Unknown
	return &unknown
}

// OfOfficers tells whether the event names people as officers whom the case was
// brought to.
func (e Event) OfOfficers() bool {
	return slices.Contains([]EventKind{EventAssigned, EventEscalated, EventNudged, EventReminded, EventConfirmer, EventOffered,
		EventOfferEnded, EventGiven}, e.Kind) || e.Kind == EventUnreachable && e.Note == ""
}

// OfOfficers tells whether a message comes only to officers, who were told of a
// case: a row of it is like that of any of them.
func (k NoticeKind) OfOfficers() bool { return slices.Contains(officersOnly, k) }

var officersOnly = []NoticeKind{CardOfficer, CardHead, CardOffer, CardCheck, NoticeMedia, NoticeNudge, NoticeReminder, NoticeAddition,
	NoticeReopened, NoticeAnswer, NoticeUnanswered, NoticeResolution, NoticeUnresolved, NoticeConfirmed, NoticeRejected, NoticeLapsed,
	NoticeObjected, NoticeUnreachable, NoticeNobody, NoticeStopped, NoticeOffer}

// Guard refuses what a reporter who is not named says later and what may tell
// who it is: nobody is asked twice whether that is meant.
func (c *Case) Guard(by PersonID, media []Media) error {
	if c.Alias != "" && c.Reporter == by && slices.ContainsFunc(media, Media.Telling) {
		return Refuse(Invalid, "anonymous_media", "number", c.Number.String())
	}
	return nil
}

// Reveal names a reporter who was not named until now. Only the reporter does
// that, for one case, and it cannot be taken back. From then on the days of an appeal
// count, which the clock towards the result keeps to.
func (c *Case) Reveal(by PersonID, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbReveal, now); err != nil {
		return Outcome{}, err
	}
	if c.Alias == "" {
		return Outcome{}, Refuse(Conflict, "already_named")
	}
	c.Alias = ""
	var o Outcome
	o.event(Event{Kind: EventRevealed, At: now, By: by})
	if c.Status == Accepted && c.Resolution.Paused.IsZero() {
		c.Resolution = c.Resolution.within(g.Calendar, c.lawful(g.Calendar, now), now)
		c.awaitResolution(now, &o)
	}
	o.refresh(c)
	return o, nil
}

// Ended is when the case came to its end; zero while it is open.
func (c *Case) Ended() time.Time {
	if c.Status == Withdrawn {
		return c.WithdrawnAt
	}
	return c.ClosedAt
}

// Unlink forgets who the reporter is who is not named, some time after the end. A
// case that was given up ends with the one for which it was; else that is nil.
func (c *Case) Unlink(worked *Case, kept time.Duration, now time.Time) Outcome {
	var o Outcome
	end := c.Ended()
	if worked != nil && worked.Ended().After(end) {
		end = worked.Ended()
	}
	if c.Alias == "" || c.Reporter == 0 || c.Open() || worked != nil && worked.Open() || now.Before(end.Add(kept)) {
		return o
	}
	c.Reporter = 0
	o.event(Event{Kind: EventUnlinked, At: now})
	return o
}
