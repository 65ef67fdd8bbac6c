package casework

import (
	"slices"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// HearComing tells what words answer to an invitation: that the person comes, or does
// not. Only words that say this and nothing else are an answer: whatever holds more may
// be somebody's report, and a question answers nothing.
func (d *Desk) HearComing(typed string) mahalla.RSVP {
	if strings.ContainsAny(typed, "?\n") {
		return ""
	}
	folded := locales.Fold(typed)
	switch {
	case d.isPhrase("word.coming", folded), d.isPhrase("word.coming", d.after("word.yes", folded)):
		return mahalla.RSVPYes
	case d.isPhrase("word.not_coming", folded), d.isPhrase("word.not_coming", d.after("word.no", folded)):
		return mahalla.RSVPNo
	}
	return ""
}

// isPhrase tells whether folded words are one of the phrases under a key, in any
// language. A stroke stands between them.
func (d *Desk) isPhrase(key, folded string) bool {
	return folded != "" && slices.Contains(d.phrases(key), folded)
}

// after is what stands behind a word at the beginning of folded words; empty when it does
// not stand there.
func (d *Desk) after(key, folded string) string {
	first, rest := firstWord(folded)
	if !d.isWord(key, first) {
		return ""
	}
	return rest
}

// Withdraws tells whether words say that a side does not agree, or not any more, and
// nothing else.
func (d *Desk) Withdraws(typed string) bool {
	folded := locales.Fold(typed)
	return d.isPhrase("word.withdraws", folded) || d.isPhrase("word.withdraws", d.after("word.no", folded))
}

// Invitations are the meetings to come to which a person is asked, and those of them
// that wait for the answer.
type Invitations struct {
	Open, Unanswered []mahalla.MeetingID
}

// Invited reads them, the earliest first.
func (d *Desk) Invited(tx *storage.Tx, who *storage.Contact, now time.Time) (Invitations, error) {
	var asked Invitations
	all, err := d.ComingMeetings(tx, who, now)
	if err != nil {
		return asked, err
	}
	for _, m := range all {
		p := d.SeatOf(who, m, now)
		if p == nil {
			continue
		}
		off, err := partyOff(tx, m, p)
		if err != nil {
			return asked, err
		}
		if off {
			continue
		}
		asked.Open = append(asked.Open, m.ID)
		if p.RSVP == "" {
			asked.Unanswered = append(asked.Unanswered, m.ID)
		}
	}
	return asked, nil
}

// UnansweredParties lists the items of which a person is asked as a side and has said
// neither yes nor no.
func (d *Desk) UnansweredParties(tx *storage.Tx, who *storage.Contact) ([]mahalla.ItemID, error) {
	all, err := tx.ItemsOfParty(who.ID)
	if err != nil {
		return nil, err
	}
	var list []mahalla.ItemID
	for _, i := range all {
		if gate := i.Gate(); gate == mahalla.GateViolence || gate == mahalla.GateCrime {
			continue // nobody was asked yet
		}
		if p := i.PartyOf(who.ID); p != nil && p.Consent == "" {
			list = append(list, i.ID)
		}
	}
	return list, nil
}

// PartyItem is the item that a message to one of its sides is about; nil when it is about
// something else.
func (d *Desk) PartyItem(tx *storage.Tx, who *storage.Contact, about mahalla.CaseID) (*mahalla.Item, error) {
	_, isItem, err := tx.AboutCase(about)
	if err != nil || !isItem {
		return nil, err
	}
	i, err := tx.Item(mahalla.ItemID(about))
	if err != nil || i == nil || i.PartyOf(who.ID) == nil {
		return nil, err
	}
	return i, nil
}
