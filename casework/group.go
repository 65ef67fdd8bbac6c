package casework

import (
	"errors"
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// NoticeGroup is what the bot says in a group: neutral words by their key, and a
// button that opens the private chat.
const NoticeGroup mahalla.NoticeKind = "group"

// NoticeQuoted shows a person what was taken over from a group.
const NoticeQuoted mahalla.NoticeKind = "quoted"

// PayloadHandover begins the payload of a link that a group is shown.
const PayloadHandover = "x_"

// PayloadMahalla begins that of a poster; a mahalla's code follows.
const PayloadMahalla = "m_"

// Call tells the desk the name of the bot, for links that open its chat.
func (d *Desk) Call(username string) { d.username.Store(&username) }

// link opens the private chat with the bot.
func (d *Desk) link(payload string) (string, error) {
	name := d.username.Load()
	if name == nil || *name == "" {
		return "", errors.New("casework: the bot does not know its name yet")
	}
	return "https://t.me/" + *name + "?start=" + payload, nil
}

// HandOver keeps the words that somebody has answered in a group with the
// command, and shows the group a link that only that person can use. A group that
// belongs to no mahalla is not answered, nor is somebody who fetches nothing.
func (d *Desk) HandOver(tx *storage.Tx, group, message, telegram int64, words string, now time.Time) error {
	chat, err := tx.LinkedChat(group)
	if err != nil || chat.ID == 0 {
		return err
	}
	t := d.Reference().Territories[chat.Territory]
	if t == nil || t.Retired {
		return nil
	}
	key, payload := "group.start", PayloadMahalla+t.Code
	if words != "" {
		waiting, err := tx.Handovers(telegram, now)
		if err != nil || waiting >= mahalla.MostHandovers {
			return err
		}
		token, err := tx.HandOver(storage.Handover{Telegram: telegram, Territory: chat.Territory, Words: words}, now.Add(mahalla.HandoverLife))
		if err != nil {
			return err
		}
		key, payload = "group.xabar", PayloadHandover+token
	}
	return d.sayInGroup(tx, chat, message, map[string]string{"key": key, "start": payload}, now)
}

// sayInGroup answers a message of a group, in the language of whoever linked it.
func (d *Desk) sayInGroup(tx *storage.Tx, chat storage.Chat, message int64, args map[string]string, now time.Time) error {
	args["reply"] = strconv.FormatInt(message, 10)
	to := storage.Recipient{Person: chat.LinkedBy, Chat: chat.ID}
	return tx.Send(to, mahalla.Notice{Kind: NoticeGroup, Lane: mahalla.LaneAnswer, Args: args}, 0, now, time.Time{})
}

// drawGroup draws what a group reads: no word of anybody, and no name.
func (d *Desk) drawGroup(w *words, args map[string]string) (mahalla.Screen, error) {
	s, err := d.drawSay(w, map[string]string{"key": args["key"], "place_id": orRoot(args["place_id"])})
	if err != nil {
		return s, err
	}
	s.ReplyTo, _ = strconv.ParseInt(args["reply"], 10, 64) // it answers nothing when it cannot be read
	s.Silent = true
	if args["start"] != "" {
		url, err := d.link(args["start"])
		s.Rows = [][]mahalla.Button{{{Label: w.say("group.open"), URL: url}}}
		return s, err
	}
	return s, nil
}

func orRoot(place string) string {
	if place == "" {
		return strconv.FormatInt(int64(mahalla.RootTerritory), 10)
	}
	return place
}

// Fetched is what a person has fetched from a group.
func (d *Desk) Fetched(tx *storage.Tx, who *storage.Contact, token string, now time.Time) (storage.Handover, bool, error) {
	return tx.Fetch(token, who.Telegram, now)
}

// drawQuoted shows what was taken over, as a quotation.
func (w *words) drawQuoted(args map[string]string) mahalla.Screen {
	return mahalla.Screen{Text: lines(w.say("quoted.title"), quote(args["words"], mostOnCard)), Protect: true}
}

// LinkGroup makes a group one of the mahalla that is named, or of the only one
// for which the person stands; a word for "no" unlinks it. Who may not is not
// answered: it would only be read by everybody.
func (d *Desk) LinkGroup(tx *storage.Tx, who *storage.Contact, group, message int64, typed string, now time.Time) error {
	chat, err := tx.LinkedChat(group)
	if err != nil {
		return err
	}
	if chat.ID != 0 && !who.MayLink(d.Reference().Path(chat.Territory), now) {
		return nil
	}
	if d.No(typed) {
		if chat.ID == 0 {
			return nil
		}
		if _, err := tx.UnlinkChat(group); err != nil {
			return err
		}
		return d.sayInGroup(tx, chat, message, map[string]string{"key": "group.unlinked"}, now)
	}
	place, may := d.groupPlace(who, typed, now)
	if !may {
		return nil
	}
	answer := storage.Chat{ID: group, Territory: place, LinkedBy: who.ID}
	if place == 0 {
		return d.sayInGroup(tx, answer, message, map[string]string{"key": "group.which"}, now)
	}
	tx.LinkChat(answer, now)
	return d.sayInGroup(tx, answer, message, map[string]string{"key": "group.linked", "place_id": strconv.FormatInt(int64(place), 10)}, now)
}

// groupPlace finds the mahalla that is meant: by code, by name, or as the only
// one. It is zero where none is, or several are; may is false for whoever may
// link no group at all.
func (d *Desk) groupPlace(who *storage.Contact, typed string, now time.Time) (place mahalla.TerritoryID, may bool) {
	typed = locales.Clean(typed)
	var found []mahalla.TerritoryID
	for id, t := range d.Reference().Territories {
		if t.Kind != mahalla.Mahalla || t.Retired || !who.MayLink(t.Path, now) {
			continue
		}
		may = true
		if typed == "" || t.Code == typed || len(d.exact(typed, []mahalla.TerritoryID{id})) > 0 {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return 0, may
	}
	return found[0], true
}

// Gone hears that Telegram takes nothing for the reader of a message any more: a
// person, or a group out of which the bot was taken.
func (d *Desk) Gone(tx *storage.Tx, m storage.Message, now time.Time) error {
	if m.Chat < 0 {
		return d.LoseGroup(tx, m.Chat, now)
	}
	return d.Unreachable(tx, m.Person, now)
}

// LoseGroup forgets a group out of which the bot was taken, and tells the
// administrators, once.
func (d *Desk) LoseGroup(tx *storage.Tx, group int64, now time.Time) error {
	chat, err := tx.UnlinkChat(group)
	if err != nil || chat.ID == 0 {
		return err
	}
	people, err := tx.Responsibilities(d.Reference().Path(chat.Territory), now)
	if err != nil {
		return err
	}
	args := map[string]string{"key": "group.lost", "place_id": strconv.FormatInt(int64(chat.Territory), 10)}
	told := map[mahalla.PersonID]bool{}
	for _, r := range people {
		if !r.Role.Has(mahalla.MayAdminister) || told[r.Person] {
			continue
		}
		told[r.Person] = true
		to, err := tx.Recipients([]mahalla.PersonID{r.Person})
		if err != nil {
			return err
		}
		if to, ok := to[r.Person]; ok {
			n := mahalla.Notice{Kind: NoticeSay, To: r.Person, Lane: mahalla.LaneEscalation, Ring: true, Args: args}
			if err := tx.Send(to, n, 0, now, time.Time{}); err != nil {
				return err
			}
		}
	}
	return nil
}
