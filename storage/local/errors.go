package local

import "errors"

// ErrInUse says that another process has its servers in the same directory.
var ErrInUse = errors.New("in use by another process")

// MissingError says in one line which program is missing and how to install it.
type MissingError struct{ text string }

// Error returns that line.
func (e *MissingError) Error() string { return e.text }

const installPostgres = "install them with: apt-get install postgresql"

var (
	errNoPostgres = &MissingError{"PostgreSQL's programs were not found: " + installPostgres}
	errNotFetched = &MissingError{"PostgreSQL's programs were not found and could not be fetched: " + installPostgres}
	errNoRedis    = &MissingError{"redis-server was not found: install it with: apt-get install redis-server"}
)
