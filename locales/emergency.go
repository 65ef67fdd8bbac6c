package locales

import (
	"slices"
	"strings"
)

// How far apart the words of a stem may stand.
const (
	maxBetween = 2 // other words between two words of a phrase
	maxApart   = 4 // other words between two parts that come in any order
	maxNear    = 4 // words on either side of a hit in which an exception may stand
)

// Stems finds words of danger in a message. It only proposes a number to show
// first; it blocks nothing and decides nothing.
type Stems struct {
	stems []dangerStem
	sets  []wordSet
}

// dangerStem is one stem of the table, of which a row may have several.
type dangerStem struct {
	text     string
	parts    []phrase // in any order when there is more than one
	unless   []phrase // on the words of a hit
	near     []phrase // near the words of a hit
	numbers  []string
	category string
}

// wordSet is a named list of phrases whose words follow each other.
type wordSet struct {
	name    string
	phrases []phrase
}

// phrase is words that follow each other.
type phrase []wordStem

// wordStem is the beginning of a word, or the whole of it, or one phrase of a
// set.
type wordStem struct {
	keys  []string // the spellings of one stem
	whole bool
	set   int // one more than the index of a set; 0 is none
}

// Hit is a danger found in a message.
type Hit struct {
	Numbers  []string // to call, in this order
	Category string   // code of the category that the stem belongs to
	Stem     string   // as the table has it
}

// dangerWords are the words of a message as stems see them: folded, and Russian
// in Latin letters as it would be in Cyrillic ones (pozhar, dym).
func dangerWords(text string) []string {
	words := FoldWords(text)
	for i, w := range words {
		words[i] = russianKey(w)
	}
	return words
}

// russianKey spells in one way what Russian is spelled with in Latin letters:
// zh and kh, and y between two consonants for ы. Uzbek has none of them.
func russianKey(word string) string {
	if !strings.Contains(word, "zh") && !strings.Contains(word, "kh") && strings.IndexByte(word, 'y') <= 0 {
		return word
	}
	out := []byte(strings.ReplaceAll(strings.ReplaceAll(word, "zh", "j"), "kh", "h"))
	for i := 1; i+1 < len(out); i++ {
		if out[i] == 'y' && consonant(out[i-1]) && consonant(out[i+1]) {
			out[i] = 'i'
		}
	}
	return string(out)
}

func consonant(c byte) bool { return c > 'a' && c <= 'z' && !strings.ContainsRune("eiouy", rune(c)) }

// Match returns the dangers that a message in any script names, one for each
// category and set of numbers, in the order of the table.
func (s *Stems) Match(text string) []Hit {
	m := s.newDangerSearch(text)
	var hits []Hit
	for i := range s.stems {
		d := &s.stems[i]
		if !m.finds(d) {
			continue
		}
		same := func(h Hit) bool { return h.Category == d.category && slices.Equal(h.Numbers, d.numbers) }
		if !slices.ContainsFunc(hits, same) {
			hits = append(hits, Hit{Numbers: slices.Clone(d.numbers), Category: d.category, Stem: d.text})
		}
	}
	return hits
}

// dangerSearch is a message in which stems are looked for.
type dangerSearch struct {
	words  []string
	stems  *Stems
	known  [][]lengths // by set and word, once it was looked at
	begins [1024]bool  // how words begin, so that most stems need no look at any
}

// newDangerSearch prepares a message.
func (s *Stems) newDangerSearch(text string) *dangerSearch {
	m := &dangerSearch{words: dangerWords(text), stems: s, known: make([][]lengths, len(s.sets))}
	for _, w := range m.words {
		m.begins[beginning(w)] = true
		m.begins[beginning(w[:1])] = true
	}
	return m
}

// beginning is the first two letters of a word, or its only one.
func beginning(word string) int {
	n := int(word[0]) & 31 << 5
	if len(word) > 1 {
		n |= int(word[1]) & 31
	}
	return n
}

// mayStand tells whether any word begins like the stem, or any phrase of its set
// stands in the message.
func (m *dangerSearch) mayStand(w wordStem) bool {
	if w.set > 0 {
		return slices.ContainsFunc(m.ofSet(w.set), func(l lengths) bool { return l != 0 })
	}
	for _, key := range w.keys {
		if m.begins[beginning(key)] {
			return true
		}
	}
	return false
}

// lengths has bit n set where n words match.
type lengths uint8

// span is some words of a message.
type span struct{ from, to int }

// finds reports whether the words name the danger and nothing takes it back.
func (m *dangerSearch) finds(d *dangerStem) bool {
	if len(m.words) == 0 {
		return false
	}
	for _, p := range d.parts {
		if !m.mayStand(p[0]) {
			return false // as nearly always, and before anything is allocated
		}
	}
	parts := make([][]span, len(d.parts))
	for i, p := range d.parts {
		if parts[i] = m.spans(p); len(parts[i]) == 0 {
			return false
		}
	}
	for _, first := range parts[0] {
		if m.together(d, first, []span{first}, parts[1:]) {
			return true
		}
	}
	return false
}

// together adds one span of every part left to those taken, no two on the same
// word and none far off, and reports whether a hit came of it.
func (m *dangerSearch) together(d *dangerStem, hull span, taken []span, left [][]span) bool {
	if len(left) == 0 {
		return !m.takenBack(d, hull)
	}
	for _, s := range left[0] {
		apart := max(s.from-hull.to, hull.from-s.to)
		meets := func(t span) bool { return s.from < t.to && t.from < s.to }
		if apart > maxApart || slices.ContainsFunc(taken, meets) {
			continue
		}
		wider := span{min(hull.from, s.from), max(hull.to, s.to)}
		if m.together(d, wider, append(taken[:len(taken):len(taken)], s), left[1:]) {
			return true
		}
	}
	return false
}

// takenBack reports whether an exception stands on the words of a hit or near.
func (m *dangerSearch) takenBack(d *dangerStem, hit span) bool {
	for _, u := range d.unless {
		if !m.mayStand(u[0]) {
			continue
		}
		for i := max(0, hit.from-len(u)+1); i < hit.to; i++ {
			if end := m.end(i, u, 0); end > hit.from {
				return true
			}
		}
	}
	for _, u := range d.near {
		if !m.mayStand(u[0]) {
			continue
		}
		for i := max(0, hit.from-maxNear); i < min(len(m.words), hit.to+maxNear); i++ {
			if m.end(i, u, 0) > 0 {
				return true
			}
		}
	}
	return false
}

// spans lists where a phrase stands.
func (m *dangerSearch) spans(p phrase) []span {
	var list []span
	for i := range m.words {
		if end := m.end(i, p, maxBetween); end > 0 {
			list = append(list, span{i, end})
		}
	}
	return list
}

// end matches a phrase from a word on, with at most so many other words between
// two of its own. It returns the end of the match, or 0.
func (m *dangerSearch) end(i int, p phrase, between int) int {
	if i >= len(m.words) {
		return 0
	}
	found := m.at(i, p[0])
	if found == 0 {
		return 0
	}
	for n := 1; found>>n != 0; n++ {
		if found>>n&1 == 0 {
			continue
		}
		if len(p) == 1 {
			return i + n
		}
		for next := i + n; next <= i+n+between; next++ {
			if end := m.end(next, p[1:], between); end > 0 {
				return end
			}
		}
	}
	return 0
}

// at tells how many words from words[i] on a stem matches.
func (m *dangerSearch) at(i int, w wordStem) lengths {
	if w.set == 0 {
		if w.begins(m.words[i]) {
			return 1 << 1
		}
		return 0
	}
	return m.ofSet(w.set)[i]
}

// ofSet tells for every word how many from it on are a phrase of a set.
func (m *dangerSearch) ofSet(set int) []lengths {
	known := m.known[set-1]
	if known != nil {
		return known
	}
	known = make([]lengths, len(m.words))
	m.known[set-1] = known
	for _, p := range m.stems.sets[set-1].phrases {
		if !m.mayStand(p[0]) {
			continue
		}
		for at := range known {
			if end := m.end(at, p, 0); end > 0 {
				known[at] |= 1 << min(end-at, 7)
			}
		}
	}
	return known
}

// begins reports whether word begins with the stem, or is it. No slip of the
// pen is forgiven: rain (yogʻin) is one letter off fire (yongʻin).
func (w wordStem) begins(word string) bool {
	for _, key := range w.keys {
		if strings.HasPrefix(word, key) && (!w.whole || len(word) == len(key)) {
			return true
		}
	}
	return false
}
