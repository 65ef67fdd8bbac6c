package mahalla

import (
	"slices"
	"time"
)

// Stop records that words of somebody who holds the case were not relayed to the
// reporter, because they ask for what nobody who serves may ask for: the data of
// a bank card, money, a code. The reporter is warned once, the senior inspector
// and the administrators are told each time.
func (c *Case) Stop(by PersonID, warned bool, g Ground, now time.Time) Outcome {
	var o Outcome
	o.event(Event{Kind: EventStopped, At: now, By: by})
	if !warned {
		o.notice(Notice{Kind: NoticeWarned, To: c.Reporter, Lane: LaneUrgent, Ring: true})
	}
	told := []PersonID{by, c.Reporter}
	for _, level := range []Level{LevelSenior, LevelAdministrator} {
		for _, r := range g.People.reachable().next(g.Path, level, nil).People {
			if !slices.Contains(told, r.Person) {
				told = append(told, r.Person)
				o.notice(Notice{Kind: NoticeStopped, To: r.Person, Lane: LaneUrgent, Ring: true, Args: map[string]string{"person": id(by)}})
			}
		}
	}
	return o
}
