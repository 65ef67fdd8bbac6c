package locales

import (
	"encoding/csv"
	"fmt"
	"io"
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

// EmergencyStems returns the stems of the tables inside the program.
func EmergencyStems() (*Stems, error) {
	sets, err := files.Open("text/emergency_sets.csv")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	defer sets.Close()
	stems, err := files.Open("text/emergency_stems.csv")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	defer stems.Close()
	return LoadStems(stems, sets)
}

// LoadStems reads a table of stems: CSV with a header row that has the columns
// stem (or stem_folded), number and category, and may have unless; and a table
// of the sets that they name, with the columns set and words, or nil. What they
// mean stands in text/README.md. The order of the rows is the priority.
func LoadStems(stems, sets io.Reader) (*Stems, error) {
	s := &Stems{}
	if sets != nil {
		if err := s.readSets(sets); err != nil {
			return nil, fmt.Errorf("locales: sets of stems: %w", err)
		}
	}
	if err := s.readStems(stems); err != nil {
		return nil, fmt.Errorf("locales: stems: %w", err)
	}
	return s, nil
}

// readSets reads the sets. A set may name those above it.
func (s *Stems) readSets(table io.Reader) error {
	rows, column, err := readTable(table)
	if err != nil {
		return err
	}
	name, words := column("set"), column("words")
	if name < 0 || words < 0 {
		return fmt.Errorf("the columns set and words are needed")
	}
	for i, row := range rows {
		set := wordSet{name: row[name]}
		if set.phrases, err = s.phrases(strings.Split(row[words], ";")); err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
		if len(set.phrases) == 0 {
			return fmt.Errorf("row %d has no words", i+2)
		}
		s.sets = append(s.sets, set)
	}
	return nil
}

func (s *Stems) readStems(table io.Reader) error {
	rows, column, err := readTable(table)
	if err != nil {
		return err
	}
	text, number, category, unless := column("stem", "stem_folded"), column("number"), column("category"), column("unless")
	if text < 0 || number < 0 || category < 0 {
		return fmt.Errorf("the columns stem, number and category are needed")
	}
	for i, row := range rows {
		row := stemRow{numbers: row[number], category: row[category], stems: row[text], unless: cell(row, unless)}
		if err := s.addRow(row); err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
	}
	return nil
}

// stemRow is a row of the table as it is written.
type stemRow struct{ stems, numbers, category, unless string }

func (s *Stems) addRow(row stemRow) error {
	var on, near []string
	for _, u := range strings.Split(row.unless, ";") {
		if words, ok := strings.CutPrefix(strings.TrimSpace(u), "~"); ok {
			near = append(near, words)
		} else {
			on = append(on, u)
		}
	}
	d := dangerStem{numbers: strings.Split(row.numbers, ";"), category: row.category}
	var err error
	if d.unless, err = s.phrases(on); err != nil {
		return err
	}
	if d.near, err = s.phrases(near); err != nil {
		return err
	}
	for _, text := range strings.Split(row.stems, ";") {
		d.text = strings.TrimSpace(text)
		if d.parts, err = s.phrases(strings.Split(d.text, " + ")); err != nil {
			return err
		}
		if len(d.parts) == 0 || row.numbers == "" {
			return fmt.Errorf("no stem or no number")
		}
		s.stems = append(s.stems, d)
	}
	return nil
}

// readTable reads a CSV table and finds its columns by one of their names.
func readTable(table io.Reader) ([][]string, func(...string) int, error) {
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("no header row")
	}
	column := func(names ...string) int {
		return slices.IndexFunc(rows[0], func(h string) bool { return slices.Contains(names, h) })
	}
	return rows[1:], column, nil
}

func cell(row []string, column int) string {
	if column < 0 {
		return ""
	}
	return row[column]
}

// phrases reads phrases; empty ones are left out.
func (s *Stems) phrases(texts []string) ([]phrase, error) {
	var list []phrase
	for _, text := range texts {
		var p phrase
		for _, w := range strings.Fields(text) {
			if name, ok := strings.CutPrefix(w, "@"); ok {
				set := slices.IndexFunc(s.sets, func(set wordSet) bool { return set.name == name })
				if set < 0 {
					return nil, fmt.Errorf("no set %q", name)
				}
				p = append(p, wordStem{set: set + 1})
				continue
			}
			p = append(p, wordStems(w)...)
		}
		if len(p) > 0 {
			list = append(list, p)
		}
	}
	return list, nil
}

// wordStems folds one word of the table; a $ at its end stands for the end of
// the word. What a Russian keyboard makes of it is known too: у for ў, е for ё.
func wordStems(w string) []wordStem {
	w, whole := strings.CutSuffix(w, "$")
	var list []wordStem
	for _, spelling := range []string{w, strings.ReplaceAll(w, "oʻ", "u"), strings.ReplaceAll(w, "ё", "е")} {
		for i, key := range dangerWords(spelling) {
			if i == len(list) {
				list = append(list, wordStem{whole: whole})
			}
			if !slices.Contains(list[i].keys, key) {
				list[i].keys = append(list[i].keys, key)
			}
		}
	}
	return list
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

// mayStand tells whether any word begins like the stem.
func (m *dangerSearch) mayStand(w wordStem) bool {
	for _, key := range w.keys {
		if m.begins[beginning(key)] {
			return true
		}
	}
	return w.set > 0
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
	if !m.mayStand(p[0]) {
		return nil
	}
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
	known := m.known[w.set-1]
	if known == nil {
		known = make([]lengths, len(m.words))
		for _, p := range m.stems.sets[w.set-1].phrases {
			if !m.mayStand(p[0]) {
				continue
			}
			for at := range known {
				if end := m.end(at, p, 0); end > 0 {
					known[at] |= 1 << min(end-at, 7)
				}
			}
		}
		m.known[w.set-1] = known
	}
	return known[i]
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
