package casework

import (
	"errors"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// argGuessed marks the refusal of a number that was typed and is not the person's
// to see, so that it can be counted after its effect is undone.
const argGuessed = "guessed"

// numbered finds the case with a number for somebody who typed it. Whoever has
// asked for too many numbers of others is refused like for one of no case, and
// nothing is looked up but what lies in an officer's own territory.
func (d *Desk) numbered(tx *storage.Tx, who *storage.Contact, number mahalla.Number, now time.Time) (*mahalla.Case, error) {
	if !who.Dialogue.Guessing(now) {
		return tx.CaseByNumber(number)
	}
	var own []mahalla.TerritoryID
	for _, s := range d.scopes(who, now) {
		own = append(own, s.Places...)
	}
	if len(own) == 0 {
		return nil, mahalla.Refuse(mahalla.NotFound, "case_not_found")
	}
	return tx.CaseByNumberAt(number, own)
}

// guessed marks a refusal as that of a typed number.
func guessed(err error) error {
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && refusal.Reason == "case_not_found" {
		marked := *refusal
		marked.Args = map[string]string{argGuessed: "yes"}
		return &marked
	}
	return err
}

// Guessed counts a refusal that is that of a typed number.
func (d *Desk) Guessed(who *storage.Contact, refusal *mahalla.Error, now time.Time) {
	if refusal.Args[argGuessed] != "" {
		who.Dialogue.Guess(now)
	}
}
