package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

type routeCommand struct {
	Mahalla  string `required:"" help:"Code or name of the place."`
	Category string `required:"" help:"Code of the category, for example noise."`
}

// Run prints who would be told of a report now, and the ladder with times.
func (r routeCommand) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place, err := h.territory(r.Mahalla)
	if err != nil {
		return err
	}
	category := mahalla.CategoryCode(r.Category)
	if known := h.desk.Reference().Categories; known[category].Code == "" {
		var codes []string
		for _, code := range slices.Sorted(maps.Keys(known)) {
			codes = append(codes, string(code))
		}
		return usage{fmt.Errorf("--category %q is not one of %s", r.Category, strings.Join(codes, ", "))}
	}
	var plan casework.Plan
	err = h.db.Read(c.ctx, func(tx *storage.Tx) (err error) {
		plan, err = h.desk.Plan(tx, place.ID, category, c.now())
		return err
	})
	if err != nil {
		return err
	}
	return h.printPlan(c.out, place, plan)
}

// printPlan says who is told when. What would be said to nobody is left out.
func (h *house) printPlan(out io.Writer, place *mahalla.Territory, plan casework.Plan) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "place\t%s\n", h.placeName(place.ID))
	fmt.Fprintf(w, "class\t%s\n", plan.Ladder.Class)
	fmt.Fprintf(w, "clock starts\t%s\n", stamp(plan.Ladder.Starts))
	told := within(plan.First)
	if told == 0 {
		fmt.Fprintf(w, "told at once\tnobody: %s\n", lacking(plan.First))
	} else {
		fmt.Fprintf(w, "told at once\t%s\n", h.people(plan.First))
	}
	for _, b := range plan.Ladder.Beats {
		route := plan.Levels[b.Level]
		switch {
		case b.Kind == mahalla.Step && within(route) == 0:
			fmt.Fprintf(w, "%s\tno %s can be told: the next level at once\n", stamp(b.At), levelWords[b.Level])
		case b.Kind == mahalla.Step:
			told += within(route)
			fmt.Fprintf(w, "%s\tif nobody has accepted: %s\n", stamp(b.At), h.people(route))
		case told == 0: // there is nobody to remind
		case b.Kind == mahalla.Nudge:
			fmt.Fprintf(w, "%s\treminder to whoever was told\n", stamp(b.At))
		default:
			fmt.Fprintf(w, "%s\treminder to the highest who were told, and from then on\n", stamp(b.At))
		}
	}
	administrators := plan.Levels[mahalla.LevelAdministrator]
	if n := within(administrators); told == 0 && n > 0 {
		fmt.Fprintf(w, "in the end\t%s: told that nobody answers for the place\n", h.people(administrators))
	}
	if err := w.Flush(); err != nil || told > 0 {
		return err
	}
	return fmt.Errorf("nobody would get this report: koprik invite --role prevention_inspector --territory %s", place.Code)
}

// levelWords name the steps of the ladder.
var levelWords = map[mahalla.Level]string{
	mahalla.LevelSubstitute: "substitute", mahalla.LevelSenior: "senior inspector",
	mahalla.LevelHead: "head of the sector or district", mahalla.LevelAdministrator: "administrator",
}

// within counts who of a route can be told anything.
func within(r mahalla.Route) (n int) {
	for _, p := range r.People {
		if p.Reach == mahalla.Reachable {
			n++
		}
	}
	return n
}

// lacking says why nobody of a route is told.
func lacking(r mahalla.Route) string {
	if len(r.People) == 0 {
		return "nobody has been invited who answers for the place"
	}
	return fmt.Sprintf("of %d with the role %s none has pressed START and the test card, or all have stopped the bot", len(r.People), r.Role)
}

// people counts who stands somewhere; names stay out of terminals and logs.
func (h *house) people(r mahalla.Route) string {
	return fmt.Sprintf("%s at %s: %d, of whom %d can be reached", r.Role, h.placeName(r.Territory), len(r.People), within(r))
}
