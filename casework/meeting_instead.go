package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// SubstituteNamed finds whom a typed line means for whom: "2", or as whoever
// manages the meeting "Anvar 2" or "1 2", the first of which is one of those who are
// unsure. Of a mediator's meeting it is who mediates.
func (d *Desk) SubstituteNamed(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, typed string, now time.Time) (member, to mahalla.PersonID, err error) {
	if m.Mediation {
		return d.appointNamed(tx, who, m, typed, now)
	}
	fit, err := d.candidates(tx, m, now)
	if err != nil {
		return 0, 0, err
	}
	unsure := m.Unsure()
	switch {
	case len(unsure) == 0:
		return 0, 0, mahalla.Refuse(mahalla.Conflict, "substitute_nobody")
	case len(fit) == 0:
		return 0, 0, mahalla.Refuse(mahalla.Conflict, "substitute_none_fit")
	}
	seats, err := d.named(tx, unsure)
	if err != nil {
		return 0, 0, err
	}
	if fields := strings.Fields(typed); len(fields) > 1 {
		member, err = seatNamed(seats, fields[0])
		if err == nil {
			if to, err = seatNamed(fit, strings.Join(fields[1:], " ")); err == nil {
				return member, to, nil
			}
		}
	}
	switch {
	case slices.Contains(unsure, who.ID):
		member = who.ID
	case len(unsure) == 1:
		member = unsure[0]
	default:
		return 0, 0, mahalla.Refuse(mahalla.Invalid, "substitute_whom")
	}
	to, err = seatNamed(fit, typed)
	return member, to, err
}

// MayBeReplaced tells whether somebody may ask another to come in the own place: who has
// said to come takes that back first, and one is asked at a time.
func (d *Desk) MayBeReplaced(who *storage.Contact, m *mahalla.Meeting, now time.Time) error {
	p := d.SeatOf(who, m, now)
	if p == nil || !p.Seat.Counts() || p.Seat == mahalla.SeatSubstitute {
		return mahalla.Refuse(mahalla.NotFound, "substitute_nobody")
	}
	if p.Comes() {
		return mahalla.Refuse(mahalla.Conflict, "substitute_coming")
	}
	if s := m.SubstituteOf(who.ID); s != nil {
		return mahalla.Refuse(mahalla.Conflict, "substitute_asked", "by", strconv.FormatInt(int64(s.Person), 10))
	}
	return nil
}
