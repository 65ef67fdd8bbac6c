package main

import (
	"errors"
	"fmt"
	"strconv"
	"text/tabwriter"
	"time"

	"koprik/storage"
)

type keysCommand struct {
	List   keysList   `cmd:"" help:"List the keys that seal, and how many values each has sealed."`
	Rotate keysRotate `cmd:"" help:"Make a new key and seal everything anew with it, while the bot runs; goes on where it was stopped."`
	Drop   keysDrop   `cmd:"" help:"Take a key out of the key file for good; refused while anything is sealed with it."`
}

type keysList struct{}

// Run prints the keys by their ids, never what they are.
func (keysList) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	list, err := h.db.Keys(c.ctx)
	if err != nil {
		return errors.New("the keys cannot be counted: " + storage.Loggable(err))
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "id\tsince\tvalues\t")
	for _, k := range list {
		note, since := "", "unknown"
		if k.Primary {
			note = "seals"
		}
		if k.Missing {
			note = "not in the key file"
		}
		if !k.Since.IsZero() {
			since = stamp(k.Since)
		}
		fmt.Fprintf(w, "%d\t%s\t%d\t%s\n", k.ID, since, k.Rows, note)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return h.nameDamaged(c)
}

// mostNamed is how many values are named that cannot be opened.
const mostNamed = 20

// nameDamaged says which values no key opens.
func (h *house) nameDamaged(c *call) error {
	list, all, err := h.db.Damaged(c.ctx, mostNamed)
	if err != nil || all == 0 {
		return err
	}
	them := "it"
	if all > 1 {
		them = "them"
	}
	fmt.Fprintf(c.out, "%s be opened with any key in %s, and only a backup can bring %s back:\n", plural(all, "value cannot", "values cannot"), h.config.KeyFile, them)
	for _, d := range list {
		fmt.Fprintf(c.out, "  %s\n", d)
	}
	if all > len(list) {
		fmt.Fprintf(c.out, "  and %d more\n", all-len(list))
	}
	return nil
}

type keysRotate struct {
	Patience time.Duration `default:"30s" help:"How long replicas are waited for that do not have the new key yet."`
}

// Run goes through the steps of a rotation; each may be its last.
func (k keysRotate) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	id, begun, err := h.db.OfferKey(c.ctx)
	if err != nil {
		return h.keyError(err)
	}
	if begun {
		fmt.Fprintf(c.out, "key %d is in %s: copy the file to wherever you keep it, and to the machines of other replicas\n", id, h.config.KeyFile)
	} else {
		fmt.Fprintf(c.out, "the rotation to key %d goes on\n", id)
	}
	if err := k.wait(c, func() error { return h.db.EveryReplicaHolds(c.ctx, id) }); err != nil {
		return h.keyError(err)
	}
	if err := h.db.Promote(c.ctx, id); err != nil {
		return h.keyError(err)
	}
	fmt.Fprintf(c.out, "key %d seals from now on\n", id)
	left, err := k.reseal(c, h)
	switch {
	case err != nil:
		return h.keyError(err)
	case left > 0:
		return fmt.Errorf("%s still sealed with another key: koprik keys list, and koprik keys rotate goes on", plural(left, "value is", "values are"))
	}
	if err := h.nameDamaged(c); err != nil {
		return h.keyError(err)
	}
	_, err = fmt.Fprintln(c.out, "nothing that can be opened is sealed with another key any more; koprik keys drop takes an old one out of the file")
	return err
}

// Between two goes over all values, and how many goes that change nothing are
// enough: values in somebody's hands are passed over, and are free soon.
const (
	resealPause = time.Second
	resealGoes  = 10
)

// reseal goes over all values until none is left, and says how it gets on.
func (k keysRotate) reseal(c *call, h *house) (left int, err error) {
	table, all, shown := "", 0, 0 // all: of every go and table
	defer func() { fmt.Fprintf(c.out, "%s sealed anew in all\n", plural(all, "value was", "values were")) }()
	for idle := 0; ; idle++ {
		before := all
		err := h.db.Reseal(c.ctx, func(now string, done int) {
			idle, all = 0, before+done
			if now != table || all >= shown+10_000 {
				table, shown = now, all
				fmt.Fprintf(c.out, "%s sealed anew so far, now those of %s\n", plural(all, "value", "values"), table)
			}
		})
		if err != nil {
			return 0, err
		}
		err = k.wait(c, func() (err error) {
			left, err = h.db.Left(c.ctx)
			return err
		})
		if err != nil || left == 0 || idle >= resealGoes {
			return left, err
		}
		if err := c.sleep(resealPause); err != nil {
			return 0, err
		}
	}
}

// wait asks again while replicas are behind.
func (k keysRotate) wait(c *call, ask func() error) error {
	for end := time.Now().Add(k.Patience); ; {
		err := ask()
		if !errors.As(err, new(*storage.BehindError)) || time.Now().After(end) {
			return err
		}
		if err := c.sleep(time.Second / 2); err != nil {
			return err
		}
	}
}

// sleep waits, unless the program is told to stop.
func (c *call) sleep(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-c.ctx.Done():
		return errors.New("stopped; calling it again goes on")
	}
}

type keysDrop struct {
	ID string `arg:"" help:"Its id in koprik keys list."`
}

// Run takes a key out.
func (k keysDrop) Run(c *call) error {
	id, err := strconv.ParseInt(k.ID, 10, 64)
	if err != nil {
		return usage{fmt.Errorf("%q is not an id of koprik keys list", k.ID)}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.db.DropKey(c.ctx, id); err != nil {
		return h.keyError(err)
	}
	_, err = fmt.Fprintf(c.out, "key %d is out of %s; backups made before it was rotated away need your copy of the old file\n", id, h.config.KeyFile)
	return err
}

// keyError says what keeps a key from being rotated or dropped.
func (h *house) keyError(err error) error {
	var behind *storage.BehindError
	switch {
	case errors.As(err, &behind):
		return fmt.Errorf("%s not taken the newest keys: copy %s to the machine of each, or update it; then call this again",
			plural(len(behind.Replicas), "running bot has", "running bots have"), h.config.KeyFile)
	case errors.Is(err, storage.ErrNoSuchKey):
		return errors.New("no key has that id: koprik keys list")
	case errors.Is(err, storage.ErrUnsettled):
		return errors.New("somebody has been writing since before every bot sealed with the newest key (a backup or a session of psql may be it): the key is as it was; call this again later")
	case errors.Is(err, storage.ErrKeyInUse):
		return errors.New("that key is in use: koprik keys rotate first")
	case storage.Reason(err) == "" && why(err) != "":
		return &configError{"KEY_FILE", "names a file that cannot be changed" + why(err) + " (" + h.config.keyPath() + ")", exampleKeys}
	}
	return errors.New(storage.Loggable(err))
}
