package casework

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// sources reads the Go files of packages that are no tests.
func sources(t *testing.T, packages ...string) (trees []*ast.File, at *token.FileSet) {
	t.Helper()
	at = token.NewFileSet()
	for _, p := range packages {
		err := filepath.WalkDir(filepath.Join("..", p), func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			tree, err := parser.ParseFile(at, name, nil, parser.SkipObjectResolution)
			trees = append(trees, tree)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return trees, at
}

// literal is the text of a string literal.
func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// called is the name of the function of a call, without its package.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// refusals finds every refusal in the rules and above them: the names of its
// arguments by its reason.
func refusals(t *testing.T) map[string][]string {
	t.Helper()
	trees, at := sources(t, "mahalla", "casework", "handlers", "storage", "bot", "scheduler", "cmd")
	found := map[string][]string{}
	for _, tree := range trees {
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || called(call) != "Refuse" {
				return true
			}
			reason, ok := literal(call.Args[1])
			if !ok {
				t.Errorf("%s: the reason is no literal", at.Position(call.Pos()))
				return true
			}
			args := []string{}
			for i := 2; i < len(call.Args); i += 2 {
				name, _ := literal(call.Args[i])
				args = append(args, name)
			}
			found[reason] = args
			return true
		})
	}
	if len(found) < 30 {
		t.Fatalf("only %d refusals were found", len(found))
	}
	return found
}

func TestEveryRefusalIsExplainedInEveryLanguage(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	values := map[string]string{"by": strconv.FormatInt(int64(g.officer.ID), 10), "at": strconv.FormatInt(day.Unix(), 10), "wait": "59m0s",
		"role": string(mahalla.SeniorInspector), "number": "4821-0937", "other": "5133-2840", "n": "2", "present": "1", "quorum": "3", "name": "quorum",
		"day": "25.12", "late": "15:00", "early": "03:00", "command": "boraman", "own": "Qorovulbozor tumani", "named": "14"}
	for reason, names := range refusals(t) {
		var pairs []string
		for _, name := range names {
			if values[name] == "" {
				t.Errorf("%s: nobody knows what %q is", reason, name)
			}
			pairs = append(pairs, name, values[name])
		}
		for _, lang := range mahalla.Languages() {
			g.tx(func(tx *storage.Tx) error {
				text, err := g.desk.Explain(tx, lang, mahalla.Refuse(mahalla.Conflict, reason, pairs...), day)
				if err != nil {
					return err
				}
				if n := locales.UTF16Len(Uncopyable(text)); n == 0 || n > 200 {
					t.Errorf("%s in %s has %d units, an alert holds 200: %q", reason, lang, n, text)
				}
				if strings.ContainsAny(text, "{}") || strings.Contains(text, "%!") || strings.Contains(text, "\u202e") {
					t.Errorf("%s in %s: %q", reason, lang, text)
				}
				return nil
			})
		}
	}
}

func TestARefusalIsPlainTextUntilItBecomesAMessage(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
		if err := tx.SetName(g.officer.ID, `Anvar "Bek" & <i>`); err != nil {
			return err
		}
		refusal := mahalla.Refuse(mahalla.Forbidden, "not_owner", "by", strconv.FormatInt(int64(g.officer.ID), 10))
		text, err := g.desk.Explain(tx, mahalla.UzLatn, refusal, day)
		if err != nil {
			return err
		}
		if !strings.Contains(text, `Anvar "Bek" & <i>`) {
			t.Errorf("in an alert: got %q", text)
		}
		s, err := g.desk.Draw(tx, storage.Message{Person: g.officer.ID, Language: mahalla.UzLatn, Kind: NoticeSay,
			Args: map[string]string{"key": "plain", "text": text}}, day)
		if err != nil {
			return err
		}
		if shown, err := readHTML(s.Text); err != nil || shown.own.String() != text {
			t.Errorf("as a message: got %q, %v, want %q", s.Text, err, text)
		}
		return errUndo
	})
	if err != errUndo {
		t.Fatal(err)
	}
}

func TestAnArgumentOfARefusalThatIsNoneIsAnError(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for name, reason := range map[string]string{"by": "not_owner", "at": "already_withdrawn", "wait": "too_many", "none": "no_such_reason"} {
		g.tx(func(tx *storage.Tx) error {
			if text, err := g.desk.Explain(tx, mahalla.Ru, mahalla.Refuse(mahalla.Invalid, reason, name, "x"), day); err == nil {
				t.Errorf("%s: got %q", name, text)
			}
			return nil
		})
	}
}

// families are the keys whose last part is only known while the program runs.
func families(g *gallery) map[string][]string {
	of := map[string][]string{"command": {}, "error": slices.Collect(maps.Keys(refusals(g.TB.(*testing.T))))}
	for _, c := range commands {
		of["command"] = append(of["command"], c.name)
	}
	for code := range g.desk.Reference().Categories {
		of["category"] = append(of["category"], string(code))
	}
	for _, role := range mahalla.Roles() {
		of["role"] = append(of["role"], string(role))
	}
	for level := mahalla.LevelOfficer; level <= mahalla.LevelAdministrator; level++ {
		of["level"] = append(of["level"], strconv.Itoa(int(level)))
	}
	for _, with := range mahalla.Closings() {
		of["closing"] = append(of["closing"], string(with))
		of["officer.closing"] = append(of["officer.closing"], string(with))
	}
	for _, why := range mahalla.LookReasons() {
		of["look.why"] = append(of["look.why"], string(why))
	}
	for _, t := range mahalla.Templates() {
		of["template"] = append(of["template"], string(t))
	}
	for _, lang := range mahalla.Languages() {
		of["language"] = append(of["language"], string(lang))
	}
	for _, list := range []string{"mine", "work", "awaited", "overdue"} {
		of[list] = []string{"title", "empty"}
	}
	for _, verdicts := range []string{"reporter.verdict", "officer.judged"} {
		of[verdicts] = []string{string(mahalla.VerdictSolved), string(mahalla.VerdictPartly), string(mahalla.VerdictUnsolved), string(mahalla.VerdictSilent)}
	}
	of["substitute.answer"] = []string{string(mahalla.StandInAgreed), string(mahalla.StandInRefused), string(mahalla.StandInSilent)}
	of["offer.news"] = offerNews
	for _, end := range []mahalla.OfferAnswer{mahalla.OfferTaken, mahalla.OfferRefused, mahalla.OfferSilent, mahalla.OfferDecided, mahalla.OfferOver} {
		of["offer.end"] = append(of["offer.end"], string(end))
	}
	for _, behalf := range []string{"draft.behalf", "officer.behalf"} {
		of[behalf] = []string{string(mahalla.AgreedNamed), string(mahalla.AgreedUnnamed), string(mahalla.AgreedSaw)}
	}
	for _, doubt := range []mahalla.Doubt{mahalla.DoubtHoliday, mahalla.DoubtHours, mahalla.DoubtSoon} {
		of["doubt"] = append(of["doubt"], string(doubt))
	}
	of["mahallam.status"] = []string{string(mahalla.New), string(mahalla.Accepted), string(mahalla.Waiting)}
	for _, gate := range []mahalla.Gate{mahalla.GateViolence, mahalla.GateCrime} {
		of["item.ask"] = append(of["item.ask"], string(gate))
		of["item."+string(gate)] = []string{"open", string(mahalla.ReplyNo), string(mahalla.ReplyYes)}
		of["item.press."+string(gate)] = []string{string(mahalla.ReplyNo), string(mahalla.ReplyYes)}
	}
	of["item.dropped"] = mahalla.Causes()
	of["officer.item"] = []string{string(mahalla.ItemProposed), string(mahalla.ItemReady), string(mahalla.ItemScheduled)}
	of["reporter.item"] = []string{string(mahalla.ItemReady), string(mahalla.ItemScheduled)}
	of["officer.repeated"] = []string{string(mahalla.RepeatedPeople), string(mahalla.RepeatedPlace)}
	for _, p := range mahalla.ReminderPlans() {
		of["remind.kind"] = append(of["remind.kind"], string(p.Kind))
	}
	of["remind.snooze"] = []string{snoozeHour, snoozeMorning}
	of["remind.short"] = []string{string(mahalla.RemindThursday), string(mahalla.RemindQuarterly), string(mahalla.RemindCustom)}
	for _, a := range mahalla.Audiences() {
		of["audience"] = append(of["audience"], string(a))
	}
	of["recur.holiday"] = []string{"stays", string(mahalla.HolidayBefore), string(mahalla.HolidayAfter), string(mahalla.HolidaySkip)}
	sittingFamilies(of)
	of["date.month"] = strings.Fields("january february march april may june july august september october november december")
	of["date.weekday"] = strings.Fields("sunday monday tuesday wednesday thursday friday saturday")
	for _, list := range []string{"recur.weekly", "recur.other", "recur.nth", "recur.last"} {
		of[list] = of["date.weekday"]
	}
	return of
}

// sittingFamilies adds the families of what happens at a sitting and after it.
func sittingFamilies(of map[string][]string) {
	for _, with := range mahalla.HearingOutcomes() {
		for _, family := range []string{"held.outcome", "held.press", "notice.heard", "sided"} {
			of[family] = append(of[family], string(with))
		}
	}
	of["notice.heard_again"] = []string{string(mahalla.OutcomeNotAgreed), string(mahalla.OutcomeOneAbsent)}
	for _, seat := range []mahalla.Seat{mahalla.SeatChair, mahalla.SeatSecretary, mahalla.SeatMember, mahalla.SeatSubstitute, mahalla.SeatParty, mahalla.SeatMediator} {
		of["held.seat"] = append(of["held.seat"], string(seat))
	}
	of["paper.sign"] = []string{string(mahalla.SeatChair), string(mahalla.SeatSecretary), string(mahalla.SeatMediator)}
	for _, does := range []mahalla.Does{mahalla.DoesReader, mahalla.DoesOther, mahalla.DoesNamed} {
		of["sided.does"] = append(of["sided.does"], string(does))
	}
	of["meeting.news"] = []string{newsLeft, newsSide, newsUnheld}
	of["convene"] = []string{argLeft, argJoined}
	of["held"] = []string{"side_absent_press", "side_present_press"}
	for _, news := range []mahalla.SittingNews{mahalla.SittingUnwritten, mahalla.SittingLapsed, mahalla.SittingClosed, mahalla.SittingBroken, mahalla.SittingUnsigned, mahalla.SittingAlone} {
		of["sitting"] = append(of["sitting"], string(news))
	}
	for _, act := range []MinutesAct{ActList, ActPaper, ActSend, ActSign, ActReturn, ActCorrect} {
		of["word.minutes"] = append(of["word.minutes"], string(act))
	}
	for n := range mahalla.UsualSeries(mahalla.Date{}) {
		of["series"] = append(of["series"], fmt.Sprintf("usual_%d", n))
	}
}

// notKeys look like keys of texts and are something else: a question, and kinds
// of notices and dialogues.
var notKeys = []string{"ask.phone", "sitting.say", "sitting.ask", "series.draft"}

// spare are the texts that nothing shows yet.
var spare = []string{"bot.name", "button.cancel", "draft.category", "error.place_unknown", "officer.voice", "til.done"}

// written finds the keys that stand in the code as they are.
func written(t *testing.T, keys []string) (used map[string]bool) {
	t.Helper()
	groups := map[string]bool{}
	for _, key := range keys {
		head, _, _ := strings.Cut(key, ".")
		groups[head] = true
	}
	looks := regexp.MustCompile(`^[a-z]+(\.[A-Za-z0-9_-]+)+$`)
	used = map[string]bool{}
	trees, at := sources(t, "casework", "handlers", "locales", "cmd", "bot", "scheduler")
	for _, tree := range trees {
		ast.Inspect(tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok {
				return true
			}
			text, _ := literal(lit)
			head, _, _ := strings.Cut(text, ".")
			if !looks.MatchString(text) || !groups[head] || slices.Contains(notKeys, text) {
				return true
			}
			if !slices.Contains(keys, text) {
				t.Errorf("%s: there is no text %q", at.Position(n.Pos()), text)
			}
			used[text] = true
			return true
		})
	}
	return used
}

func TestEveryTextThatTheProgramNamesIsThereAndNoOther(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	keys := catalogue.Keys(mahalla.UzLatn)
	used := written(t, keys)
	for prefix, members := range families(g) {
		for _, m := range members {
			key := prefix + "." + m
			if used[key] = true; !slices.Contains(keys, key) {
				t.Errorf("there is no text %q", key)
			}
		}
	}
	for _, key := range spare {
		if used[key] || !slices.Contains(keys, key) {
			t.Errorf("%q is not spare", key)
		}
		used[key] = true
	}
	for _, key := range keys {
		if !used[key] {
			t.Errorf("nothing shows %q", key)
		}
	}
}

func TestTheCheckOfAScreenNoticesWhatIsWrong(t *testing.T) {
	t.Parallel()
	button := func(label string, p mahalla.Press) mahalla.Screen {
		return mahalla.Screen{Text: "x", Rows: [][]mahalla.Button{{{Label: label, Press: p}}}}
	}
	press := mahalla.Press{Verb: "card", Subject: 1 << 60}
	for name, s := range map[string]mahalla.Screen{
		"nothing":                    {},
		"only spaces":                {Text: "<b> </b>"},
		"a tag that is not closed":   {Text: "<b>x"},
		"tags that cross":            {Text: "<b><i>x</b></i>"},
		"a tag of a person":          {Text: "<script>x</script>"},
		"a bare &":                   {Text: "a & b"},
		"a torn entity":              {Text: "a &am"},
		"too long":                   {Text: strings.Repeat("👍", 2049)},
		"a template":                 {Text: "{{.name}}"},
		"a verb of fmt":              {Text: "%!d(string=x)"},
		"words out of a quotation":   {Text: "<blockquote>x</blockquote>" + theirs},
		"a direction mark":           {Text: "a\u202eb"},
		"an empty label":             button("", press),
		"a long label":               button(strings.Repeat("x", 21), press),
		"a label with a space":       button(" x", press),
		"too much data":              button("x", mahalla.Press{Verb: strings.Repeat("v", 40), Subject: 1 << 60}),
		"data that needs an escape":  button("x", mahalla.Press{Verb: "v", Arg: "a:b"}),
		"an empty row":               {Text: "x", Rows: [][]mahalla.Button{{}}},
		"five rows":                  {Text: "x", Rows: slices.Repeat(button("x", press).Rows, 5)},
		"a command with a capital":   {Menu: []mahalla.Command{{Name: "Til", Text: "x"}}},
		"an album beside a keyboard": {Media: media(3), Rows: button("x", press).Rows},
	} {
		if len(complaints(s)) == 0 {
			t.Errorf("%s was not noticed", name)
		}
	}
	good := button("20 units are allowed", press)
	good.Text = "<b>x</b> &lt;&amp; <blockquote>" + theirs + " {{}} </blockquote>" + strings.Repeat("&amp;", 4000)
	if list := complaints(good); len(list) != 0 {
		t.Errorf("a good one: %s", fmt.Sprint(list))
	}
}
