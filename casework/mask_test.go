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
		{"Передать Марии и спросить Марию, с Марией, Марииным", "Мария", "Передать (X) и спросить (X), с (X), (X)"},
		{"Ольге, Ольгу, Ольгой, Ольгин дом", "Ольга", "(X), (X), (X), (X) дом"},
		{"Лоле, Лолу, Lolaga, Лоланинг", "Лола", "(X), (X), (X), (X)"},
		{"Юлии, Юлию", "Юлия", "(X), (X)"},
		{"Анне, Анну, Анной, Anyning", "Анна", "(X), (X), (X), Anyning"},
		{"Веру, Вере верно, надо верить", "Вера", "(X), (X) верно, надо верить"},
		{"Дине, Дину. Dinaga", "Дина", "(X), (X). (X)"},
		{"Зое, Зою, Зои, Зоей", "Зоя", "(X), (X), (X), (X)"},
		{"Гуле, Гулю, Гулей", "Гуля", "(X), (X), (X)"},
		{"Нине, Нину, Нинин", "Нина", "(X), (X), (X)"},
		{"Павлу, Павла, Павлом", "Павел", "(X), (X), (X)"},
		{"Петру, Петра, Пётр", "Пётр", "(X), (X), (X)"},
		{"Пётр, Петром", "Петр", "(X), (X)"},
		{"Льву, Львом, Льва", "Лев", "(X), (X), (X)"},
		{"Якубцу, Якубца", "Якубец", "(X), (X)"},
		{"Юрия, Юрием, Юрию", "Юрий", "(X), (X), (X)"},
		{"Придёт ли Ли Виктор? Lining uyi", "Виктор Ли", "Придёт ли (X)? (X) uyi"},
	} {
		if got := masked(test.words, []string{test.name}, "(X)"); got != test.want {
			t.Errorf("%q without %q: got %q, want %q", test.words, test.name, got, test.want)
		}
	}
}
