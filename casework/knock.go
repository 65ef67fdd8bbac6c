package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons with which the reporter of a quiet case decides what the
// screen shows.
const (
	PressRead   = "read"   // it is safe: show what was held back
	PressPutOff = "putoff" // arg: empty asks when, "hour", "evening"
	PressWipe   = "wipe"   // take it all off the screen
)

// PutOffHour and PutOffEvening are the usual moments to be asked again.
const (
	PutOffHour    = "hour"
	PutOffEvening = "evening"
)

// hush keeps the news of a quiet case off the reporter's phone until they are
// asked for.
func (d *Desk) hush(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, now time.Time) (mahalla.Outcome, error) {
	if !c.Quiet() {
		return o, nil
	}
	before, err := tx.Knock(c.ID)
	if err != nil {
		return o, err
	}
	k, o := c.Hush(before, o, now)
	if k != before {
		tx.SaveKnock(c.ID, k)
	}
	return o, nil
}

// Read shows the reporter what was held back.
func (d *Desk) Read(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	return d.knocked(tx, id, now, func(c *mahalla.Case, k mahalla.Knock) (mahalla.Knock, mahalla.Outcome, error) {
		warn, err := tx.HappenedSince(c.ID, mahalla.EventStopped, mahalla.EventRead)
		if err != nil {
			return k, mahalla.Outcome{}, err
		}
		k, o, err := c.Read(k, who.ID, warn && c.Quiet(), now)
		if err != nil || c.Status != mahalla.Closed {
			return k, o, err
		}
		reports, err := tx.Reports(c.ID)
		if err != nil {
			return k, o, err
		}
		o.Notices = evidenceFirst(o.Notices, opened(evidence(reports)))
		return k, o, nil
	})
}

// opened says of pieces of media that the reporter has asked to see them.
func opened(pieces []map[string]string) []map[string]string {
	for _, args := range pieces {
		args[mahalla.ArgOpen] = "yes"
	}
	return pieces
}

// PutOff asks the reporter again at another time.
func (d *Desk) PutOff(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, at, now time.Time) (*mahalla.Case, error) {
	return d.knocked(tx, id, now, func(c *mahalla.Case, k mahalla.Knock) (mahalla.Knock, mahalla.Outcome, error) {
		return c.PutOff(k, who.ID, at, now)
	})
}

// Wipe takes what was said about a quiet case off the reporter's screen.
func (d *Desk) Wipe(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	return d.knocked(tx, id, now, func(c *mahalla.Case, k mahalla.Knock) (mahalla.Knock, mahalla.Outcome, error) {
		return c.Wipe(k, who.ID, now)
	})
}

// knocked is load, decide, apply for what changes how far the reporter was asked.
func (d *Desk) knocked(tx *storage.Tx, id mahalla.CaseID, now time.Time, rule func(*mahalla.Case, mahalla.Knock) (mahalla.Knock, mahalla.Outcome, error)) (*mahalla.Case, error) {
	c, err := tx.LockCase(id)
	if err != nil {
		return nil, err
	}
	k, err := tx.Knock(id)
	if err != nil {
		return nil, err
	}
	k, o, err := rule(c, k)
	if err != nil {
		return nil, err
	}
	tx.SaveKnock(id, k)
	return c, d.apply(tx, c, o, now)
}

// knockAgain asks the reporter once more.
func (d *Desk) knockAgain(tx *storage.Tx, c *mahalla.Case, now time.Time) (mahalla.Outcome, error) {
	before, err := tx.Knock(c.ID)
	if err != nil {
		return mahalla.Outcome{}, err
	}
	k, o := c.KnockOnce(before, now)
	if k != before {
		tx.SaveKnock(c.ID, k)
	}
	return o, nil
}

// drawKnock asks in neutral words whether it is safe to read. It rings in no
// night, however urgent the case is: the sound may be heard by somebody else.
func (d *Desk) drawKnock(w *words, v storage.View, m storage.Message) (mahalla.Screen, error) {
	c, k := v.Case, v.Knock
	s := mahalla.Screen{Protect: true, Silent: d.Calendar().IsQuiet(w.now)}
	read := casePress(c, PressRead, "", w.say("knock.yes"), mahalla.Primary)
	switch {
	case !k.Waits() && m.Ring:
		return s, ErrPointless // it was opened before this was sent
	case !k.Waits():
		s.Text = w.say("knock.over")
	case m.Args["choose"] != "":
		s.Text = w.say("knock.when")
		s.Rows = [][]mahalla.Button{
			{read},
			{casePress(c, PressPutOff, PutOffHour, w.say("knock.hour"), ""), casePress(c, PressPutOff, PutOffEvening, w.say("knock.evening"), "")},
		}
	case k.Later.After(w.now):
		s.Text = w.say("knock.put_off", "when", w.when(k.Later))
		s.Rows = [][]mahalla.Button{{read}}
	default:
		s.Text = w.say("knock.ask")
		s.Rows = [][]mahalla.Button{{read}, {casePress(c, PressPutOff, "", w.say("knock.later"), "")}}
	}
	return s, nil
}

// unseen tells whether a message would bring something of a quiet case onto its
// reporter's screen that was not asked for: what was held back, and a card that
// was taken away. It is what stands between a slip elsewhere and the phone.
func (d *Desk) unseen(tx *storage.Tx, m storage.Message, v storage.View) (bool, error) {
	if !v.Case.Quiet() || m.Person != v.Case.Reporter || m.Args[mahalla.ArgOpen] != "" {
		return false, nil
	}
	held := m.Kind == mahalla.CardResult || m.Kind == mahalla.CardQuestion
	switch {
	case m.Kind == mahalla.NoticeEvidence, held && m.Ring:
		return true, nil
	case held, !m.Ring && m.IsCard() && (m.Kind == mahalla.CardKnock || !v.Knock.Wiped.IsZero()):
		card, err := tx.Card(m.Person, m.Kind, m.Case)
		return card.MessageID == 0, err
	}
	return false, nil
}

// drawWipe names the messages that are taken off the reporter's screen.
func (d *Desk) drawWipe(tx *storage.Tx, w *words, m storage.Message) (mahalla.Screen, error) {
	if m.Args[storage.ArgResult] != "" {
		return w.withdrawResult(tx, m)
	}
	list, err := tx.MessagesAbout(m.Chat, m.Case)
	if err == nil && len(list) == 0 {
		err = ErrPointless
	}
	return mahalla.Screen{Text: w.say("wipe.instead"), Wipe: list}, err
}

// discreet leaves the numbers to call off a quiet card once somebody has taken
// the case: they have been read, and whoever looks on would read them too.
func (w *words) discreet(c *mahalla.Case, danger string) string {
	if c.Quiet() && (c.Status != mahalla.New || c.Reopened > 0) {
		return ""
	}
	return danger
}

// withQuietRow lets the reporter of a quiet case clear the screen, and first of
// all see what waits.
func (w *words) withQuietRow(v storage.View, grid [][]mahalla.Button) [][]mahalla.Button {
	c := v.Case
	if !c.Quiet() {
		return grid
	}
	wipe := casePress(c, PressWipe, "", w.say("wipe.press"), "")
	if !v.Knock.Waits() {
		return append(grid, []mahalla.Button{wipe})
	}
	read := casePress(c, PressRead, "", w.say("knock.read"), mahalla.Primary)
	return primaryFirst(append([]mahalla.Button{read}, append(secondary(grid), wipe)...))
}

// unopened tells officers that the reporter has not read what they sent.
func (w *words) unopened(v storage.View) string {
	if !v.Knock.Waits() {
		return ""
	}
	return w.say("officer.unopened")
}
