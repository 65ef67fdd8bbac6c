package locales

// sound returns a key still looser than that of FoldName, under which the Uzbek
// and the Russian spelling of a name mostly meet: Olmaliq and Алмалык, Jizzax
// and Джизак.
func sound(natural string) string {
	out := make([]byte, 0, len(natural))
	for i := 0; i < len(natural); i++ {
		c := natural[i]
		switch c {
		case 'o', 'u':
			c = 'a'
		case 'e':
			c = 'i'
		case 'y', ' ':
			continue
		case 'd':
			if i+1 < len(natural) && natural[i+1] == 'j' {
				continue
			}
		}
		if len(out) > 0 && out[len(out)-1] == c {
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// grams adds to out the groups of three letters of a sound key, its beginning
// counted twice and its end once.
func grams(sound string, out []gram) []gram {
	g := gram{'^', '^', '^'}
	for i := 0; i <= len(sound); i++ {
		c := byte('$')
		if i < len(sound) {
			c = sound[i]
		}
		g = gram{g[1], g[2], c}
		out = append(out, g)
	}
	return out
}

// Costs of one change between two natural keys; a plain change costs whole.
const (
	whole = 10
	half  = 5
	small = 2
)

// likeness tells how near two natural keys are, from 0 to 1000 for equal ones.
// It is an edit distance with swaps in which the changes between Uzbek and
// Russian spelling cost little.
func likeness(a, b string) int {
	if len(a) > maxLetter {
		a = a[:maxLetter]
	}
	if len(b) > maxLetter {
		b = b[:maxLetter]
	}
	if a == "" || b == "" {
		return 0
	}
	var rows [3][maxLetter + 1]int
	before, prev, row := &rows[0], &rows[1], &rows[2]
	for j := 1; j <= len(b); j++ {
		prev[j] = prev[j-1] + lost(b, j-1)
	}
	for i := 1; i <= len(a); i++ {
		drop := lost(a, i-1)
		row[0] = prev[0] + drop
		for j := 1; j <= len(b); j++ {
			d := min(prev[j-1]+swap(a[i-1], b[j-1]), prev[j]+drop, row[j-1]+lost(b, j-1))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+whole)
			}
			row[j] = d
		}
		before, prev, row = prev, row, before
	}
	return max(0, 1000-1000*prev[len(b)]/(whole*max(len(a), len(b))))
}

// lost is the cost of leaving out the letter s[i].
func lost(s string, i int) int {
	switch s[i] {
	case ' ':
		return small
	case 'y':
		return half
	case 'h':
		if i > 0 && (s[i-1] == 's' || s[i-1] == 'c') { // one sound, half a letter
			return half
		}
	case 'd':
		if i+1 < len(s) && s[i+1] == 'j' {
			return small
		}
	}
	return whole
}

// swap is the cost of one letter in place of another.
func swap(a, b byte) int {
	if a == b {
		return 0
	}
	if a > b {
		a, b = b, a
	}
	switch uint16(a)<<8 | uint16(b) {
	case 'a'<<8 | 'o', 'o'<<8 | 'u', 'e'<<8 | 'i':
		return small
	case 'a'<<8 | 'u', 'a'<<8 | 'e', 'a'<<8 | 'i', 'i'<<8 | 'u', 'i'<<8 | 'y', 'i'<<8 | 'o',
		'h'<<8 | 'k', 'g'<<8 | 'h', 'g'<<8 | 'k', 'b'<<8 | 'v', 'b'<<8 | 'p', 'd'<<8 | 't',
		's'<<8 | 'z', 'f'<<8 | 'p', 'u'<<8 | 'v', 'j'<<8 | 'z':
		return half
	}
	return whole
}
