package storage

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

const caseColumns = `
	cases.id, number, reporter_id, place_id, category, urgency, secrecy, status, cases.round, cases.level, filed_at, ladder,
	coalesce(owner_id, 0), own_level, cases.accepted_at, promised_at, closed_at, closing, withdrawn_at,
	verdict, judged_at, rating, reopened, additions, asked_at, postponed, checked_at, offered, coalesce(merged_into, 0),
	resolution, claim, coalesce(merged_by, 0), coalesce(confirmed_by, 0), ` + duplicatesOfCase + `,
	erased_at, alias, CASE WHEN alias <> '' THEN (SELECT person FROM links WHERE links.case_id = cases.id) END,
	(SELECT coalesce(json_agg(json_build_object(
			'Person', person_id, 'Role', role, 'Level', assignments.level, 'Told', told_at, 'Unreachable', unreachable) ORDER BY ordinal), '[]')
		FROM assignments WHERE assignments.case_id = cases.id AND assignments.round = cases.round),
	ARRAY(SELECT watchers.person_id FROM watchers WHERE watchers.case_id = cases.id ORDER BY watchers.person_id),
	(SELECT json_agg(json_build_object('Person', joins.person_id, 'At', joins.at) ORDER BY joins.at, joins.person_id)
		FROM joins WHERE joins.case_id = cases.id AND undone_at IS NULL),
	` + offersOfCase

func (tx *Tx) scanCase(rows pgx.Rows) (*mahalla.Case, error) {
	c := &mahalla.Case{}
	var ladder, assignments, joined, offers, resolution, claim, duplicates, sealed []byte
	var accepted, promised, closed, withdrawn, judged, asked, checked, erased *time.Time
	err := rows.Scan(&c.ID, &c.Number, &c.Reporter, &c.Place, &c.Category, &c.Urgency, &c.Secrecy, &c.Status, &c.Round, &c.Level,
		&c.FiledAt, &ladder, &c.Owner, &c.OwnLevel, &accepted, &promised, &closed, &c.Closing, &withdrawn,
		&c.Verdict, &judged, &c.Rating, &c.Reopened, &c.Additions, &asked, &c.Postponed, &checked, &c.Offered, &c.MergedInto,
		&resolution, &claim, &c.MergedBy, &c.ConfirmedBy, &duplicates, &erased, &c.Alias, &sealed, &assignments, &c.Watchers, &joined, &offers)
	if err != nil {
		return nil, err
	}
	c.AcceptedAt, c.Promised, c.ClosedAt = value(accepted), value(promised), value(closed)
	c.WithdrawnAt, c.JudgedAt, c.AskedAt = value(withdrawn), value(judged), value(asked)
	c.CheckedAt, c.ErasedAt = value(checked), value(erased)
	who, err := tx.learn(c.ID, c.Alias, sealed)
	if err != nil {
		return nil, err
	}
	if who.alias {
		c.Reporter = who.Person
	}
	if c.MergedInto == 0 { // a previous release leaves it
		c.MergedBy = 0
	}
	for _, part := range []struct {
		raw  []byte
		into any
	}{{ladder, &c.Ladder}, {resolution, &c.Resolution}, {assignments, &c.Assignments}, {claim, &c.Claim}, {joined, &c.Joined}, {offers, &c.Offers}, {duplicates, &c.Duplicates}} {
		if part.raw != nil {
			err = errors.Join(err, json.Unmarshal(part.raw, part.into))
		}
	}
	return c, err
}

// value turns NULL into the zero time.
func value(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// optionalID turns an id that is zero into NULL.
func optionalID[ID ~int64](id ID) *ID {
	if id == 0 {
		return nil
	}
	return &id
}

// LockCase reads a case and holds it until the transaction ends. An unknown id
// is refused as "case_not_found".
func (tx *Tx) LockCase(id mahalla.CaseID) (*mahalla.Case, error) {
	// The row is locked in a statement of its own: a later one sees what was
	// committed while this one waited, its assignments included.
	tx.write("SELECT FROM cases WHERE id = $1 FOR UPDATE", id)
	return tx.Case(id)
}

// Case reads a case without holding it.
func (tx *Tx) Case(id mahalla.CaseID) (*mahalla.Case, error) {
	return tx.oneCase("SELECT "+caseColumns+" FROM cases WHERE id = $1", id)
}

// CaseByNumber finds a case by its public number without holding it.
func (tx *Tx) CaseByNumber(n mahalla.Number) (*mahalla.Case, error) {
	return tx.oneCase("SELECT "+caseColumns+" FROM cases WHERE number = $1", n)
}

// CaseByNumberAt is CaseByNumber of a case at one of some places.
func (tx *Tx) CaseByNumberAt(n mahalla.Number, places []mahalla.TerritoryID) (*mahalla.Case, error) {
	return tx.oneCase("SELECT "+caseColumns+" FROM cases WHERE number = $1 AND place_id = ANY($2)", n, places)
}

func (tx *Tx) oneCase(sql string, key ...any) (*mahalla.Case, error) {
	var c *mahalla.Case
	err := tx.read(sql, func(rows pgx.Rows) (err error) {
		c, err = tx.scanCase(rows)
		return err
	}, key...)
	if err == nil && c == nil {
		err = mahalla.Refuse(mahalla.NotFound, "case_not_found")
	}
	return c, err
}

// caseIDs reads cases by a query whose only column is their id.
func (tx *Tx) caseIDs(sql string, args ...any) ([]mahalla.CaseID, error) {
	var list []mahalla.CaseID
	err := tx.read(sql, func(rows pgx.Rows) error {
		var id mahalla.CaseID
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, args...)
	return list, err
}

// FreeNumber tells whether no case has the number yet.
func (tx *Tx) FreeNumber(n mahalla.Number) (bool, error) {
	free := true
	err := tx.read("SELECT FROM cases WHERE number = $1", func(pgx.Rows) error {
		free = false
		return nil
	}, n)
	return free, err
}

// AddCase writes a new case with the assignments of its first round. Where its
// reporter is not named Link follows.
func (tx *Tx) AddCase(c *mahalla.Case) error {
	ladder, err := json.Marshal(c.Ladder)
	resolution, err2 := json.Marshal(c.Resolution)
	if err := errors.Join(err, err2); err != nil {
		return wrap(err)
	}
	reporter := c.Reporter
	tx.keepLink(c.ID, link{alias: c.Alias != "", linked: linked{Person: c.Reporter}})
	if c.Alias != "" {
		reporter = nobody
	}
	tx.write(`
		INSERT INTO cases (id, number, reporter_id, place_id, category, urgency, secrecy, status, round, level, filed_at, ladder, next_beat_at,
			offered, resolution, alias)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		c.ID, c.Number, reporter, c.Place, c.Category, c.Urgency, c.Secrecy, c.Status, c.Round, c.Level, c.FiledAt, ladder, optional(c.NextBeat()),
		c.Offered, resolution, c.Alias)
	tx.saveAssignments(c)
	return nil
}

// SaveCase writes everything about a case that can change. The caller holds it.
func (tx *Tx) SaveCase(c *mahalla.Case) error {
	ladder, err := json.Marshal(c.Ladder)
	resolution, err2 := json.Marshal(c.Resolution)
	claim, err3 := claimOf(c)
	if err := errors.Join(err, err2, err3); err != nil {
		return wrap(err)
	}
	tx.write(`
		UPDATE cases SET
			urgency = $2, status = $3, round = $4, level = $5, ladder = $6, next_beat_at = $7,
			owner_id = $8, own_level = $9, accepted_at = $10, promised_at = $11, closed_at = $12, closing = $13,
			withdrawn_at = $14, verdict = $15, judged_at = $16, rating = $17, reopened = $18, additions = $19,
			asked_at = $20, postponed = $21, checked_at = $22, offered = $23, merged_into = $24,
			resolution = $25, resolve_by = $26, claim = $27, place_id = $28, merged_by = $29, confirmed_by = $30
		WHERE id = $1`,
		c.ID, c.Urgency, c.Status, c.Round, c.Level, ladder, optional(c.NextBeat()),
		optionalID(c.Owner), c.OwnLevel, optional(c.AcceptedAt), optional(c.Promised), optional(c.ClosedAt), c.Closing,
		optional(c.WithdrawnAt), c.Verdict, optional(c.JudgedAt), c.Rating, c.Reopened, c.Additions,
		optional(c.AskedAt), c.Postponed, optional(c.CheckedAt), c.Offered, optionalID(c.MergedInto),
		resolution, optional(c.ResolveBy()), claim, c.Place, optionalID(c.MergedBy), optionalID(c.ConfirmedBy))
	tx.saveAssignments(c)
	tx.saveOffers(c)
	return nil
}

// claimOf is the owner's claim as it is stored; NULL when there is none.
func claimOf(c *mahalla.Case) ([]byte, error) {
	if !c.Claimed() {
		return nil, nil
	}
	return json.Marshal(c.Claim)
}

func (tx *Tx) saveAssignments(c *mahalla.Case) {
	n := len(c.Assignments)
	if n == 0 {
		return
	}
	people, levels, told, unreachable := make([]mahalla.PersonID, n), make([]int, n), make([]time.Time, n), make([]bool, n)
	roles := make([]string, n)
	for i, a := range c.Assignments {
		roles[i] = string(a.Role)
		people[i], levels[i], told[i], unreachable[i] = a.Person, int(a.Level), a.Told, a.Unreachable
	}
	tx.write(`
		INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at, unreachable, accepted_at)
		SELECT $1, $2, person, ordinal, role, level, told, $7, unreachable, CASE WHEN person = $8 THEN $9::timestamptz END
		FROM unnest($3::bigint[], $4::int[], $5::timestamptz[], $6::bool[], $10::text[]) WITH ORDINALITY
			AS new (person, level, told, unreachable, role, ordinal)
		ON CONFLICT (case_id, round, person_id) DO UPDATE SET
			unreachable = excluded.unreachable, accepted_at = excluded.accepted_at
		WHERE (assignments.unreachable, assignments.accepted_at) IS DISTINCT FROM (excluded.unreachable, excluded.accepted_at)`,
		c.ID, c.Round, people, levels, told, unreachable, c.Ladder.Due, int64(c.Owner), optional(c.AcceptedAt), roles)
}

// AddEvent appends a line to the history of a case.
func (tx *Tx) AddEvent(c mahalla.CaseID, e mahalla.Event) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	if !e.OfOfficers() { // or the one that names nobody would tell who it is
		if e.By, err = tx.rowPerson(c, e.By); err != nil {
			return err
		}
		if e.About, err = tx.rowPerson(c, e.About); err != nil {
			return err
		}
	}
	words, err := tx.db.seals.seal("case_events", "words", rowID(id), []byte(e.Text))
	if err != nil {
		return err
	}
	mac := tx.db.seals.eventMAC(eventRow{id, int64(c), string(e.Kind), e.At, int64(e.By), int64(e.About), int(e.Level), e.Late, e.Note})
	tx.write(`
		INSERT INTO case_events (id, case_id, kind, at, by_id, about_id, level, late, note, words, mac)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		id, c, e.Kind, e.At, optionalID(e.By), optionalID(e.About), e.Level, e.Late, e.Note, words, mac)
	return nil
}

// Events reads the history of a case, oldest first.
func (tx *Tx) Events(c mahalla.CaseID) ([]mahalla.Event, error) {
	var list []mahalla.Event
	err := tx.read(`
		SELECT id, kind, at, coalesce(by_id, 0), coalesce(about_id, 0), level, late, note, words
		FROM case_events WHERE case_id = $1 ORDER BY at, id`,
		func(rows pgx.Rows) error {
			var e mahalla.Event
			var id int64
			var words []byte
			err := rows.Scan(&id, &e.Kind, &e.At, &e.By, &e.About, &e.Level, &e.Late, &e.Note, &words)
			if err != nil {
				return err
			}
			plain, err := tx.db.seals.open("case_events", "words", rowID(id), words)
			e.Text = string(plain)
			list = append(list, e)
			return err
		}, c)
	return list, err
}

// HeldBy lists the cases that count on a person: those that wait and that the
// person was told of in their present round, those that are the person's, and
// those of which the person is asked whether they are false.
func (tx *Tx) HeldBy(p mahalla.PersonID) ([]mahalla.CaseID, error) {
	return tx.caseIDs(`
		SELECT cases.id FROM assignments
		JOIN cases ON cases.id = assignments.case_id AND cases.round = assignments.round
		WHERE person_id = $1 AND NOT unreachable AND (status = 'new'
			OR status IN ('accepted', 'waiting') AND (owner_id = $1 OR claim->'asked' @> to_jsonb($1::bigint)))
		ORDER BY cases.id`, p)
}

// MissedBy lists the cases that wait for somebody and that a person was told
// of without being in reach.
func (tx *Tx) MissedBy(p mahalla.PersonID) ([]mahalla.CaseID, error) {
	return tx.caseIDs(`
		SELECT cases.id FROM assignments
		JOIN cases ON cases.id = assignments.case_id AND cases.round = assignments.round
		WHERE person_id = $1 AND unreachable AND status IN ('new', 'accepted', 'waiting')
		ORDER BY cases.id`, p)
}

// FiledAt counts the reports of a place since a moment, this transaction's too.
func (tx *Tx) FiledAt(place mahalla.TerritoryID, since time.Time) (int, error) {
	count := 0
	err := tx.read("SELECT count(*) FROM cases WHERE place_id = $1 AND filed_at > $2",
		func(rows pgx.Rows) error { return rows.Scan(&count) }, place, since)
	return count, err
}

// FiledSince lists when a person filed reports after a moment, oldest first.
func (tx *Tx) FiledSince(p mahalla.PersonID, since time.Time) ([]time.Time, error) {
	var list []time.Time
	err := tx.read(`
		SELECT filed_at FROM cases WHERE reporter_id = $1 AND filed_at > $2
		UNION ALL SELECT filed_at FROM links JOIN cases ON id = case_id WHERE look_up = ANY($3) AND filed_at > $2
		ORDER BY filed_at`,
		func(rows pgx.Rows) error {
			var t time.Time
			err := rows.Scan(&t)
			list = append(list, t)
			return err
		}, p, since, tx.db.seals.lookUps(p))
	return list, err
}

// AskedOf lists the cases in which a person's answer is waited for since a moment
// after the one given, to a question that is no secret or has been read.
func (tx *Tx) AskedOf(p mahalla.PersonID, after time.Time) ([]mahalla.CaseID, error) {
	var list []mahalla.CaseID
	const unread = " AND NOT EXISTS (SELECT FROM knocks WHERE knocks.case_id = cases.id AND since IS NOT NULL)"
	err := tx.read(`
		SELECT id FROM cases WHERE reporter_id = $1 AND status = 'waiting' AND asked_at > $2`+unread+`
		UNION ALL SELECT id FROM links JOIN cases ON id = links.case_id
			WHERE look_up = ANY($3) AND status = 'waiting' AND asked_at > $2`+unread+`
		ORDER BY id`,
		func(rows pgx.Rows) error {
			var id mahalla.CaseID
			err := rows.Scan(&id)
			list = append(list, id)
			return err
		}, p, after, tx.db.seals.lookUps(p))
	return list, err
}

// HappenedSince tells whether something has happened to a case after something
// else did last.
func (tx *Tx) HappenedSince(c mahalla.CaseID, what, last mahalla.EventKind) (bool, error) {
	found := false
	err := tx.read(`SELECT true FROM case_events WHERE case_id = $1 AND kind = $2 AND id > coalesce(
			(SELECT max(id) FROM case_events WHERE case_id = $1 AND kind = $3), 0) LIMIT 1`, func(pgx.Rows) error {
		found = true
		return nil
	}, c, what, last)
	return found, err
}

// Happened tells whether something has happened to a case, ever.
func (tx *Tx) Happened(c mahalla.CaseID, what mahalla.EventKind) (bool, error) {
	found := false
	err := tx.read("SELECT true FROM case_events WHERE case_id = $1 AND kind = $2 LIMIT 1", func(pgx.Rows) error {
		found = true
		return nil
	}, c, what)
	return found, err
}
