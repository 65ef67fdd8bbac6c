package casework

import "koprik/mahalla"

// Cards of a person rather than of a case: there is one of each in a chat.
const (
	CardWelcome mahalla.NoticeKind = "card.welcome"
	CardDraft   mahalla.NoticeKind = "card.draft"
	CardJoin    mahalla.NoticeKind = "card.join"
	CardTest    mahalla.NoticeKind = "card.test"
	CardTil     mahalla.NoticeKind = "card.til"
	CardMine    mahalla.NoticeKind = "card.mine"
	CardWork    mahalla.NoticeKind = "card.work"
	CardAwaited mahalla.NoticeKind = "card.awaited"
)

// sayPhoneKept is the text that thanks for a number: the key that shared it is
// taken away with it.
const sayPhoneKept = "join.phone_kept"

// Messages that answer a person in the chat.
const (
	NoticeSay      mahalla.NoticeKind = "say"       // a text by its key
	NoticePhone    mahalla.NoticeKind = "ask.phone" // with the key that shares it
	NoticeMenu     mahalla.NoticeKind = "menu"      // the chat's list of commands
	NoticeEvidence mahalla.NoticeKind = "evidence"  // what an officer attached to a result
)
