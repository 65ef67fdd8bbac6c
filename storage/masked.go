package storage

import (
	"errors"
	"maps"
	"strconv"

	"koprik/mahalla"
)

// A message to a reporter who is not named waits under the mask of its case,
// carries the case among its sealed arguments, and is deleted once it is dealt
// with: when it was sent would tell whose case it was about.

// argCase is the argument that names the case of a masked message.
const argCase = "case"

// withCase is arguments with the case among them.
func withCase(args map[string]string, c mahalla.CaseID) map[string]string {
	args = maps.Clone(args)
	if args == nil {
		args = map[string]string{}
	}
	args[argCase] = rowID(c)
	return args
}

// takeCase takes it out again.
func (m *Message) takeCase() error {
	id, err := strconv.ParseInt(m.Args[argCase], 10, 64)
	if err != nil {
		return errors.New("storage: a masked message names no case")
	}
	m.Case = mahalla.CaseID(id)
	delete(m.Args, argCase)
	return nil
}

// forgetMasked deletes the masked messages that are dealt with; fates are what became
// of each.
func (tx *Tx) forgetMasked(list []Delivery, fates []int) {
	var ids []int64
	for i, d := range list {
		if d.Message.Row < 0 && Fate(fates[i]) != FateRetry {
			ids = append(ids, d.Message.ID)
		}
	}
	if len(ids) > 0 {
		tx.write("DELETE FROM outbox WHERE id = ANY($1) AND state + 0 >= 2", ids)
	}
}

// settleRow names the case of a masked message as rows of its reader name it
// now: the reporter may have given the name since, or the link may be gone or
// damaged, and then nothing is to be remembered.
func (tx *Tx) settleRow(d *Delivery) error {
	m := &d.Message
	l, err := tx.linkOf(m.Case)
	switch {
	case errors.Is(err, errNoLink):
		d.Fate, err = FateDropped, nil // it could not be drawn, nor anybody told of it
	case !l.alias:
		m.Row = m.Case
	case l.Person != m.Person:
		d.Fate = FateDropped
	}
	return err
}
