package casework

import (
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestTheHelpOfWhoeverHasEveryRoleFitsIntoAMessage(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	who := *g.resident
	for _, role := range mahalla.Roles() {
		who.Memberships = append(who.Memberships, mahalla.Membership{Role: role, Territory: g.district, From: day.Add(-time.Hour)})
	}
	for _, lang := range mahalla.Languages() {
		g.tx(func(tx *storage.Tx) error {
			w := g.desk.speak(lang, day)
			all, err := g.desk.help(tx, w, &who)
			if err != nil {
				return err
			}
			if n := shownLength(all.Text); n > mostHelp {
				t.Errorf("in %s it has %d units", lang, n)
			}
			if !strings.Contains(all.Text, "/bayonnoma") || strings.Contains(all.Text, "/mavzu") {
				t.Errorf("in %s what is typed instead of buttons should make room: %q", lang, all.Text)
			}
			own, err := g.desk.help(tx, w, g.resident)
			if err != nil {
				return err
			}
			if !strings.Contains(own.Text, "/mavzu") || strings.Contains(own.Text, "/murosa") {
				t.Errorf("in %s a resident who is asked nothing reads %q", lang, own.Text)
			}
			return w.err
		})
	}
}
