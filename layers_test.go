// Package layers_test keeps the layers of ARCHITECTURE.md: who may import whom,
// which package owns which library, and who may read the clock. It reads source
// only, of every platform at once.
package layers_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "koprik/"

// rooms lists every package folder and which of ours it may import. A folder
// that is not listed fails the test: where it stands has to be decided first.
var rooms = map[string][]string{
	"mahalla":             {},
	"locales":             {"mahalla"},
	"locales/cyrillic":    {"locales"}, // a generator
	"storage":             {"mahalla"},
	"storage/local":       {},
	"storage/storagetest": {"mahalla", "storage", "storage/local"},
	"casework":            {"mahalla", "locales", "storage"},
	"bot":                 {"mahalla", "storage"},
	"bot/simulator":       {},
	"bot/simulator/page":  {}, // the demo page, on the simulator's HTTP API alone
	"handlers":            {"mahalla", "locales", "casework", "bot"},
	"handlers/web":        {"mahalla", "locales", "casework", "bot"},
	"scheduler":           {"mahalla", "storage", "casework"},
	"cmd/koprik": {
		"mahalla", "locales", "storage", "storage/local", "casework",
		"bot", "bot/simulator", "bot/simulator/page", "handlers", "handlers/web", "scheduler",
	},
	"bench": {
		"mahalla", "locales", "storage", "storage/local", "storage/storagetest", "casework",
		"bot", "bot/simulator", "handlers", "handlers/web", "scheduler",
	},
}

// owners says below which folder alone a library may be imported. The benchmark
// may import any: it compares the program with the bare libraries.
var owners = map[string]string{
	"github.com/jackc":              "storage",
	"github.com/redis":              "storage",
	"github.com/go-redis":           "storage",
	"github.com/alicebob/miniredis": "storage/local",
	"github.com/fergusstrange":      "storage/local",
	"github.com/tink-crypto":        "storage",
	"github.com/nicksnyder/go-i18n": "locales",
	"github.com/paulmach/orb":       "casework", // storage keeps boundaries as bytes
	"gonum.org/v1/plot":             "casework", // draws the weekly picture
	"codeberg.org/go-fonts":         "casework",
	"github.com/arran4/golang-ical": "casework", // meetings for the calendars of phones
	"codeberg.org/go-pdf":           "casework", // writes the minutes of meetings
	"github.com/go-telegram/bot":    "bot",
	"github.com/robfig/cron":        "casework", // reads what people type; the scheduler asks there
	"github.com/alecthomas/kong":    "cmd",
	"filippo.io/age":                "cmd",
	"github.com/caarlos0/env":       "cmd",
}

// impure is what the rules must not touch: the world, and chance.
var impure = []string{
	"context", "database/sql", "net", "os", "io", "log", "syscall",
	"math/rand", "crypto/rand", "testing",
}

// clocks may read time.Now: the program itself, and what only stands in for the
// world in tests and the demo.
var clocks = []string{"cmd", "bot/simulator", "storage/local", "storage/storagetest", "bench"}

func TestTheLayersHold(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, file := range sources(t) {
		room := path.Dir(file)
		seen[room] = true
		for _, complaint := range look(file, nil) {
			t.Error(complaint)
		}
	}
	for _, room := range []string{"mahalla", "locales", "storage", "bot/simulator"} {
		if !seen[room] {
			t.Errorf("%s was not looked at: got %v", room, slices.Sorted(maps.Keys(seen)))
		}
	}
}

func TestTheTableItselfGoesDown(t *testing.T) {
	t.Parallel()
	for room, may := range rooms {
		for _, below := range may {
			if _, ok := rooms[below]; !ok {
				t.Errorf("%s may import %s, which is no room", room, below)
			}
			if slices.Contains(rooms[below], room) {
				t.Errorf("%s and %s may import each other", room, below)
			}
		}
	}
}

// TestEveryGuardNotices proves each guard by a file that breaks it.
func TestEveryGuardNotices(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file, source, want string
	}{
		{"imports go down", "mahalla/x.go", `import _ "koprik/locales"`, "mahalla/x.go: may not import koprik/locales"},
		{"imports do not go sideways", "scheduler/x.go", `import _ "koprik/bot"`, "scheduler/x.go: may not import koprik/bot"},
		{"handlers may import the bot", "handlers/x.go", `import _ "koprik/bot"`, ""},
		{"the bot may not import its handlers", "bot/x.go", `import _ "koprik/handlers"`, "bot/x.go: may not import koprik/handlers"},
		{"a room below another has rights of its own", "bot/simulator/x.go", `import _ "koprik/mahalla"`, "bot/simulator/x.go: may not import koprik/mahalla"},
		{"only the program imports the simulator", "handlers/x.go", `import _ "koprik/bot/simulator"`, "handlers/x.go: may not import koprik/bot/simulator"},
		{"nobody imports the program", "handlers/x.go", `import _ "koprik/cmd/koprik"`, "handlers/x.go: may not import koprik/cmd/koprik"},
		{"a new room needs a decision", "util/x.go", ``, "util/x.go: util is not in the table of layers"},
		{"the root has no code", "x.go", ``, "x.go: . is not in the table of layers"},
		{"SQL is storage's", "casework/x.go", `import _ "github.com/jackc/pgx/v5/pgxpool"`, "casework/x.go: github.com/jackc/pgx/v5/pgxpool belongs to storage"},
		{"below storage SQL is known", "storage/local/x.go", `import _ "github.com/jackc/pgx/v5"`, ""},
		{"Redis is storage's", "scheduler/x.go", `import _ "github.com/redis/go-redis/v9"`, "scheduler/x.go: github.com/redis/go-redis/v9 belongs to storage"},
		{"the benchmark measures SQL without storage", "bench/x.go", `import _ "github.com/jackc/pgx/v5"`, ""},
		{"sealing is storage's", "bot/x.go", `import _ "github.com/tink-crypto/tink-go/v2/aead"`, "bot/x.go: github.com/tink-crypto/tink-go/v2/aead belongs to storage"},
		{"words are the locales'", "handlers/x.go", `import _ "github.com/nicksnyder/go-i18n/v2/i18n"`, "handlers/x.go: github.com/nicksnyder/go-i18n/v2/i18n belongs to locales"},
		{"maps are casework's", "storage/x.go", `import _ "github.com/paulmach/orb/planar"`, "storage/x.go: github.com/paulmach/orb/planar belongs to casework"},
		{"pictures are casework's", "bot/x.go", `import _ "gonum.org/v1/plot/vg/vgimg"`, "bot/x.go: gonum.org/v1/plot/vg/vgimg belongs to casework"},
		{"letters too", "bot/x.go", `import _ "codeberg.org/go-fonts/liberation/liberationsansbold"`, "bot/x.go: codeberg.org/go-fonts/liberation/liberationsansbold belongs to casework"},
		{"so are calendar files", "handlers/web/x.go", `import _ "github.com/arran4/golang-ical"`, "handlers/web/x.go: github.com/arran4/golang-ical belongs to casework"},
		{"documents too", "bot/x.go", `import _ "codeberg.org/go-pdf/fpdf"`, "bot/x.go: codeberg.org/go-pdf/fpdf belongs to casework"},
		{"Telegram is the bot's", "handlers/x.go", `import _ "github.com/go-telegram/bot/models"`, "handlers/x.go: github.com/go-telegram/bot/models belongs to bot"},
		{"cron expressions are casework's", "scheduler/x.go", `import _ "github.com/robfig/cron/v3"`, "scheduler/x.go: github.com/robfig/cron/v3 belongs to casework"},
		{"the command line is the program's", "storage/x.go", `import _ "github.com/alecthomas/kong"`, "storage/x.go: github.com/alecthomas/kong belongs to cmd"},
		{"the environment is the program's", "bot/x.go", `import _ "github.com/caarlos0/env/v11"`, "bot/x.go: github.com/caarlos0/env/v11 belongs to cmd"},
		{"the program has its own libraries", "cmd/koprik/x.go", `import _ "github.com/alecthomas/kong"`, ""},
		{"a longer name is another library", "bot/x.go", `import _ "github.com/jackcc/pgx"`, ""},
		{"rules have no context", "mahalla/x.go", `import _ "context"`, "mahalla/x.go: rules may not import context"},
		{"rules have no database", "mahalla/x.go", `import _ "database/sql"`, "mahalla/x.go: rules may not import database/sql"},
		{"rules have no network", "mahalla/x.go", `import _ "net/http"`, "mahalla/x.go: rules may not import net/http"},
		{"rules have no libraries", "mahalla/x.go", `import _ "golang.org/x/text/language"`, "mahalla/x.go: rules may not import golang.org/x/text/language"},
		{"rules may reckon with time", "mahalla/x.go", `import "time"; var _ = time.Time{}`, ""},
		{"rules do not read the clock", "mahalla/x.go", `import "time"; var _ = time.Now()`, "mahalla/x.go: reads time.Now"},
		{"nor does anything else", "handlers/web/x.go", `import "time"; var clock = time.Now`, "handlers/web/x.go: reads time.Now"},
		{"nor under another name", "bot/x.go", `import clock "time"; var _ = clock.Now()`, "bot/x.go: reads time.Now"},
		{"nor without a name", "bot/x.go", `import . "time"; var _ = Now()`, "bot/x.go: reads time.Now"},
		{"nor by what has passed", "storage/x.go", `import "time"; var _ = time.Since(time.Time{})`, "storage/x.go: reads time.Since"},
		{"nor by what is left", "storage/x.go", `import "time"; var _ = time.Until(time.Time{})`, "storage/x.go: reads time.Until"},
		{"a clock that is handed in has a Now too", "storage/x.go", `type clock struct{ Now func() }; func f(time clock) { time.Now() }`, ""},
		{"the program reads the clock", "cmd/koprik/x.go", `import "time"; var _ = time.Now()`, ""},
		{"so does the simulator", "bot/simulator/x.go", `import "time"; var _ = time.Now()`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(look(test.file, "package x\n"+test.source), "; ")
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// sources lists the Go files of the module that are no tests.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() && name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata") {
			return filepath.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go") {
			files = append(files, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// look lists what is wrong with one file. Its text is source, or read from the
// disk when source is nil.
func look(file string, source any) []string {
	room := path.Dir(file)
	may, ok := rooms[room]
	if !ok {
		return []string{fmt.Sprintf("%s: %s is not in the table of layers", file, room)}
	}
	tree, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", file, err)}
	}
	var wrong []string
	for _, spec := range tree.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if what := forbidden(room, may, name); what != "" {
			wrong = append(wrong, file+": "+what)
		}
	}
	if !slices.ContainsFunc(clocks, func(c string) bool { return below(room, c) }) {
		for _, name := range readings(tree) {
			wrong = append(wrong, file+": reads time."+name)
		}
	}
	return wrong
}

// forbidden says what is wrong with an import, if anything.
func forbidden(room string, may []string, name string) string {
	if ours, ok := strings.CutPrefix(name, module); ok {
		if !slices.Contains(may, ours) {
			return "may not import " + name
		}
		return ""
	}
	for library, owner := range owners {
		if room == "bench" && library == "github.com/jackc" {
			continue // its ceiling is a bare loop over the driver
		}
		if below(name, library) && !below(room, owner) && room != "bench" {
			return name + " belongs to " + owner
		}
	}
	if room == "mahalla" {
		foreign := strings.Contains(strings.Split(name, "/")[0], ".")
		if foreign || slices.ContainsFunc(impure, func(i string) bool { return below(name, i) }) {
			return "rules may not import " + name
		}
	}
	return ""
}

// readings lists the functions of package time by which a file reads the clock,
// called or only mentioned.
func readings(tree *ast.File) []string {
	var list []string
	for _, spec := range tree.Imports {
		if spec.Path.Value != `"time"` {
			continue
		}
		local := "time"
		if spec.Name != nil {
			local = spec.Name.Name
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == local && readsClock(n.Sel.Name) {
					list = append(list, n.Sel.Name)
				}
			case *ast.Ident:
				if local == "." && readsClock(n.Name) {
					list = append(list, n.Name)
				}
			}
			return true
		})
	}
	return list
}

func readsClock(name string) bool { return name == "Now" || name == "Since" || name == "Until" }

// below tells whether a slashed name is the other or lies below it.
func below(name, other string) bool { return name == other || strings.HasPrefix(name, other+"/") }
