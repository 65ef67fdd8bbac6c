package casework

import (
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons of the same matter.
const (
	PressMeToo  = "metoo"  // on the draft card; arg: which of the cases proposed
	PressOther  = "other"  // on the draft card: it is something else, and is filed
	PressUnjoin = "unjoin" // on the card of whoever joined
)

// ProposeSame lets the card of a draft ask whether it is about an open case, and
// tells whether there is any to ask about. What may be urgent is not held up.
func (d *Desk) ProposeSame(tx *storage.Tx, who *storage.Contact, code mahalla.CategoryCode, now time.Time) (bool, error) {
	draft := who.Dialogue.Draft
	category, ok := d.Reference().Categories[code]
	if draft == nil || !ok || draft.Place == 0 || !mahalla.Limited(category, d.Danger(draft.Words())) {
		return false, nil
	}
	similar, err := d.Similar(tx, draft.Place, code, draft.Words(), who, now)
	if err != nil || len(similar) == 0 {
		return false, err
	}
	same := &mahalla.Same{Place: draft.Place, Category: code, Parts: len(draft.Parts)}
	for _, s := range similar {
		same.Cases = append(same.Cases, mahalla.SameCase{Case: s.Case, FiledAt: s.FiledAt, Shared: s.Shared})
	}
	draft.Same, draft.Asks = same, nil
	return true, nil
}

// JoinSame makes the person one more of those who report a case that the draft's
// card proposed; the draft's words become an addition to it.
func (d *Desk) JoinSame(tx *storage.Tx, who *storage.Contact, nth int, message int64, now time.Time) (*mahalla.Case, error) {
	draft := who.Dialogue.Draft
	if !draft.AsksSame() || nth < 0 || nth >= len(draft.Same.Cases) {
		return nil, mahalla.Refuse(mahalla.Conflict, "same_gone")
	}
	c, err := tx.LockCase(draft.Same.Cases[nth].Case)
	if err != nil {
		return nil, err
	}
	o, err := c.Join(who.ID, d.Reference().Categories[c.Category].Urgency, d.policies, d.path(c.Place), now)
	if err != nil {
		return nil, err
	}
	tx.AddJoin(c.ID, who.ID, now)
	said := Said{Words: draft.Words(), Media: draft.Media()}
	added, err := c.Add(who.ID, "", d.Danger(said.Words), d.policies, d.path(c.Place), now)
	if err != nil {
		return nil, err
	}
	r, err := d.keep(tx, who, c, storage.KindAddition, said, now)
	if err != nil {
		return nil, err
	}
	o = o.And(added)
	o.Notices = additionMedia(o.Notices, r)
	tx.Concern(who.Telegram, draft.Messages(), c.ID)
	if message != 0 {
		tx.AdoptCard(who.ID, mahalla.CardJoined, c.ID, message)
	} else {
		tx.MoveCard(who.ID, CardDraft, 0, mahalla.CardJoined, c.ID)
	}
	tx.ForgetCard(who.ID, CardDraft, 0)
	who.Dialogue.Draft = nil
	return c, d.apply(tx, c, o, now)
}

// Unjoin takes a join back.
func (d *Desk) Unjoin(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, 0, now, func(c *mahalla.Case) (mahalla.Outcome, error) {
		o, err := c.Unjoin(who.ID, now)
		if err == nil {
			tx.UndoJoin(c.ID, who.ID, now)
		}
		return o, err
	})
}

// drawSame asks whether a draft is about an open case. Of that case it shows
// when it was filed; the words are the draft's own.
func (d *Desk) drawSame(w *words, draft *mahalla.Draft, args map[string]string) mahalla.Screen {
	s := mahalla.Screen{}
	s.Text, s.Silent = d.draftHead(w, draft, args)
	s.Text = lines(s.Text, bold(w.say("same.title")), w.say("same.text", "place", HTML(w.place(draft.Place)), "category", HTML(w.category(draft.Same.Category))))
	var buttons []mahalla.Button
	for i, c := range draft.Same.Cases {
		s.Text = lines(s.Text, w.say("same.line", "n", i+1, "when", w.when(c.FiledAt)), quote(strings.Join(c.Shared, ", "), glance))
		key := "same.me_too"
		if len(draft.Same.Cases) > 1 {
			key = "same.me_too_n"
		}
		buttons = append(buttons, draftPress(draft, PressMeToo, 0, strconv.Itoa(i), w.say(key, "n", i+1)))
	}
	s.Rows = append(rows(buttons), []mahalla.Button{draftPress(draft, PressOther, 0, "", w.say("same.other"))},
		[]mahalla.Button{draftPress(draft, PressMore, 0, "0", w.say("button.back")), w.dropPress(draft)})
	return s
}

// drawJoined is the card of somebody who joined a case: its status and the own
// words, and nothing of anybody else who reports it.
func (d *Desk) drawJoined(w *words, v storage.View) mahalla.Screen {
	c := v.Case
	title := bold(w.say("joined.title", "number", c.Number.String(), "category", HTML(w.neutral(c.Category))))
	if !c.HasJoined(v.Reader.ID) {
		return mahalla.Screen{Text: lines(title, w.say("joined.undone"))}
	}
	s := mahalla.Screen{Text: lines(d.dangerLine(w, v), title, w.joinedStatus(v))}
	s.Text = lines(s.Text, quote(wordsOf(v.Reports, v.Reader.ID), glance))
	if c.Open() {
		row := []mahalla.Button{casePress(c, PressAdd, "", w.say("reporter.add"), "")}
		if c.MayUnjoin(v.Reader.ID, w.now) {
			row = append(row, casePress(c, PressUnjoin, "", w.say("joined.undo"), ""))
		}
		s.Rows = [][]mahalla.Button{row}
	}
	return s
}

// joinedStatus is where the case stands; the verdict is the reporter's alone.
func (w *words) joinedStatus(v storage.View) string {
	c := v.Case
	if c.Status == mahalla.Closed {
		return lines(w.say("reporter.closed", "closing", HTML(w.say("closing."+string(c.Closing))), "when", w.when(c.ClosedAt)),
			quote(lastResult(v.Reports), mostQuoted))
	}
	text := w.reporterStatus(v)
	if c.Status == mahalla.Accepted && !c.Promised.IsZero() {
		text = lines(text, w.say("reporter.promised", "when", w.when(c.Promised)))
	}
	return text
}

// joined tells officers how many others have the same matter.
func (w *words) joined(c *mahalla.Case) string {
	if len(c.Joined) == 0 {
		return ""
	}
	return w.say("officer.joined", "n", len(c.Joined))
}

// joinedRead reminds whoever closes a case that others read the sentence too.
func (w *words) joinedRead(c *mahalla.Case) string {
	if len(c.Joined) == 0 {
		return ""
	}
	return w.say("officer.closing_joined")
}

// additionsOf counts what one person has added.
func additionsOf(reports []storage.Report, who mahalla.PersonID) int {
	n := 0
	for _, r := range reports {
		if r.Kind == storage.KindAddition && r.Person == who {
			n++
		}
	}
	return n
}
