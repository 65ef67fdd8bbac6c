package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"koprik/mahalla"
	"koprik/storage"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Walk over the whole history and name the first row that is not as it was written."`
	Case   auditCase   `cmd:"" help:"Print who saw and who changed a case: roles and ids, no words."`
}

type auditVerify struct {
	Head *string `placeholder:"HASH" help:"A head that was printed and written down earlier: the chain must still go through it."`
}

// Run says that the history is in order, or what is not.
func (a auditVerify) Run(c *call) error {
	head, err := a.head()
	if err != nil {
		return err
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	return h.verifyHistory(c, head)
}

// head is the one that was written down, as the chain has it. One that was given
// and is none would else look like a chain that was cut off.
func (a auditVerify) head() (string, error) {
	if a.Head == nil {
		return "", nil
	}
	head := strings.ToLower(strings.TrimSpace(*a.Head))
	if raw, err := hex.DecodeString(head); err != nil || len(raw) != sha256.Size {
		return "", usage{fmt.Errorf("--head %q is not a head, which is 64 digits of 0-9 and a-f: koprik audit verify prints it", *a.Head)}
	}
	return head, nil
}

// verifyHistory prints one line, or fails with one.
func (h *house) verifyHistory(c *call, head string) error {
	v, err := h.db.VerifyHistory(c.ctx, head)
	switch {
	case errors.As(err, new(storage.BrokenError)):
		return err
	case err != nil:
		return errors.New("the history cannot be read: " + storage.Loggable(err))
	}
	fmt.Fprintf(c.out, "%s, %s, in order; %d not yet bound", plural(v.Rows, "row", "rows"), plural(int(v.Anchors), "anchor", "anchors"), v.Loose)
	if v.Bare > 0 {
		fmt.Fprintf(c.out, "; %d from before rows had hashes", v.Bare)
	}
	if v.Head != "" {
		fmt.Fprintf(c.out, "\nhead of %s: %s", stamp(v.At), v.Head)
	}
	_, err = fmt.Fprintln(c.out)
	return err
}

type auditCase struct {
	Number string `arg:"" help:"Its number, for example 4821-0937."`
}

// Run prints the trail of a case.
func (a auditCase) Run(c *call) error {
	n, err := mahalla.ParseNumber(a.Number)
	if err != nil {
		return usage{fmt.Errorf("%q is not the number of a case", a.Number)}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	var list []storage.Step
	err = h.db.Read(c.ctx, func(tx *storage.Tx) error {
		found, err := tx.CaseByNumber(n)
		if err == nil {
			list, err = tx.Trail(found.ID)
		}
		return err
	})
	if refused := new(mahalla.Error); errors.As(err, &refused) {
		return fmt.Errorf("there is no case %s", a.Number)
	}
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "when\twhat\tperson\trole\tabout\tcode\t")
	for _, s := range list {
		when := "unknown"
		if !s.At.IsZero() {
			when = stamp(s.At)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", when, s.Kind, personID(s.By), s.Roles, personID(s.About), s.Note)
	}
	return w.Flush()
}

// personID names somebody by id.
func personID(p mahalla.PersonID) string {
	switch {
	case p == 0:
		return "-"
	case p < 0:
		return "without a name"
	}
	return fmt.Sprint(int64(p))
}
