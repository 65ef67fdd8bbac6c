package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons around a question to the reporter.
const (
	PressAsk    = "ask"
	PressAnswer = "answer" // arg: show, to see the question first
)

// Ask puts a question of the owner to the reporter. A round other than zero must
// be the present one.
func (d *Desk) Ask(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, said Said, now time.Time) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	o, err := c.Ask(who.Person, now)
	if err != nil {
		return nil, err
	}
	if c.Secrecy == mahalla.Secret && len(said.Media) > 0 {
		return nil, mahalla.Refuse(mahalla.Invalid, "ask_words") // it would be seen by whoever looks on
	}
	r, err := d.keep(tx, who, c, storage.KindQuestion, said, now)
	if err != nil {
		return nil, err
	}
	o.Notices = mediaFirst(o.Notices, mahalla.CardQuestion, mediaOnly(r))
	return c, d.apply(tx, c, o, now)
}

// Answer brings the reporter's answer to the owner. Where no answer is waited
// for any more it is an addition; answered tells which of both it was.
func (d *Desk) Answer(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, said Said, now time.Time) (c *mahalla.Case, answered bool, err error) {
	if c, err = tx.LockCase(id); err != nil {
		return nil, false, err
	}
	if c.Status != mahalla.Waiting {
		c, err = d.Add(tx, who, id, 0, said, now)
		return c, false, err
	}
	ground := d.path(c.Place)
	o, err := c.Answer(who.ID, d.Danger(said.Words), d.policies, ground, now)
	if err != nil {
		return nil, false, err
	}
	r, err := d.keep(tx, who, c, storage.KindAnswer, said, now)
	if err != nil {
		return nil, false, err
	}
	o.Notices = additionMedia(o.Notices, r)
	return c, true, d.apply(tx, c, o, now)
}

// mediaOnly names the messages that show what was attached to a report whose
// words stand elsewhere.
func mediaOnly(r storage.Report) []map[string]string {
	r.Words = ""
	return piecesOf(r, mostQuoted)
}

// drawQuestion is the owner's question, for the reporter to answer.
func (d *Desk) drawQuestion(tx *storage.Tx, w *words, v storage.View, args map[string]string) (mahalla.Screen, error) {
	c := v.Case
	s := mahalla.Screen{Protect: c.Secrecy == mahalla.Secret}
	title := bold(w.say("question.title", "number", c.Number.String(), "category", HTML(w.neutral(c.Category))))
	if c.Status != mahalla.Waiting {
		card, err := tx.Card(v.Reader.ID, mahalla.CardQuestion, c.ID)
		if err == nil && card.MessageID == 0 {
			err = ErrPointless // it was never shown
		}
		s.Text = lines(title, w.say(questionEnd(v.Reports)))
		return s, err
	}
	again := ""
	if args["again"] != "" {
		again = w.say("question.again")
	}
	s.Text = lines(title, again, w.say("question.from", "role", HTML(w.roleOf(c, c.Owner))))
	for _, r := range openQuestions(v) {
		s.Text = lines(s.Text, quote(w.saidIn(r), glance*4))
	}
	s.Text = lines(s.Text, w.howToAnswer(c))
	s.Rows = w.withQuietRow(v, [][]mahalla.Button{{casePress(c, PressAnswer, "", w.say("question.answer"), mahalla.Primary)}})
	return s, nil
}

// mostQuestions is how many unanswered questions are shown at once.
const mostQuestions = 3

// openQuestions are the latest questions whose answer is waited for.
func openQuestions(v storage.View) []storage.Report {
	var list []storage.Report
	for _, r := range v.Reports {
		if r.Kind == storage.KindQuestion && !r.At.Before(v.Case.AskedAt) {
			list = append(list, r)
		}
	}
	return list[max(0, len(list)-mostQuestions):]
}

// questionEnd is the text of what became of the last question.
func questionEnd(reports []storage.Report) string {
	key := "question.over"
	for _, r := range reports {
		switch r.Kind {
		case storage.KindQuestion:
			key = "question.over"
		case storage.KindAnswer:
			key = "question.answered"
		}
	}
	return key
}

// saidIn is what a report says, or what it consists of when it has no words.
func (w *words) saidIn(r storage.Report) string {
	if r.Words == "" {
		return w.attached(r.Media)
	}
	return r.Words
}

// extendQuestion brings the later parts of an album that was asked with to the
// reporter.
func (d *Desk) extendQuestion(c *mahalla.Case, r storage.Report, said Said) mahalla.Outcome {
	var o mahalla.Outcome
	if c.Status != mahalla.Waiting || c.Secrecy == mahalla.Secret { // the rest of an album that was begun with words
		return o
	}
	o.Notices = append(o.Notices, mahalla.Notice{Kind: mahalla.NoticeEvidence, To: c.Reporter, Round: c.Round, Lane: mahalla.LaneUrgent, Args: albumArg(r.ID, true)})
	if said.Words != "" {
		o.Notices = append(o.Notices, mahalla.Notice{Kind: mahalla.CardQuestion, To: c.Reporter, Round: c.Round, Lane: mahalla.LaneUrgent})
	}
	return o
}
