package casework

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// ErrPointless says that there is nothing to say any more: what a message was
// about has changed since it was put into the outbox.
var ErrPointless = errors.New("casework: the message has lost its point")

// Draw turns a message of the outbox into what its reader sees, from the state
// of this moment and in the language that the reader has now.
func (d *Desk) Draw(tx *storage.Tx, m storage.Message, now time.Time) (mahalla.Screen, error) {
	w := d.speak(m.Language, now)
	s, err := d.draw(tx, w, m)
	if err == nil {
		err = w.err
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	s.Silent = s.Silent || !m.Ring
	if w.before(&s, m.Args); w.err != nil {
		return mahalla.Screen{}, w.err
	}
	return s, nil
}

func (d *Desk) draw(tx *storage.Tx, w *words, m storage.Message) (mahalla.Screen, error) {
	if draw, ok := d.sittings[m.Kind]; ok {
		return d.drawSitting(tx, w, m, draw)
	}
	if m.Case != 0 {
		return d.drawCase(tx, w, m)
	}
	if m.Kind == NoticeSay && m.Args["key"] != sayHelp {
		return d.drawSay(w, m.Args)
	}
	switch m.Kind {
	case NoticeGroup:
		return d.drawGroup(w, m.Args)
	case NoticeQuoted:
		return w.drawQuoted(m.Args), nil
	}
	reader, err := tx.Contact(m.Person)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if digest, ok := strings.CutPrefix(string(m.Kind), digestNotice); ok {
		return d.drawDigest(tx, w, reader, mahalla.Digest(digest), m.Args)
	}
	switch m.Kind {
	case NoticeSay:
		return d.help(tx, w, reader)
	case CardWelcome:
		s := d.drawWelcome(w, reader, m.Args)
		if reader.Consented { // the draft has a card of its own
			return s, nil
		}
		return s, d.instead(tx, w, reader.Dialogue.Draft, &s)
	case CardDraft:
		if s, asks := d.drawVeil(w, reader.Dialogue.Draft, m.Args); asks {
			return s, nil
		}
		s, err := d.drawDraft(w, reader, m.Args)
		if err == nil && reader.Dialogue.Draft != nil {
			err = errors.Join(d.offerAddition(tx, w, reader.Dialogue.Draft, &s), d.instead(tx, w, reader.Dialogue.Draft, &s))
		}
		return s, err
	case CardJoin:
		return d.drawInvited(tx, w, reader, m.Args)
	case CardTest:
		return d.drawTest(w, reader), nil
	case CardForget:
		return d.drawForget(tx, w, reader, m.Args)
	case CardTil:
		return d.drawTil(w), nil
	case CardAbsence:
		return d.drawAbsence(tx, w, reader, m.Args)
	case CardStandIn:
		return d.drawStandIn(tx, w, reader, m.Args)
	case NoticeLocate:
		return d.drawLocate(w), nil
	case NoticeShare:
		return d.drawShare(w), nil
	case NoticePhone:
		return d.drawPhone(w), nil
	case NoticeMenu:
		return mahalla.Screen{Menu: d.menu(w, reader)}, nil
	case mahalla.NoticeRemind:
		return d.drawRemind(tx, w, reader, m)
	case NoticeMissed:
		return d.drawMissed(tx, w, m)
	case CardReminders:
		return d.drawReminders(tx, w, reader, m.Args)
	case CardMine, CardWork, CardAwaited, CardOverdue:
		return d.drawList(tx, w, m.Kind, reader, m.Args)
	case CardDecisions:
		return d.drawDecisions(tx, w, reader, m.Args)
	case CardDuty:
		return d.drawDuty(tx, w, reader, m.Args)
	case CardMahallam:
		return d.drawMahallam(tx, w, reader, m.Args)
	case CardSeries:
		return d.drawSeries(tx, w, reader, m.Args)
	case NoticeFeed:
		return d.drawFeed(tx, w, reader, m.Args)
	case CardAgenda:
		return d.drawAgenda(tx, w, reader, m.Args)
	case CardFound:
		return d.drawFound(tx, w, m.Args)
	}
	return mahalla.Screen{}, errors.New("casework: no screen for " + string(m.Kind))
}

// drawCase draws what is about a case.
func (d *Desk) drawCase(tx *storage.Tx, w *words, m storage.Message) (mahalla.Screen, error) {
	v, err := tx.View(m.Case, m.Person)
	if err == nil {
		err = itemOf(tx, &v)
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	if v.Case.Alias != "" && m.Person == v.Case.Reporter && m.Kind.OfOfficers() {
		v = asUnknown(v)
	}
	if unseen, err := d.unseen(tx, m, v); unseen || err != nil {
		return mahalla.Screen{}, cmp.Or(err, ErrPointless)
	}
	s, err := d.drawView(tx, w, m, v)
	if err != nil {
		return s, err
	}
	s.Still = v.Case.Quiet() && m.Person == v.Case.Reporter && !m.Ring
	s.Silent = s.Silent || m.Args[mahalla.ArgSelf] != ""
	urgent := v.Case.Urgency == mahalla.Emergency || v.Case.Urgency == mahalla.High
	s.Silent = s.Silent || (!urgent || patient(m)) && d.Calendar().IsQuiet(w.now) || !urgent && (m.Args[argAway] != "" || m.Args[argBurst] != "")
	waits, err := asksAgain(tx, m, v, w.now)
	if err != nil {
		return s, err
	}
	if !waits {
		s.Stay, s.Silent = m.Again, s.Silent || m.Again
		return s, nil
	}
	if away := w.wasAway(m.Args); away != "" {
		s.Text = lines(away, s.Text)
	}
	return s, nil
}

func (d *Desk) drawView(tx *storage.Tx, w *words, m storage.Message, v storage.View) (mahalla.Screen, error) {
	if v.Case.MergedInto != 0 {
		switch m.Kind {
		case mahalla.CardOfficer, mahalla.CardHead:
			return d.drawMerged(tx, w, v)
		case mahalla.CardReporter:
			if v.Case.MergedBy != 0 {
				return d.drawDuplicate(tx, w, v)
			}
			return mahalla.Screen{}, ErrPointless // it goes with the other case
		case mahalla.NoticeEvidence:
			return drawEvidenceOf(tx, m, v.Case)
		case mahalla.NoticeMedia, mahalla.NoticeAddition:
			return mahalla.Screen{}, ErrPointless // they go with the other case
		}
	}
	switch m.Kind {
	case mahalla.CardReporter:
		s := d.drawReporter(w, v, m.Args)
		if m.Args["sure"] != "" {
			return s, nil
		}
		return s, d.askSame(tx, w, v, &s)
	case mahalla.CardJoined:
		return d.drawJoined(tx, w, v, m.Args)
	case mahalla.CardOfficer:
		return d.drawOfficer(tx, w, v, m.Args)
	case mahalla.CardHead:
		return d.drawHead(tx, w, v, m.Args)
	case mahalla.CardResult:
		if v.Case.Status != mahalla.Closed {
			return d.drawUnclosed(tx, w, v)
		}
		if m.Args[argPlain] != "" {
			return d.drawPlainResult(w, v), nil
		}
		return d.drawResult(w, v), nil
	case mahalla.CardQuestion:
		return d.drawQuestion(tx, w, v, m.Args)
	case mahalla.CardOffer:
		return d.drawOffer(tx, w, v, m.Args)
	case mahalla.CardCheck:
		return d.drawCheck(tx, w, v)
	case mahalla.CardKnock:
		return d.drawKnock(w, v, m)
	case mahalla.NoticeWipe:
		return d.drawWipe(tx, w, m)
	case mahalla.NoticeMedia, mahalla.NoticeEvidence:
		if undone(m, v) {
			return mahalla.Screen{}, ErrPointless
		}
		return shownMedia(tx, m, v.Reports)
	case NoticeSay:
		return d.drawSay(w, m.Args)
	}
	return d.drawNotice(tx, w, m, v)
}

// drawNotice is a short message to wake somebody, hung below the card.
func (d *Desk) drawNotice(tx *storage.Tx, w *words, m storage.Message, v storage.View) (mahalla.Screen, error) {
	c := v.Case
	number := c.Number.String()
	card, err := tx.Card(m.Person, mahalla.CardOfficer, c.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if card.MessageID == 0 {
		if card, err = tx.Card(m.Person, mahalla.CardHead, c.ID); err != nil {
			return mahalla.Screen{}, err
		}
	}
	s := mahalla.Screen{ReplyTo: card.MessageID}
	waiting := c.Status == mahalla.New && c.Round == m.Round
	switch m.Kind {
	case mahalla.NoticeNudge:
		if !waiting {
			return s, ErrPointless
		}
		s.Text = w.nudge(c)
	case mahalla.NoticeReminder:
		if !waiting {
			return s, ErrPointless
		}
		s.Text = w.say("notice.reminder", "number", number, "duration", w.length(w.now.Sub(c.FiledAt)))
	case mahalla.NoticeAddition:
		s.Text = lines(w.urgent(c), w.say("notice.addition", "number", number), quote(addedWords(v.Reports, m.Args), inNotice))
		s.Protect = true
	case mahalla.NoticeAnswer:
		s.Text = lines(w.urgent(c), w.say("notice.answer", "number", number), quote(addedWords(v.Reports, m.Args), inNotice))
		s.Protect = true
	case mahalla.NoticeUnanswered:
		s.Text = w.say("notice.unanswered", "number", number)
		if v.Knock.Waits() || m.Args[mahalla.ArgUnread] != "" {
			s.Text = w.say("notice.unopened", "number", number)
		}
	case mahalla.NoticeResolution, mahalla.NoticeUnresolved:
		text, err := w.resolutionNotice(m, c)
		s.Text = text
		return s, err
	case mahalla.NoticeConfirmed, mahalla.NoticeRejected, mahalla.NoticeLapsed:
		text, err := w.claimNotice(m, v)
		s.Text, s.Protect = text, true
		return s, err
	case mahalla.NoticeReopened, mahalla.NoticeObjected:
		if d.gone(w, v) {
			return s, ErrPointless
		}
		if s.Text = w.say("notice.reopened", "number", number); m.Kind == mahalla.NoticeObjected {
			s.Text = w.say("notice.objected", "number", number)
		}
	case mahalla.NoticeHeard:
		if c.Round != m.Round || !c.Open() {
			return s, ErrPointless
		}
		s.Text = w.say("notice.heard."+m.Args["outcome"], "number", number)
	case mahalla.NoticeUnreachable:
		id, err := strconv.ParseInt(m.Args["person"], 10, 64)
		if err != nil {
			return s, err
		}
		name, err := tx.Name(mahalla.PersonID(id))
		if err != nil {
			return s, err
		}
		s.Text, s.ReplyTo = d.unreachable(w, v, mahalla.PersonID(id), name), 0
	case mahalla.NoticeStopped:
		text, err := drawStopped(tx, w, c, m.Args)
		if s.Text, s.ReplyTo = text, 0; err != nil {
			return s, err
		}
	case mahalla.NoticeWarned:
		s.Text = w.say("notice.warned")
	case mahalla.NoticeOffer:
		s.Text, err = d.drawOfferNews(tx, w, v, m.Args)
		return s, err
	case mahalla.NoticeNobody:
		s.Text = w.nobody(c)
	case mahalla.NoticeOnYourOwn:
		if !waiting || !c.OutOfReach() {
			return s, ErrPointless
		}
		s.Text = w.say("notice.on_your_own", "number", number, "numbers", HTML(w.toCall(v)))
		if c.AdministratorTold() {
			s.Text = w.say("notice.on_your_own_told", "number", number, "numbers", HTML(w.toCall(v)))
		}
	default:
		return s, errors.New("casework: no screen for " + string(m.Kind))
	}
	return s, nil
}

// nobody tells an administrator why nobody answers: nobody stands there, nobody
// can be told, or whoever was told is silent and nobody stands above.
func (w *words) nobody(c *mahalla.Case) string {
	key := "notice.nobody_silent"
	below := func(a mahalla.Assignment) bool { return a.Level < mahalla.LevelAdministrator }
	switch {
	case !slices.ContainsFunc(c.Assignments, below):
		key = "notice.nobody_stands"
	case c.OutOfReach():
		key = "notice.nobody_reached"
	}
	return w.say(key, "number", c.Number.String(), "place", HTML(w.place(c.Place)))
}

// drawSay is a text by its key, with arguments as they were when it was said.
func (d *Desk) drawSay(w *words, args map[string]string) (mahalla.Screen, error) {
	pairs := make([]any, 0, 2*len(args))
	for name, value := range args {
		switch name {
		case "key":
		case "role":
			pairs = append(pairs, name, HTML(w.role(mahalla.Role(value))))
		case "place_id":
			id, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return mahalla.Screen{}, err
			}
			pairs = append(pairs, "place", HTML(w.place(mahalla.TerritoryID(id))))
		default:
			pairs = append(pairs, name, value)
		}
	}
	key := args["key"]
	if key == "plain" {
		return mahalla.Screen{Text: copyable(locales.Escape(args["text"]))}, nil
	}
	return mahalla.Screen{Text: w.say(key, pairs...), Unkey: unkeying(key)}, nil
}
