package mahalla

import "testing"

func TestASearchWantsThreeLettersOrDigits(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]bool{
		"": false, "ab": false, "a b": false, "🔊🔊🔊": false, "1-2": false, "...": false,
		"gaz": true, "шум": true, "4821-0937": true, "ev": false, "a b c": true,
	} {
		if got := Searchable(typed); got != want {
			t.Errorf("%q: got %v, want %v", typed, got, want)
		}
	}
}
