package casework

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// gazetteer finds the territory that a feature is, by code or by name.
type gazetteer struct {
	reference *storage.Reference
	named     map[string][]namesake // by the key of a name; districts and mahallas alone
	regions   map[string][]mahalla.TerritoryID
}

// namesake is a territory under one of its names.
type namesake struct {
	*mahalla.Territory
	city bool // the name says that it is a city
}

func newGazetteer(r *storage.Reference) *gazetteer {
	g := &gazetteer{reference: r, named: map[string][]namesake{}, regions: map[string][]mahalla.TerritoryID{}}
	for id, t := range r.Territories {
		if t.Retired {
			continue
		}
		for _, name := range []string{t.Names.UzLatn, t.Names.UzCyrl, t.Names.Ru} {
			key, kind := nameKey(name)
			switch t.Kind {
			case mahalla.Region:
				g.regions[key] = append(g.regions[key], id)
			case mahalla.District, mahalla.Mahalla:
				entry := namesake{t, kind == cityWord}
				if !slices.Contains(g.named[key], entry) {
					g.named[key] = append(g.named[key], entry)
				}
			}
		}
	}
	return g
}

// wordOfKind is what a name itself says of the kind of its place.
type wordOfKind int

const (
	noWord wordOfKind = iota
	districtWord
	cityWord
	mahallaWord
)

// nameKey is the loose key of a name without the words that say what kind of
// place it is, and what those said.
func nameKey(name string) (key string, kind wordOfKind) {
	words := locales.FoldWords(name)
	var rest []string
	for i, w := range words {
		switch w {
		case "tuman", "tumani", "rayon", "rayoni", "district":
			kind = districtWord
		case "shahar", "shahri", "gorod", "city":
			kind = cityWord
		case "mahala", "mahalasi", "mahalya", "mfy":
			kind = mahallaWord
		case "viloyat", "viloyati", "oblast", "region", "province":
		case "sh", "g", "t", "r":
			if i < len(words)-1 && i > 0 || len(words) == 1 {
				rest = append(rest, w)
			} else if w == "sh" || w == "g" {
				kind = cityWord
			} else {
				kind = districtWord
			}
		default:
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 {
		rest = words
	}
	return locales.FoldName(strings.Join(rest, " ")), kind
}

// find is the district or mahalla that a feature is, or why there is none.
func (g *gazetteer) find(p properties) (*mahalla.Territory, fault) {
	t, f := g.byCode(p.codes)
	if t != nil || f.reason != "" {
		return t, f
	}
	if p.kind == mahalla.Region || p.kind == mahalla.Republic {
		return nil, fault{FeatureKind, p.label()}
	}
	if len(p.names) == 0 {
		return nil, fault{FeatureCode, p.label()}
	}
	districts, f := g.districts(p)
	if f.reason != "" {
		return nil, f
	}
	if len(districts) > 0 {
		p.kind = mahalla.Mahalla
	}
	found := g.byName(p, districts)
	switch {
	case len(found) == 1:
		return found[0], fault{}
	case len(found) == 0:
		return nil, fault{FeatureName, p.names[0]}
	}
	return nil, fault{FeatureAmbiguous, p.names[0] + " (" + strconv.Itoa(len(found)) + ")"}
}

// byCode takes the first code that somebody has. That nobody has any is no
// fault yet.
func (g *gazetteer) byCode(codes []string) (found *mahalla.Territory, f fault) {
	for _, code := range codes {
		t := g.reference.Territories[g.reference.ByCode[code]]
		switch {
		case t == nil || t.Retired:
		case found != nil && found != t:
			return nil, fault{FeatureCodes, found.Code + ", " + code}
		default:
			found = t
		}
	}
	if found != nil && found.Kind != mahalla.District && found.Kind != mahalla.Mahalla {
		return nil, fault{FeatureKind, found.Code + " is a " + string(found.Kind)}
	}
	return found, fault{}
}

// districts lists those that the feature says it lies in; none when it does not
// say.
func (g *gazetteer) districts(p properties) ([]mahalla.TerritoryID, fault) {
	if t, f := g.byCode(p.districtCodes); t != nil && f.reason == "" {
		return []mahalla.TerritoryID{t.ID}, fault{}
	}
	if len(p.districts) == 0 {
		return nil, fault{}
	}
	var list []mahalla.TerritoryID
	for _, t := range g.byName(properties{names: p.districts, regions: p.regions, kind: mahalla.District}, nil) {
		list = append(list, t.ID)
	}
	if len(list) == 0 {
		return nil, fault{FeatureDistrict, p.districts[0]}
	}
	return list, fault{}
}

// byName lists the territories that most of the names fit, of the kind and in
// the districts and the region that the feature speaks of. A region that fits
// none is spelt in some other way, and is not believed.
func (g *gazetteer) byName(p properties, districts []mahalla.TerritoryID) []*mahalla.Territory {
	votes := map[*mahalla.Territory]int{}
	for _, name := range p.names {
		key, word := nameKey(name)
		counted := map[*mahalla.Territory]bool{}
		for _, n := range g.named[key] {
			if counted[n.Territory] || !n.fits(p.kind, word) || len(districts) > 0 && !g.lies(n.Territory, districts) {
				continue
			}
			counted[n.Territory] = true
			votes[n.Territory]++
		}
	}
	var regions []mahalla.TerritoryID
	for _, name := range p.regions {
		key, _ := nameKey(name)
		regions = append(regions, g.regions[key]...)
	}
	var all, within []*mahalla.Territory
	for t, n := range votes {
		if n < maxVote(votes) {
			continue
		}
		all = append(all, t)
		if g.lies(t, regions) {
			within = append(within, t)
		}
	}
	if len(within) > 0 {
		all = within
	}
	slices.SortFunc(all, func(a, b *mahalla.Territory) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

func maxVote(votes map[*mahalla.Territory]int) int {
	most := 0
	for _, n := range votes {
		most = max(most, n)
	}
	return most
}

// lies tells whether a territory lies properly in one of others.
func (g *gazetteer) lies(t *mahalla.Territory, in []mahalla.TerritoryID) bool {
	return slices.ContainsFunc(t.Path[1:], func(id mahalla.TerritoryID) bool { return slices.Contains(in, id) })
}

// fits tells whether a territory may be meant by a name with such a word, in a
// feature of such a kind. Samarqand is a city and a district; a mahalla may be
// called after either.
func (n namesake) fits(kind mahalla.TerritoryKind, word wordOfKind) bool {
	switch {
	case kind != "" && n.Kind != kind:
		return false
	case n.Kind == mahalla.Mahalla:
		return kind != "" || word == noWord || word == mahallaWord
	case word == districtWord, word == cityWord:
		return n.city == (word == cityWord)
	}
	return word == noWord
}
