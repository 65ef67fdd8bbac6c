package casework

import (
	"regexp"
	"strings"
)

// typedWay is what the texts of refusals put between backquotes: a line to type.
var typedWay = regexp.MustCompile("`([^`]*)`")

// copyable makes what is to be typed a piece that a tap copies: a tap on a bare
// command would send it without the number.
func copyable(escaped string) string { return typedWay.ReplaceAllString(escaped, "<code>$1</code>") }

// Uncopyable is the text as an alert shows it, which has no such pieces.
func Uncopyable(text string) string { return strings.ReplaceAll(text, "`", "") }
