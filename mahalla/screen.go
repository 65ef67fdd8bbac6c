package mahalla

// Screen is what a person is shown: words ready to be shown, and the choices
// beneath them. It knows nothing of how a messenger draws it.
type Screen struct {
	Text    string                 // HTML as Telegram reads it; everything personal is escaped
	Rows    [][]Button             // beneath the text
	Keys    []Key                  // a keyboard in place of the phone's own; only on fresh messages
	Unkey   bool                   // takes the keys of an earlier message away
	Media   []Media                // shown instead of text
	Picture func() ([]byte, error) // PNG above the text; drawn only when it is sent
	File    *Document              // above the text
	Silent  bool
	Protect bool      // the reader cannot forward it
	Menu    []Command // sets the chat's list of commands; nothing is shown
	ReplyTo int64     // message of the chat below which it hangs; 0 is none
	Stay    bool      // a card that rings changes where it stands after all
	Result  int64     // the report whose words or pictures it shows as a result; 0 is none
	Upto    int       // of an album, how many parts are dealt with once this is sent
	Still   bool      // a card that is gone from the chat does not come back by itself
	Alone   bool      // where a card comes anew, the message that stood for it is taken away
	Former  string    // HTML: where a card comes anew, what the message that stood for it says from then on; empty leaves its words
	Wipe    []int64   // messages of the chat that are taken away; what cannot be says Text instead
}

// Document is a file that goes with the words of a screen. It is made when it is
// sent, outside any transaction, so Make may hold only what was read before.
type Document struct {
	Name    string // with the ending that fits MIME; phones go by it
	MIME    string
	Make    func() ([]byte, error)
	Missing string // HTML beneath the text where the file could not be made
}

// Button is a choice. Its data is made where it is sent.
type Button struct {
	Label string
	Press Press
	URL   string // opens an address instead of being a press
	Style Style
}

// Press is what a button means: a verb and its subject.
type Press struct {
	Verb    string
	Subject int64  // case, serial of a question, or 0
	Round   int    // of the case or question; an older one is stale
	Arg     string // [a-z0-9_]*, short
}

// Style is the colour of a button; plain when empty.
type Style string

// The styles.
const (
	Primary Style = "primary" // the next step
	Success Style = "success" // accept
	Danger  Style = "danger"  // withdraw or decline
)

// KeyKind is what a key of the reply keyboard asks for.
type KeyKind string

// The keys.
const (
	KeyText     KeyKind = "text"
	KeyContact  KeyKind = "contact"
	KeyLocation KeyKind = "location" // phones only: other clients send its label as words
)

// Key is one key of a reply keyboard.
type Key struct {
	Label string
	Kind  KeyKind
}

// MediaKind is a kind of attachment.
type MediaKind string

// The kinds of attachments that a report may have.
const (
	Photo    MediaKind = "photo"
	Voice    MediaKind = "voice"
	Video    MediaKind = "video"
	Round    MediaKind = "video_note" // a round video message; it has no caption
	Image    MediaKind = "image"      // a picture that was sent as a file; it goes on as a photo
	Location MediaKind = "location"   // a pin on the map
)

// Media is something that was attached to a report.
type Media struct {
	Kind    MediaKind
	File    string // Telegram's file id; of a location its coordinates, see Pin.Media
	Seconds int    // length of voice and video
	Caption string // plain text
	Group   string // album it came in
}

// Command is one line of a chat's list of commands.
type Command struct{ Name, Text string }
