package casework

import (
	"koprik/mahalla"
	"koprik/storage"
)

// itemOf reads the item of a case that is under way, for its cards.
func itemOf(tx *storage.Tx, v *storage.View) (err error) {
	if id := v.Case.Resolution.Item; id != 0 {
		v.Item, err = tx.Item(id)
	}
	return err
}

// toCommission adds to an officer's card the way to the commission, where there
// is one: a button, and what is suggested or under way.
func (d *Desk) toCommission(tx *storage.Tx, w *words, v storage.View, s *mahalla.Screen) error {
	c := v.Case
	mark := d.repeated(w, v)
	s.Text = lines(s.Text, mark)
	if c.MayBring(v.Reader.Person, d.path(c.Place), w.now) != nil {
		return nil
	}
	press := casePress(c, PressAgenda, "", w.say("officer.commission"), "")
	if v.Item != nil && v.Item.State.Open() {
		s.Text = lines(s.Text, w.atCommission("officer.item.", v.Item))
		s.Rows = besides(s.Rows, press)
		return nil
	}
	if c.Reconcilable(d.Reference().Categories[c.Category], w.now) != nil {
		return nil
	}
	var last *mahalla.Item
	if v.Proposed {
		var err error
		if last, err = tx.ItemOfCase(c.ID); err != nil || c.MayAgain(last, w.now) != nil {
			return err
		}
	}
	ground, err := d.ground(tx, c.Place, w.now)
	if err != nil {
		return err
	}
	if _, stands := mahalla.CommissionFor(ground.Path, ground.People); !stands {
		return nil // it would only be refused
	}
	if mark != "" && last == nil {
		s.Text += " " + w.say("officer.repeated.commission")
	}
	s.Rows = besides(s.Rows, press)
	return nil
}

// repeated marks a case that is one of several: whoever reports the same person
// again and again may be right, or want revenge. Of a report without a name it
// says nothing: what else is like it would tell who wrote it.
func (d *Desk) repeated(w *words, v storage.View) string {
	c := v.Case
	if v.Repetition == "" || !c.Open() || c.Alias != "" || !d.Reference().Categories[c.Category].Reconcile {
		return ""
	}
	return w.say("officer.repeated."+string(v.Repetition), "n", v.Repeats)
}

// besides puts a button where there is room: rows have two, and there are four. Where
// there is none it is the third of the last row.
func besides(grid [][]mahalla.Button, press mahalla.Button) [][]mahalla.Button {
	last := len(grid) - 1
	if last >= 1 && len(grid[last]) < 2 || len(grid) >= mostScreenRows {
		grid[last] = append(grid[last], press)
		return grid
	}
	return append(grid, []mahalla.Button{press})
}

// atCommission says where an item stands.
func (w *words) atCommission(prefix string, i *mahalla.Item) string {
	return w.say(prefix + string(i.State))
}

// reporterItem tells the reporter that the case is at the commission.
func (w *words) reporterItem(v storage.View) string {
	if i := v.Item; i != nil && (i.State == mahalla.ItemReady || i.State == mahalla.ItemScheduled) {
		return w.atCommission("reporter.item.", i)
	}
	return ""
}
