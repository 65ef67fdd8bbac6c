package scheduler

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// remind lets replicas do what reminders want, all at once.
func (s *stage) remind(replicas ...*Scheduler) {
	s.Helper()
	var group sync.WaitGroup
	for _, r := range replicas {
		group.Go(func() {
			if _, err := r.Remind(s.ctx); err != nil {
				s.Error(storage.Loggable(err))
			}
		})
	}
	group.Wait()
}

// plan makes reminders of a meeting known.
func (s *stage) plan(r *Scheduler, about int64, at time.Time, people ...mahalla.PersonID) {
	s.Helper()
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		return tx.PlanReminders(mahalla.MeetingReminders(about, at, people, r.Desk.Calendar(), s.now))
	}))
}

// states lists the states of reminders about a matter, by kind.
func (s *stage) states(about int64) string {
	s.Helper()
	rows, err := s.conn.Query(s.ctx, "SELECT kind || ' ' || state FROM reminders WHERE about_id = $1 ORDER BY due_at, kind, person_id", about)
	s.must(err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var line string
		s.must(rows.Scan(&line))
		list = append(list, line)
	}
	return strings.Join(list, ", ")
}

func TestOfTwoSchedulersEachReminderIsGivenOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.crew(3*mostReminded + 7)
	one, two := s.replica(), s.replica()
	var people []mahalla.PersonID
	for i := range 3*mostReminded + 7 {
		people = append(people, mahalla.PersonID(5000001+i))
	}
	at := s.now.AddDate(0, 0, 5)
	s.plan(one, 77, at, people...)
	s.plan(two, 77, at, people...)
	for _, step := range []time.Time{at.AddDate(0, 0, -3), at.AddDate(0, 0, -1).Add(8 * time.Hour), at.Add(-2 * time.Hour)} {
		s.now = step
		s.remind(one, two, one)
		if n := s.number("SELECT count(*) FROM reminders WHERE state = 'waiting' AND due_at <= $1", s.now); n != 0 {
			t.Errorf("%d are left at %v", n, step)
		}
	}
	given := s.number("SELECT count(DISTINCT (person_id, outbox_id)) FROM reminders WHERE state = 'given' AND about_id = 77")
	messages := s.number("SELECT count(*) FROM outbox WHERE kind = 'remind'")
	if want := 3 * len(people); given != want || messages != want {
		t.Errorf("got %d given in %d messages, want %d", given, messages, want)
	}
}

func TestWhatIsDueTogetherForOnePersonIsOneMessage(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	at := s.now.AddDate(0, 0, 5)
	for about := range int64(3) {
		s.plan(r, 70+about, at, s.inspector.ID)
	}
	s.now = at.AddDate(0, 0, -3)
	s.remind(r, s.replica())
	if n := s.number("SELECT count(*) FROM outbox WHERE kind = 'remind'"); n != 1 {
		t.Errorf("got %d messages, want one", n)
	}
}

func TestCancelledRemindersDoNotCome(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	at := s.now.AddDate(0, 0, 5)
	s.plan(r, 77, at, s.inspector.ID)
	s.now = at.AddDate(0, 0, -3)
	s.remind(r)
	cancel := func() {
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			tx.CancelReminders(77, "moved")
			return nil
		}))
	}
	cancel()
	if got := s.states(77); got != "meeting_3d cancelled, meeting_1d cancelled, meeting_2h cancelled" {
		t.Errorf("got %s", got)
	}
	s.plan(r, 77, at.Add(time.Hour), s.inspector.ID)
	s.plan(r, 77, at, s.inspector.ID) // and back again
	if got := s.number("SELECT count(*) FROM reminders WHERE state = 'waiting' AND due_at = $1", at.AddDate(0, 0, -1).Add(8*time.Hour)); got != 1 {
		t.Errorf("of the evening before: got %d that wait, want 1", got)
	}
	s.exec("UPDATE reminders SET state = 'sent', finished_at = now(), outbox_id = 1 WHERE state = 'waiting'")
	cancel()
	if got := s.number("SELECT count(*) FROM reminders WHERE state = 'sent'"); got == 0 {
		t.Error("what was sent is taken back")
	}
}

// custom makes a reminder of the senior inspector's that does not recur by itself,
// and rows of it.
func (s *stage) custom(text string, due, until time.Time, people ...mahalla.PersonID) (about int64) {
	s.Helper()
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		rule := &storage.Recurring{Kind: mahalla.RemindCustom, Author: s.senior.ID, State: storage.RecurringPaused, Rule: mahalla.At(due),
			Roles: mahalla.ToInspectors.Roles(), Place: mahalla.RootTerritory, Created: s.now, Texts: map[mahalla.Language]string{mahalla.UzLatn: text}}
		if err := tx.SaveRecurring(rule); err != nil {
			return err
		}
		about = rule.ID
		var list []mahalla.Reminder
		for _, p := range people {
			list = append(list, mahalla.Reminder{Kind: mahalla.RemindCustom, About: about, To: p, Due: due, Until: until})
		}
		return tx.PlanReminders(list)
	}))
	return about
}

// deliver draws and finishes every message of the outbox as the sender does: what is
// pointless is dropped.
func (s *stage) deliver(r *Scheduler) (texts []string) {
	s.Helper()
	for {
		var list []storage.Message
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) (err error) {
			list, err = tx.ClaimMessages(10, time.Second)
			return err
		}))
		if len(list) == 0 {
			return texts
		}
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			var done []storage.Delivery
			for _, m := range list {
				d := storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: 1}
				screen, err := r.Desk.Draw(tx, m, s.now)
				switch {
				case errors.Is(err, casework.ErrPointless):
					d.Fate = storage.FateDropped
				case err != nil:
					return err
				default:
					texts = append(texts, screen.Text)
				}
				done = append(done, d)
			}
			return tx.FinishMessages(done, storage.Pace{})
		}))
	}
}

func TestWhatIsDueInTheNightComesInTheMorning(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	evening := time.Date(2026, 11, 4, 21, 50, 0, 0, morning.Location())
	long := s.custom("uzun", evening, evening.Add(12*time.Hour), s.inspector.ID)
	short := s.custom("qisqa", evening, evening.Add(time.Hour), s.inspector.ID)
	s.now = evening.Add(20 * time.Minute) // the bot was away until then
	s.remind(r, s.replica())
	if got := s.states(long) + ", " + s.states(short); got != "custom waiting, custom missed" {
		t.Errorf("in the night: got %s", got)
	}
	s.now = time.Date(2026, 11, 5, 7, 0, 0, 0, morning.Location())
	s.remind(r)
	texts := strings.Join(s.deliver(r), "\n---\n")
	if !strings.Contains(texts, "uzun") || !strings.Contains(texts, "qisqa") || strings.Count(texts, "---") != 1 {
		t.Errorf("the reader's reminder, and a report to the author: got %s", texts)
	}
	s.remind(r)
	if got := s.states(long); got != "custom sent" {
		t.Errorf("in the morning: got %s", got)
	}
	if more := s.deliver(r); len(more) != 0 {
		t.Errorf("it is reported once: got %q", more)
	}
}

func TestWhatIsCancelledInTheOutboxIsNotSent(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	due := s.now.Add(time.Hour)
	one := s.custom("birinchi", due, due.Add(time.Hour), s.inspector.ID)
	two := s.custom("ikkinchi", due, due.Add(time.Hour), s.inspector.ID)
	s.now = due
	s.remind(r)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		tx.CancelReminders(one, "changed")
		return nil
	}))
	if texts := s.deliver(r); len(texts) != 1 || !strings.Contains(texts[0], "ikkinchi") || strings.Contains(texts[0], "birinchi") {
		t.Errorf("got %q", texts)
	}
	s.remind(r)
	if got := s.states(one) + ", " + s.states(two); got != "custom cancelled, custom sent" {
		t.Errorf("got %s", got)
	}
}

func TestAMessageOfWhichOnePartIsOverComesAnewWithoutIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	due := s.now.Add(time.Hour)
	soon := s.custom("tez", due, due.Add(time.Minute), s.inspector.ID)
	later := s.custom("keyin", due, due.Add(time.Hour), s.inspector.ID)
	s.now = due
	s.remind(r)
	s.now = due.Add(2 * time.Minute) // Telegram was away
	if texts := s.deliver(r); len(texts) != 0 {
		t.Errorf("got %q, want it dropped", texts)
	}
	s.remind(r, s.replica())
	if got := s.states(soon) + ", " + s.states(later); got != "custom missed, custom given" {
		t.Errorf("got %s", got)
	}
	texts := strings.Join(s.deliver(r), "\n---\n")
	s.remind(r)
	if got := s.states(later); got != "custom sent" || strings.Count(texts, "keyin") != 1 {
		t.Errorf("got %s and %s", got, texts)
	}
	if n := s.number("SELECT count(*) FROM reminders WHERE reported AND owner_id = $1", s.senior.ID); n != 1 {
		t.Errorf("%d are reported to the author, want one", n)
	}
}

func TestWhoCannotBeToldIsReportedInOneMessageForAll(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.crew(2*mostReminded + 5)
	r := s.replica()
	var people []mahalla.PersonID
	for i := range 2*mostReminded + 5 {
		people = append(people, mahalla.PersonID(5000001+i))
	}
	due := s.now.Add(time.Hour)
	about := s.custom("hammaga", due, due.Add(time.Hour), people...)
	s.exec("UPDATE people SET reach = 'blocked' WHERE id > 5000000")
	s.now = due
	s.remind(r, s.replica())
	if n := s.number("SELECT count(*) FROM reminders WHERE about_id = $1 AND state = 'refused' AND owner_id = $2", about, s.senior.ID); n != len(people) {
		t.Errorf("%d are recorded, want %d", n, len(people))
	}
	s.remind(r)
	if texts := s.deliver(r); len(texts) > 2 || !strings.Contains(strings.Join(texts, " "), "nafar") {
		t.Errorf("got %d messages to the author: %q", len(texts), texts)
	}
}

func TestHeadsTextsAreSealed(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.custom("maxfiy gap", s.now.Add(time.Hour), s.now.Add(2*time.Hour), s.inspector.ID)
	if n := s.number("SELECT count(*) FROM recurring WHERE position('maxfiy' in encode(texts, 'escape')) > 0 OR rule::text LIKE '%maxfiy%'"); n != 0 {
		t.Error("a text can be read in the database")
	}
}

func TestWhoeverHasNoSayThereAnyMoreRemindsNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	about := s.custom("sobiq", s.now.Add(time.Hour), s.now.Add(2*time.Hour))
	s.exec("UPDATE recurring SET state = 'on', next_at = $2 WHERE id = $1", about, s.now.Add(time.Hour))
	s.exec("DELETE FROM memberships WHERE person_id = $1", s.senior.ID)
	s.now = s.now.Add(time.Hour)
	s.remind(r)
	if n := s.number("SELECT count(*) FROM recurring WHERE id = $1 AND state = 'stopped'", about); n != 1 || s.states(about) != "" {
		t.Errorf("got %d, %s", n, s.states(about))
	}
}

func TestAHolidayThatIsDeclaredLaterMovesWhatRecurs(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	for about, rule := range map[string]mahalla.HolidayRule{"before": mahalla.HolidayBefore, "after": mahalla.HolidayAfter, "stays": mahalla.HolidayStays} {
		id := s.custom(about, s.now, s.now.Add(time.Hour))
		weekly := mahalla.Weekly(time.Wednesday, 9*time.Hour)
		weekly.Holidays = rule
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			one, err := tx.Recurring(id)
			if err != nil {
				return err
			}
			one.Rule, one.State = weekly, storage.RecurringOn
			return tx.SaveRecurring(one)
		}))
	}
	s.remind(r)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		tx.PutHoliday(time.Date(2026, 11, 11, 0, 0, 0, 0, time.UTC), "decree")
		tx.BumpReference()
		return nil
	}))
	two := s.replica()
	s.must(r.Refresh(s.ctx))
	for day := 5; day <= 13; day++ {
		s.on(day, "09:00")
		s.remind(r, two)
	}
	rows, err := s.conn.Query(s.ctx, "SELECT rule->>'holidays', due_at FROM reminders JOIN recurring ON recurring.id = about_id WHERE reminders.kind = 'custom' AND reminders.person_id = $1 ORDER BY due_at", s.inspector.ID)
	s.must(err)
	defer rows.Close()
	var got []string
	for rows.Next() {
		var rule *string
		var due time.Time
		s.must(rows.Scan(&rule, &due))
		if rule == nil {
			rule = new(string)
		}
		got = append(got, *rule+due.In(morning.Location()).Format(" 02"))
	}
	if list := strings.Join(got, ","); list != "before 10, 11,after 12" {
		t.Errorf("got %q", list)
	}
}

func TestTheLoopRemindsToo(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.exec("UPDATE recurring SET state = 'stopped'")
	waits := func() (wait bool) {
		s.must(s.db.Read(s.ctx, func(tx *storage.Tx) (err error) {
			wait, err = tx.RemindersWait(s.now)
			return err
		}))
		return wait
	}
	due := s.now.Add(time.Hour)
	s.custom("x", due, due.Add(time.Hour), s.inspector.ID)
	if waits() {
		t.Error("there is nothing to do yet")
	}
	s.now = due
	if !waits() {
		t.Error("there is something to do")
	}
	ctx, cancel := context.WithCancel(s.ctx)
	var group sync.WaitGroup
	group.Go(func() { r.Run(ctx) })
	eventually(t, "the reminder", func() bool { return s.number("SELECT count(*) FROM outbox WHERE kind = 'remind'") == 1 })
	cancel()
	group.Wait()
	if waits() {
		t.Error("all is done")
	}
}
