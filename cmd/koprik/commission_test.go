package main

import (
	"strings"
	"testing"
)

func TestACommissionIsSetAllOrNothing(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served().settled()
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--territory", "9901"}, 0, "quorum         half"},
		{[]string{"--territory", "9901", "--set", "quorum=two_thirds", "--set", "title.ru=Комиссия; по примирению"}, 0, "2 set"},
		{[]string{"--territory", "DEMO-1011"}, 0, "quorum         two_thirds"},
		{[]string{"--territory", "9902"}, 0, "quorum         half"},
		{[]string{"--territory", "9901", "--set", "quorum=3", "--set", "minutes=5"}, 2, "--set minutes=5: that value does not fit"},
		{[]string{"--territory", "9901"}, 0, "quorum         two_thirds"},
		{[]string{"--territory", "9901", "--set", "chairs=3"}, 2, "there is no such setting"},
		{[]string{"--territory", "nowhere"}, 2, "nowhere"},
		{nil, 2, "--territory"},
	} {
		out, errs, code := w.koprik(append([]string{"commission"}, test.args...)...)
		if code != test.code || !strings.Contains(out+errs, test.want) {
			t.Errorf("%v: got %d, %s%s, want %d and %q", test.args, code, out, errs, test.code, test.want)
		}
		if errs != "" && strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: got more than one line: %s", test.args, errs)
		}
	}
	if out := w.done("commission", "--territory", "9901"); !strings.Contains(out, "Комиссия; по примирению") {
		t.Errorf("the title: got %s", out)
	}
}
