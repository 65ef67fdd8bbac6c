package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// waitingFor puts one message for everybody of the world into the outbox.
func (w *world) waitingFor(people ...*storage.Contact) {
	w.Helper()
	w.tx(func(tx *storage.Tx) error {
		for _, c := range people {
			if err := tx.Send(c.Recipient(), mahalla.Notice{Kind: "say"}, 0, morning, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) appear(db *storage.DB) (leave func()) {
	w.Helper()
	leave, err := db.Appear(w.ctx)
	w.must(err)
	w.Cleanup(func() { leave() })
	return leave
}

func (w *world) replica() *storage.DB {
	w.Helper()
	seals, err := storage.NewSeals()
	w.must(err)
	return w.open(seals)
}

func TestTheChatsOfADeadReplicaAreFreedLongBeforeTheirLease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.waitingFor(w.resident, w.officer, w.stranger)
	w.tx(func(tx *storage.Tx) error {
		list, err := tx.ClaimMessages(9, time.Hour)
		same(t, "claimed", len(list), 3)
		return err
	})
	// One replica died, one only gives no sign: it still has its lock. The third
	// chat was claimed by nobody who is known.
	w.exec("INSERT INTO replicas (id, seen_at) OVERRIDING SYSTEM VALUE VALUES (1001, now() - interval '1 minute'), (1002, now() - interval '1 minute')")
	w.exec("UPDATE outbox_chats SET holder = chat_id + 1000 WHERE chat_id < 3")
	w.exec("SELECT pg_advisory_lock(3, 1002)")
	began := time.Now()
	w.appear(w.db)
	eventually(t, "the dead replica is buried", func() bool { return w.number("SELECT count(*) FROM replicas WHERE id = 1001") == 0 })
	if took := time.Since(began); took > 9*time.Second {
		t.Errorf("a dead replica is buried after %s, want under 9 s", took)
	}
	w.tx(func(tx *storage.Tx) error {
		list, err := tx.ClaimMessages(9, time.Hour)
		if err == nil && (len(list) != 1 || list[0].Chat != 1 || list[0].Attempts != 2) {
			t.Errorf("freed: got %+v, want the chat of the dead replica alone", list)
		}
		return err
	})
	if n := w.number("SELECT count(*) FROM replicas WHERE id = 1002"); n != 1 {
		t.Error("a replica that holds its lock was buried")
	}
}

func TestAReplicaThatLosesItsConnectionKeepsItsChats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.waitingFor(w.resident)
	other := w.replica()
	w.appear(other)
	w.appear(w.db)
	w.tx(func(tx *storage.Tx) error {
		list, err := tx.ClaimMessages(9, time.Hour)
		same(t, "claimed", len(list), 1)
		return err
	})
	holder := w.number("SELECT holder FROM outbox_chats")
	lock := func() int {
		return w.number(`SELECT coalesce(max(pid), 0) FROM pg_locks WHERE locktype = 'advisory' AND classid = 3 AND objid = $1
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, holder)
	}
	before := lock()
	if holder == 0 || before == 0 {
		t.Fatalf("the chat is held by %d, whose lock is held by %d; want both", holder, before)
	}
	// The other one must have become a judge by then.
	eventually(t, "both count two", func() bool { return w.db.Replicas() == 2 && other.Replicas() == 2 })
	w.exec("SELECT pg_terminate_backend($1)", before)
	eventually(t, "it comes back under its id", func() bool { now := lock(); return now != 0 && now != before })
	seen := w.number("SELECT extract(epoch FROM max(seen_at))::int FROM replicas")
	eventually(t, "everybody has given some signs since", func() bool {
		return w.number("SELECT extract(epoch FROM min(seen_at))::int FROM replicas") > seen+4
	})
	if now := w.number("SELECT holder FROM outbox_chats"); now != holder {
		t.Errorf("the chat is held by %d now, want %d as before", now, holder)
	}
}

func TestReplicasCountEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.replica()
	same(t, "alone and unknown", w.db.Replicas(), 1)
	leaveFirst := w.appear(w.db)
	same(t, "alone", w.db.Replicas(), 1)
	leaveSecond := w.appear(other)
	same(t, "the second one knows at once", other.Replicas(), 2)
	eventually(t, "the first one learns of it", func() bool { return w.db.Replicas() == 2 })
	leaveFirst()
	eventually(t, "the second one learns that it is alone", func() bool { return other.Replicas() == 1 })
	leaveSecond()
	same(t, "left behind", w.number("SELECT count(*) FROM replicas"), 0)
}
