package local

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// oldestMajor is the oldest release of PostgreSQL that is started here.
const oldestMajor = 14

// programs are one release of PostgreSQL's initdb and postgres.
type programs struct {
	bin   string // the folder they are in
	major int    // their release: 15, 17, …
}

// search is where programs are looked for.
type search struct {
	folders func() []string // those that may hold a release
	from    string          // the repository to fetch from; empty: do not
}

func onThisMachine(o Options) search {
	if o.NoFetch {
		return search{folders: systemFolders}
	}
	return search{folders: systemFolders, from: fetchFrom}
}

// forData returns the programs for a data directory: of the release that made
// the data, or the newest where there are none yet.
func (s search) forData(ctx context.Context, where place, log *slog.Logger) (programs, error) {
	major, err := majorOf(where.data)
	if err != nil {
		return programs{}, err
	}
	found := s.all(where.base)
	if best, ok := choose(found, major); ok {
		return best, nil
	}
	if s.from != "" {
		if err := fetchPrograms(ctx, s.from, where.base, major, log); err != nil {
			return programs{}, err
		}
		if best, ok := choose(s.all(where.base), major); ok {
			return best, nil
		}
		return programs{}, errNotFetched
	}
	if len(found) > 0 && major > 0 {
		return programs{}, &MissingError{fmt.Sprintf("the data in %s need PostgreSQL %d: install it with: apt-get install postgresql-%d", where.data, major, major)}
	}
	return programs{}, errNoPostgres
}

// all lists the releases in the folders, and the one fetched earlier.
func (s search) all(base string) (found []programs) {
	for _, folder := range append(s.folders(), filepath.Join(base, "pgsql", "bin")) {
		if p, ok := inspect(folder); ok {
			found = append(found, p)
		}
	}
	return found
}

// majorOf returns the release that made a data directory, 0 if there is none.
func majorOf(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func choose(found []programs, major int) (best programs, ok bool) {
	for _, p := range found {
		fits := p.major == major || major == 0 && p.major >= oldestMajor
		if fits && p.major > best.major {
			best, ok = p, true
		}
	}
	return best, ok
}

// systemFolders are where distributions put PostgreSQL's programs.
func systemFolders() (folders []string) {
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(path))
		}
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*"} {
		matches, _ := filepath.Glob(pattern)
		folders = append(folders, matches...)
	}
	return folders
}

// A distribution may put its own name before or after the number.
var release = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func inspect(folder string) (programs, bool) {
	if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
		return programs{}, false
	}
	said, err := exec.Command(filepath.Join(folder, "postgres"), "-V").Output()
	match := release.FindSubmatch(said)
	if err != nil || match == nil {
		return programs{}, false
	}
	major, err := strconv.Atoi(string(match[1]))
	return programs{bin: folder, major: major}, err == nil
}
