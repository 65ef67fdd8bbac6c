package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// ConsentVersion names the text that people agree to; it changes with the text.
const ConsentVersion = "2026-11"

// InvitationLife is how long an invitation can be taken.
const InvitationLife = 72 * time.Hour

// Invite offers a role at a territory and returns the token of its link.
func (d *Desk) Invite(tx *storage.Tx, role mahalla.Role, territory mahalla.TerritoryID, now time.Time) (string, error) {
	return tx.Invite(role, territory, now, now.Add(InvitationLife))
}

// InviteVouched is Invite of somebody whom nobody has to approve: for the demo.
func (d *Desk) InviteVouched(tx *storage.Tx, role mahalla.Role, territory mahalla.TerritoryID, now time.Time) (string, error) {
	return tx.InviteVouched(role, territory, now, now.Add(InvitationLife))
}

// Offer shows an invitation to the person who opened its link.
func (d *Desk) Offer(tx *storage.Tx, who *storage.Contact, token string, now time.Time) error {
	i, err := tx.Invitation(token, now)
	if err != nil {
		return err
	}
	who.Dialogue.Ask(mahalla.Question{Flow: FlowJoin, Data: map[string]string{
		"token": token, "role": string(i.Role), "place": strconv.FormatInt(int64(i.Territory), 10)}})
	return nil
}

// Join takes the invitation that the person was shown: of two who race for one
// link, one wins. A role of officers waits until a second person has approved, who
// is asked now, and Join tells so; any other one counts from now on, but the person
// is only told cases once the test card was pressed.
func (d *Desk) Join(tx *storage.Tx, who *storage.Contact, now time.Time) (awaits bool, err error) {
	q := who.Dialogue.Question
	if q == nil || q.Flow != FlowJoin {
		return false, mahalla.Refuse(mahalla.Conflict, "invitation_gone")
	}
	i, err := tx.Invitation(q.Data["token"], now)
	if err != nil {
		return false, err
	}
	if awaits, err = d.awaitApproval(tx, who, i, now); err != nil {
		return false, err
	}
	if !who.Consented {
		tx.Consent(who.ID, ConsentVersion, who.Language, now)
		who.Consented = true
	}
	if awaits {
		who.Dialogue.Question = nil
		if !who.HasPhone {
			who.Dialogue.Ask(mahalla.Question{Flow: FlowPhone})
		}
		return true, nil
	}
	tx.TakeInvitation(i, who.ID, now)
	if i.Role.Serves() && !(who.Proven(now)) {
		tx.SetReach(who.ID, mahalla.NotStarted)
		who.Reach = mahalla.NotStarted
		who.Dialogue.Ask(mahalla.Question{Flow: FlowPhone})
	} else {
		who.Dialogue.Question = nil
	}
	who.Memberships = append(who.Memberships, mahalla.Membership{Role: i.Role, Territory: i.Territory, From: now})
	if draft := who.Dialogue.Draft; draft != nil && draft.Place == 0 { // begun before it was known
		draft.Place = d.home(who, now)
	}
	return false, nil
}

// Phone keeps the person's own number and shows the test card, or lets those see it
// who are to approve the person.
func (d *Desk) Phone(tx *storage.Tx, who *storage.Contact, phone string, now time.Time) error {
	if err := tx.SetPhone(who.ID, phone); err != nil {
		return err
	}
	if !who.Serves(now) {
		who.Dialogue.Question = nil
		a, err := tx.ApprovalOf(who.ID)
		if err != nil || a == nil {
			return err
		}
		return d.redrawApproval(tx, a.ID, who.ID, now)
	}
	who.Dialogue.Ask(mahalla.Question{Flow: FlowTest})
	return nil
}

// Tested records that the test card was pressed: the officer can be reached.
// Cases that nobody could be told of meanwhile are drawn for the officer.
func (d *Desk) Tested(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	who.Dialogue.Question = nil
	return d.restore(tx, who, now)
}

// redraw brings the cards of a person's open cases up to date, after a change
// of language or an absence; since an absence also those that were open then,
// but for the cases that have been told of.
func (d *Desk) redraw(tx *storage.Tx, who *storage.Contact, since time.Time, told []mahalla.CaseID, now time.Time) error {
	cards, err := tx.OpenCards(who.ID, since)
	if err != nil {
		return err
	}
	for _, card := range cards {
		if slices.Contains(told, card.Case) {
			continue
		}
		n := mahalla.Notice{Kind: card.Kind, To: who.ID, Lane: mahalla.LaneReminder}
		if err := tx.Send(who.Recipient(), n, card.Case, now, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// Speak changes a person's language; open cards follow.
func (d *Desk) Speak(tx *storage.Tx, who *storage.Contact, lang mahalla.Language, now time.Time) error {
	if who.Language == lang {
		return nil
	}
	tx.SetLanguage(who.ID, lang)
	who.Language = lang
	if err := d.redrawMeetings(tx, who, now); err != nil {
		return err
	}
	return d.redraw(tx, who, time.Time{}, nil, now)
}

// Show sends one card or message that is not the outcome of a decision.
func (d *Desk) Show(tx *storage.Tx, who *storage.Contact, n mahalla.Notice, about mahalla.CaseID, now time.Time) error {
	n.To = who.ID
	return tx.Send(who.Recipient(), n, about, now, time.Time{})
}

// Resume asks an officer again for what joining still lacks: the own number,
// or the test card. It tells which card or notice asks for it, if any.
func (d *Desk) Resume(who *storage.Contact, now time.Time) (mahalla.NoticeKind, bool) {
	if !who.Serves(now) || who.Reach != mahalla.NotStarted {
		return "", false
	}
	if !who.HasPhone {
		who.Dialogue.Ask(mahalla.Question{Flow: FlowPhone})
		return NoticePhone, true
	}
	who.Dialogue.Ask(mahalla.Question{Flow: FlowTest})
	return CardTest, true
}
