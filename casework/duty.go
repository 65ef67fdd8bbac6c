package casework

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// CardDuty lists who is on duty: for each mahalla of an officer, or below a
// supervisor, who is told of a report now, and who after that.
const CardDuty mahalla.NoticeKind = "card.duty"

// dutyCategory stands for all reports that begin with the inspector.
var dutyCategory = mahalla.Category{Primary: mahalla.PreventionInspector, Urgency: mahalla.Normal, Secrecy: mahalla.Internal}

// drawDuty is a page of the list.
func (d *Desk) drawDuty(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	places := d.served(reader, w)
	pages := max(1, (len(places)+perPage-1)/perPage)
	page, _ := strconv.Atoi(args["page"]) // the first page when it is missing
	page = min(page, pages-1)
	s := mahalla.Screen{Protect: true, Text: lines(w.say("duty.title"), w.dutyHours())}
	if len(places) == 0 {
		s.Text = lines(s.Text, w.say("duty.empty"))
		return s, nil
	}
	for _, place := range places[page*perPage : min(len(places), (page+1)*perPage)] {
		line, err := d.dutyLine(tx, w, place)
		if err != nil {
			return s, err
		}
		s.Text = lines(s.Text, line)
	}
	if pages > 1 {
		s.Text = lines(s.Text, w.say("list.page", "page", page+1, "pages", pages))
		s.Rows = [][]mahalla.Button{w.turn("duty", page, pages)}
	}
	return s, nil
}

// served are the mahallas at which a person answers or supervises, by name.
func (d *Desk) served(reader *storage.Contact, w *words) []mahalla.TerritoryID {
	var nodes []mahalla.TerritoryID
	for _, m := range reader.Memberships {
		if m.At(w.now) && (m.Role.Has(mahalla.MayAnswer) || m.Role.Has(mahalla.MaySupervise)) {
			nodes = append(nodes, m.Territory)
		}
	}
	places := slices.DeleteFunc(d.below(nodes), func(id mahalla.TerritoryID) bool {
		t := d.Reference().Territories[id]
		return t.Kind != mahalla.Mahalla || t.Retired
	})
	slices.SortFunc(places, func(a, b mahalla.TerritoryID) int {
		names := func(id mahalla.TerritoryID) string {
			return locales.Fold(d.Reference().Territories[id].Names.In(w.lang))
		}
		return cmp.Or(strings.Compare(names(a), names(b)), cmp.Compare(a, b))
	})
	return places
}

// dutyHours says until when people work, or from when.
func (w *words) dutyHours() string {
	calendar := w.desk.Calendar()
	if calendar.Working(w.now) {
		return w.say("duty.working")
	}
	return w.say("duty.resting", "when", w.when(calendar.Next(w.now)))
}

// dutyLine names who is told of a report from a mahalla, in turn. Who cannot be
// told is marked, as is a mahalla where that is everybody.
func (d *Desk) dutyLine(tx *storage.Tx, w *words, place mahalla.TerritoryID) (string, error) {
	ground, err := d.ground(tx, place, w.now)
	if err != nil {
		return "", err
	}
	policy := d.policies[mahalla.ClassOf(dutyCategory.Urgency)]
	plan := mahalla.PlanReport(ground.Path, dutyCategory, ground.People, policy, ground.Calendar, w.now)
	turn := []mahalla.Route{plan.First}
	for level := plan.First.Level; level < mahalla.LevelAdministrator; level++ {
		if next, ok := plan.Levels[level]; ok && len(next.People) > 0 {
			turn = append(turn, next)
		}
	}
	var names []string
	listed := map[mahalla.PersonID]bool{} // once, however many roles they have by now
	for _, route := range turn {
		for _, r := range route.People {
			if listed[r.Person] {
				continue
			}
			listed[r.Person] = true
			name, err := tx.Name(r.Person)
			if err != nil {
				return "", err
			}
			key := "duty.person"
			if r.Reach != mahalla.Reachable {
				key = "duty.unreachable"
			}
			names = append(names, w.say(key, "name", personName(name), "role", HTML(w.role(r.Role))))
		}
	}
	if len(names) == 0 {
		names = []string{w.say("duty.nobody")}
	}
	return bold(w.placeShort(place)) + "\n" + strings.Join(names, "\n"), nil
}
