//go:build !failpoints

package storage

// FailPoint is a place at which the suite of faults may end the program, or make
// an update panic. In every other build it is nothing.
func FailPoint(string) {}

// FailOn is a place at which the suite makes an update panic for its words.
func FailOn(string) {}
