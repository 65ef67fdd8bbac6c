package casework

import (
	"cmp"
	"slices"
	"strconv"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// CommissionSetting is one thing that can be set for a commission, at its place or
// above it.
type CommissionSetting struct {
	Name  string // as it is typed: "quorum", "title.ru"
	Value string // what counts at a place; empty where nothing is set
	Usual string // what counts then
	key   string
	fits  func(string) bool
}

// mostTitle bounds the name of a commission, in UTF-16 units.
const mostTitle = 90

// commissionSettings is the table of them.
func commissionSettings() []CommissionSetting {
	number := func(fits func(int) bool) func(string) bool {
		return func(text string) bool {
			n, err := strconv.Atoi(text)
			return err == nil && fits(n)
		}
	}
	short := func(most int) func(string) bool {
		return func(text string) bool { return text == locales.Clean(text) && text == locales.Cut(text, most) }
	}
	list := []CommissionSetting{
		{Name: "quorum", key: commissionQuorum, Usual: string(mahalla.QuorumHalf), fits: func(text string) bool { _, ok := mahalla.ParseQuorum(text); return ok }},
		{Name: "minutes", key: commissionMinutes, Usual: strconv.Itoa(mahalla.DefaultMinutes), fits: number(mahalla.FitMinutes)},
		{Name: "place", key: commissionPlace, fits: short(mahalla.MostPlace)},
		{Name: "language", key: commissionLanguage, Usual: string(mahalla.UzLatn), fits: func(text string) bool { _, ok := mahalla.ParseLanguage(text); return ok }},
		{Name: "lead", key: commissionLead, Usual: strconv.Itoa(mahalla.DefaultLead), fits: number(func(n int) bool { return n > 0 && n <= mahalla.MostLead })},
		{Name: "names", key: settingNames, Usual: "initials", fits: func(text string) bool { return text == "full" || text == "initials" }},
	}
	for _, lang := range mahalla.Languages() {
		list = append(list, CommissionSetting{Name: "title." + string(lang), key: commissionTitle + "." + string(lang), fits: short(mostTitle)})
	}
	slices.SortFunc(list, func(a, b CommissionSetting) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// CommissionSettings lists what is set for a commission.
func (d *Desk) CommissionSettings(place mahalla.TerritoryID) []CommissionSetting {
	list := commissionSettings()
	for i := range list {
		list[i].Value, _ = d.setting(place, list[i].key)
	}
	return list
}

// SetCommission sets one thing for the commissions at a place and below it.
func (d *Desk) SetCommission(tx *storage.Tx, place mahalla.TerritoryID, name, value string) error {
	for _, s := range commissionSettings() {
		if s.Name != name {
			continue
		}
		if value == "" || !s.fits(value) {
			return mahalla.Refuse(mahalla.Invalid, "commission_value", "name", name)
		}
		tx.PutSetting(storage.Setting{Territory: place, Key: s.key, Value: value})
		return nil
	}
	return mahalla.Refuse(mahalla.NotFound, "commission_setting", "name", name)
}
