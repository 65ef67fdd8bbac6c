package storage

import (
	"slices"
	"time"

	"koprik/mahalla"
)

// matter is a change of the reminders about something, which is written at commit.
type matter struct {
	about int64
	of    mahalla.PersonID // 0 is everybody
	cause string           // why they are taken back
	plan  []plannedReminder
}

// plannedReminder is a new reminder with its id.
type plannedReminder struct {
	id int64
	mahalla.Reminder
}

// PlanReminders makes reminders known when the transaction commits. One that is
// known already stays as it is, whatever has become of it, but for one that was
// cancelled: it waits again.
func (tx *Tx) PlanReminders(list []mahalla.Reminder) error {
	if len(list) == 0 {
		return nil
	}
	plan := make([]plannedReminder, len(list))
	for i, r := range list {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		plan[i] = plannedReminder{id, r}
	}
	tx.change(matter{plan: plan})
	return nil
}

// CancelReminders takes back, when the transaction commits, every reminder about a
// matter that is not sent, those in the outbox too: they are drawn as pointless. The
// cause is a code, never words.
func (tx *Tx) CancelReminders(about int64, cause string) {
	tx.change(matter{about: about, cause: cause})
}

// CancelRemindersOf does so for one person only.
func (tx *Tx) CancelRemindersOf(about int64, p mahalla.PersonID, cause string) {
	tx.change(matter{about: about, of: p, cause: cause})
}

func (tx *Tx) change(m matter) {
	if tx.reading {
		tx.refused = errReading
		return
	}
	tx.matters = append(tx.matters, m)
}

// postReminders writes what the transaction does to reminders. All rows that wait or
// lie in the outbox are held first, in the order of their ids and before the counters
// of the outbox, as everybody does who waits for several of them: so two who do cannot
// lock each other out, and a row that somebody gives away meanwhile is seen as given.
func (tx *Tx) postReminders() {
	list := tx.matters
	tx.matters = nil
	var abouts []int64
	for _, m := range list {
		if m.plan == nil {
			abouts = append(abouts, m.about)
		}
	}
	if len(abouts) > 0 {
		tx.write("SELECT FROM reminders WHERE about_id = ANY($1) AND state IN ('waiting', 'given') ORDER BY id FOR UPDATE", abouts)
	}
	for _, m := range list {
		if m.plan != nil {
			tx.plan(m.plan)
			continue
		}
		// Of a message that was refused its owner is told, whatever comes after.
		tx.write(`
			UPDATE reminders SET state = 'cancelled', cause = $3, finished_at = now()
			WHERE about_id = $1 AND (person_id = $2 OR $2 = 0) AND state IN ('waiting', 'given')
				AND fate IS DISTINCT FROM 3`, m.about, m.of, m.cause)
	}
}

// plan writes new reminders, and lets those wait again that were cancelled.
func (tx *Tx) plan(list []plannedReminder) {
	n := len(list)
	ids, kinds, abouts, people := make([]int64, n), make([]string, n), make([]int64, n), make([]int64, n)
	dues, untils := make([]time.Time, n), make([]time.Time, n)
	for i, r := range list {
		ids[i], kinds[i], abouts[i], people[i], dues[i], untils[i] = r.id, string(r.Kind), r.About, int64(r.To), r.Due, r.Until
	}
	tx.write(`
		INSERT INTO reminders (id, kind, about_id, person_id, due_at, until_at, fire_at)
		SELECT id, kind, about, person, due, until, due
		FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
			AS new (id, kind, about, person, due, until)
		ORDER BY kind, about, due, person
		ON CONFLICT DO NOTHING`, ids, kinds, abouts, people, dues, untils)
	tx.write(`
		UPDATE reminders SET
			state = 'waiting', cause = '', finished_at = NULL, fate = NULL, snoozed = false, fire_at = new.due, until_at = new.until
		FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[]) AS new (kind, about, person, due, until)
		WHERE reminders.kind = new.kind AND about_id = new.about AND due_at = new.due AND person_id = new.person
			AND state = 'cancelled'`, kinds, abouts, people, dues, untils)
}

// byDue orders reminders by their moments.
func byDue(list []ReminderRow) {
	slices.SortStableFunc(list, func(a, b ReminderRow) int { return a.Due.Compare(b.Due) })
}
