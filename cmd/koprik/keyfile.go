package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// exampleKeys is a value of KEY_FILE.
const exampleKeys = "/srv/koprik/keys.json"

// keyPath is the key file, as somebody finds it from wherever they stand.
func (c config) keyPath() string {
	path, err := filepath.Abs(c.KeyFile)
	if err != nil {
		return c.KeyFile
	}
	return path
}

// noKeys says where the key file was looked for, and is not.
func (c config) noKeys() string { return "names a file that is not there (" + c.keyPath() + ")" }

// unfit says what is wrong with a key file.
func (c config) unfit(err error) string {
	switch reason := why(err); {
	case errors.Is(err, fs.ErrNotExist):
		return c.noKeys()
	case reason != "":
		return "names a file that cannot be read or made" + reason + " (" + c.keyPath() + ")"
	}
	return "names a file that holds no keys of ours (" + c.keyPath() + ")"
}

// keysOpen tells whether others than its owner may read or write the key file. It
// is made for its owner alone; a copy that was put back may not be.
func (c config) keysOpen() bool {
	info, err := os.Stat(c.KeyFile)
	return err == nil && runtime.GOOS != "windows" && info.Mode()&0o077 != 0
}

// warnOfKeys says once, at the start, that others may read or write the key file.
func (h *house) warnOfKeys() {
	if h.config.keysOpen() {
		h.log.Warn("others than its owner may read or change the key file", "variable", "KEY_FILE", "remedy", "chmod 600 "+h.config.keyPath())
	}
}
