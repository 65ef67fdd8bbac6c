package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Silence is what Loggable says of every error that means no more than that the
// database is away, so that whoever writes the log knows one outage as one.
const Silence = "the database does not answer"

// Away tells whether an error says nothing of what was asked, only that the
// database could not be asked, or went away meanwhile.
func Away(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P"): // broken, or shutting down
			return true
		}
		return pg.Code == "53300" || pg.Code == "25P03" // no connection left; cut off for idling
	}
	var dial *pgconn.ConnectError
	var network *net.OpError
	return errors.Is(err, errUnasked) || errors.As(err, &dial) || errors.As(err, &network) ||
		errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Passing tells whether an error may be gone the next time though nothing else
// has changed: the database is away or busy, or has undone a transaction for
// the sake of another one.
func Passing(err error) bool {
	return Away(err) || serialization(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// Lasting tells whether an error is one of what was asked, which no repetition mends:
// neither passing, nor one of a server that is short of something, broken, or only
// reads, nor of a statement that took too long or waited for a lock.
func Lasting(err error) bool {
	if err == nil || Passing(err) || takesNothing(err) || pgconn.Timeout(err) {
		return false
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) && len(pg.Code) == 5 {
		switch pg.Code[:2] {
		case "53", "55", "57", "58":
			return false
		}
	}
	return true
}

// errUnasked says that there was no connection to ask anything by.
var errUnasked = errors.New("no connection")

// unasked wraps the error of a connection that was not to be had.
func unasked(err error) error {
	if errors.Is(err, context.Canceled) {
		return wrap(err)
	}
	return fmt.Errorf("storage: %w: %w", errUnasked, err)
}

// wrap says once where an error comes from.
func wrap(err error) error {
	if err == nil || strings.HasPrefix(err.Error(), "storage: ") {
		return err
	}
	return fmt.Errorf("storage: %w", err)
}

// Reason says in words without an address why a server did not let us in; it is
// empty where nothing is known.
func Reason(err error) string {
	var pg *pgconn.PgError
	var dns *net.DNSError
	var network *net.OpError
	switch {
	case errors.Is(err, ErrURL):
		return "its address cannot be read"
	case errors.As(err, &pg):
		return refusal(pg.Code)
	case errors.As(err, &dns):
		return "its host is not known by name"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "its host does not answer"
	case errors.As(err, &network):
		return "nothing answers at its address"
	case strings.Contains(strings.ToLower(err.Error()), "tls"):
		return "it speaks no TLS, or shows a certificate that is not trusted: see sslmode"
	}
	return ""
}

// refusal says what a code of PostgreSQL means for somebody who connects.
func refusal(code string) string {
	switch code {
	case "28P01", "28000":
		return "it refuses the user or the password"
	case "3D000":
		return "it has no such database: createdb"
	case "42501":
		return "its user may not make or read our tables"
	case "53300":
		return "it has no connection left"
	case "57P03":
		return "it is starting up or shutting down"
	}
	return "it refuses us with SQLSTATE " + code
}
