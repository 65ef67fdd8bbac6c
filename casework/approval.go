package casework

import (
	"slices"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// CardApproval asks whoever stands above whether somebody may take a role; it is
// about an approval.
const CardApproval mahalla.NoticeKind = "card.approval"

// Buttons of approvals. Their subject is the approval.
const (
	PressApprove = "approve" // arg: yes, no, phone
	PressAwait   = "await"   // reminds those who are to answer
)

// mostApprovals is how many cards one command sends.
const mostApprovals = 5

// awaitApproval lets somebody who has taken an invitation wait for a second person,
// and tells whether there is anybody to wait for.
func (d *Desk) awaitApproval(tx *storage.Tx, who *storage.Contact, i storage.Invitation, now time.Time) (bool, error) {
	if !i.Role.Approved() || i.Vouched {
		return false, nil
	}
	a := &storage.Approval{ID: i.ID, Person: who.ID, Role: i.Role, Territory: i.Territory, AskedAt: now}
	above, err := d.above(tx, a, now)
	if err != nil {
		return false, err
	}
	if mahalla.NobodyAbove(i.Role, who.ID, above) {
		tx.AuditRole(who.ID, storage.ActJoinedAlone, now)
		return false, nil
	}
	tiers := mahalla.Approvers(i.Role, who.ID, above)
	countAsk(a, tiers, now)
	tx.UseInvitation(i, who.ID, now)
	tx.AddApproval(a)
	return true, d.askApproval(tx, a, tiers, now)
}

// above lists who holds a role on the path of the place of an approval, those on
// leave too.
func (d *Desk) above(tx *storage.Tx, a *storage.Approval, now time.Time) (mahalla.Responsibilities, error) {
	return tx.Holders(d.Reference().Path(a.Territory), now)
}

func (d *Desk) approvers(tx *storage.Tx, a *storage.Approval, now time.Time) ([][]mahalla.PersonID, error) {
	above, err := d.above(tx, a, now)
	return mahalla.Approvers(a.Role, a.Person, above), err
}

// countAsk counts that those are asked who can be told, and says when to look
// again. While nobody can be told nothing counts as asked: it waits for whoever
// comes back.
func countAsk(a *storage.Approval, tiers [][]mahalla.PersonID, now time.Time) {
	if len(tiers) == 0 {
		a.LookAt = now.Add(mahalla.ApprovalReturn)
		return
	}
	a.AskedAt, a.LookAt = now, time.Time{}
	if a.Asked++; a.Asked < mahalla.MostApprovalAsks {
		a.LookAt = now.Add(mahalla.ApprovalPatience)
	}
}

// askApproval sends the card afresh: to the nearest, and to the next above too once
// the nearest were asked in vain.
func (d *Desk) askApproval(tx *storage.Tx, a *storage.Approval, tiers [][]mahalla.PersonID, now time.Time) error {
	for _, p := range slices.Concat(tiers[:min(a.Asked, len(tiers))]...) {
		who, err := tx.Contact(p)
		if err == nil {
			err = d.showApproval(tx, who, a.ID, true, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) showApproval(tx *storage.Tx, who *storage.Contact, id int64, ring bool, now time.Time) error {
	if ring {
		tx.ForgetCard(who.ID, CardApproval, mahalla.CaseID(id))
	}
	return d.Show(tx, who, mahalla.Notice{Kind: CardApproval, Lane: mahalla.LaneAnswer, Ring: ring}, mahalla.CaseID(id), now)
}

// redrawApproval brings the cards of an approval up to date, but for one person's.
func (d *Desk) redrawApproval(tx *storage.Tx, id int64, but mahalla.PersonID, now time.Time) error {
	holders, err := tx.CardHolders(CardApproval, id)
	if err != nil {
		return err
	}
	for _, p := range holders {
		if p == but {
			continue
		}
		who, err := tx.Contact(p)
		if err == nil {
			err = d.showApproval(tx, who, id, false, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openApproval holds an approval that a person may answer now.
func (d *Desk) openApproval(tx *storage.Tx, who *storage.Contact, id int64, now time.Time) (*storage.Approval, error) {
	a, err := tx.LockApproval(id)
	switch {
	case err != nil:
		return nil, err
	case a == nil || !who.MayApprove(a.Role, a.Person, d.Reference().Path(a.Territory), now):
		return nil, mahalla.Refuse(mahalla.NotFound, "approval_gone")
	case !a.Open():
		return nil, mahalla.Refuse(mahalla.Conflict, "approval_answered")
	}
	return a, nil
}

// Approve gives the role to who waits for it, or does not. Of two who answer at
// once the first counts.
func (d *Desk) Approve(tx *storage.Tx, who *storage.Contact, id int64, granted bool, now time.Time) error {
	a, err := d.openApproval(tx, who, id, now)
	if err != nil {
		return err
	}
	a.AnsweredAt, a.AnsweredBy, a.Granted, a.LookAt = now, who.ID, granted, now
	act := storage.ActDisapproved
	if granted {
		act = storage.ActApproved
		invited, err := tx.Contact(a.Person)
		if err != nil {
			return err
		}
		if !invited.Proven(now) {
			tx.SetReach(a.Person, mahalla.NotStarted)
		}
		tx.GiveRole(a.ID, a.Role, a.Territory, a.Person, now)
	}
	tx.AuditRole(who.ID, act, now)
	tx.SaveApproval(a)
	if err := d.redrawApproval(tx, id, who.ID, now); err != nil {
		return err
	}
	return d.tellInvited(tx, a, now)
}

// MayCall tells whether the number of who waits may be shown to a person.
func (d *Desk) MayCall(tx *storage.Tx, who *storage.Contact, id int64, now time.Time) error {
	_, err := d.openApproval(tx, who, id, now)
	return err
}

// tellInvited tells who was waiting what came of it, and goes on with joining. The
// dialogue of that person changes, so it waits while a worker serves their chat.
func (d *Desk) tellInvited(tx *storage.Tx, a *storage.Approval, now time.Time) error {
	who, err := tx.Contact(a.Person)
	if err != nil {
		return err
	}
	free, err := tx.HoldChat(who.Telegram)
	if err != nil || !free {
		return err // the scheduler comes back
	}
	if who, err = tx.Contact(a.Person); err != nil {
		return err
	}
	a.LookAt = time.Time{}
	tx.SaveApproval(a)
	answer := map[bool]string{true: "granted", false: "refused"}[a.Granted]
	tx.ForgetCard(who.ID, CardJoin, 0)
	if err := d.Show(tx, who, joinNotice(a, answer, true), 0, now); err != nil {
		return err
	}
	if q := who.Dialogue.Question; q != nil && q.Flow == FlowPhone {
		who.Dialogue.Question = nil
	}
	if a.Granted {
		if kind, ok := d.Resume(who, now); ok {
			err = d.Show(tx, who, mahalla.Notice{Kind: kind, Lane: mahalla.LaneAnswer, Ring: true}, 0, now)
		} else {
			err = d.Show(tx, who, mahalla.Notice{Kind: NoticeMenu, Lane: mahalla.LaneAnswer}, 0, now)
		}
	}
	if err != nil {
		return err
	}
	return tx.SaveDialogue(who, now)
}

// Awaits tells for whom a role waits to be approved: nil when for none.
func (d *Desk) Awaits(tx *storage.Tx, who *storage.Contact) (*storage.Approval, error) {
	return tx.ApprovalOf(who.ID)
}

// RemindApproval asks again those who are to answer, on behalf of who waits. It
// tells whether anybody could be asked: if not, it is done once somebody can.
func (d *Desk) RemindApproval(tx *storage.Tx, who *storage.Contact, now time.Time) (asked bool, err error) {
	a, err := tx.ApprovalOf(who.ID)
	if err == nil && a != nil {
		a, err = tx.LockApproval(a.ID)
	}
	switch {
	case err != nil:
		return false, err
	case a == nil || !a.Open():
		return false, mahalla.Refuse(mahalla.NotFound, "approval_none")
	case a.Asked > 0 && now.Before(a.AskedAt.Add(mahalla.ApprovalPause)):
		return false, mahalla.Refuse(mahalla.TooMany, "approval_soon", "wait", a.AskedAt.Add(mahalla.ApprovalPause).Sub(now).String())
	}
	above, err := d.above(tx, a, now)
	if err != nil {
		return false, err
	}
	if mahalla.NobodyAbove(a.Role, a.Person, above) {
		return false, mahalla.Refuse(mahalla.NotFound, "approval_nobody")
	}
	tiers := mahalla.Approvers(a.Role, a.Person, above)
	if len(tiers) == 0 || a.Asked == 0 {
		return len(tiers) > 0, d.askAgain(tx, a, tiers, now)
	}
	a.AskedAt = now
	tx.SaveApproval(a)
	return true, d.askApproval(tx, a, tiers, now)
}

// WakeApproval does what is due with an approval: asks again when nobody has
// answered for a day, the next above too, and tells who waited what came of it.
func (d *Desk) WakeApproval(tx *storage.Tx, id int64, now time.Time) error {
	a, err := tx.LockApproval(id)
	if err != nil || a == nil || a.LookAt.IsZero() || a.LookAt.After(now) {
		return err
	}
	if !a.Open() {
		a.LookAt = now.Add(time.Second) // while the chat is served
		tx.SaveApproval(a)
		return d.tellInvited(tx, a, now)
	}
	tiers, err := d.approvers(tx, a, now)
	if err != nil {
		return err
	}
	return d.askAgain(tx, a, tiers, now)
}

// askAgain counts that those are asked who can be told, and asks them. Who waits
// sees it when these are the first.
func (d *Desk) askAgain(tx *storage.Tx, a *storage.Approval, tiers [][]mahalla.PersonID, now time.Time) error {
	unasked := a.Asked == 0
	countAsk(a, tiers, now)
	tx.SaveApproval(a)
	if unasked && a.Asked > 0 {
		who, err := tx.Contact(a.Person)
		if err == nil {
			err = d.Show(tx, who, joinNotice(a, "awaits", false), 0, now)
		}
		if err != nil {
			return err
		}
	}
	return d.askApproval(tx, a, tiers, now)
}

// dropApprovals forgets what waits to be approved for somebody: the cards of those
// who were asked say so, and no press on them gives the role any more.
func (d *Desk) dropApprovals(tx *storage.Tx, who *storage.Contact, waits []*storage.Approval, now time.Time) error {
	tx.DropApprovals(who.ID)
	for _, a := range waits {
		if err := d.redrawApproval(tx, a.ID, who.ID, now); err != nil {
			return err
		}
		if err := d.Show(tx, who, joinNotice(a, "refused", false), 0, now); err != nil {
			return err
		}
	}
	return nil
}

// ShowApprovals sends the cards of what waits for a person's answer afresh, and
// tells how many there are.
func (d *Desk) ShowApprovals(tx *storage.Tx, who *storage.Contact, now time.Time) (int, error) {
	list, err := d.openApprovals(tx, who, now)
	for _, a := range list {
		if err == nil {
			err = d.showApproval(tx, who, a.ID, true, now)
		}
	}
	return len(list), err
}

// ApprovalNamed finds the approval that a typed line means, by its number in the
// order of asking, or the only one, and what else is in the line.
func (d *Desk) ApprovalNamed(tx *storage.Tx, who *storage.Contact, line string, now time.Time) (id int64, rest string, err error) {
	list, err := d.openApprovals(tx, who, now)
	if err != nil {
		return 0, "", err
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if n, ok := typedNumber(first); ok {
		if n > len(list) {
			return 0, "", mahalla.Refuse(mahalla.NotFound, "approval_gone")
		}
		return list[n-1].ID, strings.TrimSpace(rest), nil
	}
	switch len(list) {
	case 0:
		return 0, "", mahalla.Refuse(mahalla.NotFound, "approval_gone")
	case 1:
		return list[0].ID, strings.TrimSpace(line), nil
	}
	return 0, "", mahalla.Refuse(mahalla.Invalid, "approval_which")
}

func (d *Desk) openApprovals(tx *storage.Tx, who *storage.Contact, now time.Time) ([]*storage.Approval, error) {
	var nodes []mahalla.TerritoryID
	for _, m := range who.Memberships {
		if m.At(now) && m.Role.Has(mahalla.MaySupervise) {
			nodes = append(nodes, m.Territory)
		}
	}
	list, err := tx.OpenApprovals(nodes, mostApprovals)
	return slices.DeleteFunc(list, func(a *storage.Approval) bool {
		return !who.MayApprove(a.Role, a.Person, d.Reference().Path(a.Territory), now)
	}), err
}
