package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
)

const testToken = "123456789:AAF-secret_of-the-tests_0123456789"

// against makes a client whose Bot API is a function.
func against(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return clientFor(t, server.URL)
}

func clientFor(t *testing.T, url string) *Client {
	t.Helper()
	c, err := NewClient(ClientOptions{Token: testToken, URL: url + "/", Sign: testSigner()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestEveryAnswerOfTelegramIsClassified(t *testing.T) {
	t.Parallel()
	refusal := func(code int, text, more string) string {
		return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q%s}`, code, text, more)
	}
	for _, c := range []struct {
		status int
		body   string
		want   Failure
	}{
		{429, refusal(429, "Too Many Requests: retry after 7", `,"parameters":{"retry_after":7}`), Failure{Kind: RetryAfter, Cause: TooMany, Wait: 7 * time.Second}},
		{429, refusal(429, "Too Many Requests", ""), Failure{Kind: RetryAfter, Cause: TooMany, Wait: time.Second}},
		{429, refusal(429, "x", `,"parameters":{"retry_after":99999999999}`), Failure{Kind: RetryAfter, Cause: TooMany, Wait: time.Hour}},
		{429, "<html>slow down</html>", Failure{Kind: RetryAfter, Cause: TooMany, Wait: 5 * time.Second}},
		{403, refusal(403, "Forbidden: bot was blocked by the user", ""), Failure{Kind: Refused, Cause: Blocked}},
		{403, refusal(403, "Forbidden: user is deactivated", ""), Failure{Kind: Refused, Cause: Deactivated}},
		{403, refusal(403, "Forbidden: bot can't initiate conversation with a user", ""), Failure{Kind: Refused, Cause: NotStarted}},
		{403, refusal(403, "Forbidden: bot was kicked from the supergroup chat", ""), Failure{Kind: Refused, Cause: Kicked}},
		{403, refusal(403, "Forbidden: of next year", ""), Failure{Kind: Refused, Cause: Forbid}},
		{400, refusal(400, "Bad Request: chat not found", ""), Failure{Kind: Refused, Cause: NoChat}},
		{400, refusal(400, "Bad Request: message to edit not found", ""), Failure{Kind: Refused, Cause: EditGone}},
		{400, refusal(400, "Bad Request: message can't be edited", ""), Failure{Kind: Refused, Cause: EditGone}},
		{400, refusal(400, "Bad Request: message is not modified: specified new message content ...", ""), Failure{Kind: Refused, Cause: NotModified}},
		{400, refusal(400, "Bad Request: wrong file identifier/HTTP URL specified", ""), Failure{Kind: Temporary, Cause: BadFile}},
		{400, refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", `,"parameters":{"migrate_to_chat_id":-1001234567890}`), Failure{Kind: Refused, Cause: Migrated, NewChat: -1001234567890}},
		{400, refusal(400, "Bad Request: can't parse entities: Can't find end tag", ""), Failure{Kind: Refused, Cause: BadMarkup}},
		{400, refusal(400, "Bad Request: message is too long", ""), Failure{Kind: Refused, Cause: TooLong}},
		{400, refusal(400, "Bad Request: BUTTON_DATA_INVALID", ""), Failure{Kind: Refused, Cause: BadButton}},
		{400, refusal(400, "Bad Request: something else", ""), Failure{Kind: Refused, Cause: BadRequest}},
		{401, refusal(401, "Unauthorized", ""), Failure{Kind: Temporary, Cause: Unauthorized}},
		{404, refusal(404, "Not Found", ""), Failure{Kind: Temporary, Cause: Unauthorized}},
		{409, refusal(409, "Conflict: terminated by other getUpdates request", ""), Failure{Kind: Temporary, Cause: Contested}},
		{500, refusal(500, "Internal Server Error", ""), Failure{Kind: Temporary, Cause: ServerError}},
		{502, "<html>Bad Gateway</html>", Failure{Kind: Temporary, Cause: ServerError}},
		{413, "<html>", Failure{Kind: Refused, Cause: TooLong}},
		{302, "", Failure{Kind: Temporary, Cause: Garbage}},
		{200, "", Failure{Kind: Unknown, Cause: Garbage}},
		{200, "[]", Failure{Kind: Unknown, Cause: Garbage}},
		{200, `{"ok":true}`, Failure{Kind: Unknown, Cause: Garbage}},
		{200, `{"ok":true,"result":{"message_id":`, Failure{Kind: Unknown, Cause: Garbage}},
		{200, `{}`, Failure{Kind: Unknown, Cause: Garbage}},
		{200, `{"ok":true,"result":"` + strings.Repeat("x", 1<<20) + `"}`, Failure{Kind: Unknown, Cause: TooLarge}},
	} {
		client := against(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		_, err := client.Send(t.Context(), 42, mahalla.Screen{Text: "canary"})
		f := FailureOf(err)
		if f == nil || f.Kind != c.want.Kind || f.Cause != c.want.Cause || f.Wait != c.want.Wait || f.NewChat != c.want.NewChat || f.Method != "sendMessage" {
			t.Errorf("%d %.80q: got %+v, want %+v", c.status, c.body, f, c.want)
		}
	}
}

func TestAnAnswerThatTheLibraryCannotReadIsASuccess(t *testing.T) {
	t.Parallel()
	client := against(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":77,"forward_origin":{"type":"of_next_year"},"chat":5}}`)
	})
	ids, err := client.Send(t.Context(), 42, mahalla.Screen{Text: "x"})
	if err != nil || len(ids) != 1 || ids[0] != 77 {
		t.Errorf("got %v, %v, want message 77", ids, err)
	}
}

func TestNeitherTokenNorWordsAreInAnError(t *testing.T) {
	t.Parallel()
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + dead.Addr().String()
	dead.Close()
	cut := func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "/bot"+testToken+"/") {
			t.Errorf("path %s: the token is missing", r.URL.Path)
		}
		panic(http.ErrAbortHandler)
	}
	garbled := func(w http.ResponseWriter, r *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		fmt.Fprintf(conn, "SECRET words %s\r\n\r\n", r.URL.Path)
		conn.Close()
	}
	refused := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"ok":false,"error_code":400,"description":"canary %s"}`, r.URL.Path)
	}
	for name, client := range map[string]*Client{
		"no connection": clientFor(t, address), "cut": against(t, cut), "no HTTP": against(t, garbled), "refused": against(t, refused),
	} {
		_, err := client.Send(t.Context(), 42, mahalla.Screen{Text: "canary"})
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			text := fmt.Sprintf("%v %+v %#v", e, e, e)
			if strings.Contains(text, "secret") || strings.Contains(text, "canary") || strings.Contains(text, "SECRET") {
				t.Errorf("%s: got %s", name, text)
			}
		}
		want := map[string]FailureKind{"no connection": Temporary, "refused": Refused}[name]
		if want == "" {
			want = Unknown
		}
		if f := FailureOf(err); f.Kind != want {
			t.Errorf("%s: got %+v, want %s", name, f, want)
		}
	}
}

func TestACallThatIsNotAnsweredInTimeIsUnknown(t *testing.T) {
	t.Parallel()
	client := against(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.Send(ctx, 42, mahalla.Screen{Text: "x"})
	if f := FailureOf(err); f.Kind != Unknown || f.Cause != TimedOut {
		t.Errorf("got %+v, want unknown, timed out", f)
	}
}

func TestATokenOrAddressOfTheWrongFormIsRefusedWithoutBeingShown(t *testing.T) {
	t.Parallel()
	for _, o := range []ClientOptions{
		{Token: ""}, {Token: "secret"}, {Token: "123:sec ret/../../x"}, {Token: testToken, URL: "ftp://secret"},
		{Token: testToken, URL: "http://user:secret@host"}, {Token: testToken, URL: "://secret"},
	} {
		if _, err := NewClient(o); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"ok":true,"result":{"message_id":1}}`)
	f.Add(200, `{"ok":true,"result":[{"message_id":1},{"message_id":2}]}`)
	f.Add(400, `{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-1}}`)
	f.Add(429, `{"ok":false,"parameters":{"retry_after":-5}}`)
	f.Add(502, `<html>`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		result, failure := understand("x", &http.Response{StatusCode: status}, []byte(body))
		if failure == nil {
			if short := shrink(result); len(short) > 2*len(body)+64 || !json.Valid(short) {
				t.Errorf("%q is shortened to %q", result, short)
			}
			return
		}
		if failure.Kind == "" || failure.Cause == "" || failure.Wait < 0 || failure.Wait > time.Hour {
			t.Errorf("got %+v", failure)
		}
		if failure.Kind == RetryAfter && failure.Wait < time.Second {
			t.Errorf("got %+v, want at least a second", failure)
		}
	})
}
