package simulator

import "fmt"

// refusal is an answer that is not ok. A departure is a call that no correct
// client makes; the other refusals come from the state of the chat.
type refusal struct {
	status      int
	description string
	retryAfter  int
	departure   bool
}

// Error is the description as Telegram words it.
func (r *refusal) Error() string { return r.description }

// departs is a refusal of a call that breaks a rule of the Bot API.
func departs(format string, args ...any) *refusal {
	return &refusal{status: 400, description: "Bad Request: " + fmt.Sprintf(format, args...), departure: true}
}

// refuses is a refusal of a correct call, because of the state.
func refuses(format string, args ...any) *refusal {
	return &refusal{status: 400, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

// forbids is a 403: the bot may not write there.
func forbids(description string) *refusal {
	return &refusal{status: 403, description: "Forbidden: " + description}
}
