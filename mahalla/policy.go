package mahalla

import (
	"slices"
	"time"
)

// Class is the row of the ladder table that a case follows.
type Class string

// The classes of the ladder.
const (
	Urgent    Class = "urgent"
	Ordinary  Class = "ordinary"
	Anonymous Class = "anonymous" // what is not urgent and has no name on it
	Promise   Class = "promise"   // broken: measured from the time promised, for every urgency
)

// ClassOf tells which row of the ladder an urgency follows.
func ClassOf(u Urgency) Class {
	if u == Emergency || u == High {
		return Urgent
	}
	return Ordinary
}

// Level is how far up a case has climbed.
type Level int

// The levels of the ladder.
const (
	LevelOfficer Level = iota // who answers for the place
	LevelSubstitute
	LevelSenior
	LevelHead          // head of the sector or the district
	LevelAdministrator // nobody else is left
)

// rolesAt lists who is told at a level, one role after the other: the first
// that has anybody within reach, and when that one stays silent the next. The
// inspector of the place is told before the substitute where somebody else,
// such as the chair of the mahalla, was told first.
var rolesAt = map[Level][]Role{
	LevelSubstitute:    {PreventionInspector, Substitute},
	LevelSenior:        {SeniorInspector},
	LevelHead:          {SectorHead, DistrictHead},
	LevelAdministrator: {Administrator},
}

// Policy is one row of the ladder: clocks measured from the start of the case.
// It is a setting of the district; what counts for a case is the Ladder that
// was made of it at assignment.
type Policy struct {
	Class  Class
	Accept Span
	Nudges []Span
	Steps  map[Level]Span
	Repeat Span // after the last step, again and again
	Times  int  // how many repeats; 0 is without end
}

// DefaultPolicies is the ladder table.
func DefaultPolicies() map[Class]Policy {
	return map[Class]Policy{
		Urgent: {
			Class: Urgent, Accept: Minutes(15),
			Nudges: []Span{Minutes(5), Minutes(10)},
			Steps:  map[Level]Span{LevelSubstitute: Minutes(15), LevelSenior: Minutes(25), LevelHead: Minutes(40)},
			Repeat: Minutes(30), Times: 4,
		},
		Ordinary: {
			Class: Ordinary, Accept: WorkingMinutes(60),
			Nudges: []Span{WorkingMinutes(30), WorkingMinutes(50)},
			Steps:  map[Level]Span{LevelSubstitute: WorkingMinutes(60), LevelSenior: WorkingMinutes(120), LevelHead: WorkingMinutes(240)},
			Repeat: Span{Days: 1, Working: true},
		},
		// Heads read of it in their digest.
		Anonymous: {
			Class: Anonymous, Accept: WorkingMinutes(120),
			Nudges: []Span{WorkingMinutes(60), WorkingMinutes(100)},
			Steps:  map[Level]Span{LevelSubstitute: WorkingMinutes(120), LevelSenior: WorkingMinutes(240)},
		},
		Promise: {
			Class: Promise, Accept: promiseSilence(),
			Steps:  map[Level]Span{LevelHead: WorkingMinutes(240)},
			Repeat: Span{Days: 1, Working: true},
		},
	}
}

// Ladder is a policy frozen into a case: moments, not spans. Changing the
// policy or the calendar later does not move it.
type Ladder struct {
	Class  Class     `json:"class"`
	Starts time.Time `json:"starts"` // when the clock began to run
	Due    time.Time `json:"due"`    // accept by
	Beats  []Beat    `json:"beats"`  // in order of time
	Done   int       `json:"done"`   // how many beats have fallen
	Repeat Span      `json:"repeat"`
	Left   int       `json:"left"` // repeats still to come; -1 is without end
}

// BeatKind is what a beat of the ladder does.
type BeatKind string

// The kinds of beats.
const (
	Nudge  BeatKind = "nudge"  // remind those who hold the card
	Step   BeatKind = "step"   // tell the next level
	Repeat BeatKind = "repeat" // remind the highest level told, and tell whoever is left
)

// Beat is one moment of the ladder.
type Beat struct {
	At    time.Time `json:"at"`
	Kind  BeatKind  `json:"kind"`
	Level Level     `json:"level,omitempty"` // of a step
}

// undeliverableSenior is how long the senior inspector's turn waits after the
// responsible officer turned out to be out of reach, on the clock of the class.
const undeliverableSenior = 15 * time.Minute

// Freeze makes the ladder of a case whose clock is set at now. Working-time
// clocks begin at the next working moment, at the level where the case begins:
// steps at or below it do not exist, but for the heads, of whom the second is
// told after the first. The first step there is comes no later than that of a case
// which begins below: the reporter reads that a case goes up when its time is over.
func (p Policy) Freeze(cal *Calendar, now time.Time, begin Level) Ladder {
	l := Ladder{Class: p.Class, Starts: now, Repeat: p.Repeat, Left: p.Times}
	if p.Accept.Working {
		l.Starts = cal.Next(now)
	}
	if p.Times == 0 {
		l.Left = -1
	}
	l.Due = cal.Add(l.Starts, p.Accept)
	for _, n := range p.Nudges {
		l.Beats = append(l.Beats, Beat{At: cal.Add(l.Starts, n), Kind: Nudge})
	}
	earliest, skipped := Span{}, false
	for level := LevelSubstitute; level <= LevelHead; level++ {
		span, ok := p.Steps[level]
		switch {
		case !ok:
			continue
		case level > begin || level == LevelHead && begin == LevelHead:
			if skipped {
				span, skipped = earliest, false
			}
			l.Beats = append(l.Beats, Beat{At: cal.Add(l.Starts, span), Kind: Step, Level: level})
		case !skipped:
			earliest, skipped = span, true
		}
	}
	return l.padded(cal)
}

// Next is the moment of the next beat, zero when none is left.
func (l Ladder) Next() time.Time {
	if l.Done < len(l.Beats) {
		return l.Beats[l.Done].At
	}
	return time.Time{}
}

// GoesUp tells whether the ladder ever tells anybody above. Of what is not urgent
// and has no name on it heads only read in their digest.
func (l Ladder) GoesUp() bool {
	return slices.ContainsFunc(l.Beats, func(b Beat) bool { return b.Kind == Step })
}

// padded appends the next repeat once every other beat has fallen. A repeat
// that would not lie later is no repeat, or the ladder would never come to rest.
func (l Ladder) padded(cal *Calendar) Ladder {
	if l.Done < len(l.Beats) || l.Left == 0 {
		return l
	}
	last := l.Starts
	if n := len(l.Beats); n > 0 {
		last = l.Beats[n-1].At
	}
	next := cal.Add(last, l.Repeat)
	if !next.After(last) {
		return l
	}
	l.Beats = append(l.Beats, Beat{At: next, Kind: Repeat})
	if l.Left > 0 {
		l.Left--
	}
	return l
}

// hurried brings the senior inspector's step forward, for an officer who is
// out of reach.
func (l Ladder) hurried(cal *Calendar, now time.Time) Ladder {
	at := cal.Add(now, Span{Length: undeliverableSenior, Working: l.Class != Urgent})
	beats := make([]Beat, 0, len(l.Beats))
	for i, b := range l.Beats {
		if i >= l.Done && b.Kind == Step && b.Level == LevelSenior && b.At.After(at) {
			b.At = at
		}
		beats = append(beats, b)
	}
	l.Beats = beats
	l.sort()
	return l
}

// notAfter is a ladder in which nothing falls later than in another one.
func (l Ladder) notAfter(other Ladder) Ladder {
	l.Due = earlier(l.Due, other.Due)
	for i, b := range l.Beats {
		for _, o := range other.Beats[other.Done:] {
			if b.Kind == Step && o.Kind == Step && o.Level == b.Level {
				l.Beats[i].At = earlier(l.Beats[i].At, o.At)
			}
		}
	}
	l.sort()
	return l
}

// sort keeps the beats still to fall in order of time.
func (l *Ladder) sort() {
	rest := l.Beats[l.Done:]
	for i := 1; i < len(rest); i++ {
		for j := i; j > 0 && rest[j].At.Before(rest[j-1].At); j-- {
			rest[j], rest[j-1] = rest[j-1], rest[j]
		}
	}
}
