package bot

import (
	"errors"
	"strings"
	"time"
)

// FailureKind says what a failed call means for the next one.
type FailureKind string

// The kinds of failures.
const (
	RetryAfter FailureKind = "retry_after" // not done; Telegram says when to try again
	Temporary  FailureKind = "temporary"   // not done, as far as one can know
	Unknown    FailureKind = "unknown"     // perhaps done: the answer was lost
	Refused    FailureKind = "refused"     // will not be done, however often it is tried
)

// Cause is why a call failed: a code from this closed list. What Telegram wrote
// is dropped, because it may quote what was sent.
type Cause string

// The causes.
const (
	Blocked      Cause = "blocked"      // the person has blocked the bot
	Deactivated  Cause = "deactivated"  // the account is gone
	NotStarted   Cause = "not_started"  // the person has never pressed START
	Kicked       Cause = "kicked"       // out of a group
	NoChat       Cause = "no_chat"      // no such chat for this bot
	Forbid       Cause = "forbidden"    // any other 403
	NotModified  Cause = "not_modified" // the message looks like that already
	EditGone     Cause = "edit_gone"    // the message to edit is no more, or cannot be edited
	BadFile      Cause = "bad_file"     // the file id is not accepted; may hide a passing fault
	Migrated     Cause = "migrated"     // the group has another id now
	TooOld       Cause = "too_old"      // the press can no longer be answered
	TooLong      Cause = "too_long"     // text, caption or button data
	Empty        Cause = "empty"        // there is nothing to show
	BadMarkup    Cause = "bad_markup"   // of the text
	BadButton    Cause = "bad_button"   // of the keyboard
	BadMedia     Cause = "bad_media"    // not to be sent in one go
	NoRights     Cause = "no_rights"    // in a group
	BadRequest   Cause = "bad_request"  // any other 400
	Unauthorized Cause = "unauthorized" // the token is not accepted
	Contested    Cause = "contested"    // another program takes the updates
	TooMany      Cause = "too_many"     // 429
	ServerError  Cause = "server_error" // 5xx
	Garbage      Cause = "garbage"      // an answer that is none of the Bot API
	TooLarge     Cause = "too_large"    // an answer over the bound
	Unreachable  Cause = "unreachable"  // no connection
	TimedOut     Cause = "timed_out"    // no answer in time
	Cut          Cause = "cut"          // the connection broke
)

// Failure is a call of the Bot API that did not go well. It holds no text that
// came from outside, and no token.
type Failure struct {
	Method  string
	Kind    FailureKind
	Cause   Cause
	Status  int           // of HTTP, or Telegram's error code; 0 when there was no answer
	Wait    time.Duration // for RetryAfter
	NewChat int64         // for Migrated
}

// Error names method, kind and cause, all of them codes.
func (f *Failure) Error() string {
	return "telegram: " + f.Method + ": " + string(f.Kind) + ": " + string(f.Cause)
}

// Gone tells whether the person cannot be told anything any more.
func (f *Failure) Gone() bool {
	switch f.Cause {
	case Blocked, Deactivated, NotStarted, Kicked, NoChat, Forbid:
		return true
	}
	return false
}

// FailureOf finds the Failure in an error of a Client; nil for nil. An error
// without one arose after the call, so nobody knows what became of it.
func FailureOf(err error) *Failure {
	var f *Failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	}
	return &Failure{Method: "?", Kind: Unknown, Cause: Garbage}
}

// reply is what the Bot API answers.
type reply struct {
	OK          bool   `json:"ok"`
	Result      raw    `json:"result"`
	ErrorCode   int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int64 `json:"retry_after"`
		NewChat    int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// longestWait bounds what a retry_after can do to a chat.
const longestWait = time.Hour

// failure classifies a refusal of Telegram.
func (r *reply) failure(method string, status int) *Failure {
	code := r.ErrorCode
	if code == 0 {
		code = status
	}
	f := &Failure{Method: method, Kind: Refused, Status: code}
	said := strings.ToLower(r.Description)
	switch {
	case r.Parameters.NewChat != 0:
		f.Cause, f.NewChat = Migrated, r.Parameters.NewChat
	case code == 429 || r.Parameters.RetryAfter > 0:
		f.Kind, f.Cause = RetryAfter, TooMany
		f.Wait = min(longestWait, max(1, time.Duration(min(r.Parameters.RetryAfter, 1<<20)))*time.Second)
	case code == 400:
		f.Cause = find(said, badRequests, BadRequest)
	case code == 403:
		f.Cause = find(said, forbidden, Forbid)
	case code == 401, code == 404:
		// 404 is what a token of the wrong form gets. Messages must outlive a
		// token that is replaced.
		f.Kind, f.Cause = Temporary, Unauthorized
	case code == 409:
		f.Kind, f.Cause = Temporary, Contested
	case code == 413:
		f.Cause = TooLong
	default:
		f.Kind, f.Cause = Temporary, ServerError
	}
	if f.Cause == BadFile {
		f.Kind = Temporary
	}
	return f
}

// phrase is a part of what Telegram says, in lower case, and what it means.
type phrase struct {
	part  string
	cause Cause
}

func find(said string, phrases []phrase, other Cause) Cause {
	for _, p := range phrases {
		if strings.Contains(said, p.part) {
			return p.cause
		}
	}
	return other
}

var forbidden = []phrase{
	{"blocked by the user", Blocked},
	{"deactivated", Deactivated},
	{"initiate conversation", NotStarted},
	{"kicked", Kicked},
	{"not a member", Kicked},
}

var badRequests = []phrase{
	{"message is not modified", NotModified},
	{"message to edit not found", EditGone},
	{"message can't be edited", EditGone},
	{"message_id_invalid", EditGone},
	{"no text in the message to edit", EditGone},
	{"chat not found", NoChat},
	{"peer_id_invalid", NoChat},
	{"user not found", NoChat},
	{"user_deactivated", Deactivated}, // also as INPUT_USER_DEACTIVATED
	{"user is deactivated", Deactivated},
	{"user_is_blocked", Blocked},
	{"bot was blocked", Blocked},
	{"wrong file", BadFile},
	{"wrong remote file", BadFile},
	{"file reference", BadFile},
	{"file_reference", BadFile},
	{"file is temporarily unavailable", BadFile},
	{"file of type", BadMedia}, // "can't use file of type Video as Photo"
	{"photo_invalid", BadMedia},
	{"image_process_failed", BadMedia},
	{"media_", BadMedia}, // MEDIA_EMPTY, MEDIA_INVALID
	{"wrong type of the", BadMedia},
	{"query is too old", TooOld},
	{"query id is invalid", TooOld},
	{"query_id_invalid", TooOld},
	{"upgraded to a supergroup", Migrated},
	{"is too long", TooLong},
	{"too_long", TooLong},
	{"text is empty", Empty},
	{"text must be non-empty", Empty},
	{"can't parse entities", BadMarkup},
	{"button", BadButton},
	{"not enough rights", NoRights},
	{"have no rights", NoRights},
	{"chat_write_forbidden", NoRights},
}
