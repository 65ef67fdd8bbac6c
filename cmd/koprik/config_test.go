package main

import (
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"koprik/bot/simulator"
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

// mustBeUsage checks the shape of every complaint: exit code 2, one line that
// names what is wrong, nothing secret, no stack.
func (s spoken) mustBeUsage(t *testing.T, parts ...string) {
	t.Helper()
	if s.code != 2 {
		t.Errorf("exit code: got %d, want 2: %s%s", s.code, s.out, s.errs)
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
	good := newTown(t)
	database := storagetest.Postgres(t)
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
		{"the file of a token is missing", []string{"TELEGRAM_TOKEN=", "TELEGRAM_TOKEN_FILE=/nowhere/token"}, []string{"TELEGRAM_TOKEN_FILE names a file that cannot be read", "for example TELEGRAM_TOKEN_FILE=/run/secrets/telegram_token"}},
		{"the file of a password is missing", []string{"DATABASE_URL_FILE=/nowhere/database"}, []string{"DATABASE_URL_FILE names a file", "for example"}},
		{"an API that is no address", []string{"TELEGRAM_API_URL=telegram"}, []string{"TELEGRAM_API_URL is not an address", "for example TELEGRAM_API_URL=https://api.telegram.org"}},
		{"an API with a password", []string{"TELEGRAM_API_URL=http://me:" + secretPassword + "@127.0.0.1"}, []string{"TELEGRAM_API_URL is not an address", "for example"}},
		{"an API with a question", []string{"TELEGRAM_API_URL=http://127.0.0.1/?a=" + secretPassword}, []string{"TELEGRAM_API_URL is not an address", "for example"}},
		{"an API of another kind", []string{"TELEGRAM_API_URL=ftp://127.0.0.1"}, []string{"TELEGRAM_API_URL is not an address", "for example"}},
		{"an unknown mode", []string{"TELEGRAM_MODE=push"}, []string{"TELEGRAM_MODE is neither poll nor webhook", "for example TELEGRAM_MODE=poll"}},
		{"a webhook without an address", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_SECRET=sixteen-letters-of-secret"}, []string{"WEBHOOK_URL is missing", "for example WEBHOOK_URL=https://"}},
		{"a webhook without a secret", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=https://koprik.example.uz"}, []string{"WEBHOOK_SECRET is missing", "for example WEBHOOK_SECRET="}},
		{"a webhook with a short secret", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=https://koprik.example.uz", "WEBHOOK_SECRET=pa55word"}, []string{"WEBHOOK_SECRET is", "for example"}},
		{"a webhook that Telegram refuses", []string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=http://koprik.example.uz", "WEBHOOK_SECRET=sixteen-letters-of-secret", "DATABASE_URL=" + database}, []string{"WEBHOOK_URL was refused by Telegram", "for example WEBHOOK_URL=https://"}},
		{"a database of another kind", []string{"DATABASE_URL=mysql://me:" + secretPassword + "@localhost/koprik"}, []string{"DATABASE_URL is not an address of PostgreSQL", "for example DATABASE_URL=postgres://"}},
		{"a database that is not there", []string{"DATABASE_URL=postgres://me:" + secretPassword + "@127.0.0.1:1/koprik"}, []string{"DATABASE_URL names a server that does not answer", "for example DATABASE_URL=postgres://"}},
		{"a database with an unknown setting", []string{"DATABASE_URL=postgres://me:" + secretPassword + "@127.0.0.1:1/koprik?sslmode=perhaps"}, []string{"DATABASE_URL names", "for example"}},
		{"a Redis of another kind", []string{"REDIS_URL=http://:" + secretPassword + "@localhost"}, []string{"REDIS_URL is not an address of Redis", "for example REDIS_URL=redis://"}},
		{"a Redis with an unknown database", []string{"REDIS_URL=redis://:" + secretPassword + "@localhost/zero", "DATABASE_URL=" + database}, []string{"REDIS_URL is not an address of Redis", "for example"}},
		{"a data directory that is a file", []string{"DATA_DIR=" + file}, []string{"DATA_DIR names", "for example DATA_DIR=./data"}},
		{"a key file that is none of ours", []string{"KEY_FILE=" + file}, []string{"KEY_FILE", "for example KEY_FILE="}},
		{"a key file that is a directory", []string{"KEY_FILE=" + filepath.Dir(file)}, []string{"KEY_FILE", "for example KEY_FILE="}},
		{"an address without a port", []string{"HTTP_ADDR=127.0.0.1"}, []string{"HTTP_ADDR has no port", "for example HTTP_ADDR=127.0.0.1:8080"}},
		{"an address that is in use", []string{"HTTP_ADDR=" + taken.Addr().String(), "DATABASE_URL=" + database}, []string{"HTTP_ADDR cannot be listened on", "for example HTTP_ADDR="}},
		{"an unknown level of the log", []string{"LOG_LEVEL=chatty"}, []string{"LOG_LEVEL is not one of debug, info, warn, error", "for example LOG_LEVEL=info"}},
		{"limits that are neither on nor off", []string{"TELEGRAM_NO_LIMITS=perhaps"}, []string{"TELEGRAM_NO_LIMITS is neither true nor false", "for example TELEGRAM_NO_LIMITS=false"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			environ := append(good.environ("DATA_DIR="+storagetest.Dir(t), "TELEGRAM_NO_LIMITS="), test.environ...)
			speak(t, environ, "run").mustBeUsage(t, test.want...)
		})
	}
}

func TestAMistakeOnTheCommandLineIsOneLine(t *testing.T) {
	t.Parallel()
	w := newTown(t).served()
	environ := w.environ()
	if s := speak(t, environ, "import", "territory", demoTerritory); s.code != 0 {
		t.Fatalf("importing the territory: got %+v", s)
	}
	nonsense := filepath.Join(t.TempDir(), "file.csv")
	if err := os.WriteFile(nonsense, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"frobnicate"}, "frobnicate"},
		{[]string{"run", "--fast"}, "--fast"},
		{[]string{"run", "twice"}, "twice"},
		{[]string{"import", "territory"}, "<file>"},
		{[]string{"import", "territory", "/nowhere/file.csv"}, "/nowhere/file.csv cannot be read"},
		{[]string{"import", "territory", nonsense}, "column"},
		{[]string{"import", "people", nonsense}, "people"},
		{[]string{"invite"}, "--role"},
		{[]string{"invite", "--role", "inspector"}, "--territory"},
		{[]string{"invite", "--role", "king", "--territory", "DEMO-1011"}, `"king" is not one of`},
		{[]string{"invite", "--role", "resident", "--territory", "DEMO-1011"}, `"resident" is not one of`},
		{[]string{"invite", "--role", "inspector", "--territory", "Atlantis"}, `no territory has the code or name "Atlantis"`},
		{[]string{"invite", "--role", "inspector", "--territory", ""}, "territory"},
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
	for _, args := range [][]string{{"help"}, {"--help"}, {"run", "--help"}, {"invite", "--help"}, {"version"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			s := speak(t, nil, args...)
			if s.code != 0 || s.out == "" || s.errs != "" {
				t.Errorf("got %+v, want exit code 0 and words on the output only", s)
			}
		})
	}
	help := speak(t, nil, "help").out
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
	c, err = readConfig([]string{"TELEGRAM_TOKEN=1:variable-wins", "TELEGRAM_TOKEN_FILE=" + file, "DATA_DIR=/srv/koprik"})
	if err != nil || c.Token != "1:variable-wins" || c.KeyFile != "/srv/koprik/keys.json" {
		t.Errorf("a variable beside its file: got %+v, %v; want the variable", c, err)
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

func TestTheBotWaitsForATelegramThatIsAway(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served()
	telegram := httptest.NewUnstartedServer(w.telegram)
	w.env["TELEGRAM_API_URL"] = "http://" + telegram.Listener.Addr().String()
	t.Cleanup(telegram.Close)
	w.telegram.SetFault(func(string, int64) *simulator.Fault { return &simulator.Fault{Status: 502, Body: "<html>"} })
	telegram.Start()
	p := w.run()
	eventually(t, "the bot says that Telegram is away", waiting, func() bool {
		return strings.Contains(p.said.String(), "Telegram does not answer") || p.over()
	})
	w.telegram.SetFault(nil)
	p.ready()
	p.stop()
}
