package mahalla

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryNumberMadeCanBeRead(t *testing.T) {
	t.Parallel()
	for _, random := range []uint64{0, 1, 9, 4821093, 9_999_999, 10_000_000, 1<<64 - 1} {
		n := NumberFrom(random)
		got, err := ParseNumber(n.String())
		if err != nil || got != n {
			t.Errorf("NumberFrom(%d) is %s, read as %v, %v", random, n, got, err)
		}
		if n == 0 {
			t.Errorf("NumberFrom(%d) is zero, which stands for none", random)
		}
	}
}

func TestWhateverIsDrawnMakesANumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := NumberFrom(rapid.Uint64().Draw(t, "random"))
		if got, err := ParseNumber(n.String()); err != nil || got != n {
			t.Fatalf("%s read as %v, %v", n, got, err)
		}
		if len(n.String()) != 9 {
			t.Fatalf("%s: want two groups of four", n)
		}
	})
}

// numbers are spread over the whole range, the ends with them.
func numbers() []Number {
	list := []Number{NumberFrom(1), NumberFrom(9_999_999), NumberFrom(4821093)}
	for i := range uint64(300) {
		list = append(list, NumberFrom(i*33_391+7))
	}
	return list
}

func TestEverySingleWrongDigitIsNoticed(t *testing.T) {
	t.Parallel()
	for _, n := range numbers() {
		right := strings.ReplaceAll(n.String(), "-", "")
		for i := range right {
			for wrong := '0'; wrong <= '9'; wrong++ {
				if rune(right[i]) == wrong {
					continue
				}
				heard := right[:i] + string(wrong) + right[i+1:]
				if got := answer(second(ParseNumber(heard))); got != "invalid: number_misheard" {
					t.Fatalf("%s heard as %s: got %s", right, heard, got)
				}
			}
		}
	}
}

func TestEverySwapOfNeighboursIsNoticed(t *testing.T) {
	t.Parallel()
	for _, n := range numbers() {
		right := strings.ReplaceAll(n.String(), "-", "")
		for i := range len(right) - 1 {
			if right[i] == right[i+1] {
				continue
			}
			heard := right[:i] + string(right[i+1]) + string(right[i]) + right[i+2:]
			if got := answer(second(ParseNumber(heard))); got != "invalid: number_misheard" {
				t.Fatalf("%s heard as %s: got %s", right, heard, got)
			}
		}
	}
}

func TestTheCheckTableKeepsDammsPromises(t *testing.T) {
	t.Parallel()
	for row := range damm {
		if damm[row][row] != 0 {
			t.Errorf("row %d: the diagonal is %d, want 0", row, damm[row][row])
		}
		var inRow, inColumn [10]bool
		for col := range damm {
			inRow[damm[row][col]] = true
			inColumn[damm[col][row]] = true
		}
		if want := [10]bool{true, true, true, true, true, true, true, true, true, true}; inRow != want || inColumn != want {
			t.Errorf("row or column %d lacks a digit", row)
		}
		for x := range damm {
			for y := range damm {
				if x != y && damm[damm[row][x]][y] == damm[damm[row][y]][x] {
					t.Errorf("from %d the pairs %d%d and %d%d look alike", row, x, y, y, x)
				}
			}
		}
	}
}

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	n := NumberFrom(4821093)
	head, tail := n.String()[:4], n.String()[5:]
	for _, typed := range []string{
		"%s-%s", "%s%s", "%s %s", "№ %s %s", "№%s-%s", "#%s-%s", "%s–%s", "%s—%s", "%s‑%s", "  %s - %s  ", "№\u00a0%s\u00a0%s",
	} {
		s := fmt.Sprintf(typed, head, tail)
		t.Run(fmt.Sprintf("%q is read", s), func(t *testing.T) {
			t.Parallel()
			got, err := ParseNumber(s)
			same(t, "refusal", answer(err), "yes")
			same(t, "number", got, n)
		})
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, typed, want string }{
		{"nothing is unreadable", "", "invalid: number_unreadable"},
		{"dashes alone are unreadable", "----", "invalid: number_unreadable"},
		{"seven digits are unreadable", "482-1093", "invalid: number_unreadable"},
		{"nine digits are unreadable", "4821-09370", "invalid: number_unreadable"},
		{"letters are unreadable", "4821-093x", "invalid: number_unreadable"},
		{"a phone is unreadable", "+998901234567", "invalid: number_unreadable"},
		{"Arabic digits are unreadable", "٤٨٢١٠٩٣٧", "invalid: number_unreadable"},
		{"broken text is unreadable", "4821\xff0937", "invalid: number_unreadable"},
		{"the zero number is nobody's", "0000-0000", "invalid: number_misheard"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n, err := ParseNumber(test.typed)
			same(t, "refusal", answer(err), test.want)
			same(t, "number", n, 0)
		})
	}
}

func second[A, B any](_ A, b B) B { return b }
