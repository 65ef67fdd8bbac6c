package locales

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// UTF16Len returns the length of s in UTF-16 code units, in which Telegram
// counts its limits.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x10000 {
			n++
		}
	}
	return n
}

// Cut shortens s to at most so many UTF-16 units at the border of a whole
// character as people see it, and ends it with "…" when something was cut. Cut
// first and escape after, or an entity is torn.
func Cut(s string, units int) string {
	if units <= 0 {
		return ""
	}
	if len(s) <= units || UTF16Len(s) <= units {
		return s
	}
	left, end, state := units-1, 0, -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		left -= UTF16Len(cluster)
		if left < 0 {
			break
		}
		end += len(cluster)
	}
	return strings.TrimRightFunc(s[:end], unicode.IsSpace) + "…"
}

// Escape makes s plain text inside a Telegram message in HTML mode.
func Escape(s string) string {
	if !strings.ContainsAny(s, `&<>"`) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + 16)
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&':
			out.WriteString("&amp;")
		case '<':
			out.WriteString("&lt;")
		case '>':
			out.WriteString("&gt;")
		case '"':
			out.WriteString("&quot;")
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
