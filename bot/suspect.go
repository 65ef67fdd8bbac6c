package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"koprik/storage"
)

// mostDeaths is at how many deaths of the program an update may have been in hand
// before it is taken for their cause.
const mostDeaths = 4

// errDeadly says that the program died whenever an update was in hand.
var errDeadly = errors.New("bot: the program died of it")

// suspect commits that an update is in hand of which the program may have died, or
// puts it aside for good. What was in hand together comes back at different moments, so
// that the one is soon told from the others.
func (w *Worker) suspect(tx *storage.Tx, j *job) error {
	if j.update.Deaths >= mostDeaths {
		return w.putOff(tx, j, errDeadly)
	}
	return tx.SuspectInHand(j.update, time.Second+rand.N(3*time.Second))
}

// resume handles a suspect update of which it is committed that it is in hand.
func (w *Worker) resume(ctx context.Context, j *job) (held bool, err error) {
	update := j.update
	err = storage.Safely(func() error {
		return w.o.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
			*j = job{update: update}
			if held, err = tx.HoldUpdate(update); err != nil || !held {
				return err
			}
			return w.attempt(tx, j)
		})
	})
	if passed(err) {
		w.outlive(ctx, update)
	}
	return held, err
}

// outlive takes back that it is in hand; where that fails too, one death is counted
// that there was not.
func (w *Worker) outlive(ctx context.Context, u storage.Update) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRecord)
	defer cancel()
	err := w.o.DB.InTx(ctx, func(tx *storage.Tx) error { tx.Outlived(u); return nil })
	if err != nil {
		w.o.Log.Warn("a suspect update is counted once too often", "update", u.ID, "error", storage.Loggable(err))
	}
}
