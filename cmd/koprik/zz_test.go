package main

import "testing"

func TestZZ(t *testing.T) {
	w := newTown(t).served().settled()
	p := w.run()
	t.Log(p.ready())
	w.orderHolds()
	t.Log(w.telegram.Transcript(w.telegram.User("Crowd3")))
	t.Log(p.said)
}
