package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Keys of what a commission is called and does the same way each time, set at its
// place or above it. The title has a key for each language.
const (
	commissionTitle    = "commission_title"
	commissionQuorum   = "commission_quorum"
	commissionMinutes  = "commission_minutes"
	commissionPlace    = "commission_place"
	commissionLanguage = "commission_language"
)

// setting is what is set for a place; the nearest setting counts.
func (d *Desk) setting(place mahalla.TerritoryID, key string) (string, bool) {
	r := d.Reference()
	for _, node := range r.Path(place) {
		for _, s := range r.Settings {
			if s.Key == key && s.Territory == node {
				return s.Value, true
			}
		}
	}
	return "", false
}

// custom is what a commission does the same way each time. A setting that cannot be
// read counts as none.
func (d *Desk) custom(commission mahalla.TerritoryID) mahalla.Custom {
	c := mahalla.Custom{Quorum: mahalla.QuorumHalf, Minutes: mahalla.DefaultMinutes, Language: mahalla.UzLatn}
	if text, ok := d.setting(commission, commissionQuorum); ok {
		if q, good := mahalla.ParseQuorum(text); good {
			c.Quorum = q
		}
	}
	if text, ok := d.setting(commission, commissionMinutes); ok {
		if n, err := strconv.Atoi(text); err == nil && mahalla.FitMinutes(n) {
			c.Minutes = n
		}
	}
	if text, ok := d.setting(commission, commissionLanguage); ok && slices.Contains(mahalla.Languages(), mahalla.Language(text)) {
		c.Language = mahalla.Language(text)
	}
	c.Place, _ = d.setting(commission, commissionPlace)
	return c
}

// commission is what a commission is called: as it was set in the reader's
// language, or as the law calls it.
func (w *words) commission(id mahalla.TerritoryID) string {
	title, ok := w.desk.setting(id, commissionTitle+"."+string(w.lang))
	if !ok {
		return w.say("commission.title")
	}
	return locales.Escape(title)
}

// Convenes lists the commissions whose meetings a person may call, the one taken
// last first.
func Convenes(who *storage.Contact, now time.Time) []mahalla.TerritoryID {
	var list []mahalla.TerritoryID
	for _, m := range slices.Backward(who.Memberships) {
		if m.At(now) && m.Role.Has(mahalla.MayConvene) && !slices.Contains(list, m.Territory) {
			list = append(list, m.Territory)
		}
	}
	return list
}

// mayConvene refuses to manage meetings of a commission to who may not call them.
func mayConvene(who *storage.Contact, commission mahalla.TerritoryID, now time.Time) error {
	if !slices.Contains(Convenes(who, now), commission) {
		return mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	return nil
}

// convenors lists who manages a meeting: whoever put it together, if still in
// office, or else everybody who may call one there.
func (d *Desk) convenors(tx *storage.Tx, m *mahalla.Meeting, now time.Time) ([]mahalla.PersonID, error) {
	seats, err := tx.Seats(m.Commission, now)
	if err != nil {
		return nil, err
	}
	var list []mahalla.PersonID
	for _, s := range seats {
		if s.Role.Has(mahalla.MayConvene) {
			list = append(list, s.Person)
		}
	}
	if slices.Contains(list, m.MadeBy) {
		return []mahalla.PersonID{m.MadeBy}, nil
	}
	return list, nil
}
