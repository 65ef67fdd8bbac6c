package casework

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// theMeeting is a meeting that was held, with everything that minutes can say.
func (g *gallery) theMeeting(tx *storage.Tx, lang mahalla.Language, note string, locked bool) (*mahalla.Meeting, error) {
	c, err := g.theCase(tx, func(c *mahalla.Case) {
		c.Category, c.Status, c.Owner, c.AcceptedAt = "neighbour_dispute", mahalla.Accepted, g.officer.ID, day.Add(-time.Hour)
	}, theirs)
	if err != nil {
		return nil, err
	}
	given := mahalla.Party{Consent: mahalla.ConsentGiven, ConsentAt: day, RecordedBy: g.officer.ID}
	one, two := given, given
	one.Side, one.Person, two.Side, two.Name = 1, g.resident.ID, 2, "Ҳамид Ғуломов"
	item := &mahalla.Item{ID: 1 << 42, Commission: g.district, Case: c.ID, ProposedBy: g.officer.ID, ProposedAt: day, State: mahalla.ItemScheduled,
		Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: g.officer.ID, ReadyAt: day, Parties: []mahalla.Party{one, two}}
	m := &mahalla.Meeting{ID: 1<<42 + 1, Commission: g.district, Status: mahalla.MeetingHeld, At: day.Add(-2 * time.Hour), Minutes: 60, Place: "Gʻuncha oʻquv markazi",
		Language: lang, Quorum: 2, MadeBy: g.senior.ID, MadeAt: day, CalledAt: day, HeldAt: day,
		Participants: []mahalla.Participant{{Person: g.senior.ID, Seat: mahalla.SeatSecretary, Presence: mahalla.Present},
			{Person: g.head.ID, Seat: mahalla.SeatChair, Presence: mahalla.Present, Conflicts: []mahalla.ItemID{item.ID}},
			{Person: g.chair.ID, Seat: mahalla.SeatMember, Presence: mahalla.Absent},
			{Person: g.plain.ID, Seat: mahalla.SeatSubstitute, InFor: g.chair.ID, Presence: mahalla.Present},
			{Person: g.resident.ID, Seat: mahalla.SeatParty, Item: item.ID, Side: 1, Presence: mahalla.Present}},
		Agenda: []mahalla.Hearing{{Item: item.ID, Outcome: mahalla.OutcomeAgreed, Came: []int{1, 2}, Note: note}}}
	if err := tx.SaveItem(item); err != nil {
		return m, err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return m, err
	}
	for i := range 3 {
		if note == "" {
			note = "Ariqni tozalash"
		}
		d := &mahalla.Decision{ID: mahalla.DecisionID(1<<42 + 10 + i), Commission: g.district, Meeting: m.ID, Words: note, Due: DayAfter(7*(i-1), day), MadeBy: g.senior.ID, MadeAt: day}
		if d.Name = "Қўчқор Ёрматов"; i == 0 {
			d.Item, d.Person, d.Name = item.ID, g.resident.ID, ""
		}
		if err := tx.AddDecision(d); err != nil {
			return m, err
		}
	}
	tx.Review(m.ID, []mahalla.DecisionID{1<<42 + 10})
	s := mahalla.OpenSitting(m, g.desk.Calendar())
	s.Send(g.head.ID, g.desk.Calendar(), day)
	if err := tx.SaveSitting(s); err != nil || !locked {
		return m, err
	}
	if err := tx.LockMinutes(m, g.head.ID, day); err != nil {
		return m, err
	}
	return m, tx.AddCorrection(m.ID, mahalla.Correction{By: g.senior.ID, At: day.Add(time.Hour), Words: "Ёзувда хато: 12 метр эмас, 10 метр. Gʻisht oʻrniga loy."})
}

// convening makes people officers of the commission.
func (g *gallery) convening() *gallery {
	g.Helper()
	for who, role := range map[*storage.Contact]mahalla.Role{g.senior: mahalla.CommissionSecretary, g.head: mahalla.CommissionChair, g.chair: mahalla.CommissionMember} {
		g.tx(func(tx *storage.Tx) error {
			token, err := tx.Invite(role, g.district, day, day.Add(time.Hour))
			if err != nil {
				return err
			}
			i, err := tx.Invitation(token, day)
			if err == nil {
				tx.TakeInvitation(i, who.ID, day.Add(-time.Hour))
			}
			return err
		})
	}
	return g
}

func TestTheMinutesSayEverythingInEveryLanguage(t *testing.T) {
	t.Parallel()
	g := newGallery(t).convening()
	note := "Qoʻshni ariqni tozalaydi, gʻisht koʻchiriladi; сосед перенесёт забор. Қўшни ҳам рози, ўзи ёзди: ғишт."
	for _, lang := range mahalla.Languages() {
		err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
			m, err := g.theMeeting(tx, lang, note, true)
			if err != nil {
				return err
			}
			s, err := g.desk.Draw(tx, storage.Message{Person: g.head.ID, Kind: NoticePaper, Case: mahalla.CaseID(m.ID), Language: mahalla.Ru}, day)
			if err != nil {
				return err
			}
			if s.Protect || s.File == nil {
				return fmt.Errorf("got %+v", s)
			}
			raw, err := s.File.Make()
			if err != nil {
				return err
			}
			again, _ := s.File.Make()
			if !bytes.Equal(raw, again) {
				t.Error("the same minutes make another file")
			}
			if to := os.Getenv("KOPRIK_MINUTES"); to != "" {
				if err := os.WriteFile(filepath.Join(to, string(lang)+".pdf"), raw, 0o600); err != nil {
					return err
				}
			}
			text, missing := pdfText(t, raw)
			if missing > 0 {
				t.Errorf("%s: %d glyphs have no letter", lang, missing)
			}
			flat := strings.Join(strings.Fields(text), " ")
			for _, want := range []string{"1/2026", mahalla.NumberFrom(4821093).String(), "Gʻuncha oʻquv markazi", "oʻ", "gʻ", "қ", "ғ", "ҳ", "ё", "ў", "Қўчқор Ёрматов", "Ҳ. Ғ.", "забор", "хато: 12 метр", "1 / ", note} {
				if !strings.Contains(flat, want) {
					t.Errorf("%s: %q is not in the minutes: %s", lang, want, flat)
				}
			}
			for _, never := range []string{theirs, "Ғуломов", "{nb}", "{{", "<b>", "🏘"} {
				if strings.Contains(flat, never) {
					t.Errorf("%s: %q is in the minutes", lang, never)
				}
			}
			w := g.desk.speak(lang, day)
			for _, key := range []string{"paper.present", "paper.absent", "paper.agenda", "paper.reviewed", "paper.decisions", "paper.corrections", "held.outcome.agreed", "paper.sign.chair", "paper.sign.secretary"} {
				if want := w.say(key); !strings.Contains(flat, want) {
					t.Errorf("%s: %q is not in the minutes", lang, want)
				}
			}
			return errUndo
		})
		if err != errUndo {
			t.Fatal(err)
		}
	}
}

func TestLongMinutesGoOverPages(t *testing.T) {
	t.Parallel()
	g := newGallery(t).convening()
	err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
		m, err := g.theMeeting(tx, mahalla.UzLatn, strings.Repeat("Oʻtgan yili ariq toʻsilib qolgan edi, qoʻshnilar buni birga tozalashga kelishdi. ", 60)+strings.Repeat("Ғ", 400)+"👩‍🚀", false)
		if err != nil {
			return err
		}
		s, err := g.desk.Draw(tx, storage.Message{Person: g.senior.ID, Kind: NoticePaper, Case: mahalla.CaseID(m.ID), Language: mahalla.UzLatn}, day)
		if err != nil {
			return err
		}
		raw, err := s.File.Make()
		if err != nil {
			return err
		}
		text, missing := pdfText(t, raw)
		pages := pdfPage.FindAllStringSubmatch(text, -1)
		for i, page := range pages {
			if page[1] != strconv.Itoa(i+1) || page[2] != strconv.Itoa(len(pages)) {
				t.Errorf("page %d of %d says %q", i+1, len(pages), page[0])
			}
		}
		if len(pages) < 4 || missing > 0 {
			t.Errorf("got %d pages, %d glyphs without a letter", len(pages), missing)
		}
		return errUndo
	})
	if err != errUndo {
		t.Fatal(err)
	}
}

var (
	pdfPage   = regexp.MustCompile(`(\d+) / (\d+)\n`)
	pdfObject = regexp.MustCompile(`(?s)(\d+) 0 obj(.*?)endobj`)
	pdfStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	pdfShown  = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) ?Tj`)
)

// pdfText reads the text of a PDF of ours without the library that wrote it: the
// strings that are shown are glyphs in UTF-16, as the font's identity map has them.
// It tells how many glyphs have no letter: a box, or the sign for what is unknown.
func pdfText(t *testing.T, raw []byte) (text string, missing int) {
	t.Helper()
	var out strings.Builder
	for _, object := range pdfObject.FindAllSubmatch(raw, -1) {
		stream := pdfStream.FindSubmatch(object[2])
		if stream == nil {
			continue
		}
		plain := stream[1]
		if bytes.Contains(object[2], []byte("/FlateDecode")) {
			r, err := zlib.NewReader(bytes.NewReader(stream[1]))
			if err != nil {
				continue
			}
			if plain, err = io.ReadAll(r); err != nil && len(plain) == 0 {
				continue
			}
		}
		if !bytes.Contains(plain, []byte(" Tj")) && !bytes.Contains(plain, []byte(")Tj")) {
			continue
		}
		for _, shown := range pdfShown.FindAllSubmatch(plain, -1) {
			raw := unescaped(shown[1])
			units := make([]uint16, 0, len(raw)/2)
			for i := 0; i+1 < len(raw); i += 2 {
				units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
			}
			for _, r := range utf16.Decode(units) {
				if r == 0 || r == 0xFFFD {
					missing++
				}
				out.WriteRune(r)
			}
			out.WriteByte('\n')
		}
	}
	if out.Len() == 0 {
		t.Error("the file shows no text")
	}
	return out.String(), missing
}

// unescaped reads a string of a PDF.
func unescaped(raw []byte) []byte {
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		i++
		switch c := raw[i]; {
		case c == 'r':
			out = append(out, '\r')
		case c == 'n':
			out = append(out, '\n')
		case c >= '0' && c <= '7' && i+2 < len(raw):
			n, _ := strconv.ParseUint(string(raw[i:i+3]), 8, 8)
			out, i = append(out, byte(n)), i+2
		default:
			out = append(out, c)
		}
	}
	return out
}

func TestEveryLetterOfTheMinutesHasAShape(t *testing.T) {
	t.Parallel()
	var s studio
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	texts := "ʻʼ«»–—№·…" + "абвгдеёжзийклмнопрстуфхцчшщъыьэюяўқғҳ"
	texts += strings.ToUpper(texts)
	for _, lang := range mahalla.Languages() {
		for _, key := range catalogue.Keys(lang) {
			if strings.HasPrefix(key, "paper.") || strings.HasPrefix(key, "held.outcome.") || strings.HasPrefix(key, "held.seat.") {
				text, err := catalogue.Text(lang, key, map[string]any{"n": "1", "name": "x", "number": "1", "place": "x", "commission": "x", "day": "x", "clock": "x", "names": "x", "quorum": "1", "side": "1", "seat": "x", "outcome": "x", "words": "x"})
				if err != nil {
					t.Error(err)
				}
				texts += text
			}
		}
	}
	for _, r := range texts {
		if r != ' ' && s.readable(string(r)) == "" {
			t.Errorf("%q (%U) has no shape", r, r)
		}
	}
}

func TestEveryStateOfASittingRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t).convening()
	id := mahalla.CaseID(1<<42 + 1)
	var list []storage.Message
	add := func(who *storage.Contact, kind mahalla.NoticeKind, about mahalla.CaseID, args map[string]string) {
		list = append(list, storage.Message{Person: who.ID, Chat: who.Telegram, Kind: kind, Case: about, Args: args})
	}
	for _, who := range []*storage.Contact{g.senior, g.head, g.chair} {
		for _, show := range []string{"", "who_0", "who_9", "item_1", "item_9", "list_0", "list_7", "finish", "nothing", "nonsense"} {
			add(who, CardHeld, id, map[string]string{argShow: show})
		}
		add(who, NoticePaper, id, nil)
		for i := range mahalla.CaseID(3) {
			add(who, CardDecision, 1<<42+10+i, nil)
		}
		add(who, CardDecisions, 0, nil)
		for _, news := range []mahalla.SittingNews{mahalla.SittingUnwritten, mahalla.SittingUnsigned, mahalla.SittingAlone, mahalla.SittingLapsed, mahalla.SittingClosed, mahalla.SittingBroken} {
			add(who, NoticeSit, id, map[string]string{"what": string(news)})
		}
	}
	add(g.resident, CardDecision, 1<<42+10, nil)
	for _, with := range mahalla.HearingOutcomes() {
		add(g.resident, NoticeSided, 1<<42, map[string]string{"outcome": string(with)})
		add(g.officer, mahalla.NoticeHeard, 1<<40, map[string]string{"outcome": string(with)})
	}
	for i := range list {
		if list[i].Kind == mahalla.NoticeHeard {
			list[i].Round = 1
		}
	}
	for _, key := range []string{"ask.item_note", "ask.remark", "ask.correction", "ask.decision_day"} {
		add(g.senior, NoticeAsks, id, map[string]string{"key": key, "n": "1"})
	}
	add(g.resident, mahalla.CardReporter, 1<<40, nil)
	add(g.officer, mahalla.CardOfficer, 1<<40, nil)
	for _, name := range []string{"markup", "zalgo", "long", "media only"} {
		words := said()[name]
		for state, change := range map[string]func(*mahalla.Meeting){
			"running": func(m *mahalla.Meeting) { m.Status, m.HeldAt = mahalla.MeetingCalled, time.Time{} },
			"alone": func(m *mahalla.Meeting) {
				m.Status, m.HeldAt, m.Quorum = mahalla.MeetingCalled, time.Time{}, 9
			},
			"held": func(*mahalla.Meeting) {},
			"cancelled": func(m *mahalla.Meeting) {
				m.Status, m.HeldAt, m.CancelledAt = mahalla.MeetingCancelled, time.Time{}, day
			},
			"locked": nil,
		} {
			for _, asks := range []map[string]string{nil, {"item": "first"}, {"words": words}, {"item": "first", "words": words, "name": words}, {"item": "gone", "words": words}} {
				if asks != nil && state != "running" {
					continue
				}
				who := *g.senior
				n := g.look(func(tx *storage.Tx) error {
					m, err := g.theMeeting(tx, mahalla.Ru, locales.Cut(words, 2000), change == nil)
					if err == nil && change != nil {
						change(m)
						err = tx.SaveMeeting(m)
					}
					if asks["item"] == "first" && err == nil {
						asks["item"] = personArg(mahalla.PersonID(m.Agenda[0].Item))
					}
					if asks != nil {
						who.Dialogue.Ask(mahalla.Question{Flow: FlowDecision, Case: id, Data: asks})
						if err == nil {
							err = tx.SaveDialogue(&who, day)
						}
					}
					return err
				}, list...)
				if n < 60 {
					t.Errorf("%s, %s: only %d were drawn", name, state, n)
				}
			}
		}
	}
}
