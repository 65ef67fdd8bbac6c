package casework

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	second "github.com/emersion/go-ical"

	"koprik/mahalla"
	"koprik/storage"
)

// fed reads the calendar of a token at a moment; the names of its events, in
// order.
func (g *gallery) fed(token string, now time.Time) (file []byte, titles []string) {
	g.Helper()
	g.tx(func(tx *storage.Tx) (err error) {
		file, err = g.desk.Feed(tx, token, now)
		return err
	})
	if file == nil {
		return nil, nil
	}
	lay(g, file)
	c, err := second.NewDecoder(bytes.NewReader(file)).Decode()
	g.must(err)
	for _, e := range c.Events() {
		titles = append(titles, text(g, e.Props, "SUMMARY")+" "+text(g, e.Props, "STATUS"))
	}
	return file, titles
}

// openFeed gives somebody a calendar.
func (g *gallery) openFeed(who *storage.Contact, now time.Time) (token string) {
	g.Helper()
	g.tx(func(tx *storage.Tx) (err error) {
		token, err = tx.OpenFeed(who.ID, now)
		return err
	})
	return token
}

func TestACalendarShowsAPersonsMeetingsAndNobodysStory(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	member := g.person(21, mahalla.CommissionMember)
	const canary = "kanareyka"
	id := mahalla.MeetingID(2_000_000)
	meeting := func(change func(*mahalla.Meeting), people ...mahalla.Participant) *mahalla.Meeting {
		id++
		m := sitting10()
		m.ID, m.Commission, m.MadeBy, m.Participants = id, g.district, g.admin.ID, people
		m.At, m.MadeAt, m.CalledAt = day.AddDate(0, 0, int(id-2_000_000)), day.AddDate(0, 0, -1), day
		change(m)
		return m
	}
	var item *mahalla.Item
	g.tx(func(tx *storage.Tx) error {
		c, err := g.theCase(tx, func(c *mahalla.Case) { c.Reporter = g.resident.ID }, canary+" words")
		if err != nil {
			return err
		}
		item = &mahalla.Item{ID: 2_100_000, Commission: g.district, Case: c.ID, ProposedBy: g.admin.ID, ProposedAt: day, State: mahalla.ItemProposed,
			Parties: []mahalla.Party{{Side: 1, Person: g.resident.ID}, {Side: 2, Name: canary + " name", Phone: canary + "998901234567"}}}
		if err := tx.SaveItem(item); err != nil {
			return err
		}
		asMember := mahalla.Participant{Person: member.ID, Seat: mahalla.SeatMember, Conflicts: []mahalla.ItemID{item.ID}}
		asParty := mahalla.Participant{Person: g.resident.ID, Seat: mahalla.SeatParty, Item: item.ID, Side: 1}
		for _, m := range []*mahalla.Meeting{
			meeting(func(m *mahalla.Meeting) { m.Agenda = []mahalla.Hearing{{Item: item.ID, Note: canary + " note"}} }, asMember, asParty),
			meeting(func(m *mahalla.Meeting) {
				m.Status, m.CancelledAt, m.Cause = mahalla.MeetingCancelled, day, canary+" cause"
			}, asMember, asParty),
			meeting(func(m *mahalla.Meeting) { m.Status, m.CalledAt = mahalla.MeetingDraft, time.Time{} }, asMember),
			meeting(func(m *mahalla.Meeting) { m.At = day.AddDate(2, 0, 0) }, asMember),
		} {
			if err := tx.SaveMeeting(m); err != nil {
				return err
			}
		}
		return nil
	})

	ours, party, empty := g.openFeed(member, day), g.openFeed(g.resident, day), g.openFeed(g.officer, day)
	file, titles := g.fed(party, day)
	if want := []string{"Uchrashuv CONFIRMED", "BEKOR QILINDI: Uchrashuv CANCELLED"}; !slices.Equal(titles, want) {
		t.Errorf("a party: got %q, want %q", titles, want)
	}
	mine, titles := g.fed(ours, day)
	if len(titles) != 2 || !strings.HasPrefix(titles[0], "Komissiya yigʻilishi") || !strings.HasPrefix(titles[1], "BEKOR QILINDI") {
		t.Errorf("a member: got %q", titles)
	}
	if bare, titles := g.fed(empty, day); len(titles) != 0 || !bytes.Contains(bare, []byte("BEGIN:VCALENDAR")) {
		t.Errorf("who is asked to nothing: got %s", bare)
	}
	for whose, raw := range map[string][]byte{"a party": file, "a member": mine} {
		for _, word := range []string{canary, "Ism", "998901234567", ours, party} {
			if bytes.Contains(unfolded(raw), []byte(word)) {
				t.Errorf("%q stands in the calendar of %s", word, whose)
			}
		}
	}
	if again, _ := g.fed(ours, day.Add(time.Hour)); !bytes.Equal(again, mine) {
		t.Error("the file changes though nothing has")
	}
	if _, titles := g.fed(party, day.AddDate(0, 0, 30)); !slices.Equal(titles, []string{"Uchrashuv CONFIRMED"}) {
		t.Errorf("a cancelled one after thirty days: got %q", titles)
	}
}

func TestWhoHasLeftTheCommissionSeesOnlyWhatRemains(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	left := g.person(22, "")
	past, coming := sitting10(), sitting10()
	past.ID, coming.ID = 2_200_001, 2_200_002
	past.At, coming.At = day.AddDate(0, 0, -3), day.AddDate(0, 0, 3)
	g.tx(func(tx *storage.Tx) error {
		for _, m := range []*mahalla.Meeting{past, coming} {
			m.Commission, m.MadeBy = g.district, g.admin.ID
			m.Participants = []mahalla.Participant{{Person: left.ID, Seat: mahalla.SeatMember}}
			if err := tx.SaveMeeting(m); err != nil {
				return err
			}
		}
		return nil
	})
	file, titles := g.fed(g.openFeed(left, day), day)
	if len(titles) != 1 || !bytes.Contains(file, []byte("meeting-2200001@")) {
		t.Errorf("got %q", titles)
	}
}

func TestAnAddressOfOldLeadsNowhere(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	first := g.openFeed(g.officer, day)
	second := g.openFeed(g.officer, day)
	if file, _ := g.fed(first, day); file != nil || first == second || len(second) != 43 {
		t.Error("the first address still leads somewhere")
	}
	if file, _ := g.fed(second, day); file == nil {
		t.Error("the second address leads nowhere")
	}
	g.tx(func(tx *storage.Tx) error { tx.CloseFeed(g.officer.ID); return nil })
	for _, token := range []string{second, "", "x"} {
		if file, _ := g.fed(token, day); file != nil {
			t.Errorf("%q leads somewhere", token)
		}
	}
}

// TestCalendarsFitTelegram draws what is said of calendars with the longest words
// that there can be.
func TestCalendarsFitTelegram(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.desk.Publish("https://" + strings.Repeat("uzun-", 12) + "manzil.example.uz/")
	token := g.openFeed(g.officer, day.AddDate(0, -6, 0))
	list := []storage.Message{{Person: g.officer.ID, Kind: NoticeFeed, Args: map[string]string{"token": token}}, {Person: g.officer.ID, Kind: NoticeFeed}}
	var meetings []*mahalla.Meeting
	for i, change := range []func(*mahalla.Meeting){
		func(*mahalla.Meeting) {},
		func(m *mahalla.Meeting) { m.Sequence = 12 },
		func(m *mahalla.Meeting) { m.Status, m.CancelledAt = mahalla.MeetingCancelled, day },
	} {
		m := sitting10()
		m.ID, m.Commission, m.MadeBy, m.Place = mahalla.MeetingID(2_300_000+i), g.mahalla, g.admin.ID, wide("Joy")
		m.Participants = []mahalla.Participant{{Person: g.chair.ID, Seat: mahalla.SeatChair}, {Person: g.plain.ID, Seat: mahalla.SeatMediator}}
		change(m)
		meetings = append(meetings, m)
		for _, p := range m.Participants {
			list = append(list, storage.Message{Person: p.Person, Kind: NoticeICS, Case: mahalla.CaseID(m.ID)})
		}
		list = append(list, storage.Message{Person: g.officer.ID, Kind: NoticeICS, Case: mahalla.CaseID(m.ID), Args: map[string]string{argLeft: "yes"}})
	}
	n := g.look(func(tx *storage.Tx) error {
		for _, m := range meetings {
			if err := tx.SaveMeeting(m); err != nil {
				return err
			}
		}
		return nil
	}, list...)
	if n != len(list)*len(mahalla.Languages()) {
		t.Errorf("%d were drawn", n)
	}
}
