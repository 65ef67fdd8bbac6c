package casework

import (
	"errors"
	"slices"
	"strconv"

	"koprik/mahalla"
	"koprik/storage"
)

// briefing words a short message about a case, to wake somebody. The screen hangs below the
// card of the case already.
type briefing func(d *Desk, tx *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error

// briefings are these messages by their kinds.
func briefings() map[mahalla.NoticeKind]briefing {
	return map[mahalla.NoticeKind]briefing{
		mahalla.NoticeNudge:       drawNudge,
		mahalla.NoticeReminder:    drawWaits,
		mahalla.NoticeAddition:    drawAdded("notice.addition"),
		mahalla.NoticeAnswer:      drawAdded("notice.answer"),
		mahalla.NoticeUnanswered:  drawUnanswered,
		mahalla.NoticeResolution:  drawResolution,
		mahalla.NoticeUnresolved:  drawResolution,
		mahalla.NoticeConfirmed:   drawClaimed,
		mahalla.NoticeRejected:    drawClaimed,
		mahalla.NoticeLapsed:      drawClaimed,
		mahalla.NoticeReopened:    drawReopened("notice.reopened"),
		mahalla.NoticeObjected:    drawReopened("notice.objected"),
		mahalla.NoticeHeard:       drawHeardNews,
		mahalla.NoticeUnreachable: drawUnreachable,
		mahalla.NoticeStopped:     drawStoppedNews,
		mahalla.NoticeWarned:      drawWarned,
		mahalla.NoticeOffer:       drawOffered,
		mahalla.NoticeNobody:      drawNobody,
		mahalla.NoticeOnYourOwn:   drawOnYourOwn,
	}
}

// drawNotice draws one of them.
func (d *Desk) drawNotice(tx *storage.Tx, w *words, m storage.Message, v storage.View) (mahalla.Screen, error) {
	draw, ok := d.briefings[m.Kind]
	if !ok {
		return mahalla.Screen{}, errors.New("casework: no screen for " + string(m.Kind))
	}
	card, err := tx.Card(m.Person, mahalla.CardOfficer, v.Case.ID)
	if err == nil && card.MessageID == 0 {
		card, err = tx.Card(m.Person, mahalla.CardHead, v.Case.ID)
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{ReplyTo: card.MessageID}
	err = draw(d, tx, w, m, v, &s)
	return s, err
}

// waits tells whether the case that a message is about still waits to be accepted.
func waits(m storage.Message, c *mahalla.Case) bool {
	return c.Status == mahalla.New && c.Round == m.Round
}

func drawNudge(_ *Desk, _ *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error {
	if !waits(m, v.Case) {
		return ErrPointless
	}
	s.Text = w.nudge(v.Case)
	return nil
}

func drawWaits(_ *Desk, _ *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error {
	if !waits(m, v.Case) {
		return ErrPointless
	}
	s.Text = w.say("notice.reminder", "number", v.Case.Number.String(), "duration", w.length(w.now.Sub(v.Case.FiledAt)))
	return nil
}

// drawAdded tells the words that came later, under a key.
func drawAdded(key string) briefing {
	return func(_ *Desk, _ *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error {
		s.Text = lines(w.urgent(v.Case), w.say(key, "number", v.Case.Number.String()), quote(addedWords(v.Reports, m.Args), inNotice))
		s.Protect = true
		return nil
	}
}

func drawUnanswered(_ *Desk, _ *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error {
	s.Text = w.say("notice.unanswered", "number", v.Case.Number.String())
	if v.Knock.Waits() || m.Args[mahalla.ArgUnread] != "" {
		s.Text = w.say("notice.unopened", "number", v.Case.Number.String())
	}
	return nil
}

func drawResolution(d *Desk, tx *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) (err error) {
	s.Text, err = d.resolutionNotice(tx, w, m, v.Case)
	return err
}

func drawClaimed(_ *Desk, _ *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) (err error) {
	s.Text, err = w.claimNotice(m, v)
	s.Protect = true
	return err
}

// drawReopened tells that a case is open again, under a key.
func drawReopened(key string) briefing {
	return func(d *Desk, _ *storage.Tx, w *words, _ storage.Message, v storage.View, s *mahalla.Screen) error {
		if d.gone(w, v) {
			return ErrPointless
		}
		s.Text = w.say(key, "number", v.Case.Number.String())
		return nil
	}
}

func drawHeardNews(_ *Desk, _ *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error {
	if v.Case.Round != m.Round || !v.Case.Open() {
		return ErrPointless
	}
	s.Text = w.say("notice.heard."+m.Args["outcome"], "number", v.Case.Number.String())
	if m.Args["again"] != "" {
		s.Text = w.say("notice.heard_again."+m.Args["outcome"], "number", v.Case.Number.String())
	}
	return nil
}

func drawUnreachable(d *Desk, tx *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error {
	id, err := strconv.ParseInt(m.Args["person"], 10, 64)
	if err != nil {
		return err
	}
	name, err := tx.Name(mahalla.PersonID(id))
	if err != nil {
		return err
	}
	s.Text, s.ReplyTo = d.unreachable(w, v, mahalla.PersonID(id), name), 0
	return nil
}

func drawStoppedNews(_ *Desk, tx *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) (err error) {
	s.ReplyTo = 0
	s.Text, err = drawStopped(tx, w, v.Case, m.Args)
	return err
}

func drawWarned(_ *Desk, _ *storage.Tx, w *words, _ storage.Message, _ storage.View, s *mahalla.Screen) error {
	s.Text = w.say("notice.warned")
	return nil
}

func drawOffered(d *Desk, tx *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) (err error) {
	s.Text, err = d.drawOfferNews(tx, w, v, m.Args)
	return err
}

// drawNobody tells an administrator why nobody answers: nobody stands there, nobody
// can be told, or whoever was told is silent and nobody stands above.
func drawNobody(_ *Desk, _ *storage.Tx, w *words, _ storage.Message, v storage.View, s *mahalla.Screen) error {
	key := "notice.nobody_silent"
	below := func(a mahalla.Assignment) bool { return a.Level < mahalla.LevelAdministrator }
	switch {
	case !slices.ContainsFunc(v.Case.Assignments, below):
		key = "notice.nobody_stands"
	case v.Case.OutOfReach():
		key = "notice.nobody_reached"
	}
	s.Text = w.say(key, "number", v.Case.Number.String(), "place", HTML(w.place(v.Case.Place)))
	return nil
}

func drawOnYourOwn(_ *Desk, _ *storage.Tx, w *words, m storage.Message, v storage.View, s *mahalla.Screen) error {
	c := v.Case
	if !waits(m, c) || !c.OutOfReach() {
		return ErrPointless
	}
	key := "notice.on_your_own"
	if c.AdministratorTold() {
		key = "notice.on_your_own_told"
	}
	s.Text = w.say(key, "number", c.Number.String(), "numbers", HTML(w.toCall(v)))
	return nil
}
