// Package locales holds every word the bot says, in every language and script,
// and everything it knows about letters.
//
// Words: a [Catalogue] is read from the message files in text/. Uzbek in Latin
// letters is the source. Uzbek in Cyrillic letters is made from it by
// `go generate ./locales` (see [CyrillicFile]) and corrected by the reviewed
// entries of text/override.uz-Cyrl.toml; nobody edits it by hand. Russian is
// written by hand. A message file holds flat, quoted keys:
//
//	"receipt.title" = "…"
//	"receipt.body" = """
//	several lines; line ends at the very end are cut"""
//	"case.count".one = "…"
//	"case.count".other = "…"
//
// A plural key must be written with dots, as above: after a [table] header
// TOML takes every plain key below it as a part of that table.
//
// Letters: [Fold] and [FoldName] make keys under which all spellings of a word
// meet; [ToLatin], [ToCyrillic] and [CyrillicText] change the script; [Clean],
// [Cut] and [Escape] make what a person wrote safe to show. [Index] finds a
// place by a badly typed name, [Stems] finds words of danger in a message.
//
// Nothing here reads the clock, the network or a file outside the program, and
// nothing here knows what a message is sent for. Everything is safe for
// concurrent use once it is loaded.
package locales

import "embed"

// The Cyrillic message file is made from the Latin one.
//
//go:generate go run ./cyrillic

//go:embed text/active.uz-Latn.toml text/active.uz-Cyrl.toml text/active.ru.toml text/emergency_stems.csv text/emergency_sets.csv text/fraud_stems.csv
var files embed.FS
