package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"koprik/storage/storagetest"
)

func TestOnlyTheBotItselfMakesAnInstallation(t *testing.T) {
	t.Parallel()
	empty := newTown(t)
	database := newTown(t)
	database.env["DATABASE_URL"] = storagetest.Postgres(t)
	for _, args := range [][]string{
		{"doctor"}, {"invite", "--role", "inspector", "--territory", "UZ", "--bot", "x"}, {"route", "--mahalla", "UZ", "--category", "noise"},
		{"import", "territory", demoTerritory}, {"import", "boundaries", demoBoundaries}, {"quarantine", "list"},
		{"digest", "--digest", digestNames()[:strings.Index(digestNames(), ",")], "--territory", "UZ", "--at", "08:30"},
	} {
		s := speak(t, empty.environ(), args...)
		s.mustComplain(t, 1, "nothing at "+empty.env["DATA_DIR"]+": start in the directory of the bot or set DATA_DIR")
		if args[0] != "doctor" {
			speak(t, database.environ(), args...).mustComplain(t, 1, "nothing in the database that DATABASE_URL names: start the bot on it first")
		}
	}
	for _, w := range []*town{empty, database} {
		if left, _ := os.ReadDir(w.env["DATA_DIR"]); len(left) != 0 {
			t.Errorf("got %v, want that nothing was made", left)
		}
	}
	if got := rows[struct{ Count int64 }](database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")[0].Count; got != 0 {
		t.Errorf("tables: got %d, want that none was made", got)
	}
}

func TestADatabaseOfAnOlderProgramIsLeftToTheBot(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	rows[struct{ Number int32 }](w, "DELETE FROM migrations WHERE number = (SELECT max(number) FROM migrations) RETURNING number")
	speak(t, w.environ(), "route", "--mahalla", "DEMO-1011", "--category", "noise").mustComplain(t, 1, "the database is older than this program", "koprik migrate")
}

func TestTheDoctorSaysWhatElseIsWellWhenTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	good := w.env["DATABASE_URL"]
	name := good[strings.LastIndexByte(strings.Split(good, "?")[0], '/')+1:]
	name, _, _ = strings.Cut(name, "?")
	for _, test := range []struct {
		name    string
		environ []string
		code    int
		want    []string
	}{
		{"nothing is wrong", nil, 0, []string{"✓ PostgreSQL  answers", "✓ keys", "✓ queues", "! Redis       answers, but", "! bot         does not answer on", "✓ Telegram    knows the bot as @", "✓ updates     are polled", "✓ clock       agrees", "! people      24 of 24"}},
		{"nobody listens", []string{"DATABASE_URL=postgres://me:" + secretPassword + "@127.0.0.1:1/koprik"}, 1, []string{
			"✗ PostgreSQL  DATABASE_URL names a server that cannot be used: nothing answers at its address", "! keys", "! queues", "✓ Telegram", "✓ clock       agrees with Telegram's", "! people"}},
		{"another user", []string{"DATABASE_URL=" + strings.Replace(good, "postgres://", "postgres://nobody:"+secretPassword+"@", 1)}, 1, []string{"it refuses the user or the password", "✓ Telegram"}},
		{"no such database", []string{"DATABASE_URL=" + strings.Replace(good, name, "none_such", 1)}, 1, []string{"it has no such database", "✓ Telegram"}},
		{"a Redis that is away", []string{"REDIS_URL=redis://:" + secretPassword + "@127.0.0.1:1/0"}, 1, []string{"✗ Redis       does not answer", "✓ PostgreSQL"}},
		{"another token", []string{"TELEGRAM_TOKEN=" + secretToken}, 1, []string{"✗ Telegram    the token is not known to Telegram", "! updates     not looked at", "✓ PostgreSQL"}},
		{"a Telegram that is away", []string{"TELEGRAM_API_URL=http://127.0.0.1:1"}, 1, []string{"✗ Telegram    Telegram does not answer", "! clock       Telegram's clock cannot be read"}},
		{"a webhook that was never set", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=https://koprik.example.uz", "WEBHOOK_SECRET=sixteen-letters-of-secret"}, 1, []string{"✗ updates     Telegram knows of no webhook"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := speak(t, w.environ(test.environ...), "doctor")
			if s.code != test.code {
				t.Errorf("got exit code %d, want %d", s.code, test.code)
			}
			for _, want := range test.want {
				if !strings.Contains(s.out, want) {
					t.Errorf("got no line %q in\n%s%s", want, s.out, s.errs)
				}
			}
			for _, never := range []string{secretPassword, secretToken, "storage:"} {
				if strings.Contains(s.out+s.errs, never) {
					t.Errorf("got %q in\n%s%s", never, s.out, s.errs)
				}
			}
		})
	}
}

func TestAWebhookThatLeadsElsewhereOrFailsIsSeenByTheDoctor(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	w.env["TELEGRAM_MODE"], w.env["WEBHOOK_URL"], w.env["WEBHOOK_SECRET"] = "webhook", "http://"+w.env["HTTP_ADDR"], "sixteen-letters-of-secret"
	p := w.run()
	p.ready()
	if out := w.done("doctor"); !strings.Contains(out, "✓ updates     are posted to the webhook; 0 updates wait") || !strings.Contains(out, "✓ bot         runs and is ready") {
		t.Errorf("beside a bot: got\n%s", out)
	}
	w.env["WEBHOOK_URL"] = "https://koprik.example.uz"
	if out, _, code := w.koprik("doctor"); code != 1 || !strings.Contains(out, "✗ updates     Telegram posts them to another address") {
		t.Errorf("with another address: got exit code %d and\n%s", code, out)
	}
}

func TestAnOutageOfTheDatabaseIsOneMatterInTheLog(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t)
	p := w.run()
	p.ready()
	u := w.person("Resident")
	u.Start("")
	w.settle()
	data := w.dataOfPostgres()
	before := strings.Count(p.said.String(), "\n")
	for range 3 { // the bot starts it again each time
		server := postmaster(data)
		_ = syscall.Kill(server, syscall.SIGKILL)
		u.Text("/help")
		eventually(t, "another server is ready", waiting, func() bool {
			now := postmaster(data)
			return now != 0 && now != server && status(p.at, "/readyz") == 200
		})
	}
	w.forgetDatabase()
	w.settleIn(time.Minute)
	said := p.said.String()
	if n := strings.Count(said, "\n") - before; n > 3*8 {
		t.Errorf("lines of the log for three outages: got %d, want a few for each:\n%s", n, said)
	}
	for _, never := range []string{"storage: storage:", "dial", "failed to connect"} {
		if strings.Contains(said, never) {
			t.Errorf("the log holds %q:\n%s", never, said)
		}
	}
}

func TestWhatIsInQuarantineIsListedTriedAgainAndDropped(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	p := w.run()
	p.ready()
	u := w.person("Resident")
	for n := range 2 { // what no release can read
		w.telegram.Inject([]byte(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":"never","from":{"id":%d},"chat":{"id":%d,"type":"private"},"text":"Aziza's words"}}`,
			900000001+n, 777+n, u.ID(), u.ID())))
	}
	aside := func() int64 {
		return rows[struct{ Count int64 }](w, "SELECT count(*) FROM inbox WHERE state = 2")[0].Count
	}
	eventually(t, "both are put aside", waiting, func() bool { return aside() == 2 })
	w.settle()
	list := w.done("quarantine", "list")
	if strings.Count(list, "unreadable") != 2 || strings.Contains(list, "Aziza") || strings.Contains(list, fmt.Sprint(u.ID())) {
		t.Errorf("the list: got\n%s\nwant two, and nothing of the person", list)
	}
	if out := w.done("doctor"); !strings.Contains(out, "! queues      2 updates are in quarantine: koprik quarantine list") {
		t.Errorf("koprik doctor: got\n%s", out)
	}
	if out := w.done("quarantine", "retry", "all"); !strings.Contains(out, "2 given back") {
		t.Errorf("koprik quarantine retry all: got %q", out)
	}
	eventually(t, "the bot has tried them again", waiting, func() bool { return strings.Count(p.said.String(), "an update failed") == 4 && aside() == 2 })
	for _, id := range rows[struct{ ID int64 }](w, "SELECT id FROM inbox WHERE state = 2") {
		w.done("quarantine", "drop", fmt.Sprint(id.ID))
		speak(t, w.environ(), "quarantine", "retry", fmt.Sprint(id.ID)).mustComplain(t, 1, "is not in quarantine")
	}
	if got := w.done("quarantine", "list"); got != "nothing is in quarantine\n" {
		t.Errorf("got %q", got)
	}
	speak(t, w.environ(), "quarantine", "retry", "some").mustBeUsage(t, `"some" is not a number`)
}

func TestAnInvitationSaysWhatItOffers(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	s := speak(t, w.environ(), "invite", "--role", "inspector", "--territory", "DEMO-1011")
	if !strings.HasPrefix(s.out, "https://t.me/"+w.telegram.Username()+"?start=i_") || strings.Count(s.out, "\n") != 1 ||
		!strings.Contains(s.errs, "prevention_inspector at Gʻuncha (DEMO-1011), Namuna tumani; for one person, until 20") || strings.Contains(s.errs, "note:") {
		t.Errorf("got %+v", s)
	}
	s = speak(t, w.environ(), "invite", "--role", "sector_head", "--territory", "DEMO-1011")
	if s.code != 0 || !strings.Contains(s.errs, "note: sector_head is usually held at a sector, and DEMO-1011 is a mahalla") {
		t.Errorf("a head of a mahalla: got %+v", s)
	}

	list := filepath.Join(t.TempDir(), "list.csv")
	text := "\uFEFFname;Role;territory\nA. B.;inspector;DEMO-1011\nC. D.;sector_head;9901-S4\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s = speak(t, w.environ(), "invite", "--file", list)
	got, err := csv.NewReader(strings.NewReader(s.out)).ReadAll()
	if err != nil || len(got) != 3 || strings.Join(got[0], ",") != "name,Role,territory,link,until" ||
		got[2][0] != "C. D." || !strings.HasPrefix(got[2][3], "https://t.me/") || got[1][3] == got[2][3] {
		t.Errorf("got %+v, %v", s, err)
	}
	made := func() int64 { return rows[struct{ Count int64 }](w, "SELECT count(*) FROM invitations")[0].Count }
	before := made()
	for text, want := range map[string]string{
		"role,territory\ninspector,DEMO-1011\nking,DEMO-1012\n":     `line 3: the role "king" is not one of`,
		"role,territory\ninspector,DEMO-1011\ninspector,Atlantis\n": `line 3: no territory has the code or name "Atlantis"`,
		"role,territory\ninspector\n":                               "line 2: it has not as many fields as the first line",
		"who,where\ninspector,DEMO-1011\n":                          "must name the columns role and territory",
		"":                                                          "must name the columns role and territory",
	} {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		speak(t, w.environ(), "invite", "--file", list).mustBeUsage(t, want)
	}
	text = "role,territory\nking,DEMO-1011\ninspector,\"DEMO-1011\"\n\ninspector\ninspector,Atlantis\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s = speak(t, w.environ(), "invite", "--file", list)
	for _, want := range []string{`line 2: the role "king"`, "line 5: it has not as many", `line 6: no territory has the code or name "Atlantis"`, "koprik: 3 lines are wrong: nobody was invited\n"} {
		if s.code != 2 || s.out != "" || !strings.Contains(s.errs, want) || strings.Contains(s.errs, "line 3") {
			t.Errorf("a list with three mistakes: got %+v, want %q", s, want)
		}
	}
	if after := made(); after != before {
		t.Errorf("invitations of lists with a mistake: got %d, want none", after-before)
	}
}

func TestTheRouteSaysPlainlyThatNobodyWouldGetAReport(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	s := speak(t, w.environ(), "route", "--mahalla", "DEMO-1011", "--category", "noise")
	s.mustComplain(t, 1, "nobody would get this report: koprik invite --role prevention_inspector --territory DEMO-1011")
	if !strings.Contains(s.out, "told at once  nobody: nobody has been invited") || strings.Contains(s.out, "reminder") {
		t.Errorf("got\n%s", s.out)
	}
	speak(t, w.environ(), "route", "--mahalla", "DEMO-1011", "--category", "weather").mustBeUsage(t, `--category "weather" is not one of alcohol, child_protection`)
}

func TestAnImportSaysWhatIsAFailureAndWhatIsANote(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().founded()
	s := speak(t, w.environ(), "import", "territory", demoTerritory)
	if s.code != 0 || !strings.Contains(s.out, "columns separated by commas\n") || !strings.Contains(s.out, "note: line 2: the region is not known, the district is loaded all the same: 9901: 99\n") {
		t.Errorf("the demo's territory: got %+v", s)
	}
	dir := t.TempDir()
	for name, test := range map[string]struct {
		text, want string
		code       int
	}{
		"one bad line":   {"district_code,mahalla_code,mahalla_uz_latn\n9901,A B,Bogʻ\n", "1 line was left out: nothing was loaded", 1},
		"bad lines":      {"district_code,mahalla_code,mahalla_uz_latn\n9901,A B,Bogʻ\n9901,C D,Bogʻ\n9901,E-1,Bogʻ\n", "2 lines were left out; the good ones are loaded", 1},
		"a header alone": {"district_code,mahalla_code,mahalla_uz_latn\n", "no rows: the file has a header and no mahalla", 1},
		"a program":      {"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00", "the file is not a text", 2},
		"zeros":          {"\x00\x00\x00\x00\x00\x00", "the file is not a text", 2},
		"UTF-16":         {"d\x00i\x00s\x00t\x00r\x00i\x00c\x00t\x00", "the file is UTF-16", 2},
	} {
		path := filepath.Join(dir, "file.csv")
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Log(name)
		speak(t, w.environ(), "import", "territory", path).mustComplain(t, test.code, test.want)
	}
}

func TestAListIsReadFromTheStandardInput(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().founded()
	raw, err := os.Open(demoTerritory)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	cmd := w.command("import", "territory", "-")
	cmd.Stdin = raw
	if said, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(said), "24 new") {
		t.Errorf("got %v: %s", err, said)
	}
}

func TestUpdatesThatDoNotComeForAMinuteMakeTheBotNotReady(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for since, want := range map[time.Time]bool{{}: false, now.Add(-30 * time.Second): false, now.Add(-2 * time.Minute): true} {
		if got := lame(since, now); got != want {
			t.Errorf("since %v: got %v, want %v", since, got, want)
		}
	}
}

func TestTheBotRunsOnTheStandInTelegram(t *testing.T) {
	t.Parallel()
	w := newTown(t).served()
	var said journal
	cmd := w.command("stand-in", "--listen", "127.0.0.1:0")
	cmd.Stdout = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	eventually(t, "it says how to run the bot", waiting, func() bool { return strings.Contains(said.String(), " run\n") })
	for _, word := range strings.Fields(said.String()) {
		if name, value, ok := strings.Cut(word, "="); ok {
			w.env[name] = value
		}
	}
	w.run().ready()
	address := strings.TrimPrefix(w.env["TELEGRAM_API_URL"], "http://")
	if code, body := fetch(address, "/"); code != 200 || !strings.Contains(body, "<html") {
		t.Errorf("the page: got %d", code)
	}
	speak(t, nil, "stand-in", "--listen", "0.0.0.0:8090").mustBeUsage(t, "not an address of this machine alone")
}
