package mahalla

import (
	"strings"
	"testing"
)

// FuzzNumber reads anything as the number of a case: what is taken is written as
// a number that is taken again, and with a wrong digit it is not.
func FuzzNumber(f *testing.F) {
	f.Add("№ 4821-0937", 3, 1)
	f.Add("00000000", 0, 1)
	f.Add(NumberFrom(7).String(), 7, 9)
	f.Add(strings.ReplaceAll(NumberFrom(9_999_999).String(), "-", "–"), 0, 5)
	f.Add("٤٨٢١٠٩٣٧", 0, 0)
	f.Fuzz(func(t *testing.T, typed string, at, by int) {
		n, err := ParseNumber(typed)
		if err != nil {
			if n != 0 || err.Error() == "" {
				t.Errorf("%q: got %v and %v", typed, n, err)
			}
			return
		}
		written := n.String()
		if again, err := ParseNumber(written); err != nil || again != n || len(written) != 9 {
			t.Errorf("%q is %q, which is %v, %v", typed, written, again, err)
		}
		digits := []byte(strings.ReplaceAll(written, "-", ""))
		i := int(uint(at) % 8)
		wrong := '0' + (digits[i]-'0'+byte(1+uint(by)%9))%10
		digits[i] = wrong
		if misheard, err := ParseNumber(string(digits)); err == nil {
			t.Errorf("%s misheard as %s is taken as %v", written, digits, misheard)
		}
	})
}

// FuzzPhoneOf reads anything as a telephone number: there is one form of it, or
// none.
func FuzzPhoneOf(f *testing.F) {
	for _, s := range []string{"+998 90 123-45-67", "998901234567", "", "+", "0        0", "٩٩٨٩٠١٢٣٤٥٦٧", strings.Repeat("9", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		phone := PhoneOf(typed)
		if phone == "" {
			return
		}
		if phone[0] != '+' || len(phone) < 8 || len(phone) > 16 || strings.Trim(phone[1:], "0123456789") != "" {
			t.Errorf("%q is %q", typed, phone)
		}
		if again := PhoneOf(phone); again != phone {
			t.Errorf("%q is %q, which is %q", typed, phone, again)
		}
	})
}
