package casework

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// sitters are a secretary and members with wide names, more than a page of them,
// in the commission of the district.
func (g *gallery) sitters() (secretary *storage.Contact, members []*storage.Contact) {
	secretary = g.person(50, mahalla.CommissionSecretary)
	for i := range 9 {
		members = append(members, g.person(51+int64(i), mahalla.CommissionMember))
	}
	return secretary, members
}

// readyItems makes so many items ready, each of a case of its own.
func (g *gallery) readyItems(tx *storage.Tx, n int, by mahalla.PersonID) ([]mahalla.ItemID, error) {
	var list []mahalla.ItemID
	for i := range n {
		c := &mahalla.Case{ID: mahalla.CaseID(1<<41 + i), Number: mahalla.NumberFrom(uint64(5000000 + i)), Reporter: g.resident.ID, Place: g.mahalla,
			Category: "neighbour_dispute", Urgency: mahalla.Low, Secrecy: mahalla.Internal, Status: mahalla.New, Round: 1, FiledAt: day.Add(-50 * time.Hour)}
		if _, ok := g.desk.Reference().Categories[c.Category]; !ok {
			c.Category = "noise"
		}
		if err := tx.AddCase(c); err != nil {
			return nil, err
		}
		item := &mahalla.Item{ID: mahalla.ItemID(1<<42 + i), Commission: g.district, Case: c.ID, ProposedBy: by, ProposedAt: day.AddDate(0, -1, 0),
			State: mahalla.ItemReady, Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: by, ReadyAt: day.AddDate(0, -1, 0), Mediator: i%2 == 0,
			Parties: []mahalla.Party{
				{Side: 1, Person: g.resident.ID, Name: wide("Ism"), Phone: "+998901112233", Consent: mahalla.ConsentGiven, ConsentAt: day, RecordedBy: by},
				{Side: 2, Name: wide("Ism"), Phone: "+998901112233", Consent: mahalla.ConsentGiven, ConsentAt: day, RecordedBy: by}}}
		if err := tx.SaveItem(item); err != nil {
			return nil, err
		}
		list = append(list, item.ID)
	}
	return list, nil
}

// meetingStates are the ways in which a meeting can stand, drafts first.
func meetingStates(m *mahalla.Meeting) map[string]func() {
	called := func() {
		m.Status, m.Step, m.CalledAt = mahalla.MeetingCalled, "", day.AddDate(0, 0, -1)
	}
	states := map[string]func(){"called": called}
	for _, step := range mahalla.MeetingSteps() {
		states["draft "+string(step)] = func() { m.Step = step }
	}
	states["draft without anything"] = func() { m.Step, m.At, m.Place, m.Pin, m.Agenda = mahalla.StepDay, time.Time{}, "", "", nil }
	states["draft in the past"] = func() { m.Step, m.At = mahalla.StepReady, day.AddDate(-1, 0, 0) }
	states["draft on a holiday"] = func() { m.Step, m.At = mahalla.StepReady, time.Date(2026, 11, 8, 8, 0, 0, 0, day.Location()) }
	states["moved"] = func() { called(); m.MovedFrom = day.AddDate(1, 0, 0) }
	states["with the answers"] = func() {
		called()
		for i := range m.Participants {
			p := &m.Participants[i]
			p.AnsweredAt = day
			switch i % 4 {
			case 0:
				p.RSVP = mahalla.RSVPYes
			case 1:
				p.RSVP = mahalla.RSVPNo
			case 2:
				p.RSVP, p.Proposed = mahalla.RSVPOther, day.AddDate(0, 2, 3)
			default:
				p.AnsweredAt, p.Unreachable = time.Time{}, true
			}
			if p.Seat.Counts() {
				p.Conflicts = []mahalla.ItemID{m.Agenda[0].Item, m.Agenda[1].Item}
			}
		}
	}
	states["nobody within reach"] = func() {
		called()
		for i := range m.Participants {
			m.Participants[i].Unreachable = true
		}
	}
	states["everybody comes, half of them in conflict"] = func() {
		called()
		for i := range m.Participants {
			p := &m.Participants[i]
			p.RSVP, p.AnsweredAt = mahalla.RSVPYes, day
			if i%2 == 0 && p.Seat.Counts() {
				for _, h := range m.Agenda {
					p.Conflicts = append(p.Conflicts, h.Item)
				}
			}
		}
	}
	mediated := func(change func(*mahalla.Participant)) func() {
		return func() {
			m.Mediation, m.Quorum, m.Agenda = true, 1, m.Agenda[:1]
			m.Participants = slices.DeleteFunc(m.Participants, func(p mahalla.Participant) bool { return p.Seat == mahalla.SeatMember })
			m.Participants[0].Seat = mahalla.SeatMediator
			change(&m.Participants[0])
		}
	}
	answered := func(answer mahalla.RSVP) func() {
		return mediated(func(p *mahalla.Participant) {
			called()
			p.RSVP, p.AnsweredAt = answer, day
		})
	}
	states["of a mediator: who?"] = mediated(func(*mahalla.Participant) { m.Step = mahalla.StepPeople })
	states["of a mediator: the agenda"] = mediated(func(*mahalla.Participant) { m.Step = mahalla.StepAgenda })
	states["of a mediator: the preview"] = mediated(func(*mahalla.Participant) { m.Step = mahalla.StepReady })
	states["of a mediator: nobody yet"] = mediated(func(p *mahalla.Participant) { m.Step, p.Seat = mahalla.StepReady, mahalla.SeatSecretary })
	states["of a mediator: called"] = mediated(func(*mahalla.Participant) { called() })
	states["of a mediator: comes"] = answered(mahalla.RSVPYes)
	states["of a mediator: does not"] = answered(mahalla.RSVPNo)
	states["of a mediator: has a share"] = mediated(func(p *mahalla.Participant) {
		called()
		p.Conflicts = []mahalla.ItemID{m.Agenda[0].Item}
	})
	states["of a mediator: over"] = mediated(func(*mahalla.Participant) { called(); m.At = day.AddDate(0, 0, -1) })
	states["it is time"] = func() { called(); m.At = day }
	states["over and missed"] = func() { called(); m.At, m.MissedAt = day.AddDate(0, 0, -1), day }
	states["cancelled"] = func() { called(); m.Status, m.CancelledAt, m.Cause = mahalla.MeetingCancelled, day, wideName("Sabab") }
	states["dropped"] = func() { m.Status, m.Step, m.CancelledAt = mahalla.MeetingCancelled, "", day }
	states["only a pin"] = func() { called(); m.Place = "" }
	return states
}

// Every state of a meeting for everybody who may see it, with every question that
// its cards ask, in every language, with names that could break a text.
func TestMeetingsRenderWhateverTheyHold(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary, members := g.sitters()
	people := append([]*storage.Contact{secretary, g.resident, g.plain}, members...)
	var drawn int
	names := meetingStates(&mahalla.Meeting{})
	for name := range names {
		drawn += g.look(func(tx *storage.Tx) error {
			items, err := g.readyItems(tx, 7, secretary.ID)
			if err != nil {
				return err
			}
			seats, err := tx.Seats(g.district, day)
			if err != nil {
				return err
			}
			m := mahalla.NewMeeting(1<<43, g.district, secretary.ID, mahalla.Custom{Quorum: mahalla.QuorumHalf, Minutes: 90, Language: mahalla.Ru}, seats, day)
			m.At, m.Place, m.Pin = day.AddDate(0, 0, 1), wideName("Joy"), "41.100000,64.100000"
			for _, i := range items {
				m.Agenda = append(m.Agenda, mahalla.Hearing{Item: i})
			}
			m.Participants = append(m.Participants, mahalla.Participant{Person: g.resident.ID, Seat: mahalla.SeatParty, Item: items[0], Side: 1})
			if name != "dropped" {
				m.Participants = append(m.Participants, mahalla.Participant{Person: g.plain.ID, Seat: mahalla.SeatSubstitute, InFor: members[0].ID})
			}
			meetingStates(m)[name]()
			return tx.SaveMeeting(m)
		}, meetingMessages(people, secretary.ID, members[0].ID)...)
	}
	if least := 400; drawn < least {
		t.Errorf("only %d screens were drawn", drawn)
	}
}

// meetingMessages lists every message about the meeting of the test.
func meetingMessages(people []*storage.Contact, secretary, member mahalla.PersonID) (list []storage.Message) {
	item := personArg(1 << 42)
	move := MoveArg(day.AddDate(0, 0, 9))
	for _, who := range people {
		for _, choose := range []string{"", chooseSubstitute, chooseConflict} {
			list = append(list, storage.Message{Person: who.ID, Chat: who.Telegram, Kind: CardMeeting, Case: 1 << 43, Args: map[string]string{argChoose: choose}})
		}
		for _, what := range []string{newsLeft, newsSide, newsUnheld} {
			list = append(list, storage.Message{Person: who.ID, Chat: who.Telegram, Kind: NoticeMeetingNews, Case: 1 << 43, Args: map[string]string{argWhat: what}})
		}
		for _, what := range []string{newsItemOn, newsItemOff} {
			list = append(list, storage.Message{Person: who.ID, Chat: who.Telegram, Kind: NoticeAgendaNews, Case: 1 << 43, Args: map[string]string{argWhat: what, argItem: strconv.Itoa(1 << 42)}})
		}
		list = append(list, storage.Message{Person: who.ID, Chat: who.Telegram, Kind: NoticeMeetingPin, Case: 1 << 43},
			storage.Message{Person: who.ID, Chat: who.Telegram, Kind: CardMeeting, Case: 1 << 43, Args: map[string]string{argLeft: "yes"}},
			storage.Message{Person: who.ID, Chat: who.Telegram, Kind: CardMeetings},
			storage.Message{Person: who.ID, Chat: who.Telegram, Kind: CardConvene, Case: 1 << 43})
	}
	for _, choose := range []string{chooseLeave, chooseMove, chooseMove + " " + move, chooseSubstitute, chooseSubstitute + " " + personArg(member),
		chooseConflict, chooseConflict + " " + item, chooseRecord, chooseRecord + " " + personArg(member),
		chooseAgenda, chooseAgenda + " p-1", chooseAgenda + " " + item} {
		list = append(list, storage.Message{Person: secretary, Kind: CardConvene, Case: 1 << 43, Args: map[string]string{argChoose: choose}})
	}
	for page := range 4 {
		list = append(list, storage.Message{Person: secretary, Kind: CardConvene, Case: 1 << 43, Args: map[string]string{"page": strconv.Itoa(page), "offer": "yes"}})
	}
	some := peopleArg([]mahalla.PersonID{member, secretary})
	return append(list, storage.Message{Person: secretary, Kind: CardConvene},
		storage.Message{Person: secretary, Kind: CardConvene, Case: 1 << 43, Args: map[string]string{argLeft: some, argJoined: some}},
		storage.Message{Person: secretary, Kind: CardConvene, Case: 1 << 43, Args: map[string]string{"offer": "handed"}})
}

// What a reminder says, and to whom it has nothing to say.
func TestRemindersOfMeetingsRender(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary, members := g.sitters()
	err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
		m := &mahalla.Meeting{ID: 1 << 43, Commission: g.district, Status: mahalla.MeetingCalled, At: day.AddDate(0, 0, 1), Minutes: 60, Place: wideName("Joy"),
			Language: mahalla.Ru, Quorum: 2, MadeBy: secretary.ID, MadeAt: day, CalledAt: day}
		for i, answer := range []mahalla.RSVP{"", mahalla.RSVPYes, mahalla.RSVPNo, mahalla.RSVPOther} {
			p := mahalla.Participant{Person: members[i].ID, Seat: mahalla.SeatMember, RSVP: answer}
			if answer != "" {
				p.AnsweredAt = day
			}
			if answer == mahalla.RSVPOther {
				p.Proposed = day.AddDate(0, 0, 2)
			}
			m.Participants = append(m.Participants, p)
		}
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
		drawn := 0
		for _, lang := range mahalla.Languages() {
			w := g.desk.speak(lang, day)
			for _, who := range append(members, g.resident) {
				s, err := g.desk.drawMeetingReminder(tx, w, who, mahalla.Reminder{Kind: mahalla.RemindMeeting1d, About: 1 << 43, To: who.ID})
				if err == ErrPointless {
					continue
				}
				if err != nil || w.err != nil {
					t.Fatal(err, w.err)
				}
				drawn++
				for _, c := range complaints(s) {
					t.Error(c)
				}
			}
		}
		if drawn != 9 { // not to who cannot come, nor to who is not asked
			t.Errorf("got %d, want 9", drawn)
		}
		return errUndo
	})
	if err != errUndo {
		t.Fatal(err)
	}
}

// Where one message reminds of two meetings, none of its buttons is the one that
// it is about.
func TestTwoRemindersOfMeetingsInOneMessageRender(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secretary, members := g.sitters()
	drawn := g.drawn(func(tx *storage.Tx) (storage.Message, error) {
		about := map[mahalla.ReminderKind]int64{mahalla.RemindMeeting1d: 1 << 43, mahalla.RemindMeeting2h: 1<<43 + 1}
		for _, id := range about {
			m := &mahalla.Meeting{ID: mahalla.MeetingID(id), Commission: g.district, Status: mahalla.MeetingCalled, At: day.AddDate(0, 0, int(id-1<<43)+1), Minutes: 60,
				Place: wideName("Joy"), Language: mahalla.Ru, Quorum: 1, MadeBy: secretary.ID, MadeAt: day, CalledAt: day,
				Participants: []mahalla.Participant{{Person: members[0].ID, Seat: mahalla.SeatMember}}}
			if err := tx.SaveMeeting(m); err != nil {
				return storage.Message{}, err
			}
		}
		return g.given(tx, members[0], about, mahalla.RemindMeeting1d, mahalla.RemindMeeting2h)
	})
	if drawn != len(mahalla.Languages()) {
		t.Errorf("drawn %d times", drawn)
	}
}
