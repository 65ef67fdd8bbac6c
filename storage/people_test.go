package storage_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// contact reads a person anew.
func (w *world) contact(telegram int64) (c *storage.Contact) {
	w.Helper()
	w.read(func(tx *storage.Tx) (err error) {
		c, err = tx.ContactByTelegram(telegram)
		return err
	})
	return c
}

func TestAPersonIsMadeKnownOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if c := w.contact(999); c != nil {
		t.Errorf("a stranger: got %+v, want nobody", c)
	}
	same(t, "a new person", *w.contact(1), storage.Contact{Telegram: 1,
		Person: mahalla.Person{ID: w.resident.ID, Language: mahalla.UzLatn, Reach: mahalla.Reachable, Memberships: []mahalla.Membership{}}})
	again := w.person(1, "Somebody else")
	if again.ID != w.resident.ID {
		t.Errorf("got person %d, want %d", again.ID, w.resident.ID)
	}
	w.read(func(tx *storage.Tx) error {
		name, err := tx.Name(w.resident.ID)
		if name != "Aziza" {
			t.Errorf("got %q, want the first name", name)
		}
		if nobody, err := tx.Contact(12345); err != nil || nobody != nil {
			t.Errorf("an unknown id: got %v, %v", nobody, err)
		}
		if name, err := tx.Name(12345); err != nil || name != "" {
			t.Errorf("the name of nobody: got %q, %v", name, err)
		}
		return err
	})
}

func TestTwoFirstMessagesAtOnceMakeOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	found := make(chan mahalla.PersonID, 8)
	for range cap(found) {
		go func() {
			var id mahalla.PersonID
			_ = w.db.InTx(w.ctx, func(tx *storage.Tx) error {
				c, err := tx.AddPerson(50, "Nodira", mahalla.Ru, morning)
				if err == nil && c != nil {
					id = c.ID
				}
				return err
			})
			found <- id
		}()
	}
	first := <-found
	for range cap(found) - 1 {
		if id := <-found; id != first || id == 0 {
			t.Errorf("got person %d, want %d", id, first)
		}
	}
}

func TestWhatIsSetOfAPersonIsReadBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.resident.ID
	w.tx(func(tx *storage.Tx) error {
		tx.LockContact(id)
		tx.SetLanguage(id, mahalla.UzCyrl)
		tx.SetHome(id, mahalla.RootTerritory)
		tx.SetReach(id, mahalla.Blocked)
		tx.Consent(id, "2026-11", mahalla.UzCyrl, morning)
		tx.Consent(id, "2026-12", mahalla.Ru, morning.Add(time.Hour))
		return tx.SetPhone(id, "+998901234567")
	})
	same(t, "the person", *w.contact(1), storage.Contact{Telegram: 1, HasPhone: true, Person: mahalla.Person{
		ID: id, Language: mahalla.UzCyrl, Consented: true, Reach: mahalla.Blocked, Home: mahalla.RootTerritory, Memberships: []mahalla.Membership{}}})
	if n := w.number("SELECT count(*) FROM consents WHERE person_id = $1", id); n != 2 {
		t.Errorf("consents: got %d, want both", n)
	}
	var at time.Time
	w.must(w.conn.QueryRow(w.ctx, "SELECT consented_at FROM people WHERE id = $1", id).Scan(&at))
	if !at.Equal(morning) {
		t.Errorf("consented at %v, want the first time", at)
	}
}

func TestTheSameNumberHasTheSameHashAndAnotherKeyAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seals, err := storage.NewSeals()
	w.must(err)
	mac := func(db *storage.DB, phone string) (mac []byte) {
		w.must(db.InTx(w.ctx, func(tx *storage.Tx) error { return tx.SetPhone(w.resident.ID, phone) }))
		w.must(w.conn.QueryRow(w.ctx, "SELECT phone_mac FROM people WHERE telegram_id = 1").Scan(&mac))
		return mac
	}
	first := mac(w.db, "+1")
	if !bytes.Equal(first, mac(w.db, "+1")) || bytes.Equal(first, mac(w.db, "+2")) || bytes.Equal(first, mac(w.open(seals), "+1")) {
		t.Error("the hash of a number does not tell numbers and keys apart")
	}
}

func TestADialogueIsKeptAndWrittenOnlyWhenItChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	save := func(c *storage.Contact) {
		w.tx(func(tx *storage.Tx) error { return tx.SaveDialogue(c, morning) })
	}
	save(w.resident)
	if n := w.number("SELECT count(*) FROM dialogues"); n != 0 {
		t.Fatalf("nothing was asked: got %d rows", n)
	}
	c := w.contact(1)
	c.Dialogue.Ask(mahalla.Question{Flow: "close", Case: 7, Round: 2, Data: map[string]string{"closing": "solved"}})
	c.Dialogue.Draft = &mahalla.Draft{Began: morning, Serial: 1, Place: 1, More: 2, Page: 3, Pick: &mahalla.Picker{Under: 1, Found: []mahalla.TerritoryID{1}},
		Parts: []mahalla.Part{{Message: 5, Words: "a\x00b", Media: &mahalla.Media{Kind: mahalla.Voice, File: "f", Seconds: 7, Group: "g"}}}}
	save(c)
	read := w.contact(1)
	same(t, "the question", *read.Dialogue.Question, *c.Dialogue.Question)
	same(t, "the part", *read.Dialogue.Draft.Parts[0].Media, *c.Dialogue.Draft.Parts[0].Media)
	if got := read.Dialogue.Draft.Words(); got != "a\x00b" {
		t.Errorf("words: got %q", got)
	}
	version := w.number("SELECT xmin::text::int FROM dialogues")
	save(read)
	if got := w.number("SELECT xmin::text::int FROM dialogues"); got != version {
		t.Error("a dialogue that had not changed was written")
	}
	read.Dialogue.Question, read.Dialogue.Draft = nil, nil
	save(read)
	if after := w.contact(1).Dialogue; after.Question != nil || after.Draft != nil || after.Serial != 1 {
		t.Errorf("got %+v, want only the serial", after)
	}
}

func TestOnlyThoseWithinReachAreRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		tx.SetReach(w.stranger.ID, mahalla.Blocked)
		tx.SetReach(w.officer.ID, mahalla.NotStarted)
		list, err := tx.Recipients([]mahalla.PersonID{w.resident.ID, w.officer.ID, w.stranger.ID, 999})
		same(t, "recipients", list, map[mahalla.PersonID]storage.Recipient{
			w.resident.ID: {Person: w.resident.ID, Chat: 1}, w.officer.ID: {Person: w.officer.ID, Chat: 2}})
		return err
	})
}

func TestResponsibilitiesAreThoseThatHoldAtTheMomentOnThePath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO territories (id, parent_id, kind, code, name_uz_latn, name_uz_cyrl, name_ru, path)
		VALUES (5, 1, 'district', 'D', 'a', 'b', 'c', '{5,1}')`)
	for _, m := range []struct {
		who         mahalla.PersonID
		role, place any
		from, until any
	}{
		{w.officer.ID, "prevention_inspector", 5, morning, nil},
		{w.officer.ID, "administrator", 1, morning.Add(-2 * time.Hour), morning.Add(time.Hour)},
		{w.resident.ID, "senior_inspector", 5, morning.Add(time.Hour), nil},
		{w.stranger.ID, "substitute", 5, morning.Add(-2 * time.Hour), morning},
	} {
		w.exec("INSERT INTO memberships (person_id, role, territory_id, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5)",
			m.who, m.role, m.place, m.from, m.until)
	}
	inspector := mahalla.Responsibility{Person: w.officer.ID, Role: mahalla.PreventionInspector, Territory: 5, Reach: mahalla.Reachable}
	admin := mahalla.Responsibility{Person: w.officer.ID, Role: mahalla.Administrator, Territory: 1, Reach: mahalla.Reachable}
	senior := mahalla.Responsibility{Person: w.resident.ID, Role: mahalla.SeniorInspector, Territory: 5, Reach: mahalla.Reachable}
	for _, test := range []struct {
		name string
		path []mahalla.TerritoryID
		now  time.Time
		want mahalla.Responsibilities
	}{
		{"now", []mahalla.TerritoryID{5, 1}, morning, mahalla.Responsibilities{inspector, admin}},
		{"at the root", []mahalla.TerritoryID{1}, morning, mahalla.Responsibilities{admin}},
		{"an hour later", []mahalla.TerritoryID{5, 1}, morning.Add(time.Hour), mahalla.Responsibilities{inspector, senior}},
		{"elsewhere", []mahalla.TerritoryID{6}, morning, nil},
	} {
		w.read(func(tx *storage.Tx) error {
			list, err := tx.Responsibilities(test.path, test.now)
			same(t, test.name, list, test.want)
			return err
		})
	}
	w.read(func(tx *storage.Tx) error {
		all, err := tx.AllResponsibilities(morning)
		if len(all) != 2 {
			t.Errorf("everywhere: got %+v, want two", all)
		}
		return err
	})
	if m := w.contact(2).Memberships; len(m) != 2 || !m[0].Until.IsZero() || !m[1].Until.Equal(morning.Add(time.Hour)) {
		t.Errorf("memberships: got %+v", m)
	}
}

// invite makes an invitation that is good for an hour.
func (w *world) invite(role mahalla.Role) (token string) {
	w.Helper()
	w.tx(func(tx *storage.Tx) (err error) {
		token, err = tx.Invite(role, mahalla.RootTerritory, morning, morning.Add(time.Hour))
		return err
	})
	return token
}

// take takes an invitation as the program does.
func (w *world) take(ctx context.Context, token string, who mahalla.PersonID, now time.Time) error {
	return w.db.InTx(ctx, func(tx *storage.Tx) error {
		i, err := tx.Invitation(token, now)
		if err != nil {
			return err
		}
		tx.TakeInvitation(i, who, now)
		return nil
	})
}

func TestAnInvitationGivesItsRoleAndItsTokenIsStoredNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.invite(mahalla.SeniorInspector)
	var row string
	w.must(w.conn.QueryRow(w.ctx, "SELECT invitations::text || encode(token_hash, 'escape') FROM invitations").Scan(&row))
	if bytes.Contains([]byte(row), []byte(token)) {
		t.Errorf("the token stands in the database: %s", row)
	}
	w.must(w.take(w.ctx, token, w.officer.ID, morning))
	same(t, "memberships", w.contact(2).Memberships, []mahalla.Membership{
		{Role: mahalla.SeniorInspector, Territory: 1, From: morning.In(w.contact(2).Memberships[0].From.Location())}})
	w.must(w.take(w.ctx, w.invite(mahalla.SeniorInspector), w.officer.ID, morning))
	if n := len(w.contact(2).Memberships); n != 1 {
		t.Errorf("the same role twice: got %d memberships, want one", n)
	}
}

func TestOfTwoWhoRaceForOneInvitationOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.invite(mahalla.Substitute)
	people := []mahalla.PersonID{w.resident.ID, w.officer.ID, w.stranger.ID}
	results := make(chan error, len(people))
	for _, p := range people {
		go func() { results <- w.take(w.ctx, token, p, morning) }()
	}
	won := 0
	for range people {
		if err := <-results; err == nil {
			won++
		} else {
			refused(t, err, "invitation_gone")
		}
	}
	if n := w.number("SELECT count(*) FROM memberships"); won != 1 || n != 1 {
		t.Errorf("got %d winners and %d memberships, want one", won, n)
	}
}

func TestAnInvitationThatIsGoneIsRefusedLikeAnUnknownOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used, revoked, expired := w.invite(mahalla.Substitute), w.invite(mahalla.DutyUnit), w.invite(mahalla.Activist)
	w.must(w.take(w.ctx, used, w.officer.ID, morning))
	w.exec("UPDATE invitations SET revoked_at = now() WHERE role = 'duty_unit'")
	var want string
	for _, test := range []struct {
		name, token string
		now         time.Time
	}{
		{"unknown", "AAAA", morning},
		{"empty", "", morning},
		{"used", used, morning},
		{"revoked", revoked, morning},
		{"expired", expired, morning.Add(time.Hour)},
	} {
		err := w.take(w.ctx, test.token, w.stranger.ID, test.now)
		var refusal *mahalla.Error
		if !errors.As(err, &refusal) {
			t.Fatalf("%s: got %v, want a refusal", test.name, err)
		}
		if got := refusal.Error(); want == "" {
			want = got
		} else if got != want || len(refusal.Args) != 0 {
			t.Errorf("%s: got %s %v, want %s", test.name, got, refusal.Args, want)
		}
	}
	if n := w.number("SELECT count(*) FROM memberships"); n != 1 {
		t.Errorf("got %d memberships, want the one that was taken", n)
	}
}
