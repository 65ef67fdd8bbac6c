package scheduler

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

// told files a report of somebody and lets it end.
func (s *stage) told(desk *casework.Desk, who *storage.Contact, words string, veil mahalla.Veil, ends bool) (id mahalla.CaseID) {
	s.Helper()
	who.Dialogue.Draft = &mahalla.Draft{Place: mahalla.RootTerritory, Veil: veil, Parts: []mahalla.Part{{Words: words}}}
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		c, err := desk.FileDraft(tx, who, "noise", 0, s.now)
		if err == nil {
			id = c.ID
		}
		return err
	}))
	if ends {
		s.end(desk, who, id)
	}
	return id
}

func (s *stage) end(desk *casework.Desk, who *storage.Contact, id mahalla.CaseID) {
	s.Helper()
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		_, err := desk.Withdraw(tx, who, id, 0, s.now)
		return err
	}))
}

// everything is every row of every table, bytes as they are.
func (s *stage) everything() string {
	s.Helper()
	rows, err := s.conn.Query(s.ctx, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'boundaries'")
	s.must(err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	s.must(err)
	var all strings.Builder
	for _, table := range tables {
		rows, err := s.conn.Query(s.ctx, "SELECT t::text FROM "+pgx.Identifier{table}.Sanitize()+" AS t")
		s.must(err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		s.must(err)
		all.WriteString(table + "\n" + strings.Join(lines, "\n") + "\n")
	}
	text := all.String()
	for _, found := range regexp.MustCompile(`\\x([0-9a-f]{2,})`).FindAllStringSubmatch(text, -1) {
		if raw, err := hex.DecodeString(found[1]); err == nil {
			all.Write(bytes.ToValidUTF8(raw, nil))
		}
	}
	return all.String()
}

// sealedLeft counts the sealed values of people, words, files and dialogues.
func (s *stage) sealedLeft() int {
	s.Helper()
	return s.number(`SELECT (SELECT count(*) FROM reports WHERE words IS NOT NULL) + (SELECT count(*) FROM attachments)
		+ (SELECT count(*) FROM case_events WHERE words IS NOT NULL) + (SELECT count(*) FROM dialogues) + (SELECT count(*) FROM behalves)
		+ (SELECT count(*) FROM inbox WHERE payload <> '') + (SELECT count(*) FROM outbox WHERE args IS NOT NULL) + (SELECT count(*) FROM links)
		+ (SELECT count(*) FROM people WHERE telegram_id NOT IN (1, 2, 3) AND (name IS NOT NULL OR phone IS NOT NULL))`)
}

func TestNothingIsLeftOfSomebodyWhoAskedToBeForgotten(t *testing.T) {
	t.Parallel()
	s := newStage(t, closedPort)
	r := s.replica()
	job, err := Erasing(r.Desk)
	s.must(err)
	r.Jobs = []Job{job}
	night := func(days int) {
		s.now = time.Date(2026, 11, 4+days, 4, 30, 0, 0, r.Desk.Calendar().Zone)
		s.exec("UPDATE outbox SET state = 2, finished_at = now(), args = NULL WHERE state = 0") // everything was sent
		s.must(r.runJobs(s.ctx))
	}
	const telegram = 987_654_321_012
	who := s.person(telegram, "")
	var open, veiled mahalla.CaseID
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		tx.Consent(who.ID, "1", mahalla.UzLatn, s.now)
		return tx.SetPhone(who.ID, "+998977654321")
	}))
	s.told(r.Desk, who, "words of a closed case", mahalla.Unveiled, true)
	s.told(r.Desk, who, "words without a name", mahalla.VeilWorn, true)
	open = s.told(r.Desk, who, "words of an open case", mahalla.Unveiled, false)
	veiled = s.told(r.Desk, who, "open words without a name", mahalla.VeilWorn, false)
	s.exec("INSERT INTO messages VALUES ($1, 1, $2)", int64(telegram), open)
	if _, err := s.db.StoreUpdates(s.ctx, []storage.Update{{Dedup: fmt.Sprint("m:", int64(telegram), ":1"), Chat: telegram, Payload: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	s.exec("UPDATE inbox SET state = 1, payload = NULL, finished_at = now()")
	s.exec("UPDATE inbox_chats SET waiting = 0")

	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		if err := r.Desk.Forget(tx, who, s.now); err != nil {
			return err
		}
		return tx.SaveDialogue(who, s.now)
	}))
	if n := s.number("SELECT count(*) FROM people WHERE telegram_id = $1 AND (name IS NOT NULL OR phone IS NOT NULL OR home_id IS NOT NULL OR consented_at IS NOT NULL)", int64(telegram)); n != 0 {
		t.Error("the name, the number, the place or the consent is still there")
	}
	if n := s.number("SELECT count(*) FROM reports WHERE words IS NOT NULL"); n != 3 {
		t.Errorf("words at once: got %d, want those of both open cases and of the one without a name", n)
	}
	night(1)
	if n := s.number("SELECT count(*) FROM reports WHERE words IS NOT NULL"); n != 2 {
		t.Errorf("words after a night: got %d, want those of both open cases", n)
	}
	if n := s.number("SELECT count(*) FROM people WHERE telegram_id = $1", int64(telegram)); n != 1 {
		t.Fatal("the account is gone though something is open")
	}
	s.end(r.Desk, who, open)
	night(2)
	s.end(r.Desk, who, veiled)
	night(3)
	night(4)
	left := s.everything()
	for _, canary := range []string{fmt.Sprint(int64(telegram)), "998977654321", "words of", "open words"} {
		if strings.Contains(left, canary) {
			t.Errorf("%q is left", canary)
		}
	}
	if n := s.sealedLeft(); n != 0 {
		t.Errorf("sealed values that are left: got %d, want none", n)
	}
	if n := s.number("SELECT count(*) FROM cases WHERE erased_at IS NOT NULL"); n != 4 {
		t.Errorf("that there were cases: got %d of them, want all 4", n)
	}
	if n := s.number("SELECT count(*) - count(DISTINCT at) FROM case_events WHERE kind = 'unlinked'"); n != 0 {
		t.Error("two cases without a name have a moment in common")
	}
	again := s.person(telegram, "") // who comes back is somebody new
	if again.ID == who.ID || again.Consented {
		t.Errorf("got %+v, want somebody new", again)
	}
	if v, err := s.db.VerifyHistory(s.ctx, ""); err != nil || v.Rows+v.Loose == 0 {
		t.Errorf("the history: got %+v, %v", v, err)
	}
}

func TestWordsAreErasedWhenTheirTimeIsOverWhereverThatIsSet(t *testing.T) {
	t.Parallel()
	s := newStage(t, closedPort)
	r := s.replica()
	job, err := Erasing(r.Desk)
	s.must(err)
	r.Jobs = []Job{job}
	for range 3 {
		s.told(r.Desk, s.resident, "words", mahalla.Unveiled, true)
	}
	s.told(r.Desk, s.resident, "words", mahalla.Unveiled, false)
	words := func() int { return s.number("SELECT count(*) FROM reports WHERE words IS NOT NULL") }
	night := func(days, want int) {
		t.Helper()
		s.now = time.Date(2026, 11, 4+days, 4, 30, 0, 0, r.Desk.Calendar().Zone)
		s.must(r.runJobs(s.ctx))
		if got := words(); got != want {
			t.Errorf("after %d days: got words of %d cases, want %d", days, got, want)
		}
	}
	set := func(days int) error {
		err := s.db.InTx(s.ctx, func(tx *storage.Tx) error { return r.Desk.SetRetention(tx, mahalla.RootTerritory, days) })
		s.must(r.Refresh(s.ctx))
		return err
	}
	if set(29) == nil {
		t.Error("29 days: got no error, want at least 30")
	}
	night(40, 4)
	s.must(set(45))
	night(41, 4)
	night(46, 1)
	s.told(r.Desk, s.resident, "words", mahalla.Unveiled, true)
	s.exec("UPDATE settings SET value = to_jsonb('many'::text) WHERE key = 'retention_days'") // counts as none
	s.exec("UPDATE reference SET version = version + 1")
	s.must(r.Refresh(s.ctx))
	night(46+364, 2)
	night(46+367, 1)
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) error { // the card says so
		list, _, err := tx.CasesOfReporter(s.resident.ID, 0, 10)
		if len(list) != 5 {
			t.Errorf("cases of the reporter: got %d, want all 5", len(list))
		}
		return err
	}))
}

func TestTheNameOfAFormerOfficerIsForgotten(t *testing.T) {
	t.Parallel()
	s := newStage(t, closedPort)
	r := s.replica()
	job, err := Erasing(r.Desk)
	s.must(err)
	r.Jobs = []Job{job}
	s.exec("UPDATE memberships SET valid_until = valid_from + interval '1 day' WHERE person_id = $1", s.inspector.ID)
	named := func() int { return s.number("SELECT count(*) FROM people WHERE name IS NOT NULL") }
	for _, test := range []struct{ days, want int }{{29, 3}, {33, 2}} { // the resident and the senior inspector keep theirs
		s.now = time.Date(2026, 11, 4+test.days, 4, 30, 0, 0, r.Desk.Calendar().Zone)
		s.must(r.runJobs(s.ctx))
		if got := named(); got != test.want {
			t.Errorf("after %d days: got %d names, want %d", test.days, got, test.want)
		}
	}
	if err := s.db.InTx(s.ctx, func(tx *storage.Tx) error { return r.Desk.Forget(tx, s.senior, s.now) }); err == nil {
		t.Error("who serves: got no error, want it refused")
	}
}
