//go:build failpoints

package main

import (
	"os"
	"time"
)

// wall is the clock on the wall, put forward by what KOPRIK_AHEAD says.
func wall() time.Time {
	ahead, _ := time.ParseDuration(os.Getenv("KOPRIK_AHEAD"))
	return time.Now().Add(ahead)
}
