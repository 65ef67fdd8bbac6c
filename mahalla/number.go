package mahalla

import "fmt"

// Number is the public number of a case: eight digits, the first seven random
// and the last a check digit, so that it can be neither guessed nor misheard
// unnoticed. The zero Number stands for "none".
type Number int32

// damm is the quasigroup of order ten from H. Michael Damm's dissertation
// (2004). Every single wrong digit and every swap of neighbours is noticed.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// NumberFrom makes a number out of a random value; seven digits of it are used.
// It never makes the zero Number.
func NumberFrom(random uint64) Number {
	head := int32(random % 10_000_000)
	if head == 0 {
		head = 1
	}
	return Number(head*10 + int32(check(fmt.Sprintf("%07d", head))))
}

// check walks the digits through the quasigroup; a whole valid number gives 0.
func check(digits string) byte {
	var interim byte
	for i := 0; i < len(digits); i++ {
		interim = damm[interim][digits[i]-'0']
	}
	return interim
}

// String writes the number in two groups: "4821-0937".
func (n Number) String() string {
	return fmt.Sprintf("%04d-%04d", n/10_000, n%10_000)
}

// ParseNumber reads a number as people type it: spaces, dashes and a leading №
// or # are ignored. A wrong check digit is refused as "number_misheard", any
// other text as "number_unreadable".
func ParseNumber(s string) (Number, error) {
	digits := make([]byte, 0, 8)
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case r == ' ', r == '-', r == '–', r == '—', r == '‑', r == '№', r == '#', r == '\u00a0':
		default:
			return 0, Refuse(Invalid, "number_unreadable")
		}
	}
	if len(digits) != 8 {
		return 0, Refuse(Invalid, "number_unreadable")
	}
	var n int32
	for _, d := range digits {
		n = n*10 + int32(d-'0')
	}
	if n == 0 || check(string(digits)) != 0 {
		return 0, Refuse(Invalid, "number_misheard")
	}
	return Number(n), nil
}
