package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Danger tells whether the words of a report speak of danger.
func (d *Desk) Danger(words string) bool { return len(d.stems.Match(words)) > 0 }

// Numbers lists the emergency numbers that the words of a report call for,
// together with those of its category; empty when there are none.
func (d *Desk) Numbers(words string, category mahalla.CategoryCode) []string {
	var numbers []string
	for _, hit := range d.stems.Match(words) {
		numbers = append(numbers, hit.Numbers...)
	}
	numbers = append(numbers, d.Reference().Categories[category].Numbers...)
	var once []string
	for _, n := range numbers {
		if !slices.Contains(once, n) {
			once = append(once, n)
		}
	}
	return once
}

// Limits of filing, per person.
const (
	mostReports = 6
	limitWindow = time.Hour
)

// FileDraft makes a case of a person's draft. The draft's message becomes the
// receipt, which stays the reporter's card of the case.
func (d *Desk) FileDraft(tx *storage.Tx, who *storage.Contact, code mahalla.CategoryCode, message int64, now time.Time) (*mahalla.Case, error) {
	draft := who.Dialogue.Draft
	switch {
	case draft == nil:
		return nil, mahalla.Refuse(mahalla.Conflict, "draft_gone")
	case len(draft.Parts) == 0:
		return nil, mahalla.Refuse(mahalla.Invalid, "draft_empty")
	case draft.Place == 0:
		return nil, mahalla.Refuse(mahalla.Invalid, "draft_placeless")
	}
	category, ok := d.Reference().Categories[code]
	if !ok {
		return nil, mahalla.Refuse(mahalla.NotFound, "draft_gone")
	}
	danger := d.Danger(draft.Words())
	if !danger {
		if err := d.limit(tx, who, now); err != nil {
			return nil, err
		}
	}
	c, err := d.file(tx, who.ID, draft, category, danger, now)
	if err != nil {
		return nil, err
	}
	who.Dialogue.Draft = nil
	if message != 0 {
		tx.AdoptCard(who.ID, mahalla.CardReporter, c.ID, message)
	} else {
		tx.MoveCard(who.ID, CardDraft, 0, mahalla.CardReporter, c.ID)
	}
	tx.ForgetCard(who.ID, CardDraft, 0)
	if t := d.Reference().Territories[draft.Place]; t != nil && t.Kind == mahalla.Mahalla {
		tx.SetHome(who.ID, draft.Place)
	}
	return c, nil
}

func (d *Desk) file(tx *storage.Tx, who mahalla.PersonID, draft *mahalla.Draft, category mahalla.Category, danger bool, now time.Time) (*mahalla.Case, error) {
	id, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	number, err := d.newNumber(tx)
	if err != nil {
		return nil, err
	}
	ground, err := d.ground(tx, draft.Place, now)
	if err != nil {
		return nil, err
	}
	c, o := mahalla.File(mahalla.Filing{
		ID: mahalla.CaseID(id), Number: number, Reporter: who, Place: draft.Place,
		Category: category, Danger: danger, Policies: d.policies, Ground: ground, Now: now,
	})
	if err := tx.AddCase(c); err != nil {
		return nil, err
	}
	report := storage.Report{Kind: storage.KindReport, Person: who, Words: draft.Words(), Media: draft.Media(), At: now}
	if err := tx.AddReport(c.ID, report); err != nil {
		return nil, err
	}
	o.Notices = withMedia(o.Notices, attachedGroups([]storage.Report{report}))
	return c, d.record(tx, c, o, now)
}

// limit refuses a person who files more than a person needs to.
func (d *Desk) limit(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	times, err := tx.FiledSince(who.ID, now.Add(-limitWindow))
	if err != nil || len(times) < mostReports {
		return err
	}
	wait := times[len(times)-mostReports].Add(limitWindow).Sub(now)
	return mahalla.Refuse(mahalla.TooMany, "too_many", "wait", wait.String())
}

// Add appends to an open case of the reporter's.
func (d *Desk) Add(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, words string, media []mahalla.Media, now time.Time) (*mahalla.Case, error) {
	c, err := tx.LockCase(id)
	if err != nil {
		return nil, err
	}
	o, err := c.Add(who.ID, "", d.Danger(words), now)
	if err != nil {
		return nil, err
	}
	report := storage.Report{Kind: storage.KindAddition, Person: who.ID, Words: words, Media: media, At: now}
	if err := tx.AddReport(c.ID, report); err != nil {
		return nil, err
	}
	o.Notices = additionMedia(o.Notices, len(groupsOf(words, media, inNotice)), c.Additions)
	return c, d.apply(tx, c, o, now)
}

// Withdraw takes a report back.
func (d *Desk) Withdraw(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.Withdraw(who.ID, now) })
}

// Judge records that the reporter is content.
func (d *Desk) Judge(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.Judge(who.ID, now) })
}

// Rate records one to five stars.
func (d *Desk) Rate(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round, stars int, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.Rate(who.ID, stars, now) })
}

// Reopen sends a closed case back with the reporter's reason.
func (d *Desk) Reopen(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, verdict mahalla.Verdict, words string, media []mahalla.Media, now time.Time) (*mahalla.Case, error) {
	c, err := tx.LockCase(id)
	if err != nil {
		return nil, err
	}
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return nil, err
	}
	o, err := c.Reopen(who.ID, verdict, "", d.policies, ground, now)
	if err != nil {
		return nil, err
	}
	if err := tx.AddReport(c.ID, storage.Report{Kind: storage.KindReopening, Person: who.ID, Words: words, Media: media, At: now}); err != nil {
		return nil, err
	}
	before, err := tx.Reports(c.ID)
	if err != nil {
		return nil, err
	}
	o.Notices = withMedia(o.Notices, attachedGroups(before))
	return c, d.apply(tx, c, o, now)
}

// decide is load, decide, apply for a decision that needs nothing but the case.
// A round other than zero must be the present one: a button of an older round
// shows what is no longer so.
func (d *Desk) decide(tx *storage.Tx, id mahalla.CaseID, round int, now time.Time, rule func(*mahalla.Case) (mahalla.Outcome, error)) (*mahalla.Case, error) {
	c, err := tx.LockCase(id)
	if err != nil {
		return nil, err
	}
	if round != 0 && round != c.Round {
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	o, err := rule(c)
	if err != nil {
		return nil, err
	}
	return c, d.apply(tx, c, o, now)
}
