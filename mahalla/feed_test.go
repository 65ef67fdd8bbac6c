package mahalla

import (
	"errors"
	"testing"
	"time"
)

func TestWhatACalendarShows(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	days := func(n int) time.Time { return now.AddDate(0, 0, n) }
	called := func(at time.Time) Meeting {
		return Meeting{Status: MeetingCalled, At: at, Minutes: 60, CalledAt: days(-40)}
	}
	cancelled := func(at, when time.Time) Meeting {
		m := called(at)
		m.Status, m.CancelledAt = MeetingCancelled, when
		return m
	}
	member, party := &Participant{Seat: SeatMember}, &Participant{Seat: SeatParty}
	for name, test := range map[string]struct {
		meeting Meeting
		who     *Participant
		sits    bool
		want    bool
	}{
		"a coming one":                       {called(days(5)), member, true, true},
		"one not called":                     {Meeting{Status: MeetingDraft, At: days(5)}, member, true, false},
		"one without a time":                 {Meeting{Status: MeetingCalled, CalledAt: now}, member, true, false},
		"somebody else's":                    {called(days(5)), nil, true, false},
		"thirty days ago":                    {called(days(-30)), member, true, true},
		"longer ago":                         {called(days(-31)), member, true, false},
		"in a year":                          {called(days(365)), member, true, true},
		"later":                              {called(days(366)), member, true, false},
		"cancelled lately":                   {cancelled(days(5), days(-29)), member, true, true},
		"cancelled long ago":                 {cancelled(days(5), days(-30)), member, true, false},
		"cancelled, for who has left":        {cancelled(days(5), days(-1)), member, false, true},
		"for who has left the commission":    {called(days(5)), member, false, false},
		"past, for who has left":             {called(days(-5)), member, false, true},
		"a party needs no seat":              {called(days(5)), party, false, true},
		"a substitute neither":               {called(days(5)), &Participant{Seat: SeatSubstitute}, false, true},
		"who has said that they cannot come": {called(days(5)), &Participant{Seat: SeatMember, RSVP: RSVPNo}, true, false},
	} {
		if got := test.meeting.InCalendar(test.who, test.sits, now); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestWhoMayFetchACalendarFile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	m := Meeting{Status: MeetingCalled, At: now.Add(time.Hour), Minutes: 60, CalledAt: now, Participants: []Participant{{Person: 5}}}
	draft, gone := m, m
	draft.CalledAt = time.Time{}
	gone.Status, gone.CancelledAt = MeetingCancelled, now
	for name, test := range map[string]struct {
		meeting *Meeting
		who     PersonID
		at      time.Time
		want    string
	}{
		"a participant":           {&m, 5, now, ""},
		"while it goes on":        {&m, 5, now.Add(119 * time.Minute), ""},
		"when it is over":         {&m, 5, now.Add(2 * time.Hour), "calendar_over"},
		"a cancelled one, to end": {&gone, 5, now.Add(48 * time.Hour), ""},
		"somebody else":           {&m, 6, now, "calendar_not_asked"},
		"none":                    {nil, 5, now, "calendar_not_asked"},
		"a draft":                 {&draft, 5, now, "calendar_not_asked"},
	} {
		refusal, got := (*Error)(nil), ""
		if errors.As(test.meeting.MayFetch(test.who, test.at), &refusal) {
			got = refusal.Reason
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
