package mahalla

import (
	"slices"
	"time"
)

// CaseID identifies a case inside the bot; people see its Number.
type CaseID int64

// Status is where a case stands. Overdue is not a status: see Case.Overdue.
type Status string

// The statuses.
const (
	New       Status = "new"       // filed, nobody has accepted yet
	Accepted  Status = "accepted"  // an officer has taken it
	Waiting   Status = "waiting"   // for the reporter's answer
	Closed    Status = "closed"    // with an outcome
	Withdrawn Status = "withdrawn" // by the reporter
)

// Closing is what an officer closed a case with.
type Closing string

// The ways to close a case.
const (
	Solved      Closing = "solved"
	Warned      Closing = "warned"      // the person was warned
	Recorded    Closing = "recorded"    // an offence was put on record
	Unconfirmed Closing = "unconfirmed" // nothing was found
	Redirected  Closing = "redirected"  // belongs to another body; not counted as solved
	False       Closing = "false"       // a false report, which somebody above confirms; not counted as solved
)

// Closings lists the ways to close a case in the order of their buttons.
func Closings() []Closing { return []Closing{Solved, Warned, Recorded, Unconfirmed, Redirected, False} }

// Verdict is the reporter's judgement of a closed case.
type Verdict string

// The verdicts.
const (
	NoVerdict       Verdict = ""
	VerdictSolved   Verdict = "solved"
	VerdictPartly   Verdict = "partly"
	VerdictUnsolved Verdict = "unsolved"
	VerdictSilent   Verdict = "silent" // no answer in time, a statistic of its own
)

// Limits of judging a closed case.
const (
	MostReopenings = 2
	ReopenWithin   = 14 * 24 * time.Hour
	VerdictWithin  = 72 * time.Hour
)

// Case is a report on its way to an answer.
type Case struct {
	ID          CaseID
	Number      Number
	Reporter    PersonID
	Alias       string // by which officers know a reporter who is not named; else empty
	Place       TerritoryID
	Category    CategoryCode
	Urgency     Urgency
	Secrecy     Secrecy
	Status      Status
	Round       int // grows with every assignment anew; presses of older rounds are stale
	Level       Level
	FiledAt     time.Time
	Ladder      Ladder
	Resolution  Resolution
	Owner       PersonID // who accepted; 0 while nobody has
	OwnLevel    Level    // the level at which the owner stands
	AcceptedAt  time.Time
	Promised    time.Time // the moment promised to the reporter
	Postponed   int       // how often the promise was moved
	CheckedAt   time.Time // since when the owner is asked about the promise
	ErasedAt    time.Time // the day on which what was said until then was erased
	AskedAt     time.Time // since when an answer of the reporter is waited for
	Claim       Claim
	ConfirmedBy PersonID // who confirmed that the report is false; 0 while nobody has
	ClosedAt    time.Time
	Closing     Closing
	WithdrawnAt time.Time
	Verdict     Verdict
	JudgedAt    time.Time
	Rating      int // 1 to 5, 0 is none
	Reopened    int // how often
	Additions   int

	Assignments []Assignment // of the present round, in the order of telling
	Joined      []Joining    // for whom it is the same matter, in the order of joining
	Offered     []CaseID     // of others: the receipt asks whether one of them is the same matter
	Watchers    []PersonID   // who have a card of the case without having been told of it in this round
	MergedInto  CaseID       // for which this one was given up; 0 for none
	MergedBy    PersonID     // the officer who did so; 0 where the reporter did
	Duplicates  []Duplicate  // that officers gave up for this one
	Offers      []Offer      // of all rounds, in order; one may be open
}

// Assignment is one person told of a case in one round.
type Assignment struct {
	Person      PersonID
	Role        Role // as which the person was told
	Level       Level
	Told        time.Time
	Unreachable bool // Telegram refused the card for good
}

// Open tells whether the case still wants something from somebody.
func (c *Case) Open() bool {
	return c.Status == New || c.Status == Accepted || c.Status == Waiting
}

// Overdue tells whether nobody accepted the case in time.
func (c *Case) Overdue(now time.Time) bool {
	return c.Status == New && !now.Before(c.Ladder.Due)
}

// LastClimb is the latest officer within reach who was told above the one with
// whom the round began; nil while there is none.
func (c *Case) LastClimb() *Assignment {
	for i := len(c.Assignments) - 1; i > 0; i-- {
		first, a := c.Assignments[0], &c.Assignments[i]
		if a.Level < LevelAdministrator && !a.Unreachable && (a.Level > first.Level || a.Role != first.Role) {
			return a
		}
	}
	return nil
}

// ToldBeside is the highest officer within reach, beside a person, who was told
// in this round; nil while there is none.
func (c *Case) ToldBeside(p PersonID) *Assignment {
	var top *Assignment
	for i := range c.Assignments {
		a := &c.Assignments[i]
		if a.Person != p && !a.Unreachable && a.Level < LevelAdministrator && (top == nil || a.Level >= top.Level) {
			top = a
		}
	}
	return top
}

// roleOf is the role in which a person was told in this round.
func (c *Case) roleOf(p PersonID) Role {
	for _, a := range c.Assignments {
		if a.Person == p {
			return a.Role
		}
	}
	return ""
}

// NextBeat is when the ladder wants the case next; zero while it does not.
func (c *Case) NextBeat() time.Time {
	if c.Status != New {
		return time.Time{}
	}
	if next := c.Ladder.Next(); !next.IsZero() {
		return next
	}
	return c.Ladder.Starts.AddDate(100, 0, 0) // nothing rings any more, but it still waits
}

// ToldAt tells whether the person was told of the case at a moment, and counted as
// within reach.
func (c *Case) ToldAt(p PersonID, at time.Time) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool { return a.Person == p && !a.Unreachable && a.Told.Equal(at) })
}

// Holds tells whether the person was told of the case in its present round.
func (c *Case) Holds(p PersonID) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool { return a.Person == p })
}

// Alone tells whether the ladder has found nobody above the officers with whom
// the round began.
func (c *Case) Alone() bool {
	return len(c.Assignments) > 0 && c.Level > c.Assignments[0].Level && c.LastClimb() == nil
}

// AdministratorTold tells whether an administrator within reach knows of the
// case.
func (c *Case) AdministratorTold() bool { return c.inReachAt(LevelAdministrator) }

// OutOfReach tells whether no officer who was told can be reached. An
// administrator is no officer, and cannot answer.
func (c *Case) OutOfReach() bool {
	return !slices.ContainsFunc(c.Assignments, func(a Assignment) bool {
		return a.Level < LevelAdministrator && !a.Unreachable
	})
}

// inReach tells whether anybody who was told at a level or above can be reached.
func (c *Case) inReach(from Level) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool { return a.Level >= from && !a.Unreachable })
}

// assign puts a person on the case unless already told in this round.
func (c *Case) assign(r Responsibility, level Level, now time.Time) bool {
	if c.Holds(r.Person) {
		return false
	}
	c.Assignments = append(c.Assignments, Assignment{Person: r.Person, Role: r.Role, Level: level, Told: now, Unreachable: r.Reach != Reachable})
	return true
}
