package locales

import (
	"math/bits"
	"slices"
	"strings"
)

// Limits of one search: what is typed beyond them is not a name.
const (
	maxWords  = 8
	maxLetter = 48
	maxRated  = 150 // names compared letter by letter
)

// Scores of a match. Likeness counts to [scoreLike]; a beginning that covers
// little of a name scores little, so that a likely slip of the pen comes first.
const (
	scoreNatural = 4000
	scoreLoose   = 3600
	scoreStart   = 2000 // up to 3000 when all of the name is typed
	scoreWord    = 1500 // up to 2500
	scoreLike    = 3000
	scoreShort   = 50   // less when a word like mahallasi is left out
	scoreContext = 1000 // for every word that names the context
	leastLike    = 1300
)

// Find returns the ids of at most limit places for a query, the best first: the
// same natural key, the same loose key, then beginnings and likeness of the
// letters. Words of the query that name the context of a place are taken for
// that, and such a place comes before its namesakes.
func (x *Index) Find(query string, limit int) []int64 {
	words := FoldWords(clip(query))
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	if len(words) == 0 || limit <= 0 {
		return nil
	}
	s := x.scratch.Get().(*search)
	defer x.scratch.Put(s)
	for i, natural := range spellings(words) {
		s.rate(natural, nil, 0, int32(-i*scoreShort))
	}
	s.inContexts(proper(words))
	return s.best(limit)
}

// clip cuts a query to a length that a name can have.
func clip(query string) string {
	if len(query) > 4*maxWords*maxLetter {
		return query[:4*maxWords*maxLetter]
	}
	return query
}

// search is the memory of one query, used again for the next.
type search struct {
	x      *Index
	shared []uint8 // grams in common, by name
	names  []int32 // those with any
	score  []int32 // by place
	by     []int32 // the name that gave the score
	found  []int32 // places with a score
	masks  []uint8 // words of the query that name each context
}

// rate scores every name for the natural key of a query. With a set of masks
// only places of contexts with that mask count. The bonus goes on every score.
func (s *search) rate(natural string, masks []uint8, mask uint8, bonus int32) {
	if len(natural) > maxWords*maxLetter {
		return
	}
	counts := func(name int32) bool {
		return masks == nil || masks[s.x.around[s.x.names[name].place]] == mask
	}
	s.beginnings(natural, bonus, counts)
	s.alike(natural, bonus, counts)
}

// beginnings scores the names in which a word begins with the query.
func (s *search) beginnings(natural string, bonus int32, counts func(int32) bool) {
	loose := loosen(natural)
	i, _ := slices.BinarySearchFunc(s.x.starts, loose, func(a start, q string) int { return strings.Compare(a.rest, q) })
	for ; i < len(s.x.starts) && strings.HasPrefix(s.x.starts[i].rest, loose); i++ {
		at := s.x.starts[i]
		if !counts(at.name) {
			continue
		}
		n := &s.x.names[at.name]
		share := int32(1000 * len(loose) / len(n.loose))
		switch {
		case n.natural == natural:
			s.add(at.name, scoreNatural+bonus)
		case n.loose == loose:
			s.add(at.name, scoreLoose+bonus)
		case at.first:
			s.add(at.name, scoreStart+share+bonus)
		default:
			s.add(at.name, scoreWord+share+bonus)
		}
	}
}

// alike scores the names that share the most grams with the query by how near
// their letters are.
func (s *search) alike(natural string, bonus int32, counts func(int32) bool) {
	var buf [128]gram
	grams := grams(sound(natural), buf[:0])
	for _, g := range grams {
		for _, name := range s.x.grams[g] {
			if s.shared[name] == 0 {
				if !counts(name) {
					continue
				}
				s.names = append(s.names, name)
			}
			if s.shared[name] < 255 {
				s.shared[name]++
			}
		}
	}
	var tally [101]int // names by their share of common grams, in percent
	share := func(name int32) int {
		return 200 * int(s.shared[name]) / (len(grams) + int(s.x.names[name].grams) + int(s.shared[name]))
	}
	for _, name := range s.names {
		tally[min(share(name), 100)]++
	}
	least, rated := 100, tally[100]
	for least > 10 && rated+tally[least-1] <= maxRated {
		least--
		rated += tally[least]
	}
	for _, name := range s.names {
		if share(name) >= least {
			if like := likeness(natural, s.x.names[name].natural); like*scoreLike/1000 >= leastLike {
				s.add(name, int32(like*scoreLike/1000)+bonus)
			}
		}
		s.shared[name] = 0
	}
	s.names = s.names[:0]
}

// inContexts searches once more for every way to take some words of the query
// for the name of a context.
func (s *search) inContexts(words []string) {
	if len(words) < 2 {
		return
	}
	sounds := make([]string, len(words))
	for i, w := range words {
		sounds[i] = sound(w)
	}
	s.masks = s.masks[:0]
	var seen [256]bool
	for _, context := range s.x.contexts {
		mask := named(context, sounds)
		s.masks = append(s.masks, mask)
		seen[mask] = true
	}
	all := 1<<len(words) - 1
	for mask := 1; mask < all; mask++ {
		if seen[mask] {
			s.rate(without(words, mask), s.masks, uint8(mask), scoreContext*int32(bits.OnesCount8(uint8(mask))))
		}
	}
	if seen[all] { // Asaka in Asaka: any of the words may be the name
		for i := range words {
			s.rate(words[i], s.masks, uint8(all), scoreContext*int32(len(words)-1))
		}
	}
}

// without joins the words that are not in the mask.
func without(words []string, mask int) string {
	var rest []string
	for i, w := range words {
		if mask&(1<<i) == 0 {
			rest = append(rest, w)
		}
	}
	return strings.Join(rest, " ")
}

// named returns which words name the context. A Russian adjective names it too:
// «чиланзарский» and Chilonzor.
func named(context, words []string) uint8 {
	var mask uint8
	for i, w := range words {
		for _, c := range context {
			if w == c || min(len(w), len(c)) >= 4 && (strings.HasPrefix(c, w) || strings.HasPrefix(w, c)) {
				mask |= 1 << i
			}
		}
	}
	return mask
}

// add notes a score for the place of a name when it is the best so far.
func (s *search) add(name, score int32) {
	place := s.x.names[name].place
	if s.x.names[name].short {
		score -= scoreShort
	}
	if s.score[place] == 0 {
		s.found = append(s.found, place)
	}
	if score > s.score[place] {
		s.score[place] = score
		s.by[place] = name
	}
}

// best returns the ids with the highest scores and clears the search.
func (s *search) best(limit int) []int64 {
	top := make([]int32, 0, min(limit, len(s.found))+1)
	for _, place := range s.found {
		i, _ := slices.BinarySearchFunc(top, place, s.compare)
		if i == limit {
			continue
		}
		top = slices.Insert(top, i, place)
		if len(top) > limit {
			top = top[:limit]
		}
	}
	ids := make([]int64, len(top))
	for i, place := range top {
		ids[i] = s.x.ids[place]
	}
	for _, place := range s.found {
		s.score[place] = 0
	}
	s.found = s.found[:0]
	return ids
}

// compare orders places: the higher score, the shorter name, the alphabet, the
// order in which they were given.
func (s *search) compare(a, b int32) int {
	if d := s.score[b] - s.score[a]; d != 0 {
		return int(d)
	}
	na, nb := s.x.names[s.by[a]].loose, s.x.names[s.by[b]].loose
	if d := len(na) - len(nb); d != 0 {
		return d
	}
	if d := strings.Compare(na, nb); d != 0 {
		return d
	}
	return int(a - b)
}
