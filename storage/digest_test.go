package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

var republic = []mahalla.TerritoryID{mahalla.RootTerritory}

func TestATickIsHeldByOneReplicaAndGoesOnWhereItStood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tick := storage.Tick{Job: "digest", At: morning}
	w.tx(func(tx *storage.Tx) error {
		tx.NoteTick(tick, storage.TickUnderWay)
		tx.NoteTick(tick, storage.TickDone) // known already
		tx.NoteTick(storage.Tick{Job: "digest", At: morning.Add(-time.Hour)}, storage.TickMissed)
		tx.NoteTick(storage.Tick{Job: "other", At: morning.Add(time.Hour)}, storage.TickDone)
		return nil
	})
	other := w.open(mustSeals(t))
	hold := func(db *storage.DB, then func(*storage.Tx)) (after mahalla.PersonID, held bool) {
		w.must(db.InTx(w.ctx, func(tx *storage.Tx) (err error) {
			if after, held, err = tx.HoldTick(tick); err == nil && then != nil {
				then(tx)
			}
			return err
		}))
		return after, held
	}
	if after, held := hold(w.db, func(tx *storage.Tx) {
		if _, held := hold(other, nil); held {
			t.Error("two replicas hold it")
		}
		tx.MoveTick(tick, 77, storage.TickUnderWay)
	}); !held || after != 0 {
		t.Errorf("got %d, %v", after, held)
	}
	if after, held := hold(other, func(tx *storage.Tx) { tx.MoveTick(tick, 99, storage.TickDone) }); !held || after != 77 {
		t.Errorf("the second replica: got %d, %v, want it to go on after 77", after, held)
	}
	if _, held := hold(w.db, nil); held {
		t.Error("a tick that is done is held")
	}
	w.read(func(tx *storage.Tx) error {
		last, err := tx.LastTicks()
		if err != nil || len(last) != 2 || !last["digest"].Equal(morning) || !last["other"].Equal(morning.Add(time.Hour)) {
			t.Errorf("last: got %v, %v", last, err)
		}
		under, err := tx.TicksUnderWay()
		if err != nil || len(under) != 0 {
			t.Errorf("under way: got %v, %v", under, err)
		}
		return err
	})
}

func mustSeals(t testing.TB) *storage.Seals {
	t.Helper()
	seals, err := storage.NewSeals()
	if err != nil {
		t.Fatal(err)
	}
	return seals
}

// role gives a person a role in the republic.
func (w *world) role(c *storage.Contact, role mahalla.Role, from time.Duration) {
	w.Helper()
	w.exec("INSERT INTO memberships (person_id, role, territory_id, valid_from) VALUES ($1, $2, 1, $3)", c.ID, role, morning.Add(from))
}

func TestRoleHoldersComeInPagesOfPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, later := w.person(4, "x"), w.person(5, "x")
	for _, c := range []*storage.Contact{w.resident, w.officer, w.stranger, gone} {
		w.role(c, mahalla.SeniorInspector, -time.Hour)
	}
	w.role(w.officer, mahalla.DistrictHead, -time.Hour)
	w.role(w.officer, mahalla.Activist, -time.Hour) // not asked for
	w.role(later, mahalla.SeniorInspector, time.Hour)
	w.exec("UPDATE memberships SET valid_until = $2 WHERE person_id = $1", w.stranger.ID, morning)
	w.exec("UPDATE people SET reach = 'blocked' WHERE id = $1", gone.ID)
	var seen []string
	w.read(func(tx *storage.Tx) error {
		for after := mahalla.PersonID(0); ; {
			list, err := tx.RoleHolders([]mahalla.Role{mahalla.SeniorInspector, mahalla.DistrictHead}, after, 1, morning)
			if err != nil || len(list) == 0 {
				return err
			}
			for _, h := range list {
				seen = append(seen, fmt.Sprint(h.Chat, h.Role, h.Territory))
				after = h.Person
			}
			seen = append(seen, "|")
		}
	})
	same(t, "seen", seen, []string{"1senior_inspector1", "|", "2senior_inspector1", "2district_head1", "|"})
}

func TestADigestOfADayIsTakenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	take := func(kind mahalla.Digest, day time.Time, people ...*storage.Contact) (n int) {
		var ids []mahalla.PersonID
		for _, p := range people {
			ids = append(ids, p.ID)
		}
		w.tx(func(tx *storage.Tx) error {
			fresh, err := tx.TakeDigest(kind, day, ids)
			n = len(fresh)
			return err
		})
		return n
	}
	for _, test := range []struct {
		name string
		got  int
		want int
	}{
		{"two", take("morning", morning, w.resident, w.officer), 2},
		{"one of them is new", take("morning", morning, w.officer, w.stranger), 1},
		{"another digest", take("daily", morning, w.officer), 1},
		{"another day", take("morning", morning.AddDate(0, 0, 1), w.officer), 1},
		{"nobody", take("morning", morning), 0},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, test.got, test.want)
		}
	}
	w.tx(func(tx *storage.Tx) error {
		tx.ForgetDigests("morning", morning.AddDate(0, 0, 1))
		return nil
	})
	if n := w.number("SELECT count(*) FROM digests"); n != 2 {
		t.Errorf("got %d left, want the later day and the other digest", n)
	}
}

func TestWhatDigestsCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO categories (code, grp, name_uz_latn, name_uz_cyrl, name_ru, rank, urgency, primary_role, resolve, secrecy, reconciliation, anonymous_ok)
		VALUES ('hidden', 'x', 'a', 'b', 'c', 1, 'normal', 'x', '1d', 'secret', 'never', 'no')`)
	day := 24 * time.Hour
	week := func(n int) time.Time { return morning.Add(time.Duration(n) * 7 * day) }
	file := func(n int, filed time.Time, accepted, closed time.Duration, change func(*mahalla.Case)) {
		c := w.draft(n)
		c.FiledAt, c.Ladder.Starts, c.Ladder.Due = filed, filed, filed.Add(time.Hour)
		if change != nil {
			change(c)
		}
		w.tx(func(tx *storage.Tx) error {
			if err := tx.AddCase(c); err != nil {
				return err
			}
			if accepted >= 0 {
				c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, w.officer.ID, filed.Add(accepted)
			}
			if closed >= 0 {
				c.Status, c.Closing, c.ClosedAt = mahalla.Closed, mahalla.Solved, filed.Add(closed)
			}
			return tx.SaveCase(c)
		})
	}
	secret := func(c *mahalla.Case) { c.Secrecy, c.Category = mahalla.Secret, "hidden" }
	file(1, week(0), 10*time.Minute, 2*day, nil)
	file(2, week(0).Add(day), 30*time.Minute, 8*day, nil) // closed in the next week
	file(3, week(0).Add(2*day), time.Hour, -1, func(c *mahalla.Case) { c.Ladder.Starts = c.FiledAt.Add(50 * time.Minute) })
	file(4, week(1), -1, -1, nil)
	file(5, week(1).Add(day), -1, -1, secret)
	file(6, week(1).Add(2*day), 5*time.Minute, 6*time.Minute, secret)
	file(7, week(1).Add(3*day), 2*time.Minute, -1, func(c *mahalla.Case) { c.Round = 2; c.Assignments[0].Told = c.FiledAt })
	file(8, week(2), time.Minute, 2*time.Minute, nil) // outside
	w.read(func(tx *storage.Tx) error {
		weeks, err := tx.WeeksAt(republic, "", []time.Time{week(0), week(1), week(2)})
		w.must(err)
		same(t, "weeks", weeks, []mahalla.WeekFigures{
			{Begins: week(0), Filed: 3, Closed: 1, Accepted: 3, Median: 10 * time.Minute},
			{Begins: week(1), Filed: 4, Closed: 2, Accepted: 1, Median: 5 * time.Minute},
		})
		some, err := tx.WeeksAt(republic, "hidden", []time.Time{week(1), week(2)})
		w.must(err)
		same(t, "weeks without a category", some, []mahalla.WeekFigures{{Begins: week(1), Filed: 2, Closed: 1}})
		none, err := tx.WeeksAt(nil, "", []time.Time{week(0), week(1)})
		w.must(err)
		same(t, "nowhere", none, []mahalla.WeekFigures{{Begins: week(0)}})

		standing, err := tx.StandingAt(republic, "", week(1).Add(day+30*time.Minute))
		w.must(err)
		slices.SortFunc(standing, func(a, b mahalla.PlaceStanding) int { return a.Overdue - b.Overdue })
		same(t, "standing", standing, []mahalla.PlaceStanding{{Place: 1, Secret: true, Waiting: 1}, {Place: 1, Waiting: 1, Overdue: 1}})
		without, err := tx.StandingAt(republic, "hidden", week(1))
		w.must(err)
		same(t, "without a category", len(without), 1)

		accepted, closed, err := tx.DoneAt(republic, "", week(0), week(1))
		w.must(err)
		same(t, "done", []int{accepted, closed}, []int{3, 1})
		accepted, closed, err = tx.DoneAt(republic, "hidden", week(1), week(2))
		w.must(err)
		same(t, "done without a category", []int{accepted, closed}, []int{1, 1})

		list, err := tx.ClosedAt(republic, week(0), week(2), mahalla.TellsActivists())
		w.must(err)
		same(t, "closed", list, []storage.ClosedIn{{Place: 1, Category: "noise", Count: 2}})
		return nil
	})
	w.exec("UPDATE cases SET promised_at = $1 WHERE id = 1003", week(1))
	w.read(func(tx *storage.Tx) error {
		standing, err := tx.StandingAt(republic, "hidden", week(1).Add(time.Second))
		same(t, "a broken promise", standing, []mahalla.PlaceStanding{{Place: 1, Waiting: 1, Overdue: 1}})
		return err
	})
}

func TestInvitationsThatNobodyHasOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		for i, role := range []mahalla.Role{mahalla.Substitute, mahalla.SectorHead, mahalla.SeniorInspector, mahalla.Activist} {
			at := morning.Add(time.Duration(i) * time.Hour)
			token, err := tx.Invite(role, mahalla.RootTerritory, at, at.Add(72*time.Hour))
			if err != nil {
				return err
			}
			if role == mahalla.SectorHead {
				taken, err := tx.Invitation(token, at)
				if err != nil {
					return err
				}
				tx.TakeInvitation(taken, w.officer.ID, at)
			}
		}
		return nil
	})
	w.exec("UPDATE invitations SET revoked_at = now() WHERE role = 'activist'")
	w.read(func(tx *storage.Tx) error {
		list, err := tx.Unopened(republic, morning, morning.Add(2*time.Hour))
		same(t, "unopened", list, []storage.Unopened{{Role: mahalla.Substitute, Territory: 1}})
		return err
	})
}

func TestASettingIsReadAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := func(value string) (version int64) {
		w.tx(func(tx *storage.Tx) (err error) {
			tx.PutSetting(storage.Setting{Territory: 1, Key: "digest.morning", Value: value})
			version, err = tx.ReferenceVersion()
			return err
		})
		return version
	}
	if a, b := put("08:00"), put("09:15"); a == b {
		t.Error("nobody reads it anew")
	}
	w.exec("INSERT INTO settings VALUES (1, 'other', '{\"a\": 1}')")
	w.read(func(tx *storage.Tx) error {
		r, err := tx.Reference(morning)
		same(t, "settings", r.Settings, []storage.Setting{{1, "digest.morning", "09:15"}, {1, "other", `{"a": 1}`}})
		return err
	})
}
