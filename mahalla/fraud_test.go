package mahalla

import "testing"

func TestWhoIsToldOfWordsThatWereNotRelayed(t *testing.T) {
	t.Parallel()
	now := monday("10:00")
	g := Ground{Path: []TerritoryID{thePlace, theSector, theDistrict, theRegion, theRepublic}, People: Responsibilities{
		{Person: inspector, Role: PreventionInspector, Territory: thePlace, Reach: Reachable},
		{Person: senior, Role: SeniorInspector, Territory: theSector, Reach: Reachable},
		{Person: admin, Role: Administrator, Territory: theDistrict, Reach: Reachable},
	}}
	c := &Case{Status: Accepted, Owner: inspector, Reporter: reporter}
	first := c.Stop(inspector, false, g, now)
	sameList(t, "warned", told(first, NoticeWarned), []PersonID{reporter})
	sameList(t, "told", told(first, NoticeStopped), []PersonID{senior, admin})
	same(t, "history", first.Events[0].Kind, EventStopped)
	again := c.Stop(inspector, true, g, now)
	sameList(t, "not warned twice", told(again, NoticeWarned), nil)
	sameList(t, "told each time", told(again, NoticeStopped), []PersonID{senior, admin})
	c.Owner = senior
	sameList(t, "nobody is told of himself", told(c.Stop(senior, true, g, now), NoticeStopped), []PersonID{admin})
}
