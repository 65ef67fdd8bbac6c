package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestAHeadThatIsNoneIsAMistakeAndNoBrokenChain(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	whole := strings.Repeat("0123456789abcdef", 4)
	for _, head := range []string{"", "00", whole[1:], whole + "0", "x" + whole[1:]} {
		speak(t, w.environ(), "audit", "verify", "--head", head).mustBeUsage(t, fmt.Sprintf("--head %q is not a head", head), "64 digits")
	}
	for _, head := range []string{whole, " " + whole + "\n", strings.ToUpper(whole)} {
		if got, err := (auditVerify{Head: &head}).head(); err != nil || got != whole {
			t.Errorf("%q: got %q, %v", head, got, err)
		}
	}
	if got, err := (auditVerify{}).head(); err != nil || got != "" {
		t.Errorf("without a head: got %q, %v", got, err)
	}
}
