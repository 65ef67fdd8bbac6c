package casework

import (
	"math/rand/v2"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// retentionSetting is the key of the setting that says for how many days after the
// end of a case its words are kept.
const retentionSetting = "retention_days"

// SetRetention sets it at a place and below it.
func (d *Desk) SetRetention(tx *storage.Tx, place mahalla.TerritoryID, days int) error {
	if time.Duration(days)*24*time.Hour < mahalla.LeastWordsKept {
		return mahalla.Refuse(mahalla.Invalid, "retention_days")
	}
	tx.PutSetting(storage.Setting{Territory: place, Key: retentionSetting, Value: strconv.Itoa(days)})
	return nil
}

// WordsKept is what is set for a place; the nearest setting counts, and one that
// cannot be read counts as none.
func (d *Desk) WordsKept(place mahalla.TerritoryID) time.Duration {
	return d.daysKept(place, retentionSetting, mahalla.LeastWordsKept, mahalla.WordsKept)
}

// daysKept is what a setting in days says for a place, at least so much: the nearest
// that can be read, or else what is usual.
func (d *Desk) daysKept(place mahalla.TerritoryID, key string, least, usual time.Duration) time.Duration {
	r := d.Reference()
	for _, node := range r.Path(place) {
		for _, s := range r.Settings {
			if s.Key != key || s.Territory != node {
				continue
			}
			if days, err := strconv.Atoi(s.Value); err == nil {
				return max(least, time.Duration(days)*24*time.Hour)
			}
		}
	}
	return usual
}

// MayErase lists cases whose words may have been kept long enough, behind one.
func (d *Desk) MayErase(tx *storage.Tx, after storage.Ended, most int, now time.Time) ([]storage.Ended, error) {
	return tx.EndedBefore(now.Add(-mahalla.LeastWordsKept), after, most)
}

// Erase deletes the words of a case if their time is over.
func (d *Desk) Erase(tx *storage.Tx, id mahalla.CaseID, now time.Time) error {
	c, err := tx.LockCase(id)
	if err != nil || !c.Erasable(d.WordsKept(c.Place), now) {
		return err
	}
	return d.erase(tx, c, now)
}

func (d *Desk) erase(tx *storage.Tx, c *mahalla.Case, now time.Time) error {
	o := c.Erase(now)
	if err := d.apply(tx, c, o, now); err != nil {
		return err
	}
	tx.EraseWords(c)
	return nil
}

// Forget erases what is known of a person who wants that: name, number, place,
// what is being written, and the words of the own cases that have ended. Of
// reports without a name nothing is done in the same moment, or it would tell
// whose they are: Depart follows.
func (d *Desk) Forget(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	if err := who.MayLeave(now); err != nil {
		return err
	}
	if _, err := d.HidePhone(tx, who, now); err != nil {
		return err
	}
	ended, err := tx.EndedOf(who.ID, true)
	if err != nil {
		return err
	}
	for _, id := range ended {
		c, err := tx.LockCase(id)
		if err != nil {
			return err
		}
		if err := d.erase(tx, c, now); err != nil {
			return err
		}
	}
	tx.Leave(who.ID, now)
	who.Home, who.Consented, who.HasPhone = 0, false, false
	who.Dialogue = mahalla.Dialogue{Serial: who.Dialogue.Serial, Guesses: who.Dialogue.Guesses}
	return nil
}

// Depart goes on with somebody who has asked to be forgotten: words of cases that
// have ended since go, and once nothing is open and nothing waits the account
// itself. It tells which cases without a name are to be erased, each in a
// transaction of its own with DepartUnnamed, before it is called again.
func (d *Desk) Depart(tx *storage.Tx, r storage.Recipient, now time.Time) (unnamed []mahalla.CaseID, err error) {
	held, err := tx.HoldChat(r.Chat)
	if err != nil || !held {
		return nil, err
	}
	ended, err := tx.EndedOf(r.Person, true)
	if err != nil {
		return nil, err
	}
	for _, id := range ended {
		c, err := tx.LockCase(id)
		if err == nil {
			err = d.erase(tx, c, now)
		}
		if err != nil {
			return nil, err
		}
	}
	if unnamed, err = tx.EndedOf(r.Person, false); err != nil || len(unnamed) > 0 {
		return unnamed, err
	}
	open, err := tx.OpenCount(r.Person)
	if err != nil || open > 0 {
		return nil, err
	}
	if waits, err := tx.Waits(r.Chat); err != nil || waits {
		return nil, err
	}
	tx.Vanish(r, now)
	return nil, nil
}

// departWithin is how far the moments are spread at which reports without a name
// are erased: those of one person must not have one in common.
const departWithin = 3 * time.Hour

// DepartUnnamed erases the words of an ended case without a name whose reporter
// has asked to be forgotten, and forgets who that was. One that was given up for
// another case waits for the end of that one.
func (d *Desk) DepartUnnamed(tx *storage.Tx, id mahalla.CaseID, now time.Time) error {
	c, err := tx.LockCase(id)
	if err != nil || c.Open() || c.Alias == "" {
		return err
	}
	worked, err := Worked(tx, c)
	if err != nil || worked.Open() {
		return err
	}
	if worked == c {
		worked = nil
	}
	at := now.Add(-rand.N(departWithin))
	if at.Before(c.Ended()) {
		at = now
	}
	if !c.Erased() {
		if err := d.erase(tx, c, at); err != nil {
			return err
		}
	}
	o := c.Unlink(worked, 0, at)
	if len(o.Events) == 0 {
		return nil
	}
	if err := tx.Unlink(id); err != nil {
		return err
	}
	return d.apply(tx, c, o, at)
}

// PressForget erases what is known of the person; arg: yes, no.
const PressForget = "forget"

// CardForget asks whether that is meant, and says what was done.
const CardForget mahalla.NoticeKind = "card.forget"

// drawForget says what goes and what stays. With arg "answer" it says what came of
// it.
func (d *Desk) drawForget(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	switch args["answer"] {
	case "yes":
		open, err := strconv.Atoi(args["open"])
		rest := w.say("forget.done_link")
		if err == nil && open > 0 {
			rest = w.count("forget.done_open", open)
		}
		return mahalla.Screen{Text: lines(w.say("forget.done"), rest, w.say("forget.again"))}, nil
	case "no":
		return mahalla.Screen{Text: w.say("forget.kept")}, nil
	}
	open, err := tx.OpenCount(reader.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	text := w.say("forget.text")
	if open > 0 {
		text = lines(text, w.count("forget.open", open))
	}
	return mahalla.Screen{Text: lines(text, w.say("forget.sure")), Rows: [][]mahalla.Button{
		{{Label: w.say("forget.yes"), Press: mahalla.Press{Verb: PressForget, Arg: "yes"}, Style: mahalla.Danger}},
		{{Label: w.say("button.back"), Press: mahalla.Press{Verb: PressForget, Arg: "no"}}},
	}}, nil
}

// erasedLine says on a card why it has no words.
func (w *words) erasedLine(c *mahalla.Case) string {
	if !c.Erased() {
		return ""
	}
	return w.say("case.erased")
}
