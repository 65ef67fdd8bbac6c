package casework

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// wide makes a name of 200 characters with everything that could break a text.
func wide(begin string) string {
	return string([]rune(begin + ` <script>alert("&")</script> ` + "\u202e" + `אבג zalgo` + "z\u0336\u0347\u0301\u0302\u0303" + " 👩\u200d🚀 " + strings.Repeat("Oʻgʻil ", 40))[:200])
}

// wideName is wide as a territory list lets it in.
func wideName(begin string) string {
	return oneLine(strings.NewReplacer("{{", "", "}}", "", "%!", "").Replace(wide(begin)))
}

// day is a Wednesday at noon.
var day = time.Date(2026, 11, 4, 12, 0, 0, 0, locales.Tashkent())

// gallery is a desk with wide names, and people in every role.
type gallery struct {
	*testGround
	resident, officer, senior, head, admin, chair, plain *storage.Contact
	district, mahalla, fresh                             mahalla.TerritoryID
}

func newGallery(t testing.TB) *gallery {
	t.Helper()
	g := &gallery{testGround: newGround(t), district: 1_000_006, mahalla: 1_000_007, fresh: 1_000_008}
	stems, err := locales.EmergencyStems()
	g.must(err)
	catalogue, err := locales.Load()
	g.must(err)
	g.desk = NewDesk(catalogue, stems, nil)
	place := func(id, parent mahalla.TerritoryID, kind mahalla.TerritoryKind, code string, path ...mahalla.TerritoryID) *mahalla.Territory {
		return &mahalla.Territory{ID: id, Parent: parent, Kind: kind, Code: code, Path: path,
			Names: mahalla.Names{UzLatn: wideName("Lotin"), UzCyrl: wideName("Кирил"), Ru: wideName("Русское")}}
	}
	g.tx(func(tx *storage.Tx) error {
		var some []*mahalla.Territory
		for i := range 20 { // more than a page
			id := 1_000_100 + mahalla.TerritoryID(i)
			some = append(some, place(id, g.district, mahalla.Mahalla, fmt.Sprint("MM", i), id, g.district, 1))
		}
		tx.PutTerritories(append(some, place(g.district, 1, mahalla.District, "DD", g.district, 1),
			place(g.mahalla, g.district, mahalla.Mahalla, "M", g.mahalla, g.district, 1)))
		_, err := g.desk.Refresh(tx, day)
		// The desk does not know this one before it is refreshed again.
		tx.PutTerritories([]*mahalla.Territory{place(g.fresh, g.district, mahalla.Mahalla, "NEW", g.fresh, g.district, 1)})
		return err
	})
	g.resident = g.person(1, "")
	g.officer, g.senior, g.head = g.person(2, mahalla.PreventionInspector), g.person(3, mahalla.SeniorInspector), g.person(4, mahalla.DistrictHead)
	g.admin, g.chair, g.plain = g.person(5, mahalla.Administrator), g.person(6, mahalla.MahallaChair), g.person(7, mahalla.Activist)
	return g
}

func (g *gallery) must(err error) {
	g.Helper()
	if err != nil {
		g.Fatal(err)
	}
}

func (g *gallery) tx(fn func(*storage.Tx) error) {
	g.Helper()
	if err := g.db.InTx(g.Context(), fn); err != nil {
		g.Fatal(storage.Loggable(err))
	}
}

func (g *gallery) person(telegram int64, role mahalla.Role) (c *storage.Contact) {
	g.Helper()
	g.tx(func(tx *storage.Tx) (err error) {
		if c, err = tx.AddPerson(telegram, wide("Ism"), mahalla.UzLatn, day); err != nil || role == "" {
			return err
		}
		token, err := tx.Invite(role, g.district, day, day.Add(time.Hour))
		if err != nil {
			return err
		}
		i, err := tx.Invitation(token, day)
		if err == nil {
			tx.TakeInvitation(i, c.ID, day.Add(-time.Hour))
			c, err = tx.Contact(c.ID)
		}
		return err
	})
	return c
}

var errUndo = errors.New("undone after looking")

// look draws messages in every language in a transaction that is undone.
func (g *gallery) look(prepare func(*storage.Tx) error, list ...storage.Message) (drawn int) {
	g.Helper()
	err := g.db.InTx(g.Context(), func(tx *storage.Tx) error {
		if err := prepare(tx); err != nil {
			return err
		}
		for _, m := range list {
			for _, m.Language = range mahalla.Languages() {
				s, err := g.desk.Draw(tx, m, day)
				what := fmt.Sprintf("%s of %d in %s %v", m.Kind, m.Person, m.Language, m.Args)
				if errors.Is(err, ErrPointless) {
					continue
				}
				if err != nil {
					return fmt.Errorf("%s: %w", what, err)
				}
				drawn++
				for _, c := range complaints(s) {
					g.Errorf("%s: %s", what, c)
				}
			}
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		g.Fatal(err)
	}
	return drawn
}

// said are words of people, cleaned as the handlers do.
func said() map[string]string {
	list := map[string]string{
		"plain":         theirs,
		"markup":        theirs + ` <script>alert(1)</script> <b>&lt;</i></blockquote> & "`,
		"right to left": theirs + " \u202eevil\u202c שלום \u2066x\u2069",
		"zalgo":         theirs + strings.Repeat("z\u0336\u0347\u0301\u0302\u0303\u0304", 300),
		"emoji":         theirs + strings.Repeat("👩\u200d🚀", 800),
		"one cluster":   theirs + "👩" + strings.Repeat("\u200d👩", 1360),
		"templates":     theirs + " {{.name}} %!d(string=x) %s <no value>",
		"long":          strings.Repeat(theirs, 4096/len(theirs)),
		"escapes":       strings.Repeat(theirs+"<&>\"", 4096/(len(theirs)+4)),
		"twenty parts":  strings.Repeat(strings.Repeat(theirs+" ", 680)+"\n", 20),
		"danger":        theirs + " meni pichoq bilan urishyapti, yordam bering",
	}
	for name, words := range list {
		list[name] = locales.Clean(words)
	}
	list["media only"] = ""
	return list
}

func media(n int) (list []mahalla.Media) {
	for i := range n {
		m := mahalla.Media{Kind: mahalla.Photo, File: "f"}
		if i%3 == 2 {
			m = mahalla.Media{Kind: mahalla.Voice, File: "v", Seconds: 3599}
		}
		list = append(list, m)
	}
	return list
}

// caseState is one way in which a case can stand.
type caseState struct {
	name   string
	change func(*mahalla.Case)
}

// states lists every status, verdict and closing, early and late.
func (g *gallery) states() []caseState {
	told := func(c *mahalla.Case, who *storage.Contact, role mahalla.Role, level mahalla.Level) {
		c.Assignments = append(c.Assignments, mahalla.Assignment{Person: who.ID, Role: role, Level: level, Told: day.Add(-time.Hour)})
		c.Level = level
	}
	climbed := func(c *mahalla.Case) {
		told(c, g.senior, mahalla.SeniorInspector, mahalla.LevelSenior)
		told(c, g.head, mahalla.DistrictHead, mahalla.LevelHead)
	}
	accepted := func(by *storage.Contact) func(*mahalla.Case) {
		return func(c *mahalla.Case) {
			if by == g.head {
				climbed(c)
			}
			c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, by.ID, day.Add(-time.Minute)
		}
	}
	closed := func(with mahalla.Closing, verdict mahalla.Verdict, rating int) func(*mahalla.Case) {
		return func(c *mahalla.Case) {
			accepted(g.officer)(c)
			c.Status, c.Closing, c.ClosedAt = mahalla.Closed, with, day
			if verdict != "" {
				c.Verdict, c.JudgedAt, c.Rating = verdict, day, rating
			}
		}
	}
	list := []caseState{
		{"new", func(*mahalla.Case) {}},
		{"new, nobody late yet", func(c *mahalla.Case) { c.Ladder.Due, c.Ladder.Starts = day.Add(time.Hour), day.Add(-time.Hour) }},
		{"new, counted from tomorrow", func(c *mahalla.Case) { c.Ladder.Starts, c.Ladder.Due = day.AddDate(0, 0, 1), day.AddDate(0, 2, 0) }},
		{"new, secret", func(c *mahalla.Case) {
			c.Category, c.Secrecy, c.Urgency = "domestic_violence", mahalla.Secret, mahalla.High
		}},
		{"new, an emergency", func(c *mahalla.Case) {
			c.Category, c.Urgency, c.Ladder.Class = "fire_gas", mahalla.Emergency, mahalla.Urgent
		}},
		{"new, about an officer", func(c *mahalla.Case) { c.Category = mahalla.OfficerComplaint }},
		{"new, reopened", func(c *mahalla.Case) { c.Reopened, c.Round = 2, 3 }},
		{"new, with ten additions", func(c *mahalla.Case) { c.Additions = 10 }},
		{"new, climbed", climbed},
		{"new, passed on before it was late", func(c *mahalla.Case) {
			climbed(c)
			c.Ladder.Due = day.Add(time.Hour)
			c.Assignments[0].Unreachable = true
		}},
		{"new, nobody within reach", func(c *mahalla.Case) { c.Assignments[0].Unreachable = true }},
		{"new, nobody at all", func(c *mahalla.Case) { c.Assignments, c.Level = nil, mahalla.LevelHead }},
		{"new, with the administrator", func(c *mahalla.Case) {
			c.Assignments = nil
			told(c, g.admin, mahalla.Administrator, mahalla.LevelAdministrator)
		}},
		{"new, with the administrator too, above a silent officer", func(c *mahalla.Case) {
			told(c, g.admin, mahalla.Administrator, mahalla.LevelAdministrator)
		}},
		{"new, with the administrator too, above an officer out of reach", func(c *mahalla.Case) {
			told(c, g.admin, mahalla.Administrator, mahalla.LevelAdministrator)
			c.Assignments[0].Unreachable = true
		}},
		{"new, with nobody above", func(c *mahalla.Case) { c.Level = mahalla.LevelAdministrator }},
		{"new, of a district", func(c *mahalla.Case) { c.Place = g.district }},
		{"new, of the republic", func(c *mahalla.Case) { c.Place = mahalla.RootTerritory }},
		{"new, of an unknown place", func(c *mahalla.Case) { c.Place = g.fresh }},
		{"accepted", accepted(g.officer)},
		{"accepted, its result due", func(c *mahalla.Case) { accepted(g.officer)(c); c.Resolution = towards(day.AddDate(0, 2, 0)) }},
		{"accepted, its result overdue", func(c *mahalla.Case) { accepted(g.officer)(c); c.Resolution = towards(day.AddDate(0, -2, 0)) }},
		{"accepted, its result overdue and told", func(c *mahalla.Case) {
			climbed(c)
			accepted(g.officer)(c)
			c.Promised, c.Postponed, c.Resolution = day.AddDate(0, 0, -1), 2, towards(day.AddDate(-1, 0, 0))
			c.Resolution.Told = mahalla.SeniorInspector
		}},
		{"accepted, called false", func(c *mahalla.Case) {
			climbed(c)
			accepted(g.officer)(c)
			c.Resolution = towards(day.AddDate(0, 2, 0))
			c.Claim = mahalla.Claim{At: day, Since: day, Asked: []mahalla.PersonID{g.senior.ID, g.head.ID}}
		}},
		{"accepted, its closing taken back", func(c *mahalla.Case) { accepted(g.officer)(c); c.Additions = 1 }},
		{"accepted, promised", func(c *mahalla.Case) { accepted(g.officer)(c); c.Promised = day.AddDate(0, 0, 20) }},
		{"accepted, asked about the promise", func(c *mahalla.Case) { accepted(g.officer)(c); c.Promised, c.CheckedAt = day, day }},
		{"accepted, asked for the last time", func(c *mahalla.Case) {
			accepted(g.officer)(c)
			c.Promised, c.CheckedAt, c.Postponed = day, day, 2
		}},
		{"accepted, promised anew", func(c *mahalla.Case) { accepted(g.officer)(c); c.Promised, c.Postponed = day.AddDate(0, 0, 1), 1 }},
		{"new, a promise was broken", func(c *mahalla.Case) { climbed(c); c.Round, c.Ladder.Class = 2, mahalla.Promise }},
		{"accepted by a head", accepted(g.head)},
		{"accepted by the chair, who was not told", accepted(g.chair)},
		{"waiting for the reporter", func(c *mahalla.Case) {
			accepted(g.officer)(c)
			c.Status, c.AskedAt = mahalla.Waiting, day.Add(-2*time.Hour)
			c.Resolution = towards(day.AddDate(0, 0, 3))
			c.Resolution.Paused = c.AskedAt
		}},
		{"waiting, secret", func(c *mahalla.Case) {
			accepted(g.officer)(c)
			c.Status, c.AskedAt = mahalla.Waiting, day.Add(-2*time.Hour)
			c.Category, c.Secrecy, c.Urgency = "domestic_violence", mahalla.Secret, mahalla.High
		}},
		{"accepted, offered elsewhere", func(c *mahalla.Case) {
			accepted(g.officer)(c)
			c.Offers = []mahalla.Offer{
				g.offer(mahalla.OfferElsewhere, g.officer, g.head, mahalla.OfferRefused),
				g.offer(mahalla.OfferElsewhere, g.officer, g.senior, mahalla.OfferOpen)}
		}},
		{"accepted, disputed after two refusals", func(c *mahalla.Case) {
			accepted(g.officer)(c)
			c.Offers = []mahalla.Offer{
				g.offer(mahalla.OfferElsewhere, g.officer, g.head, mahalla.OfferRefused),
				g.offer(mahalla.OfferElsewhere, g.officer, g.chair, mahalla.OfferSilent),
				g.offer(mahalla.OfferArbiter, g.officer, g.senior, mahalla.OfferOpen)}
		}},
		{"accepted elsewhere", func(c *mahalla.Case) {
			accepted(g.officer)(c)
			c.Offers = []mahalla.Offer{g.offer(mahalla.OfferElsewhere, g.chair, g.officer, mahalla.OfferTaken)}
		}},
		{"new, given to the officer, offered to a substitute", func(c *mahalla.Case) {
			c.Offers = []mahalla.Offer{g.offer(mahalla.OfferGiven, g.senior, g.officer, mahalla.OfferDecided),
				g.offer(mahalla.OfferAbsence, g.officer, g.senior, mahalla.OfferOpen)}
		}},
		{"accepted by the senior, offered below", func(c *mahalla.Case) {
			accepted(g.senior)(c)
			below := g.offer(mahalla.OfferElsewhere, g.senior, g.officer, mahalla.OfferOpen)
			below.Place = 0
			c.Offers = []mahalla.Offer{below}
		}},
		{"new, given to somebody who cannot be told", func(c *mahalla.Case) {
			c.Offers = []mahalla.Offer{g.offer(mahalla.OfferGiven, g.senior, g.chair, mahalla.OfferOver)}
		}},
		{"closed, secret", func(c *mahalla.Case) {
			closed(mahalla.Warned, "", 0)(c)
			c.Category, c.Secrecy, c.Urgency = "domestic_violence", mahalla.Secret, mahalla.High
		}},
		{"withdrawn", func(c *mahalla.Case) { c.Status, c.WithdrawnAt = mahalla.Withdrawn, day }},
		{"withdrawn after it was accepted", func(c *mahalla.Case) { accepted(g.officer)(c); c.Status, c.WithdrawnAt = mahalla.Withdrawn, day }},
		{"closed and reopened twice", func(c *mahalla.Case) { closed(mahalla.Solved, "", 0)(c); c.Reopened = 2 }},
		{"rated", closed(mahalla.Solved, mahalla.VerdictSolved, 5)},
		{"closed at once", func(c *mahalla.Case) { closed(mahalla.Solved, "", 0)(c); c.FiledAt = day }},
	}
	for _, with := range mahalla.Closings() {
		for _, verdict := range []mahalla.Verdict{mahalla.NoVerdict, mahalla.VerdictSolved, mahalla.VerdictPartly, mahalla.VerdictUnsolved, mahalla.VerdictSilent} {
			list = append(list, caseState{fmt.Sprintf("closed as %s, verdict %q", with, verdict), closed(with, verdict, 0)})
		}
	}
	return list
}

// towards is a clock whose result is due at a moment.
func towards(due time.Time) mahalla.Resolution {
	return mahalla.Resolution{Span: mahalla.Span{Days: 5}, Beats: []time.Time{due, due, due, due}}
}

// offer is an offer of the first round.
func (g *gallery) offer(kind mahalla.OfferKind, by, to *storage.Contact, answer mahalla.OfferAnswer) mahalla.Offer {
	f := mahalla.Offer{Kind: kind, By: by.ID, To: to.ID, At: day.Add(-time.Hour), Due: day, Round: 1, Owner: g.officer.ID, Answer: answer}
	if kind == mahalla.OfferElsewhere {
		f.Place = g.mahalla
	}
	if answer != mahalla.OfferOpen {
		f.AnsweredAt = day
	}
	return f
}

// firstReport is the id of the first report of theCase; the others follow.
const firstReport = int64(1) << 41

// theCase is a case that the officer was told of, with reports.
func (g *gallery) theCase(tx *storage.Tx, change func(*mahalla.Case), words string) (*mahalla.Case, error) {
	c := &mahalla.Case{ID: 1 << 40, Number: mahalla.NumberFrom(4821093), Reporter: g.resident.ID, Place: g.mahalla, Category: "noise",
		Urgency: mahalla.Low, Secrecy: mahalla.Internal, Status: mahalla.New, Round: 1, FiledAt: day.Add(-50 * time.Hour),
		Ladder:      mahalla.Ladder{Class: mahalla.Ordinary, Starts: day.Add(-50 * time.Hour), Due: day.Add(-time.Hour)},
		Assignments: []mahalla.Assignment{{Person: g.officer.ID, Role: mahalla.PreventionInspector, Told: day.Add(-50 * time.Hour)}}}
	change(c)
	tx.SetReach(c.Reporter, mahalla.Blocked) // the officers' cards say so
	fresh := *c
	fresh.Status, fresh.Owner = mahalla.New, 0
	if err := errors.Join(tx.AddCase(&fresh), tx.SaveCase(c)); err != nil {
		return c, err
	}
	if c.Reopened == 0 {
		tx.AddJoin(c.ID, g.plain.ID, day.Add(-time.Hour))
	}
	if c.Owner != 0 {
		if err := tx.SetPhone(c.Reporter, "+998901234567"); err != nil {
			return c, err
		}
		tx.ShowPhone(c.ID, c.Reporter, day)
	}
	if c.Quiet() {
		tx.SaveKnock(c.ID, mahalla.Knock{Since: day.Add(-time.Hour), Later: map[bool]time.Time{true: day.Add(time.Hour)}[c.Status == mahalla.Closed]})
		tx.Concern(g.resident.Telegram, []int64{5, 6}, c.ID)
	}
	id := firstReport
	add := func(kind storage.ReportKind, n int) error {
		id++
		if kind != storage.KindReport {
			words = locales.Cut(words, 4096) // one message
		}
		return tx.AddReport(c.ID, storage.Report{ID: id - 1, Kind: kind, Person: g.resident.ID, Words: words, Media: media(n), At: day.Add(-time.Hour)})
	}
	err := add(storage.KindReport, 20)
	for range c.Additions {
		err = errors.Join(err, add(storage.KindAddition, 1))
	}
	for range c.Reopened {
		err = errors.Join(err, add(storage.KindReopening, 1))
	}
	if c.Status == mahalla.Waiting {
		err = errors.Join(err, add(storage.KindQuestion, 2), add(storage.KindAnswer, 1), add(storage.KindQuestion, 1), add(storage.KindNote, 0),
			add(storage.KindQuestion, 0), add(storage.KindQuestion, 0), add(storage.KindQuestion, 0))
	}
	if c.Claimed() || c.Closing == mahalla.False {
		err = errors.Join(err, add(storage.KindClaim, 3))
	}
	if c.Status == mahalla.Closed || c.Additions == 1 {
		err = errors.Join(err, add(storage.KindResult, 12))
	}
	return c, err
}

// about lists every message that there is about a case.
func (g *gallery) about(c *mahalla.Case) (list []storage.Message) {
	add := func(who *storage.Contact, kind mahalla.NoticeKind, args map[string]string) {
		list = append(list, storage.Message{Person: who.ID, Chat: who.Telegram, Kind: kind, Case: c.ID, Round: c.Round, Args: args})
	}
	for _, args := range []map[string]string{nil, {"sure": "ask"}} {
		add(g.resident, mahalla.CardReporter, args)
	}
	add(g.resident, mahalla.CardResult, nil)
	add(g.plain, mahalla.CardJoined, nil)
	add(g.admin, mahalla.CardJoined, nil)
	add(g.officer, mahalla.CardCheck, nil)
	for _, args := range []map[string]string{nil, {"again": "yes"}, {mahalla.ArgOpen: "yes"}} {
		add(g.resident, mahalla.CardQuestion, args)
	}
	add(g.resident, mahalla.CardResult, map[string]string{mahalla.ArgOpen: "yes"})
	for _, args := range []map[string]string{nil, {"choose": "later"}} {
		add(g.resident, mahalla.CardKnock, args)
	}
	add(g.resident, mahalla.NoticeWipe, nil)
	choose := map[string]string{"choose": "outcome"}
	for _, who := range []*storage.Contact{g.officer, g.head, g.chair} {
		add(who, mahalla.CardOfficer, nil)
		add(who, mahalla.CardOfficer, choose)
	}
	add(g.senior, mahalla.CardOfficer, nil)
	for _, who := range []*storage.Contact{g.head, g.admin} {
		add(who, mahalla.CardHead, nil)
	}
	add(g.head, mahalla.CardHead, choose)
	for _, look := range append([]mahalla.LookReason{lookAsks}, mahalla.LookReasons()...) {
		add(g.head, mahalla.CardHead, map[string]string{argLook: string(look)})
	}
	add(g.resident, mahalla.NoticeWarned, nil)
	add(g.senior, mahalla.NoticeStopped, map[string]string{"person": strconv.FormatInt(int64(g.officer.ID), 10)})
	for _, kind := range []mahalla.NoticeKind{mahalla.NoticeNudge, mahalla.NoticeReminder, mahalla.NoticeReopened, mahalla.NoticeObjected, mahalla.NoticeNobody, mahalla.NoticeOnYourOwn,
		mahalla.NoticeUnanswered, mahalla.NoticeResolution, mahalla.NoticeUnresolved,
		mahalla.NoticeConfirmed, mahalla.NoticeLapsed} {
		add(g.officer, kind, nil)
	}
	for _, who := range []*storage.Contact{g.senior, g.head, g.chair} {
		add(who, mahalla.CardOffer, nil)
		add(who, mahalla.CardOffer, map[string]string{"choose": "give_0"})
	}
	add(g.officer, mahalla.CardOfficer, map[string]string{"choose": "notmine"})
	add(g.senior, mahalla.CardOfficer, map[string]string{"choose": "give_0"})
	add(g.head, mahalla.CardHead, map[string]string{"choose": "give_1"})
	for _, answer := range offerNews {
		add(g.officer, mahalla.NoticeOffer, map[string]string{"answer": answer, "person": strconv.FormatInt(int64(g.head.ID), 10)})
	}
	away := map[string]string{"away": "1793700000 1793800000"}
	add(g.officer, mahalla.CardOfficer, away)
	add(g.head, mahalla.CardHead, away)
	add(g.resident, mahalla.CardResult, away)
	add(g.officer, NoticeSay, map[string]string{"key": "media.lost", "number": c.Number.String()})
	add(g.officer, NoticeSay, map[string]string{"key": "media.lost_parts", "number": c.Number.String(), "parts": "1, 2, 10"})
	add(g.admin, mahalla.NoticeUnreachable, map[string]string{"person": strconv.FormatInt(int64(g.officer.ID), 10)})
	for i := range int64(4) {
		id := strconv.FormatInt(firstReport+i, 10)
		for _, args := range []map[string]string{
			{argReport: id, argGroup: "0"}, {argReport: id, argGroup: "10"}, albumArg(firstReport+i, false), albumArg(firstReport+i, true),
		} {
			add(g.officer, mahalla.NoticeMedia, args)
			add(g.resident, mahalla.NoticeEvidence, args)
		}
		for _, to := range []int{1, 200, 4000} {
			add(g.officer, mahalla.NoticeAddition, wordsArg(firstReport+i, 0, to))
			add(g.officer, mahalla.NoticeAnswer, wordsArg(firstReport+i, 0, to))
			add(g.officer, mahalla.NoticeRejected, wordsArg(firstReport+i, 0, to))
		}
		late := wordsArg(firstReport+i, 1, 3600)
		late[argLate] = "yes"
		add(g.officer, mahalla.NoticeAddition, late)
	}
	for _, key := range []string{"ask.addition", "ask.reopen", "ask.promise", "note.added", "ask.question", "ask.answer", "note.answered", "ask.note", "ask.reject"} {
		add(g.resident, NoticeSay, map[string]string{"key": key, "number": c.Number.String()})
	}
	add(g.resident, NoticeSay, map[string]string{"key": "note.added_danger", "number": c.Number.String(), "numbers": "102, 103"})
	return list
}

func TestEveryMessageOfACaseRendersHoweverItStands(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, state := range g.states() {
		t.Run(state.name, func(t *testing.T) {
			g := *g
			g.testGround = &testGround{TB: t, db: g.db, desk: g.desk}
			var c *mahalla.Case
			words := said()["markup"]
			list := g.about(&mahalla.Case{ID: 1 << 40, Round: 1, Number: mahalla.NumberFrom(4821093)})
			g.look(func(tx *storage.Tx) (err error) {
				c, err = g.theCase(tx, state.change, words)
				for i := range list {
					list[i].Round = c.Round
				}
				return err
			}, list...)
		})
	}
}

func TestEveryMessageOfACaseRendersWhateverWasSaid(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for name, words := range said() {
		for _, state := range []caseState{
			{"new", func(c *mahalla.Case) { c.Additions, c.Reopened = 10, 2 }},
			{"closed", func(c *mahalla.Case) {
				c.Status, c.Owner, c.AcceptedAt = mahalla.Closed, g.officer.ID, day
				c.Closing, c.ClosedAt, c.Additions, c.Reopened = mahalla.Redirected, day, 10, 2
			}},
		} {
			t.Run(name+", "+state.name, func(t *testing.T) {
				g := *g
				g.testGround = &testGround{TB: t, db: g.db, desk: g.desk}
				g.look(func(tx *storage.Tx) error {
					_, err := g.theCase(tx, state.change, words)
					return err
				}, g.about(&mahalla.Case{ID: 1 << 40, Round: 1, Number: mahalla.NumberFrom(4821093)})...)
			})
		}
	}
}

func TestEveryCategoryRendersOnEveryCard(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for code, category := range g.desk.Reference().Categories {
		n := g.look(func(tx *storage.Tx) error {
			_, err := g.theCase(tx, func(c *mahalla.Case) {
				c.Category, c.Urgency, c.Secrecy = code, category.Urgency, category.Secrecy
			}, theirs)
			return err
		}, storage.Message{Person: g.resident.ID, Kind: mahalla.CardReporter, Case: 1 << 40},
			storage.Message{Person: g.officer.ID, Kind: mahalla.CardOfficer, Case: 1 << 40},
			storage.Message{Person: g.head.ID, Kind: mahalla.CardHead, Case: 1 << 40},
			storage.Message{Person: g.resident.ID, Kind: CardMine}, storage.Message{Person: g.officer.ID, Kind: CardWork},
			storage.Message{Person: g.head.ID, Kind: CardAwaited})
		if n != 6*len(mahalla.Languages()) {
			t.Errorf("%s: %d were drawn", code, n)
		}
	}
}

func TestTheCardAsksForTheSentenceOfEveryOutcome(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for code := range g.desk.Reference().Categories {
		for _, with := range mahalla.Closings() {
			for _, without := range []string{"", "yes"} {
				who := *g.officer
				g.look(func(tx *storage.Tx) error {
					c, err := g.theCase(tx, func(c *mahalla.Case) {
						c.Status, c.Owner, c.AcceptedAt, c.Category = mahalla.Accepted, who.ID, day, code
					}, said()["long"])
					who.Dialogue.Ask(mahalla.Question{Flow: FlowClose, Case: c.ID, Data: map[string]string{"closing": string(with), "nophoto": without}})
					return errors.Join(err, tx.SaveDialogue(&who, day))
				}, storage.Message{Person: who.ID, Kind: mahalla.CardOfficer, Case: 1 << 40})
			}
		}
	}
}

// verbs lists what a screen's buttons do.
func verbs(s mahalla.Screen) string {
	var list []string
	for _, row := range s.Rows {
		for _, b := range row {
			list = append(list, strings.TrimSuffix(b.Press.Verb+"."+b.Press.Arg, "."))
		}
	}
	return strings.Join(list, " ")
}

func TestAHeadWhoTookACaseCanCloseItWithTheButtons(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
		c, err := g.theCase(tx, func(c *mahalla.Case) {
			c.Assignments = append(c.Assignments, mahalla.Assignment{Person: g.head.ID, Role: mahalla.DistrictHead, Level: mahalla.LevelHead, Told: day})
			c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, g.head.ID, day
		}, theirs)
		if err != nil {
			return err
		}
		m := storage.Message{Person: g.head.ID, Kind: c.CardFor(g.head.ID), Case: c.ID, Language: mahalla.Ru, Args: map[string]string{"choose": "outcome"}}
		s, err := g.desk.Draw(tx, m, day)
		if want := "outcome.solved outcome.warned outcome.recorded outcome.unconfirmed outcome.redirected outcome.false card"; verbs(s) != want {
			t.Errorf("got %s, want %s", verbs(s), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryScreenOfAPersonRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	all := said()
	parts := func(n int, words string) (list []mahalla.Part) {
		for i := range n {
			p := mahalla.Part{Message: int64(i), Words: words}
			if m := media(i + 1)[i]; i > 0 {
				p.Media = &m
			}
			list = append(list, p)
		}
		return list
	}
	everyone := []*storage.Contact{g.resident, g.officer, g.senior, g.head, g.admin, g.chair, g.plain}
	for name, words := range all {
		if words = locales.Cut(words, 4096); name == "twenty parts" {
			continue // every draft has them
		}
		for _, consented := range []bool{true, false} {
			for _, draft := range []*mahalla.Draft{
				nil,
				{},
				{Place: g.mahalla, Parts: parts(20, words)},
				{Place: g.fresh, Parts: parts(1, words)},
				{Place: g.mahalla, Parts: parts(20, words), Asks: []mahalla.CaseID{1 << 40, 1<<40 + 1, 1<<40 + 2}},
				{Place: g.district, More: 99, Parts: parts(2, words)},
				{Place: g.mahalla, Veil: mahalla.VeilAsked, Parts: parts(2, words)},
				{Place: g.mahalla, Veil: mahalla.VeilWorn, Parts: parts(20, words)},
				{Place: g.mahalla, Veil: mahalla.VeilWorn, Told: 20, Parts: parts(20, words)},
				{Place: g.mahalla, Veil: mahalla.VeilWorn},
				{Place: g.mahalla, More: 1, Parts: parts(2, words)},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Typed: true}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Typed: true, Kept: true}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Found: []mahalla.TerritoryID{g.mahalla, 1_000_100, 1_000_101, 1_000_102}}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Found: []mahalla.TerritoryID{g.mahalla}}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Under: mahalla.RootTerritory}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Under: g.district}},
				{Parts: parts(1, words), Page: 2, Pick: &mahalla.Picker{Under: g.district}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Pin: mahalla.PinNear, Found: []mahalla.TerritoryID{g.mahalla, 1_000_100, g.district, 1_000_102}, Away: []int{0, 3, 147, 500}}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Pin: mahalla.PinInside, Under: g.district}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Pin: mahalla.PinLost}},
				{Parts: parts(1, words), Pick: &mahalla.Picker{Pin: mahalla.PinNone}},
				{Parts: parts(1, words), Page: 99, Pick: &mahalla.Picker{Under: g.district}},
			} {
				if name != "danger" && draft != nil && draft.Pick != nil {
					continue // the words are not shown there
				}
				who := *g.resident
				g.look(func(tx *storage.Tx) error {
					if consented {
						tx.Consent(who.ID, ConsentVersion, mahalla.Ru, day)
					}
					if draft != nil && len(draft.Asks) > 0 {
						if err := g.several(tx, len(draft.Asks)); err != nil {
							return err
						}
					}
					who.Dialogue.Draft = draft
					return tx.SaveDialogue(&who, day)
				}, storage.Message{Person: who.ID, Kind: CardWelcome}, storage.Message{Person: who.ID, Kind: CardDraft},
					storage.Message{Person: who.ID, Kind: CardDraft, Args: map[string]string{"dropped": "yes"}},
					storage.Message{Person: who.ID, Kind: CardDraft, Args: map[string]string{"dropped": "expired"}},
					storage.Message{Person: who.ID, Kind: CardDraft, Args: map[string]string{"dropped": "added", "number": "4821-0937"}},
					storage.Message{Person: who.ID, Kind: CardDraft, Args: map[string]string{"offer": "yes"}},
					storage.Message{Person: who.ID, Kind: CardWelcome, Args: map[string]string{"offer": "yes"}})
			}
		}
	}
	var list []storage.Message
	for _, who := range everyone {
		for _, kind := range []mahalla.NoticeKind{CardWelcome, CardJoin, CardTest, CardTil, CardForget, CardMine, CardWork, CardAwaited, CardOverdue, CardDuty, CardMahallam, NoticePhone, NoticeShare, NoticeLocate, NoticeMenu} {
			list = append(list, storage.Message{Person: who.ID, Kind: kind})
		}
		list = append(list, storage.Message{Person: who.ID, Kind: CardJoin, Args: map[string]string{"answer": "no"}})
	}
	for _, key := range []string{"phone.given", "phone.not_given", "join.phone_kept", "draft.located", "draft.dropped", "sorry.text", "privacy.text", "cancel.question", "cancel.nothing", "cancel.asked"} {
		list = append(list, storage.Message{Person: g.resident.ID, Kind: NoticeSay, Args: map[string]string{"key": key}})
	}
	list = append(list, storage.Message{Person: g.resident.ID, Kind: NoticeSay, Args: map[string]string{"key": "plain", "text": wideName("x")}},
		storage.Message{Person: g.resident.ID, Kind: NoticeSay, Args: map[string]string{"key": "help"}},
		storage.Message{Person: g.resident.ID, Kind: NoticeSay, Args: map[string]string{"key": "help", "officer": "yes", "supervisor": "yes"}})
	consent := func(tx *storage.Tx) error {
		for _, who := range everyone {
			tx.Consent(who.ID, ConsentVersion, mahalla.Ru, day)
		}
		return nil
	}
	if n := g.look(consent, list...); n != len(list)*len(mahalla.Languages()) {
		t.Errorf("%d of %d were drawn", n, len(list)*len(mahalla.Languages()))
	}
}

func TestAnInvitationToEveryRoleRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, role := range mahalla.Roles() {
		for _, place := range []mahalla.TerritoryID{g.mahalla, g.fresh, mahalla.RootTerritory} {
			who := *g.resident
			data := map[string]string{"token": "t", "role": string(role), "place": strconv.FormatInt(int64(place), 10)}
			g.look(func(tx *storage.Tx) error {
				who.Dialogue.Ask(mahalla.Question{Flow: FlowJoin, Data: data})
				return tx.SaveDialogue(&who, day)
			}, storage.Message{Person: who.ID, Kind: CardJoin},
				storage.Message{Person: who.ID, Kind: NoticeSay, Args: map[string]string{"key": "join.taken", "role": string(role), "place_id": data["place"]}})
		}
	}
	who := *g.officer
	g.look(func(tx *storage.Tx) error {
		who.Dialogue.Ask(mahalla.Question{Flow: FlowTest})
		return tx.SaveDialogue(&who, day)
	}, storage.Message{Person: who.ID, Kind: CardTest})
}

func TestEveryPageOfAListRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	var list []storage.Message
	for page := range 4 {
		args := map[string]string{"page": strconv.Itoa(page)}
		list = append(list, storage.Message{Person: g.resident.ID, Kind: CardMine, Args: args}, storage.Message{Person: g.officer.ID, Kind: CardWork, Args: args},
			storage.Message{Person: g.head.ID, Kind: CardAwaited, Args: args},
			storage.Message{Person: g.head.ID, Kind: CardOverdue, Args: args},
			storage.Message{Person: g.head.ID, Kind: CardDuty, Args: args})
	}
	for _, typed := range said() {
		list = append(list, storage.Message{Person: g.officer.ID, Kind: CardFound, Args: map[string]string{
			"serial": "7", "typed": typed, "ids": "1099511627776 1099511627777 1099511627778 1099511627779 1099511627780", "page": "1", "total": "13", "since": "1793700000"}},
			storage.Message{Person: g.officer.ID, Kind: CardFound, Args: map[string]string{"serial": "7", "typed": typed, "total": "0"}})
	}
	list = append(list, storage.Message{Person: g.officer.ID, Kind: NoticeSay, Args: map[string]string{"key": "ask.search"}})
	n := g.look(func(tx *storage.Tx) error {
		return g.several(tx, 13)
	}, list...)
	if n != len(list)*len(mahalla.Languages()) {
		t.Errorf("%d were drawn", n)
	}
}

func TestTheBotsOwnPageFitsTelegram(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, lang := range mahalla.Languages() {
		i, err := g.desk.Introduce(lang, day)
		if err != nil || locales.UTF16Len(i.Description) > 512 || locales.UTF16Len(i.Short) > 120 || i.Description == "" || i.Short == "" {
			t.Errorf("%s: got %d and %d units, %v", lang, locales.UTF16Len(i.Description), locales.UTF16Len(i.Short), err)
		}
		for _, c := range complaints(mahalla.Screen{Menu: i.Commands}) {
			t.Errorf("%s: %s", lang, c)
		}
	}
}

// several files so many cases of the resident's, from 1 << 40 on.
func (g *gallery) several(tx *storage.Tx, n int) error {
	for i := range n {
		c := &mahalla.Case{ID: 1<<40 + mahalla.CaseID(i), Number: mahalla.NumberFrom(uint64(i + 1)), Reporter: g.resident.ID, Place: g.mahalla, Category: "neighbour_dispute",
			Urgency: mahalla.Low, Secrecy: mahalla.Internal, Status: mahalla.New, Round: 1, FiledAt: day.Add(-time.Duration(i) * 90 * time.Hour),
			Ladder:      mahalla.Ladder{Due: day, Beats: []mahalla.Beat{{At: day, Kind: mahalla.Nudge}}},
			Assignments: []mahalla.Assignment{{Person: g.officer.ID, Told: day}}}
		if err := tx.AddCase(c); err != nil {
			return err
		}
	}
	return nil
}

func TestEveryStateOfAnAbsenceRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for name, change := range map[string]func(*mahalla.Absence){
		"nobody was asked": func(*mahalla.Absence) {},
		"asked": func(a *mahalla.Absence) {
			a.Substitute, a.Answer, a.Due = g.senior.ID, mahalla.StandInAsked, day.Add(time.Hour)
		},
		"agreed":  func(a *mahalla.Absence) { a.Substitute, a.Answer = g.senior.ID, mahalla.StandInAgreed },
		"refused": func(a *mahalla.Absence) { a.Substitute, a.Answer = g.senior.ID, mahalla.StandInRefused },
		"silent":  func(a *mahalla.Absence) { a.Substitute, a.Answer = g.senior.ID, mahalla.StandInSilent },
		"over": func(a *mahalla.Absence) {
			a.Substitute, a.Answer, a.State = g.senior.ID, mahalla.StandInAgreed, mahalla.AbsenceOver
		},
		"cancelled": func(a *mahalla.Absence) {
			a.Substitute, a.Answer, a.State, a.Due = g.senior.ID, mahalla.StandInAsked, mahalla.AbsenceCancelled, day
		},
	} {
		n := g.look(func(tx *storage.Tx) error {
			_, err := g.theCase(tx, func(*mahalla.Case) {}, theirs)
			a := &mahalla.Absence{ID: 1 << 40, Person: g.officer.ID, From: day.Add(-time.Hour), Until: day.AddDate(0, 0, 9), State: mahalla.AbsenceRunning}
			change(a)
			tx.SaveAbsence(a)
			return err
		}, storage.Message{Person: g.officer.ID, Kind: CardAbsence}, storage.Message{Person: g.officer.ID, Kind: CardAbsence, Args: map[string]string{"page": "7"}},
			storage.Message{Person: g.senior.ID, Kind: CardStandIn}, storage.Message{Person: g.senior.ID, Kind: CardAbsence},
			storage.Message{Person: g.officer.ID, Kind: CardWork}, storage.Message{Person: g.senior.ID, Kind: CardWork},
			storage.Message{Person: g.head.ID, Kind: CardAwaited})
		want := 7
		if name == "nobody was asked" {
			want = 6 // nothing is said to anybody else
		}
		if n != want*len(mahalla.Languages()) {
			t.Errorf("%s: %d were drawn", name, n)
		}
	}
}

func TestTheCardAsksOfWhichMahallaACaseIs(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for name, data := range map[string]map[string]string{
		"all of the district": {"page": "0"}, "the next page": {"page": "1"}, "a page that is not there": {"page": "99"},
		"those that were found": {"found": "1000100,1000101,1000102,1000103,1000104,1000105"},
	} {
		who := *g.officer
		n := g.look(func(tx *storage.Tx) error {
			c, err := g.theCase(tx, func(c *mahalla.Case) {
				c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, who.ID, day
			}, said()["long"])
			who.Dialogue.Ask(mahalla.Question{Flow: FlowTransfer, Case: c.ID, Data: data})
			return errors.Join(err, tx.SaveDialogue(&who, day))
		}, storage.Message{Person: who.ID, Kind: mahalla.CardOfficer, Case: 1 << 40})
		if n != len(mahalla.Languages()) {
			t.Errorf("%s: %d were drawn", name, n)
		}
	}
}
