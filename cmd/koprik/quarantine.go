package main

import (
	"errors"
	"fmt"
	"strconv"
	"text/tabwriter"

	"koprik/storage"
)

type quarantineCommand struct {
	List  quarantineList  `cmd:"" help:"List the updates that failed three times and were put aside."`
	Retry quarantineRetry `cmd:"" help:"Let the bot try one again, or all of them, before what its chat has sent since."`
	Drop  quarantineDrop  `cmd:"" help:"Forget what one said."`
}

// mostListed is how many are listed, and tried again, at once.
const mostListed = 1000

type quarantineList struct{}

// Run prints no word of what was said, and of nobody who it was.
func (quarantineList) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	list, err := h.quarantine(c)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(c.out, "nothing is in quarantine")
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "id\tcame\tput aside\treason\ttries\t")
	for _, q := range list {
		gone := ""
		if !q.Whole {
			gone = "what it said is no longer kept"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\n", q.ID, stamp(q.Stored), stamp(q.PutAside), q.Reason, q.Attempts, gone)
	}
	return w.Flush()
}

func (h *house) quarantine(c *call) (list []storage.Quarantined, err error) {
	err = h.db.Read(c.ctx, func(tx *storage.Tx) (err error) {
		list, err = tx.Quarantine(mostListed)
		return err
	})
	return list, err
}

type quarantineRetry struct {
	ID string `arg:"" help:"Its number, or all."`
}

// Run gives updates back to the bot.
func (q quarantineRetry) Run(c *call) error {
	ids := []int64{}
	if q.ID != "all" {
		id, err := number(q.ID)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	if q.ID == "all" {
		list, err := h.quarantine(c)
		if err != nil {
			return err
		}
		for _, one := range list {
			if one.Whole {
				ids = append(ids, one.ID)
			}
		}
	}
	for _, id := range ids {
		err := h.db.InTx(c.ctx, func(tx *storage.Tx) error { return tx.Retry(id) })
		if err != nil && !(q.ID == "all" && errors.Is(err, storage.ErrNotAside)) { // somebody else was faster
			return asideError(id, err)
		}
	}
	_, err = fmt.Fprintf(c.out, "%d given back; koprik quarantine list shows what fails again\n", len(ids))
	return err
}

type quarantineDrop struct {
	ID string `arg:"" help:"Its number."`
}

// Run forgets what an update said.
func (q quarantineDrop) Run(c *call) error {
	id, err := number(q.ID)
	if err != nil {
		return err
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.db.InTx(c.ctx, func(tx *storage.Tx) error { return tx.Drop(id) }); err != nil {
		return asideError(id, err)
	}
	_, err = fmt.Fprintf(c.out, "%d is dropped\n", id)
	return err
}

func number(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, usage{fmt.Errorf("%q is not a number of koprik quarantine list", s)}
	}
	return id, nil
}

func asideError(id int64, err error) error {
	switch {
	case errors.Is(err, storage.ErrNotAside):
		return fmt.Errorf("%d is not in quarantine: koprik quarantine list", id)
	case errors.Is(err, storage.ErrForgotten):
		return fmt.Errorf("what %d said is no longer kept: it cannot be tried again", id)
	}
	return err
}
