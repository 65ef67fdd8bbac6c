package locales

import (
	"slices"
	"strings"
	"sync"
)

// Place is what an [Index] finds: a mahalla, a settlement, a district.
type Place struct {
	ID      int64
	Names   []string // every known spelling, in any script
	Context string   // what stands around it, as the name of its district
}

// Index finds places by name, however it is typed: in either script, with or
// without apostrophes, with a letter lost, in Russian spelling, with words like
// mahallasi or tumani after it, with words of the context before or after it.
// It is built once and safe for concurrent use.
type Index struct {
	ids      []int64
	around   []int32 // context of each place
	contexts [][]string
	names    []placeName
	starts   []start // every word of every name, sorted by what begins there
	grams    map[gram][]int32
	scratch  sync.Pool
}

// placeName is one spelling of one place.
type placeName struct {
	place   int32
	grams   int32 // how many the sound key has
	short   bool  // without the words that say what kind of place it is
	natural string
	loose   string
	sound   string
}

// start is a word of a name: the loose key from that word on.
type start struct {
	rest  string
	name  int32
	first bool
}

// gram is three letters of a sound key.
type gram [3]byte

// NewIndex builds the index of places. Its order is the last tie-break of Find.
func NewIndex(places []Place) *Index {
	x := &Index{grams: make(map[gram][]int32)}
	contexts := make(map[string]int32)
	for _, p := range places {
		place := int32(len(x.ids))
		x.ids = append(x.ids, p.ID)
		around, ok := contexts[p.Context]
		if !ok {
			around = int32(len(x.contexts))
			contexts[p.Context] = around
			x.contexts = append(x.contexts, contextWords(p.Context))
		}
		x.around = append(x.around, around)
		var seen []string
		for _, n := range p.Names {
			for i, natural := range spellings(FoldWords(n)) {
				if natural != "" && !slices.Contains(seen, natural) {
					seen = append(seen, natural)
					x.addName(place, natural, i > 0)
				}
			}
		}
	}
	slices.SortFunc(x.starts, func(a, b start) int { return strings.Compare(a.rest, b.rest) })
	x.scratch.New = func() any {
		return &search{x: x, shared: make([]uint8, len(x.names)), score: make([]int32, len(x.ids)), by: make([]int32, len(x.ids))}
	}
	return x
}

// addName files one spelling under its words and its grams.
func (x *Index) addName(place int32, natural string, short bool) {
	n := placeName{place: place, short: short, natural: natural, loose: loosen(natural), sound: sound(natural)}
	id := int32(len(x.names))
	for i := 0; i < len(n.loose); i++ {
		if i == 0 || n.loose[i-1] == ' ' {
			x.starts = append(x.starts, start{rest: n.loose[i:], name: id, first: i == 0})
		}
	}
	var buf [64]gram
	for _, g := range grams(n.sound, buf[:0]) {
		x.grams[g] = append(x.grams[g], id)
		n.grams++
	}
	x.names = append(x.names, n)
}

// loosen turns a natural key into a loose one.
func loosen(natural string) string { return FoldName(natural) }

// spellings returns the natural keys under which a name is known: as it is, and
// without the words that only say what kind of place it is.
func spellings(words []string) []string {
	all := strings.Join(words, " ")
	short := strings.Join(proper(words), " ")
	if short == all {
		return []string{all}
	}
	return []string{all, short}
}

// proper returns the words without those that say what kind of place it is, or
// all of them when nothing else is there.
func proper(words []string) []string {
	var out []string
	for _, w := range words {
		if !kindOfPlace(w) {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// contextWords returns the sounds of the words by which a context is recognised.
func contextWords(context string) []string {
	words := proper(FoldWords(context))
	for i, w := range words {
		words[i] = sound(w)
	}
	return words
}

// kindOfPlace reports whether a word of a natural key says what kind of place a
// name belongs to.
func kindOfPlace(word string) bool {
	switch word {
	case "mahala", "mahalasi", "mahalada", "mahalasida", "mahalam", "mahalamiz", "mahalya", "mahali", "mahalinskiy",
		"mfy", "mfi", "msg", "shfy", "kfy", "fukarolar", "yigini", "shod", "grajdan",
		"tuman", "tumani", "tumanida", "rayon", "rayoni", "rayona", "rayone", "rn",
		"shahar", "shahri", "shahrida", "gorod", "goroda", "gorode",
		"viloyat", "viloyati", "oblast", "oblasti", "respublikasi", "respublika",
		"kishlok", "kishlogi", "kishlak", "selo", "sela", "poselok", "posyolok", "pos",
		"shaharcha", "shaharchasi", "punkt", "kfj", "sektor", "sektori", "nomli", "nomidagi", "im", "imeni":
		return true
	}
	return false
}
