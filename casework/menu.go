package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// commands is the list of commands that people are offered, in its order; a
// command with a right is shown to those who have it.
var commands = []struct {
	name  string
	right mahalla.Right
}{
	{"ishlar", mahalla.MayAnswer},
	{"qidir", mahalla.MayAnswer},
	{"kutilmoqda", mahalla.MaySupervise},
	{"kechikkan", mahalla.MaySupervise},
	{"navbat", mahalla.MayAnswer},
	{"yoqman", mahalla.MayAnswer},
	{"bayonnoma", mahalla.MayConvene},
	{"qarorlar", mahalla.MaySit},
	{"eslatma", mahalla.MaySupervise},
	{"mahallam", mahalla.MaySpeak},
	{"majlis", mahalla.MayConvene},
	{"majlislar", mahalla.MaySit},
	{"muntazam", mahalla.MayConvene},
	{"taqvim", mahalla.MaySit},
	{"kun", mahalla.MayConvene},
	{"mening", ""},
	{"til", ""},
	{"help", ""},
	{"privacy", ""},
	{"cancel", ""},
}

// menu is the chat's list of commands, by role and language.
func (d *Desk) menu(w *words, reader *storage.Contact) []mahalla.Command {
	var list []mahalla.Command
	for _, c := range commands {
		if c.right == "" || reader.Has(c.right, w.now) {
			list = append(list, mahalla.Command{Name: c.name, Text: w.say("command." + c.name)})
		}
	}
	return list
}

// Introduction is how the bot presents itself in Telegram in one language.
type Introduction struct {
	Description, Short string
	Commands           []mahalla.Command // of people without a role
	InGroups           []mahalla.Command
}

// Introduce words the bot's own page in a language.
func (d *Desk) Introduce(lang mahalla.Language, now time.Time) (Introduction, error) {
	w := d.speak(lang, now)
	i := Introduction{
		Description: w.say("bot.description"),
		Short:       w.say("bot.short"),
		Commands:    d.menu(w, &storage.Contact{}),
		InGroups:    []mahalla.Command{{Name: "xabar", Text: w.say("command.xabar")}},
	}
	return i, w.err
}

// CardKind names the card that a person may be shown of a case. Who was not
// told but stands above the place sees as much as those at that level do.
func (d *Desk) CardKind(who *storage.Contact, c *mahalla.Case, now time.Time) mahalla.NoticeKind {
	if c.Reporter == who.ID || c.Holds(who.ID) && !c.AskedTo(who.ID) {
		return c.CardFor(who.ID)
	}
	if c.AskedTo(who.ID) {
		return mahalla.CardOffer
	}
	if c.HasJoined(who.ID) {
		return mahalla.CardJoined
	}
	if role := who.Role(now); slices.Contains([]mahalla.Role{mahalla.SectorHead, mahalla.DistrictHead, mahalla.Administrator}, role) {
		return mahalla.CardHead
	}
	return mahalla.CardOfficer
}
