package storage

import (
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// ReportKind says whose words they are, and when they were said.
type ReportKind string

// The kinds of reports of a case.
const (
	KindReport    ReportKind = "report"    // what the case began with
	KindAddition  ReportKind = "addition"  // by the reporter, later
	KindResult    ReportKind = "result"    // by the officer who closed it
	KindReopening ReportKind = "reopening" // by the reporter who is not content
	KindQuestion  ReportKind = "question"  // by the owner
	KindAnswer    ReportKind = "answer"    // by the reporter, to a question
	KindNote      ReportKind = "note"      // by the owner, for officers only
	KindClaim     ReportKind = "claim"     // by the owner: why the report is false; a result once it is confirmed
	KindDuplicate ReportKind = "duplicate" // of a case that was given up for this one: in no row, and for officers only
)

// ByReporter tells whether the words are the reporter's own.
func (k ReportKind) ByReporter() bool {
	return k != KindResult && k != KindQuestion && k != KindNote && k != KindClaim && k != KindDuplicate
}

// OfResult tells whether the words are what the reporter reads as the result.
func (k ReportKind) OfResult() bool { return k == KindResult || k == KindClaim }

// Report is what somebody said about a case at one moment.
type Report struct {
	ID       int64
	Kind     ReportKind
	Person   mahalla.PersonID
	Words    string
	Template mahalla.Template // a ready sentence in the place of words
	Media    []mahalla.Media
	At       time.Time
	Of       mahalla.Number // of the case that was given up, if it is of one
}

// AddReport seals and writes what was said, with its media. Without an id of
// its own it gets one.
func (tx *Tx) AddReport(c mahalla.CaseID, r Report) error {
	id, err := r.ID, error(nil)
	if id == 0 {
		id, err = tx.NewID()
	}
	if err != nil {
		return err
	}
	words, err := tx.db.seals.seal("reports", "words", rowID(id), []byte(r.Words))
	if err != nil {
		return err
	}
	if r.Person, err = tx.rowPerson(c, r.Person); err != nil {
		return err
	}
	tx.write("INSERT INTO reports (id, case_id, person_id, kind, words, at, template) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		id, c, r.Person, r.Kind, words, r.At, r.Template)
	return tx.addAttachments(id, 0, r.Media)
}

// ExtendReport adds to what was said, as later parts of an album do. The caller
// holds the case and has read the report under that lock.
func (tx *Tx) ExtendReport(r Report, words string, media []mahalla.Media) error {
	if words != "" {
		if r.Words != "" {
			words = r.Words + "\n" + words
		}
		sealed, err := tx.db.seals.seal("reports", "words", rowID(r.ID), []byte(words))
		if err != nil {
			return err
		}
		tx.write("UPDATE reports SET words = $2 WHERE id = $1", r.ID, sealed)
	}
	return tx.addAttachments(r.ID, len(r.Media), media)
}

func (tx *Tx) addAttachments(report int64, from int, media []mahalla.Media) error {
	for i, m := range media {
		if err := tx.addAttachment(report, from+i, m); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) addAttachment(report int64, ordinal int, m mahalla.Media) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	file, err := tx.db.seals.seal("attachments", "file", rowID(id), []byte(m.File))
	if err != nil {
		return err
	}
	caption, err := tx.db.seals.seal("attachments", "caption", rowID(id), []byte(m.Caption))
	if err != nil {
		return err
	}
	tx.write("INSERT INTO attachments (id, report_id, ordinal, kind, file, caption, seconds) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		id, report, ordinal, m.Kind, file, caption, m.Seconds)
	return nil
}

// View is everything that a card of a case may show.
type View struct {
	Case         *mahalla.Case
	Reports      []Report // oldest first, with the media of each
	OwnerName    string
	ReporterName string
	ReporterLost bool // nothing can be told to the reporter
	Reader       *Contact

	ReporterPhone string // where the reporter gave it for this case
	Knock         mahalla.Knock
	Behalf        mahalla.Behalf // empty where the reporter speaks for himself
	Item          *mahalla.Item  // of an agenda, where one is under way
	Heard         Heard          // in a commission
	Proposed      bool           // to a commission, at any time

	Repetition mahalla.Repetition // of several cases, so many
	Repeats    int
}

const reportsOfCase = `
	SELECT reports.id, reports.kind, person_id, words, at, template,
		attachments.id, attachments.kind, file, caption, seconds, reports.number
	FROM ` + reportsAndDuplicates + ` LEFT JOIN attachments ON report_id = reports.id
	ORDER BY reports.number <> 0, reports.at, reports.id, ordinal, attachments.id`

// View reads a case as one reader sees it, without holding anything.
func (tx *Tx) View(c mahalla.CaseID, reader mahalla.PersonID) (View, error) {
	var v View
	var has []bool
	err := tx.readAll([]query{
		{"SELECT " + caseColumns + " FROM cases WHERE id = $1", []any{c}, func(rows pgx.Rows) (err error) {
			v.Case, err = tx.scanCase(rows)
			return err
		}},
		{reportsOfCase, []any{c}, func(rows pgx.Rows) error { return tx.scanReport(rows, &v.Reports) }},
		{"SELECT people.id, name, people.id = owner_id, reach = 'blocked' FROM people JOIN cases ON people.id IN (owner_id, reporter_id) WHERE cases.id = $1",
			[]any{c}, func(rows pgx.Rows) error { return tx.scanName(rows, &v) }},
		{asidesOf, []any{c}, func(rows pgx.Rows) error { return rows.Scan(&has, &v.Repetition, &v.Repeats) }},
		{"SELECT " + contactColumns + " FROM people LEFT JOIN dialogues ON dialogues.person_id = people.id WHERE people.id = $1",
			[]any{reader}, func(rows pgx.Rows) (err error) {
				v.Reader, err = tx.scanContact(rows)
				return err
			}},
	})
	if err == nil && v.Case == nil {
		err = mahalla.Refuse(mahalla.NotFound, "case_not_found")
	}
	if err == nil && slices.Contains(has, true) {
		err = tx.asides(&v, c, reader, has)
	}
	if err == nil && v.Case.Alias != "" {
		unmask(v.Reports, v.Case.Reporter)
		v.ReporterName, v.ReporterLost = "", false
	}
	return v, err
}

// asidesOf tells which of the asides a case has: few have any, and each would be a
// statement for every card. And of how many cases it is one.
const asidesOf = `SELECT ARRAY[
	EXISTS (SELECT FROM shown_phones WHERE case_id = $1), EXISTS (SELECT FROM behalves WHERE case_id = $1),
	EXISTS (SELECT FROM knocks WHERE case_id = $1), EXISTS (SELECT FROM agenda_items WHERE case_id = $1)],
	coalesce((SELECT kind FROM repeats WHERE case_id = $1), ''), coalesce((SELECT cases FROM repeats WHERE case_id = $1), 0)`

// asides reads those that there are.
func (tx *Tx) asides(v *View, c mahalla.CaseID, reader mahalla.PersonID, has []bool) error {
	var wanted []query
	v.Proposed = has[len(has)-1]
	for n, q := range []query{
		{shownPhone, []any{c}, func(rows pgx.Rows) error { return tx.scanPhone(rows, v) }},
		{behalfOf, []any{c}, func(rows pgx.Rows) error { return tx.scanBehalf(rows, v) }},
		{knockOf, []any{c}, func(rows pgx.Rows) error { return scanKnock(rows, &v.Knock) }},
		{heardOf, []any{c, reader}, func(rows pgx.Rows) error { return scanHeard(rows, &v.Heard) }},
	} {
		if has[n] {
			wanted = append(wanted, q)
		}
	}
	return tx.readAll(wanted)
}

// scanName opens the name of the owner or the reporter of a case.
func (tx *Tx) scanName(rows pgx.Rows, v *View) error {
	var id int64
	var sealed []byte
	var owner *bool
	var lost bool
	if err := rows.Scan(&id, &sealed, &owner, &lost); err != nil {
		return err
	}
	plain, err := tx.db.seals.open("people", "name", rowID(id), sealed)
	if owner != nil && *owner {
		v.OwnerName = string(plain)
	} else {
		v.ReporterName, v.ReporterLost = string(plain), lost
	}
	return err
}

// Reports reads what was said about a case, oldest first.
func (tx *Tx) Reports(c mahalla.CaseID) ([]Report, error) {
	var list []Report
	who, err := tx.linkOf(c)
	if err != nil {
		return nil, err
	}
	err = tx.read(reportsOfCase, func(rows pgx.Rows) error { return tx.scanReport(rows, &list) }, c)
	unmask(list, who.Person)
	return list, err
}

// scanReport reads one row of reports joined with attachments: the rows of one
// report follow each other.
func (tx *Tx) scanReport(rows pgx.Rows, list *[]Report) error {
	var r Report
	var words, file, caption []byte
	var attachment *int64
	var kind *mahalla.MediaKind
	var seconds *int
	err := rows.Scan(&r.ID, &r.Kind, &r.Person, &words, &r.At, &r.Template, &attachment, &kind, &file, &caption, &seconds, &r.Of)
	if err != nil {
		return err
	}
	if n := len(*list); n == 0 || (*list)[n-1].ID != r.ID {
		plain, err := tx.db.seals.open("reports", "words", rowID(r.ID), words)
		if err != nil {
			return err
		}
		r.Words = string(plain)
		*list = append(*list, r)
	}
	if attachment == nil {
		return nil
	}
	m := mahalla.Media{Kind: *kind, Seconds: *seconds}
	plainFile, err := tx.db.seals.open("attachments", "file", rowID(*attachment), file)
	if err != nil {
		return err
	}
	plainCaption, err := tx.db.seals.open("attachments", "caption", rowID(*attachment), caption)
	if err != nil {
		return err
	}
	m.File, m.Caption = string(plainFile), string(plainCaption)
	last := &(*list)[len(*list)-1]
	last.Media = append(last.Media, m)
	return nil
}

// CaseLine is a case in a list.
type CaseLine struct {
	ID       mahalla.CaseID
	Number   mahalla.Number
	Place    mahalla.TerritoryID
	Category mahalla.CategoryCode
	Status   mahalla.Status
	FiledAt  time.Time
	Due      time.Time
	Promised time.Time
	Round    int
	Beat     time.Time
	Urgent   bool // on the urgent clock

	ResolveBy time.Time // while the clock towards the result runs
}

const (
	lineColumns = `cases.id, number, place_id, category, status, filed_at` + lineClocks
	lineClocks  = `, (ladder->>'due')::timestamptz, promised_at, cases.round, next_beat_at, resolve_by, cases.urgency`
)

// ownColumns are the same of a case as its reporter sees it: where an officer gave
// it up, it stands where the other one does.
const ownColumns = `cases.id, number, place_id, category,
	coalesce((SELECT other.status FROM cases AS other WHERE cases.merged_by IS NOT NULL AND other.id = cases.merged_into), status), filed_at` + lineClocks

func scanLine(rows pgx.Rows, list *[]CaseLine) error {
	var l CaseLine
	var promised, beat, resolve *time.Time
	var urgency mahalla.Urgency
	err := rows.Scan(&l.ID, &l.Number, &l.Place, &l.Category, &l.Status, &l.FiledAt, &l.Due, &promised, &l.Round, &beat, &resolve, &urgency)
	l.Urgent = mahalla.ClassOf(urgency) == mahalla.Urgent
	l.Promised, l.Beat, l.ResolveBy = value(promised), value(beat), value(resolve)
	*list = append(*list, l)
	return err
}

// spokenOf are the cases that a person ($1) reported, named or not ($2), or
// joined, without those that the person gave up for one of them. It is asked for as an
// array: of a table that it has not measured yet, PostgreSQL would walk through all of
// it for each of its rows.
const spokenOf = `SELECT id FROM cases WHERE reporter_id = $1 AND (merged_into IS NULL OR merged_by IS NOT NULL)
	UNION ALL SELECT case_id FROM links WHERE look_up = ANY($2)
	UNION ALL SELECT case_id FROM joins WHERE person_id = $1 AND undone_at IS NULL`

// CasesOfReporter lists what a person reported or joined, the newest first, and
// how many they are.
func (tx *Tx) CasesOfReporter(p mahalla.PersonID, offset, limit int) ([]CaseLine, int, error) {
	return tx.lines("SELECT "+ownColumns+" FROM cases WHERE id = ANY (ARRAY("+spokenOf+")) ORDER BY filed_at DESC, id DESC LIMIT $3 OFFSET $4",
		"SELECT count(*) FROM ("+spokenOf+") AS mine", []any{p, tx.db.seals.lookUps(p)}, offset, limit)
}

// CasesOfOfficer lists what an officer has to do: cases that wait for somebody
// who was told, and those that are the officer's own, the most pressing first. At
// are the places where the officer answers now: see stillOver.
func (tx *Tx) CasesOfOfficer(p mahalla.PersonID, at []mahalla.TerritoryID, offset, limit int) ([]CaseLine, int, error) {
	const mine = ` FROM cases JOIN assignments ON assignments.case_id = cases.id AND assignments.round = cases.round
		WHERE person_id = $1 AND (status = 'new' OR status IN ('accepted', 'waiting') AND owner_id = $1)` + stillOver
	return tx.lines("SELECT "+lineColumns+mine+` ORDER BY status = 'new' DESC, coalesce(promised_at, filed_at), cases.id LIMIT $3 OFFSET $4`,
		"SELECT count(*)"+mine, []any{p, notNil(at)}, offset, limit)
}

// stillOver are the cases that a person ($1) may still be shown who was told of
// them: where the person stands over the place by now ($2), and with any such place
// those that the person owns or was given.
const stillOver = ` AND cardinality($2::bigint[]) > 0 AND (owner_id = $1
	OR EXISTS (SELECT FROM territories WHERE territories.id = place_id AND path && $2::bigint[])
	OR EXISTS (SELECT FROM offers WHERE offers.case_id = cases.id AND to_id = $1
		AND (kind = 'given' OR kind = 'elsewhere' AND offers.place_id IS NULL AND answer = 'taken')))`

// notNil is a list that is no NULL.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// OpenOf lists the open cases that a person reported or joined and that were
// filed since a moment, the newest first.
func (tx *Tx) OpenOf(p mahalla.PersonID, since time.Time, limit int) ([]mahalla.CaseID, error) {
	return tx.caseIDs("SELECT id FROM cases WHERE id = ANY (ARRAY("+spokenOf+`)) AND filed_at >= $3 AND status IN ('new', 'accepted', 'waiting')
		ORDER BY filed_at DESC, id DESC LIMIT $4`, p, tx.db.seals.lookUps(p), since, limit)
}

// lines reads a page and counts; both statements begin with the same arguments.
func (tx *Tx) lines(sql, count string, of []any, offset, limit int) ([]CaseLine, int, error) {
	var list []CaseLine
	var total int
	err := tx.readAll([]query{
		{sql, append(slices.Clone(of), limit, offset), func(rows pgx.Rows) error { return scanLine(rows, &list) }},
		{count, of, func(rows pgx.Rows) error { return rows.Scan(&total) }},
	})
	return list, total, err
}

// CaseLines reads some cases by id, in the order asked for.
func (tx *Tx) CaseLines(ids []mahalla.CaseID) ([]CaseLine, error) {
	var list []CaseLine
	err := tx.read("SELECT "+lineColumns+` FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place)
		JOIN cases ON cases.id = wanted.id ORDER BY place`,
		func(rows pgx.Rows) error { return scanLine(rows, &list) }, ids)
	return list, err
}
