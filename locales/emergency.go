package locales

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxBetween is how many other words may stand between two words of a stem.
const maxBetween = 2

// Stems finds words of danger in a message. It only proposes a number to show
// first; it blocks nothing and decides nothing.
type Stems struct{ stems []dangerStem }

// dangerStem is one row of the table of stems.
type dangerStem struct {
	text     string
	words    []wordStem
	unless   [][]wordStem
	numbers  []string
	category string
}

// wordStem is the beginning of a word, or the whole of it.
type wordStem struct {
	key   string
	whole bool
}

// Hit is a danger found in a message.
type Hit struct {
	Numbers  []string // to call, in this order
	Category string   // code of the category that the stem belongs to
	Stem     string   // as the table has it
}

// EmergencyStems returns the stems of the table inside the program.
func EmergencyStems() (*Stems, error) {
	f, err := files.Open("text/emergency_stems.csv")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	defer f.Close()
	return LoadStems(f)
}

// LoadStems reads a table of stems: CSV with a header row that has the columns
// stem (or stem_folded), number and category, and may have unless. What they
// mean stands in text/README.md. The order of the rows is the priority.
func LoadStems(table io.Reader) (*Stems, error) {
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("locales: stems: %w", err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("locales: stems: no header row")
	}
	column := func(names ...string) int {
		return slices.IndexFunc(rows[0], func(h string) bool { return slices.Contains(names, h) })
	}
	text, number, category, unless := column("stem", "stem_folded"), column("number"), column("category"), column("unless")
	if text < 0 || number < 0 || category < 0 {
		return nil, fmt.Errorf("locales: stems: the columns stem, number and category are needed")
	}
	s := &Stems{}
	for i, row := range rows[1:] {
		d := dangerStem{
			text:     row[text],
			words:    phrase(row[text]),
			numbers:  strings.Split(row[number], ";"),
			category: row[category],
		}
		if len(d.words) == 0 || row[number] == "" {
			return nil, fmt.Errorf("locales: stems: row %d has no stem or no number", i+2)
		}
		if unless >= 0 {
			for _, u := range strings.Split(row[unless], ";") {
				if p := phrase(u); len(p) > 0 {
					d.unless = append(d.unless, p)
				}
			}
		}
		s.stems = append(s.stems, d)
	}
	return s, nil
}

// phrase folds the words of a stem; a $ at the end of a word stands for its end.
func phrase(s string) []wordStem {
	var out []wordStem
	for _, w := range strings.Fields(s) {
		key, whole := strings.CutSuffix(w, "$")
		for _, k := range FoldWords(key) {
			out = append(out, wordStem{key: k, whole: whole})
		}
	}
	return out
}

// Match returns the dangers that a message in any script names, one for each
// category and set of numbers, in the order of the table.
func (s *Stems) Match(text string) []Hit {
	words := FoldWords(text)
	var hits []Hit
	for i := range s.stems {
		d := &s.stems[i]
		if !d.in(words) {
			continue
		}
		same := func(h Hit) bool { return h.Category == d.category && slices.Equal(h.Numbers, d.numbers) }
		if !slices.ContainsFunc(hits, same) {
			hits = append(hits, Hit{Numbers: slices.Clone(d.numbers), Category: d.category, Stem: d.text})
		}
	}
	return hits
}

// in reports whether the words name the danger and nothing takes it back.
func (d *dangerStem) in(words []string) bool {
	for i := range words {
		if end := matchAt(words, i, d.words, maxBetween); end > 0 && !d.takenBack(words, i, end) {
			return true
		}
	}
	return false
}

// takenBack reports whether an exception stands on one of words[from:to].
func (d *dangerStem) takenBack(words []string, from, to int) bool {
	for _, u := range d.unless {
		for i := max(0, from-len(u)+1); i < to; i++ {
			if matchAt(words, i, u, 0) > 0 {
				return true
			}
		}
	}
	return false
}

// matchAt matches a phrase from words[i] on, with at most so many other words
// between two of its own. It returns the end of the match, or 0.
func matchAt(words []string, i int, phrase []wordStem, between int) int {
	if i >= len(words) || !phrase[0].begins(words[i]) {
		return 0
	}
	if len(phrase) == 1 {
		return i + 1
	}
	for next := i + 1; next <= i+1+between; next++ {
		if end := matchAt(words, next, phrase[1:], between); end > 0 {
			return end
		}
	}
	return 0
}

// begins reports whether word begins with the stem, or is it.
func (w wordStem) begins(word string) bool {
	if w.whole {
		return word == w.key
	}
	return strings.HasPrefix(word, w.key)
}
