package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons of whoever is asked whether a report is false.
const (
	PressConfirm = "confirm"
	PressReject  = "reject" // asks why
)

// FlowReject hears why a report is not called false.
const FlowReject = "reject"

// claimFalse keeps the owner's sentence, and shows it with the case to somebody
// above the owner.
func (d *Desk) claimFalse(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, said Said, now time.Time) (*mahalla.Case, error) {
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return nil, err
	}
	o, err := c.ClaimFalse(who.Person, ground, now)
	if err != nil {
		return nil, err
	}
	if err := tellsReporter(c, said); err != nil {
		return nil, err
	}
	r, err := d.keep(tx, who, c, storage.KindClaim, said, now)
	if err != nil {
		return nil, err
	}
	return c, d.applyClaim(tx, c, o, evidence([]storage.Report{r}), now)
}

// applyClaim applies a decision that may show the case and the claim's evidence
// to somebody new.
func (d *Desk) applyClaim(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, pieces []map[string]string, now time.Time) error {
	if err := d.mediaOf(tx, c, &o); err != nil {
		return err
	}
	o.Notices = confirmersFirst(c, o.Notices, pieces)
	return d.apply(tx, c, o, now)
}

// confirmersFirst puts the evidence of a claim before each card that asks about
// it.
func confirmersFirst(c *mahalla.Case, notices []mahalla.Notice, pieces []map[string]string) []mahalla.Notice {
	var list []mahalla.Notice
	for _, n := range notices {
		if n.Ring && c.AskedToConfirm(n.To) && (n.Kind == mahalla.CardOfficer || n.Kind == mahalla.CardHead) {
			for _, piece := range pieces {
				list = append(list, mahalla.Notice{Kind: mahalla.NoticeEvidence, To: n.To, Lane: n.Lane, Args: piece})
			}
		}
		list = append(list, n)
	}
	return list
}

// Confirm closes a case as a false report, by somebody above its owner.
func (d *Desk) Confirm(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	o, err := c.Confirm(who.Person, d.path(c.Place), now)
	if err != nil {
		return nil, err
	}
	reports, err := tx.Reports(c.ID)
	if err != nil {
		return nil, err
	}
	o.Notices = evidenceFirst(o.Notices, evidence(reports))
	return c, d.apply(tx, c, o, now)
}

// Reject gives the case back to its owner with a word that officers read.
func (d *Desk) Reject(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, said Said, now time.Time) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	o, err := c.Reject(who.Person, d.path(c.Place), now)
	if err != nil {
		return nil, err
	}
	if said.Words == "" || len(said.Media) > 0 {
		return nil, mahalla.Refuse(mahalla.Invalid, "reject_words", "number", c.Number.String())
	}
	r, err := d.keep(tx, who, c, storage.KindNote, said, now)
	if err != nil {
		return nil, err
	}
	for i, n := range o.Notices {
		if n.Kind == mahalla.NoticeRejected {
			o.Notices[i].Args = wordsArg(r.ID, 0, len(r.Words))
		}
	}
	return c, d.apply(tx, c, o, now)
}

// MayDecide reads a case of which a person is asked whether it is false.
func (d *Desk) MayDecide(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	c, err := tx.Case(id)
	if err != nil {
		return nil, err
	}
	if round != 0 && round != c.Round {
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	return c, c.MayDecide(who.Person, d.path(c.Place), now)
}

// passClaim asks the next above when those who were asked are silent.
func (d *Desk) passClaim(tx *storage.Tx, c *mahalla.Case, late bool, now time.Time) (mahalla.Outcome, error) {
	return d.toNextConfirmer(tx, c, func(g mahalla.Ground) mahalla.Outcome { return c.PassClaim(g, late, now) }, now)
}

// toNextConfirmer shows the case with the owner's word to whom a rule asks next.
func (d *Desk) toNextConfirmer(tx *storage.Tx, c *mahalla.Case, rule func(mahalla.Ground) mahalla.Outcome, now time.Time) (mahalla.Outcome, error) {
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return mahalla.Outcome{}, err
	}
	o := rule(ground)
	if len(o.Events) == 0 || !c.Claimed() {
		return o, nil
	}
	reports, err := tx.Reports(c.ID)
	if err != nil {
		return o, err
	}
	o.Notices = confirmersFirst(c, withMedia(o.Notices, attachedGroups(reports)), evidence(reports))
	return o, nil
}

// claimed says to whoever asked for a confirmation that it is waited for.
func (w *words) claimed(c *mahalla.Case) string {
	if !c.Claimed() {
		return ""
	}
	return w.say("officer.claimed", "role", HTML(w.roleOf(c, c.Claim.Asked[len(c.Claim.Asked)-1])), "when", w.when(c.Claim.At))
}

// asksToConfirm puts the question whether the report is false below the card of
// somebody who was asked.
func (w *words) asksToConfirm(v storage.View, s *mahalla.Screen) {
	c := v.Case
	s.Text = lines(s.Text, bold(w.say("officer.claim_ask", "name", personName(v.OwnerName))), quote(w.result(v.Reports), glance*2))
	s.Rows = [][]mahalla.Button{
		{casePress(c, PressConfirm, "", w.say("officer.claim_confirm"), mahalla.Success)},
		{casePress(c, PressReject, "", w.say("officer.claim_reject"), mahalla.Danger)},
	}
}

// closing is the outcome of a closed case as its reporter reads it: nobody is
// accused.
func (w *words) closing(c *mahalla.Case) string {
	if c.Closing == mahalla.False {
		return w.say("closing.unfounded")
	}
	return w.say("closing." + string(c.Closing))
}

// claimNotice tells the owner what became of the claim.
func (w *words) claimNotice(m storage.Message, v storage.View) (string, error) {
	c := v.Case
	number := c.Number.String()
	if c.Round != m.Round {
		return "", ErrPointless
	}
	switch m.Kind {
	case mahalla.NoticeConfirmed:
		return w.say("notice.confirmed", "number", number), nil
	case mahalla.NoticeLapsed:
		return w.say("notice.lapsed", "number", number), nil
	}
	return lines(w.say("notice.rejected", "number", number), quote(addedWords(v.Reports, m.Args), inNotice)), nil
}

// extendClaim brings the later parts of an album that a claim came with to those
// who decide.
func extendClaim(c *mahalla.Case, r storage.Report) mahalla.Outcome {
	var o mahalla.Outcome
	for _, p := range c.Claim.Asked {
		o.Notices = append(o.Notices, mahalla.Notice{Kind: mahalla.NoticeEvidence, To: p, Lane: mahalla.LaneUrgent, Args: albumArg(r.ID, true)})
	}
	return o
}

// objecting tells the reporter of a false report what to do when it was none.
func (w *words) objecting(c *mahalla.Case) string {
	if c.Closing != mahalla.False {
		return ""
	}
	return w.say("result.unfounded")
}
