package locales

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

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
