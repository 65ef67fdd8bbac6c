package casework

import (
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// relays tells whether a report of this kind brings an officer's words to the
// reporter, at once or when they are confirmed.
func relays(kind storage.ReportKind) bool {
	return kind == storage.KindQuestion || kind == storage.KindResult || kind == storage.KindClaim
}

// honest refuses to relay words that ask the reporter for what nobody who serves
// may ask for.
func (d *Desk) honest(c *mahalla.Case, kind storage.ReportKind, words string) error {
	if relays(kind) && d.frauds.Asks(words) {
		return mahalla.Refuse(mahalla.Invalid, "swindling", "number", c.Number.String())
	}
	return nil
}

// Stopped tells of words that honest refused: their effect is undone, and this is
// what is left of them. Of any other refusal there is nothing to tell.
func (d *Desk) Stopped(tx *storage.Tx, who *storage.Contact, refusal *mahalla.Error, now time.Time) error {
	if refusal.Reason != "swindling" {
		return nil
	}
	n, err := mahalla.ParseNumber(refusal.Args["number"])
	if err != nil {
		return err
	}
	found, err := tx.CaseByNumber(n)
	if err != nil {
		return err
	}
	c, err := tx.LockCase(found.ID)
	if err != nil {
		return err
	}
	warned, err := tx.Happened(c.ID, mahalla.EventStopped)
	if err != nil {
		return err
	}
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return err
	}
	return d.apply(tx, c, c.Stop(who.ID, warned, ground, now), now)
}

// drawStopped tells those above an officer what was not relayed, without its
// words.
func drawStopped(tx *storage.Tx, w *words, c *mahalla.Case, args map[string]string) (string, error) {
	id, err := strconv.ParseInt(args["person"], 10, 64)
	if err != nil {
		return "", err
	}
	name, err := tx.Name(mahalla.PersonID(id))
	return w.say("notice.stopped", "number", c.Number.String(), "name", personName(name)), err
}

// newFrauds reads the table inside the program, which is tested.
func newFrauds() *locales.Frauds {
	frauds, err := locales.LoadFrauds()
	if err != nil {
		panic(err)
	}
	return frauds
}
