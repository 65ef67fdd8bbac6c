package casework

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// digestFor is a digest as it waits in the outbox on the day of the tests.
func digestFor(who *storage.Contact, kind mahalla.Digest) storage.Message {
	return storage.Message{Person: who.ID, Chat: who.Telegram, Kind: digestNotice + mahalla.NoticeKind(kind),
		Language: mahalla.UzLatn, Args: map[string]string{"day": day.Format(time.DateOnly)}}
}

// aCase adds a case of noise at the gallery's mahalla that the officer was told
// of, an hour before.
func (g *gallery) aCase(tx *storage.Tx, n int, change func(*mahalla.Case)) error {
	filed := day.Add(-time.Hour)
	c := &mahalla.Case{ID: mahalla.CaseID(1<<41 + n), Number: mahalla.NumberFrom(uint64(1000 + n)), Reporter: g.resident.ID, Place: g.mahalla,
		Category: "noise", Urgency: mahalla.Low, Secrecy: mahalla.Internal, Status: mahalla.New, Round: 1, FiledAt: filed,
		Ladder:      mahalla.Ladder{Class: mahalla.Ordinary, Starts: filed, Due: day.Add(time.Hour)},
		Assignments: []mahalla.Assignment{{Person: g.officer.ID, Role: mahalla.PreventionInspector, Told: filed}}}
	change(c)
	fresh := *c
	fresh.Status, fresh.Owner, fresh.AcceptedAt, fresh.Promised, fresh.Closing, fresh.ClosedAt = mahalla.New, 0, time.Time{}, time.Time{}, "", time.Time{}
	return errors.Join(tx.AddCase(&fresh), tx.SaveCase(c))
}

// accepted lets the officer take a case at a moment.
func (g *gallery) accepted(c *mahalla.Case, at time.Time) {
	c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, g.officer.ID, at
}

// closed lets the officer close a case at a moment.
func (g *gallery) closed(c *mahalla.Case, at time.Time) {
	g.accepted(c, at)
	c.Status, c.Closing, c.ClosedAt = mahalla.Closed, mahalla.Solved, at
}

// lastWeek is a moment of the week before that of the tests.
var lastWeek = day.AddDate(0, 0, -6)

// busy makes a lot of everything that digests tell.
func (g *gallery) busy(tx *storage.Tx) error {
	var err error
	for i := range 30 {
		err = errors.Join(err,
			g.aCase(tx, 4*i, func(c *mahalla.Case) {
				c.Place = mahalla.TerritoryID(1_000_100 + i%20)
				c.Ladder.Due = day.Add(time.Duration(i-15) * time.Hour)
			}),
			g.aCase(tx, 4*i+1, func(c *mahalla.Case) { g.accepted(c, day); c.Promised = day.Add(time.Duration(i-15) * time.Hour) }),
			g.aCase(tx, 4*i+2, func(c *mahalla.Case) {
				c.FiledAt = day.AddDate(0, 0, -2*i)
				c.Ladder.Starts = c.FiledAt
				g.closed(c, c.FiledAt.Add(time.Duration(i*i)*time.Hour))
			}))
	}
	codes := []mahalla.CategoryCode{"noise", "traffic", "communal", "other", "public_order", "alcohol", "theft", "fraud", "suspicious"}
	for i, code := range codes {
		err = errors.Join(err, g.aCase(tx, 1000+i, func(c *mahalla.Case) { c.Category = code; g.closed(c, lastWeek) }))
	}
	for i := range 6 {
		p, add := tx.AddPerson(int64(500+i), wide("Ism"), mahalla.Ru, day)
		token, invite := tx.Invite(mahalla.PreventionInspector, g.mahalla, day.AddDate(0, 0, -2), day.AddDate(0, 0, 2))
		if err = errors.Join(err, add, invite); err != nil {
			return err
		}
		if i == 5 {
			continue // nobody opens the last one
		}
		taken, open := tx.Invitation(token, day.AddDate(0, 0, -2))
		err = errors.Join(err, open)
		tx.TakeInvitation(taken, p.ID, day.AddDate(0, 0, -2))
		tx.SetReach(p.ID, []mahalla.Reach{mahalla.NotStarted, mahalla.Blocked}[i%2])
	}
	_, unopened := tx.Invite(mahalla.SectorHead, g.district, day.AddDate(0, 0, -2), day.AddDate(0, 0, 1))
	return errors.Join(err, unopened)
}

func TestEveryDigestRendersInEveryLanguage(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	list := []storage.Message{
		digestFor(g.officer, mahalla.MorningDigest), digestFor(g.senior, mahalla.DailyDigest), digestFor(g.head, mahalla.DailyDigest),
		digestFor(g.senior, mahalla.WeeklyDigest), digestFor(g.head, mahalla.WeeklyDigest), digestFor(g.head, mahalla.CoverageDigest),
		digestFor(g.admin, mahalla.CoverageDigest), digestFor(g.plain, mahalla.ClosedDigest),
	}
	n := g.look(g.busy, list...)
	if n != len(list)*len(mahalla.Languages()) {
		t.Errorf("%d were drawn", n)
	}
	g.tx(func(tx *storage.Tx) error {
		if err := g.busy(tx); err != nil {
			return err
		}
		for _, m := range list {
			for _, m.Language = range mahalla.Languages() {
				s, err := g.desk.Draw(tx, m, day)
				if err != nil || !s.Silent {
					t.Errorf("%s in %s: silent %v, %v", m.Kind, m.Language, s.Silent, err)
				}
				text, _ := readHTML(s.Text)
				if s.Picture != nil && text.units > 1024 {
					t.Errorf("%s in %s: a caption of %d units", m.Kind, m.Language, text.units)
				}
				if (s.Picture != nil) != (m.Kind == digestNotice+"weekly") {
					t.Errorf("%s has a picture: %v", m.Kind, s.Picture != nil)
				}
			}
		}
		return nil
	})
}

// told draws a digest in Uzbek; empty when it has nothing to say.
func (g *gallery) told(tx *storage.Tx, m storage.Message) string {
	g.Helper()
	s, err := g.desk.Draw(tx, m, day)
	if errors.Is(err, ErrPointless) {
		return ""
	}
	g.must(err)
	for _, row := range s.Rows {
		for _, b := range row {
			s.Text += " [" + b.Label + "]"
		}
	}
	return s.Text
}

// undone runs something in a transaction that leaves nothing behind.
func (g *gallery) undone(fn func(*storage.Tx) error) {
	g.Helper()
	err := g.db.InTx(g.Context(), func(tx *storage.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		g.Fatal(err)
	}
}

func TestADigestWithNothingToSaySaysNothing(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.undone(func(tx *storage.Tx) error {
		for _, who := range []*storage.Contact{g.resident, g.officer, g.senior, g.head, g.admin, g.plain} {
			for _, p := range mahalla.Digests() {
				if p.Digest == mahalla.CoverageDigest && (who == g.head || who == g.admin) {
					continue // not every mahalla of the gallery can be reached
				}
				if text := g.told(tx, digestFor(who, p.Digest)); text != "" {
					t.Errorf("%s of %d: %q", p.Digest, who.Telegram, text)
				}
			}
		}
		return nil
	})
	g.undone(func(tx *storage.Tx) error {
		for _, who := range []*storage.Contact{g.officer, g.senior, g.head, g.chair} {
			tx.SetReach(who.ID, mahalla.Reachable)
		}
		if text := g.told(tx, digestFor(g.admin, mahalla.CoverageDigest)); text != "" {
			t.Errorf("everybody answers, and yet: %q", text)
		}
		return nil
	})
}

func TestADigestIsNotReadTooLateOrByWhoHasNoRole(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.undone(func(tx *storage.Tx) error {
		if err := g.busy(tx); err != nil {
			return err
		}
		for name, m := range map[string]storage.Message{
			"a resident's":      digestFor(g.resident, mahalla.MorningDigest),
			"of another role":   digestFor(g.officer, mahalla.DailyDigest),
			"of no such digest": digestFor(g.officer, "hourly"),
		} {
			if text := g.told(tx, m); text != "" {
				t.Errorf("%s: %q", name, text)
			}
		}
		for _, test := range []struct {
			kind  mahalla.Digest
			who   *storage.Contact
			after int
			want  bool
		}{
			{mahalla.MorningDigest, g.officer, 0, true}, {mahalla.MorningDigest, g.officer, 1, false},
			{mahalla.WeeklyDigest, g.head, 2, true}, {mahalla.WeeklyDigest, g.head, 5, false},
		} {
			m := digestFor(test.who, test.kind)
			m.Args["day"] = day.AddDate(0, 0, -test.after).Format(time.DateOnly)
			if got := g.told(tx, m) != ""; got != test.want {
				t.Errorf("%s after %d days: got %v", test.kind, test.after, got)
			}
		}
		m := digestFor(g.officer, mahalla.MorningDigest)
		m.Args = nil
		if g.told(tx, m) != "" {
			t.Error("a digest of no day")
		}
		return nil
	})
}

func TestSecretsAreInNoDigest(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	secret := func(c *mahalla.Case) { c.Category, c.Secrecy = "domestic_violence", mahalla.Secret }
	about := func(c *mahalla.Case) { c.Category, c.Secrecy = mahalla.OfficerComplaint, mahalla.Secret }
	g.undone(func(tx *storage.Tx) error {
		err := errors.Join(
			g.aCase(tx, 1, secret),
			g.aCase(tx, 2, func(c *mahalla.Case) { secret(c); g.closed(c, lastWeek) }),
			g.aCase(tx, 3, func(c *mahalla.Case) { c.Category, c.Secrecy = "fraud", mahalla.Confidential; g.closed(c, lastWeek) }),
			// A category that has become secret since the case was filed.
			g.aCase(tx, 4, func(c *mahalla.Case) { c.Category = "drugs"; g.closed(c, lastWeek) }),
		)
		if err != nil {
			return err
		}
		if text := g.told(tx, digestFor(g.plain, mahalla.ClosedDigest)); text != "" {
			t.Errorf("an activist reads: %q", text)
		}
		text := g.told(tx, digestFor(g.officer, mahalla.MorningDigest))
		if !strings.Contains(text, "Yangi: 1 ta") || strings.Contains(text, "🆘") {
			t.Errorf("the officer who was told: got %q", text)
		}
		text = g.told(tx, digestFor(g.senior, mahalla.DailyDigest))
		if !strings.Contains(text, "kutmoqda: 1 ta") || strings.Contains(text, "📍") {
			t.Errorf("a supervisor reads a number, but no place: got %q", text)
		}
		return nil
	})
	g.undone(func(tx *storage.Tx) error {
		if err := errors.Join(g.aCase(tx, 1, about), g.aCase(tx, 2, func(c *mahalla.Case) { about(c); g.closed(c, day.AddDate(0, 0, -1)) })); err != nil {
			return err
		}
		if text := g.told(tx, digestFor(g.senior, mahalla.DailyDigest)); !strings.Contains(text, "kutmoqda: 1 ta") {
			t.Errorf("a supervisor: got %q", text)
		}
		token, err := tx.Invite(mahalla.PreventionInspector, g.mahalla, day.Add(-time.Hour), day)
		if err != nil {
			return err
		}
		i, err := tx.Invitation(token, day.Add(-time.Minute))
		if err != nil {
			return err
		}
		tx.TakeInvitation(i, g.senior.ID, day.Add(-time.Minute))
		if text := g.told(tx, digestFor(g.senior, mahalla.DailyDigest)); text != "" {
			t.Errorf("who is also the officer of a place learns of the complaint: %q", text)
		}
		return nil
	})
}

func TestWhatTheMorningSays(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.undone(func(tx *storage.Tx) error {
		if err := g.busy(tx); err != nil {
			return err
		}
		text := g.told(tx, digestFor(g.officer, mahalla.MorningDigest))
		for _, want := range []string{"Yangi: 14 ta", "Muddati bugun: 12 ta", "Muddati oʻtgan: 31 ta", "/ishlar"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in %q", want, text)
			}
		}
		if got := strings.Count(text, "[🔴"); got != mostNumbers {
			t.Errorf("got %d numbers, want the %d most pressing", got, mostNumbers)
		}
		if regexp.MustCompile("Shovqin|🔊|Lotin").MatchString(text) {
			t.Errorf("it says more than numbers: %q", text)
		}
		return nil
	})
}

func TestTheActivistsNoteNamesTheMostAndSumsUpTheRest(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.undone(func(tx *storage.Tx) error {
		var err error
		n := 0
		for i, code := range []mahalla.CategoryCode{"noise", "traffic", "communal", "other"} {
			for range 4 - i {
				n++
				err = errors.Join(err, g.aCase(tx, n, func(c *mahalla.Case) { c.Category = code; g.closed(c, lastWeek) }))
			}
		}
		err = errors.Join(err, // this week, and the week before
			g.aCase(tx, 90, func(c *mahalla.Case) { g.closed(c, day.AddDate(0, 0, -2)) }),
			g.aCase(tx, 91, func(c *mahalla.Case) { g.closed(c, day.AddDate(0, 0, -10)) }))
		if err != nil {
			return err
		}
		text := g.told(tx, digestFor(g.plain, mahalla.ClosedDigest))
		if !strings.Contains(text, "oʻtgan hafta 10 ta xabar yopildi") || !strings.Contains(text, "Shovqin: 4 ta") {
			t.Errorf("got %q", text)
		}
		if strings.Index(text, "4 ta") > strings.Index(text, "3 ta") {
			t.Errorf("the most does not come first: %q", text)
		}
		return nil
	})
}

func TestRussianCountsInTheDigests(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	w := g.desk.speak(mahalla.Ru, day)
	for n, want := range map[int]string{
		1: "закрыто 1 сообщение", 2: "закрыто 2 сообщения", 5: "закрыто 5 сообщений", 11: "закрыто 11 сообщений", 21: "закрыто 21 сообщение",
	} {
		if got := w.count("closed.title", n, "place", "X"); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for n, want := range map[int]string{1: "1 махалля", 3: "3 махалли", 12: "12 махаллей"} {
		if got := w.count("gaps.nobody", n); !strings.HasSuffix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for length, want := range map[time.Duration]string{
		0: "1 мин", 29 * time.Second: "1 мин", 18 * time.Minute: "18 мин", 59*time.Minute + 29*time.Second: "59 мин",
		59*time.Minute + 30*time.Second: "1 ч", time.Hour: "1 ч", 90 * time.Minute: "1,5 ч", 9*time.Hour + 58*time.Minute: "10 ч",
		47 * time.Hour: "47 ч", 48 * time.Hour: "2 дн.", 60 * time.Hour: "2,5 дн.", 300 * time.Hour: "12 дн.",
	} {
		if got := w.lengthShort(length); got != want {
			t.Errorf("%v: got %q, want %q", length, got, want)
		}
	}
	g.must(w.err)
}
