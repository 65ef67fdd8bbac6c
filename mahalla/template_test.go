package mahalla

import (
	"slices"
	"testing"
)

func TestWhichSentencesAreReady(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		with    Closing
		group   string
		secrecy Secrecy
		n       int
		want    Template
	}{
		{Solved, "order", Internal, 1, "solved.order.1"},
		{Solved, "service", Internal, 3, "solved.any.3"},
		{Solved, "family", Confidential, 2, "solved.family.2"},
		{Solved, "family", Secret, 2, "solved.any.2"},
		{Warned, "social", Public, 1, "warned.any.1"},
		{False, "order", Internal, 1, "false.any.1"},
		{Solved, "order", Internal, 0, ""},
		{Solved, "order", Internal, TemplatesEach + 1, ""},
		{"forgotten", "order", Internal, 1, ""},
	} {
		got, ok := TemplateOf(test.with, Category{Group: test.group, Secrecy: test.secrecy}, test.n)
		same(t, string(test.want), got, test.want)
		same(t, "there is one", ok, test.want != "")
		same(t, "listed", slices.Contains(Templates(), got), ok)
	}
}

func TestWhatIsToBeShownInAPicture(t *testing.T) {
	t.Parallel()
	for _, with := range Closings() {
		same(t, string(with), Category{Evidence: true}.WantsEvidence(with), with == Solved)
		same(t, string(with)+" of another", Category{}.WantsEvidence(with), false)
	}
	for kind, want := range map[MediaKind]bool{Photo: true, Video: true, Voice: false, Location: false} {
		same(t, string(kind), Shows([]Media{{Kind: kind}}), want)
	}
}
