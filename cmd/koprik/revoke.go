package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"koprik/mahalla"
	"koprik/storage"
)

type revokeCommand struct {
	Person int64 `arg:"" optional:"" help:"The id of the person. Without it everybody who serves, or waits to be approved, is listed."`
}

// Run ends all roles of a person, or lists who serves or waits to be approved: ids,
// roles and places.
func (r revokeCommand) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	if r.Person == 0 {
		return h.printServants(c)
	}
	err = h.db.InTx(c.ctx, func(tx *storage.Tx) error { return h.desk.Revoke(tx, mahalla.PersonID(r.Person), c.now()) })
	if errors.As(err, new(*mahalla.Error)) {
		return fmt.Errorf("nobody who serves or waits has the id %d: koprik revoke lists them", r.Person)
	}
	if err != nil {
		return errors.New(storage.Loggable(err))
	}
	_, err = fmt.Fprintf(c.out, "%d serves no more; what was open goes on to the next, and an approval that waited is dropped\n", r.Person)
	return err
}

func (h *house) printServants(c *call) error {
	var list []storage.Serving
	err := h.db.Read(c.ctx, func(tx *storage.Tx) (err error) {
		list, err = tx.Servants(c.now())
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "person\trole\twhere\tsince")
	for _, s := range list {
		role := string(s.Role)
		if s.Waits {
			role += ", waits to be approved"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", s.Person, role, h.placeName(s.Territory), stamp(s.From))
	}
	return w.Flush()
}
