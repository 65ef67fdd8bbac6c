package handlers_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// seated calls a meeting that begins at a moment, as if all of it had been said in
// the chat: "meeting 2026-11-28 10:00 9901 2 ru: Rais chair, Kotib secretary, Olim
// member / {A} Resident Salim aka" is one of the commission of a place, with a
// quorum of two, minutes in a language, who is asked, and the items, each a case
// with its two sides. A side without an account is in words.
func (p *play) seated(rest string) error {
	head, rest, ok := strings.Cut(rest, ": ")
	words := strings.Fields(head)
	if !ok || len(words) != 5 {
		return fmt.Errorf("want: meeting day time territory quorum language: people / items")
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", words[0]+" "+words[1], locales.Tashkent())
	if err != nil {
		return err
	}
	quorum, err := strconv.Atoi(words[3])
	if err != nil {
		return err
	}
	language := map[string]mahalla.Language{"uz": mahalla.UzLatn, "cyrl": mahalla.UzCyrl, "ru": mahalla.Ru}[words[4]]
	people, items, _ := strings.Cut(rest, " / ")
	return p.db.InTx(p.ctx, func(tx *storage.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		m := &mahalla.Meeting{ID: mahalla.MeetingID(id), Commission: p.desk.Reference().ByCode[words[2]], Status: mahalla.MeetingCalled, At: at, Minutes: 60,
			Place: "Mahalla binosi", Language: language, Quorum: quorum, MadeAt: p.now, CalledAt: p.now}
		for _, one := range strings.Split(people, ", ") {
			if err := p.seat(tx, m, one); err != nil {
				return err
			}
		}
		for _, one := range strings.Split(items, ", ") {
			if one == "" {
				continue
			}
			if err := p.item(tx, m, one); err != nil {
				return err
			}
		}
		return tx.SaveMeeting(m)
	})
}

func (p *play) contact(tx *storage.Tx, name string) (*storage.Contact, error) {
	u, ok := p.people[name]
	if !ok {
		return nil, fmt.Errorf("nobody is called %q", name)
	}
	return tx.ContactByTelegram(u.ID())
}

// seat asks somebody to a meeting: "Olim member", "Sobir substitute Olim".
func (p *play) seat(tx *storage.Tx, m *mahalla.Meeting, one string) error {
	words := strings.Fields(one)
	who, err := p.contact(tx, words[0])
	if err != nil {
		return err
	}
	x := mahalla.Participant{Person: who.ID, Seat: mahalla.Seat(words[1]), RSVP: mahalla.RSVPYes, AnsweredAt: p.now}
	if x.Seat == mahalla.SeatSecretary || m.MadeBy == 0 {
		m.MadeBy = who.ID
	}
	if len(words) > 2 {
		in, err := p.contact(tx, words[2])
		if err != nil {
			return err
		}
		x.InFor = in.ID
	}
	m.Participants = append(m.Participants, x)
	return nil
}

// item puts a case on the agenda: "{A} Resident Salim aka", with ! before the
// case where it was heard once already.
func (p *play) item(tx *storage.Tx, m *mahalla.Meeting, one string) error {
	words := strings.Fields(p.filled(one))
	number, err := mahalla.ParseNumber(words[0])
	if err != nil {
		return err
	}
	c, err := tx.CaseByNumber(number)
	if err != nil {
		return err
	}
	item, err := tx.ItemOfCase(c.ID)
	if err != nil {
		return err
	}
	if item == nil {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		item = &mahalla.Item{ID: mahalla.ItemID(id), Commission: m.Commission, Case: c.ID, ProposedBy: c.Owner, ProposedAt: p.now,
			Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: c.Owner, ReadyAt: p.now}
		first, err := p.contact(tx, words[1])
		if err != nil {
			return err
		}
		given := mahalla.Party{Consent: mahalla.ConsentGiven, ConsentAt: p.now, RecordedBy: c.Owner}
		one, two := given, given
		one.Side, one.Person = 1, first.ID
		two.Side = 2
		if second, err := p.contact(tx, words[2]); err == nil {
			two.Person = second.ID
		} else {
			two.Name = strings.Join(words[2:], " ")
		}
		item.Parties = []mahalla.Party{one, two}
	}
	item.State = mahalla.ItemScheduled
	m.Agenda = append(m.Agenda, mahalla.Hearing{Item: item.ID})
	for _, side := range item.Parties {
		if side.Person != 0 && m.Participant(side.Person) == nil {
			m.Participants = append(m.Participants, mahalla.Participant{Person: side.Person, Seat: mahalla.SeatParty, Item: item.ID, Side: side.Side})
		}
	}
	return tx.SaveItem(item)
}
