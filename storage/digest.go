package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// TickState is how far a tick has come.
type TickState int

// The states of a tick.
const (
	TickUnderWay TickState = iota
	TickDone
	TickMissed
)

// Tick is one moment of a recurring job that goes out to many people.
type Tick struct {
	Job string
	At  time.Time
}

// LastTicks tells of every job the newest tick that is known.
func (tx *Tx) LastTicks() (map[string]time.Time, error) {
	last := map[string]time.Time{}
	err := tx.read("SELECT job, max(at) FROM ticks GROUP BY job", func(rows pgx.Rows) error {
		var t Tick
		err := rows.Scan(&t.Job, &t.At)
		last[t.Job] = t.At
		return err
	})
	return last, err
}

// NoteTick makes a tick known, unless it is.
func (tx *Tx) NoteTick(t Tick, state TickState) {
	tx.write("INSERT INTO ticks (job, at, state) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", t.Job, t.At, state)
}

// TicksUnderWay lists the ticks of digests that are not done, the oldest first.
func (tx *Tx) TicksUnderWay() ([]Tick, error) {
	var list []Tick
	err := tx.read("SELECT job, at FROM ticks WHERE state = 0 AND since IS NULL ORDER BY at, job", func(rows pgx.Rows) error {
		var t Tick
		err := rows.Scan(&t.Job, &t.At)
		list = append(list, t)
		return err
	})
	return list, err
}

// HoldTick holds a tick that is under way until the transaction ends, and tells
// after which person it goes on. It is not held when it is done, or when
// another replica holds it.
func (tx *Tx) HoldTick(t Tick) (after mahalla.PersonID, held bool, err error) {
	err = tx.read("SELECT reached FROM ticks WHERE job = $1 AND at = $2 AND state = 0 FOR UPDATE SKIP LOCKED",
		func(rows pgx.Rows) error {
			held = true
			return rows.Scan(&after)
		}, t.Job, t.At)
	return after, held, err
}

// MoveTick records how far a tick has come. The caller holds it.
func (tx *Tx) MoveTick(t Tick, reached mahalla.PersonID, state TickState) {
	tx.write("UPDATE ticks SET reached = $3, state = $4 WHERE job = $1 AND at = $2", t.Job, t.At, reached, state)
}

// RoleHolder is a person within reach in one of the roles asked for.
type RoleHolder struct {
	Recipient
	Role      mahalla.Role
	Territory mahalla.TerritoryID
}

// RoleHolders lists the next people within reach who hold any of the roles, in
// the order of their ids, a row for each membership. Limit counts people.
func (tx *Tx) RoleHolders(roles []mahalla.Role, after mahalla.PersonID, limit int, now time.Time) ([]RoleHolder, error) {
	var list []RoleHolder
	err := tx.read(`
		WITH next AS (
			SELECT DISTINCT person_id FROM memberships JOIN people ON people.id = person_id
			WHERE role = ANY($1) AND person_id > $2 AND reach = 'reachable'
				AND valid_from <= $4 AND (valid_until IS NULL OR valid_until > $4)
			ORDER BY person_id
			LIMIT $3)
		SELECT people.id, telegram_id, role, territory_id
		FROM next JOIN people ON people.id = next.person_id JOIN memberships ON memberships.person_id = next.person_id
		WHERE role = ANY($1) AND valid_from <= $4 AND (valid_until IS NULL OR valid_until > $4)
		ORDER BY people.id, memberships.id`,
		func(rows pgx.Rows) error {
			var h RoleHolder
			err := rows.Scan(&h.Person, &h.Chat, &h.Role, &h.Territory)
			list = append(list, h)
			return err
		}, roles, after, limit, now)
	return list, err
}

// TakeDigest gives people a digest of a day and tells who has not had it yet.
func (tx *Tx) TakeDigest(kind mahalla.Digest, day time.Time, people []mahalla.PersonID) (map[mahalla.PersonID]bool, error) {
	fresh := make(map[mahalla.PersonID]bool, len(people))
	err := tx.read(`
		INSERT INTO digests (kind, day, person_id)
		SELECT $1, $2, person FROM unnest($3::bigint[]) AS person ORDER BY person
		ON CONFLICT DO NOTHING RETURNING person_id`,
		func(rows pgx.Rows) error {
			var p mahalla.PersonID
			err := rows.Scan(&p)
			fresh[p] = true
			return err
		}, kind, day, people)
	return fresh, err
}

// ForgetDigests removes the memory of digests of days before one.
func (tx *Tx) ForgetDigests(kind mahalla.Digest, before time.Time) {
	tx.write("DELETE FROM digests WHERE kind = $1 AND day < $2", kind, before)
}

// StandingAt counts what is open at places, apart for secret cases and leaving
// a category out.
func (tx *Tx) StandingAt(places []mahalla.TerritoryID, without mahalla.CategoryCode, now time.Time) ([]mahalla.PlaceStanding, error) {
	var list []mahalla.PlaceStanding
	err := tx.read(`
		SELECT place_id, secrecy = 'secret',
			count(*) FILTER (WHERE status = 'new'),
			count(*) FILTER (WHERE status = 'new' AND (ladder->>'due')::timestamptz <= $2 OR status = 'accepted' AND least(promised_at, resolve_by) < $2)
		FROM cases
		WHERE place_id = ANY($1) AND status IN ('new', 'accepted', 'waiting') AND category <> $3
		GROUP BY 1, 2`,
		func(rows pgx.Rows) error {
			var s mahalla.PlaceStanding
			err := rows.Scan(&s.Place, &s.Secret, &s.Waiting, &s.Overdue)
			list = append(list, s)
			return err
		}, places, now, without)
	return list, err
}

// DoneAt counts the cases of places that were accepted, and those that were
// closed, in a stretch of time, leaving a category out.
func (tx *Tx) DoneAt(places []mahalla.TerritoryID, without mahalla.CategoryCode, from, to time.Time) (accepted, closed int, err error) {
	err = tx.readAll([]query{
		{`SELECT count(DISTINCT case_id) FROM assignments JOIN cases ON cases.id = case_id
			WHERE assignments.accepted_at >= $2 AND assignments.accepted_at < $3 AND place_id = ANY($1) AND category <> $4`,
			[]any{places, from, to, without}, func(rows pgx.Rows) error { return rows.Scan(&accepted) }},
		{"SELECT count(*) FROM cases WHERE place_id = ANY($1) AND closed_at >= $2 AND closed_at < $3 AND category <> $4",
			[]any{places, from, to, without}, func(rows pgx.Rows) error { return rows.Scan(&closed) }},
	})
	return accepted, closed, err
}

// WeeksAt counts by week what happened at places. The bounds are the beginnings
// of the weeks and the end of the last. The median is that of cases in their
// first round, from the start of the clock to the acceptance. A category is left
// out, and what was merged into another case counts as that one alone.
func (tx *Tx) WeeksAt(places []mahalla.TerritoryID, without mahalla.CategoryCode, bounds []time.Time) ([]mahalla.WeekFigures, error) {
	n := len(bounds) - 1
	list := make([]mahalla.WeekFigures, n)
	for i := range list {
		list[i].Begins = bounds[i]
	}
	err := tx.readAll([]query{
		{`SELECT width_bucket(filed_at, $2::timestamptz[]) - 1, count(*), count(waited), coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY waited), 0)
			FROM (
				SELECT filed_at, CASE WHEN round = 1 AND accepted_at IS NOT NULL
					THEN greatest(0, extract(epoch FROM accepted_at - greatest(filed_at, (ladder->>'starts')::timestamptz)))::float8 END AS waited
				FROM cases WHERE place_id = ANY($1) AND filed_at >= $3 AND filed_at < $4 AND category <> $5 AND merged_into IS NULL) AS filed
			GROUP BY 1`,
			[]any{places, bounds, bounds[0], bounds[n], without}, func(rows pgx.Rows) error {
				var week, filed, accepted int
				var median float64
				err := rows.Scan(&week, &filed, &accepted, &median)
				if err == nil {
					w := &list[week]
					w.Filed, w.Accepted, w.Median = filed, accepted, time.Duration(median*float64(time.Second))
				}
				return err
			}},
		{`SELECT width_bucket(closed_at, $2::timestamptz[]) - 1, count(*)
			FROM cases WHERE place_id = ANY($1) AND closed_at >= $3 AND closed_at < $4 AND category <> $5
			GROUP BY 1`,
			[]any{places, bounds, bounds[0], bounds[n], without}, func(rows pgx.Rows) error {
				var week, closed int
				err := rows.Scan(&week, &closed)
				if err == nil {
					list[week].Closed = closed
				}
				return err
			}},
	})
	return list, err
}

// ClosedIn is how many cases of a category were closed at a place.
type ClosedIn struct {
	Place    mahalla.TerritoryID
	Category mahalla.CategoryCode
	Count    int
}

// ClosedAt counts by place and category what was closed at places in a stretch
// of time, of these secrecies only. False reports are nothing that was done.
func (tx *Tx) ClosedAt(places []mahalla.TerritoryID, from, to time.Time, of []mahalla.Secrecy) ([]ClosedIn, error) {
	var list []ClosedIn
	err := tx.read(`
		SELECT place_id, category, count(*)
		FROM cases WHERE place_id = ANY($1) AND closed_at >= $2 AND closed_at < $3 AND secrecy = ANY($4) AND closing <> 'false'
		GROUP BY 1, 2
		ORDER BY 3 DESC, 2, 1`,
		func(rows pgx.Rows) error {
			var c ClosedIn
			err := rows.Scan(&c.Place, &c.Category, &c.Count)
			list = append(list, c)
			return err
		}, places, from, to, of)
	return list, err
}

// Unopened is an invitation that nobody has taken.
type Unopened struct {
	Role      mahalla.Role
	Territory mahalla.TerritoryID
}

// Unopened lists the invitations to places that were made in a stretch of time
// and that nobody has taken, the oldest first.
func (tx *Tx) Unopened(places []mahalla.TerritoryID, from, to time.Time) ([]Unopened, error) {
	var list []Unopened
	err := tx.read(`
		SELECT role, territory_id FROM invitations
		WHERE territory_id = ANY($1) AND created_at >= $2 AND created_at < $3 AND used_at IS NULL AND revoked_at IS NULL
		ORDER BY created_at, id`,
		func(rows pgx.Rows) error {
			var u Unopened
			err := rows.Scan(&u.Role, &u.Territory)
			list = append(list, u)
			return err
		}, places, from, to)
	return list, err
}
