package locales

import "testing"

func TestMessagesAreFilledIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		args map[string]any
		want string // empty: an error
	}{
		{"plain", nil, "plain"},
		{"№ {{.number}}", map[string]any{"number": "4821-0937"}, "№ 4821-0937"},
		{"{{.a}}{{ .b }} va {{.a}}", map[string]any{"a": 1, "b": "{{.a}}"}, "1{{.a}} va 1"},
		{"{{.a}}", map[string]any{"b": 1}, ""},
		{"{{.a}}", nil, ""},
		{"{{if .a}}b{{end}}", map[string]any{"a": 1}, ""},
		{"{{.a", map[string]any{"a": 1}, ""},
		{"a}}", nil, ""},
		{"{{.a.b}}", map[string]any{"a": 1}, ""},
	} {
		f, err := fillers{}.Parse(c.text, "", "")
		got := ""
		if err == nil {
			got, err = f.Execute(c.args)
		}
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q: got %q, %v, want %q", c.text, got, err, c.want)
		}
	}
}
