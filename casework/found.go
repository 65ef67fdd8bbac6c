package casework

import (
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons of a search. Their subject is the serial of the search:
// what was typed is kept with the person, not in a button.
const (
	PressSearch = "search" // asks what to look for
	PressFound  = "found"  // round: the page
	PressOlder  = "older"  // among older cases
)

// MaySearch refuses those who have no territory to search in.
func (d *Desk) MaySearch(who *storage.Contact, now time.Time) error {
	if who.Has(mahalla.MayAnswer, now) || who.Has(mahalla.MaySupervise, now) {
		return nil
	}
	return mahalla.Refuse(mahalla.Forbidden, "search_officers")
}

// Look begins a search and returns the arguments of the card of its first page.
func (d *Desk) Look(tx *storage.Tx, who *storage.Contact, typed string, before, now time.Time) (map[string]string, error) {
	if err := d.MaySearch(who, now); err != nil {
		return nil, err
	}
	if !mahalla.Searchable(typed) {
		return nil, mahalla.Refuse(mahalla.Invalid, "search_short")
	}
	who.Dialogue.Look(typed, before)
	return d.FoundPage(tx, who, who.Dialogue.Serial, 0, now)
}

// FoundPage looks for a page of the person's last search. Its cases are named in
// the arguments of the card: to draw it again nobody's words are read again.
func (d *Desk) FoundPage(tx *storage.Tx, who *storage.Contact, serial, page int, now time.Time) (map[string]string, error) {
	search := who.Dialogue.Search
	if search == nil || search.Serial != serial {
		return nil, mahalla.Refuse(mahalla.Conflict, "search_gone")
	}
	if err := d.MaySearch(who, now); err != nil {
		return nil, err
	}
	before := search.Before
	if before.IsZero() {
		before = now.Add(time.Minute)
	}
	found, err := d.SearchBefore(tx, who, search.Typed, page, before, now)
	if err != nil {
		return nil, err
	}
	search.Since = found.Since
	ids := make([]string, len(found.Lines))
	for i, l := range found.Lines {
		ids[i] = strconv.FormatInt(int64(l.ID), 10)
	}
	args := map[string]string{
		"serial": strconv.Itoa(serial), "typed": search.Typed, "ids": strings.Join(ids, " "),
		"page": strconv.Itoa(found.Page), "total": strconv.Itoa(found.Total),
	}
	if !found.Since.IsZero() {
		args["since"] = strconv.FormatInt(found.Since.Unix(), 10)
	}
	return args, nil
}

// foundCases are the cases that a card of a search names.
func foundCases(ids string) ([]mahalla.CaseID, error) {
	var list []mahalla.CaseID
	for _, field := range strings.Fields(ids) {
		id, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return nil, err
		}
		list = append(list, mahalla.CaseID(id))
	}
	return list, nil
}

// drawFound is one page of what a search found.
func (d *Desk) drawFound(tx *storage.Tx, w *words, args map[string]string) (mahalla.Screen, error) {
	ids, err := foundCases(args["ids"])
	if err != nil {
		return mahalla.Screen{}, err
	}
	var list []storage.CaseLine
	if len(ids) > 0 {
		if list, err = tx.CaseLines(ids); err != nil {
			return mahalla.Screen{}, err
		}
	}
	page, _ := strconv.Atoi(args["page"]) // the first page when it is missing
	total, _ := strconv.Atoi(args["total"])
	serial, _ := strconv.ParseInt(args["serial"], 10, 64)
	s := mahalla.Screen{Protect: true}
	title := w.say("found.empty")
	if total > 0 {
		title = w.say("found.title", "n", total)
	}
	s.Text, s.Rows = w.caseLines(CardWork, lines(title, quote(args["typed"], glance)), list)
	var last []mahalla.Button
	button := func(verb, key string, page int) {
		last = append(last, mahalla.Button{Label: w.say(key), Press: mahalla.Press{Verb: verb, Subject: serial, Round: page}})
	}
	pages := (total + perPage - 1) / perPage
	if pages > 1 {
		s.Text = lines(s.Text, w.say("list.page", "page", page+1, "pages", pages))
	}
	if page > 0 {
		button(PressFound, "list.previous", page-1)
	}
	if page < pages-1 {
		button(PressFound, "list.next", page+1)
	}
	if since, err := strconv.ParseInt(args["since"], 10, 64); err == nil {
		s.Text = lines(s.Text, w.say("found.since", "when", w.when(time.Unix(since, 0))))
		button(PressOlder, "found.older", 0)
	}
	if len(last) > 0 {
		s.Rows = append(s.Rows, last)
	}
	return s, nil
}
