package scheduler

import (
	"context"
	"errors"
	"time"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

// formerKept is how long the name and number of somebody are kept whose last role
// has ended.
const formerKept = 30 * 24 * time.Hour

// Erasing is the job that deletes words whose time is over, and goes on with
// people who have asked to be forgotten: every night, each case and each person
// in a transaction of their own.
func Erasing(desk *casework.Desk) (Job, error) {
	job, err := At("erasing", "15 4 * * *", 20*time.Hour, nil)
	job.After = func(ctx context.Context, db *storage.DB, now time.Time) error {
		former := db.InTx(ctx, func(tx *storage.Tx) error { tx.ForgetFormer(now.Add(-formerKept)); return nil })
		return errors.Join(eraseWords(ctx, db, desk, now), depart(ctx, db, desk, now), former)
	}
	return job, err
}

func eraseWords(ctx context.Context, db *storage.DB, desk *casework.Desk, now time.Time) error {
	var failed error
	for after := (storage.Ended{}); ; {
		var list []storage.Ended
		err := db.InTx(ctx, func(tx *storage.Tx) (err error) {
			list, err = desk.MayErase(tx, after, mostUnlinked, now)
			return err
		})
		if err != nil || len(list) == 0 {
			return errors.Join(failed, err)
		}
		for _, one := range list {
			after = one
			failed = errors.Join(failed, db.InTx(ctx, func(tx *storage.Tx) error { return desk.Erase(tx, one.Case, now) }))
		}
	}
}

// depart goes over the people who have asked to be forgotten.
func depart(ctx context.Context, db *storage.DB, desk *casework.Desk, now time.Time) error {
	var failed error
	for after := mahalla.PersonID(0); ; {
		var list []storage.Recipient
		err := db.InTx(ctx, func(tx *storage.Tx) (err error) {
			list, err = tx.Leavers(after, mostUnlinked)
			return err
		})
		if err != nil || len(list) == 0 {
			return errors.Join(failed, err)
		}
		for _, one := range list {
			after = one.Person
			failed = errors.Join(failed, departOne(ctx, db, desk, one, now))
		}
	}
}

func departOne(ctx context.Context, db *storage.DB, desk *casework.Desk, who storage.Recipient, now time.Time) error {
	for range 2 { // again after the cases without a name are gone
		var unnamed []mahalla.CaseID
		err := db.InTx(ctx, func(tx *storage.Tx) (err error) {
			unnamed, err = desk.Depart(tx, who, now)
			return err
		})
		if err != nil || len(unnamed) == 0 {
			return err
		}
		for _, id := range unnamed {
			if err := db.InTx(ctx, func(tx *storage.Tx) error { return desk.DepartUnnamed(tx, id, now) }); err != nil {
				return err
			}
		}
	}
	return nil
}
