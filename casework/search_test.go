package casework

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// searched is a territory with people who look for cases in it.
type searched struct {
	*testGround
	now    time.Time
	people map[string]*storage.Contact
	filed  map[mahalla.CaseID]string // by the name that the test gave
}

func newSearched(t *testing.T) *searched {
	t.Helper()
	db, err := open(t.Context(), storagetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	g := &testGround{TB: t, db: db, desk: NewDesk(catalogue, nil, nil)}
	s := &searched{testGround: g, now: importDay.Add(24 * time.Hour), people: map[string]*storage.Contact{}, filed: map[mahalla.CaseID]string{}}
	if g.desk.stems, err = locales.EmergencyStems(); err != nil {
		t.Fatal(err)
	}
	raw, err := storage.DemoTerritory()
	if err != nil {
		t.Fatal(err)
	}
	g.load(string(raw))
	s.tx(func(tx *storage.Tx) error {
		_, err := g.desk.Refresh(tx, s.now)
		return err
	})
	return s
}

func (s *searched) tx(fn func(*storage.Tx) error) {
	s.Helper()
	if err := s.db.InTx(s.Context(), fn); err != nil {
		s.Fatal(storage.Loggable(err))
	}
}

func (s *searched) place(code string) mahalla.TerritoryID { return s.desk.Reference().ByCode[code] }

// somebody makes a person with roles, written "role place".
func (s *searched) somebody(name string, roles ...string) *storage.Contact {
	s.Helper()
	var who *storage.Contact
	s.tx(func(tx *storage.Tx) (err error) {
		who, err = tx.AddPerson(int64(len(s.people)+1), name, mahalla.UzLatn, s.now)
		return err
	})
	for _, r := range roles {
		role, code, _ := strings.Cut(r, " ")
		place := s.place(code)
		if place == 0 {
			s.Fatalf("no place %q", code)
		}
		who.Memberships = append(who.Memberships, mahalla.Membership{Role: mahalla.Role(role), Territory: place, From: s.now.Add(-time.Hour)})
	}
	s.people[name] = who
	return who
}

// file stores an open case with its words, and those who were told of it.
func (s *searched) file(tx *storage.Tx, name, place, category, words string, at time.Time, reporter *storage.Contact, told ...mahalla.Assignment) (*mahalla.Case, error) {
	id, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	c := &mahalla.Case{ID: mahalla.CaseID(id), Number: mahalla.NumberFrom(uint64(id)), Reporter: reporter.ID, Place: s.place(place),
		Category: mahalla.CategoryCode(category), Urgency: mahalla.Normal, Secrecy: s.desk.Reference().Categories[mahalla.CategoryCode(category)].Secrecy,
		Status: mahalla.New, Round: 1, FiledAt: at, Ladder: mahalla.Ladder{Class: mahalla.Ordinary, Starts: at, Due: at.Add(time.Hour), Left: -1},
		Assignments: told}
	s.filed[c.ID] = name
	return c, errors.Join(tx.AddCase(c), tx.AddReport(c.ID, storage.Report{Kind: storage.KindReport, Person: reporter.ID, Words: words, At: at}))
}

// search names what a person finds, the newest first.
func (s *searched) search(who, typed string, page int) (Found, []string) {
	s.Helper()
	var found Found
	s.tx(func(tx *storage.Tx) (err error) {
		found, err = s.desk.Search(tx, s.people[who], typed, page, s.now)
		return err
	})
	var names []string
	for _, l := range found.Lines {
		names = append(names, s.filed[l.ID])
	}
	return found, names
}

// readings counts the rows of the audit log of a person and the cases in them.
func (s *searched) readings(who string) (rows, cases int) {
	s.Helper()
	s.tx(func(tx *storage.Tx) (err error) {
		rows, cases, err = tx.Readings(s.people[who].ID, storage.ActSearch, s.now.Add(-time.Hour))
		return err
	})
	return rows, cases
}

func TestWhoFindsWhat(t *testing.T) {
	t.Parallel()
	s := newSearched(t)
	sector := s.desk.Reference().Above(s.place("DEMO-1001"), mahalla.Sector).Code
	s.somebody("inspector", "prevention_inspector DEMO-1001", "prevention_inspector DEMO-1002")
	s.somebody("colleague", "prevention_inspector DEMO-1004")
	s.somebody("chair", "mahalla_chair DEMO-1001")
	s.somebody("senior", "senior_inspector "+sector)
	s.somebody("head", "district_head 9901")
	s.somebody("administrator", "administrator UZ")
	s.somebody("double", "prevention_inspector DEMO-1004", "mahalla_chair DEMO-1001")
	s.somebody("resident")
	s.somebody("former", "prevention_inspector DEMO-1001").Memberships[0].Until = s.now.Add(-time.Minute)
	resident, inspector := s.people["resident"], s.people["inspector"]
	told := func(who string, role mahalla.Role, level mahalla.Level) mahalla.Assignment {
		return mahalla.Assignment{Person: s.people[who].ID, Role: role, Level: level, Told: s.now}
	}
	first := told("inspector", mahalla.PreventionInspector, mahalla.LevelOfficer)
	numbers := map[string]mahalla.Number{}
	s.tx(func(tx *storage.Tx) error {
		var all []error
		for i, c := range []struct {
			name, place, category, words string
			by                           *storage.Contact
			told                         []mahalla.Assignment
		}{
			{"music", "DEMO-1001", "noise", "12-uy oldida har kecha baland musiqa", resident, []mahalla.Assignment{first}},
			{"cyrillic", "DEMO-1002", "noise", "Ғанишернинг ўғли мусиқа қўяди", resident, []mahalla.Assignment{first}},
			{"beaten", "DEMO-1001", "domestic_violence", "musiqa ostida urishadi", resident, []mahalla.Assignment{first}},
			{"complaint", "DEMO-1001", "inspector_complaint", "inspektor musiqa haqida kelmadi", resident,
				[]mahalla.Assignment{told("senior", mahalla.SeniorInspector, mahalla.LevelSenior)}},
			{"own", "DEMO-1001", "noise", "musiqa menga ham xalaqit beradi", inspector, nil},
			{"elsewhere", "DEMO-1004", "noise", "музыка играет", resident, []mahalla.Assignment{told("colleague", mahalla.PreventionInspector, mahalla.LevelOfficer)}},
			{"climbed", "DEMO-1001", "noise", "musiqa va shovqin", resident, []mahalla.Assignment{first, told("head", mahalla.DistrictHead, mahalla.LevelHead)}},
			{"the head's", "DEMO-1001", "alcohol", "musiqa va aroq", resident, []mahalla.Assignment{told("head", mahalla.DistrictHead, mahalla.LevelHead)}},
			{"other district", "DEMO-2001", "noise", "musiqa", resident, nil},
			{"triage", "9901", "noise", "musiqa qayerdaligini bilmayman", resident, nil},
		} {
			filed, err := s.file(tx, c.name, c.place, c.category, c.words, s.now.Add(time.Duration(i-20)*time.Minute), c.by, c.told...)
			all = append(all, err)
			numbers[c.name] = filed.Number
		}
		return errors.Join(all...)
	})
	for _, test := range []struct {
		who, typed string
		by         string
		want       string // newest first
	}{
		{"inspector", "musiqa", ByWords, "the head's, climbed, own, beaten, cyrillic, music"},
		{"inspector", "МУСИКА", ByWords, "the head's, climbed, own, beaten, cyrillic, music"},
		{"inspector", "muzika 12-uy", ByWords, "music"},
		{"inspector", "ganisher", ByWords, "cyrillic"},
		{"inspector", "гонишерни угли", ByWords, "cyrillic"},
		{"inspector", "Bogʻishamol", ByPlace, "the head's, climbed, own, beaten, music"},
		{"inspector", "БОГИШАМОЛ махалласи", ByPlace, "the head's, climbed, own, beaten, music"},
		{"inspector", "bogishamolda aroq", ByWords, "the head's"},
		{"inspector", "musiqa navbahor", ByWords, "cyrillic"},
		{"inspector", "Bogishamo", ByPlace, "the head's, climbed, own, beaten, music"}, // a letter lost
		{"inspector", "Yangiobod", ByWords, ""},                                        // a colleague's mahalla
		{"inspector", "namuna tumani", ByPlace, "the head's, climbed, own, beaten, cyrillic, music"},
		{"inspector", "lift", ByWords, ""},
		{"inspector", "va bilan", ByWords, ""},
		{"inspector", "👍", ByWords, ""},
		{"inspector", "", ByWords, ""},
		{"colleague", "musiqa", ByWords, "elsewhere"},
		{"chair", "musiqa", ByWords, "the head's, climbed, own, music"}, // nothing secret
		{"chair", "bogishamol", ByPlace, "the head's, climbed, own, music"},
		{"double", "musiqa", ByWords, "the head's, climbed, elsewhere, own, music"},
		{"senior", "musiqa", ByWords, "the head's, climbed, own, complaint, beaten, cyrillic, music"},
		{"head", "musiqa", ByWords, "the head's"}, // the other was only shown to him
		{"head", "bogishamol", ByPlace, "the head's, climbed, own, complaint, beaten"},
		{"administrator", "musiqa", ByWords, ""},
		{"administrator", "tinchlik", ByPlace, "other district"},
		{"resident", "musiqa", ByWords, ""},
		{"former", "musiqa", ByWords, ""},
		{"former", "bogishamol", ByWords, ""},
	} {
		found, names := s.search(test.who, test.typed, 0)
		want := strings.Split(test.want, ", ")
		if test.want == "" {
			want = nil
		}
		if found.By != test.by || found.Total < len(want) || !slices.Equal(names, want[:min(perPage, len(want))]) || len(want) < perPage && found.Total != len(want) {
			t.Errorf("%s looks for %q: got %d by %s: %q, want by %s: %q", test.who, test.typed, found.Total, found.By, names, test.by, want)
		}
	}
	for _, test := range []struct {
		who, name string
		want      bool
	}{
		{"inspector", "music", true}, {"inspector", "beaten", true}, {"inspector", "complaint", false}, {"inspector", "elsewhere", false},
		{"senior", "complaint", true}, {"chair", "beaten", false}, {"chair", "music", true}, {"head", "elsewhere", true}, {"head", "other district", false},
		{"administrator", "other district", true}, {"resident", "music", true}, {"former", "cyrillic", false}, {"colleague", "music", false},
	} {
		number := numbers[test.name].String()
		for _, typed := range []string{number, strings.ReplaceAll(number, "-", ""), "№ " + number} {
			found, names := s.search(test.who, typed, 0)
			if got := found.Total == 1; got != test.want || got && names[0] != test.name || found.By != ByNumber {
				t.Errorf("%s looks for %s as %s: got %q, want %v", test.who, test.name, typed, names, test.want)
			}
		}
	}
	misheard := numbers["music"].String()
	misheard = misheard[:8] + fmt.Sprint((int(misheard[8]-'0')+1)%10)
	err := s.db.InTx(t.Context(), func(tx *storage.Tx) error {
		_, err := s.desk.Search(tx, inspector, misheard, 0, s.now)
		return err
	})
	if reason(err) != "number_misheard" {
		t.Errorf("a wrong check digit: got %v", err)
	}
}

func TestASearchIsPagedAndRecorded(t *testing.T) {
	t.Parallel()
	s := newSearched(t)
	who := s.somebody("inspector", "prevention_inspector DEMO-1001")
	s.somebody("resident")
	s.tx(func(tx *storage.Tx) error {
		var all []error
		for i := range mostRead + 20 {
			words := "yoʻlda chuqur"
			if i%43 == 0 {
				words = "musiqa"
			}
			_, err := s.file(tx, fmt.Sprint(i), "DEMO-1001", "noise", words, s.now.Add(time.Duration(i-2*mostRead)*time.Minute), s.people["resident"])
			all = append(all, err)
		}
		return errors.Join(all...)
	})
	found, names := s.search("inspector", "musiqa", 0)
	if want := []string{"516", "473", "430", "387", "344"}; found.Total != 12 || found.Page != 0 || !slices.Equal(names, want) {
		t.Errorf("the first page: got %+v %v, want 12 and %v", found, names, want)
	}
	if since := s.now.Add(time.Duration(20-2*mostRead) * time.Minute); !found.Since.Equal(since) {
		t.Errorf("since: got %v, want %v", found.Since, since)
	}
	if found, names := s.search("inspector", "musiqa", 99); found.Page != 2 || !slices.Equal(names, []string{"86", "43"}) {
		t.Errorf("a page that is not: got %+v %v", found, names)
	}
	if rows, cases := s.readings("inspector"); rows != 2 || cases != 2*mostRead {
		t.Errorf("the audit log: got %d rows of %d cases, want 2 of %d", rows, cases, 2*mostRead)
	}
	var older Found
	s.tx(func(tx *storage.Tx) (err error) {
		older, err = s.desk.SearchBefore(tx, who, "musiqa", 0, found.Since, s.now)
		return err
	})
	if older.Total != 1 || !older.Since.IsZero() || s.filed[older.Lines[0].ID] != "0" {
		t.Errorf("older ones: got %+v", older)
	}
	if found, names := s.search("inspector", "bogishamol", 1); found.Total != mostRead+20 || !slices.Equal(names, []string{"514", "513", "512", "511", "510"}) || !found.Since.IsZero() {
		t.Errorf("by place: got %+v %v", found, names)
	}
	if rows, _ := s.readings("inspector"); rows != 3 {
		t.Errorf("the audit log: got %d rows, want none for a place", rows)
	}
	s.tx(func(tx *storage.Tx) error {
		who.Memberships = nil
		_, err := s.desk.Search(tx, who, "musiqa", 0, s.now)
		return err
	})
	if rows, _ := s.readings("inspector"); rows != 3 {
		t.Errorf("the audit log: got %d rows, want none where nothing was read", rows)
	}
}

func TestSimilarCasesAreProposed(t *testing.T) {
	t.Parallel()
	s := newSearched(t)
	me, other := s.somebody("me"), s.somebody("other")
	const words = "12-uy oldida har kecha baland musiqa"
	hour := func(n int) time.Time { return s.now.Add(time.Duration(-n) * time.Hour) }
	s.tx(func(tx *storage.Tx) error {
		var all []error
		for _, c := range []struct {
			name, place, category, words string
			at                           time.Time
			by                           *storage.Contact
		}{
			{"cyrillic", "DEMO-1001", "noise", "12-уй ёнида кечаси мусиқа баланд, Азиза 901234567", hour(1), other},
			{"keyboard", "DEMO-1001", "noise", "12 уй олдида кечаси музика куйишади баланд", hour(71), other},
			{"too old", "DEMO-1001", "noise", words, hour(73), other},
			{"mine", "DEMO-1001", "noise", words, hour(2), me},
			{"another matter", "DEMO-1001", "noise", "qoʻshnining iti tun boʻyi huradi", hour(2), other},
			{"another place", "DEMO-1002", "noise", words, hour(2), other},
			{"another category", "DEMO-1001", "alcohol", words, hour(2), other},
			{"secret", "DEMO-1001", "domestic_violence", words, hour(2), other},
			{"without words", "DEMO-1001", "noise", "", hour(2), other},
			{"district", "9901", "noise", words, hour(2), other},
		} {
			_, err := s.file(tx, c.name, c.place, c.category, c.words, c.at, c.by)
			all = append(all, err)
		}
		return errors.Join(all...)
	})
	similar := func(place, category, words string) (list []Similar, names string) {
		s.tx(func(tx *storage.Tx) (err error) {
			list, err = s.desk.Similar(tx, s.place(place), mahalla.CategoryCode(category), words, me, s.now)
			return err
		})
		for _, c := range list {
			names += s.filed[c.Case] + " "
		}
		return list, names
	}
	for _, test := range []struct{ name, place, category, words, want string }{
		{"the same in three scripts", "DEMO-1001", "noise", words, "keyboard cyrillic "},
		{"in Russian", "DEMO-1001", "noise", "у 12 дома ночью громкая музыка", "keyboard cyrillic "},
		{"another category", "DEMO-1001", "alcohol", words, "another category "},
		{"a secret category", "DEMO-1001", "domestic_violence", words, ""},
		{"an unknown mahalla", "9901", "noise", words, ""},
		{"no words", "DEMO-1001", "noise", "👍", ""},
		{"danger", "DEMO-1001", "noise", words + " pichoq bilan yuribdi", ""},
		{"an unknown category", "DEMO-1001", "weather", words, ""},
		{"an unknown place", "nowhere", "noise", words, ""},
	} {
		if _, names := similar(test.place, test.category, test.words); names != test.want {
			t.Errorf("%s: got %q, want %q", test.name, names, test.want)
		}
	}
	list, _ := similar("DEMO-1001", "noise", words)
	for _, c := range list {
		for _, w := range c.Shared {
			if !strings.Contains(words, w) {
				t.Errorf("%q is not a word of the person who asks", w)
			}
		}
	}
}
