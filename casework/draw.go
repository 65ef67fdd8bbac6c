package casework

import (
	"cmp"
	"errors"
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
		page, _ := strconv.Atoi(m.Args["page"]) // the first one when it is missing
		return d.help(tx, w, reader, page)
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
