package locales

import (
	"slices"
	"strings"
)

// Matters reads texts so that they can be compared and searched, whatever their
// script: Latin, Cyrillic, a Russian keyboard, or Russian, as far as its words
// stand in the short table of meanings. It is made once and safe for concurrent
// use.
type Matters struct {
	idle     map[string]bool  // words that say nothing of the matter
	meanings map[string]int16 // by the beginnings of words
}

// Matter is what a text is about: its words without those that say nothing.
type Matter struct {
	words  []matterWord
	houses []string // numbers of houses it names
}

// matterWord is a word in the keys under which its spellings meet.
type matterWord struct {
	loose   string // with o and u merged
	sound   string // with the spelling of Russian merged too
	meaning int16  // 0 is none
	weight  float64
	at      int // which word of the text it is
}

// NewMatters prepares the tables.
func NewMatters() *Matters {
	m := &Matters{idle: map[string]bool{}, meanings: map[string]int16{}}
	for _, w := range FoldWords(idleWords) {
		m.idle[loosen(w)] = true
	}
	for of, words := range meanings() {
		for _, w := range FoldWords(words) {
			m.meanings[loosen(w)] = int16(of + 1)
		}
	}
	return m
}

// Bounds of the work for texts of any length.
const (
	mostMatterWords = 1000 // that a search looks at
	mostAlikeWords  = 32   // at the beginning of a text, that are compared
)

// Read takes from a text what it is about.
func (m *Matters) Read(text string) Matter {
	var out Matter
	words := FoldWords(text)
	for i, natural := range words {
		if len(out.words) == mostMatterWords {
			break
		}
		w := matterWord{loose: looseWord(natural), weight: 1, at: i}
		switch {
		case m.idle[w.loose]:
			continue
		case numeric(natural):
			if !houseNear(words, i) {
				continue // an hour, a day, an age
			}
			out.houses = append(out.houses, natural)
			w.sound = natural
			w.weight = houseWeight
		case len(natural) < 3:
			continue
		default:
			w.sound = sound(natural)
			w.meaning = m.meaning(w.loose)
		}
		out.words = append(out.words, w)
	}
	return out
}

// looseWord is loosen for one word of a natural key.
func looseWord(natural string) string {
	if strings.IndexByte(natural, 'o') < 0 {
		return natural
	}
	out := make([]byte, 0, len(natural))
	for i := range len(natural) {
		c := natural[i]
		if c == 'o' {
			c = 'u'
		}
		if c != 'u' || len(out) == 0 || out[len(out)-1] != c {
			out = append(out, c)
		}
	}
	return string(out)
}

// houseWeight is what the number of a house counts against other words.
const houseWeight = 1.5

// meaning finds the longest beginning in the table.
func (m *Matters) meaning(loose string) int16 {
	for n := len(loose); n >= 3; n-- {
		if of := m.meanings[loose[:n]]; of > 0 {
			return of
		}
	}
	return 0
}

// numeric reports whether a word begins with a digit: 12, 12a.
func numeric(word string) bool { return word[0] >= '0' && word[0] <= '9' }

// houseNear reports whether a number stands beside a word for a house or the
// like.
func houseNear(words []string, i int) bool {
	return i > 0 && houseWord(words[i-1]) || i+1 < len(words) && houseWord(words[i+1])
}

func houseWord(word string) bool {
	switch word {
	case "uy", "uyi", "uyning", "uyda", "uydagi", "uylar", "uyga", "uydan", "honadon", "dom", "doma", "dome", "domu", "domom", "d",
		"kv", "kvartira", "kvartirada", "kvartire", "kvartiri", "kvartal", "mavze", "maktab", "maktabi", "shkola", "shkoli", "bogcha", "sad", "sadik",
		"sonli", "korpus", "podezd", "podyezd":
		return true
	}
	return false
}

// Familiar tells whether the matter is one of those that neighbours bring again and again.
func (a Matter) Familiar() bool {
	return slices.ContainsFunc(a.words, func(w matterWord) bool { return w.meaning > 0 })
}

// Empty tells whether nothing was left of the text: it says of no matter.
func (a Matter) Empty() bool { return len(a.words) == 0 }

// Likeness tells how likely two texts of one kind, from one place and a few
// days, speak of the same matter, from 0 to 1. It compares word with word and
// forgives endings and slips of the pen; houses with different numbers halve
// it. Two texts that share no letters and no meaning of the table are 0.
//
// From 0.42 on (mahalla.AlikeEnough) they are proposed as the same: of 24 pairs
// that nothing was learned from, that finds 11 of the 12 that are the same and
// none of the others; of the 71 from which the threshold comes, all 39 and 3 of
// 32 others. TestTheSameMatter counts. All pairs are invented by one author.
func (a Matter) Likeness(b Matter) float64 {
	if a.Empty() || b.Empty() {
		return 0
	}
	a.words = a.words[:min(len(a.words), mostAlikeWords)]
	b.words = b.words[:min(len(b.words), mostAlikeWords)]
	hitA, allA := a.coveredBy(b)
	hitB, allB := b.coveredBy(a)
	dice := (hitA + hitB) / (allA + allB)
	shorter := hitA / allA
	if allB < allA || allB == allA && hitB > hitA {
		shorter = hitB / allB
	}
	like := diceShare*dice + (1-diceShare)*shorter
	if len(a.houses) > 0 && len(b.houses) > 0 && !slices.ContainsFunc(a.houses, func(n string) bool { return slices.Contains(b.houses, n) }) {
		like /= 2
	}
	return like
}

// diceShare weighs the words in common against how much of the shorter text is
// covered: a long story and one line may be about one matter.
const diceShare = 0.6

// coveredBy adds up how much of a text's words the other has, and of all.
func (a Matter) coveredBy(b Matter) (hit, all float64) {
	for i := range a.words {
		best := 0.0
		for j := range b.words {
			if best = max(best, alikeWords(&a.words[i], &b.words[j])); best == 1 {
				break
			}
		}
		hit += best * a.words[i].weight
		all += a.words[i].weight
	}
	return hit, all
}

// Shared lists the words of a text, as it has them, that the other text has
// too: what may be shown to the writer without telling anything of the other.
func (a Matter) Shared(text string, b Matter) []string {
	spelled := wordsAsWritten(text)
	var list []string
	for i := range a.words {
		like := func(w matterWord) bool { return alikeWords(&a.words[i], &w) >= alikeEnough }
		if at := a.words[i].at; at < len(spelled) && slices.ContainsFunc(b.words, like) && !slices.Contains(list, spelled[at]) {
			list = append(list, spelled[at])
		}
	}
	return list
}

// wordsAsWritten cuts a text into the words that Fold makes of it.
func wordsAsWritten(text string) []string {
	var list []string
	from := -1
	end := func(i int) {
		if from >= 0 && Fold(text[from:i]) != "" {
			list = append(list, text[from:i])
		}
		from = -1
	}
	for i, r := range text {
		switch _, c := letter(r); {
		case c == border:
			end(i)
		case from < 0:
			from = i
		}
	}
	end(len(text))
	return list
}

// And is what two texts together are about.
func (a Matter) And(b Matter) Matter {
	return Matter{words: slices.Concat(a.words, b.words), houses: slices.Concat(a.houses, b.houses)}
}

// Holds tells whether a text has every word of a query, in any order: the word
// itself, its beginning, another form of it, nearly so, or a word of the same
// meaning.
func (a Matter) Holds(query Matter) bool {
	for i := range query.words {
		finds := func(w matterWord) bool { return findsWord(&query.words[i], &w) }
		if !slices.ContainsFunc(a.words, finds) {
			return false
		}
	}
	return !query.Empty()
}

// findsWord also takes a word that was typed with an ending for its stem.
func findsWord(query, word *matterWord) bool {
	same := 0
	for same < min(len(query.loose), len(word.loose)) && query.loose[same] == word.loose[same] {
		same++
	}
	switch {
	case numeric(query.loose):
		return query.loose == word.loose
	case same == len(query.loose), same >= 5 && len(query.loose)-same <= 3:
		return true
	}
	return alikeWords(query, word) >= alikeEnough
}

// alikeEnough is from where on two words count as one.
const alikeEnough = 0.6

// alikeWords tells how near two words are, from 0 to 1.
func alikeWords(a, b *matterWord) float64 {
	if a.meaning > 0 && a.meaning == b.meaning {
		return 1
	}
	return alikeLetters(a, b)
}

// alikeLetters compares the letters: whole beginnings are forms of one word in
// a language that adds endings, otherwise groups of three letters count.
func alikeLetters(a, b *matterWord) float64 {
	if a.loose == b.loose {
		return 1
	}
	if numeric(a.loose) || numeric(b.loose) {
		return 0
	}
	short := min(len(a.loose), len(b.loose))
	same := 0
	for same < short && a.loose[same] == b.loose[same] {
		same++
	}
	switch {
	case same >= 4 && same == short:
		return 0.95
	case same >= 5 && same >= short-1, same >= 6:
		return 0.85
	}
	if like := commonGrams(a.sound, b.sound); like >= 0.5 {
		return like
	}
	return 0
}

// commonGrams is the share of groups of three letters in common (Dice).
func commonGrams(a, b string) float64 {
	if len(a) < 4 || len(b) < 4 || len(a) > maxLetter || len(b) > maxLetter || a[0] != b[0] && a[1] != b[1] {
		return 0
	}
	var bufA, bufB [maxLetter + 1]gram
	as, bs := grams(a, bufA[:0]), grams(b, bufB[:0])
	common := 0
	for _, g := range as {
		if i := slices.Index(bs, g); i >= 0 {
			bs[i] = gram{}
			common++
		}
	}
	return 2 * float64(common) / float64(len(as)+len(bs))
}

// NameWithin tells whether a text names a place, with whatever endings, and
// returns the key of the text without the name and without words like mahallasi.
func NameWithin(text, name string) (rest string, ok bool) {
	words := FoldWords(text)
	wanted := proper(FoldWords(name))
	for at := 0; len(wanted) > 0 && at+len(wanted) <= len(words); at++ {
		if !startsWithName(words[at:], wanted) {
			continue
		}
		left := slices.Delete(words, at, at+len(wanted))
		left = slices.DeleteFunc(left, kindOfPlace)
		return strings.Join(left, " "), true
	}
	return "", false
}

// mostEnding is how many letters an ending of a name may have.
const mostEnding = 9

// startsWithName compares the words of a name; the last one may have an ending.
func startsWithName(words, name []string) bool {
	for i, n := range name {
		w, n := loosen(words[i]), loosen(n)
		ending := i == len(name)-1 && len(n) >= 4 && strings.HasPrefix(w, n) && len(w)-len(n) <= mostEnding
		if w != n && !ending {
			return false
		}
	}
	return true
}
