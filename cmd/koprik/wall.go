//go:build !failpoints

package main

import "time"

// wall is the clock on the wall. Only the suite of faults moves it.
func wall() time.Time { return time.Now() }
