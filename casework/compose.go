package casework

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// The card of reminders, its verbs and the question behind it.
const (
	CardReminders mahalla.NoticeKind = "card.reminders"

	PressReminders = "reminders" // subject: a recurring reminder; arg: what to do with it
	PressCompose   = "compose"   // subject: the question's serial; arg: a choice of the present step

	FlowCompose = "compose" // a reminder in the making
)

// The steps of making a reminder.
const (
	stepText  = "text"
	stepWho   = "who"
	stepWhere = "where"
	stepWhen  = "when"
	stepNth   = "nth"
	stepDay   = "day"
	stepClock = "clock"
	stepOnce  = "once"
	stepCheck = "check"
)

// composed is a reminder in the making, as it stands in the dialogue.
type composed struct {
	ID    int64                       `json:"id,omitempty"` // of the one that is changed
	Step  string                      `json:"step"`
	Texts map[mahalla.Language]string `json:"texts,omitempty"`
	Who   mahalla.Audience            `json:"who,omitempty"`
	Place mahalla.TerritoryID         `json:"place,omitempty"`
	Rule  *mahalla.Recurrence         `json:"rule,omitempty"`
	Plain mahalla.Plain               `json:"plain,omitempty"`
	Nth   int                         `json:"nth,omitempty"`
	Day   time.Weekday                `json:"day,omitempty"`
	Page  int                         `json:"page,omitempty"`
}

// composing reads the reminder that a person is making; nil when there is none.
func composing(who *storage.Contact) *composed {
	q := who.Dialogue.Question
	if q == nil || q.Flow != FlowCompose {
		return nil
	}
	c := &composed{}
	if json.Unmarshal([]byte(q.Data["reminder"]), c) != nil {
		return nil
	}
	return c
}

// keep puts it back, and asks for what is still wanted.
func (c *composed) keep(who *storage.Contact, now time.Time) error {
	c.Step = c.wanted()
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	data := map[string]string{"reminder": string(raw)}
	if q := who.Dialogue.Question; q != nil && q.Flow == FlowCompose {
		q.Data, q.Until = data, now.Add(mahalla.QuestionLife)
		return nil
	}
	who.Dialogue.Ask(mahalla.Question{Flow: FlowCompose, Data: data, Until: now.Add(mahalla.QuestionLife)})
	return nil
}

// wanted is the step that comes now: the first of which nothing is known.
func (c *composed) wanted() string {
	switch {
	case len(c.Texts) == 0:
		return stepText
	case c.Who == "":
		return stepWho
	case c.Place == 0:
		return stepWhere
	case c.Rule != nil:
		return stepCheck
	case slices.Contains([]string{stepNth, stepDay, stepClock, stepOnce}, c.Step):
		return c.Step
	}
	return stepWhen
}

// MayCompose refuses whoever supervises nobody.
func (d *Desk) MayCompose(who *storage.Contact, now time.Time) error {
	if !who.Has(mahalla.MaySupervise, now) {
		return mahalla.Refuse(mahalla.Forbidden, "custom_not_yours")
	}
	return nil
}

// Compose begins a reminder, or goes on with one that exists.
func (d *Desk) Compose(tx *storage.Tx, who *storage.Contact, id int64, now time.Time) error {
	if err := d.MayCompose(who, now); err != nil {
		return err
	}
	c := &composed{}
	if id == 0 {
		if err := d.mayRecurMore(tx, who, now); err != nil {
			return err
		}
	} else {
		r, err := d.ownRecurring(tx, who, id)
		if err != nil {
			return err
		}
		c.ID, c.Texts, c.Place, c.Rule = r.ID, r.Texts, r.Place, &r.Rule
		c.Who, _ = mahalla.AudienceOf(r.Roles)
	}
	who.Dialogue.Question = nil
	return c.keep(who, now)
}

func (d *Desk) mayRecurMore(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	have, err := tx.RecurringOf(who.ID)
	if err != nil {
		return err
	}
	made, err := tx.RecurringMade(who.ID, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	return mahalla.MayLetRecur(len(have), made)
}

// ownRecurring holds a reminder of a head's own that was not stopped.
func (d *Desk) ownRecurring(tx *storage.Tx, who *storage.Contact, id int64) (*storage.Recurring, error) {
	r, err := tx.LockRecurring(id)
	if err != nil {
		return nil, err
	}
	if r == nil || r.Author != who.ID || r.State == storage.RecurringStopped {
		return nil, mahalla.Refuse(mahalla.Conflict, "custom_gone")
	}
	return r, nil
}

// PressCompose takes a choice of the present step.
func (d *Desk) PressCompose(who *storage.Contact, serial int64, arg string, now time.Time) error {
	c := composing(who)
	if c == nil || int64(who.Dialogue.Question.Serial) != serial {
		return mahalla.Refuse(mahalla.Conflict, "custom_gone")
	}
	what, value, _ := strings.Cut(arg, "_")
	n, _ := strconv.Atoi(value) // 0 where the value is no number
	var err error
	switch what {
	case "who":
		if mahalla.Audience(value).Roles() == nil {
			return mahalla.Refuse(mahalla.Invalid, "forged")
		}
		c.Who = mahalla.Audience(value)
	case "where":
		if !slices.Contains(d.within(who, now), mahalla.TerritoryID(n)) {
			return mahalla.Refuse(mahalla.Invalid, "forged")
		}
		c.Place, c.Page = mahalla.TerritoryID(n), 0
	case "page":
		c.Page = n
	case "plain":
		c.choose(value)
	case "nth":
		if c.Nth, c.Step = n, stepDay; n == 5 {
			c.Nth = mahalla.LastOfMonth
		}
	case "day":
		c.Day, c.Step = time.Weekday(n), stepClock
	case "clock":
		err = d.setClock(c, time.Duration(n/100)*time.Hour+time.Duration(n%100)*time.Minute, now)
	case "holiday":
		err = d.turnHoliday(c, now)
	case "back":
		c.back(value)
	}
	if err != nil {
		return err
	}
	return c.keep(who, now)
}

// plainArgs are the choices of the step that asks when; arguments of buttons hold
// no underscore.
var plainArgs = map[string]mahalla.Plain{"daily": mahalla.PlainDaily, "weekly": mahalla.PlainWeekly,
	"other": mahalla.PlainOther, "nth": mahalla.PlainNth, "last": mahalla.PlainLastDay}

// choose begins a plain choice with what it has to know first.
func (c *composed) choose(value string) {
	c.Plain, c.Rule = plainArgs[value], nil
	switch {
	case value == "once":
		c.Step = stepOnce
	case c.Plain == mahalla.PlainNth:
		c.Step = stepNth
	case c.Plain == mahalla.PlainDaily || c.Plain == mahalla.PlainLastDay:
		c.Step = stepClock
	default:
		c.Step = stepDay
	}
}

// back asks again for one thing, or for the one before the present.
func (c *composed) back(what string) {
	if what == "" {
		what = map[string]string{stepWho: stepText, stepWhere: stepWho, stepWhen: stepWhere}[c.Step]
	}
	switch what {
	case stepText:
		c.Texts = nil
	case stepWho:
		c.Who, c.Place = "", 0
	case stepWhere:
		c.Place = 0
	default:
		c.Rule, c.Step = nil, stepWhen
	}
}

// turnHoliday takes the next rule for holidays.
func (d *Desk) turnHoliday(c *composed, now time.Time) error {
	if c.Rule == nil || !c.Rule.Once.IsZero() {
		return nil
	}
	r := *c.Rule
	all := mahalla.HolidayRules()
	r.Holidays = all[(slices.Index(all, r.Holidays)+1)%len(all)]
	r, err := d.proved(r, now)
	if err == nil {
		c.Rule = &r
	}
	return err
}
