package bot

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"koprik/storage"
)

// BenchmarkUpdates measures the way of an update from the inbox to its commit,
// with one message put into the outbox, over two hundred chats.
func BenchmarkUpdates(b *testing.B) {
	w := newWorld(b)
	var handled atomic.Int64
	w.router.On(KindMessage, func(q *Request) error { handled.Add(1); return w.say(q, q.Event.Text) })
	var batch []json.RawMessage
	flush := func() {
		if _, err := w.intake.Store(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
		batch = nil
	}
	for n := range b.N {
		chat := 1000 + n%200
		batch = append(batch, fmt.Appendf(nil,
			`{"update_id":%d,"message":{"message_id":%d,"date":1782896400,"from":{"id":%d,"is_bot":false,"first_name":"Aziza","language_code":"uz"},"chat":{"id":%d,"type":"private","first_name":"Aziza"},"text":"Suv yo‘q, uchinchi kun"}}`,
			n+1, n+1, chat, chat))
		if len(batch) == 100 {
			flush()
		}
	}
	flush()
	b.ResetTimer()
	stop := w.run(w.worker.Run)
	w.eventuallyWithin(5*time.Minute, func() bool { return handled.Load() >= int64(b.N) })
	stop()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
}

// BenchmarkMessages measures the way of a message from the outbox to its record,
// over two hundred chats, with a Telegram that answers at once.
func BenchmarkMessages(b *testing.B) {
	w := newWorld(b)
	var people []storage.Recipient
	for n := range 200 {
		_, to := w.person(fmt.Sprint("p", n))
		people = append(people, to)
	}
	for n := range b.N {
		w.send(people[n%len(people)], notice("x"))
	}
	b.ResetTimer()
	stop := w.run(w.sender.Run)
	w.eventuallyWithin(5*time.Minute, func() bool { return len(w.sim.Calls()) >= b.N })
	stop()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
