package casework

import (
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// SaveCompose lets the reminder recur that a head has made, and forgets the
// question. What waits of an older version is cancelled.
func (d *Desk) SaveCompose(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	c := composing(who)
	if c == nil || c.Rule == nil || c.wanted() != stepCheck {
		return mahalla.Refuse(mahalla.Conflict, "custom_gone")
	}
	if err := d.MayCompose(who, now); err != nil {
		return err
	}
	if !who.Supervises(d.Reference().Path(c.Place), now) {
		return d.noSuchPlace(who, mahalla.Forbidden, now)
	}
	rule, err := d.proved(*c.Rule, now)
	if err != nil {
		return err
	}
	tx.LockContact(who.ID) // of two at once the second sees the first
	r := &storage.Recurring{Kind: mahalla.RemindCustom, Author: who.ID, Created: now}
	if c.ID != 0 {
		if r, err = d.ownRecurring(tx, who, c.ID); err != nil {
			return err
		}
		tx.CancelReminders(r.ID, "changed")
	} else if err := d.mayRecurMore(tx, who, now); err != nil {
		return err
	}
	r.State, r.Rule, r.Roles, r.Place, r.Texts = storage.RecurringOn, rule, c.Who.Roles(), c.Place, c.Texts
	r.Next, r.Reached = d.nextDate(rule, now), 0
	who.Dialogue.Question = nil
	return tx.SaveRecurring(r)
}

// What may be done with a reminder that recurs.
const (
	PauseReminder  = "pause"
	ResumeReminder = "resume"
	RemoveReminder = "stop_yes"
)

// SetRecurring pauses a head's own reminder, lets it go on, or stops it for good.
func (d *Desk) SetRecurring(tx *storage.Tx, who *storage.Contact, id int64, what string, now time.Time) error {
	state := map[string]storage.RecurringState{PauseReminder: storage.RecurringPaused, ResumeReminder: storage.RecurringOn,
		RemoveReminder: storage.RecurringStopped}[what]
	r, err := d.ownRecurring(tx, who, id)
	if err != nil {
		return err
	}
	if r.State == state {
		return nil
	}
	r.State = state
	if state == storage.RecurringOn {
		if r.Next, r.Reached = d.nextDate(r.Rule, now), 0; r.Next.IsZero() {
			return mahalla.Refuse(mahalla.Invalid, "recur_past")
		}
	} else {
		tx.CancelReminders(r.ID, string(state))
	}
	tx.MoveRecurring(r)
	return nil
}

// OwnReminder is the head's own reminder of a number in the list, from 1.
func (d *Desk) OwnReminder(tx *storage.Tx, who *storage.Contact, n int) (int64, error) {
	list, err := tx.RecurringOf(who.ID)
	if err != nil {
		return 0, err
	}
	if n < 1 || n > len(list) {
		return 0, mahalla.Refuse(mahalla.NotFound, "custom_gone")
	}
	return list[n-1].ID, nil
}

// ComposeLine understands a whole reminder in one line: when, to whom and where,
// and the text: "har dushanba 09:00 | inspektorlar, faollar, Namuna | matn".
func (d *Desk) ComposeLine(tx *storage.Tx, who *storage.Contact, line string, now time.Time) error {
	if err := d.Compose(tx, who, 0, now); err != nil {
		return err
	}
	parts := strings.SplitN(line, "|", 3)
	if len(parts) != 3 {
		return d.LineHint(who, now)
	}
	c := composing(who)
	if err := d.setRule(c, strings.TrimSpace(parts[0]), now); err != nil {
		return err
	}
	place, err := d.setWhom(c, parts[1])
	if err != nil {
		return err
	}
	if err := c.say(parts[2]); err != nil {
		return err
	}
	if nodes := d.supervised(who, now); place == "" && len(nodes) > 0 {
		c.Place = nodes[0]
	} else if err := d.setPlace(who, c, place, now); err != nil {
		return err
	}
	return c.keep(who, now)
}

// setWhom takes all that a line names before its place, and gives the place: the
// first is to whom, and so is what follows it as long as it names people.
func (d *Desk) setWhom(c *composed, words string) (place string, err error) {
	list := strings.Split(words, ",")
	if err := d.setWho(c, strings.TrimSpace(list[0])); err != nil {
		return "", err
	}
	all := c.Who
	for i, one := range list[1:] {
		if d.setWho(c, strings.TrimSpace(one)) != nil {
			c.Who = all
			return strings.TrimSpace(strings.Join(list[i+1:], ",")), nil
		}
		all = all.And(c.Who)
	}
	c.Who = all
	return "", nil
}

// LineHint refuses a line that was not understood, and shows how one is written, with
// a place of the person's own.
func (d *Desk) LineHint(who *storage.Contact, now time.Time) error {
	if err := d.MayCompose(who, now); err != nil {
		return err
	}
	return mahalla.Refuse(mahalla.Invalid, "custom_line", "own", d.ownPlace(who, now))
}

// noSuchPlace refuses a place that is not the person's, and names one that is.
func (d *Desk) noSuchPlace(who *storage.Contact, code mahalla.Code, now time.Time) error {
	return mahalla.Refuse(code, "custom_where", "own", d.ownPlace(who, now))
}

// ownPlace is the name of a place that a head may write; empty for whoever has none.
func (d *Desk) ownPlace(who *storage.Contact, now time.Time) string {
	for _, id := range d.supervised(who, now) {
		return d.Reference().Territories[id].Names.In(who.Language)
	}
	return ""
}

// Toggle keeps a standing reminder from a person, or lets it come again.
func (d *Desk) Toggle(tx *storage.Tx, who *storage.Contact, kind mahalla.ReminderKind, wanted bool, now time.Time) error {
	plan, ok := mahalla.ReminderPlanOf(kind)
	if !ok || !plan.Stop {
		return mahalla.Refuse(mahalla.Invalid, "hush_not")
	}
	if wanted {
		tx.AllowReminders(who.ID, kind, 0)
		return nil
	}
	tx.StopReminders(who.ID, kind, 0, now)
	return nil
}

// AllowCustom lets a head's reminder come again that a person had stopped.
func (d *Desk) AllowCustom(tx *storage.Tx, who *storage.Contact, id int64) {
	tx.AllowReminders(who.ID, mahalla.RemindCustom, id)
}

// ReminderPage reads the page of an argument such as "p2", from 0.
func ReminderPage(arg string) (int, bool) {
	page, ok := strings.CutPrefix(arg, "p")
	n, err := strconv.Atoi(page)
	return n, ok && err == nil && n >= 0
}
