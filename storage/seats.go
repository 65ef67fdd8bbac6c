package storage

import (
	"cmp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Seats lists who sits in a commission at a moment: the chair first, then the
// secretary, then the members by name. Who holds several of its roles sits in the
// most senior one.
func (tx *Tx) Seats(commission mahalla.TerritoryID, now time.Time) ([]mahalla.Seated, error) {
	var list []mahalla.Seated
	err := tx.read(`
		SELECT person_id, role, reach, name, valid_from FROM memberships JOIN people ON people.id = person_id
		WHERE territory_id = $1 AND role IN ('commission_member', 'commission_secretary', 'commission_chair')
			AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2)
		ORDER BY person_id`, func(rows pgx.Rows) error {
		var s mahalla.Seated
		var name []byte
		if err := rows.Scan(&s.Person, &s.Role, &s.Reach, &name, &s.Since); err != nil {
			return err
		}
		plain, err := tx.db.seals.open("people", "name", rowID(s.Person), name)
		s.Name = string(plain)
		if i := len(list) - 1; i >= 0 && list[i].Person == s.Person {
			if s.Role.Seniority() > list[i].Role.Seniority() {
				list[i].Role = s.Role
			}
			if s.Since.After(list[i].Since) {
				list[i].Since = s.Since
			}
			return err
		}
		list = append(list, s)
		return err
	}, commission, now)
	slices.SortStableFunc(list, func(a, b mahalla.Seated) int {
		return cmp.Or(b.Role.Seniority()-a.Role.Seniority(), cmp.Compare(a.Name, b.Name))
	})
	return list, err
}

// OwnPhone opens the number that a person has given; empty when there is none.
func (tx *Tx) OwnPhone(p mahalla.PersonID) (string, error) {
	var phone string
	err := tx.read("SELECT phone FROM people WHERE id = $1 AND phone IS NOT NULL", func(rows pgx.Rows) error {
		var sealed []byte
		if err := rows.Scan(&sealed); err != nil {
			return err
		}
		plain, err := tx.db.seals.open("people", "phone", rowID(p), sealed)
		phone = string(plain)
		return err
	}, p)
	return phone, err
}

// DraftedBy is the meeting that a person began to put together last and has not
// called yet, of a commission or of any, which is 0; nil when there is none.
func (tx *Tx) DraftedBy(p mahalla.PersonID, commission mahalla.TerritoryID) (*mahalla.Meeting, error) {
	return tx.oneMeeting("SELECT "+meetingColumns+` FROM meetings
		WHERE made_by = $1 AND status = 'draft' AND (commission_id = $2 OR $2 = 0) ORDER BY made_at DESC, id DESC LIMIT 1`, p, commission)
}

// DraftsOf lists the meetings that a person is putting together, in the order in
// which they may be locked.
func (tx *Tx) DraftsOf(p mahalla.PersonID) ([]mahalla.MeetingID, error) {
	return tx.meetingIDs("SELECT id FROM meetings WHERE made_by = $1 AND status = 'draft' ORDER BY id", p)
}

func (tx *Tx) meetingIDs(sql string, args ...any) ([]mahalla.MeetingID, error) {
	var list []mahalla.MeetingID
	err := tx.read(sql, func(rows pgx.Rows) error {
		var id mahalla.MeetingID
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, args...)
	return list, err
}

// Amiss lists the meetings to come at which a commission is not asked as it is made
// up now: somebody's role has ended, or somebody sits only since it was called; and
// the drafts of who does not convene any more, where somebody else does. To a mediator's
// meeting only a secretary is asked later, where there is none.
func (tx *Tx) Amiss(now time.Time) ([]mahalla.MeetingID, error) {
	return tx.meetingIDs(`
		WITH sit AS MATERIALIZED (
			SELECT person_id, territory_id, valid_from, role <> 'commission_member' AS convenes, role = 'commission_secretary' AS writes FROM memberships
			WHERE role IN ('commission_member', 'commission_secretary', 'commission_chair')
				AND valid_from <= $1 AND (valid_until IS NULL OR valid_until > $1))
		SELECT meetings.id FROM meetings JOIN territories ON territories.id = commission_id
		WHERE status = 'called' AND at > $1 AND wake_at IS NOT NULL AND (
			EXISTS (SELECT FROM participants WHERE meeting_id = meetings.id AND seat IN ('chair', 'secretary', 'member', 'substitute', 'mediator')
				AND NOT EXISTS (SELECT FROM sit WHERE sit.person_id = participants.person_id
					AND (sit.territory_id = commission_id OR seat = 'substitute' AND sit.territory_id = ANY(territories.path))))
			OR mediation AND EXISTS (SELECT FROM sit WHERE sit.territory_id = commission_id AND writes
					AND NOT EXISTS (SELECT FROM participants WHERE meeting_id = meetings.id AND participants.person_id = sit.person_id))
				AND NOT EXISTS (SELECT FROM participants WHERE meeting_id = meetings.id AND seat IN ('chair', 'secretary', 'member'))
			OR NOT mediation AND EXISTS (SELECT FROM sit WHERE sit.territory_id = commission_id AND sit.valid_from > called_at
				AND NOT EXISTS (SELECT FROM participants WHERE meeting_id = meetings.id AND participants.person_id = sit.person_id AND seat <> 'party')))
		UNION
		SELECT id FROM meetings
		WHERE status = 'draft'
			AND NOT EXISTS (SELECT FROM sit WHERE territory_id = commission_id AND sit.person_id = made_by AND convenes)
			AND EXISTS (SELECT FROM sit JOIN people ON people.id = sit.person_id WHERE territory_id = commission_id AND convenes AND reach <> 'blocked')
		ORDER BY id`, now)
}

// LastMeeting is the latest meeting to which a whole commission was called; nil when it
// never was.
func (tx *Tx) LastMeeting(commission mahalla.TerritoryID) (*mahalla.Meeting, error) {
	return tx.oneMeeting("SELECT "+meetingColumns+` FROM meetings
		WHERE commission_id = $1 AND status IN ('called', 'held', 'locked') AND NOT mediation ORDER BY at DESC, id DESC LIMIT 1`, commission)
}

func (tx *Tx) oneMeeting(sql string, args ...any) (*mahalla.Meeting, error) {
	list, err := tx.meetings(sql, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// CalledAround lists the called meetings to which any of some people is asked and
// that begin in a time.
func (tx *Tx) CalledAround(people []mahalla.PersonID, from, until time.Time) ([]*mahalla.Meeting, error) {
	return tx.meetings("SELECT "+meetingColumns+` FROM meetings
		WHERE id IN (SELECT meeting_id FROM participants WHERE person_id = ANY($1)) AND status = 'called' AND at >= $2 AND at < $3
		ORDER BY at, id`, people, from, until)
}

// CalledWith lists the called meetings to which a person is asked and that begin
// after a moment, in the order in which they may be locked.
func (tx *Tx) CalledWith(p mahalla.PersonID, after time.Time) ([]mahalla.MeetingID, error) {
	return tx.meetingIDs(`
		SELECT meetings.id FROM meetings JOIN participants ON meeting_id = meetings.id
		WHERE person_id = $1 AND status = 'called' AND at > $2 ORDER BY meetings.id`, p, after)
}

// CardHolders lists who has a living message of a kind about something.
func (tx *Tx) CardHolders(kind mahalla.NoticeKind, about int64) ([]mahalla.PersonID, error) {
	var list []mahalla.PersonID
	err := tx.read("SELECT person_id FROM cards WHERE kind = $1 AND case_id = $2 ORDER BY person_id", func(rows pgx.Rows) error {
		var p mahalla.PersonID
		err := rows.Scan(&p)
		list = append(list, p)
		return err
	}, kind, about)
	return list, err
}

// Fetched lists whose phones have the calendar file of a meeting, or are about to get
// it, as far as that is still known.
func (tx *Tx) Fetched(m mahalla.MeetingID) ([]mahalla.PersonID, error) {
	var list []mahalla.PersonID
	err := tx.read("SELECT DISTINCT person_id FROM outbox WHERE kind = 'ics' AND case_id = $1 AND state IN (1, 2) ORDER BY person_id", func(rows pgx.Rows) error {
		var p mahalla.PersonID
		err := rows.Scan(&p)
		list = append(list, p)
		return err
	}, m)
	return list, err
}

// MeetingCard is a living message about a meeting.
type MeetingCard struct {
	Kind    mahalla.NoticeKind
	Meeting mahalla.MeetingID
}

// MeetingCards lists a person's living messages of meetings that are drafts, or
// called and begin after a moment.
func (tx *Tx) MeetingCards(p mahalla.PersonID, after time.Time) ([]MeetingCard, error) {
	var list []MeetingCard
	err := tx.read(`
		SELECT kind, case_id FROM cards JOIN meetings ON meetings.id = case_id
		WHERE person_id = $1 AND (status = 'draft' OR status = 'called' AND at > $2) ORDER BY at, case_id, kind`, func(rows pgx.Rows) error {
		var c MeetingCard
		err := rows.Scan(&c.Kind, &c.Meeting)
		list = append(list, c)
		return err
	}, p, after)
	return list, err
}
