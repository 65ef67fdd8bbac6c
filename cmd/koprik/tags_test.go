//go:build !faults

package main

// programTags are the tags with which the program is built for the tests.
const programTags = ""
