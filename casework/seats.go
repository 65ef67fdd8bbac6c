package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// argJoined, with argLeft, is what the card of a meeting tells once of a commission that
// has changed: people by their ids.
const argJoined = "joined"

// SeatOf is as what a person is asked to a meeting; nil when not, or when the role
// that gave the seat has ended, by its date or otherwise.
func (d *Desk) SeatOf(who *storage.Contact, m *mahalla.Meeting, now time.Time) *mahalla.Participant {
	p := m.Participant(who.ID)
	if p == nil || !p.Seat.Counts() {
		return p
	}
	places := []mahalla.TerritoryID{m.Commission}
	if p.Seat == mahalla.SeatSubstitute {
		places = d.Reference().Path(m.Commission)
	}
	if !who.Over(places, mahalla.MaySit, now) {
		return nil
	}
	return p
}

// SeatMeeting brings who is asked to a meeting up to date with who sits in its
// commission: whose role has ended is let go, who has joined is invited, and whoever
// convenes is told. A draft goes to who convenes now.
func (d *Desk) SeatMeeting(tx *storage.Tx, id mahalla.MeetingID, now time.Time) error {
	return d.seatMeeting(tx, id, 0, now)
}

// seatMeeting does so; to one of those who leave nothing new is sent, for that one's
// phone may be in other hands.
func (d *Desk) seatMeeting(tx *storage.Tx, id mahalla.MeetingID, unheard mahalla.PersonID, now time.Time) error {
	m, err := tx.LockMeeting(id)
	if err != nil || m == nil {
		return err
	}
	if m.Status == mahalla.MeetingDraft {
		return d.handDraft(tx, m, false, now)
	}
	if m.Status != mahalla.MeetingCalled {
		return nil
	}
	before := slices.Clone(m.Participants)
	changed, err := d.reseat(tx, m, now)
	if err != nil || changed.None() {
		return err
	}
	if err := d.reachOf(tx, m, changed.Joined); err != nil {
		return err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	if err := d.letOff(tx, id, "left", now, changed.Left...); err != nil {
		return err
	}
	if err := d.remindOf(tx, m, slices.Concat(changed.Joined, changed.Sides), now); err != nil {
		return err
	}
	if err := d.tellReseating(tx, m, before, changed, unheard, now); err != nil {
		return err
	}
	return d.letGo(tx, m, slices.DeleteFunc(changed.Left, func(p mahalla.PersonID) bool { return p == unheard }), now)
}

// reseat decides who is asked to a called meeting now.
func (d *Desk) reseat(tx *storage.Tx, m *mahalla.Meeting, now time.Time) (mahalla.Reseating, error) {
	at := m.Composed(now)
	c := mahalla.Composition{Quorum: d.custom(m.Commission).Quorum}
	for n, place := range d.Reference().Path(m.Commission) {
		seats, err := tx.Seats(place, at)
		if err != nil {
			return mahalla.Reseating{}, err
		}
		if n == 0 {
			c.Sit = seats
			continue
		}
		for _, s := range seats {
			c.Above = append(c.Above, s.Person)
		}
	}
	var held []heldItem
	for _, h := range m.Agenda {
		item, err := tx.Item(h.Item)
		if err != nil {
			return mahalla.Reseating{}, err
		}
		if item == nil || !item.State.Open() {
			continue
		}
		of, err := tx.Case(item.Case)
		if err != nil {
			return mahalla.Reseating{}, err
		}
		held = append(held, heldItem{item: item, c: of})
	}
	c.Items = itemsOf(held)
	changed := m.SeatAnew(c, now)
	if !changed.None() {
		conflicted(m, held)
	}
	return changed, nil
}

// reachOf marks those of some people who cannot be told anything in the chat.
func (d *Desk) reachOf(tx *storage.Tx, m *mahalla.Meeting, people []mahalla.PersonID) error {
	within, err := tx.Recipients(people)
	if err != nil {
		return err
	}
	for _, p := range people {
		_, reached := within[p]
		m.Participant(p).Unreachable = !reached
	}
	return nil
}

// tellReseating tells everybody whose seat has changed, and who convenes. A meeting
// that has begun wakes nobody.
func (d *Desk) tellReseating(tx *storage.Tx, m *mahalla.Meeting, before []mahalla.Participant, changed mahalla.Reseating, unheard mahalla.PersonID, now time.Time) error {
	wakes := now.Before(m.At)
	var notices []mahalla.Notice
	for _, p := range before {
		left := slices.Contains(changed.Left, p.Person)
		if !left && !slices.Contains(changed.Sides, p.Person) {
			continue
		}
		what := newsSide
		if left {
			what = newsLeft
		}
		list, err := d.meetingNews(tx, m, p.Person, what)
		if err != nil {
			return err
		}
		if left && (!wakes || p.RSVP == mahalla.RSVPNo || p.Person == unheard) { // the card changes without a word
			list = slices.DeleteFunc(list, func(n mahalla.Notice) bool { return n.Ring })
		}
		notices = append(notices, list...)
	}
	if wakes {
		for _, p := range changed.Joined {
			notices = append(notices, invitation(m, p)...)
		}
	}
	convenors, err := d.convenors(tx, m, now)
	if err != nil {
		return err
	}
	manage, err := d.toManage(tx, m, false, mahalla.LaneUrgent, now)
	if err != nil {
		return err
	}
	for _, n := range manage {
		if n.Ring = wakes && slices.Contains(convenors, n.To); n.Ring {
			n.Args = map[string]string{argLeft: peopleArg(slices.Concat(changed.Left, changed.Sides)), argJoined: peopleArg(changed.Joined)}
		}
		notices = append(notices, n)
	}
	return d.tellMeeting(tx, m.ID, now, notices...)
}

// reseated says on the card of a meeting how its commission has changed.
func (d *Desk) reseated(tx *storage.Tx, w *words, args map[string]string) (string, error) {
	var text string
	for _, part := range []string{argJoined, argLeft} {
		people := readPeople(args[part])
		if len(people) == 0 {
			continue
		}
		names, err := w.names(tx, people, mostPhoned)
		if err != nil {
			return "", err
		}
		text = lines(text, w.say("convene."+part, "names", HTML(names)))
	}
	return text, nil
}

func peopleArg(people []mahalla.PersonID) string {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = personArg(p)
	}
	return strings.Join(list, ",")
}

func readPeople(arg string) []mahalla.PersonID {
	var list []mahalla.PersonID
	for part := range strings.SplitSeq(arg, ",") {
		if id, err := strconv.ParseInt(part, 36, 64); err == nil {
			list = append(list, mahalla.PersonID(id))
		}
	}
	return list
}

// leaveSeats lets somebody whose roles have ended go from the meetings to come, and
// gives away the drafts that they were making.
func (d *Desk) leaveSeats(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	ids, err := tx.CalledWith(p, now)
	if err != nil {
		return err
	}
	drafts, err := tx.DraftsOf(p)
	if err != nil {
		return err
	}
	for _, id := range append(ids, drafts...) {
		if err := d.seatMeeting(tx, id, p, now); err != nil {
			return err
		}
	}
	return nil
}

// handDraft gives a draft to who convenes its commission now when its maker does not
// any more, or cannot be told: the secretary, or else the chair. Where there is nobody
// it waits until there is. With offer it is brought to mind whoever's it is.
func (d *Desk) handDraft(tx *storage.Tx, m *mahalla.Meeting, offer bool, now time.Time) error {
	if m.Past(now) {
		return d.endPast(tx, m, now)
	}
	seats, err := tx.Seats(m.Commission, now)
	if err != nil {
		return err
	}
	to := convenerOf(seats, m.MadeBy)
	if to == 0 || to == m.MadeBy && !offer {
		return nil
	}
	former := m.MadeBy
	if to != former {
		m.Reseat(seats, d.custom(m.Commission))
		m.HandOver(seats[slices.IndexFunc(seats, func(s mahalla.Seated) bool { return s.Person == to })])
		m.Touch(now)
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
		card, err := tx.Card(former, CardConvene, aboutMeeting(m.ID))
		if err != nil {
			return err
		}
		if card.MessageID != 0 { // it shows nothing of the draft any more
			if err := d.tellMeeting(tx, m.ID, now, mahalla.Notice{Kind: CardConvene, To: former, Lane: mahalla.LaneAnswer}); err != nil {
				return err
			}
		}
	}
	args := map[string]string{"offer": "yes"}
	if to != former {
		args = map[string]string{"offer": "handed"}
	}
	return d.tellMeeting(tx, m.ID, now, mahalla.Notice{Kind: CardConvene, To: to, Lane: mahalla.LaneReminder, Ring: true, Args: args})
}
