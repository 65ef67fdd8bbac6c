package simulator

import (
	"strconv"
	"sync"
	"testing"
)

func TestManyChatsAtOnce(t *testing.T) {
	s := New(Config{KeepMessages: 50, KeepLog: 100})
	defer s.Close()
	var all sync.WaitGroup
	for i := range 8 {
		u := s.AddPerson(Person{Key: "p" + strconv.Itoa(i), ID: int64(1000 + i)})
		u.Start("")
		all.Go(func() {
			for range 50 {
				must(t, s, nil, "sendMessage", "chat_id", strconv.Itoa(1000+i), "text", "a", "reply_markup", rowsOf(1, 1))
				if _, err := u.PressLast("x"); err != nil {
					t.Error(err)
				}
				u.Photo("b")
			}
		})
	}
	all.Go(func() {
		for offset := int64(1); offset < 500000000+8*101; {
			for _, update := range updates(t, s, "offset", strconv.FormatInt(offset, 10), "timeout", "1") {
				offset = update.ID + 1
			}
			s.Transcript()
			s.news(0)
			sim(t, s, "GET", "/sim/state", "")
		}
	})
	all.Wait()
	if got := len(s.Departures()); got != 0 {
		t.Errorf("departures: %q", s.Departures())
	}
}
