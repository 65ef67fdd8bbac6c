// Cyrillic writes text/active.uz-Cyrl.toml from the Latin message file and the
// reviewed corrections. It runs in the folder of package locales, by
// `go generate ./locales`.
package main

import (
	"fmt"
	"os"

	"koprik/locales"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "cyrillic:", err)
		os.Exit(1)
	}
}

// run reads both files and writes the third.
func run() error {
	source, err := os.ReadFile("text/active.uz-Latn.toml")
	if err != nil {
		return err
	}
	override, err := os.ReadFile("text/override.uz-Cyrl.toml")
	if err != nil {
		return err
	}
	out, err := locales.CyrillicFile(source, override)
	if err != nil {
		return err
	}
	return os.WriteFile("text/active.uz-Cyrl.toml", out, 0o644)
}
