// Package casework holds the use cases of Koʻprik: one method for each thing
// that people or the clock may want, in the caller's transaction. A use case
// loads, lets mahalla decide, and applies what was decided: the case, its
// history, notices and timers are written together or not at all.
//
// It also words what people see: a notice names a case and a reader, and Draw
// turns it into a screen when it is sent, from the state of that moment.
//
// It begins no transaction, reads no clock and touches no network; Redis is
// told after the commit.
package casework

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Desk is where cases are worked on. It is made once and used by everybody.
type Desk struct {
	catalogue *locales.Catalogue
	stems     *locales.Stems
	frauds    *locales.Frauds
	heard     heard
	matters   *locales.Matters
	acks      *storage.Acks // nil: nothing but PostgreSQL keeps the clock
	policies  map[mahalla.Class]mahalla.Policy
	known     atomic.Pointer[known]
	studio    studio
	username  atomic.Pointer[string] // of the bot; nil while it is not known
	public    string                 // where the Internet reaches the bot; empty: nowhere
	sittings  map[mahalla.NoticeKind]sitting
	wordSets  sync.Map // of words under a key, folded
	briefings map[mahalla.NoticeKind]briefing
}

// known is what the desk knows of the reference data.
type known struct {
	*storage.Reference
	index    *locales.Index
	calendar *mahalla.Calendar
	atlas    *atlas

	regions   []mahalla.TerritoryID // that have districts to choose from
	districts []mahalla.TerritoryID // that have mahallas to choose from
	mahallas  map[mahalla.TerritoryID][]mahalla.TerritoryID
}

// NewDesk makes a desk. It knows no place before the first Refresh.
func NewDesk(catalogue *locales.Catalogue, stems *locales.Stems, acks *storage.Acks) *Desk {
	return &Desk{catalogue: catalogue, stems: stems, matters: locales.NewMatters(), frauds: newFrauds(), acks: acks, policies: mahalla.DefaultPolicies(), sittings: sittings(), briefings: briefings()}
}

// Refresh reads the reference data anew when it has changed, and tells whether
// it had. The desk knows it when the transaction stands.
func (d *Desk) Refresh(tx *storage.Tx, now time.Time) (bool, error) {
	version, err := tx.ReferenceVersion()
	if err != nil {
		return false, err
	}
	have := d.known.Load()
	if have != nil && have.Version == version {
		return false, nil
	}
	reference, err := tx.Reference(now)
	if err != nil {
		return false, err
	}
	atlas, err := drawAtlas(tx, reference, have)
	if err != nil {
		return false, err
	}
	k := &known{
		Reference: reference,
		atlas:     atlas,
		index:     locales.NewIndex(places(reference)),
		calendar:  mahalla.DefaultCalendar(locales.Tashkent(), reference.Holidays),
	}
	k.settle()
	if have != nil { // holidays may have changed
		tx.ForeseeAnew(now)
		tx.LookAtSeries(now)
	}
	tx.AfterCommit(func() { d.learn(k) })
	return true, nil
}

// learn keeps reference data that is in the database for good; what is older than what
// is known is left.
func (d *Desk) learn(k *known) {
	for {
		have := d.known.Load()
		if have != nil && have.Version > k.Version || d.known.CompareAndSwap(have, k) {
			return
		}
	}
}

// places lists what people may name: mahallas, each with its district.
func places(r *storage.Reference) []locales.Place {
	var list []locales.Place
	for id, t := range r.Territories {
		if t.Kind != mahalla.Mahalla || t.Retired {
			continue
		}
		p := locales.Place{ID: int64(id), Names: []string{t.Names.UzLatn, t.Names.UzCyrl, t.Names.Ru}}
		if district := r.Above(id, mahalla.District); district != nil {
			p.Context = district.Names.UzLatn
		}
		list = append(list, p)
	}
	return list
}

// Reference is the reference data as the desk knows it.
func (d *Desk) Reference() *storage.Reference { return d.known.Load().Reference }

// Calendar is the calendar of working time.
func (d *Desk) Calendar() *mahalla.Calendar { return d.known.Load().calendar }

// ground is what the ladder of a place stands on now.
func (d *Desk) ground(tx *storage.Tx, place mahalla.TerritoryID, now time.Time) (mahalla.Ground, error) {
	k := d.known.Load()
	path := k.Path(place)
	people, err := tx.Responsibilities(path, now)
	return mahalla.Ground{Path: path, People: people, Calendar: k.calendar}, err
}

// groundOfOwner is the ground of a case with its owner on it, who may have been
// given the case as an officer of another place, and gets it back as such.
func (d *Desk) groundOfOwner(tx *storage.Tx, c *mahalla.Case, now time.Time) (mahalla.Ground, error) {
	g, err := d.ground(tx, c.Place, now)
	if err != nil || !c.GivenTo(c.Owner) {
		return g, err
	}
	owner, err := tx.Contact(c.Owner)
	if err != nil || owner == nil {
		return g, err
	}
	away, err := absenceOf(tx, c.Owner)
	if err == nil && (away == nil || away.State != mahalla.AbsenceRunning) {
		g.People = append(g.People, owner.Answering(now)...)
	}
	return g, err
}

// path is the ground without its people, for what only asks about rights.
func (d *Desk) path(place mahalla.TerritoryID) mahalla.Ground {
	k := d.known.Load()
	return mahalla.Ground{Path: k.Path(place), Calendar: k.calendar}
}

// apply writes what was decided about a case that is already stored.
func (d *Desk) apply(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, now time.Time) error {
	o, err := d.offAgenda(tx, c, o.And(c.SettleOffer(now)), now)
	if err != nil {
		return err
	}
	if err := tx.SaveCase(c); err != nil {
		return err
	}
	return d.record(tx, c, o, now)
}

// record writes the history, the notices and the timers of a decision, and
// tells the clock in Redis once all of it stands.
func (d *Desk) record(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, now time.Time) error {
	o, err := d.hush(tx, c, o, now)
	if err != nil {
		return err
	}
	for _, e := range o.Events {
		if err := tx.AddEvent(c.ID, e); err != nil {
			return err
		}
	}
	for _, t := range o.Timers {
		tx.SetTimer(c.ID, t)
	}
	for _, kind := range o.Cancel {
		tx.CancelTimer(c.ID, kind)
	}
	if err := d.planStatutory(tx, c, o, now); err != nil {
		return err
	}
	notices, err := d.toWatchers(tx, c, c.ToJoined(o.Notices), now)
	if err != nil {
		return err
	}
	if err := d.toDuplicates(tx, c, o, now); err != nil {
		return err
	}
	if notices, err = d.gather(tx, c, notices, now); err != nil {
		return err
	}
	if err := d.send(tx, c, notices, now); err != nil {
		return err
	}
	d.tellClock(tx, c)
	return nil
}

// send puts the notices of a decision into the outbox.
func (d *Desk) send(tx *storage.Tx, c *mahalla.Case, notices []mahalla.Notice, now time.Time) error {
	if len(notices) == 0 {
		return nil
	}
	people := make([]mahalla.PersonID, len(notices))
	for i, n := range notices {
		people[i] = n.To
	}
	recipients, err := tx.Recipients(people)
	if err != nil {
		return err
	}
	for _, n := range notices {
		to, ok := recipients[n.To]
		if !ok {
			// Out of reach: the card is drawn anew on return. Whoever became so since it
			// was decided whom to tell stands for nobody: that is decided again.
			if c.ToldAt(n.To, now) {
				if err := tx.Overtaken(); err != nil {
					return err
				}
			}
			continue
		}
		var filed time.Time
		if n.Kind == mahalla.CardOfficer && n.Ring && c.Round == 1 && now.Equal(c.FiledAt) {
			filed = c.FiledAt
		}
		if err := tx.Send(to, n, c.ID, now, filed); err != nil {
			return err
		}
	}
	return nil
}

// redisPatience bounds how long the clock in Redis may hold up a worker.
const redisPatience = 500 * time.Millisecond

// tellClock keeps the clock in Redis in step, once the transaction stands. It
// may fail: the reconciler sets it right from PostgreSQL.
func (d *Desk) tellClock(tx *storage.Tx, c *mahalla.Case) {
	if d.acks == nil {
		return
	}
	awaited := storage.Awaited{Case: c.ID, Next: c.NextBeat(), Since: c.FiledAt, Path: d.known.Load().Path(c.Place),
		Urgent: mahalla.ClassOf(c.Urgency) == mahalla.Urgent}
	tx.AfterCommit(func() {
		storage.FailPoint("before_redis")
		ctx, cancel := context.WithTimeout(context.Background(), redisPatience)
		defer cancel()
		if awaited.Next.IsZero() {
			_, _ = d.acks.Settle(ctx, awaited.Case)
			return
		}
		_ = d.acks.Await(ctx, awaited)
	})
}

// newNumber draws a case number that nobody has.
func (d *Desk) newNumber(tx *storage.Tx) (mahalla.Number, error) {
	for range 20 {
		n := mahalla.NumberFrom(rand.Uint64())
		free, err := tx.FreeNumber(n)
		if err != nil || free {
			return n, err
		}
	}
	return 0, fmt.Errorf("casework: no free case number")
}
