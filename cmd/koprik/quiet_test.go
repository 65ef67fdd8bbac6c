package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"koprik/storage"
)

func TestAnOutageIsSaidWhenItBeginsEachHalfMinuteAndWhenItIsOver(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	plain := slog.NewTextHandler(&out, nil)
	log := newCalm(plain)
	began := time.Date(2026, 11, 5, 4, 0, 0, 0, time.UTC)
	complain := func(after time.Duration, text, cause string) {
		r := slog.NewRecord(began.Add(after), slog.LevelError, text, 0)
		r.AddAttrs(slog.Int("update", 7), slog.String("error", cause))
		if err := log.WithAttrs([]slog.Attr{slog.String("replica", "a")}).Handle(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 700 { // ten a second
		complain(time.Duration(n)*100*time.Millisecond, "the inbox cannot be served", storage.Silence)
	}
	complain(70*time.Second, "an update failed", "broken")
	_ = log.database.end(context.Background(), plain, began.Add(71*time.Second))
	_ = log.database.end(context.Background(), plain, began.Add(72*time.Second))
	var said []string
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		_, text, _ := strings.Cut(line, "msg=")
		said = append(said, text)
	}
	away := `"the database does not answer; Telegram keeps what people send meanwhile" replica=a`
	want := []string{away, away + " away=30s", away + " away=1m0s", `"an update failed" replica=a update=7 error=broken`, `"the database answers again" away=1m11s`}
	if strings.Join(said, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
}
