package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// raw is a part of an answer or update that is passed on as it is.
type raw = json.RawMessage

const (
	callTimeout = 15 * time.Second
	// pollSlack is how much longer than the long poll itself its answer may take.
	pollSlack   = 10 * time.Second
	mostReply   = 1 << 20
	mostUpdates = 8 << 20 // an answer with a hundred updates may be long
	mostCalls   = 128     // at once
	fakeToken   = "token" // all that the library ever sees
)

// transport carries calls to the Bot API. The library above it never sees the
// token, nor an answer that is not a success: it is classified here first.
type transport struct {
	token string
	http  http.RoundTripper
}

// newTransport keeps connections for many calls at once. HTTP/1.1 only: with
// many calls on one connection, its loss would leave all of them unknown.
func newTransport(token string) *transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &transport{token: token, http: &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           mostCalls + 8,
		MaxIdleConnsPerHost:    mostCalls + 8,
		MaxConnsPerHost:        2 * mostCalls,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		Protocols:              protocols,
	}}
}

func (t *transport) close() {
	if c, ok := t.http.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// Do makes a call for the library: a success, or a *Failure.
func (t *transport) Do(r *http.Request) (*http.Response, error) {
	method := path.Base(r.URL.Path)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, &Failure{Method: method, Kind: Refused, Cause: BadRequest}
	}
	result, failure := t.call(r, method, body, callTimeout, mostReply)
	if failure != nil {
		return nil, failure
	}
	answer := append(append([]byte(`{"ok":true,"result":`), shrink(result)...), '}')
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(answer))}, nil
}

// post makes a call that the library does not offer.
func (t *transport) post(ctx context.Context, base, method string, params any, timeout time.Duration, most int64) (raw, *Failure) {
	body, err := json.Marshal(params)
	if err != nil {
		return nil, &Failure{Method: method, Kind: Refused, Cause: BadRequest}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/bot"+fakeToken+"/"+method, nil)
	if err != nil {
		return nil, &Failure{Method: method, Kind: Temporary, Cause: Unreachable}
	}
	r.Header.Set("Content-Type", "application/json")
	return t.call(r, method, body, timeout, most)
}

// call sends the request with the real token and gives the result of a success.
func (t *transport) call(r *http.Request, method string, body []byte, timeout time.Duration, most int64) (raw, *Failure) {
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	// Until there is a connection, nothing can have been sent.
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	answer, err := t.http.RoundTrip(t.prepare(r.WithContext(ctx), method, body))
	if err != nil {
		return nil, lost(method, err, connected.Load())
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	if err != nil {
		return nil, lost(method, err, true)
	}
	if int64(len(text)) > most {
		return nil, &Failure{Method: method, Kind: Unknown, Cause: TooLarge, Status: answer.StatusCode}
	}
	return understand(method, answer, text)
}

// prepare puts the token into the path, and the body where the length is known
// and an unused connection that died can be replaced.
func (t *transport) prepare(r *http.Request, method string, body []byte) *http.Request {
	address := *r.URL
	address.Path = strings.TrimSuffix(address.Path, "/bot"+fakeToken+"/"+method) + "/bot" + t.token + "/" + method
	address.RawPath = ""
	r.URL = &address
	r.ContentLength = int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body, _ = r.GetBody()
	return r
}

// lost classifies a call without an answer. Its error is dropped: it may hold
// the address, and with it the token.
func lost(method string, err error, connected bool) *Failure {
	f := &Failure{Method: method, Kind: Unknown, Cause: Cut}
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		f.Cause = TimedOut
	}
	if !connected {
		f.Kind, f.Cause = Temporary, Unreachable
	}
	return f
}

// understand reads an answer, whatever it may be.
func understand(method string, answer *http.Response, text []byte) (raw, *Failure) {
	var r reply
	good := answer.StatusCode/100 == 2
	if err := json.Unmarshal(text, &r); err != nil || r.OK && (!good || len(r.Result) == 0) || !r.OK && r.ErrorCode == 0 {
		return nil, garbage(method, answer, good)
	}
	if r.OK {
		return r.Result, nil
	}
	return nil, r.failure(method, answer.StatusCode)
}

// garbage is an answer of something that is not the Bot API: a proxy, or half
// of an answer. With a status of success the call may well have been done.
func garbage(method string, answer *http.Response, good bool) *Failure {
	f := &Failure{Method: method, Kind: Temporary, Cause: Garbage, Status: answer.StatusCode}
	switch {
	case good:
		f.Kind = Unknown
	case answer.StatusCode == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After")) // 0 when absent
		f.Kind, f.Cause = RetryAfter, TooMany
		f.Wait = min(longestWait, time.Duration(max(5, min(seconds, 1<<20)))*time.Second)
	case answer.StatusCode == http.StatusRequestEntityTooLarge:
		f.Kind, f.Cause = Refused, TooLong
	case answer.StatusCode >= 500:
		f.Cause = ServerError
	}
	return f
}

// shrink leaves of messages their ids. The rest is not needed, and a kind of
// message that the library cannot read must not look like a failure to send.
func shrink(result raw) raw {
	type message struct {
		ID int64 `json:"message_id"`
	}
	switch {
	case len(result) > 0 && result[0] == '{':
		var m message
		if json.Unmarshal(result, &m) == nil && m.ID != 0 {
			return appendID(nil, m.ID)
		}
	case len(result) > 0 && result[0] == '[':
		var list []message
		if json.Unmarshal(result, &list) != nil || len(list) == 0 {
			return result
		}
		short := raw{'['}
		for i, m := range list {
			if m.ID == 0 {
				return result
			}
			if i > 0 {
				short = append(short, ',')
			}
			short = appendID(short, m.ID)
		}
		return append(short, ']')
	}
	return result
}

func appendID(b raw, id int64) raw {
	return append(strconv.AppendInt(append(b, `{"message_id":`...), id, 10), '}')
}
