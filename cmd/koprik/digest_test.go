package main

import (
	"strings"
	"testing"
)

func TestTheTimesOfTheDigestsArePrintedAndSet(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	w.done("digest", "--digest", "morning", "--territory", "9901", "--at", "09:15")
	for _, test := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"morning 08:30 Oʻzbekiston (UZ) working days prevention_inspector,", "morning 09:15 Namuna tumani (9901)", "closed 09:00 Oʻzbekiston (UZ) the first working day of a week activist"}},
		{[]string{"--territory", "DEMO-1011", "--digest", "morning"}, []string{"morning 09:15 Gʻuncha (DEMO-1011)"}},
		{[]string{"--territory", "9902"}, []string{"morning 08:30 Tajriba tumani (9902)"}},
	} {
		out := strings.Join(strings.Fields(w.done(append([]string{"digest"}, test.args...)...)), " ")
		for _, want := range test.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v: got %q, want %q", test.args, out, want)
			}
		}
		if strings.Contains(out, "9902") != (len(test.args) == 2) {
			t.Errorf("%v: got %q, want no other place", test.args, out)
		}
	}
}
