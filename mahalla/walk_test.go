package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// walk is a case on a random road through its life, with the world around it.
type walk struct {
	c      *Case
	people Responsibilities
	now    time.Time
	rounds int // that a release began
}

func (w *walk) ground() Ground { return ground(w.people) }

// everybody is who may try something.
func everybody() []PersonID {
	return []PersonID{inspector, colleague, substitute, senior, sectorHead, districtHead, admin, chair, reporter, neighbour}
}

func anyStaff(t *rapid.T) Responsibilities {
	all := append(staff(),
		stands(colleague, PreventionInspector, theSector), stands(chair, MahallaChair, thePlace),
		stands(inspector, SeniorInspector, theDistrict), stands(senior, Administrator, theRepublic),
		stands(reporter, PreventionInspector, thePlace), stands(reporter, SectorHead, theDistrict),
		stands(substitute, Administrator, theRepublic))
	var some Responsibilities
	for _, r := range all {
		if rapid.IntRange(0, 3).Draw(t, fmt.Sprint(r.Role, r.Person)) > 0 {
			some = append(some, r)
		}
	}
	return some
}

func (w *walk) someone(t *rapid.T) Person {
	return somebody(rapid.SampledFrom(everybody()).Draw(t, "who"), w.people)
}

// check looks at an outcome: nobody is woken twice by the same thing, nothing is
// sent to whom it cannot reach, and everything happens now.
func (w *walk) check(t *rapid.T, o Outcome) {
	seen := map[string]bool{}
	for _, n := range o.Notices {
		key := fmt.Sprint(n.Kind, n.To)
		if n.Ring && seen[key] {
			t.Fatalf("%s rings twice at %d", n.Kind, n.To)
		}
		seen[key] = seen[key] || n.Ring
		if n.To == 0 {
			t.Fatalf("%s is sent to nobody", n.Kind)
		}
		if n.Round != 0 && n.Round != w.c.Round {
			t.Fatalf("%s is of round %d, not %d", n.Kind, n.Round, w.c.Round)
		}
		// Whoever has lost the case to somebody else is shown that on the card.
		card := n.Ring && (n.Kind == CardOfficer || n.Kind == CardHead) || n.Kind == NoticeMedia || n.Kind == NoticeNudge
		if card && !w.holdsWithinReach(n.To) {
			t.Fatalf("%s is sent to %d, who does not hold the case within reach", n.Kind, n.To)
		}
	}
	officer, _ := w.people.nearest(thePath(), PreventionInspector)
	for _, e := range o.Events {
		if told := e.Kind == EventAssigned || e.Kind == EventEscalated; told && w.c.Category == OfficerComplaint &&
			slices.ContainsFunc(officer.People, func(r Responsibility) bool { return r.Person == e.About }) {
			t.Fatalf("a complaint reached its officer: %+v", e)
		}
		if !e.At.Equal(w.now) || e.Kind == "" {
			t.Fatalf("event %+v at %s", e, clock(w.now))
		}
	}
	for _, timer := range o.Timers {
		if !timer.Due.After(w.now) {
			t.Fatalf("timer %s is due already", timer.Kind)
		}
	}
	if alarm := slices.Contains(events(o), string(EventNobody)); alarm && !w.c.OutOfReach() {
		t.Fatal("the reporter is alarmed though an officer is within reach")
	}
}

func (w *walk) holdsWithinReach(p PersonID) bool {
	return slices.ContainsFunc(w.c.Assignments, func(a Assignment) bool { return a.Person == p && !a.Unreachable })
}

// try does a verb on the case; a refusal must leave no trace.
func (w *walk) try(t *rapid.T, verb Verb) {
	who := w.someone(t)
	before, status, owner := fmt.Sprintf("%+v", *w.c), w.c.Status, w.c.Owner
	o, err := do(w.c, verb, who, w.ground(), w.now)
	if err != nil {
		if answer(err) != err.Error() || fmt.Sprintf("%+v", *w.c) != before || len(o.Events)+len(o.Notices)+len(o.Timers)+len(o.Cancel) > 0 {
			t.Fatalf("%s refused (%v) left a trace:\n%s\n%+v", verb, err, before, *w.c)
		}
		return
	}
	if verb == VerbAccept && (status != New || owner != 0) {
		t.Fatalf("%d accepted what was %s and %d's", who.ID, status, owner)
	}
	if len(o.Events) == 0 || o.Events[0].By != who.ID {
		t.Fatalf("%s by %d is not in the history: %v", verb, who.ID, o.Events)
	}
	w.check(t, o)
}

// asked is a person as the offers know them: 31 inspects another mahalla.
func (w *walk) asked(p PersonID) Person {
	return somebody(p, append(Responsibilities{stands(31, PreventionInspector, elsewhere)}, w.people...))
}

// invariants hold after every step.
func (w *walk) invariants(t *rapid.T) {
	c := w.c
	w.check(t, c.SettleOffer(w.now))
	if f := c.OpenOffer(); f != nil && (f.By == f.To || f.To == c.Reporter || f.Round != c.Round || f.Owner != c.Owner || !c.Open()) {
		t.Fatalf("an offer has lost its point: %+v", *f)
	}
	fail := func(what string) { t.Fatalf("%s: %+v", what, *c) }
	agree := func(a, b bool, what string) {
		if a != b {
			fail(what)
		}
	}
	owned := c.Status == Accepted || c.Status == Waiting || c.Status == Closed
	if c.Status != Withdrawn { // a case withdrawn late keeps its owner
		agree(c.Owner != 0, owned, "owner and status disagree")
	}
	agree(c.Owner != 0, !c.AcceptedAt.IsZero(), "owner and time of acceptance disagree")
	if !c.CheckedAt.IsZero() && (c.Status != Accepted || c.Promised.IsZero()) {
		fail("asked about no promise")
	}
	agree(c.Status == Waiting, !c.AskedAt.IsZero(), "waiting and its time disagree")
	if c.Resolution.Span != (Span{}) && c.Status != Withdrawn {
		agree(owned, len(c.Resolution.Beats) > 0, "the clock towards the result and the owner disagree")
	}
	agree(!c.Resolution.Paused.IsZero(), len(c.Resolution.Beats) > 0 && c.Status != Accepted, "the clock stands when it should not, or runs")
	if c.Claimed() && (c.Status != Accepted || len(c.Claim.Asked) == 0 || c.AskedToConfirm(c.Owner) || c.AskedToConfirm(c.Reporter)) {
		fail("a claim that nobody can decide")
	}
	agree(c.Status == Closed, !c.ClosedAt.IsZero(), "closed and its time disagree")
	agree(c.Closing != "", !c.ClosedAt.IsZero(), "closing and its time disagree")
	agree(c.Status == Withdrawn, !c.WithdrawnAt.IsZero(), "withdrawn and its time disagree")
	agree(c.Verdict != NoVerdict, !c.JudgedAt.IsZero(), "verdict and its time disagree")
	if c.Verdict != NoVerdict && c.Status != Closed {
		fail("a verdict on what is not closed")
	}
	if c.Rating != 0 && c.Verdict != VerdictSolved {
		fail("rated without being solved")
	}
	if c.Owner == c.Reporter || c.Holds(c.Reporter) {
		fail("the reporter answers")
	}
	if c.Owner != 0 && !c.Holds(c.Owner) {
		fail("the owner is not among those told")
	}
	if c.Reopened > MostReopenings || c.Round != 1+c.Reopened+w.rounds {
		fail("rounds and reopenings disagree")
	}
	if c.Level < LevelOfficer || c.Level > LevelAdministrator || c.OwnLevel >= LevelAdministrator {
		fail("no such level")
	}
	agree(c.Open(), owned && c.Status != Closed || c.Status == New, "open and status disagree")
	var people []PersonID
	for _, a := range c.Assignments {
		people = append(people, a.Person)
	}
	slices.Sort(people)
	if len(slices.Compact(slices.Clone(people))) != len(people) {
		fail("somebody was told twice")
	}
	w.ladder(t, fail)
	w.choices(t)
}

func (w *walk) ladder(t *rapid.T, fail func(string)) {
	c := w.c
	if c.Ladder.Done > len(c.Ladder.Beats) {
		fail("more beats have fallen than there are")
	}
	if !slices.IsSortedFunc(c.Ladder.Beats[c.Ladder.Done:], func(a, b Beat) int { return a.At.Compare(b.At) }) {
		fail("beats out of order")
	}
	if c.Status != New && !c.NextBeat().IsZero() {
		fail("the ladder goes on")
	}
	if c.Ladder.Class == Ordinary && c.Status == New && c.NextBeat().IsZero() {
		fail("the daily reminders have ended")
	}
	if c.Status == New && c.OutOfReach() && c.Level < LevelAdministrator {
		fail("nobody is within reach and nobody was told of it")
	}
	twin := copied(c)
	if o := twin.Escalate(w.ground(), w.now); c.Status != New && len(o.Events)+len(o.Notices) > 0 {
		fail("an answered case escalates")
	}
	if next := beatOf(twin); !next.IsZero() && !next.After(w.now) {
		fail("a beat that is due does not fall")
	}
	if o := twin.Escalate(w.ground(), w.now); len(o.Events)+len(o.Notices) > 0 {
		fail("the same beat falls twice")
	}
}

// choices holds every offered verb against the rules, and every one that is not.
func (w *walk) choices(t *rapid.T) {
	for _, p := range everybody() {
		who := somebody(p, w.people)
		offered := w.c.Choices(who, w.ground(), w.now)
		for _, verb := range allVerbs {
			_, err := do(copied(w.c), verb, who, w.ground(), w.now)
			switch {
			case slices.Contains(offered, verb) && err != nil && answer(err) != "conflict: no_arbiter" && answer(err) != "invalid: give_unfit" && answer(err) != "invalid: give_refused":
				t.Fatalf("%s is offered to %d but %v", verb, p, err)
			case verb == VerbRate || verb == VerbJudge: // also possible where they are not offered
			case verb == VerbGive && !slices.Contains(offered, verb) && w.c.Supervises(who, w.ground(), w.now):
			case !slices.Contains(offered, verb) && err == nil:
				t.Fatalf("%s works for %d but is not offered", verb, p)
			}
		}
	}
}

func TestWhateverHappensToACase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &walk{people: anyStaff(t), now: monday("10:00").Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(t, "filed")) * time.Minute)}
		for i := range w.people {
			w.people[i].Reach = rapid.SampledFrom([]Reach{Reachable, Reachable, NotStarted, Blocked}).Draw(t, "reach")
		}
		category := rapid.SampledFrom([]Category{noise(), fiveDays(), danger(), complaint(), {Code: "other", Urgency: Low, Primary: MahallaChair}}).Draw(t, "category")
		var o Outcome
		w.c, o = filed(category, w.ground(), w.now)
		w.check(t, o)

		verb := func(v Verb) func(*rapid.T) { return func(t *rapid.T) { w.try(t, v) } }
		t.Repeat(map[string]func(*rapid.T){
			"":         w.invariants,
			"accept":   verb(VerbAccept),
			"promise":  verb(VerbPromise),
			"close":    verb(VerbClose),
			"add":      verb(VerbAdd),
			"withdraw": verb(VerbWithdraw),
			"words of danger are added": func(t *rapid.T) {
				if o, err := w.c.Add(reporter, "", true, DefaultPolicies(), w.ground(), w.now); err == nil {
					w.check(t, o)
				}
			},
			"an album goes on": func(t *rapid.T) {
				w.check(t, w.c.Extend(rapid.Bool().Draw(t, "words"), rapid.Bool().Draw(t, "danger"), DefaultPolicies(), w.ground(), w.now))
			},
			"judge":  verb(VerbJudge),
			"rate":   verb(VerbRate),
			"reopen": verb(VerbReopen),
			"undo":   verb(VerbUndo),
			"the result is waited for": func(t *rapid.T) {
				if due := w.c.ResolveBy(); due.After(w.now) {
					w.now = due
				}
				w.check(t, w.c.CheckResolution(w.ground(), w.now))
			},
			"the report is called false": func(t *rapid.T) {
				if w.c.Status == Accepted || w.c.Status == Waiting {
					if o, err := w.c.ClaimFalse(somebody(w.c.Owner, staff()), w.ground(), w.now); err == nil {
						w.check(t, o)
					}
				}
			},
			"somebody decides": func(t *rapid.T) {
				if len(w.c.Claim.Asked) == 0 {
					return
				}
				who := somebody(rapid.SampledFrom(w.c.Claim.Asked).Draw(t, "decides"), staff())
				o, err := Outcome{}, error(nil)
				if rapid.Bool().Draw(t, "confirms") {
					o, err = w.c.Confirm(who, w.ground(), w.now)
				} else {
					o, err = w.c.Reject(who, w.ground(), w.now)
				}
				if err == nil {
					w.check(t, o)
				}
			},
			"nobody decides":     func(t *rapid.T) { w.check(t, w.c.PassClaim(w.ground(), false, w.now)) },
			"the closing stands": func(t *rapid.T) { w.check(t, w.c.Settled(w.now)) },
			"the owner closes": func(t *rapid.T) {
				if w.c.Status == Accepted {
					o, err := do(w.c, VerbClose, somebody(w.c.Owner, staff()), w.ground(), w.now)
					if err == nil {
						w.check(t, o)
					}
				}
			},
			"the owner asks": func(t *rapid.T) {
				if w.c.Status == Accepted {
					if o, err := do(w.c, VerbAsk, somebody(w.c.Owner, staff()), w.ground(), w.now); err == nil {
						w.check(t, o)
					}
				}
			},
			"the time promised comes": func(t *rapid.T) {
				if w.c.Promised.After(w.now) {
					w.now = w.c.Promised
				}
				w.check(t, w.c.CheckPromise(w.ground(), false, w.now))
			},
			"the owner is silent": func(t *rapid.T) {
				round := w.c.Round
				o := w.c.TakeBack(DefaultPolicies(), w.ground(), false, w.now)
				w.rounds += w.c.Round - round
				w.check(t, o)
			},
			"decline": verb(VerbDecline),
			"give":    verb(VerbGive),
			"nudge":   verb(VerbNudge),
			"it is offered elsewhere": func(t *rapid.T) {
				there := w.ground()
				there.Path = []TerritoryID{elsewhere, theDistrict, theRegion, theRepublic}
				there.People = append(Responsibilities{stands(31, PreventionInspector, elsewhere)}, w.people...)
				if o, err := w.c.OfferElsewhere(w.someone(t), elsewhere, noise(), w.ground(), there, w.now); err == nil {
					w.check(t, o)
				}
			},
			"an offer is answered": func(t *rapid.T) {
				f := w.c.OpenOffer()
				if f == nil {
					return
				}
				who, round := w.asked(f.To), w.c.Round
				var o Outcome
				var err error
				switch {
				case f.Kind == OfferArbiter:
					to := rapid.SampledFrom([]PersonID{f.By, f.To, 31, colleague}).Draw(t, "decided")
					o, err = w.c.Decide(who, w.asked(to), DefaultPolicies(), w.ground(), w.now)
				case rapid.Bool().Draw(t, "yes"):
					o, err = w.c.TakeOffer(who, w.ground(), w.ground(), w.now)
				default:
					o, err = w.c.RefuseOffer(who, w.ground(), w.now)
				}
				if err == nil {
					w.rounds += w.c.Round - round
					w.check(t, o)
				}
			},
			"an offer is not answered": func(t *rapid.T) {
				if f := w.c.OpenOffer(); f != nil && rapid.Bool().Draw(t, "late") {
					w.now = later(w.now, f.Due)
				}
				w.check(t, w.c.OfferTimeout(w.ground(), false, w.now))
			},
			"answer":                   verb(VerbAnswer),
			"the answer is remembered": func(t *rapid.T) { w.check(t, w.c.RemindToAnswer(false, w.now)) },
			"the answer does not come": func(t *rapid.T) { w.check(t, w.c.Unanswered(w.ground(), false, w.now)) },
			"the owner is out of reach": func(t *rapid.T) {
				if w.c.Status == Waiting && rapid.Bool().Draw(t, "blocks") {
					owner := w.c.Owner
					w.people = silenced(w.people, owner)
					o := w.c.Undeliverable(owner, w.ground(), w.now)
					_ = o.And(w.c.Release(DefaultPolicies(), w.ground(), w.now))
					w.rounds++
				}
			},
			"time passes": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{1, 5, 20, 60, 240, 24 * 60, 10 * 24 * 60}).Draw(t, "minutes")) * time.Minute)
			},
			"the next beat comes": func(*rapid.T) {
				if next := beatOf(w.c); next.After(w.now) {
					w.now = next
				}
			},
			"the ladder is looked at": func(t *rapid.T) { w.check(t, w.c.Escalate(w.ground(), w.now)) },
			"silence": func(t *rapid.T) {
				w.check(t, w.c.Silence(rapid.SampledFrom([]Reach{Reachable, Blocked}).Draw(t, "reach"), w.now))
			},
			"the reporter is lost":    func(t *rapid.T) { w.check(t, w.c.ReporterLost(w.now)) },
			"the reporter comes back": func(t *rapid.T) { w.check(t, w.c.ReporterBack(w.now.Add(-time.Hour), w.now)) },
			"a card cannot be delivered": func(t *rapid.T) {
				p := w.someone(t).ID
				w.people = silenced(w.people, p)
				w.check(t, w.c.Undeliverable(p, w.ground(), w.now))
			},
			"somebody comes back": func(t *rapid.T) {
				p := w.someone(t).ID
				for i := range w.people {
					if w.people[i].Person == p {
						w.people[i].Reach = Reachable
					}
				}
			},
			"somebody leaves": func(t *rapid.T) { w.people = without(w.people, w.someone(t).ID) },
			"somebody is appointed": func(t *rapid.T) {
				w.people = append(w.people, rapid.SampledFrom(staff()).Draw(t, "appointed"))
			},
		})
	})
}

// beatOf is when a beat really falls next; zero when none does.
func beatOf(c *Case) time.Time {
	if c.Status != New {
		return time.Time{}
	}
	return c.Ladder.Next()
}
