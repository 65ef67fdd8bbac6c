package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// What must never be printed, wherever it stands in the environment.
const (
	secretToken    = "123456789:AAFsecretsecretsecretsecret"
	secretPassword = "pa55word-nobody-reads"
)

// spoken is how a command ended.
type spoken struct {
	out, errs string
	code      int
}

// speak runs the program in this process with nothing but the given environment.
func speak(t *testing.T, environ []string, args ...string) spoken {
	t.Helper()
	var out, errs journal
	ended := make(chan int, 1)
	go func() { ended <- program(args, environ, &out, &errs) }()
	select {
	case code := <-ended:
		return spoken{out.String(), errs.String(), code}
	case <-time.After(waiting):
		t.Fatalf("koprik %s does not end: %s%s", strings.Join(args, " "), out.String(), errs.String())
		return spoken{}
	}
}

// mustBeUsage checks the shape of every complaint about how the program was
// called.
func (s spoken) mustBeUsage(t *testing.T, parts ...string) {
	t.Helper()
	s.mustComplain(t, 2, parts...)
}

// mustComplain checks the shape of every complaint: the exit code, one line that
// names what is wrong, nothing secret, no stack.
func (s spoken) mustComplain(t *testing.T, code int, parts ...string) {
	t.Helper()
	if s.code != code {
		t.Errorf("exit code: got %d, want %d: %s%s", s.code, code, s.out, s.errs)
	}
	line := strings.TrimSuffix(s.errs, "\n")
	if line == "" || strings.Contains(line, "\n") || !strings.HasPrefix(line, "koprik: ") {
		t.Errorf("the complaint: got %q, want one line that begins with koprik:", s.errs)
	}
	for _, part := range parts {
		if !strings.Contains(line, part) {
			t.Errorf("the complaint: got %q, want it to hold %q", line, part)
		}
	}
	for _, never := range []string{secretToken, "AAFsecret", secretPassword, "goroutine", "panic", ".go:"} {
		if strings.Contains(s.out+s.errs, never) {
			t.Errorf("the complaint holds %q: %q", never, s.out+s.errs)
		}
	}
}

func TestAWrongSettingStopsTheStartWithOneLineThatNamesIt(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)
	good := newTown(t)
	database, keys := storagetest.Postgres(t), filepath.Join(t.TempDir(), "keys.json")
	for _, test := range []struct {
		name    string
		environ []string
		want    []string // the variable, what is wrong, the example
	}{
		{"no token", []string{"TELEGRAM_TOKEN="}, []string{"TELEGRAM_TOKEN is missing", "for example TELEGRAM_TOKEN=1"}},
		{"a token without a colon", []string{"TELEGRAM_TOKEN=AAFsecretsecretsecret"}, []string{"TELEGRAM_TOKEN is", "for example TELEGRAM_TOKEN="}},
		{"a token with letters that none has", []string{"TELEGRAM_TOKEN=123456789:AAFsecret secret/secret"}, []string{"TELEGRAM_TOKEN is", "for example TELEGRAM_TOKEN="}},
		{"a token whose number is none", []string{"TELEGRAM_TOKEN=bot123:AAFsecretsecretsecret"}, []string{"TELEGRAM_TOKEN is", "for example"}},
		{"a token that Telegram does not know", []string{"TELEGRAM_TOKEN=" + secretToken, "DATABASE_URL=" + database}, []string{"TELEGRAM_TOKEN is not known to Telegram", "for example"}},
		{"the file of a token is missing", []string{"TELEGRAM_TOKEN=", "TELEGRAM_TOKEN_FILE=/nowhere/token"}, []string{"TELEGRAM_TOKEN_FILE names a file that cannot be read: there is no such file or directory", "for example TELEGRAM_TOKEN_FILE=/run/secrets/telegram_token"}},
		{"a token and the file of one", []string{"TELEGRAM_TOKEN_FILE=" + file}, []string{"TELEGRAM_TOKEN is set, and TELEGRAM_TOKEN_FILE too: unset one of them"}},
		{"a password and the file of one", []string{"REDIS_URL=redis://:" + secretPassword + "@localhost", "REDIS_URL_FILE=" + file}, []string{"REDIS_URL is set, and REDIS_URL_FILE too"}},
		{"an API that is something else", []string{"TELEGRAM_API_URL=" + elsewhere.URL, "DATABASE_URL=" + database, "HTTP_ADDR=127.0.0.1:0"}, []string{"TELEGRAM_API_URL leads to something that answers and is not the Bot API", "for example TELEGRAM_API_URL=https://api.telegram.org"}},
		{"the file of a password is missing", []string{"DATABASE_URL_FILE=/nowhere/database"}, []string{"DATABASE_URL_FILE names a file", "for example"}},
		{"an API that is no address", []string{"TELEGRAM_API_URL=telegram"}, []string{"TELEGRAM_API_URL is not an address", "for example TELEGRAM_API_URL=https://api.telegram.org"}},
		{"an API with a password", []string{"TELEGRAM_API_URL=http://me:" + secretPassword + "@127.0.0.1"}, []string{"TELEGRAM_API_URL is not an address", "for example"}},
		{"an API with a question", []string{"TELEGRAM_API_URL=http://127.0.0.1/?a=" + secretPassword}, []string{"TELEGRAM_API_URL is not an address", "for example"}},
		{"an API of another kind", []string{"TELEGRAM_API_URL=ftp://127.0.0.1"}, []string{"TELEGRAM_API_URL is not an address", "for example"}},
		{"an unknown mode", []string{"TELEGRAM_MODE=push"}, []string{"TELEGRAM_MODE is neither poll nor webhook", "for example TELEGRAM_MODE=poll"}},
		{"a webhook without an address", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_SECRET=sixteen-letters-of-secret"}, []string{"WEBHOOK_URL is missing", "for example WEBHOOK_URL=https://"}},
		{"a webhook without a secret", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=https://koprik.example.uz"}, []string{"WEBHOOK_SECRET is missing", "for example WEBHOOK_SECRET=$(openssl rand -hex 24)"}},
		{"a webhook with a short secret", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=https://koprik.example.uz", "WEBHOOK_SECRET=pa55word"}, []string{"WEBHOOK_SECRET is", "for example"}},
		{"a short secret while polling", []string{"WEBHOOK_SECRET=pa55word"}, []string{"WEBHOOK_SECRET is not 16 to 256", "for example"}},
		{"a webhook that is no address while polling", []string{"WEBHOOK_URL=koprik"}, []string{"WEBHOOK_URL is not an address", "for example"}},
		{"a webhook without TLS", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=http://koprik.example.uz", "WEBHOOK_SECRET=sixteen-letters-of-secret", "DATABASE_URL=" + database}, []string{"WEBHOOK_URL must be https", "for example WEBHOOK_URL=https://"}},
		{"a webhook without TLS, at Telegram's own", []string{"TELEGRAM_API_URL=", "TELEGRAM_MODE=webhook", "WEBHOOK_URL=http://koprik.example.uz", "WEBHOOK_SECRET=sixteen-letters-of-secret"}, []string{"WEBHOOK_URL must be https"}},
		{"a database of another kind", []string{"DATABASE_URL=mysql://me:" + secretPassword + "@localhost/koprik"}, []string{"DATABASE_URL is not an address of PostgreSQL", "for example DATABASE_URL=postgres://"}},
		{"a database with an unknown setting", []string{"DATABASE_URL=postgres://me:" + secretPassword + "@127.0.0.1:1/koprik?sslmode=perhaps"}, []string{"DATABASE_URL is not an address that can be read", "for example DATABASE_URL=postgres://"}},
		{"a Redis of another kind", []string{"REDIS_URL=http://:" + secretPassword + "@localhost"}, []string{"REDIS_URL is not an address of Redis", "for example REDIS_URL=redis://"}},
		{"a Redis with an unknown database", []string{"REDIS_URL=redis://:" + secretPassword + "@localhost/zero", "DATABASE_URL=" + database}, []string{"REDIS_URL is not an address of Redis", "for example"}},
		{"a data directory that is a file", []string{"DATA_DIR=" + file}, []string{"DATA_DIR names a directory that cannot be made: a file stands in its way", "for example DATA_DIR=./data"}},
		{"a key file that is none of ours", []string{"KEY_FILE=" + file, "DATABASE_URL=" + database}, []string{"KEY_FILE", "for example KEY_FILE="}},
		{"a key file that is a directory", []string{"KEY_FILE=" + filepath.Dir(file), "DATABASE_URL=" + database}, []string{"KEY_FILE names a file that cannot be read or made: it is a directory", "for example KEY_FILE="}},
		{"a public address in the clear", []string{"PUBLIC_URL=http://koprik.example.uz"}, []string{"PUBLIC_URL is not an https address", "for example PUBLIC_URL=https://koprik.example.uz"}},
		{"a public address with a question", []string{"PUBLIC_URL=https://koprik.example.uz?x=" + secretPassword}, []string{"PUBLIC_URL is not an https address", "for example"}},
		{"an address without a port", []string{"HTTP_ADDR=127.0.0.1"}, []string{"HTTP_ADDR has no port", "for example HTTP_ADDR=127.0.0.1:8080"}},
		{"an address with a port that is none", []string{"HTTP_ADDR=127.0.0.1:70000"}, []string{"HTTP_ADDR has no port from 1 to 65535", "for example HTTP_ADDR=127.0.0.1:8080"}},
		{"an address that is in use", []string{"HTTP_ADDR=" + taken.Addr().String(), "DATABASE_URL=" + database}, []string{"HTTP_ADDR cannot be listened on", "for example HTTP_ADDR="}},
		{"an unknown level of the log", []string{"LOG_LEVEL=chatty"}, []string{"LOG_LEVEL is not one of debug, info, warn, error", "for example LOG_LEVEL=info"}},
		{"limits that are neither on nor off", []string{"TELEGRAM_NO_LIMITS=perhaps"}, []string{"TELEGRAM_NO_LIMITS is neither true nor false", "for example TELEGRAM_NO_LIMITS=false"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			environ := append(good.environ("DATA_DIR="+storagetest.Dir(t), "KEY_FILE="+keys, "TELEGRAM_NO_LIMITS=", "LOG_LEVEL=error"), test.environ...)
			speak(t, environ, "run").mustBeUsage(t, test.want...)
		})
	}
}

func TestAMistakeOnTheCommandLineIsOneLine(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	environ := w.environ()
	nonsense := filepath.Join(t.TempDir(), "file.csv")
	if err := os.WriteFile(nonsense, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := speak(t, environ, "digest", "--digest", "morning", "--territory", "9901", "--at", "09:15"); s.code != 0 || !strings.Contains(s.out, "morning at 09:15") {
		t.Fatalf("setting the time of a digest: got %+v", s)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"frobnicate"}, "frobnicate"},
		{[]string{"run", "--fast"}, "--fast"},
		{[]string{"run", "twice"}, "twice"},
		{[]string{"import", "territory"}, "<file>"},
		{[]string{"import", "territory", "/nowhere/file.csv"}, "/nowhere/file.csv cannot be read: there is no such file"},
		{[]string{"import", "territory", nonsense}, "column"},
		{[]string{"import", "territory", filepath.Dir(nonsense)}, "cannot be read: it is a directory"},
		{[]string{"import", "boundaries"}, "<file>"},
		{[]string{"import", "boundaries", "/nowhere/file.geojson"}, "/nowhere/file.geojson cannot be read"},
		{[]string{"import", "boundaries", nonsense}, "the file is no whole JSON"},
		{[]string{"import", "people", nonsense}, "people"},
		{[]string{"invite"}, "--role"},
		{[]string{"invite", "--role", "inspector"}, "--territory"},
		{[]string{"invite", "--role", "king", "--territory", "DEMO-1011"}, `"king" is not one of`},
		{[]string{"invite", "--role", "resident", "--territory", "DEMO-1011"}, `"resident" is not one of`},
		{[]string{"invite", "--role", "inspector", "--territory", "Atlantis"}, `no territory has the code or name "Atlantis"`},
		{[]string{"invite", "--role", "inspector", "--territory", ""}, "territory"},
		{[]string{"digest", "--digest", "hourly", "--territory", "9901", "--at", "09:00"}, `"hourly" is not one of daily`},
		{[]string{"digest", "--digest", "morning", "--territory", "9901", "--at", "06:30"}, `"06:30" is not a time from 07:00`},
		{[]string{"digest", "--digest", "morning", "--territory", "Atlantis", "--at", "09:00"}, `no territory has the code or name "Atlantis"`},
		{[]string{"digest", "--at", "09:00"}, "--at needs --digest and --territory"},
		{[]string{"help", "frobnicate"}, `there is no command "frobnicate"`},
		{[]string{"help", "import", "people"}, `there is no command "import people"`},
		{[]string{"route", "--mahalla", "Atlantis", "--category", "noise"}, `no territory has the code or name "Atlantis"`},
		{[]string{"route", "--mahalla", "DEMO-1011", "--category", "weather"}, "weather"},
		{[]string{"route", "--mahalla", "DEMO-1011"}, "--category"},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			speak(t, environ, test.args...).mustBeUsage(t, test.want)
		})
	}
}

func TestHelpAndVersionNeedNothing(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"help"}, {"--help"}, {"run", "--help"}, {"invite", "--help"}, {"help", "run"}, {"help", "import", "territory"}, {"version"}, {"--version"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			s := speak(t, nil, args...)
			if s.code != 0 || s.out == "" || s.errs != "" {
				t.Errorf("got %+v, want exit code 0 and words on the output only", s)
			}
		})
	}
	help := speak(t, nil, "help").out
	if got, want := speak(t, nil, "help", "invite").out, speak(t, nil, "invite", "--help").out; got != want || !strings.Contains(got, "--territory") {
		t.Errorf("koprik help invite: got %q, want %q", got, want)
	}
	if s := speak(t, nil); s.code != 2 || s.out != help || s.errs != "" {
		t.Errorf("without a command: got %+v, want the help and exit code 2", s)
	}
	for _, name := range []string{"TELEGRAM_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_MODE", "WEBHOOK_URL", "WEBHOOK_SECRET",
		"DATABASE_URL", "REDIS_URL", "DATA_DIR", "KEY_FILE", "HTTP_ADDR", "LOG_LEVEL", "run", "demo", "doctor", "import", "invite", "route"} {
		if !strings.Contains(help, name) {
			t.Errorf("help does not name %s:\n%s", name, help)
		}
	}
}

func TestTheDemoNeverTalksToTelegramAndListensHereOnly(t *testing.T) {
	t.Parallel()
	dir := storagetest.Dir(t)
	for _, test := range []struct {
		name    string
		environ []string
		want    string
	}{
		{"a real token", []string{"TELEGRAM_TOKEN=" + secretToken, "HTTP_ADDR=127.0.0.1:0"}, "unset TELEGRAM_TOKEN"},
		{"every address", []string{"HTTP_ADDR=0.0.0.0:8080"}, "HTTP_ADDR is not an address of this machine alone"},
		{"every address, unsaid", []string{"HTTP_ADDR=:8080"}, "HTTP_ADDR is not an address of this machine alone"},
		{"every address of IPv6", []string{"HTTP_ADDR=[::]:8080"}, "HTTP_ADDR is not an address of this machine alone"},
		{"an address of the network", []string{"HTTP_ADDR=192.0.2.1:8080"}, "HTTP_ADDR is not an address of this machine alone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			speak(t, append(test.environ, "DATA_DIR="+dir), "demo").mustBeUsage(t, test.want)
		})
	}
}

func TestAWebhookThatIsNotUsedIsSaid(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]bool{"poll": true, "webhook": false} {
		c, err := readConfig([]string{"TELEGRAM_MODE=" + mode, "WEBHOOK_URL=https://koprik.example.uz", "WEBHOOK_SECRET=sixteen-letters-of-secret"})
		if err != nil {
			t.Fatal(err)
		}
		var said journal
		c.unused(logger(&said, 0))
		if got := strings.Contains(said.String(), "WEBHOOK_URL is set and not used"); got != want || strings.Contains(said.String(), "sixteen") {
			t.Errorf("%s: got %q", mode, said.String())
		}
	}
}

func TestAnEmptyVariableIsNoneAndAFileIsTrimmed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("  "+secretToken+"\r\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConfig([]string{"TELEGRAM_TOKEN=", "TELEGRAM_TOKEN_FILE=" + file, "TELEGRAM_MODE=", "TELEGRAM_API_URL=", "LOG_LEVEL=",
		"DATABASE_URL=", "REDIS_URL=", "DATA_DIR=", "KEY_FILE=", "HTTP_ADDR=", "TELEGRAM_NO_LIMITS=", "WEBHOOK_SECRET_FILE="})
	if err != nil {
		t.Fatal(err)
	}
	want := config{Token: secretToken, APIURL: "https://api.telegram.org", Mode: "poll", DataDir: "./data", KeyFile: "data/keys.json", HTTPAddr: "127.0.0.1:8080"}
	if c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
	c, err = readConfig([]string{"DATA_DIR=/srv/koprik"})
	if err != nil || c.KeyFile != "/srv/koprik/keys.json" {
		t.Errorf("another data directory: got %+v, %v; want the key file in it", c, err)
	}
}

func TestTheHealthcheckTellsWhetherTheBotIsReady(t *testing.T) {
	t.Parallel()
	if s := speak(t, []string{"HTTP_ADDR=" + freeAddress(t)}, "healthcheck"); s.code != 1 || strings.Count(s.errs, "\n") != 1 {
		t.Errorf("without a bot: got %+v, want exit code 1 and one line", s)
	}
	w := newTown(t).served()
	w.run().ready()
	if s := speak(t, w.environ(), "healthcheck"); s.code != 0 || s.errs != "" {
		t.Errorf("beside a bot: got %+v, want exit code 0", s)
	}
}

func TestAServerThatDoesNotAnswerOrRefusesUsEndsTheStartWithOneLineThatNamesItsVariable(t *testing.T) {
	t.Parallel()
	good := newTown(t)
	database, redis, keys := storagetest.Postgres(t), storagetest.Redis(t), filepath.Join(t.TempDir(), "keys.json")
	for _, test := range []struct {
		name, environ, want string
	}{
		{"a database that is not there", "DATABASE_URL=postgres://me:" + secretPassword + "@127.0.0.1:1/koprik", "DATABASE_URL names a server that cannot be used: nothing answers at its address, for example DATABASE_URL=postgres://"},
		{"a database that does not know us", "DATABASE_URL=" + strings.Replace(database, "postgres://", "postgres://nobody:"+secretPassword+"@", 1), "DATABASE_URL names a server that cannot be used: it refuses the user or the password"},
		{"a Redis that does not know us", "REDIS_URL=" + strings.Replace(redis, "unix://", "unix://nobody:"+secretPassword+"@", 1), "REDIS_URL names a server that cannot be used: it does not answer or refuses us, for example REDIS_URL=redis://"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			environ := good.environ("DATA_DIR="+storagetest.Dir(t), "KEY_FILE="+keys, "DATABASE_URL="+database, "REDIS_URL="+redis, test.environ)
			speak(t, environ, "run").mustComplain(t, 1, test.want)
		})
	}
}

func TestALostOrForeignKeyFileEndsTheStartAndIsNeverMadeAnew(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	path := filepath.Join(w.env["DATA_DIR"], "keys.json")
	right, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"run", "invite --role inspector --territory DEMO-1011 --bot x"} {
		speak(t, w.environ(), strings.Fields(command)...).mustBeUsage(t, "KEY_FILE names a file that is not there ("+path+"), though", "for example KEY_FILE=/")
	}
	if s := speak(t, w.environ(), "doctor"); s.code != 1 || !strings.Contains(s.out, "✗ keys        KEY_FILE names a file that is not there ("+path+")") {
		t.Errorf("koprik doctor: got %+v", s)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the lost file: got %v, want that none was made", err)
	}
	if _, err := storage.OpenSeals(path, true); err != nil {
		t.Fatal(err)
	}
	speak(t, w.environ(), "run").mustBeUsage(t, "KEY_FILE names a file with other keys than the database was sealed with", "for example KEY_FILE=/")
	if err := os.WriteFile(path, right, 0o600); err != nil {
		t.Fatal(err)
	}
	w.run().ready()
}

func TestABotWhoseRedisIsAwayStartsWithoutIt(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served()
	w.env["REDIS_URL"] = "redis://127.0.0.1:1/0"
	p := w.run()
	p.ready()
	u := w.person("Resident")
	u.Start("")
	w.settle()
	if u.Received() != 1 {
		t.Errorf("answers: got %d, want 1", u.Received())
	}
	if !strings.Contains(p.said.String(), "Redis does not answer") {
		t.Errorf("the log does not say that Redis is away: %s", p.said)
	}
}

func TestTheBotWorksWhileTelegramIsAwayAndGreetsItWhenItIsBack(t *testing.T) {
	t.Parallel()
	long(t)
	for _, mode := range []string{"poll", "webhook"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := newTown(t).served()
			w.env["TELEGRAM_MODE"], w.env["WEBHOOK_URL"], w.env["WEBHOOK_SECRET"] = mode, "http://"+w.env["HTTP_ADDR"], "sixteen-letters-of-secret"
			for name, fault := range map[string]*simulator.Fault{
				"away": {Status: 502, Body: "<html>"}, "too much": {Status: 429, Body: `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}`},
			} {
				w.telegram.SetFault(func(method string, _ int64) *simulator.Fault {
					if name == "too much" && method == "getMe" {
						return nil
					}
					return fault
				})
				p := w.run()
				eventually(t, "the bot listens", waiting, func() bool { return status(p.at, "/healthz") == 200 || p.over() })
				if mode == "webhook" || name == "away" {
					eventually(t, "the bot says that Telegram does not answer", waiting, func() bool {
						return strings.Contains(p.said.String(), "Telegram does not answer") || p.over()
					})
					if code, said := fetch(p.at, "/readyz"); code != 503 || said != "not ready: telegram\n" {
						t.Errorf("%s: readyz: got %d %q, want not ready for Telegram's sake", name, code, said)
					}
					if code, _ := fetch(p.at, "/metrics"); code != 200 {
						t.Errorf("%s: metrics: got %d, want 200", name, code)
					}
				}
				if name == "away" {
					w.mustBeat(p)
				}
				if took := p.stop(); took > 5*time.Second {
					t.Errorf("%s: SIGTERM to exit: got %s", name, took)
				}
				q := w.run()
				w.telegram.SetFault(nil)
				q.ready()
				q.stop()
			}
		})
	}
}

// mustBeat waits until the scheduler of a bot that has not met Telegram yet has
// filled the clock in Redis.
func (w *town) mustBeat(p *process) {
	w.t.Helper()
	client, err := storage.OpenRedis(w.env["REDIS_URL"])
	if err != nil {
		w.t.Fatal(err)
	}
	defer client.Close()
	eventually(w.t, "the clock runs", waiting, func() bool {
		whole, err := storage.NewAcks(client).Whole(w.t.Context())
		return err == nil && whole || p.over()
	})
}
