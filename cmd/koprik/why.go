package main

import (
	"errors"
	"io/fs"
	"strconv"
	"syscall"
)

// why says in words why a file or directory could not be used: ": " and the
// reason, or nothing where none is known. It never names the file.
func why(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ": there is no such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return ": this user has no permission"
	case errors.Is(err, syscall.EISDIR):
		return ": it is a directory"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return ": a file stands in its way"
	case errors.Is(err, syscall.EROFS):
		return ": it is on a file system that is read only"
	case errors.Is(err, syscall.ENOSPC):
		return ": the disk is full"
	}
	return ""
}

// plural says "1 line" and "2 lines".
func plural(n int, one, many string) string {
	if n != 1 {
		one = many
	}
	return strconv.Itoa(n) + " " + one
}
