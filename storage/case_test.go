package storage_test

import (
	"errors"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// stored reads a case as it stands, with times in the zone of the tests.
func (w *world) stored(id mahalla.CaseID) *mahalla.Case {
	w.Helper()
	var c *mahalla.Case
	w.read(func(tx *storage.Tx) (err error) {
		c, err = tx.Case(id)
		return err
	})
	for _, at := range []*time.Time{&c.FiledAt, &c.AcceptedAt, &c.Promised, &c.ClosedAt, &c.WithdrawnAt, &c.JudgedAt, &c.Ladder.Starts, &c.Ladder.Due} {
		if !at.IsZero() {
			*at = at.UTC()
		}
	}
	for i := range c.Ladder.Beats {
		c.Ladder.Beats[i].At = c.Ladder.Beats[i].At.UTC()
	}
	for i := range c.Assignments {
		c.Assignments[i].Told = c.Assignments[i].Told.UTC()
	}
	return c
}

// save locks a case, changes it and writes it.
func (w *world) save(id mahalla.CaseID, change func(*mahalla.Case)) {
	w.Helper()
	w.tx(func(tx *storage.Tx) error {
		c, err := tx.LockCase(id)
		if err != nil {
			return err
		}
		change(c)
		return tx.SaveCase(c)
	})
}

func accept(w *world) func(*mahalla.Case) {
	return func(c *mahalla.Case) {
		c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, w.officer.ID, morning.Add(time.Minute)
	}
}

func TestACaseComesBackAsItWasSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	same(t, "filed", *w.stored(c.ID), *c)
	change := func(x *mahalla.Case) {
		x.Urgency, x.Status, x.Level, x.OwnLevel = mahalla.Emergency, mahalla.Closed, mahalla.LevelSenior, mahalla.LevelSubstitute
		x.Ladder.Done, x.Ladder.Left = 1, 3
		x.Owner, x.AcceptedAt, x.Promised = w.officer.ID, morning.Add(time.Minute), morning.Add(time.Hour)
		x.ClosedAt, x.Closing = morning.Add(2*time.Hour), mahalla.Warned
		x.Verdict, x.JudgedAt, x.Rating, x.Reopened, x.Additions = mahalla.VerdictSolved, morning.Add(3*time.Hour), 5, 2, 10
		x.Assignments = append(x.Assignments, mahalla.Assignment{Person: w.stranger.ID, Role: mahalla.SeniorInspector,
			Level: mahalla.LevelSenior, Told: morning.Add(time.Minute), Unreachable: true})
	}
	w.save(c.ID, change)
	change(c)
	same(t, "closed", *w.stored(c.ID), *c)
	w.read(func(tx *storage.Tx) error {
		byNumber, err := tx.CaseByNumber(c.Number)
		if err == nil && byNumber.ID != c.ID {
			t.Errorf("by number: got %d", byNumber.ID)
		}
		return err
	})
}

func TestANewRoundHasAssignmentsOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	w.save(c.ID, accept(w))
	w.save(c.ID, func(c *mahalla.Case) {
		c.Status, c.Owner, c.AcceptedAt, c.Round = mahalla.New, 0, time.Time{}, 2
		c.Assignments = []mahalla.Assignment{{Person: w.stranger.ID, Role: mahalla.SeniorInspector, Level: mahalla.LevelSenior, Told: morning}}
	})
	if got := w.stored(c.ID).Assignments; len(got) != 1 || got[0].Person != w.stranger.ID {
		t.Errorf("the second round: got %+v", got)
	}
	if n := w.number("SELECT count(*) FROM assignments WHERE round = 1 AND accepted_at IS NOT NULL"); n != 1 {
		t.Errorf("the proof of the first round: got %d rows, want one", n)
	}
}

func TestACaseThatDoesNotExistIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	for name, read := range map[string]func(*storage.Tx) error{
		"locked":    func(tx *storage.Tx) error { _, err := tx.LockCase(5); return err },
		"by id":     func(tx *storage.Tx) error { _, err := tx.Case(5); return err },
		"by number": func(tx *storage.Tx) error { _, err := tx.CaseByNumber(mahalla.NumberFrom(5)); return err },
		"viewed":    func(tx *storage.Tx) error { _, err := tx.View(5, w.officer.ID); return err },
	} {
		t.Run(name, func(t *testing.T) { refused(t, w.db.InTx(w.ctx, read), "case_not_found") })
	}
	w.read(func(tx *storage.Tx) error {
		taken, err := tx.FreeNumber(c.Number)
		free, err2 := tx.FreeNumber(mahalla.NumberFrom(5))
		if taken || !free {
			t.Errorf("free: got %v and %v, want only the unknown number", taken, free)
		}
		return errors.Join(err, err2)
	})
}

func TestWhoWaitsForACaseSeesWhatTheOtherDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	locked, done := make(chan bool), make(chan error, 1)
	go func() {
		done <- w.db.InTx(w.ctx, func(tx *storage.Tx) error {
			held, err := tx.LockCase(c.ID)
			if err != nil {
				return err
			}
			close(locked)
			eventually(t, "the other waits", func() bool {
				return w.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1
			})
			held.Status, held.Owner, held.AcceptedAt = mahalla.Accepted, w.officer.ID, morning
			held.Assignments = append(held.Assignments, mahalla.Assignment{Person: w.stranger.ID, Role: mahalla.Substitute, Told: morning})
			return tx.SaveCase(held)
		})
	}()
	<-locked
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		seen, err := tx.LockCase(c.ID)
		if err == nil && (seen.Owner != w.officer.ID || len(seen.Assignments) != 2) {
			t.Errorf("got owner %d and %d assignments, want what was committed meanwhile", seen.Owner, len(seen.Assignments))
		}
		return err
	})
	w.must(errors.Join(err, <-done))
}

func TestTheHistoryIsReadInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	events := []mahalla.Event{
		{Kind: mahalla.EventFiled, At: morning, By: w.resident.ID, Note: "noise"},
		{Kind: mahalla.EventEscalated, At: morning, About: w.officer.ID, Level: mahalla.LevelSenior, Late: true},
		{Kind: mahalla.EventClosed, At: morning.Add(time.Hour), By: w.officer.ID, Note: "solved", Text: "words"},
	}
	w.tx(func(tx *storage.Tx) error {
		return errors.Join(tx.AddEvent(c.ID, events[0]), tx.AddEvent(c.ID, events[1]), tx.AddEvent(c.ID, events[2]))
	})
	w.read(func(tx *storage.Tx) error {
		list, err := tx.Events(c.ID)
		for i := range list {
			list[i].At = list[i].At.UTC()
		}
		same(t, "events", list, events)
		histories, err2 := tx.Histories(10)
		if len(histories) != 1 || histories[0].Number != c.Number.String() || histories[0].Status != "new" || len(histories[0].Lines) != 3 {
			t.Errorf("histories: got %+v", histories)
		} else if line := histories[0].Lines[1]; line.Kind != "escalated" || line.Level != 2 || !line.Late {
			t.Errorf("a line: got %+v", line)
		}
		return errors.Join(err, err2)
	})
}

func TestATimerIsReplacedCancelledAndTakenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.filed(1), w.filed(2)
	due := morning.Add(time.Hour)
	w.tx(func(tx *storage.Tx) error {
		tx.SetTimer(one.ID, mahalla.Timer{Kind: "verdict", Due: morning})
		tx.SetTimer(one.ID, mahalla.Timer{Kind: "verdict", Due: due})
		tx.SetTimer(two.ID, mahalla.Timer{Kind: "verdict", Due: due.Add(-time.Minute)})
		tx.SetTimer(two.ID, mahalla.Timer{Kind: "other", Due: morning})
		tx.CancelTimer(two.ID, "other")
		return nil
	})
	listed := func(now time.Time, limit int) (list []storage.DueTimer) {
		w.read(func(tx *storage.Tx) (err error) {
			list, err = tx.DueTimers(now, limit)
			return err
		})
		return list
	}
	if list := listed(due.Add(-2*time.Minute), 9); len(list) != 0 {
		t.Errorf("too soon: got %+v", list)
	}
	if list := listed(due, 1); len(list) != 1 || list[0].Case != two.ID {
		t.Errorf("the oldest first: got %+v", list)
	}
	list := listed(due, 9)
	if len(list) != 2 {
		t.Fatalf("got %+v, want both", list)
	}
	for n, want := range []bool{true, false} {
		w.tx(func(tx *storage.Tx) error {
			taken, err := tx.TakeTimer(list[1], due)
			if taken != want {
				t.Errorf("try %d: got %v, want %v", n, taken, want)
			}
			return err
		})
	}
	w.tx(func(tx *storage.Tx) error {
		if next, err := tx.NextDue(); err != nil || !next.Equal(due.Add(-time.Minute)) {
			t.Errorf("next due: got %v, %v", next, err)
		}
		tx.SetTimer(two.ID, mahalla.Timer{Kind: "verdict", Due: due.Add(time.Hour)})
		taken, err := tx.TakeTimer(list[0], due)
		if taken {
			t.Error("a timer that was moved on was taken")
		}
		return err
	})
}

func TestNothingIsDueWhereNothingWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.read(func(tx *storage.Tx) error {
		next, err := tx.NextDue()
		if !next.IsZero() {
			t.Errorf("got %v", next)
		}
		return err
	})
	c := w.filed(1)
	w.read(func(tx *storage.Tx) error {
		next, err := tx.NextDue()
		if !next.Equal(c.Ladder.Due) {
			t.Errorf("got %v, want the first beat", next)
		}
		return err
	})
}

func TestCasesOfAPersonAreFoundByWhatTheyAreToThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	waiting, mine, missed, closed := w.filed(1), w.filed(2), w.filed(3), w.filed(4)
	w.save(mine.ID, accept(w))
	w.save(missed.ID, func(c *mahalla.Case) { c.Assignments[0].Unreachable = true })
	w.save(closed.ID, accept(w))
	w.save(closed.ID, func(c *mahalla.Case) { c.Status, c.Closing, c.ClosedAt = mahalla.Closed, mahalla.Solved, morning })
	ids := func(list []storage.CaseLine) (ids []mahalla.CaseID) {
		for _, l := range list {
			ids = append(ids, l.ID)
		}
		return ids
	}
	w.read(func(tx *storage.Tx) error {
		held, err := tx.HeldBy(w.officer.ID)
		same(t, "held", held, []mahalla.CaseID{waiting.ID, mine.ID})
		gone, err2 := tx.MissedBy(w.officer.ID)
		same(t, "missed", gone, []mahalla.CaseID{missed.ID})
		work, total, err3 := tx.CasesOfOfficer(w.officer.ID, root, 0, 9)
		same(t, "work", ids(work), []mahalla.CaseID{waiting.ID, missed.ID, mine.ID})
		own, all, err4 := tx.CasesOfReporter(w.resident.ID, 1, 2)
		same(t, "own, second page", ids(own), []mahalla.CaseID{missed.ID, mine.ID})
		if total != 3 || all != 4 {
			t.Errorf("counts: got %d and %d, want 3 and 4", total, all)
		}
		lines, err5 := tx.CaseLines([]mahalla.CaseID{mine.ID, 5, waiting.ID})
		same(t, "lines", ids(lines), []mahalla.CaseID{mine.ID, waiting.ID})
		since, err6 := tx.FiledSince(w.resident.ID, mine.FiledAt)
		if len(since) != 2 || !since[0].Equal(missed.FiledAt) {
			t.Errorf("filed since: got %v", since)
		}
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
}

func TestALineSaysWhatAListShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	w.read(func(tx *storage.Tx) error {
		list, err := tx.CaseLines([]mahalla.CaseID{c.ID})
		l := list[0]
		l.FiledAt, l.Due, l.Beat = l.FiledAt.UTC(), l.Due.UTC(), l.Beat.UTC()
		same(t, "line", l, storage.CaseLine{ID: c.ID, Number: c.Number, Place: 1, Category: "noise", Status: mahalla.New,
			FiledAt: c.FiledAt, Due: c.Ladder.Due, Round: 1, Beat: c.Ladder.Due})
		return err
	})
}

func TestAwaitedCasesAreThoseWithABeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two, three := w.filed(1), w.filed(2), w.filed(3)
	w.save(two.ID, accept(w))
	w.save(three.ID, func(c *mahalla.Case) { c.Ladder.Done = 1 }) // its next beat is an hour later
	ids := func(list []storage.Awaited, err error) (ids []mahalla.CaseID) {
		w.must(err)
		for _, a := range list {
			ids = append(ids, a.Case)
		}
		return ids
	}
	same(t, "all", ids(w.db.AwaitedAfter(w.ctx, 0, 9)), []mahalla.CaseID{one.ID, three.ID})
	same(t, "after the first", ids(w.db.AwaitedAfter(w.ctx, one.ID, 9)), []mahalla.CaseID{three.ID})
	same(t, "one", ids(w.db.AwaitedAfter(w.ctx, 0, 1)), []mahalla.CaseID{one.ID})
	same(t, "due", ids(w.db.AwaitedBefore(w.ctx, one.Ladder.Due, 9)), []mahalla.CaseID{one.ID})
	same(t, "due soon", ids(w.db.AwaitedBefore(w.ctx, one.Ladder.Due.Add(time.Hour), 9)), []mahalla.CaseID{one.ID, three.ID})
	list, err := w.db.AwaitedAfter(w.ctx, 0, 1)
	w.must(err)
	if a := list[0]; !a.Next.Equal(one.Ladder.Due) || !a.Since.Equal(one.FiledAt) || len(a.Path) != 1 || a.Path[0] != 1 {
		t.Errorf("got %+v", a)
	}
	still, err := w.db.StillAwaited(w.ctx, []mahalla.CaseID{one.ID, two.ID, three.ID, 5})
	w.must(err)
	same(t, "still", still, map[mahalla.CaseID]bool{one.ID: true, three.ID: true})
	w.read(func(tx *storage.Tx) error {
		root := []mahalla.TerritoryID{mahalla.RootTerritory}
		under, total, err := tx.WaitingUnder(root, nil, 1, 9)
		same(t, "under the root, second page", under, []mahalla.CaseID{three.ID})
		some, one, err3 := tx.WaitingUnder(append(root, 77), []mahalla.CaseID{three.ID}, 0, 9)
		if len(some) != 1 || one != 1 {
			t.Errorf("with one hidden: got %v of %d", some, one)
		}
		none, zero, err2 := tx.WaitingUnder([]mahalla.TerritoryID{77}, nil, 0, 9)
		if total != 2 || zero != 0 || len(none) != 0 {
			t.Errorf("counts: got %d and %d", total, zero)
		}
		return errors.Join(err, err2, err3)
	})
}

func TestReportsComeBackWithTheirMediaInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	media := []mahalla.Media{{Kind: mahalla.Photo, File: "p", Caption: "c"}, {Kind: mahalla.Voice, File: "v", Seconds: 7}, {Kind: mahalla.Video, File: "m", Seconds: 9}}
	reports := []storage.Report{
		{Kind: storage.KindReport, Person: w.resident.ID, Words: "first", Media: media, At: morning},
		{Kind: storage.KindAddition, Person: w.resident.ID, Media: media[:1], At: morning},
		{Kind: storage.KindResult, Person: w.officer.ID, Words: "done", At: morning.Add(time.Hour)},
		{Kind: storage.KindReopening, Person: w.resident.ID, Words: "not done", At: morning.Add(2 * time.Hour)},
	}
	w.tx(func(tx *storage.Tx) error {
		for _, r := range reports {
			if err := tx.AddReport(c.ID, r); err != nil {
				return err
			}
		}
		return nil
	})
	plain := func(list []storage.Report) []storage.Report {
		for i := range list {
			list[i].ID, list[i].At = 0, list[i].At.UTC()
		}
		return list
	}
	w.read(func(tx *storage.Tx) error {
		list, err := tx.Reports(c.ID)
		same(t, "reports", plain(list), reports)
		v, err2 := tx.View(c.ID, w.stranger.ID)
		same(t, "viewed", plain(v.Reports), reports)
		if v.ReporterName != "Aziza" || v.OwnerName != "" || v.Reader.ID != w.stranger.ID || v.Case.ID != c.ID {
			t.Errorf("view: got %+v", v)
		}
		return errors.Join(err, err2)
	})
	w.save(c.ID, accept(w))
	w.read(func(tx *storage.Tx) error {
		v, err := tx.View(c.ID, w.officer.ID)
		if v.ReporterName != "Aziza" || v.OwnerName != "Botir" {
			t.Errorf("names: got %q and %q", v.ReporterName, v.OwnerName)
		}
		return err
	})
}

func TestACardIsFoundMovedAdoptedAndForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	p := w.resident.ID
	card := func(kind mahalla.NoticeKind, about mahalla.CaseID) (card storage.Card) {
		w.read(func(tx *storage.Tx) (err error) {
			card, err = tx.Card(p, kind, about)
			return err
		})
		return card
	}
	if got := card("card.draft", 0); got.MessageID != 0 {
		t.Errorf("none: got %+v", got)
	}
	w.tx(func(tx *storage.Tx) error {
		tx.AdoptCard(p, "card.draft", 0, 11)
		tx.AdoptCard(p, "card.draft", 0, 12)
		return nil
	})
	if got := card("card.draft", 0); got.MessageID != 12 || len(got.Hash) != 0 {
		t.Errorf("adopted: got %+v", got)
	}
	w.tx(func(tx *storage.Tx) error {
		tx.MoveCard(p, "card.draft", 0, mahalla.CardReporter, c.ID)
		tx.MoveCard(p, "card.nothing", 0, mahalla.CardReporter, c.ID) // there is none: nothing happens
		return nil
	})
	if card("card.draft", 0).MessageID != 0 || card(mahalla.CardReporter, c.ID).MessageID != 12 {
		t.Errorf("moved: got %+v and %+v", card("card.draft", 0), card(mahalla.CardReporter, c.ID))
	}
	open := func(since time.Time) (list []storage.OpenCard) {
		w.read(func(tx *storage.Tx) (err error) {
			list, err = tx.OpenCards(p, since)
			return err
		})
		return list
	}
	same(t, "open", open(time.Time{}), []storage.OpenCard{{Kind: mahalla.CardReporter, Case: c.ID}})
	w.save(c.ID, func(c *mahalla.Case) { c.Status, c.WithdrawnAt = mahalla.Withdrawn, morning })
	same(t, "withdrawn", open(time.Time{}), []storage.OpenCard(nil))
	same(t, "withdrawn since", open(morning), []storage.OpenCard{{Kind: mahalla.CardReporter, Case: c.ID}})
	same(t, "withdrawn before", open(morning.Add(time.Second)), []storage.OpenCard(nil))
	w.tx(func(tx *storage.Tx) error { tx.ForgetCard(p, mahalla.CardReporter, c.ID); return nil })
	if got := card(mahalla.CardReporter, c.ID); got.MessageID != 0 {
		t.Errorf("forgotten: got %+v", got)
	}
}

func TestATickIsTakenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := make(chan bool, 8)
	for range cap(first) {
		go func() {
			var mine bool
			if err := w.db.InTx(w.ctx, func(tx *storage.Tx) (err error) {
				mine, err = tx.ClaimTick("cleaning", morning)
				return err
			}); err != nil {
				t.Error(err)
			}
			first <- mine
		}()
	}
	had := 0
	for range cap(first) {
		if <-first {
			had++
		}
	}
	if had != 1 {
		t.Errorf("%d had the tick, want one", had)
	}
	w.tx(func(tx *storage.Tx) error {
		later, err := tx.ClaimTick("cleaning", morning.Add(time.Hour))
		other, err2 := tx.ClaimTick("sweeping", morning)
		if !later || !other {
			t.Errorf("another tick, another job: got %v and %v", later, other)
		}
		return errors.Join(err, err2)
	})
}
