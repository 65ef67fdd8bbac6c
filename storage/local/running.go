package local

import (
	"errors"
	"log/slog"
)

// Running gives the address of the PostgreSQL that another process of ours has
// started in dir, for a command that is run beside it. It is false when no
// process holds the directory.
func Running(dir string) (url string, ok bool) {
	dir, err := makeDir(dir)
	if err != nil {
		return "", false
	}
	held, err := lock(dir, "postgres.lock")
	if err == nil {
		_ = held.Close()
		return "", false
	}
	if !errors.Is(err, ErrInUse) {
		return "", false
	}
	where, err := choosePlace(dir, true, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", false
	}
	return (&Server{place: where}).URL(), true
}
