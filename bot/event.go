package bot

import (
	"time"

	"koprik/mahalla"
)

// EventKind is what sort of thing a person did.
type EventKind string

// The kinds of events that reach handlers. Those of groups have no more than the
// command, and the words that it answers.
const (
	KindMessage EventKind = "message"
	KindEdited  EventKind = "edited"
	KindPress   EventKind = "press"
	KindBlocked EventKind = "blocked" // the person blocked the bot
	KindBack    EventKind = "back"    // and unblocked it
	KindGroup   EventKind = "group"   // a command in a group
	KindOut     EventKind = "out"     // the bot was taken out of a group
	KindMoved   EventKind = "moved"   // a group has another id now
)

// Event is one thing that a person did, in the private chat with the bot unless
// its kind is one of groups.
type Event struct {
	Kind    EventKind
	From    Author
	Chat    int64
	Message int64 // id of the message, or of the one that carries the pressed button
	Date    time.Time

	Text    string // words or caption, as they came
	Command string // without slash and bot name, lower case; empty when none
	Args    string // what follows the command
	ReplyTo int64  // message that this one answers, 0 if none
	Media   *mahalla.Media
	Contact *SharedContact
	Quoted  string // in a group: the words of the message that the command answers
	NewChat int64  // of a group that has moved
	Odd     string // a kind that the bot does not take: sticker, poll, …

	Press   mahalla.Press
	PressID string // to answer the press
	Forged  bool   // the button was not made for this person and chat
}

// Author is who did it, as Telegram says.
type Author struct {
	ID       int64
	Name     string
	Language string // of the client, may be empty
}

// SharedContact is a telephone number that was sent with the phone's own key.
type SharedContact struct {
	Phone string
	Own   bool // of the sender, as Telegram vouches
}
