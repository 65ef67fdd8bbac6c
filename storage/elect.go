package storage

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Task is something that of all replicas one does at a time.
type Task int32

// The tasks.
const (
	TaskPoll Task = iota + 1
)

// taskLocks is the class of the advisory locks that mean "this task is taken".
const taskLocks = 2

// ErrLost says that the connection behind a task broke; somebody else may have
// the task by now.
var ErrLost = errors.New("storage: the task was lost")

// Elect waits until this replica alone holds the task. The context it returns
// ends when the task is lost or resigned; resign must be called.
//
// The lock lives on a connection of its own and is gone with it. A connection
// whose other end has vanished is noticed within seconds here, and by
// PostgreSQL through TCP keep-alives.
func (db *DB) Elect(ctx context.Context, task Task) (held context.Context, resign func(), err error) {
	conn, err := pgx.ConnectConfig(ctx, db.work.Config().ConnConfig.Copy())
	if err != nil {
		return nil, nil, wrap(err)
	}
	if err := takeTask(ctx, conn, task); err != nil {
		closeSoon(conn)
		return nil, nil, wrap(err)
	}
	held, lose := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		watch(held, conn, lose)
		closeSoon(conn)
	}()
	return held, func() { lose(context.Canceled); <-done }, nil
}

// takeTask asks again and again rather than waiting inside PostgreSQL, where a
// statement may only last so long.
func takeTask(ctx context.Context, conn *pgx.Conn, task Task) error {
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for {
		var mine bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", taskLocks, task).Scan(&mine); err != nil || mine {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// watch ends when the connection no longer answers or nobody wants it.
func watch(ctx context.Context, conn *pgx.Conn, lose context.CancelCauseFunc) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		ping, cancel := context.WithTimeout(ctx, 3*time.Second)
		err := conn.Ping(ping)
		cancel()
		if err != nil {
			lose(ErrLost)
			return
		}
	}
}

func closeSoon(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // nothing hangs on it
}
