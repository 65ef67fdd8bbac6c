package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons on cards of cases. Their subject is the case, their
// round the case's round.
const (
	PressAccept      = "accept"
	PressPromise     = "promise" // arg: today-13, today-18, tomorrow, date
	PressClose       = "close"   // shows the outcomes
	PressOutcome     = "outcome" // arg: a closing
	PressBack        = "card"    // the card as it was
	PressAdd         = "add"
	PressWithdraw    = "withdraw" // asks whether it is meant
	PressWithdrawYes = "withdrawyes"
	PressJudge       = "judge" // arg: a verdict
	PressRate        = "rate"  // arg: 1 to 5
	PressReopen      = "reopen"
	PressOpen        = "open" // the card afresh, from a list
)

// mostQuoted bounds a quotation on a card, in UTF-16 units.
const (
	mostOnCard = 3000 // of everything that was said
	mostQuoted = 1500 // of the first words
	inNotice   = 3000 // of an addition, in the notice of it
	glance     = 240
)

// mark is the sign of where a case stands; it never stands without words.
func mark(c *mahalla.Case, now time.Time) string {
	return markOf(c.Status, c.Overdue(now) || c.Unresolved(now))
}

func markOf(s mahalla.Status, overdue bool) string {
	switch {
	case overdue:
		return "🔴"
	case s == mahalla.New:
		return "🟡"
	case s == mahalla.Accepted:
		return "🔵"
	case s == mahalla.Waiting:
		return "🟠"
	case s == mahalla.Closed:
		return "🟢"
	}
	return "⚪"
}

// drawReporter is the reporter's card of a case.
func (d *Desk) drawReporter(w *words, v storage.View, args map[string]string) mahalla.Screen {
	c := v.Case
	title := w.say("reporter.filed", "number", c.Number.String(), "category", HTML(w.neutral(c.Category)))
	text := lines(
		w.discreet(c, d.dangerLine(w, v)),
		bold(title),
		w.reporterStatus(v),
		w.reporterLater(v),
		w.phoneGiven(v),
		w.aliasLine(c),
	)
	if c.Secrecy != mahalla.Secret {
		text = lines(text, quote(firstWords(v.Reports), glance), w.attached(firstMedia(v.Reports)))
	}
	s := mahalla.Screen{Text: text, Protect: c.Secrecy == mahalla.Secret}
	if args["sure"] == "ask" && c.Open() {
		s.Text = lines(bold(title), w.say("reporter.withdraw_sure", "number", c.Number.String()))
		s.Rows = [][]mahalla.Button{
			{casePress(c, PressWithdrawYes, "", w.say("reporter.withdraw_yes"), mahalla.Danger)},
			{casePress(c, PressBack, "", w.say("button.back"), "")},
		}
		return s
	}
	if args["sure"] == sureReveal && c.Alias != "" {
		return w.revealSure(s, c, title)
	}
	var row []mahalla.Button
	for _, verb := range c.Choices(v.Reader.Person, d.path(c.Place), w.now) {
		switch verb {
		case mahalla.VerbAnswer:
			row = append(row, casePress(c, PressAnswer, "show", w.say("question.answer"), mahalla.Primary))
		case mahalla.VerbAdd:
			row = append(row, casePress(c, PressAdd, "", w.say("reporter.add"), ""))
		case mahalla.VerbWithdraw:
			row = append(row, casePress(c, PressWithdraw, "", w.say("reporter.withdraw"), ""))
		case mahalla.VerbReopen:
			row = append(row, casePress(c, PressReopen, "", w.say("reporter.reopen"), ""))
		}
	}
	s.Rows = w.withQuietRow(v, append(rows(row), append(w.phoneRow(v), w.revealRow(c)...)...))
	return s
}

// dangerLine puts the emergency numbers first where the report calls for them.
func (d *Desk) dangerLine(w *words, v storage.View) string {
	if !v.Case.Open() {
		return ""
	}
	numbers := d.Numbers(wordsOf(v.Reports, v.Reader.ID), v.Case.Category)
	if len(numbers) == 0 {
		return ""
	}
	return w.say("draft.danger", "numbers", HTML(w.numbers(numbers)))
}

func (w *words) reporterStatus(v storage.View) string {
	c := v.Case
	switch c.Status {
	case mahalla.Accepted, mahalla.Waiting:
		line := w.say("reporter.accepted", "when", w.when(c.AcceptedAt), "level", HTML(w.roleOf(c, c.Owner)))
		if c.Status == mahalla.Waiting {
			return lines(line, w.say("reporter.waiting", "number", c.Number.String()))
		}
		return lines(line, w.unresolved(c))
	case mahalla.Closed:
		if v.Knock.Waits() {
			return w.say("reporter.unread")
		}
		return lines(
			w.say("reporter.closed", "closing", HTML(w.closing(c)), "when", w.when(c.ClosedAt)),
			w.verdict("reporter.verdict.", c))
	case mahalla.Withdrawn:
		return w.say("reporter.withdrawn", "when", w.when(c.WithdrawnAt))
	}
	if c.OutOfReach() {
		return w.say("reporter.nobody")
	}
	if broken := w.broken(c, "reporter.broken"); broken != "" {
		return broken
	}
	if climbed := c.LastClimb(); climbed != nil {
		key := "reporter.climbed"
		if climbed.Told.Before(c.Ladder.Due) {
			key = "reporter.passed_on" // nobody is late: somebody cannot be told
		}
		return w.say(key, "role", HTML(w.role(climbed.Role)), "when", w.when(climbed.Told))
	}
	if c.Alone() {
		return w.say("reporter.late_alone")
	}
	return lines(w.sentTo(c), w.clock(c))
}

func (w *words) verdict(prefix string, c *mahalla.Case) string {
	if c.Verdict == mahalla.NoVerdict {
		return ""
	}
	return w.say(prefix + string(c.Verdict))
}

// sentTo says who was told first; a report without a mahalla says so honestly.
func (w *words) sentTo(c *mahalla.Case) string {
	t := w.desk.Reference().Territories[c.Place]
	if c.Quiet() {
		return w.say("reporter.sent_quiet", "role", HTML(w.first(c)))
	}
	if t != nil && t.Kind != mahalla.Mahalla && t.Kind != mahalla.Sector {
		return w.say("reporter.triage", "place", HTML(w.place(c.Place)))
	}
	return w.say("reporter.sent", "role", HTML(w.first(c)), "place", HTML(w.place(c.Place)))
}

// clock says when an answer is due, and when counting begins if not at once.
func (w *words) clock(c *mahalla.Case) string {
	due := w.when(c.Ladder.Due)
	if c.Ladder.Starts.After(w.now) {
		return w.say("reporter.answer_later", "starts", w.when(c.Ladder.Starts), "due", due)
	}
	return w.say("reporter.answer_by", "due", due)
}

func (w *words) reporterLater(v storage.View) string {
	c := v.Case
	list := []string{w.correction(v)}
	if place := c.Moved(); place != 0 {
		list = append(list, w.say("reporter.moved", "place", HTML(w.place(place))))
	}
	if c.Status == mahalla.Accepted && !c.Promised.IsZero() {
		key := "reporter.promised"
		if c.Postponed > 0 {
			key = "reporter.postponed"
		}
		list = append(list, w.say(key, "when", w.when(c.Promised)))
	}
	if c.Reopened > 0 && c.Open() {
		list = append(list, w.say("reporter.reopened", "n", c.Reopened))
	}
	if n := additionsOf(v.Reports, v.Reader.ID); n > 0 && c.Open() {
		list = append(list, w.say("reporter.additions", "n", n))
	}
	return lines(list...)
}

// drawOfficer is the full card of a case. With arg "choose" it shows the
// outcomes, with "closing" it asks for the sentence.
func (d *Desk) drawOfficer(tx *storage.Tx, w *words, v storage.View, args map[string]string) (mahalla.Screen, error) {
	c := v.Case
	if d.gone(w, v) {
		return d.drawGone(w, v), nil
	}
	closing := v.Reader.Dialogue.Question
	s := mahalla.Screen{Protect: true}
	s.Text = lines(
		bold(mark(c, w.now)+" "+w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category)))),
		w.urgent(c),
		w.officerStatus(v),
		w.offered(v),
		w.say("officer.place", "place", HTML(w.place(c.Place))),
		w.who(v),
		w.behalf(v),
		w.joined(c),
		w.phone(v),
		w.lost(v),
		w.unopened(v),
	)
	s.Text = lines(s.Text, d.allWords(w, v, cardBudget(v, args)))
	if asked, err := d.drawChoice(tx, w, v, args, &s); asked || err != nil {
		return s, err
	}
	switch {
	case !c.Open():
		d.undoable(w, v, &s)
	case c.AskedToConfirm(v.Reader.ID):
		w.asksToConfirm(v, &s)
	case closing != nil && closing.Flow == FlowClose && closing.Case == c.ID:
		w.asksSentence(c, closing.Data, &s)
	case args["choose"] != "" && c.Owner == v.Reader.ID:
		s.Text = lines(s.Text, w.say("officer.closing_choose"))
		s.Rows = w.outcomes(c)
	default:
		s.Rows = d.officerRows(w, v)
		if c.Owner == v.Reader.ID && c.Promised.IsZero() && !c.Claimed() {
			s.Text = lines(s.Text, w.say("officer.promise_hint"))
		}
	}
	return s, nil
}

// first names the role of whoever was told first.
func (w *words) first(c *mahalla.Case) string {
	if len(c.Assignments) == 0 {
		return w.level(c.Level)
	}
	return w.roleOf(c, c.Assignments[0].Person)
}

// roleOf names the role in which a person was told of the case.
func (w *words) roleOf(c *mahalla.Case, p mahalla.PersonID) string {
	for _, a := range c.Assignments {
		if a.Person == p && a.Role != "" {
			return w.role(a.Role)
		}
	}
	return w.level(c.OwnLevel)
}

func (w *words) urgent(c *mahalla.Case) string {
	if c.Urgency != mahalla.Emergency || !c.Open() {
		return ""
	}
	return bold(w.say("officer.danger"))
}

func (w *words) officerStatus(v storage.View) string {
	c := v.Case
	switch c.Status {
	case mahalla.New:
		if broken := w.broken(c, "officer.broken"); broken != "" {
			return broken
		}
		line := w.say("officer.accept_by", "due", w.when(c.Ladder.Due))
		if c.Overdue(w.now) {
			line = w.say("officer.accept_late", "due", w.when(c.Ladder.Due))
		}
		if c.Reopened > 0 {
			return lines(line, w.say("officer.reopened", "n", c.Reopened))
		}
		return line
	case mahalla.Accepted:
		return w.officerAccepted(v)
	case mahalla.Waiting:
		return lines(w.officerAccepted(v), w.say("officer.waiting", "when", w.when(c.AskedAt)))
	case mahalla.Closed:
		return lines(
			w.say("officer.closed", "closing", HTML(w.say("closing."+string(c.Closing))), "when", w.when(c.ClosedAt)),
			w.verdict("officer.judged.", c))
	}
	return w.say("officer.withdrawn", "when", w.when(c.WithdrawnAt))
}

func (w *words) officerAccepted(v storage.View) string {
	c := v.Case
	if c.Owner != v.Reader.ID {
		return lines(w.say("officer.accepted_other", "name", personName(v.OwnerName), "when", w.when(c.AcceptedAt)), w.resolveBy(c))
	}
	line := w.say("officer.accepted_you", "when", w.when(c.AcceptedAt))
	if !c.Promised.IsZero() {
		line = lines(line, w.say("officer.promised", "when", w.when(c.Promised)))
	}
	return lines(line, w.resolveBy(c), w.claimed(c))
}

// who names the reporter to the officer.
func (w *words) who(v storage.View) string {
	filed := w.when(v.Case.FiledAt)
	if alias := v.Case.Alias; alias != "" {
		return w.say("officer.alias", "alias", HTML(w.say("alias.name", "code", alias)), "filed", filed)
	}
	if v.ReporterName == "" {
		return w.say("officer.nameless", "filed", filed)
	}
	return w.say("officer.reporter", "name", personName(v.ReporterName), "filed", filed)
}

// lost tells the officer that the reporter cannot be told anything now.
func (w *words) lost(v storage.View) string {
	c := v.Case
	if !v.ReporterLost || !c.Open() && (c.Status != mahalla.Closed || c.Verdict != mahalla.NoVerdict) {
		return ""
	}
	return w.say("officer.reporter_lost")
}

// allWords quotes what the reporter said, the first words and what came later,
// within a budget that leaves room for the rest of the card.
func (d *Desk) allWords(w *words, v storage.View, budget int) string {
	var list []string
	for i := range v.Reports {
		r := &v.Reports[i]
		if r.Kind == storage.KindResult || r.Kind == storage.KindClaim || budget <= 0 || r.Kind == storage.KindAddition && !v.Case.Speaks(r.Person) {
			continue // it has a card of its own, or is of somebody who does not belong here after all
		}
		text := locales.Cut(r.Words, min(budget, mostQuoted))
		budget -= locales.UTF16Len(text) + 40
		switch r.Kind {
		case storage.KindAddition:
			key := "officer.addition"
			if r.Person != v.Case.Reporter {
				key = "officer.addition_joined"
			}
			list = append(list, w.say(key, "when", w.when(r.At)))
		case storage.KindReopening:
			list = append(list, w.say("officer.reason", "when", w.when(r.At)))
		case storage.KindQuestion:
			list = append(list, w.say("officer.question", "when", w.when(r.At)))
		case storage.KindNote:
			list = append(list, w.say("officer.note", "when", w.when(r.At)))
		case storage.KindAnswer:
			list = append(list, w.say("officer.answer", "when", w.when(r.At)))
		}
		list = append(list, quote(text, mostQuoted), w.attached(r.Media))
	}
	return lines(list...)
}

func (d *Desk) officerRows(w *words, v storage.View) [][]mahalla.Button {
	c := v.Case
	var grid [][]mahalla.Button
	choices := c.Choices(v.Reader.Person, d.path(c.Place), w.now)
	if slices.Contains(choices, mahalla.VerbAccept) {
		return d.newRows(w, v, choices)
	}
	if slices.Contains(choices, mahalla.VerbPromise) && c.Promised.IsZero() {
		grid = append(grid, w.promises(c)...)
	}
	if slices.Contains(choices, mahalla.VerbClose) {
		grid = append(grid, w.ownRows(c, choices)...)
	}
	return grid
}

// ownRows is what an owner may do at any time: close, ask, promise anew.
func (w *words) ownRows(c *mahalla.Case, choices []mahalla.Verb) [][]mahalla.Button {
	list := []mahalla.Button{casePress(c, PressClose, "", w.say("officer.close"), mahalla.Primary)}
	if slices.Contains(choices, mahalla.VerbAsk) {
		list = append(list, casePress(c, PressAsk, "", w.say("officer.ask"), ""))
	}
	if !c.Promised.IsZero() && slices.Contains(choices, mahalla.VerbPromise) {
		list = append(list, casePress(c, PressPromise, "date", w.say("officer.promise_date"), ""))
	}
	if slices.Contains(choices, mahalla.VerbNote) {
		list = append(list, casePress(c, PressNote, "", w.say("officer.note_press"), ""))
	}
	if slices.Contains(choices, mahalla.VerbDecline) {
		list = append(list, casePress(c, PressNotMine, "", w.say("officer.not_mine"), ""))
	}
	return rows(list)
}

// promises offers the next usual moments that are still to come.
func (w *words) promises(c *mahalla.Case) [][]mahalla.Button {
	var row []mahalla.Button
	for _, p := range Promises(w.now) {
		key := "officer.promise_today"
		if p.Tomorrow {
			key = "officer.promise_tomorrow"
		}
		row = append(row, casePress(c, PressPromise, p.Arg, w.say(key, "clock", locales.Clock(p.At)), ""))
	}
	row = append(row, casePress(c, PressPromise, "date", w.say("officer.promise_date"), ""))
	return rows(row)
}

// PromiseChoice is a moment that an officer can promise with one tap.
type PromiseChoice struct {
	Arg      string
	At       time.Time
	Tomorrow bool
}

// Promises lists the usual moments after now: today 13:00 and 18:00, tomorrow
// 10:00.
func Promises(now time.Time) []PromiseChoice {
	now = now.In(locales.Tashkent())
	at := func(days, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, now.Location())
	}
	var list []PromiseChoice
	for _, hour := range []int{13, 18} {
		if t := at(0, hour); t.After(now) {
			list = append(list, PromiseChoice{Arg: "today" + strconv.Itoa(hour), At: t})
		}
	}
	return append(list, PromiseChoice{Arg: "tomorrow", At: at(1, 10), Tomorrow: true})
}

func (w *words) outcomes(c *mahalla.Case) [][]mahalla.Button {
	var list []mahalla.Button
	for _, with := range mahalla.Closings() {
		list = append(list, casePress(c, PressOutcome, string(with), w.say("officer.closing."+string(with)), ""))
	}
	grid := rows(list)
	return append(grid, []mahalla.Button{casePress(c, PressBack, "", w.say("button.back"), "")})
}

// drawHead is what a head sees: number, place, category and delay, no words. A
// head who took the case sees all of it, and closes it like any officer; so does
// one who is asked to confirm something.
func (d *Desk) drawHead(tx *storage.Tx, w *words, v storage.View, args map[string]string) (mahalla.Screen, error) {
	c := v.Case
	switch {
	case c.Owner == v.Reader.ID, c.AskedToConfirm(v.Reader.ID):
		return d.drawOfficer(tx, w, v, args)
	case args[argLook] != "":
		return d.drawLook(tx, w, v, args[argLook])
	}
	s := d.outline(w, v)
	if asked, err := d.drawChoice(tx, w, v, args, &s); asked || err != nil {
		return s, err
	}
	if c.Open() {
		s.Rows = append(d.officerRows(w, v), d.lookRow(w, v)...)
	}
	return s, nil
}

// outline is a case without anybody's words.
func (d *Desk) outline(w *words, v storage.View) mahalla.Screen {
	c := v.Case
	status := w.officerStatus(v)
	if c.Status == mahalla.New {
		status = lines(w.say("head.waits", "mark", mark(c, w.now), "duration", w.length(w.now.Sub(c.FiledAt))), w.informed(c))
	}
	return mahalla.Screen{Protect: true, Text: lines(
		bold(mark(c, w.now)+" "+w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category)))),
		w.say("officer.place", "place", HTML(w.place(c.Place))),
		status,
		w.offered(v),
	)}
}

// informed names the highest officer who was told and can be reached.
func (w *words) informed(c *mahalla.Case) string {
	if c.OutOfReach() {
		return w.say("head.nobody")
	}
	if climbed := c.LastClimb(); climbed != nil {
		return w.say("head.level", "role", HTML(w.role(climbed.Role)))
	}
	return w.say("head.level", "role", HTML(w.first(c)))
}

// drawResult brings the answer back to the reporter and asks for a judgement.
func (d *Desk) drawResult(w *words, v storage.View) (s mahalla.Screen) {
	c := v.Case
	text := w.say("result.text", "number", c.Number.String(), "category", HTML(w.neutral(c.Category)),
		"closing", HTML(w.closing(c)), "level", HTML(w.roleOf(c, c.Owner)),
		"when", w.when(c.ClosedAt), "duration", w.length(max(time.Minute, c.ClosedAt.Sub(c.FiledAt))))
	s = mahalla.Screen{Protect: c.Secrecy == mahalla.Secret}
	s.Text = lines(text, quote(w.result(v.Reports), 1500))
	defer func() { s.Rows = w.withQuietRow(v, s.Rows) }()
	switch {
	case c.Rating > 0:
		s.Text = lines(s.Text, w.say("result.rated", "stars", c.Rating))
	case c.Verdict == mahalla.VerdictSolved:
		s.Text = lines(s.Text, w.say("result.rate"))
		var row []mahalla.Button
		for n := 1; n <= 5; n++ {
			row = append(row, casePress(c, PressRate, strconv.Itoa(n), w.say("result.star", "n", n), ""))
		}
		s.Rows = [][]mahalla.Button{row}
	case c.Verdict == mahalla.VerdictPartly || c.Verdict == mahalla.VerdictUnsolved:
		s.Text = lines(s.Text, w.say("result.objected"))
	case c.Verdict == mahalla.VerdictSilent && !slices.Contains(c.Choices(v.Reader.Person, d.path(c.Place), w.now), mahalla.VerbReopen):
		s.Text = lines(s.Text, w.say("result.silent_late"))
	case c.Verdict == mahalla.VerdictSilent:
		s.Text = lines(s.Text, w.say("result.thanks_silent"))
		s.Rows = [][]mahalla.Button{{casePress(c, PressReopen, "", w.say("reporter.reopen"), "")}}
	default:
		s.Text = lines(s.Text, w.objecting(c), bold(w.say("result.ask")))
		s.Rows = [][]mahalla.Button{
			{casePress(c, PressJudge, "solved", w.say("result.solved"), mahalla.Success)},
			{casePress(c, PressJudge, "partly", w.say("result.partly"), ""), casePress(c, PressJudge, "unsolved", w.say("result.unsolved"), mahalla.Danger)},
		}
	}
	return s
}

// casePress is a button about a case.
func casePress(c *mahalla.Case, verb, arg, label string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: label, Style: style, Press: mahalla.Press{Verb: verb, Subject: int64(c.ID), Round: c.Round, Arg: arg}}
}

// rows lays buttons out two in a row.
func rows(list []mahalla.Button) [][]mahalla.Button {
	var grid [][]mahalla.Button
	for len(list) > 2 {
		grid, list = append(grid, list[:2]), list[2:]
	}
	if len(list) > 0 {
		grid = append(grid, list)
	}
	return grid
}

func firstWords(reports []storage.Report) string {
	for _, r := range reports {
		if r.Kind == storage.KindReport {
			return r.Words
		}
	}
	return ""
}

// firstMedia is what was attached to the report when it was filed.
func firstMedia(reports []storage.Report) []mahalla.Media {
	for _, r := range reports {
		if r.Kind == storage.KindReport {
			return r.Media
		}
	}
	return nil
}

// wordsOf is everything that one person has said.
func wordsOf(reports []storage.Report, who mahalla.PersonID) string {
	var list []string
	for _, r := range reports {
		if r.Kind.ByReporter() && r.Person == who {
			list = append(list, r.Words)
		}
	}
	return lines(list...)
}
