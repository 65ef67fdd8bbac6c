package casework

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Bounds of one search.
const (
	mostRead    = 500  // cases whose words are opened
	mostCounted = 5000 // of each part of a territory, where all of a place are listed
)

// Ways in which a search understood what was typed.
const (
	ByNumber = "number"
	ByPlace  = "place"
	ByWords  = "words"
)

// Found is one page of what a search found, the newest first.
type Found struct {
	By    string
	Lines []storage.CaseLine
	Page  int // the one shown; the last where there are fewer than was asked for
	Total int // at most 5000 for a place
	// Since is set when older cases were not looked at: a search by words opens the
	// newest 500. SearchBefore goes on from there, and the name of a mahalla among
	// the words narrows them.
	Since time.Time
}

// Search finds cases in a person's own territory by number, by the name of a
// place, or by words in any script, the words of one mahalla when both are
// typed. Nobody finds what they may not open: a head finds by words only what
// was given to him in full, nobody a complaint about himself. A wrong check digit
// is refused as "number_misheard"; a case that is not the person's to see is not
// found, like one that does not exist.
//
// The transaction must be one that can write: reading the words of cases is
// recorded with how many they were, whatever comes of it.
func (d *Desk) Search(tx *storage.Tx, who *storage.Contact, typed string, page int, now time.Time) (Found, error) {
	return d.SearchBefore(tx, who, typed, page, now.Add(time.Minute), now)
}

// SearchBefore is Search among cases filed before a moment.
func (d *Desk) SearchBefore(tx *storage.Tx, who *storage.Contact, typed string, page int, before, now time.Time) (Found, error) {
	switch number, err := mahalla.ParseNumber(typed); {
	case err == nil:
		return d.searchNumber(tx, who, number, now)
	case reason(err) == "number_misheard":
		return Found{}, err
	}
	s := searching{desk: d, tx: tx, who: who, page: max(0, page), before: before, now: now}
	scopes := d.scopes(who, now)
	if places, rest := d.placesNamed(typed, scopes); len(places) > 0 {
		within := narrow(scopes, places)
		query := d.matters.Read(rest)
		if query.Empty() {
			return s.byPlace(within)
		}
		if found, err := s.byWords(within, query); err != nil || found.Total > 0 {
			return found, err
		}
	}
	found, err := s.byWords(scopes, d.matters.Read(typed))
	if err != nil || found.Total > 0 {
		return found, err
	}
	if places := d.placesLike(typed, scopes); len(places) > 0 {
		return s.byPlace(narrow(scopes, places))
	}
	return found, nil
}

// reason is the reason of a refusal, or nothing.
func reason(err error) string {
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
		return refusal.Reason
	}
	return ""
}

// searchNumber finds the one case with a number, if the person may open it.
func (d *Desk) searchNumber(tx *storage.Tx, who *storage.Contact, number mahalla.Number, now time.Time) (Found, error) {
	found := Found{By: ByNumber}
	c, err := d.numbered(tx, who, number, now)
	if err == nil {
		err = d.MayRead(who, c, now)
	}
	if err != nil {
		if reason(err) == "case_not_found" {
			who.Dialogue.Guess(now)
			err = nil
		}
		return found, err
	}
	found.Lines, err = tx.CaseLines([]mahalla.CaseID{c.ID})
	found.Total = len(found.Lines)
	return found, err
}

// scopes are the places of a person's own territory. Places where the person's
// roles differ have scopes of their own, because the roles say which categories
// are barred there.
func (d *Desk) scopes(who *storage.Contact, now time.Time) []storage.Scope {
	var nodes []mahalla.TerritoryID
	for _, m := range who.Memberships {
		if m.At(now) && (m.Role.Has(mahalla.MayAnswer) || m.Role.Has(mahalla.MaySupervise)) {
			nodes = append(nodes, m.Territory)
		}
	}
	if len(nodes) == 0 {
		return nil
	}
	var list []storage.Scope
	alike := map[string]int{} // by the nodes above
	for id, t := range d.Reference().Territories {
		above := make([]byte, len(nodes))
		for i, node := range nodes {
			if slices.Contains(t.Path, node) {
				above[i] = 1
			}
		}
		if !slices.Contains(above, 1) {
			continue
		}
		at, ok := alike[string(above)]
		if !ok {
			at, alike[string(above)] = len(list), len(list)
			list = append(list, storage.Scope{Person: who.ID, Barred: d.barred(who, id, now)})
		}
		list[at].Places = append(list[at].Places, id)
	}
	return list
}

// barred lists the categories whose cases a person may not open at a place
// without having been told of them.
func (d *Desk) barred(who *storage.Contact, place mahalla.TerritoryID, now time.Time) []mahalla.CategoryCode {
	list := []mahalla.CategoryCode{}
	for code, category := range d.Reference().Categories {
		untold := &mahalla.Case{Place: place, Category: code, Secrecy: category.Secrecy}
		if d.MayRead(who, untold, now) != nil {
			list = append(list, code)
		}
	}
	return list
}

// narrow leaves only some places in the scopes.
func narrow(scopes []storage.Scope, to []mahalla.TerritoryID) []storage.Scope {
	var list []storage.Scope
	for _, s := range scopes {
		s.Places = slices.DeleteFunc(slices.Clone(s.Places), func(p mahalla.TerritoryID) bool { return !slices.Contains(to, p) })
		if len(s.Places) > 0 {
			list = append(list, s)
		}
	}
	return list
}

// placesNamed finds the places of the scopes that are named in what was typed,
// in the longest way, and returns it without the name. A district stands for its
// mahallas.
func (d *Desk) placesNamed(typed string, scopes []storage.Scope) ([]mahalla.TerritoryID, string) {
	if locales.UTF16Len(typed) > mostTyped {
		return nil, ""
	}
	names := map[mahalla.TerritoryID]naming{}
	best := naming{}
	for _, s := range scopes {
		for _, place := range s.Places {
			for _, node := range d.Reference().Path(place) {
				if _, seen := names[node]; seen {
					continue
				}
				names[node] = d.nameIn(typed, node)
				if names[node].longer(best) {
					best = names[node]
				}
			}
		}
	}
	if !best.named {
		return nil, ""
	}
	var list []mahalla.TerritoryID
	for _, s := range scopes {
		for _, place := range s.Places {
			if slices.ContainsFunc(d.Reference().Path(place), func(node mahalla.TerritoryID) bool { return names[node] == best }) {
				list = append(list, place)
			}
		}
	}
	return list, best.rest
}

// mostTyped is how long a query may be to name a place in it.
const mostTyped = 200

// naming says whether a place is named in a text, and what else is in it.
type naming struct {
	named bool
	rest  string
}

// longer tells whether the name takes more of the text than another.
func (n naming) longer(than naming) bool {
	return n.named && (!than.named || len(n.rest) < len(than.rest))
}

// nameIn looks for the name of a place, in any language.
func (d *Desk) nameIn(typed string, place mahalla.TerritoryID) naming {
	best := naming{}
	t := d.Reference().Territories[place]
	if t == nil || t.Kind == mahalla.Republic {
		return best
	}
	for _, name := range []string{t.Names.UzLatn, t.Names.UzCyrl, t.Names.Ru} {
		n := naming{}
		if n.rest, n.named = locales.NameWithin(typed, name); n.longer(best) {
			best = n
		}
	}
	return best
}

// placesLike finds places of the scopes by a badly typed name.
func (d *Desk) placesLike(typed string, scopes []storage.Scope) []mahalla.TerritoryID {
	if locales.UTF16Len(typed) > mostTyped {
		return nil
	}
	for _, id := range d.known.Load().index.Find(typed, 2*mostFound) {
		place := mahalla.TerritoryID(id)
		if slices.ContainsFunc(scopes, func(s storage.Scope) bool { return slices.Contains(s.Places, place) }) {
			return []mahalla.TerritoryID{place}
		}
	}
	return nil
}

// searching is one search.
type searching struct {
	desk   *Desk
	tx     *storage.Tx
	who    *storage.Contact
	page   int
	before time.Time
	now    time.Time
}

// byPlace lists all cases of some places. No contents are read.
func (s *searching) byPlace(scopes []storage.Scope) (Found, error) {
	found := Found{By: ByPlace}
	for _, scope := range scopes {
		count, err := s.tx.CountCases(scope, mostCounted)
		if err != nil {
			return found, err
		}
		found.Total += count
	}
	found.Page = lastPage(s.page, found.Total)
	cases, _, err := s.newest(scopes, (found.Page+1)*perPage)
	if err != nil {
		return found, err
	}
	return found, s.show(&found, cases)
}

// byWords lists the cases whose words are those of the query.
func (s *searching) byWords(scopes []storage.Scope, query locales.Matter) (Found, error) {
	found := Found{By: ByWords}
	if query.Empty() || len(scopes) == 0 {
		return found, nil
	}
	untold := s.desk.CardKind(s.who, &mahalla.Case{}, s.now)
	scopes = slices.Clone(scopes)
	for i := range scopes {
		scopes[i].Told = untold == mahalla.CardHead
	}
	cases, more, err := s.newest(scopes, mostRead)
	if err != nil || len(cases) == 0 {
		return found, err
	}
	if more {
		found.Since = cases[len(cases)-1].FiledAt
	}
	cases = slices.DeleteFunc(cases, func(c *mahalla.Case) bool {
		return s.desk.CardKind(s.who, c, s.now) == mahalla.CardHead
	})
	words, err := s.tx.WordsOf(caseIDs(cases))
	if err != nil {
		return found, err
	}
	s.tx.Audit(s.who.ID, storage.ActSearch, len(cases), s.now)
	names := map[mahalla.CategoryCode]locales.Matter{}
	for code, category := range s.desk.Reference().Categories {
		names[code] = s.desk.matters.Read(category.Names.UzLatn + "\n" + category.Names.Ru)
	}
	cases = slices.DeleteFunc(cases, func(c *mahalla.Case) bool {
		return !s.desk.matters.Read(words[c.ID]).And(names[c.Category]).Holds(query)
	})
	found.Total = len(cases)
	found.Page = lastPage(s.page, found.Total)
	return found, s.show(&found, cases)
}

// newest reads the newest cases of all scopes that the person may open, and
// tells whether there may be more.
func (s *searching) newest(scopes []storage.Scope, limit int) ([]*mahalla.Case, bool, error) {
	var all []*mahalla.Case
	for _, scope := range scopes {
		list, err := s.tx.NewestCases(scope, s.before, limit)
		if err != nil {
			return nil, false, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b *mahalla.Case) int {
		return cmp.Or(b.FiledAt.Compare(a.FiledAt), cmp.Compare(b.ID, a.ID))
	})
	more := len(all) >= limit
	all = all[:min(len(all), limit)]
	// The database has sorted out by clear columns what the rules say of each.
	all = slices.DeleteFunc(all, func(c *mahalla.Case) bool { return s.desk.MayRead(s.who, c, s.now) != nil })
	return all, more, nil
}

// show puts the lines of the page into what was found.
func (s *searching) show(found *Found, cases []*mahalla.Case) error {
	from := min(found.Page*perPage, len(cases))
	page := cases[from:min(from+perPage, len(cases))]
	if len(page) == 0 {
		return nil
	}
	var err error
	found.Lines, err = s.tx.CaseLines(caseIDs(page))
	return err
}

func caseIDs(cases []*mahalla.Case) []mahalla.CaseID {
	list := make([]mahalla.CaseID, len(cases))
	for i, c := range cases {
		list[i] = c.ID
	}
	return list
}

// lastPage is the page asked for, or the last there is.
func lastPage(page, total int) int {
	return min(page, max(0, (total-1)/perPage))
}
