package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// PressPhone shows the reporter's number to whoever accepted the case; arg
// "hide" takes it back.
const PressPhone = "phone"

// ShowPhone shows the reporter's number, which is known, to whoever accepted the
// case, until it is closed or the number is taken back.
func (d *Desk) ShowPhone(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, 0, now, func(c *mahalla.Case) (mahalla.Outcome, error) {
		o, err := c.ShowPhone(who.ID, now)
		if err == nil {
			tx.ShowPhone(c.ID, who.ID, now)
		}
		return o, err
	})
}

// GivePhone keeps a reporter's own number and shows it for a case.
func (d *Desk) GivePhone(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, phone string, now time.Time) (*mahalla.Case, error) {
	if err := tx.SetPhone(who.ID, phone); err != nil {
		return nil, err
	}
	who.HasPhone = true
	return d.ShowPhone(tx, who, id, now)
}

// HidePhone takes a person's number back from every case, and forgets it unless
// the person serves and is to be reached by it. It tells whether there was any.
func (d *Desk) HidePhone(tx *storage.Tx, who *storage.Contact, now time.Time) (bool, error) {
	shown, err := tx.HidePhones(who.ID)
	if err != nil {
		return false, err
	}
	if !who.Serves(now) {
		tx.ForgetPhone(who.ID)
		who.HasPhone = false
	}
	for _, id := range shown {
		c, err := tx.LockCase(id)
		if err != nil {
			return true, err
		}
		if err := d.apply(tx, c, c.HidePhone(who.ID, now), now); err != nil {
			return true, err
		}
	}
	return len(shown) > 0, nil
}

// phoneRow offers the reporter to be called. The phone of somebody who reports
// in secret is not to ring by an oversight: only the command does that.
func (w *words) phoneRow(v storage.View) [][]mahalla.Button {
	c := v.Case
	switch {
	case !c.Open(), c.Alias != "":
		return nil
	case v.ReporterPhone != "":
		return [][]mahalla.Button{{casePress(c, PressPhone, "hide", w.say("phone.hide"), "")}}
	case c.Secrecy == mahalla.Secret:
		return nil
	}
	return [][]mahalla.Button{{casePress(c, PressPhone, "", w.say("phone.give"), "")}}
}

// phoneGiven reminds the reporter that the number is shown.
func (w *words) phoneGiven(v storage.View) string {
	if v.ReporterPhone == "" || !v.Case.Open() {
		return ""
	}
	return w.say("phone.shown")
}

// phone is the reporter's number as the officer taps it to call.
func (w *words) phone(v storage.View) string {
	if v.ReporterPhone == "" || !v.Case.SeesPhone(v.Reader.ID) {
		return ""
	}
	return w.say("phone.line", "phone", v.ReporterPhone)
}

// drawShare offers the key that sends the own number.
func (d *Desk) drawShare(w *words) mahalla.Screen {
	return mahalla.Screen{
		Text: w.say("phone.ask"),
		Keys: []mahalla.Key{{Label: w.say("join.phone_key"), Kind: mahalla.KeyContact}},
	}
}
