package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/bot"
	"koprik/bot/simulator"
	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

// metronome is a limiter by whose beats alone Telegram's clock goes: one message
// each 40 ms, 25 a second. It grants no more than a few ahead of the calls, for
// what was granted and not yet called is lost to a limit that counts calls.
type metronome struct {
	telegram *simulator.Server
	mu       sync.Mutex
	granted  int
	began    int
}

func (m *metronome) Take(_ context.Context, n int) (int, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	const ahead = 8
	if n = min(n, ahead-(m.granted-(len(m.telegram.Calls())-m.began))); n <= 0 {
		return 0, time.Millisecond
	}
	m.granted += n
	m.telegram.Advance(time.Duration(n) * time.Second / 25)
	return n, 0
}

// The bench measures how long 10,000 take; here is only what must hold.
func TestManyRemindersAtOnceGoInTurnAndLetWhatIsUrgentPass(t *testing.T) {
	t.Parallel()
	const many = 300
	s := newStage(t, monday)
	inspector := s.telegram.AddPerson(simulator.Person{Key: "Inspector", FirstName: "Inspector", Language: "uz", Phone: "+998901234567"})
	s.join(inspector, mahalla.PreventionInspector, "DEMO-1011")
	resident := s.known("Resident")
	var chats []int64
	for i := range many {
		u := s.telegram.AddPerson(simulator.Person{Key: fmt.Sprint("P", i), FirstName: "P", Language: "uz"})
		u.Start("")
		chats = append(chats, u.ID())
	}
	s.settle()
	due := monday.Add(time.Hour)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		author, err := tx.ContactByTelegram(inspector.ID())
		if err != nil {
			return err
		}
		rule := &storage.Recurring{Kind: mahalla.RemindCustom, Author: author.ID, State: storage.RecurringPaused, Rule: mahalla.At(due),
			Roles: mahalla.ToOfficers.Roles(), Place: mahalla.RootTerritory, Created: monday, Texts: map[mahalla.Language]string{mahalla.UzLatn: "Eslang"}}
		if err := tx.SaveRecurring(rule); err != nil {
			return err
		}
		for i, chat := range chats {
			who, err := tx.ContactByTelegram(chat)
			if err != nil {
				return err
			}
			at := due.Add(time.Duration(2*i/many) * time.Minute) // the second half a minute later
			if err := tx.PlanReminders([]mahalla.Reminder{{Kind: mahalla.RemindCustom, About: rule.ID, To: who.ID, Due: at, Until: at.Add(time.Hour)}}); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, s.now = range []time.Time{due, due.Add(time.Minute)} {
		_, err := s.scheduler.Remind(s.ctx)
		s.must(err)
	}
	began := len(s.telegram.Calls())
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		who, err := tx.ContactByTelegram(resident.ID())
		if err != nil {
			return err
		}
		who.Dialogue.Draft = &mahalla.Draft{Place: s.desk.Reference().ByCode["DEMO-1011"], Parts: []mahalla.Part{{Words: "Gaz hidi kelyapti"}}}
		_, err = s.desk.FileDraft(tx, who, "fire_gas", 0, s.now)
		return err
	}))
	s.telegram.SetLimits(true)
	s.sendAll(bot.NewSender(bot.SenderOptions{DB: s.db, Client: s.client, Now: func() time.Time { return s.now }, Wall: time.Now,
		Limiter: &metronome{telegram: s.telegram, began: len(s.telegram.Calls())}, Pace: bot.Pace(), Log: slog.New(slog.DiscardHandler),
		Render: func(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			screen, err := s.desk.Draw(tx, m, s.now)
			if errors.Is(err, casework.ErrPointless) {
				return screen, bot.ErrPointless
			}
			return screen, err
		}}))
	s.checkRush(s.telegram.Calls()[began:], inspector.ID(), chats)
	again, err := s.scheduler.Remind(s.ctx)
	s.must(err)
	if again != 0 {
		t.Errorf("%d reminders are left, though all were sent", again)
	}
}

// sendAll lets a sender run until the outbox is empty.
func (s *stage) sendAll(sender *bot.Sender) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.ctx)
	var group sync.WaitGroup
	group.Go(func() { sender.Run(ctx) })
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for left := 1; left > 0; <-tick.C {
		s.must(s.db.Read(ctx, func(tx *storage.Tx) error {
			all, err := tx.Unfinished()
			left = all.Unsent
			return err
		}))
	}
	cancel()
	group.Wait()
}

// checkRush looks at the order in which Telegram was called: what is urgent comes
// first, who was due earlier before who was due later, as far as calls go side by
// side, each once, and none too soon.
func (s *stage) checkRush(calls []simulator.Call, officer int64, chats []int64) {
	s.t.Helper()
	const (
		abreast = 64
		held    = 3 // calls that a busy machine may hold up for long
	)
	strays := 0
	var order []int64
	for _, c := range calls {
		if c.Status == http.StatusTooManyRequests {
			s.t.Error("a call was refused with 429")
		}
		text, _ := c.Params["text"].(string)
		if c.Method != "sendMessage" || strings.Contains(text, "✅") {
			continue
		}
		order = append(order, c.ChatID)
	}
	if at := slices.Index(order, officer); at < 0 || at > abreast {
		s.t.Errorf("the urgent card was the %dth message", at)
	}
	for i, chat := range chats {
		at, last := slices.Index(order, chat), -1
		for n, other := range order {
			if other == chat {
				last = n
			}
		}
		if at < 0 || at != last {
			s.t.Errorf("person %d: the first message was the %dth, the last the %dth", i, at, last)
		}
		if i < len(chats)/2 && at > len(chats)/2+abreast || i >= len(chats)/2 && at < len(chats)/2-abreast {
			strays++
			s.t.Logf("person %d was the %dth", i, at)
		}
	}
	if strays > held {
		s.t.Errorf("people out of turn: got %d, want at most %d", strays, held)
	}
}
