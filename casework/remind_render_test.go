package casework

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// wideTexts are texts of a head with everything that could break a message.
func wideTexts(words string) map[mahalla.Language]string {
	words = locales.Cut(words, mahalla.MostCustomText)
	return map[mahalla.Language]string{mahalla.UzLatn: words, mahalla.UzCyrl: words, mahalla.Ru: words}
}

// given puts reminders of every kind into one message of a reader's.
func (g *gallery) given(tx *storage.Tx, to *storage.Contact, about map[mahalla.ReminderKind]int64, only ...mahalla.ReminderKind) (storage.Message, error) {
	var list []mahalla.Reminder
	for _, kind := range only {
		list = append(list, mahalla.Reminder{Kind: kind, About: about[kind], To: to.ID, Due: day.Add(-time.Hour), Until: day.Add(time.Hour)})
	}
	if err := tx.PlanReminders(list); err != nil {
		return storage.Message{}, err
	}
	rows, err := tx.ClaimReminders(day, 100)
	if err != nil {
		return storage.Message{}, err
	}
	ids := idsOf(rows)
	n := bundle(rows, ids)
	if err := tx.GiveReminders(to.Recipient(), n, ids, day); err != nil {
		return storage.Message{}, err
	}
	rows, err = tx.Reminders(ids)
	if err != nil || len(rows) == 0 {
		return storage.Message{}, err
	}
	return storage.Message{ID: rows[0].Outbox, Person: to.ID, Kind: n.Kind, Ring: n.Ring, Args: n.Args}, nil
}

func TestEveryReminderCanBeShown(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	// The head's name and the places are wide already.
	for name, words := range said() {
		if words == "" {
			continue
		}
		for _, kinds := range [][]mahalla.ReminderKind{
			{mahalla.RemindCustom}, {mahalla.RemindThursday}, {mahalla.RemindQuarterly}, {mahalla.RemindStatutory14},
			{mahalla.RemindCustom, mahalla.RemindThursday, mahalla.RemindQuarterly, mahalla.RemindStatutory14}} {
			var m storage.Message
			drawn := g.drawn(func(tx *storage.Tx) (storage.Message, error) {
				rule := &storage.Recurring{Kind: mahalla.RemindCustom, Author: g.head.ID, State: storage.RecurringOn, Rule: mahalla.At(day),
					Roles: mahalla.ToOfficers.Roles(), Place: g.district, Created: day, Texts: wideTexts(words)}
				if err := tx.SaveRecurring(rule); err != nil {
					return m, err
				}
				c, err := g.theCase(tx, func(c *mahalla.Case) {
					c.Status, c.Owner, c.AcceptedAt, c.FiledAt = mahalla.Accepted, g.officer.ID, day.Add(-time.Hour), day.AddDate(0, 0, -14)
				}, words)
				if err != nil {
					return m, err
				}
				return g.given(tx, g.officer, map[mahalla.ReminderKind]int64{
					mahalla.RemindCustom: rule.ID, mahalla.RemindThursday: 1, mahalla.RemindQuarterly: 2, mahalla.RemindStatutory14: int64(c.ID)}, kinds...)
			})
			if drawn != len(mahalla.Languages()) {
				t.Errorf("%s, %v: drawn %d times", name, kinds, drawn)
			}
		}
	}
}

// drawn draws the message that is made, in every language.
func (g *gallery) drawn(prepare func(*storage.Tx) (storage.Message, error)) int {
	g.Helper()
	drawn := 0
	err := g.db.InTx(g.Context(), func(tx *storage.Tx) error {
		m, err := prepare(tx)
		if err != nil {
			return err
		}
		for _, m.Language = range mahalla.Languages() {
			s, err := g.desk.Draw(tx, m, day)
			if err != nil {
				return err
			}
			drawn++
			for _, c := range complaints(s) {
				g.Errorf("%s %v in %s: %s", m.Kind, m.Args, m.Language, c)
			}
		}
		return errUndo
	})
	if err != errUndo {
		g.Fatal(storage.Loggable(err))
	}
	return drawn
}

func TestWhatDidNotComeCanBeShown(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, n := range []int{1, 3, 30} {
		drawn := g.drawn(func(tx *storage.Tx) (storage.Message, error) {
			c, err := g.theCase(tx, func(*mahalla.Case) {}, theirs)
			if err != nil {
				return storage.Message{}, err
			}
			var list []mahalla.Reminder
			for i := range n {
				for _, p := range mahalla.ReminderPlans() {
					about := int64(i)
					if p.Kind.IsStatutory() {
						about = int64(c.ID)
					}
					due := day.Add(-time.Duration(i+2) * time.Hour)
					for _, who := range []*storage.Contact{g.officer, g.senior, g.chair}[:1+i%3] {
						list = append(list, mahalla.Reminder{Kind: p.Kind, About: about, To: who.ID, Due: due, Until: due.Add(time.Minute)})
					}
				}
			}
			if err := tx.PlanReminders(list); err != nil {
				return storage.Message{}, err
			}
			rows, err := tx.ClaimReminders(day, 1000)
			ids := idsOf(rows)
			tx.FinishReminders(ids, storage.ReminderRefused, "blocked", day)
			return storage.Message{ID: 1, Person: g.head.ID, Kind: NoticeMissed, Args: map[string]string{argReminders: joinIDs(ids), "n": strconv.Itoa(len(ids))}}, err
		})
		if drawn != 3 {
			t.Errorf("of %d: drawn %d times", n, drawn)
		}
	}
}

func TestEveryStepOfAReminderCanBeShown(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	weekly := mahalla.Weekly(time.Monday, 9*time.Hour)
	for name, words := range said() {
		if words == "" {
			continue
		}
		texts := wideTexts(words)
		for _, c := range []composed{
			{}, {Texts: texts}, {Texts: texts, Who: mahalla.ToChairs}, {Texts: texts, Who: mahalla.ToChairs, Page: 2},
			{Texts: texts, Who: mahalla.ToChairs, Place: g.mahalla}, {Texts: texts, Who: mahalla.ToChairs, Place: g.mahalla, Step: stepNth},
			{Texts: texts, Who: mahalla.ToChairs, Place: g.mahalla, Step: stepDay}, {Texts: texts, Who: mahalla.ToChairs, Place: g.mahalla, Step: stepClock},
			{Texts: texts, Who: mahalla.ToChairs, Place: g.mahalla, Step: stepOnce}, {ID: 7, Texts: texts, Who: mahalla.ToChairs, Place: g.mahalla, Rule: &weekly},
		} {
			c.Step = c.wanted()
			raw, err := json.Marshal(c)
			g.must(err)
			drawn := g.drawn(func(tx *storage.Tx) (storage.Message, error) {
				who, err := tx.Contact(g.head.ID)
				if err != nil {
					return storage.Message{}, err
				}
				who.Dialogue.Ask(mahalla.Question{Flow: FlowCompose, Data: map[string]string{"reminder": string(raw)}, Until: day.Add(time.Hour)})
				return storage.Message{Person: g.head.ID, Kind: CardReminders}, tx.SaveDialogue(who, day)
			})
			if drawn != 3 {
				t.Errorf("%s at %s: drawn %d times", name, c.Step, drawn)
			}
		}
	}
}

func TestTheListOfRemindersCanBeShown(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, n := range []int{0, 1, mahalla.MostCustom} {
		for _, args := range []map[string]string{nil, {"page": "1", "list": "yes"}, {"page": "99"}, {"open": "x"}, {"open": "first"}, {"open": "first", "sure": "yes"}} {
			for _, who := range []*storage.Contact{g.head, g.officer, g.resident} {
				drawn := g.drawn(func(tx *storage.Tx) (storage.Message, error) {
					m := storage.Message{Person: who.ID, Kind: CardReminders, Args: map[string]string{}}
					for name, value := range args {
						m.Args[name] = value
					}
					for i := range n {
						r := &storage.Recurring{Kind: mahalla.RemindCustom, Author: who.ID, State: []storage.RecurringState{storage.RecurringOn, storage.RecurringPaused}[i%2],
							Rule: mahalla.NthOfMonth(2, time.Saturday, 9*time.Hour), Roles: mahalla.ToSeniors.Roles(), Place: g.mahalla, Created: day, Texts: wideTexts(said()["markup"])}
						if err := tx.SaveRecurring(r); err != nil {
							return m, err
						}
						if args["open"] == "first" {
							m.Args["open"] = strconv.FormatInt(r.ID, 10)
						}
					}
					tx.StopReminders(who.ID, mahalla.RemindThursday, 0, day)
					tx.StopReminders(who.ID, mahalla.RemindCustom, 77, day)
					return m, nil
				})
				if drawn != 3 {
					t.Errorf("%d, %v for %d: drawn %d times", n, args, who.ID, drawn)
				}
			}
		}
	}
}

// A reminder that counts days and comes late speaks of today, and says on which day it
// should have come.
func TestALateReminderNamesTheDayOfWhichItSpeaks(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
		c, err := g.theCase(tx, func(c *mahalla.Case) { c.FiledAt = day.AddDate(0, 0, -15) }, theirs)
		if err != nil {
			return err
		}
		w := g.desk.speak(mahalla.Ru, day)
		for kind, about := range map[mahalla.ReminderKind]int64{mahalla.RemindStatutory14: int64(c.ID), mahalla.RemindMeeting1d: 1} {
			r := storage.ReminderRow{Reminder: mahalla.Reminder{Kind: kind, About: about}, Wanted: day.AddDate(0, 0, -1)}
			text, err := g.desk.late(tx, w, r)
			if err != nil || w.err != nil {
				t.Fatal(err, w.err)
			}
			if got := strings.Contains(text, "на 14-й день"); got != kind.IsStatutory() {
				t.Errorf("%s: got %q", kind, text)
			}
			r.Wanted = day.Add(-time.Minute)
			if text, err := g.desk.late(tx, w, r); text != "" || err != nil {
				t.Errorf("%s in time: got %q, %v", kind, text, err)
			}
		}
		return errUndo
	})
	if err != errUndo {
		t.Fatal(err)
	}
}
