package casework

import (
	"slices"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons with which a case changes hands.
const (
	PressNotMine  = "notmine"  // shows what can be said
	PressTransfer = "transfer" // arg: duty, or place and a page of the list
	PressOfferTo  = "offerto"  // arg: a territory
	PressOffer    = "offer"    // arg: yes, no
	PressGive     = "give"     // arg: nothing, a page as p1, or a person
	PressNudge    = "nudge"
)

// FlowTransfer asks of which mahalla a case is.
const FlowTransfer = "transfer"

// OfferPlace offers a case to the officer of another place.
func (d *Desk) OfferPlace(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, place mahalla.TerritoryID, now time.Time) (*mahalla.Case, error) {
	if t := d.Reference().Territories[place]; t == nil || t.Retired {
		return nil, mahalla.Refuse(mahalla.Invalid, "offer_place")
	}
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	here, err := d.ground(tx, c.Place, now)
	if err != nil {
		return nil, err
	}
	there, err := d.ground(tx, place, now)
	if err != nil {
		return nil, err
	}
	o, err := c.OfferElsewhere(who.Person, place, d.Reference().Categories[c.Category], here, there, now)
	if err != nil {
		return nil, err
	}
	return c, d.applyShown(tx, c, o, now)
}

// Decline says that a case is not the officer's duty.
func (d *Desk) Decline(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	here, err := d.ground(tx, c.Place, now)
	if err != nil {
		return nil, err
	}
	o, err := c.Decline(who.Person, here, now)
	if err != nil {
		return nil, err
	}
	return c, d.applyShown(tx, c, o, now)
}

// AnswerOffer takes an offer or refuses it. The card that asked becomes the
// officer's card of the case.
func (d *Desk) AnswerOffer(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, yes bool, now time.Time) (*mahalla.Case, error) {
	c, err := tx.LockCase(id)
	if err != nil {
		return nil, err
	}
	if f := c.OpenOffer(); f == nil || round != 0 && round != c.Round {
		if c.OfferedTo(who.ID) == nil {
			return nil, mahalla.Refuse(mahalla.NotFound, "case_not_found")
		}
		return nil, mahalla.Refuse(mahalla.Conflict, "offer_gone")
	}
	var o mahalla.Outcome
	if yes {
		if o, err = c.TakeOffer(who.Person, d.path(c.Place), d.offeredAt(c), now); err != nil {
			return nil, err
		}
		d.becomeHolder(tx, who.ID, c)
		return c, d.apply(tx, c, o, now)
	}
	here, err := d.ground(tx, c.Place, now)
	if err != nil {
		return nil, err
	}
	if o, err = c.RefuseOffer(who.Person, here, now); err != nil {
		return nil, err
	}
	return c, d.applyShown(tx, c, o, now)
}

// offeredAt is the ground on which a case would be that is offered.
func (d *Desk) offeredAt(c *mahalla.Case) mahalla.Ground {
	if f := c.OpenOffer(); f != nil && f.Place != 0 {
		return d.path(f.Place)
	}
	return d.path(c.Place)
}

// mayHearOffer tells whether a person may be shown the case that waits for the
// person's answer.
func (d *Desk) mayHearOffer(who *storage.Contact, c *mahalla.Case, now time.Time) bool {
	return c.MayHearOffer(who.Person, d.path(c.Place), d.offeredAt(c), now)
}

// becomeHolder lets the card that asked a person be that person's card of the
// case from now on.
func (d *Desk) becomeHolder(tx *storage.Tx, p mahalla.PersonID, c *mahalla.Case) {
	tx.MoveCard(p, mahalla.CardOffer, c.ID, c.CardFor(p), c.ID)
}

// Give lets a supervisor give a case to an officer below: in answer to a dispute,
// or because it waits. One that the supervisor has taken is offered to the officer.
func (d *Desk) Give(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, to mahalla.PersonID, now time.Time) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return nil, err
	}
	dispute := c.AskedTo(who.ID)
	receiver, err := d.receiver(tx, who, c, to, now)
	if err != nil {
		return nil, err
	}
	var o mahalla.Outcome
	if dispute {
		o, err = c.Decide(who.Person, receiver, d.policies, ground, now)
	} else {
		o, err = c.Give(who.Person, receiver, ground, now)
	}
	if err != nil {
		return nil, err
	}
	if dispute && to == who.ID {
		d.becomeHolder(tx, who.ID, c)
	}
	return c, d.applyShown(tx, c, o, now)
}

// receiver is the person to whom a supervisor gives a case: somebody from the
// supervisor's own list, or who has a part in the dispute.
func (d *Desk) receiver(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, to mahalla.PersonID, now time.Time) (mahalla.Person, error) {
	if to == who.ID {
		return who.Person, nil
	}
	list, err := d.receivers(tx, who, c, now)
	if err != nil {
		return mahalla.Person{}, err
	}
	if !slices.ContainsFunc(list, func(o storage.Officer) bool { return o.Person == to }) {
		return mahalla.Person{}, mahalla.Refuse(mahalla.Invalid, "give_unfit")
	}
	contact, err := tx.Contact(to)
	if err != nil || contact == nil {
		return mahalla.Person{}, err
	}
	return contact.Person, nil
}

// MayDecline tells whether a person may say that a case is not theirs.
func (d *Desk) MayDecline(who *storage.Contact, c *mahalla.Case, now time.Time) error {
	return c.MayDecline(who.Person, d.path(c.Place), now)
}

// MayGive tells whether a person may give a case to somebody now: who was asked to
// decide, and who stands above the officers of a case that waits or has taken it.
func (d *Desk) MayGive(who *storage.Contact, c *mahalla.Case, now time.Time) error {
	if f := c.OpenOffer(); c.AskedTo(who.ID) && f.Kind == mahalla.OfferArbiter {
		return c.MayArbitrate(who.Person, d.path(c.Place), now)
	}
	return c.MayGive(who.Person, d.path(c.Place), now)
}

// Nudge reminds whoever holds a case that waits.
func (d *Desk) Nudge(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) {
		return c.NudgeBy(who.Person, d.path(c.Place), now)
	})
}

// receivers lists to whom a supervisor may give a case: in a dispute those who
// have a part in it first, then the officers below, the nearest first.
func (d *Desk) receivers(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, now time.Time) ([]storage.Officer, error) {
	roles := []mahalla.Role{mahalla.PreventionInspector, mahalla.Substitute}
	if c.Category == mahalla.OfficerComplaint {
		roles = nil
	}
	if top := who.Role(now); top != mahalla.SeniorInspector {
		roles = append(roles, mahalla.SeniorInspector)
	}
	all, err := tx.OfficersUnder(d.supervised(who, now), roles, d.Reference().Path(c.Place), now)
	if err != nil {
		return nil, err
	}
	var list []storage.Officer
	if f := c.OpenOffer(); f != nil && f.Kind == mahalla.OfferArbiter && f.To == who.ID {
		if list, err = d.disputants(tx, c, *f); err != nil {
			return nil, err
		}
	}
	for _, o := range all {
		known := slices.ContainsFunc(list, func(l storage.Officer) bool { return l.Person == o.Person })
		if !known && o.Person != who.ID && o.Person != c.NamedReporter() {
			list = append(list, o)
		}
	}
	return list, nil
}

// disputants are the officers between whom a supervisor decides: the one whose
// case it is, and those who refused it for their places.
func (d *Desk) disputants(tx *storage.Tx, c *mahalla.Case, f mahalla.Offer) ([]storage.Officer, error) {
	list := []storage.Officer{{Person: f.By, Place: c.Place}}
	for _, r := range c.Refusers() {
		list = append(list, storage.Officer{Person: r.To, Place: r.Place})
	}
	for i, o := range list {
		name, err := tx.Name(o.Person)
		if err != nil {
			return nil, err
		}
		list[i].Name = name
	}
	return list, nil
}

// Receiver finds the officer whom a typed line means: by the number in the list
// or by the beginning of the name.
func (d *Desk) Receiver(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, typed string, now time.Time) (mahalla.PersonID, error) {
	list, err := d.receivers(tx, who, c, now)
	if err != nil {
		return 0, err
	}
	return chosenOfficer(list, typed)
}

// chosenOfficer finds one officer of a list by its number or the beginning of a name.
func chosenOfficer(list []storage.Officer, typed string) (mahalla.PersonID, error) {
	if i, ok := fromList(len(list), func(i int) string { return list[i].Name }, typed); ok {
		return list[i].Person, nil
	}
	return 0, mahalla.Refuse(mahalla.Invalid, "officer_unknown")
}

// fromList finds the one of a numbered list that is meant: by its number, or by the
// beginning of a name that no other has.
func fromList(n int, name func(int) string, typed string) (int, bool) {
	if number, ok := typedNumber(typed); ok && number <= n {
		return number - 1, true
	}
	found, key := -1, locales.Fold(typed)
	for i := range n {
		if key == "" || !hasWords(locales.Fold(name(i)), key) {
			continue
		}
		if found >= 0 {
			return 0, false
		}
		found = i
	}
	return max(0, found), found >= 0
}

// offerTimeout ends an offer that nobody has answered in time.
func (d *Desk) offerTimeout(tx *storage.Tx, c *mahalla.Case, late bool, now time.Time) (mahalla.Outcome, error) {
	here, err := d.ground(tx, c.Place, now)
	if err != nil {
		return mahalla.Outcome{}, err
	}
	o := c.OfferTimeout(here, late, now)
	shownFirst(&o)
	return o, d.mediaOf(tx, c, &o)
}

// applyShown is apply where a decision may show media to somebody.
func (d *Desk) applyShown(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, now time.Time) error {
	shownFirst(&o)
	if err := d.mediaOf(tx, c, &o); err != nil {
		return err
	}
	return d.apply(tx, c, o, now)
}

// shownFirst puts what was attached before the question whose a case is: it has to
// be judged.
func shownFirst(o *mahalla.Outcome) {
	for i, n := range o.Notices {
		if n.Kind == mahalla.CardOffer && n.Ring {
			o.Notices = slices.Insert(o.Notices, i, mahalla.Notice{Kind: mahalla.NoticeMedia, To: n.To, Lane: n.Lane})
			return
		}
	}
}

// mostMahallas is how many mahallas are proposed for a typed name.
const mostMahallas = 6

// MahallasNamed finds the mahallas that typed words mean, those of the case's
// district first. One whose name is just that is sure.
func (d *Desk) MahallasNamed(c *mahalla.Case, typed string) (list []mahalla.TerritoryID, sure bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" || locales.UTF16Len(typed) > longestName {
		return nil, false
	}
	if len(d.exact(typed, []mahalla.TerritoryID{c.Place})) > 0 {
		return []mahalla.TerritoryID{c.Place}, true
	}
	var near, far []mahalla.TerritoryID
	own := d.Reference().Above(c.Place, mahalla.District)
	for _, id := range d.known.Load().index.Find(typed, 4*mostMahallas) {
		place := mahalla.TerritoryID(id)
		if place == c.Place {
			continue
		}
		if district := d.Reference().Above(place, mahalla.District); own != nil && district != nil && district.ID == own.ID {
			near = append(near, place)
		} else {
			far = append(far, place)
		}
	}
	if same := d.exact(typed, near); len(same) > 0 {
		return same, len(same) == 1
	}
	list = slices.Concat(near, far)
	if same := d.exact(typed, list); len(same) > 0 {
		return same, len(same) == 1
	}
	return list[:min(len(list), mostMahallas)], false
}

// neighbours lists the mahallas that the officer of a case may mean: those of the
// same sector first, then the rest of the district.
func (d *Desk) neighbours(c *mahalla.Case, lang mahalla.Language) []mahalla.TerritoryID {
	district := d.Reference().Above(c.Place, mahalla.District)
	if district == nil {
		return nil
	}
	parent := mahalla.TerritoryID(0)
	if t := d.Reference().Territories[c.Place]; t != nil {
		parent = t.Parent
	}
	var list []mahalla.TerritoryID
	for _, id := range d.known.Load().below(district.ID, lang) {
		if id != c.Place {
			list = append(list, id)
		}
	}
	slices.SortStableFunc(list, func(a, b mahalla.TerritoryID) int {
		return rankOf(d.Reference().Territories[a].Parent == parent) - rankOf(d.Reference().Territories[b].Parent == parent)
	})
	return list
}

// rankOf puts what is near before what is not.
func rankOf(near bool) int {
	if near {
		return 0
	}
	return 1
}
