package locales

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CyrillicText writes a message text in Cyrillic letters. Unlike [ToCyrillic] it
// leaves alone what must stay Latin: {{…}}, HTML tags and entities, the content
// of <code> and <pre>, links, mail addresses and file names, @names, /commands,
// Roman numerals, and the names that Uzbek Cyrillic print keeps in Latin
// (Telegram, PDF) together with the words of keep.
func CyrillicText(latn string, keep ...string) string {
	c := converter{stems: textLexicon()}
	s := Apostrophes(latn)
	var out strings.Builder
	out.Grow(2 * len(s))
	prev := rune(' ')
	for s != "" {
		n := fixed(s, prev)
		if n == 0 && latinPart(first(s)) {
			n = wordLen(s)
			if !stays(s[:n], keep) {
				out.WriteString(c.word(s[:n]))
				prev, s = first(s), s[n:]
				continue
			}
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s)
		}
		out.WriteString(s[:n])
		prev, _ = utf8.DecodeLastRuneInString(s[:n])
		s = s[n:]
	}
	return out.String()
}

// first returns the first character of s.
func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// fixed returns the length of the part at the start of s that is no Uzbek text,
// or 0. prev is the character before s.
func fixed(s string, prev rune) int {
	switch s[0] {
	case '{':
		return action(s)
	case '<':
		return tag(s)
	case '&':
		return entity(s)
	case '/', '@':
		if wordRune(prev) {
			return 0
		}
		n := 1 + nameLen(s[1:])
		switch {
		case n == 1:
			return 0
		case s[0] == '/' && n < len(s) && s[n] == '@': // /til@koprik_bot
			n += 1 + nameLen(s[n+1:])
		}
		return n
	}
	if wordRune(prev) || !asciiLetter(rune(s[0])) {
		return 0
	}
	return address(s)
}

// action returns the length of the template action at the start of s.
func action(s string) int {
	if !strings.HasPrefix(s, "{{") {
		return 0
	}
	if i := strings.Index(s, "}}"); i > 0 {
		return i + 2
	}
	return 0
}

// tag returns the length of the HTML tag at the start of s, and for <code> and
// <pre> of all that it encloses.
func tag(s string) int {
	if len(s) < 2 || s[1] != '/' && !asciiLetter(rune(s[1])) {
		return 0
	}
	end := strings.IndexByte(s, '>') + 1
	name := s[1 : 1+nameLen(s[1:])]
	if name == "code" || name == "pre" {
		if i := strings.Index(s, "</"+name+">"); i > end {
			return i
		}
	}
	return end
}

// entity returns the length of the HTML entity at the start of s.
func entity(s string) int {
	i := strings.IndexByte(s, ';')
	if i < 2 || i > 10 {
		return 0
	}
	if strings.IndexFunc(s[1:i], func(r rune) bool { return r != '#' && !asciiWord(r) }) >= 0 {
		return 0
	}
	return i + 1
}

// nameLen returns the length of the letters, digits and underscores at the
// start of s, provided that a letter is first.
func nameLen(s string) int {
	if s == "" || !asciiLetter(rune(s[0])) {
		return 0
	}
	n := strings.IndexFunc(s, func(r rune) bool { return r != '_' && !asciiWord(r) })
	if n < 0 {
		return len(s)
	}
	return n
}

// asciiWord reports whether r is a Latin letter or a digit.
func asciiWord(r rune) bool { return asciiLetter(r) || r >= '0' && r <= '9' }

// wordRune reports whether r is part of a word, so that a sign after it begins
// neither a command nor a name: va/yoki.
func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// address returns the length of the link, mail address, domain or file name at
// the start of s, without the punctuation after it, or 0. Template actions inside
// it belong to it.
func address(s string) int {
	n := 0
	for n < len(s) {
		if part := action(s[n:]); part > 0 { // https://t.me/{{.bot}}?start=a
			n += part
			continue
		}
		if !asciiWord(rune(s[n])) && strings.IndexByte("._%+-@:/?=#~", s[n]) < 0 {
			break
		}
		n++
	}
	token := strings.TrimRight(s[:n], ".,:;!?-")
	if strings.Contains(token, "://") || strings.Contains(token, "@") {
		return len(token)
	}
	host, _, _ := strings.Cut(token, "/")
	if dotted(host) {
		return len(token)
	}
	return 0
}

// dotted reports whether s is words with dots between, the last one as the end
// of a domain or of a file name: two to six small letters.
func dotted(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot < 1 {
		return false
	}
	end := s[dot+1:]
	if len(end) < 2 || len(end) > 6 || strings.ToLower(end) != end || nameLen(end) != len(end) {
		return false
	}
	return !strings.Contains(s, "..")
}

// stays reports whether a Latin word is printed in Latin in a Cyrillic text.
func stays(word string, keep []string) bool {
	for _, k := range keep {
		if word == k {
			return true
		}
	}
	switch word {
	case "Telegram", "WhatsApp", "Instagram", "Facebook", "Google", "Excel", "GitHub",
		"PDF", "CSV", "XLSX", "JSON", "QR", "ID", "PIN", "GPS", "API", "UTF", "Wi", "Fi":
		return true
	}
	return roman(word)
}

// roman reports whether word is a Roman numeral from I to LXXXIX. C, D and M are
// left out: they make words.
func roman(word string) bool {
	if word == "" {
		return false
	}
	ones := [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}
	for _, tens := range [...]string{"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX"} {
		rest, ok := strings.CutPrefix(word, tens)
		if !ok {
			continue
		}
		for _, one := range ones {
			if rest == one {
				return true
			}
		}
	}
	return false
}
