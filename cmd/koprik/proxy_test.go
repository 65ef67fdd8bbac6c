package main

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// proxy stands between the program and PostgreSQL and spoils what passes.
type proxy struct {
	listener net.Listener
	network  string // of PostgreSQL
	at       string
	delay    atomic.Int64 // of every answer
	names    sync.Map     // of the prepared COMMIT
	cut      atomic.Int64 // so many commits are let through and their answers lost
	lost     atomic.Int64 // and so many were
	mu       sync.Mutex
	open     map[net.Conn]bool
}

// newProxy begins to listen; it lets everything pass.
func newProxy(t *testing.T, address string) *proxy {
	t.Helper()
	p := &proxy{open: map[net.Conn]bool{}}
	p.network, p.at = socketOf(t, address)
	var err error
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.listener.Close(); p.cutAll() })
	go p.serve()
	return p
}

// url is an address of PostgreSQL that leads through the proxy.
func (p *proxy) url(address string) string { return through(address, p.listener.Addr().String()) }

func (p *proxy) serve() {
	for {
		from, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.join(from)
	}
}

// join carries one connection in both directions until either side ends.
func (p *proxy) join(from net.Conn) {
	to, err := net.Dial(p.network, p.at)
	if err != nil {
		_ = from.Close()
		return
	}
	p.keep(from, to)
	defer p.drop(from, to)
	var mute atomic.Bool // the answer of a commit is on its way, and is lost
	var sides sync.WaitGroup
	sides.Go(func() { p.ask(to, from, &mute); p.drop(from, to) })
	sides.Go(func() { p.answer(from, to, &mute); p.drop(from, to) })
	sides.Wait()
}

// ask carries what the program says. The answer to a COMMIT that is to be lost is
// not carried back: the connection is cut instead.
func (p *proxy) ask(to, from net.Conn, mute *atomic.Bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if p.commits(buffer[:n]) && p.cut.Load() > 0 && p.cut.Add(-1) >= 0 {
				mute.Store(true)
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// commits tells whether the program ends a transaction with this. It prepares the
// statement once, by a name that is known from then on.
func (p *proxy) commits(b []byte) bool {
	if i := bytes.Index(b, []byte("\x00COMMIT\x00")); i >= 0 {
		if at := bytes.LastIndex(b[:i], []byte("stmtcache_")); at >= 0 {
			p.names.Store(string(b[at:i]), true)
		}
		return false
	}
	found := false
	p.names.Range(func(name, _ any) bool {
		found = bytes.Contains(b, []byte(name.(string)+"\x00"))
		return !found
	})
	return found
}

func (p *proxy) answer(to, from net.Conn, mute *atomic.Bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && mute.Load() {
			if bytes.Contains(buffer[:n], []byte("COMMIT\x00")) {
				p.lost.Add(1)
				return // PostgreSQL has done it; the program does not learn of it
			}
			continue
		}
		if wait := time.Duration(p.delay.Load()); n > 0 && wait > 0 {
			time.Sleep(wait)
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) keep(list ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range list {
		p.open[c] = true
	}
}

func (p *proxy) drop(list ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range list {
		delete(p.open, c)
		_ = c.Close()
	}
}

// cutAll ends every connection at once.
func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}
