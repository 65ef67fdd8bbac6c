package local

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
)

// place is where one PostgreSQL keeps its files, and as whom.
type place struct {
	base   string   // holds the data and, if they were fetched, the programs
	data   string   // the data directory
	socket string   // a private directory for the unix socket
	as     *account // owns the last two
}

// lock holds a directory for one process. The kernel lets go of it when that
// process ends, and a child does not inherit it.
func lock(dir, name string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	_ = file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s is %w: stop that one first, or choose another directory", dir, ErrInUse)
	}
	return nil, fmt.Errorf("locking %s: %w", dir, err)
}

// makeDir makes the directory that a caller named and returns its real path.
// Only root lets others pass through it, for PostgreSQL's own user.
func makeDir(dir string) (string, error) {
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return "", err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

const dataName = "postgres"

// Exists tells whether a PostgreSQL was ever started in dir. It makes nothing.
func Exists(dir string) bool {
	for _, name := range []string{"postgres.lock", dataName} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// choosePlace keeps the data in dir, or in a directory named after it where
// the account that PostgreSQL runs as cannot reach dir, as below /root.
func choosePlace(dir string, durable bool, log *slog.Logger) (place, error) {
	as := postgresAccount().orOwner(filepath.Join(dir, dataName))
	base := dir
	if !as.reaches(dir) {
		var err error
		if base, err = outside(dir, as, durable); err != nil {
			return place{}, err
		}
		as = as.orOwner(filepath.Join(base, dataName))
		log.Info("PostgreSQL's data is kept outside the data directory, which the user it runs as cannot reach",
			"user", as.name, "data_dir", dir, "postgres_dir", base)
	}
	if err := as.inherit(filepath.Join(base, dataName), filepath.Join(base, "postgres.socket")); err != nil {
		return place{}, err
	}
	socket, err := socketDir(base, "postgres", ".s.PGSQL.5432", as)
	return place{base: base, data: filepath.Join(base, dataName), socket: socket, as: as}, err
}

// outside returns a directory that everybody can pass through. Data that must
// last are not put where the system clears up.
func outside(dir string, as *account, durable bool) (string, error) {
	parents := []string{"/var/lib/koprik"}
	if !durable {
		parents = append(parents, filepath.Join(os.TempDir(), "koprik"))
	}
	for _, parent := range parents {
		base := filepath.Join(parent, shortHash(dir))
		if os.MkdirAll(base, 0o755) == nil && as.reaches(base) {
			return base, nil
		}
	}
	return "", fmt.Errorf("user %s, as whom PostgreSQL runs, cannot reach %s: choose a directory that it can pass through, such as /srv/koprik", as.name, dir)
}

// The path of a unix socket has at most 107 bytes on Linux and 103 elsewhere.
const longestSocket = 103

// socketDir makes a private directory for a server's socket, the same one for
// the same dir each time, so that the address outlives the server.
func socketDir(dir, server, socket string, as *account) (string, error) {
	short := "koprik-" + shortHash(filepath.Join(dir, server))
	path := filepath.Join(dir, server+".socket")
	for _, next := range []string{filepath.Join(os.TempDir(), short), filepath.Join("/tmp", short)} {
		if len(filepath.Join(path, socket)) > longestSocket {
			path = next
		}
	}
	return path, as.privateDir(path)
}

func shortHash(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:6])
}
