package mahalla

import "time"

// A commission is a place: whoever holds one of its roles there sits in it.

// ItemID identifies an item of an agenda.
type ItemID int64

// ItemState is where an item stands on its way to a sitting.
type ItemState string

// The states of an item.
const (
	ItemProposed  ItemState = "proposed"  // a gate is still closed
	ItemReady     ItemState = "ready"     // may be put on an agenda
	ItemScheduled ItemState = "scheduled" // is on the agenda of a meeting
	ItemSettled   ItemState = "settled"
	ItemDropped   ItemState = "dropped" // refused at a gate, or taken back
)

// Open tells whether the item is still on its way.
func (s ItemState) Open() bool { return s == ItemProposed || s == ItemReady || s == ItemScheduled }

// Reply is the answer to a question of a gate.
type Reply string

// The replies; none is the zero value.
const (
	ReplyNo  Reply = "no"
	ReplyYes Reply = "yes"
)

// Consent is what a side has said to a sitting.
type Consent string

// The consents; none is the zero value.
const (
	ConsentGiven   Consent = "given"
	ConsentRefused Consent = "refused"
)

// Party is one side of an item. Who has no account is known by name alone.
type Party struct {
	Side       int // 1 or 2
	Person     PersonID
	Name       string // sealed
	Phone      string // sealed
	Consent    Consent
	ConsentAt  time.Time
	RecordedBy PersonID // the side itself, or the officer who asked it
	TokenHash  []byte   // of the link by which the side comes into the chat; nil: none
	TokenUntil time.Time
}

// Item is a case that was proposed to a commission.
type Item struct {
	ID         ItemID
	Commission TerritoryID
	Case       CaseID
	ProposedBy PersonID
	ProposedAt time.Time
	State      ItemState
	Violence   Reply // is there violence, or fear of it?
	Crime      Reply // is it a criminal matter?
	AskedBy    PersonID
	Mediator   bool // one mediator, no public
	ReadyAt    time.Time
	Sittings   int
	Cause      string // a code: why it was dropped, or how it was settled
	EndedAt    time.Time
	Parties    []Party // in the order of sides
}

// MostSittings is how often an item may be heard.
const MostSittings = 2

// FirstSittingWithin is how soon after consent the first sitting should be.
const FirstSittingWithin = 10 * 24 * time.Hour
