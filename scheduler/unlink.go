package scheduler

import (
	"context"
	"errors"
	"time"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

// mostUnlinked is how many cases are looked for at once.
const mostUnlinked = 200

// Unlinking is the job that forgets who reported a case without being named,
// some time after its end: every night, each case in a transaction of its own.
func Unlinking(desk *casework.Desk) (Job, error) {
	job, err := At("unlinking", "45 3 * * *", 20*time.Hour, nil)
	job.After = func(ctx context.Context, db *storage.DB, now time.Time) error { return unlink(ctx, db, desk, now) }
	return job, err
}

func unlink(ctx context.Context, db *storage.DB, desk *casework.Desk, now time.Time) error {
	var failed error
	for after := mahalla.CaseID(0); ; {
		var list []mahalla.CaseID
		err := db.InTx(ctx, func(tx *storage.Tx) (err error) {
			list, err = desk.MayUnlink(tx, after, mostUnlinked, now)
			return err
		})
		if err != nil || len(list) == 0 {
			return errors.Join(failed, err)
		}
		for _, id := range list {
			after = id
			err := db.InTx(ctx, func(tx *storage.Tx) error { return desk.Unlink(tx, id, now) })
			failed = errors.Join(failed, err)
		}
	}
}
