package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons on screens that are not about a case.
const (
	PressLanguage = "lang"  // arg: ul, uc, ru
	PressAgree    = "agree" // consent
	PressJoin     = "join"  // arg: yes, no; subject: the question's serial
	PressTest     = "test"  // the test card
	PressList     = "list"  // arg: mine, work, awaited or mahallam, and the page
)

// languageArgs are short names of languages for buttons.
var languageArgs = map[mahalla.Language]string{mahalla.UzLatn: "ul", mahalla.UzCyrl: "uc", mahalla.Ru: "ru"}

// LanguageOf finds the language of a button's argument.
func LanguageOf(arg string) (mahalla.Language, bool) {
	for l, a := range languageArgs {
		if a == arg {
			return l, true
		}
	}
	return "", false
}

// chips offers the languages; the present one is ticked.
func (w *words) chips() []mahalla.Button {
	var row []mahalla.Button
	for _, l := range mahalla.Languages() {
		name := w.say("language." + string(l))
		if l == w.lang {
			name = w.say("language.chosen", "name", HTML(name))
		}
		row = append(row, mahalla.Button{Label: name, Press: mahalla.Press{Verb: PressLanguage, Arg: languageArgs[l]}})
	}
	return row
}

// drawWelcome is the first message, and after consent the invitation to write.
// With arg "offer" it brings back to mind, silently, what was written before the
// consent.
func (d *Desk) drawWelcome(w *words, reader *storage.Contact, args map[string]string) mahalla.Screen {
	if reader.Consented {
		return mahalla.Screen{Text: w.ready(reader)}
	}
	text := w.say("welcome.text", "numbers", HTML(w.emergencies()))
	silent := false
	if draft := reader.Dialogue.Draft; draft != nil {
		var head string
		head, silent = d.draftHead(w, draft, args)
		text = lines(head, text)
		if draft.Place != 0 {
			text = lines(text, w.say("welcome.place", "place", HTML(w.place(draft.Place))))
		}
		if len(draft.Parts) > 0 {
			text = lines(text, w.say("welcome.kept"))
		}
	}
	return mahalla.Screen{Text: text, Silent: silent, Rows: [][]mahalla.Button{
		{{Label: w.say("welcome.agree"), Press: mahalla.Press{Verb: PressAgree}, Style: mahalla.Success}},
		w.chips(),
	}}
}

// ready says what to do next: an officer waits for cases, a resident writes.
func (w *words) ready(reader *storage.Contact) string {
	if reader.Role(w.now).Serves() {
		return lines(w.posts(reader), w.listsOf(reader))
	}
	text := w.say("ready.text")
	if place := draftPlace(reader); place != 0 {
		text = lines(text, w.say("ready.place", "place", HTML(w.place(place))))
	}
	return text
}

func draftPlace(reader *storage.Contact) mahalla.TerritoryID {
	if draft := reader.Dialogue.Draft; draft != nil && draft.Place != 0 {
		return draft.Place
	}
	return reader.Home
}

func territoryOf(reader *storage.Contact, role mahalla.Role, now time.Time) mahalla.TerritoryID {
	for _, m := range reader.Memberships {
		if m.Role == role && m.At(now) {
			return m.Territory
		}
	}
	return mahalla.RootTerritory
}

// Bounds of what is said of a person's posts, so that it always fits.
const (
	mostRoles = 3
	mostSeats = 2
)

// posts names the roles in which a person serves, the most senior first, each
// with its places.
func (w *words) posts(reader *storage.Contact) string {
	var roles []mahalla.Role
	places := map[mahalla.Role][]mahalla.TerritoryID{}
	for _, m := range reader.Memberships {
		if !m.At(w.now) || !m.Role.Serves() {
			continue
		}
		if places[m.Role] == nil {
			roles = append(roles, m.Role)
		}
		places[m.Role] = append(places[m.Role], m.Territory)
	}
	slices.SortStableFunc(roles, func(a, b mahalla.Role) int { return b.Seniority() - a.Seniority() })
	var list []string
	for i, role := range roles[:min(len(roles), mostRoles)] {
		key := "ready.post"
		if i > 0 {
			key = "ready.post_too"
		}
		list = append(list, w.say(key, "role", HTML(w.role(role)), "place", HTML(w.seats(places[role]))))
	}
	return lines(list...)
}

// seats lists some places, the last one taken first, and how many more there
// are. What lies below another one goes without saying.
func (w *words) seats(all []mahalla.TerritoryID) string {
	all = w.desk.topmost(all)
	slices.Reverse(all)
	var names []string
	for _, id := range all[:min(len(all), mostSeats)] {
		names = append(names, w.place(id))
	}
	text := strings.Join(names, "; ")
	if more := len(all) - mostSeats; more > 0 {
		text += " " + w.say("ready.more_places", "n", more)
	}
	return text
}

// listsOf names the lists that a person's roles open.
func (w *words) listsOf(reader *storage.Contact) string {
	var list []string
	if reader.Has(mahalla.MayAnswer, w.now) {
		list = append(list, w.say("ready.work"))
	}
	if reader.Has(mahalla.MaySupervise, w.now) {
		list = append(list, w.say("ready.awaited"))
	}
	if reader.Has(mahalla.MaySit, w.now) {
		list = append(list, w.say("ready.meetings"))
	}
	if reader.Has(mahalla.MayConvene, w.now) {
		list = append(list, w.say("ready.convene"))
	}
	return lines(list...)
}

// drawTil offers the languages.
func (d *Desk) drawTil(w *words) mahalla.Screen {
	return mahalla.Screen{Text: w.say("til.text"), Rows: [][]mahalla.Button{w.chips()}}
}

// drawJoin is an invitation to a role, until it is accepted or declined.
func (d *Desk) drawJoin(w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	q := reader.Dialogue.Question
	if q == nil || q.Flow != FlowJoin {
		if args["answer"] == "no" {
			return mahalla.Screen{Text: w.say("join.declined")}, nil
		}
		role := reader.Role(w.now)
		place := territoryOf(reader, role, w.now)
		if id, err := strconv.ParseInt(args["place"], 10, 64); err == nil {
			role, place = mahalla.Role(args["role"]), mahalla.TerritoryID(id) // of the invitation just taken
		}
		text := w.say("join.taken", "role", HTML(w.role(role)), "place", HTML(w.place(place)))
		if !role.Serves() || reader.Proven(w.now) {
			text += "\n\n" + w.ready(reader) // nothing else is asked
		}
		return mahalla.Screen{Text: text}, nil
	}
	place, err := strconv.ParseInt(q.Data["place"], 10, 64)
	if err != nil {
		return mahalla.Screen{}, err
	}
	press := func(arg string) mahalla.Press {
		return mahalla.Press{Verb: PressJoin, Round: q.Serial, Arg: arg}
	}
	return mahalla.Screen{
		Text: w.say("join.text", "role", HTML(w.role(mahalla.Role(q.Data["role"]))), "place", HTML(w.place(mahalla.TerritoryID(place)))),
		Rows: [][]mahalla.Button{
			{{Label: w.say("join.accept"), Press: press("yes"), Style: mahalla.Success}},
			w.chips(),
			{{Label: w.say("join.decline"), Press: press("no"), Style: mahalla.Danger}},
		},
	}, nil
}

// drawPhone asks for the person's own number.
func (d *Desk) drawPhone(w *words) mahalla.Screen {
	return mahalla.Screen{
		Text: w.say("join.phone"),
		Keys: []mahalla.Key{{Label: w.say("join.phone_key"), Kind: mahalla.KeyContact}},
	}
}

// drawTest is the card that proves that a new officer can be reached.
func (d *Desk) drawTest(w *words, reader *storage.Contact) mahalla.Screen {
	if q := reader.Dialogue.Question; q != nil && q.Flow == FlowTest {
		return mahalla.Screen{Text: w.say("join.test"), Rows: [][]mahalla.Button{{{
			Label: w.say("join.test_press"), Style: mahalla.Success, Press: mahalla.Press{Verb: PressTest, Round: q.Serial}}}}}
	}
	return mahalla.Screen{Text: lines(w.say("join.done"), w.ready(reader), w.say("join.help"))}
}

// perPage is how many lines a list shows.
const perPage = 5

// drawList is a list of cases, five a page, with a button for each.
func (d *Desk) drawList(tx *storage.Tx, w *words, kind mahalla.NoticeKind, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	page, _ := strconv.Atoi(args["page"]) // the first page when it is missing
	list, total, err := d.listed(tx, kind, reader, page, w.now)
	if last := max(0, (total-1)/perPage); err == nil && page > last { // the list has become shorter
		page = last
		list, total, err = d.listed(tx, kind, reader, page, w.now)
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	away, err := d.awayLines(tx, w, kind, reader)
	if err != nil {
		return mahalla.Screen{}, err
	}
	prefix := map[mahalla.NoticeKind]string{CardMine: "mine", CardWork: "work", CardAwaited: "awaited", CardOverdue: "overdue"}[kind]
	s := mahalla.Screen{Protect: kind != CardMine && total > 0}
	var last []mahalla.Button
	if kind == CardWork {
		last = []mahalla.Button{{Label: w.say("search.button"), Press: mahalla.Press{Verb: PressSearch}}}
	}
	if total == 0 {
		s.Text = w.say(prefix + ".empty")
	} else {
		s.Text, s.Rows = w.caseLines(kind, w.say(prefix+".title", "n", total), list)
	}
	if pages := (total + perPage - 1) / perPage; pages > 1 {
		s.Text = lines(s.Text, w.say("list.page", "page", page+1, "pages", pages))
		last = append(w.turn(prefix, page, pages), last...)
	}
	if len(last) > 0 {
		s.Rows = append(s.Rows, last)
	}
	s.Text = lines(s.Text, away)
	s.Silent = args[argAlong] != ""
	if apology := w.wasAway(args); apology != "" {
		if total == 0 {
			return s, ErrPointless
		}
		s.Text, s.Silent = lines(apology, s.Text), true
	}
	return s, nil
}

// urgentMark stands before what is on the urgent clock, in lists of what nobody has
// accepted.
const urgentMark = "🚨"

// caseLines lists cases under a title, with a button for each.
func (w *words) caseLines(kind mahalla.NoticeKind, text string, list []storage.CaseLine) (string, [][]mahalla.Button) {
	var buttons []mahalla.Button
	for _, l := range list {
		m := markOf(l.Status, l.Status == mahalla.New && !w.now.Before(l.Due) || !l.ResolveBy.IsZero() && !w.now.Before(l.ResolveBy))
		if l.Urgent && (kind == CardAwaited || kind == CardOverdue) {
			m = urgentMark + m
		}
		text = lines(text, w.line(kind, l, m))
		buttons = append(buttons, mahalla.Button{
			Label: w.say("list.open", "mark", m, "number", l.Number.String()),
			Press: mahalla.Press{Verb: PressOpen, Subject: int64(l.ID)}})
	}
	return text, rows(buttons)
}

func (w *words) line(kind mahalla.NoticeKind, l storage.CaseLine, m string) string {
	category := w.category(l.Category)
	if kind == CardMine {
		if w.desk.Reference().Categories[l.Category].Secrecy == mahalla.Secret {
			return w.say("list.line_quiet", "mark", m, "number", l.Number.String())
		}
		category = w.neutral(l.Category)
	}
	common := []any{"mark", m, "number", l.Number.String(), "category", HTML(category), "place", HTML(w.placeShort(l.Place))}
	if kind == CardAwaited || kind == CardOverdue {
		return w.say("list.waits", append(common, "duration", w.length(w.now.Sub(l.FiledAt)))...)
	}
	return w.say("list.line", append(common, "when", w.when(l.FiledAt))...)
}

// turn is the row that turns the pages of a list.
func (w *words) turn(prefix string, page, pages int) []mahalla.Button {
	var row []mahalla.Button
	if page > 0 {
		row = append(row, mahalla.Button{Label: w.say("list.previous"), Press: mahalla.Press{Verb: PressList, Arg: prefix, Round: page - 1}})
	}
	if page < pages-1 {
		row = append(row, mahalla.Button{Label: w.say("list.next"), Press: mahalla.Press{Verb: PressList, Arg: prefix, Round: page + 1}})
	}
	return row
}

func (d *Desk) listed(tx *storage.Tx, kind mahalla.NoticeKind, reader *storage.Contact, page int, now time.Time) ([]storage.CaseLine, int, error) {
	switch kind {
	case CardMine:
		return tx.CasesOfReporter(reader.ID, page*perPage, perPage)
	case CardWork:
		return tx.CasesOfOfficer(reader.ID, over(reader, now, mahalla.MayAnswer), page*perPage, perPage)
	case CardOverdue:
		return d.overdue(tx, reader, page, now)
	}
	return d.awaited(tx, reader, page, now)
}

// attached names what a message without words consists of.
func (w *words) attached(media []mahalla.Media) string { return w.contents("", media) }

// contents lists what a draft or a message consists of, one sign each.
func (w *words) contents(text string, media []mahalla.Media) string {
	var list []string
	if text != "" {
		list = append(list, w.say("draft.words"))
	}
	count := map[mahalla.MediaKind]int{}
	seconds := 0
	for _, m := range media {
		count[m.Kind]++
		if m.Kind == mahalla.Voice {
			seconds += m.Seconds
		}
	}
	if n := count[mahalla.Photo] + count[mahalla.Image]; n > 0 {
		list = append(list, w.say("draft.photos", "n", n))
	}
	if n := count[mahalla.Video] + count[mahalla.Round]; n > 0 {
		list = append(list, w.say("draft.videos", "n", n))
	}
	if count[mahalla.Voice] > 0 {
		list = append(list, w.say("draft.voice", "length", clockLength(seconds)))
	}
	if count[mahalla.Location] > 0 {
		list = append(list, w.say("draft.pin"))
	}
	return joined(list)
}

func joined(list []string) string {
	text := ""
	for i, l := range list {
		if i > 0 {
			text += " · "
		}
		text += l
	}
	return text
}

// clockLength shows the length of a voice message: "0:07".
func clockLength(seconds int) string {
	return strconv.Itoa(seconds/60) + ":" + strconv.Itoa(seconds%60/10) + strconv.Itoa(seconds%10)
}

// label is a button's text within Telegram's comfortable width.
func label(text string) string { return locales.Cut(text, mostLabel) }

// mostLabel is how many UTF-16 units a label may have before phones cut it.
const mostLabel = 20
