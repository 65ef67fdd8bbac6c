package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestWhatIsUrgentStandsFirstAmongWhatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acks := storage.NewAcks(redisOf(t))
	calm, urgent, later, high := w.filed(1), w.filed(2), w.filed(3), w.filed(4)
	w.save(urgent.ID, func(c *mahalla.Case) { c.Urgency = mahalla.Emergency })
	w.save(high.ID, func(c *mahalla.Case) { c.Urgency = mahalla.High })
	want := []mahalla.CaseID{urgent.ID, high.ID, calm.ID, later.ID}
	w.read(func(tx *storage.Tx) error {
		ids, total, err := tx.WaitingUnder(root, nil, 0, 9)
		w.must(err)
		same(t, "waiting, from PostgreSQL", ids, want)
		same(t, "so many", total, 4)
		late, _, err := tx.OverdueOf(w.officer.ID, root, morning.AddDate(0, 0, 1).Add(time.Hour), 0, 9)
		w.must(err)
		same(t, "overdue", idsOf(late), want)
		same(t, "said to be urgent", []bool{late[0].Urgent, late[1].Urgent, late[2].Urgent}, []bool{true, true, false})
		return err
	})
	waiting, err := w.db.AwaitedAfter(w.ctx, 0, 9)
	w.must(err)
	for _, one := range waiting {
		w.must(acks.Await(w.ctx, one))
	}
	for page, of := range [][]mahalla.CaseID{want[:3], want[3:]} {
		ids, total, err := acks.WaitingUnder(w.ctx, root, nil, page*3, 3)
		w.must(err)
		same(t, "waiting, from Redis", ids, of)
		same(t, "so many", total, 4)
	}
	calmer := waiting[0]
	calmer.Urgent = true // raised meanwhile
	w.must(acks.Await(w.ctx, calmer))
	ids, _, err := acks.WaitingUnder(w.ctx, root, nil, 0, 1)
	w.must(err)
	same(t, "moved to the front", ids, []mahalla.CaseID{calmer.Case})
}
