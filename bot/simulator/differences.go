package simulator

import _ "embed"

//go:embed README.md
var readme string

// Differences lists, as Markdown, where the simulator is not like Telegram.
func Differences() string { return readme }
