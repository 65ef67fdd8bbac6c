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
	CardFound   mahalla.NoticeKind = "card.found"
)

// unkeying are the texts with which the key of an earlier message is taken away:
// the number or the place that it shares is there, or not wanted any more.
func unkeying(key string) bool {
	return key == "join.phone_kept" || key == "phone.given" || key == "phone.not_given" || key == "draft.located" || key == "draft.dropped"
}

// sayHelp is the text that is made for its reader.
const sayHelp = "help"

// digestNotice is what the kinds of digests begin with; the digest follows.
const digestNotice = "digest_"

// Messages that answer a person in the chat.
const (
	NoticeSay    mahalla.NoticeKind = "say"       // a text by its key
	NoticePhone  mahalla.NoticeKind = "ask.phone" // with the key that shares it
	NoticeShare  mahalla.NoticeKind = "share"     // the same for a reporter
	NoticeLocate mahalla.NoticeKind = "locate"    // with the key that sends it
	NoticeMenu   mahalla.NoticeKind = "menu"      // the chat's list of commands
)
