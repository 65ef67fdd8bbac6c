package handlers

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"koprik/bot"
	"koprik/locales"
)

// otherWords are what people type in the place of a command, above all in Russian. The
// commands themselves need no row, however they are spelled.
//
//go:embed commands.csv
var otherWords string

// spelling knows which command a typed word means: each is understood in all its
// spellings and in both scripts, and in the words of the table.
type spelling struct{ names map[string]string }

// registerSpelling lets every command that is registered by now be spelled in other ways.
func (h *Handlers) registerSpelling(r *bot.Router) {
	h.spelling = newSpelling(r.Commands())
	r.Spelling(h.spelling.read)
}

// newSpelling reads the table for some commands. Two that would be spelled alike, or a
// row of no command, are a mistake of ours.
func newSpelling(commands []string) spelling {
	s := spelling{names: map[string]string{}}
	known := map[string]bool{}
	for _, name := range commands {
		known[name] = true
		s.add(name, name)
	}
	rows, err := csv.NewReader(strings.NewReader(otherWords)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("handlers: commands.csv: %v", err))
	}
	for _, row := range rows[1:] {
		if !known[row[1]] {
			panic("handlers: commands.csv names /" + row[1] + ", which is no command")
		}
		s.add(row[0], row[1])
	}
	return s
}

func (s spelling) add(word, name string) {
	key := spelled(word)
	if other, taken := s.names[key]; taken {
		panic(fmt.Sprintf("handlers: /%s is spelled like /%s", word, other))
	}
	s.names[key] = name
}

// spelled is the key of a command: words that stand together or apart are one.
func spelled(word string) string {
	return strings.ReplaceAll(locales.Fold(strings.ReplaceAll(word, "_", "")), " ", "")
}

// read is the command that a word means; empty when none.
func (s spelling) read(word string) string { return s.names[spelled(word)] }

// longestCommand bounds what is compared with the commands.
const longestCommand = 24

// near is the command that a word is most like, of those that may be offered; empty when
// none is like enough, or several are as like.
func (s spelling) near(word string, may func(name string) bool) string {
	key := spelled(word)
	if len(key) < 3 || len(key) > longestCommand {
		return ""
	}
	best, found, several := 1+len(key)/5, "", false
	for other, name := range s.names {
		n := slips(key, other)
		if n > best || !may(name) || name == found && n == best {
			continue
		}
		several = n == best && found != "" && name != found
		best, found = n, name
	}
	if several {
		return ""
	}
	return found
}

// slips counts the letters that make one word of another: put in, left out, taken for
// another, or changed with the next one.
func slips(a, b string) int {
	var before, last []int
	line := make([]int, len(b)+1)
	for j := range line {
		line[j] = j
	}
	for i := range len(a) {
		before, last, line = last, line, make([]int, len(b)+1)
		line[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			line[j+1] = min(last[j]+cost, last[j+1]+1, line[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				line[j+1] = min(line[j+1], before[j-1]+1)
			}
		}
	}
	return line[len(b)]
}
