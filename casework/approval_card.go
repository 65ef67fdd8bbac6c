package casework

import (
	"strconv"

	"koprik/mahalla"
	"koprik/storage"
)

// joinNotice is the card of an invitation after it was taken, and what came of it.
func joinNotice(a *storage.Approval, answer string, ring bool) mahalla.Notice {
	return mahalla.Notice{Kind: CardJoin, Lane: mahalla.LaneAnswer, Ring: ring, Args: map[string]string{
		"answer": answer, "role": string(a.Role), "place": strconv.FormatInt(int64(a.Territory), 10)}}
}

// drawInvited is the card of an invitation: it waits for an answer, then for a
// second person, then says what came of it.
func (d *Desk) drawInvited(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	if q := reader.Dialogue.Question; q != nil && q.Flow == FlowJoin || args["answer"] == "no" || args["answer"] == "yes" {
		return d.drawJoin(w, reader, args)
	}
	if answer := args["answer"]; answer == "granted" || answer == "refused" {
		place, err := strconv.ParseInt(args["place"], 10, 64)
		if err != nil {
			return mahalla.Screen{}, err
		}
		role, at := HTML(w.role(mahalla.Role(args["role"]))), HTML(w.place(mahalla.TerritoryID(place)))
		if answer == "refused" {
			return mahalla.Screen{Text: w.say("join.refused", "role", role, "place", at)}, nil
		}
		s := mahalla.Screen{Text: w.say("join.granted", "role", role, "place", at)}
		if reader.Proven(w.now) {
			s.Text += "\n\n" + w.ready(reader)
		}
		return s, nil
	}
	a, err := tx.ApprovalOf(reader.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if a == nil {
		return d.drawJoin(w, reader, args)
	}
	key := "join.awaits"
	if a.Asked == 0 {
		key = "join.awaits_away"
	}
	return mahalla.Screen{
		Text: w.say(key, "role", HTML(w.role(a.Role)), "place", HTML(w.place(a.Territory))),
		Rows: [][]mahalla.Button{{{Label: w.say("join.remind"), Press: mahalla.Press{Verb: PressAwait, Subject: a.ID}}}},
	}, nil
}

// drawApproval asks whether somebody who wants to join is known. The number is
// shown on demand.
func (d *Desk) drawApproval(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	a, err := tx.Approval(about)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if a == nil || !reader.MayApprove(a.Role, a.Person, d.Reference().Path(a.Territory), w.now) {
		return mahalla.Screen{Text: w.say("approval.gone")}, nil
	}
	name, err := tx.Name(a.Person)
	if err != nil {
		return mahalla.Screen{}, err
	}
	who := w.say("approval.who", "name", personName(name), "role", HTML(w.role(a.Role)))
	place := w.say("approval.place", "place", HTML(w.place(a.Territory)))
	if !a.Open() {
		by, err := tx.Name(a.AnsweredBy)
		key := map[bool]string{true: "approval.granted", false: "approval.refused"}[a.Granted]
		return mahalla.Screen{Protect: true, Text: lines(bold(w.say(key)), who, place,
			w.say("approval.by", "name", personName(by), "when", w.when(a.AnsweredAt)))}, err
	}
	phone, err := tx.OwnPhone(a.Person)
	if err != nil {
		return mahalla.Screen{}, err
	}
	press := func(arg, key string, style mahalla.Style) mahalla.Button {
		return mahalla.Button{Label: w.say(key), Style: style, Press: mahalla.Press{Verb: PressApprove, Subject: a.ID, Arg: arg}}
	}
	last := []mahalla.Button{press("no", "approval.no", mahalla.Danger)}
	switch {
	case phone != "" && args["phone"] != "":
		who += " · " + w.say("approval.phone", "phone", phone)
	case phone != "":
		last = append(last, press("phone", "approval.number", ""))
	}
	return mahalla.Screen{Protect: true,
		Text: lines(bold(w.say("approval.title")), who, place, w.say("approval.ask")),
		Rows: [][]mahalla.Button{{press("yes", "approval.yes", mahalla.Success)}, last},
	}, nil
}
