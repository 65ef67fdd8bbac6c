package casework

import "testing"

func TestNamesAreHiddenInAnyScriptAndWithAnyEnding(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		words, name, want string
	}{
		{"Karim aka devorni suradi", "Karim aka", "(X) aka devorni suradi"},
		{"Karimning devori, karimga aytilsin", "Karim Ganiyev", "(X) devori, (X) aytilsin"},
		{"Карим ака деворни суради", "Karim", "(X) ака деворни суради"},
		{"Нодире и Нодиры", "Нодира", "(X) и (X)"},
		{"Nodira Karimova opa bilan", "Nodira Karimova", "(X) opa bilan"},
		{"Oʻktam akaning uyi", "O'ktam", "(X) akaning uyi"},
		{"Olma ekiladi", "Ol", "Olma ekiladi"},
		{"Devor suriladi", "", "Devor suriladi"},
		{"карим", "карим", "(X)"},
		{"", "Karim", ""},
	} {
		if got := masked(test.words, []string{test.name}, "(X)"); got != test.want {
			t.Errorf("%q without %q: got %q, want %q", test.words, test.name, got, test.want)
		}
	}
}
