package mahalla

import "testing"

func TestWhoHasManyOpenCasesIsNotAskedAboutThem(t *testing.T) {
	t.Parallel()
	for open, want := range []int{0, 1, 2, 0, 0} {
		if got := len(AskAbout(make([]CaseID, open))); got != want {
			t.Errorf("%d open: asked about %d, want %d", open, got, want)
		}
	}
}
