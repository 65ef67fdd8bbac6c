package casework

import (
	"fmt"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

const (
	theItem    = mahalla.ItemID(1<<41 + 1)
	theMeeting = mahalla.MeetingID(1<<41 + 2)
)

// anItem is an item of theCase with names that could break a text.
func (g *gallery) anItem(change func(*mahalla.Item)) *mahalla.Item {
	i := &mahalla.Item{ID: theItem, Commission: g.district, Case: 1 << 40, ProposedBy: g.officer.ID, ProposedAt: day.Add(-time.Hour), State: mahalla.ItemProposed,
		Parties: []mahalla.Party{{Side: 1, Person: g.resident.ID}, {Side: 2, Name: locales.Cut(oneLine(wide("Ism")), mostName), Phone: "+998901234567"}}}
	change(i)
	return i
}

// asked answers both questions with no.
func asked(by mahalla.PersonID) func(*mahalla.Item) {
	return func(i *mahalla.Item) { i.Violence, i.Crime, i.AskedBy = mahalla.ReplyNo, mahalla.ReplyNo, by }
}

// agreed is an item that is ready since a moment.
func agreed(by mahalla.PersonID, since time.Time) func(*mahalla.Item) {
	return func(i *mahalla.Item) {
		asked(by)(i)
		i.State, i.ReadyAt = mahalla.ItemReady, since
		for n := range i.Parties {
			i.Parties[n].Consent, i.Parties[n].ConsentAt, i.Parties[n].RecordedBy = mahalla.ConsentGiven, since, by
		}
	}
}

func TestEveryScreenOfAnItemRendersHoweverItStands(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary := g.person(8, mahalla.CommissionSecretary)
	by := g.officer.ID
	states := map[string]func(*mahalla.Item){
		"proposed":    func(*mahalla.Item) {},
		"no violence": func(i *mahalla.Item) { i.Violence, i.AskedBy = mahalla.ReplyNo, by },
		"sides asked": asked(by),
		"a link is out": func(i *mahalla.Item) {
			asked(by)(i)
			i.Parties[1].TokenHash, i.Parties[1].TokenUntil = []byte{1}, day.Add(time.Hour)
		},
		"the other side is in the chat": func(i *mahalla.Item) {
			asked(by)(i)
			i.Parties[1] = mahalla.Party{Side: 2, Person: g.plain.ID}
		},
		"for a neighbour, by one mediator": func(i *mahalla.Item) {
			asked(by)(i)
			i.Mediator, i.Parties[0] = true, mahalla.Party{Side: 1, Name: i.Parties[1].Name}
		},
		"nobody has a name": func(i *mahalla.Item) { asked(by)(i); i.Parties[1].Name = "" },
		"ready":             agreed(by, day),
		"ready too long":    agreed(by, day.AddDate(0, 0, -30)),
		"scheduled":         func(i *mahalla.Item) { agreed(by, day)(i); i.State, i.Mediator = mahalla.ItemScheduled, true },
		"settled": func(i *mahalla.Item) {
			agreed(by, day)(i)
			i.State, i.EndedAt, i.Cause = mahalla.ItemSettled, day, "agreed"
		},
	}
	for _, cause := range mahalla.Causes() {
		states["dropped: "+cause] = func(i *mahalla.Item) {
			agreed(by, day)(i)
			i.State, i.EndedAt, i.Cause = mahalla.ItemDropped, day, cause
			i.Parties[0].Consent, i.Parties[0].RecordedBy = mahalla.ConsentRefused, g.resident.ID
		}
	}
	for name, state := range states {
		t.Run(name, func(t *testing.T) {
			g := *g
			g.testGround = &testGround{TB: t, db: g.db, desk: g.desk}
			var list []storage.Message
			add := func(who *storage.Contact, kind mahalla.NoticeKind, about int64, args map[string]string) {
				list = append(list, storage.Message{Person: who.ID, Chat: who.Telegram, Kind: kind, Case: mahalla.CaseID(about), Round: 1, Args: args})
			}
			for _, who := range []*storage.Contact{g.officer, g.senior, secretary, g.plain, g.resident} {
				add(who, mahalla.CardItem, int64(theItem), nil)
				add(who, mahalla.CardParty, int64(theItem), nil)
			}
			add(secretary, CardAgenda, 0, map[string]string{"page": "7"})
			add(g.plain, CardAgenda, 0, nil)
			add(g.officer, mahalla.CardOfficer, 1<<40, nil)
			add(g.resident, mahalla.CardReporter, 1<<40, nil)
			drawn := g.look(func(tx *storage.Tx) error {
				for _, who := range []*storage.Contact{g.resident, g.plain} {
					tx.Consent(who.ID, ConsentVersion, mahalla.Ru, day)
				}
				item := g.anItem(state)
				c, err := g.theCase(tx, func(c *mahalla.Case) {
					c.Category, c.Secrecy = "neighbour_dispute", mahalla.Confidential
					c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, by, day.Add(-time.Minute)
					c.Resolution = towards(day.AddDate(0, 0, 3))
					if item.State.Open() {
						c.Resolution.Item, c.Resolution.Until, c.Resolution.Paused = item.ID, day.AddDate(0, 0, 10), day
					}
				}, theirs)
				if err != nil {
					return err
				}
				tx.SetRepetition(c.ID, mahalla.RepeatedPlace, 12)
				if err := tx.SaveItem(item); err != nil {
					return err
				}
				if item.State != mahalla.ItemScheduled {
					return nil
				}
				return tx.SaveMeeting(&mahalla.Meeting{ID: theMeeting, Commission: g.district, Status: mahalla.MeetingCalled, At: day.AddDate(0, 1, 0), Minutes: 60,
					Language: mahalla.Ru, Quorum: 3, MadeBy: secretary.ID, MadeAt: day, CalledAt: day, Agenda: []mahalla.Hearing{{Item: theItem}}})
			}, list...)
			if drawn < 3*8 {
				t.Errorf("only %d screens were drawn", drawn)
			}
		})
	}
}

// held puts theCase and an item into the database, for good.
func (g *gallery) held(state func(*mahalla.Item)) (*mahalla.Case, *mahalla.Item) {
	g.Helper()
	item := g.anItem(state)
	var c *mahalla.Case
	g.tx(func(tx *storage.Tx) (err error) {
		c, err = g.theCase(tx, func(c *mahalla.Case) {
			c.Category, c.Secrecy = "neighbour_dispute", mahalla.Confidential
			c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, g.officer.ID, day.Add(-time.Minute)
			c.Resolution = towards(day.AddDate(0, 0, 3))
			c.Resolution.Item = item.ID
		}, theirs)
		if err != nil {
			return err
		}
		return tx.SaveItem(item)
	})
	return c, item
}

func TestAnItemThatIsTakenBackLeavesTheMeetingThatWasCalled(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	_, item := g.held(agreed(g.officer.ID, day))
	m := &mahalla.Meeting{ID: theMeeting, Commission: g.district, Status: mahalla.MeetingCalled, At: day.AddDate(0, 0, 5), Minutes: 60,
		Language: mahalla.Ru, Quorum: 3, MadeBy: g.head.ID, MadeAt: day, CalledAt: day, Agenda: []mahalla.Hearing{{Item: item.ID}},
		Participants: []mahalla.Participant{{Person: g.head.ID, Seat: mahalla.SeatSecretary},
			{Person: g.resident.ID, Seat: mahalla.SeatParty, Item: item.ID, Side: 1}}}
	g.tx(func(tx *storage.Tx) error {
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
		tx.Consent(g.resident.ID, ConsentVersion, mahalla.Ru, day)
		return g.desk.schedule(tx, item, day)
	})
	g.tx(func(tx *storage.Tx) error {
		c, err := tx.Case(item.Case)
		if err == nil && !c.Resolution.Until.Equal(m.End().Add(mahalla.SittingStretch)) {
			t.Errorf("the clock stands until %v", c.Resolution.Until)
		}
		who, err2 := tx.Contact(g.resident.ID)
		if err == nil {
			err = err2
		}
		if err != nil {
			return err
		}
		return g.desk.PartyAnswers(tx, who, item.ID, false, day.AddDate(0, 0, 4))
	})
	g.tx(func(tx *storage.Tx) error {
		got, err := tx.Item(item.ID)
		if err != nil || got.State != mahalla.ItemDropped || got.Cause != mahalla.CauseTakenBack {
			t.Errorf("got %+v, %v", got, err)
		}
		meeting, err := tx.Meeting(m.ID)
		if err != nil || len(meeting.Agenda) != 0 || len(meeting.Participants) != 1 {
			t.Errorf("got %+v, %v", meeting, err)
		}
		c, err := tx.Case(item.Case)
		if err == nil && (c.Resolution.Item != 0 || c.ResolveBy().IsZero()) {
			t.Errorf("the clock: %+v", c.Resolution)
		}
		return err
	})
}

func TestAnItemGoesBackWhenItsMeetingIsCancelled(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	_, item := g.held(agreed(g.officer.ID, day))
	g.tx(func(tx *storage.Tx) error {
		if err := g.desk.schedule(tx, item, day); err != nil {
			return err
		}
		return g.desk.unschedule(tx, item, "cancelled", day.Add(time.Hour))
	})
	g.tx(func(tx *storage.Tx) error {
		got, err := tx.Item(item.ID)
		if err != nil || got.State != mahalla.ItemReady {
			t.Errorf("got %+v, %v", got, err)
		}
		happened, err := tx.Events(item.Case)
		var kinds []string
		for _, e := range happened {
			kinds = append(kinds, string(e.Kind)+e.Note)
		}
		if fmt.Sprint(kinds) != "[scheduled unscheduledcancelled]" {
			t.Errorf("got %v", kinds)
		}
		return err
	})
}
