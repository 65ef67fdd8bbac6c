package casework

import (
	"slices"

	"koprik/mahalla"
	"koprik/storage"
)

// drawReporter is the reporter's card of a case.
func (d *Desk) drawReporter(w *words, v storage.View, args map[string]string) mahalla.Screen {
	c := v.Case
	title := w.say("reporter.filed", "number", c.Number.String(), "category", HTML(w.neutral(c.Category)))
	text := lines(
		w.discreet(c, d.dangerLine(w, v)),
		bold(title),
		w.reporterStatus(v),
		w.reporterLater(v),
		w.heardLine(v),
		w.phoneGiven(v),
		w.aliasLine(c),
		w.erasedLine(c),
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
	s.Rows = w.withQuietRow(v, append(primaryFirst(row), append(w.phoneRow(v), w.revealRow(c)...)...))
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

// toCall are the numbers to call in danger: those that the report calls for, or
// that of the police.
func (w *words) toCall(v storage.View) string {
	numbers := w.desk.Numbers(wordsOf(v.Reports, v.Case.Reporter), v.Case.Category)
	if len(numbers) == 0 {
		numbers = []string{"102"}
	}
	return w.numbers(numbers)
}

func (w *words) reporterStatus(v storage.View) string {
	c := v.Case
	switch c.Status {
	case mahalla.Accepted, mahalla.Waiting:
		line := w.say("reporter.accepted", "when", w.when(c.AcceptedAt), "level", HTML(w.roleOf(c, c.Owner)))
		if c.Status == mahalla.Waiting && !c.HasJoined(v.Reader.ID) { // the question is for who reported
			return lines(line, w.say("reporter.waiting", "number", c.Number.String()))
		}
		return lines(line, w.reporterItem(v), w.unresolved(c))
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
		return w.say("reporter.nobody", "numbers", HTML(w.toCall(v)))
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
		return w.say("reporter.late_alone", "numbers", HTML(w.toCall(v)))
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

// clock says when an answer is due, when counting begins if not at once, and that
// the case goes up otherwise, where it does.
func (w *words) clock(c *mahalla.Case) string {
	key, alone := "reporter.answer_by", "reporter.answer_by_alone"
	if c.Ladder.Starts.After(w.now) {
		key, alone = "reporter.answer_later", "reporter.answer_later_alone"
	}
	if !c.Ladder.GoesUp() {
		key = alone
	}
	return w.say(key, "starts", w.when(c.Ladder.Starts), "due", w.when(c.Ladder.Due))
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

// drawResult brings the answer back to the reporter and asks for a judgement.
func (d *Desk) drawResult(w *words, v storage.View) (s mahalla.Screen) {
	c := v.Case
	text := w.say("result.text", "number", c.Number.String(), "category", HTML(w.neutral(c.Category)),
		"closing", HTML(w.closing(c)), "level", HTML(w.roleOf(c, c.Owner)),
		"when", w.when(c.ClosedAt), "duration", w.length(c.ClosedAt.Sub(c.FiledAt)))
	s = mahalla.Screen{Protect: c.Secrecy == mahalla.Secret, Result: resultShown(v)}
	s.Text = lines(text, quote(w.result(v.Reports), 1500))
	defer func() { s.Rows = w.withQuietRow(v, s.Rows) }()
	switch {
	case c.Rating > 0:
		s.Text = lines(s.Text, w.say("result.rated", "stars", c.Rating))
	case c.Verdict == mahalla.VerdictSolved:
		s.Text = lines(s.Text, w.say("result.rate"))
		s.Rows = [][]mahalla.Button{w.stars(c)}
	case c.Verdict == mahalla.VerdictPartly || c.Verdict == mahalla.VerdictUnsolved:
		s.Text = lines(s.Text, w.say("result.objected"))
	case c.Verdict == mahalla.VerdictSilent && !slices.Contains(c.Choices(v.Reader.Person, d.path(c.Place), w.now), mahalla.VerbReopen):
		s.Text = lines(s.Text, w.say("result.silent_late"))
	case c.Verdict == mahalla.VerdictSilent:
		s.Text = lines(s.Text, w.say("result.thanks_silent"))
		s.Rows = [][]mahalla.Button{{casePress(c, PressReopen, "", w.say("reporter.reopen"), "")}}
	default:
		s.Text = lines(s.Text, w.objecting(c), bold(w.say("result.ask")))
		s.Rows = w.verdicts(c)
	}
	return s
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
