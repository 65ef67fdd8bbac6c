package main

import (
	"strings"
	"testing"
)

func TestHowLongAReporterWithoutANameIsKnownIsPrintedAndSetAnonymous(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "forgotten 30 days after"},
		{[]string{"--territory", "9901", "--days", "20"}, "Namuna tumani (9901): who reported without a name is forgotten 20 days after"},
		{[]string{"--territory", "DEMO-1011"}, "forgotten 20 days after"},
		{[]string{"--territory", "9902"}, "forgotten 30 days after"},
	} {
		if out := w.done(append([]string{"anonymous"}, test.args...)...); !strings.Contains(out, test.want) {
			t.Errorf("%v: got %q, want %q", test.args, out, test.want)
		}
	}
}
