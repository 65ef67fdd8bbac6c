// Package simulator is a strict stand-in for Telegram: its Bot API over HTTP,
// and the people on the other side of it. Tests use it in process, the
// benchmark and the demo page over HTTP. It holds one bot.
//
// It must not be lenient. Every call is checked against the Bot API as data
// (api.json.gz, version 10.1) and against the rules that the documentation
// states only in words; what breaks one is answered as Telegram answers it and
// kept as a departure. That cannot be switched off. A correct call that the
// state refuses (a blocked bot, a text that is not modified, a limit) is no
// departure. It imports the standard library only, and talks to nobody but the
// bot and its webhook. README.md lists where it differs from Telegram.
//
// # The bot's side
//
//	/bot<token>/<method>     Bot API: query, form, JSON or multipart
//	/file/bot<token>/<path>  contents of a file that getFile named
//
// # The people's side
//
// The Go methods of Server, User and Group, and the same over HTTP in JSON.
// Bad input is answered with 400 and {"error": one sentence}.
//
//	GET  /sim/state               everything: clock, people, chats, menus, presses
//	GET  /sim/events              server-sent events from now on, or from
//	                              Last-Event-ID (?after=); see below
//	GET  /sim/calls               log of calls; ?after=SEQ for the newer ones
//	GET  /sim/presses             every press and its answer
//	GET  /sim/departures          list of texts, empty for a correct bot
//	GET  /sim/transcript          plain text; ?user=KEY, repeatable
//	GET  /sim/file/{unique}       contents by file_unique_id
//	POST /sim/people              {"key", "id", "first_name", "last_name", "username", "language", "phone"}
//	POST /sim/groups              {"key", "title", "members": [keys]}
//	POST /sim/clock               {"advance": "10m"} or {"to": RFC 3339}
//	POST /sim/limits              {"on": true}
//	POST /sim/latency             {"delay": "200ms"}
//	POST /sim/faults              {"methods": [], "chat_id", "status", "body", "retry_after",
//	                              "lose_answer", "hang", "times"}
//	DELETE /sim/faults            ends faults and latency
//	POST /sim/inject              a raw update
//	POST /sim/repeat              {"update_id"}; the last one when absent
//	POST /sim/{user}/start        {"payload"}
//	POST /sim/{user}/text         {"text", "group"}
//	POST /sim/{user}/reply        {"to", "text", "group"}
//	POST /sim/{user}/photo        {"caption"}
//	POST /sim/{user}/album        {"count", "caption"}
//	POST /sim/{user}/voice        {"seconds"}; also video_note
//	POST /sim/{user}/video        {"caption", "seconds"}
//	POST /sim/{user}/document     {"name", "caption"}
//	POST /sim/{user}/location     {"lat", "lon"}; where the person is when absent
//	POST /sim/{user}/at           {"lat", "lon"}: go there
//	POST /sim/{user}/contact      the own number, or {"phone", "name"}
//	POST /sim/{user}/press        {"message_id", "label", "group"}, {"label"} for the newest
//	                              such button, {"message_id", "data"} from a stale screen
//	POST /sim/{user}/key          {"label"}: a key of the reply keyboard
//	POST /sim/{user}/edit         {"message_id", "text"}
//	POST /sim/{user}/block        also unblock, deactivate, sticker, poll, reset (counters)
//
// What sends a message answers {"message_id"}, an album {"message_ids"}, a
// press {"callback_id"}, the rest {"ok": true}.
//
// Every event has a number as its id and shows the present state of one thing:
//
//	message   {"chat": chat, "message": message or null}
//	chat      {"chat": chat}          counters, keyboard, menu, blocked, pinned
//	press     {"chat": chat, "press": press}; with text once it is answered
//	call      an entry of the log
//	clock     {"now", "limits", "latency_ms", "fault"}: the fault that was posted, or null
//	commands  {person: menu}
//	profile   the bot's own texts
//	reset     what was asked for is no longer kept: fetch the state again
package simulator
