package casework

import (
	"html"
	"slices"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// DigestRound is a digest that comes at one time of the day to everybody whose
// places keep that time.
type DigestRound struct {
	Plan  mahalla.DigestPlan
	Clock time.Duration // since midnight
}

// digestSetting is what the keys of settings of digests begin with.
const digestSetting = "digest."

// SetDigestClock lets a digest come at another time of the day ("08:30") at a
// place and below it.
func (d *Desk) SetDigestClock(tx *storage.Tx, place mahalla.TerritoryID, digest mahalla.Digest, clock string) error {
	_, known := mahalla.DigestPlanOf(digest)
	if _, ok := mahalla.ParseDigestClock(clock); !ok || !known {
		return mahalla.Refuse(mahalla.Invalid, "digest_clock")
	}
	tx.PutSetting(storage.Setting{Territory: place, Key: digestSetting + string(digest), Value: clock})
	return nil
}

// digestClocks reads the times of digests out of the settings. One that cannot
// be read counts as not set.
func digestClocks(settings []storage.Setting) mahalla.DigestClocks {
	clocks := mahalla.DigestClocks{}
	for _, s := range settings {
		name, ok := strings.CutPrefix(s.Key, digestSetting)
		clock, readable := mahalla.ParseDigestClock(s.Value)
		if digest := mahalla.Digest(name); ok && readable {
			if clocks[digest] == nil {
				clocks[digest] = map[mahalla.TerritoryID]time.Duration{}
			}
			clocks[digest][s.Territory] = clock
		}
	}
	return clocks
}

// DigestRounds lists the rounds of a day.
func (d *Desk) DigestRounds() []DigestRound {
	clocks := digestClocks(d.Reference().Settings)
	var list []DigestRound
	for _, p := range mahalla.Digests() {
		for _, clock := range clocks.All(p) {
			list = append(list, DigestRound{p, clock})
		}
	}
	return list
}

// GoRound gives a digest of a day to the next people who should have it, each
// once a day whatever the clocks say. It tells how many they were, and after
// whom the round goes on; it is at its end when fewer than most were looked at.
func (d *Desk) GoRound(tx *storage.Tx, r DigestRound, day time.Time, after mahalla.PersonID, most int, now time.Time) (given int, last mahalla.PersonID, end bool, err error) {
	holders, err := tx.RoleHolders(r.Plan.Roles, after, most, now)
	if err != nil {
		return 0, after, false, err
	}
	looked := 0
	for _, h := range holders {
		if h.Person != after {
			looked, after = looked+1, h.Person
		}
	}
	holders = d.keeping(r, holders)
	if r.Plan.Digest == mahalla.ClosedDigest {
		if holders, err = d.withNews(tx, holders, day); err != nil {
			return 0, after, false, err
		}
	}
	given, err = d.give(tx, r.Plan.Digest, holders, day, now)
	return given, after, looked < most, err
}

// keeping are the holders whose places keep the time of the round.
func (d *Desk) keeping(r DigestRound, holders []storage.RoleHolder) []storage.RoleHolder {
	clocks := digestClocks(d.Reference().Settings)
	return slices.DeleteFunc(holders, func(h storage.RoleHolder) bool {
		return clocks.At(r.Plan, d.Reference().Path(h.Territory)) != r.Clock
	})
}

// give puts the digest into the outbox for those who have not had it.
func (d *Desk) give(tx *storage.Tx, digest mahalla.Digest, holders []storage.RoleHolder, day, now time.Time) (int, error) {
	people := make([]mahalla.PersonID, 0, len(holders))
	chats := map[mahalla.PersonID]storage.Recipient{}
	for _, h := range holders {
		if _, twice := chats[h.Person]; !twice {
			chats[h.Person], people = h.Recipient, append(people, h.Person)
		}
	}
	if len(people) == 0 {
		return 0, nil
	}
	fresh, err := tx.TakeDigest(digest, day, people)
	if err != nil {
		return 0, err
	}
	for _, p := range people {
		if !fresh[p] {
			continue
		}
		n := mahalla.Notice{Kind: digestNotice + mahalla.NoticeKind(digest), To: p, Lane: mahalla.LaneBroadcast,
			Args: map[string]string{"day": day.In(locales.Tashkent()).Format(time.DateOnly)}}
		if err := tx.Send(chats[p], n, 0, now, time.Time{}); err != nil {
			return 0, err
		}
	}
	return len(fresh), nil
}

// drawDigest works out a digest. Whoever has lost the role meanwhile, and whoever
// reads it too late, reads nothing; where there is nothing to say, nothing is.
func (d *Desk) drawDigest(tx *storage.Tx, w *words, reader *storage.Contact, digest mahalla.Digest, args map[string]string) (mahalla.Screen, error) {
	plan, ok := mahalla.DigestPlanOf(digest)
	day, err := time.ParseInLocation(time.DateOnly, args["day"], locales.Tashkent())
	if !ok || err != nil || reader == nil || !plan.Fresh(d.Calendar(), day, w.now) {
		return mahalla.Screen{}, ErrPointless
	}
	places := plan.For(reader.Memberships, w.now)
	if len(places) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	switch digest {
	case mahalla.MorningDigest:
		return d.drawMorning(tx, w, reader)
	case mahalla.DailyDigest:
		return d.drawDaily(tx, w, reader, places)
	case mahalla.WeeklyDigest:
		return d.drawWeekly(tx, w, reader, places)
	case mahalla.CoverageDigest:
		return d.drawGaps(tx, w, places)
	}
	return d.drawClosed(tx, w, places, day)
}

// Bounds of a digest.
const (
	mostMornings   = 500 // cases of one officer that are looked at
	mostNumbers    = 5   // buttons with case numbers
	mostPlaceLines = 5   // lines of places
	mostClosed     = 6   // lines of categories
	mostPlace      = 60  // UTF-16 units of a place's name
)

// below lists the nodes of the tree below some, themselves included.
func (d *Desk) below(nodes []mahalla.TerritoryID) []mahalla.TerritoryID {
	wanted := make(map[mahalla.TerritoryID]bool, len(nodes))
	for _, node := range nodes {
		wanted[node] = true
	}
	var list []mahalla.TerritoryID
	for id, t := range d.Reference().Territories {
		if slices.ContainsFunc(t.Path, func(node mahalla.TerritoryID) bool { return wanted[node] }) {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// midnight is the beginning of a day in Tashkent.
func (d *Desk) midnight(t time.Time) time.Time {
	t = t.In(locales.Tashkent())
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// placePlain names a place with its district as plain text, not too long.
func (w *words) placePlain(id mahalla.TerritoryID) string {
	return locales.Cut(html.UnescapeString(w.place(id)), mostPlace)
}

// grounds names the first of some places, and how many more there are.
func (w *words) grounds(nodes []mahalla.TerritoryID) string {
	name := w.placePlain(nodes[0])
	if len(nodes) == 1 {
		return name
	}
	return html.UnescapeString(w.say("place.more", "name", name, "n", len(nodes)-1))
}

// count renders a text in the form for a number.
func (w *words) count(key string, n int, pairs ...any) string {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = shown(pairs[i+1])
	}
	text, err := w.desk.catalogue.Plural(w.lang, key, n, args)
	w.keep(err)
	return text
}

// keep remembers what could not be said.
func (w *words) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}
