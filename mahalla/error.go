package mahalla

// Code is the kind of a refusal.
type Code string

// The closed list of refusals. Anything else that goes wrong is internal.
const (
	Conflict  Code = "conflict"  // somebody or something was first
	Forbidden Code = "forbidden" // this person may not
	Invalid   Code = "invalid"   // what was given cannot be used
	NotFound  Code = "not_found" // no such thing for this person
	TooMany   Code = "too_many"  // a limit is reached; wait
)

// Error is a refusal that a person can understand. Its text stands in every
// language under the key "error.<Reason>" and says what to do next.
type Error struct {
	Code   Code
	Reason string            // text key below "error.", for example "already_accepted"
	Args   map[string]string // arguments of the text; may hold personal words, never logged
}

// Error gives the code and reason, without arguments, so that it may be logged.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Reason }

// Refuse makes a refusal. Pairs are argument names and values of its text.
func Refuse(code Code, reason string, pairs ...string) *Error {
	e := &Error{Code: code, Reason: reason}
	if len(pairs) > 0 {
		e.Args = make(map[string]string, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			e.Args[pairs[i]] = pairs[i+1]
		}
	}
	return e
}
