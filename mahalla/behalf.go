package mahalla

// Agreed is what a neighbour has agreed to, for whom somebody else reports.
type Agreed string

// What a neighbour may have agreed to.
const (
	AgreedNamed   Agreed = "named"   // the officer may know the name
	AgreedUnnamed Agreed = "unnamed" // the report, but not the name
	AgreedSaw     Agreed = "saw"     // nobody was asked: who reports has seen it
)

// Behalf says for whom somebody who stands for a mahalla reports.
type Behalf struct {
	Agreed Agreed `json:"agreed,omitempty"` // empty: it is being asked
	Name   string `json:"name,omitempty"`   // of the neighbour, if it may be told
	Phone  string `json:"phone,omitempty"`
}

// ParseAgreed finds what was agreed to by its name.
func ParseAgreed(name string) (Agreed, bool) {
	switch a := Agreed(name); a {
	case AgreedNamed, AgreedUnnamed, AgreedSaw:
		return a, true
	}
	return "", false
}

// AsksBehalf tells whether the card of the draft asks for whom it is.
func (d *Draft) AsksBehalf() bool { return d.Behalf != nil && d.Behalf.Agreed == "" }
