package local

import (
	"context"
	"syscall"
	"testing"
)

func TestAServerThatIsKilledIsBroughtBackWithItsDataAtItsAddress(t *testing.T) {
	t.Parallel()
	for _, temporary := range []bool{false, true} {
		s := startPostgres(t, Options{Dir: openDir(t), Temporary: temporary})
		execute(t, s.URL(), write)
		ctx, cancel := context.WithCancel(t.Context())
		kept := make(chan error, 1)
		go func() { kept <- s.Keep(ctx) }()
		for range 2 {
			before := postmaster(s.place.data)
			fatal(t, syscall.Kill(before, syscall.SIGKILL))
			eventually(t, "another one runs", func() bool { now := postmaster(s.place.data); return now != 0 && now != before })
			eventually(t, "it answers", func() bool {
				conn, err := connectTo(t, s.URL())
				if err == nil {
					_ = conn.Close(context.Background())
				}
				return err == nil
			})
			if got := ask(t, s.URL(), read); got != "kept" {
				t.Errorf("temporary %v: got %q, want %q", temporary, got, "kept")
			}
		}
		cancel()
		if err := <-kept; err != nil {
			t.Errorf("temporary %v: told to stop: got %v", temporary, err)
		}
	}
}
