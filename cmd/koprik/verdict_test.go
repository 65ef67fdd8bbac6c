package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

// verdict is what a siege did to the promises: I1 to I9 of the design.
type verdict struct {
	reports    int
	lost       int // I1: submitted reports without a case, or with another number than the receipt's
	doubled    int // I1: reports with more than one case
	bare       int // I2: cases without a card at their officer
	copies     int // I3: officers' cards sent more than once
	allowed    int // and how many attempts were repeated
	acceptance int // I4: acceptances that were pressed and are not there, or the other way round
	clock      int // I4: cases whose place on the clock differs
	early      int // I5: escalations before their time, or after the acceptance
	missed     int // I5: beats that should have fallen and did not
	late       []time.Duration
	twice      int // I6: beats that fell twice
	disorder   int // I7: chats out of order
	cards      []time.Duration
	unanswered int
	left       storage.Leftovers
	departures []string
}

// worst is the 99th of a hundred.
func worst(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return list[min(len(list)-1, len(list)*99/100)]
}

// judge compares what the program holds with what the ledger and Telegram know.
func (s *siege) judge() *verdict {
	s.t.Helper()
	cases, deeds := s.cases(), s.ledger.deeds()
	v := &verdict{reports: len(deeds), clock: len(s.clockDiffers()), unanswered: len(s.telegram.Unanswered()), left: s.leftovers(), departures: s.telegram.Departures()}
	v.lost, v.doubled = s.reportsLost(cases, deeds)
	v.disorder = s.orderBroken(cases, deeds)
	v.bare = s.withoutCard(cases)
	v.acceptance = s.acceptancesLost(cases)
	v.early = s.falseEscalations()
	if v.copies, v.allowed = s.copies(); s.plan.clear {
		v.allowed = 0
	}
	s.beats(v)
	v.cards = s.cardTimes(cases, deeds)
	return v
}

// fails names what of a verdict breaks a promise.
func (v *verdict) fails() []string {
	var list []string
	for what, n := range map[string]int{"reports lost": v.lost, "reports doubled": v.doubled, "chats out of order": v.disorder,
		"false escalations": v.early, "escalations missed": v.missed, "escalations twice": v.twice, "acceptances lost or made up": v.acceptance,
		"cases without a card at their officer": v.bare, "presses unanswered": v.unanswered, "cases off the clock": v.clock,
		"updates given up": v.left.Quarantined, "messages given up": v.left.Refused, "cards sent twice too often": max(0, v.copies-v.allowed),
		"departures from the Bot API": len(v.departures)} {
		if n != 0 {
			list = append(list, fmt.Sprintf("%s: got %d, want 0", what, n))
		}
	}
	slices.Sort(list)
	return append(list, v.departures...)
}

// filed is a case as the program holds it.
type filed struct {
	id       mahalla.CaseID
	number   string
	place    string // its code
	text     string
	accepted bool
}

func (s *siege) cases() []filed {
	s.t.Helper()
	type row struct {
		ID       int64
		Number   int32
		Place    string
		Accepted bool
	}
	var list []filed
	for _, r := range rows[row](s.town, `SELECT cases.id, cases.number, code, accepted_at IS NOT NULL
		FROM cases JOIN territories ON territories.id = place_id ORDER BY cases.id`) {
		c := filed{id: mahalla.CaseID(r.ID), number: mahalla.Number(r.Number).String(), place: r.Place, accepted: r.Accepted}
		s.read(func(tx *storage.Tx) error {
			said, err := tx.Reports(c.id)
			for _, one := range said {
				c.text += one.Words
			}
			return err
		})
		list = append(list, c)
	}
	return list
}

// reportsLost counts the ledger's reports that have no case, or not the one whose
// number the receipt showed, and those that have more than one, or are in one
// with another.
func (s *siege) reportsLost(cases []filed, deeds []*deed) (lost, doubled int) {
	times, number := map[string]int{}, map[string]string{}
	for _, c := range cases {
		times[c.text]++
		number[c.text] = c.number
	}
	for _, d := range deeds {
		switch n := times[d.text]; {
		case n == 0:
			lost++
		case n > 1:
			doubled++
		case d.number != "" && d.number != number[d.text]:
			lost++
		}
		delete(times, d.text)
	}
	return lost, doubled + len(times) // what is left was never submitted in this form
}

// orderBroken counts the chats whose receipts or cards came in another order
// than the reports were written, or the notices committed.
func (s *siege) orderBroken(cases []filed, deeds []*deed) (broken int) {
	texts := map[string][]string{}
	for _, d := range deeds {
		texts[d.who] = append(texts[d.who], d.text)
	}
	for _, c := range s.people {
		last := -1
		for _, m := range c.Messages() {
			n := slices.IndexFunc(texts[c.Key()], func(text string) bool { return strings.Contains(m.Text, text) })
			if !m.FromBot || !strings.Contains(m.Text, "№") || n < 0 {
				continue
			}
			if n < last {
				broken++
				s.t.Logf("the receipts of %s:\n%s", c.Key(), s.telegram.Transcript(c.User))
				break
			}
			last = n
		}
	}
	type row struct{ Chat, Case int64 }
	committed := map[int64][]mahalla.CaseID{}
	for _, r := range rows[row](s.town, `SELECT chat_id, case_id FROM outbox WHERE kind = 'card.officer'
		GROUP BY chat_id, case_id ORDER BY chat_id, min(seq)`) {
		committed[r.Chat] = append(committed[r.Chat], mahalla.CaseID(r.Case))
	}
	ids := map[string]mahalla.CaseID{}
	for _, c := range cases {
		ids[c.number] = c.id
	}
	for _, u := range s.everyOfficer() {
		var seen []mahalla.CaseID
		for _, m := range u.Messages() {
			if id := ids[numberIn(m.Text)]; m.FromBot && m.ReplyTo == 0 && id != 0 && !slices.Contains(seen, id) {
				seen = append(seen, id)
			}
		}
		if u.place != siegeBlocked && !slices.Contains(s.gone, u.place) && !slices.Equal(seen, committed[u.ID()]) {
			broken++
			s.t.Logf("the cards of %s: got %v, want %v", u.Key(), seen, committed[u.ID()])
		}
	}
	return broken
}

type officer struct {
	*simulator.User
	place string
}

func (s *siege) everyOfficer() []officer {
	list := []officer{{s.senior, ""}}
	for _, place := range slices.Sorted(maps.Keys(s.officers)) {
		list = append(list, officer{s.officers[place], place})
	}
	return list
}

// withoutCard counts the cases whose officer was sent no card: the inspector of
// the place, or the senior where that one is out of reach.
func (s *siege) withoutCard(cases []filed) (bare int) {
	shown := map[string]map[string]int{}
	for _, o := range s.everyOfficer() {
		shown[o.place] = numbersShown(o.User)
	}
	for _, c := range cases {
		at := c.place
		if at == siegeBlocked {
			at = "" // the senior
		}
		if slices.Contains(s.gone, c.place) && shown[at][c.number] == 0 {
			at = ""
		}
		if shown[at][c.number] == 0 {
			bare++
			s.t.Logf("case %s of %s: no card", c.number, c.place)
		}
	}
	return bare
}

func numbersShown(u *simulator.User) map[string]int {
	return shownIn(u, func(text string) string { return text })
}

// shownIn counts in how many cards and lists of an officer each number comes first, in
// the part of the text that is looked at.
func shownIn(u *simulator.User, part func(text string) string) map[string]int {
	shown := map[string]int{}
	for _, m := range u.Messages() {
		if number := numberIn(part(m.Text)); m.FromBot && m.Protected && number != "" {
			shown[number]++
		}
	}
	return shown
}

// cardsShown leaves out the lists of what is overdue: there a case stands beside
// others though it has a card of its own, and again when the list comes anew. The
// number of a card is in its first line.
func cardsShown(u *simulator.User) map[string]int {
	return shownIn(u, func(text string) string {
		title, _, _ := strings.Cut(text, "\n")
		return title
	})
}

// copies counts the cards that an officer has twice, and how often sending a
// card was tried anew.
func (s *siege) copies() (copies, most int) {
	for _, o := range s.everyOfficer() {
		for number, n := range cardsShown(o.User) {
			copies += n - 1
			if n > 1 {
				s.show(o.User, number)
			}
		}
	}
	type row struct{ Again int64 }
	again := rows[row](s.town, "SELECT coalesce(sum(attempts - 1), 0) FROM outbox WHERE attempts > 1 AND kind = 'card.officer'")
	return copies, int(again[0].Again)
}

// show logs what an officer has of a case, and what its messages became: for
// whoever looks into a copy.
func (s *siege) show(u *simulator.User, number string) {
	for _, m := range u.Messages() {
		if m.FromBot && numberIn(m.Text) == number {
			s.t.Logf("message %d, buttons %d: %q", m.ID, len(m.Buttons), m.Text)
		}
	}
	type row struct{ What string }
	for _, r := range rows[row](s.town, `SELECT outbox::text AS what FROM outbox WHERE chat_id = $1 AND case_id = (SELECT id FROM cases WHERE number = replace($2, '-', '')::int) ORDER BY outbox.id`, u.ID(), number) {
		s.t.Log(r.What)
	}
}

// acceptancesLost counts the cases whose acceptance and its press disagree.
func (s *siege) acceptancesLost(cases []filed) (lost int) {
	for _, c := range cases {
		if c.accepted != s.accepted[c.number] {
			lost++
		}
	}
	return lost
}

// falseEscalations counts what was said to officers before the ladder's first
// beat, or after the acceptance. Who is out of reach is passed over at once,
// and that is right.
func (s *siege) falseEscalations() int {
	type row struct{ Count int64 }
	found := rows[row](s.town, `SELECT count(*) FROM case_events AS e JOIN cases ON cases.id = e.case_id JOIN territories ON territories.id = place_id
		WHERE e.kind IN ('escalated', 'nudged', 'reminded') AND (e.at > accepted_at
			OR code <> $1 AND e.at < (ladder->'beats'->0->>'at')::timestamptz)`, siegeBlocked)
	return int(found[0].Count)
}

// ripen lets the ladders of some cases fall at moments of the trouble: the first
// nudge and the first step to the next level, spread over a time that begins
// after a while.
func (s *siege) ripen(n int, after, spread time.Duration) {
	s.t.Helper()
	for i := range n {
		c := s.people[i%len(s.people)]
		for !slices.Contains(siegePlaces[siegeAccepting:len(siegePlaces)-1], c.place) || c.n >= siegeMost {
			i++
			c = s.people[i%len(s.people)]
		}
		if !s.report(c) {
			s.t.FailNow()
		}
	}
	s.settle()
	type row struct{ ID, Place int64 }
	began := time.Now().Add(after)
	for i, r := range rows[row](s.town, "SELECT id, place_id FROM cases WHERE status = 'new' ORDER BY id") {
		first := began.Add(spread * time.Duration(i) / time.Duration(2*n)).Truncate(time.Millisecond)
		second := first.Add(spread / 2)
		err := s.db().InTx(s.t.Context(), func(tx *storage.Tx) error {
			c, err := tx.LockCase(mahalla.CaseID(r.ID))
			if err != nil {
				return err
			}
			beats := slices.Clone(c.Ladder.Beats)
			later := beats[len(beats)-1].At
			beats[0].At, beats[0].Kind = first, mahalla.Nudge
			for j := range beats[1:] {
				if beats[j+1].At = later.Add(time.Duration(j) * time.Hour); j == 0 {
					beats[1].At = second
				}
			}
			c.Ladder.Beats = beats
			next := storage.Awaited{Case: c.ID, Next: first, Since: c.FiledAt, Path: []mahalla.TerritoryID{c.Place}}
			tx.AfterCommit(func() { _ = storage.NewAcks(s.client).Await(s.t.Context(), next) })
			return tx.SaveCase(c)
		})
		if err != nil {
			s.t.Fatal(err)
		}
		s.ripe, s.ripeUntil = append(s.ripe, mahalla.CaseID(r.ID)), second
	}
}

// lastBeat waits until the last of the ripe beats has fallen and was told.
func (s *siege) lastBeat() {
	if wait := time.Until(s.ripeUntil); len(s.ripe) > 0 && wait > 0 {
		time.Sleep(wait + 2*time.Second)
	}
	s.settle()
}

// beats measures how late the ladders of the ripe cases fell: each event against
// the beat that it belongs to. Of beats that fall together, as after an outage,
// only the last is told.
func (s *siege) beats(v *verdict) {
	s.t.Helper()
	type row struct {
		ID     int64
		Events []time.Time
		Beats  []time.Time
		Done   int64
	}
	for _, id := range s.ripe {
		for _, r := range rows[row](s.town, `SELECT id,
			ARRAY(SELECT at FROM case_events WHERE case_id = cases.id AND kind IN ('nudged', 'escalated') AND at >= (ladder->'beats'->0->>'at')::timestamptz ORDER BY at),
			ARRAY(SELECT (beat->>'at')::timestamptz FROM jsonb_array_elements(ladder->'beats') AS beat WHERE (beat->>'at')::timestamptz < $2 ORDER BY 1),
			(ladder->>'done')::int8
			FROM cases WHERE id = $1`, int64(id), time.Now()) {
			v.missed += max(0, len(r.Beats)-int(r.Done))
			v.twice += max(0, len(r.Events)-len(r.Beats))
			told := 0 // what is told is the first beat that was not told before
			for _, at := range r.Events {
				v.late = append(v.late, at.Sub(r.Beats[min(told, len(r.Beats)-1)]))
				told++
			}
		}
	}
}

// cardTimes is how long it took from the tap that files to the officer's card at
// Telegram, of the officers who can be reached.
func (s *siege) cardTimes(cases []filed, deeds []*deed) []time.Duration {
	type row struct {
		Case int64
		At   time.Time
	}
	at := map[mahalla.CaseID]time.Time{}
	for _, r := range rows[row](s.town, `SELECT case_id, min(finished_at) FROM outbox WHERE kind = 'card.officer' AND state = 2 GROUP BY case_id`) {
		at[mahalla.CaseID(r.Case)] = r.At
	}
	byText := map[string]filed{}
	for _, c := range cases {
		byText[c.text] = c
	}
	var list []time.Duration
	for _, d := range deeds {
		if c, ok := byText[d.text]; ok && !at[c.id].IsZero() {
			list = append(list, at[c.id].Sub(d.pressed))
		}
	}
	slices.SortFunc(list, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	return list
}
