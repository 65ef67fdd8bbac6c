package locales

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// fillers are the templates of the messages for go-i18n: text with named places,
// {{.name}}, and nothing else. They are filled many times for every card, and
// text/template would look up methods each time.
type fillers struct{}

// A place is filled with the argument of its name.
var places = regexp.MustCompile(`\{\{\s*\.([A-Za-z0-9_]+)\s*\}\}`)

// Cacheable tells go-i18n to keep what was parsed.
func (fillers) Cacheable() bool { return true }

// Parse takes a message apart. The delimiters are always those of Go.
func (fillers) Parse(text, _, _ string) (template.ParsedTemplate, error) {
	var f filler
	at := 0
	for _, m := range places.FindAllStringSubmatchIndex(text, -1) {
		f = append(f, piece{text: text[at:m[0]], name: text[m[2]:m[3]]})
		at = m[1]
	}
	f = append(f, piece{text: text[at:]})
	for _, p := range f {
		if strings.Contains(p.text, "{{") || strings.Contains(p.text, "}}") {
			return nil, fmt.Errorf("a place must be {{.name}}: %q", text)
		}
	}
	return f, nil
}

// filler is a message that was taken apart.
type filler []piece

// piece is some text and the place behind it; the last one has none.
type piece struct{ text, name string }

// Execute fills in the arguments; one that is missing is an error.
func (f filler) Execute(data any) (string, error) {
	args, _ := data.(map[string]any)
	var b strings.Builder
	for _, p := range f {
		b.WriteString(p.text)
		if p.name == "" {
			continue
		}
		arg, found := args[p.name]
		if !found {
			return "", fmt.Errorf("no argument %q", p.name)
		}
		fmt.Fprint(&b, arg)
	}
	return b.String(), nil
}
