package mahalla

import (
	"slices"
	"testing"
	"time"
)

func TestAnItemComesOntoTheAgendaOfACalledMeeting(t *testing.T) {
	t.Parallel()
	ready := func() *Item {
		return &Item{ID: 23, Commission: 100, State: ItemReady, Parties: []Party{{Side: 1, Person: 14}, {Side: 2, Person: 3}}}
	}
	begins := calledMeeting(t).At
	for name, test := range map[string]struct {
		change func(*Meeting, *Item)
		now    time.Time
		want   string
	}{
		"in time":                {now: meetNow},
		"a day before":           {now: begins.Add(-LeastNotice)},
		"later":                  {now: begins.Add(-LeastNotice + time.Second), want: "meeting_add_late"},
		"when it begins":         {now: begins, want: "meeting_begun"},
		"when it is over":        {now: begins.Add(time.Hour), want: "meeting_over"},
		"when it was cancelled":  {change: func(m *Meeting, _ *Item) { m.Status = MeetingCancelled }, now: meetNow, want: "meeting_cancelled"},
		"of a draft":             {change: func(m *Meeting, _ *Item) { m.Status = MeetingDraft }, now: meetNow, want: "meeting_over"},
		"twice":                  {change: func(m *Meeting, i *Item) { i.ID = 21 }, now: meetNow, want: "meeting_item_on"},
		"on another agenda":      {change: func(_ *Meeting, i *Item) { i.State = ItemScheduled }, now: meetNow, want: "meeting_item_gone"},
		"of another commission":  {change: func(_ *Meeting, i *Item) { i.Commission = 101 }, now: meetNow, want: "meeting_item_gone"},
		"that was dropped":       {change: func(_ *Meeting, i *Item) { i.State = ItemDropped }, now: meetNow, want: "meeting_item_gone"},
		"where there is no room": {change: func(m *Meeting, _ *Item) { m.Agenda = make([]Hearing, MostAgenda) }, now: meetNow, want: "meeting_agenda_full"},
	} {
		m, i := calledMeeting(t), ready()
		if test.change != nil {
			test.change(m, i)
		}
		_ = m.Reply(3, RSVPYes, time.Time{}, Anytime, meetNow)
		sequence, answers, agenda := m.Sequence, m.Answers(RSVPYes), len(m.Agenda)
		asked, err := m.Add(i, test.now)
		if got := reasonOf(err); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if m.Sequence != sequence || m.Answers(RSVPYes) != answers {
			t.Errorf("%s: somebody is asked anew", name)
		}
		if err != nil {
			same(t, name+": agenda", len(m.Agenda), agenda)
			continue
		}
		sameList(t, name+": asked", asked, []PersonID{14}) // the other side sits
		if m.Hearing(23) == nil || m.Participant(14).Side != 1 || m.Participant(3).Seat == SeatParty {
			t.Errorf("%s: got %+v", name, m)
		}
	}
}

func TestAnItemLeavesTheAgendaOfACalledMeeting(t *testing.T) {
	t.Parallel()
	begins := calledMeeting(t).At
	for name, test := range map[string]struct {
		change func(*Hearing)
		item   ItemID
		now    time.Time
		want   string
	}{
		"in time":                     {item: 21, now: begins.Add(-time.Second)},
		"when it begins":              {item: 21, now: begins, want: "meeting_begun"},
		"that is not on it":           {item: 99, now: meetNow, want: "meeting_item_gone"},
		"of which something is noted": {item: 21, change: func(h *Hearing) { h.Note = "x" }, now: meetNow, want: "meeting_item_noted"},
		"of which a side has come":    {item: 21, change: func(h *Hearing) { h.Came = []int{1} }, now: meetNow, want: "meeting_item_noted"},
	} {
		m := calledMeeting(t)
		if test.change != nil {
			test.change(m.Hearing(test.item))
		}
		if got := reasonOf(m.MayTakeOff(test.item, test.now)); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// A side that was let go with its item is asked again when that comes back.
func TestAnItemMayLeaveAndComeBack(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	sameList(t, "gone", m.Leave(21), []PersonID{11, 12})
	asked, err := m.Add(&Item{ID: 21, Commission: 100, State: ItemReady, Parties: []Party{{Side: 1, Person: 11}, {Side: 2, Person: 12}}}, meetNow)
	same(t, "error", err, nil)
	sameList(t, "asked", asked, []PersonID{11, 12})
	if !slices.EqualFunc(m.Agenda, []ItemID{22, 21}, func(h Hearing, i ItemID) bool { return h.Item == i }) {
		t.Errorf("got %+v", m.Agenda)
	}
}

func TestOnceHeardThereIsNoFirstSittingToWaitFor(t *testing.T) {
	t.Parallel()
	i := &Item{State: ItemReady, ReadyAt: meetNow}
	by := meetNow.Add(FirstSittingWithin)
	sameTime(t, "first by", i.FirstBy(), by)
	for at, want := range map[time.Time]bool{by: false, by.Add(2 * time.Hour): false, by.AddDate(0, 0, 1): true} {
		same(t, "late at "+at.String(), LateFor(i.FirstBy(), at, meetCalendar()), want)
	}
	i.Sittings = 1
	sameTime(t, "after it", i.FirstBy(), time.Time{})
	same(t, "late", LateFor(i.FirstBy(), by.AddDate(1, 0, 0), meetCalendar()), false)
}

func TestASideThatIsAskedSinceAMoveHasHeardOfOneTimeOnly(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	same(t, "before any move", m.MovedFor(m.Participant(11)), false)
	if err := m.Move(2, m.At.Add(time.Hour), meetCalendar(), meetNow); err != nil {
		t.Fatal(err)
	}
	for _, p := range []PersonID{3, 11} {
		same(t, "asked before", m.MovedFor(m.Participant(p)), true)
	}
	m.Leave(21)
	m.ask(&Item{ID: 21, Parties: []Party{{Side: 1, Person: 11}}})
	same(t, "let off and asked anew", m.MovedFor(m.Participant(11)), false)
	same(t, "a member", m.MovedFor(m.Participant(3)), true)
}
