package casework

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Danger tells whether the words of a report speak of danger.
func (d *Desk) Danger(words string) bool { return len(d.heard.match(d.stems, words)) > 0 }

// Numbers lists the emergency numbers that the words of a report call for,
// together with those of its category; empty when there are none.
func (d *Desk) Numbers(words string, category mahalla.CategoryCode) []string {
	var numbers []string
	for _, hit := range d.heard.match(d.stems, words) {
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

// FileDraft makes a case of a person's draft. The draft's message becomes the
// receipt, which stays the reporter's card of the case, and may ask whether it is
// the same matter as an open case of somebody else.
func (d *Desk) FileDraft(tx *storage.Tx, who *storage.Contact, code mahalla.CategoryCode, message int64, now time.Time) (*mahalla.Case, error) {
	draft := who.Dialogue.Draft
	switch {
	case draft == nil:
		return nil, mahalla.Refuse(mahalla.Conflict, "draft_gone")
	case len(draft.Parts) == 0:
		return nil, mahalla.Refuse(mahalla.Invalid, "draft_empty")
	case draft.Place == 0, draft.Pick != nil: // another place is being chosen
		return nil, mahalla.Refuse(mahalla.Invalid, "draft_placeless")
	}
	category, ok := d.Reference().Categories[code]
	if !ok {
		return nil, mahalla.Refuse(mahalla.NotFound, "draft_gone")
	}
	danger := d.Danger(draft.Words())
	if err := mayVeil(draft, category, danger); err != nil {
		return nil, err
	}
	if mahalla.Limited(category, danger) {
		if err := d.limit(tx, who, now); err != nil {
			return nil, err
		}
	}
	c, err := d.file(tx, who, draft, category, danger, now)
	if err != nil {
		return nil, err
	}
	if b := draft.Behalf; b != nil && b.Agreed != "" && !draft.Anonymous() {
		if err := tx.AddBehalf(c.ID, *b); err != nil {
			return nil, err
		}
	}
	who.Dialogue.Draft = nil
	who.Dialogue.Album = restOf(draft, c.ID, now)
	tx.Concern(who.Telegram, draft.Messages(), c.ID)
	if message != 0 {
		tx.AdoptCard(who.ID, mahalla.CardReporter, c.ID, message)
	} else {
		tx.MoveCard(who.ID, CardDraft, 0, mahalla.CardReporter, c.ID)
	}
	tx.ForgetCard(who.ID, CardDraft, 0)
	if c.Quiet() {
		hint := mahalla.Notice{Kind: NoticeSay, Lane: mahalla.LaneAnswer, Args: map[string]string{"key": "wipe.hint"}}
		if err := d.Show(tx, who, hint, c.ID, now); err != nil {
			return nil, err
		}
	}
	if t := d.Reference().Territories[draft.Place]; t != nil && t.Kind == mahalla.Mahalla && c.Alias == "" {
		tx.SetHome(who.ID, draft.Place)
	}
	return c, nil
}

func (d *Desk) file(tx *storage.Tx, who *storage.Contact, draft *mahalla.Draft, category mahalla.Category, danger bool, now time.Time) (*mahalla.Case, error) {
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
		ID: mahalla.CaseID(id), Number: number, Reporter: who.ID, Alias: aliasFor(draft), Place: draft.Place,
		Category: category, Danger: danger, Policies: d.policies, Ground: ground, Now: now,
	})
	if c.Offered, err = d.offers(tx, who, draft, category, now); err != nil {
		return nil, err
	}
	if err := tx.AddCase(c); err != nil {
		return nil, err
	}
	if c.Alias != "" {
		if err := tx.Link(c.ID, who.Recipient()); err != nil {
			return nil, err
		}
	}
	report := storage.Report{Kind: storage.KindReport, Person: who.ID, Words: draft.Words(), Media: draft.Media(), At: now}
	if report.ID, err = tx.NewID(); err != nil {
		return nil, err
	}
	if err := tx.AddReport(c.ID, report); err != nil {
		return nil, err
	}
	o.Notices = withMedia(o.Notices, attachedGroups([]storage.Report{report}))
	if o.Notices, err = d.hushed(tx, c, o.Notices, now); err != nil {
		return nil, err
	}
	return c, d.record(tx, c, o, now)
}

// argBurst says of a card that so many reports came from its mahalla just now
// that it wakes nobody.
const argBurst = "burst"

// hushed lets the cards of a report come silently when its mahalla reports more
// than anybody can be woken for. An urgent card rings all the same: see drawCase.
func (d *Desk) hushed(tx *storage.Tx, c *mahalla.Case, notices []mahalla.Notice, now time.Time) ([]mahalla.Notice, error) {
	filed, err := tx.FiledAt(c.Place, now.Add(-mahalla.BurstWindow))
	if err != nil || !mahalla.Burst(filed-1) {
		return notices, err
	}
	for i, n := range notices {
		if n.Kind == mahalla.CardOfficer || n.Kind == mahalla.CardHead {
			notices[i].Args = map[string]string{argBurst: "yes"}
		}
	}
	return notices, nil
}

// limit refuses a person who files more than a person needs to.
func (d *Desk) limit(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	times, err := tx.FiledSince(who.ID, now.Add(-mahalla.LimitWindow))
	if err != nil {
		return err
	}
	if wait := who.WaitToReport(times, now); wait > 0 {
		return mahalla.Refuse(mahalla.TooMany, "too_many", "wait", wait.String())
	}
	return nil
}

// Said is what a person said at one moment: words, media, or both.
type Said struct {
	Words   string
	Media   []mahalla.Media
	Message int64 // of the chat, that says it; 0 for none

	Template mahalla.Template // a ready sentence in the place of words
	NoPhoto  bool             // there is no picture, and the words say why
}

// keep writes what was said. The rest of an album belongs to it, and an edit of
// the message is about the case.
func (d *Desk) keep(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, kind storage.ReportKind, said Said, now time.Time) (storage.Report, error) {
	r := storage.Report{Kind: kind, Person: who.ID, Words: said.Words, Template: said.Template, Media: said.Media, At: now}
	err := errors.Join(d.honest(c, kind, said.Words), c.Guard(who.ID, said.Media))
	if err != nil {
		return r, err
	}
	if r.ID, err = tx.NewID(); err != nil {
		return r, err
	}
	who.Dialogue.Album = nil
	if group := groupOf(said.Media); group != "" {
		who.Dialogue.Album = &mahalla.Album{Group: group, Case: c.ID, Report: r.ID, Until: now.Add(mahalla.AlbumLife)}
	}
	if said.Message != 0 {
		tx.Concern(who.Telegram, []int64{said.Message}, c.ID)
	}
	return r, tx.AddReport(c.ID, r)
}

// groupOf is the album that something belongs to; empty when to none.
func groupOf(media []mahalla.Media) string {
	if len(media) == 0 {
		return ""
	}
	return media[len(media)-1].Group
}

// restOf waits for the rest of the album with which a draft ended when it was
// filed.
func restOf(draft *mahalla.Draft, id mahalla.CaseID, now time.Time) *mahalla.Album {
	if group := groupOf(draft.Media()); group != "" {
		return &mahalla.Album{Group: group, Case: id, Until: now.Add(mahalla.AlbumLife)}
	}
	return nil
}

// Add appends to an open case of the reporter's. A round other than zero must
// be the present one.
func (d *Desk) Add(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, said Said, now time.Time) (*mahalla.Case, error) {
	c, into, err := lockWorked(tx, id)
	switch {
	case err != nil:
		return nil, err
	case round != 0 && round != c.Round:
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	case into != nil:
		return d.addDuplicate(tx, who, c, into, said, now)
	}
	o, err := c.Add(who.ID, "", d.Danger(said.Words), d.policies, d.path(c.Place), now)
	if err != nil {
		return nil, err
	}
	r, err := d.keep(tx, who, c, storage.KindAddition, said, now)
	if err != nil {
		return nil, err
	}
	o.Notices = additionMedia(o.Notices, r)
	return c, d.apply(tx, c, o, now)
}

// Further takes a later part of an album: it belongs to what was said with the
// first one.
func (d *Desk) Further(tx *storage.Tx, who *storage.Contact, said Said, now time.Time) (*mahalla.Case, error) {
	album := who.Dialogue.Album
	if album.Report == 0 { // it was filed before all of it had come in
		return d.Add(tx, who, album.Case, 0, said, now)
	}
	c, into, err := lockWorked(tx, album.Case)
	if err != nil {
		return nil, err
	}
	if err := c.Guard(who.ID, said.Media); err != nil {
		return nil, err
	}
	reports, err := tx.Reports(c.ID)
	if err != nil {
		return nil, err
	}
	r := reportNamed(reports, strconv.FormatInt(album.Report, 10))
	if r == nil {
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	if err := d.honest(c, r.Kind, said.Words); err != nil {
		return nil, err
	}
	if err := tx.ExtendReport(*r, said.Words, said.Media); err != nil {
		return nil, err
	}
	tx.Concern(who.Telegram, []int64{said.Message}, c.ID)
	album.Until = now.Add(mahalla.AlbumLife)
	if into != nil {
		return c, d.extendDuplicate(tx, into, *r, now)
	}
	return c, d.apply(tx, c, d.extend(c, *r, said, now), now)
}

// extend tells whoever reads a report of its later parts.
func (d *Desk) extend(c *mahalla.Case, r storage.Report, said Said, now time.Time) mahalla.Outcome {
	late := []map[string]string{albumArg(r.ID, true)}
	if r.Kind == storage.KindQuestion {
		return d.extendQuestion(c, r, said)
	}
	result := r.Kind == storage.KindResult || r.Kind == storage.KindClaim
	if result && c.Status != mahalla.Closed {
		return extendClaim(c, r) // or it was taken back
	}
	if result {
		o := mahalla.Outcome{Notices: []mahalla.Notice{
			{Kind: mahalla.NoticeEvidence, To: c.Reporter, Round: c.Round, Lane: mahalla.LaneUrgent, Args: late[0]}}}
		if said.Words != "" {
			o.Notices = append(o.Notices, mahalla.Notice{Kind: mahalla.CardResult, To: c.Reporter, Round: c.Round, Lane: mahalla.LaneUrgent})
		}
		return o
	}
	o := c.Extend(said.Words != "", d.Danger(said.Words), d.policies, d.path(c.Place), now)
	o.Notices = captionLater(withMedia(o.Notices, late), r, said.Words)
	return o
}

// SaidBefore tells whether a person has said of a case just these words:
// Telegram reports an edit also where nothing was changed.
func (d *Desk) SaidBefore(tx *storage.Tx, who mahalla.PersonID, c *mahalla.Case, words string) (bool, error) {
	reports, err := tx.Reports(c.ID)
	for _, r := range reports {
		if r.Person == who && strings.Contains("\n"+r.Words+"\n", "\n"+words+"\n") {
			return true, err
		}
	}
	return false, err
}

// Judge records that the reporter is content.
func (d *Desk) Judge(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	s, err := holdShared(tx, who, id, round)
	if err != nil || s.own != nil {
		return d.judgeShared(tx, s, err, now, func() (mahalla.Outcome, error) { return s.own.JudgeOn(s.into, who.ID, now) })
	}
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.Judge(who.ID, now) })
}

// Object records that the reporter is not content with a case that cannot be
// sent back any more.
func (d *Desk) Object(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, verdict mahalla.Verdict, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.Object(who.ID, verdict, now) })
}

// Rate records one to five stars.
func (d *Desk) Rate(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round, stars int, now time.Time) (*mahalla.Case, error) {
	s, err := holdShared(tx, who, id, round)
	if err != nil || s.own != nil {
		return d.judgeShared(tx, s, err, now, func() (mahalla.Outcome, error) { return s.own.RateOn(s.into, who.ID, stars, now) })
	}
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.Rate(who.ID, stars, now) })
}

// Reopen sends a closed case back with the reporter's reason. A round other than
// zero must be the present one.
func (d *Desk) Reopen(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, verdict mahalla.Verdict, said Said, now time.Time) (*mahalla.Case, error) {
	s, err := holdShared(tx, who, id, round)
	if err != nil {
		return nil, err
	}
	if s.own != nil {
		return d.reopenShared(tx, who, s, verdict, said, now)
	}
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	ground, err := d.groundOfOwner(tx, c, now)
	if err != nil {
		return nil, err
	}
	held := c.Assignments
	o, err := c.Reopen(who.ID, verdict, "", d.Danger(said.Words), d.policies, ground, now)
	if err != nil {
		return nil, err
	}
	for _, a := range held {
		watch(tx, c, a.Person)
	}
	if _, err := d.keep(tx, who, c, storage.KindReopening, said, now); err != nil {
		return nil, err
	}
	before, err := tx.Reports(c.ID)
	if err != nil {
		return nil, err
	}
	o.Notices = withMedia(o.Notices, attachedGroups(before))
	return c, d.apply(tx, c, o, now)
}

// lockRound holds a case. A round other than zero must be the present one: a
// button or a question of an older round shows what is no longer so.
func (d *Desk) lockRound(tx *storage.Tx, id mahalla.CaseID, round int) (*mahalla.Case, error) {
	c, err := tx.LockCase(id)
	if err == nil && round != 0 && round != c.Round {
		err = mahalla.Refuse(mahalla.Conflict, "stale")
	}
	return c, err
}

// decide is load, decide, apply for a decision that needs nothing but the case.
func (d *Desk) decide(tx *storage.Tx, id mahalla.CaseID, round int, now time.Time, rule func(*mahalla.Case) (mahalla.Outcome, error)) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	o, err := rule(c)
	if err != nil {
		return nil, err
	}
	return c, d.apply(tx, c, o, now)
}
