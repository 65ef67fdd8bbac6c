package simulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func rowsOf(rows, columns int) string {
	button := `{"text":"x","callback_data":"y"}`
	row := "[" + strings.TrimSuffix(strings.Repeat(button+",", columns), ",") + "]"
	return `{"inline_keyboard":[` + strings.TrimSuffix(strings.Repeat(row+",", rows), ",") + `]}`
}

// TestEveryRuleIsRefusedInTelegramsWords has one departure per case.
func TestEveryRuleIsRefusedInTelegramsWords(t *testing.T) {
	keyboard := func(button string) []string {
		return id42("text", "a", "reply_markup", `{"inline_keyboard":[[`+button+`]]}`)
	}
	cases := []struct {
		name, method string
		fields       []string
		want         string
	}{
		{"no chat", "sendMessage", []string{"text", "a"}, "chat_id is empty"},
		{"no text", "sendMessage", id42(), "message text is empty"},
		{"empty text", "sendMessage", id42("text", " \n "), "message text is empty"},
		{"only tags", "sendMessage", id42("text", "<b> </b>", "parse_mode", "HTML"), "message text is empty"},
		{"long text", "sendMessage", id42("text", strings.Repeat("ў", 4097)), "message is too long"},
		{"long in UTF-16", "sendMessage", id42("text", strings.Repeat("😀", 2049)), "message is too long"},
		{"long caption", "sendPhoto", id42("photo", "x", "caption", strings.Repeat("a", 1025)), "message caption is too long"},
		{"unknown parameter", "sendMessage", id42("text", "a", "colour", "red"), `unknown parameter "colour"`},
		{"twice", "sendMessage", id42("text", "a", "text", "b"), `parameter "text" is given twice`},
		{"integer", "sendMessage", id42("text", "a", "message_thread_id", "x"), `parameter "message_thread_id" must be of type Integer`},
		{"boolean", "sendMessage", id42("text", "a", "disable_notification", "yes"), `parameter "disable_notification" must be of type Boolean`},
		{"float", "sendLocation", id42("latitude", "north", "longitude", "1"), `parameter "latitude" must be of type Float`},
		{"place", "sendLocation", id42("latitude", "91", "longitude", "1"), "wrong location specified"},
		{"parse mode", "sendMessage", id42("text", "a", "parse_mode", "BB"), "unsupported parse_mode"},
		{"broken JSON", "sendMessage", id42("text", "a", "reply_markup", "{"), "can't parse reply keyboard markup JSON object"},
		{"null row", "sendMessage", id42("text", "a", "reply_markup", `{"inline_keyboard":[null]}`),
			`can't parse reply keyboard markup: Field "inline_keyboard[0]" must be of type [Array]`},
		{"null keyboard", "sendMessage", id42("text", "a", "reply_markup", `{"inline_keyboard":null}`),
			`can't parse reply keyboard markup: Field "inline_keyboard" must be of type [Array]`},
		{"unknown in button", "sendMessage", keyboard(`{"text":"x","callback_data":"y","color":"red"}`),
			`can't parse reply keyboard markup: unknown field "inline_keyboard[0][0].color" in InlineKeyboardButton`},
		{"no label", "sendMessage", keyboard(`{"callback_data":"y"}`),
			`can't parse reply keyboard markup: Can't find field "inline_keyboard[0][0].text"`},
		{"empty label", "sendMessage", keyboard(`{"text":"","callback_data":"y"}`),
			"can't parse inline keyboard button: Text must be non-empty"},
		{"no action", "sendMessage", keyboard(`{"text":"x"}`),
			"can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"two actions", "sendMessage", keyboard(`{"text":"x","callback_data":"y","url":"https://a.uz"}`),
			"can't parse inline keyboard button: exactly one action must be specified"},
		{"empty data", "sendMessage", keyboard(`{"text":"x","callback_data":""}`), "BUTTON_DATA_INVALID"},
		{"long data", "sendMessage", keyboard(`{"text":"x","callback_data":"` + strings.Repeat("ў", 33) + `"}`), "BUTTON_DATA_INVALID"},
		{"style", "sendMessage", keyboard(`{"text":"x","callback_data":"y","style":"red"}`),
			"can't parse keyboard button: invalid button style specified"},
		{"address", "sendMessage", keyboard(`{"text":"x","url":"javascript:1"}`),
			"inline keyboard button URL 'javascript:1' is invalid: Wrong HTTP URL"},
		{"nine in a row", "sendMessage", id42("text", "a", "reply_markup", rowsOf(1, 9)), "reply markup is too long"},
		{"101 buttons", "sendMessage", id42("text", "a", "reply_markup", rowsOf(101, 1)), "reply markup is too long"},
		{"text of a button is a number", "sendMessage", keyboard(`{"text":1,"callback_data":"y"}`),
			`can't parse reply keyboard markup: Field "inline_keyboard[0][0].text" must be of type [String]`},
		{"entity outside", "sendMessage", id42("text", "ab", "entities", `[{"type":"bold","offset":1,"length":5}]`),
			"entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 6"},
		{"reply keyboard on an edit", "editMessageText", id42("message_id", "2", "text", "a", "reply_markup", `{"keyboard":[[{"text":"x"}]]}`),
			`can't parse reply keyboard markup: unknown field "keyboard" in InlineKeyboardMarkup`},
		{"edit of nothing", "editMessageText", id42("text", "a"), "message identifier is not specified"},
		{"contact and location", "sendMessage", id42("text", "a", "reply_markup",
			`{"keyboard":[[{"text":"x","request_contact":true,"request_location":true}]]}`),
			"can't parse keyboard button: at most one request may be specified"},
		{"long answer", "answerCallbackQuery", []string{"callback_query_id", "1", "text", strings.Repeat("a", 201)}, "MESSAGE_TOO_LONG"},
		{"command name", "setMyCommands", []string{"commands", `[{"command":"Start","description":"x"}]`}, "BOT_COMMAND_INVALID"},
		{"command text", "setMyCommands", []string{"commands", `[{"command":"start","description":" "}]`}, "command description must be non-empty"},
		{"command field", "setMyCommands", []string{"commands", `[{"command":"start","description":"x","icon":"y"}]`},
			`can't parse commands: unknown field "[0].icon" in BotCommand`},
		{"language", "setMyCommands", []string{"commands", `[]`, "language_code", "uz-Cyrl"}, "invalid language code specified"},
		{"scope", "setMyCommands", []string{"commands", `[]`, "scope", `{"type":"everybody"}`},
			"can't parse scope: Field \"value\" is none of [BotCommandScope]"},
		{"scope without chat", "setMyCommands", []string{"commands", `[]`, "scope", `{"type":"chat"}`},
			`can't parse scope: Can't find field "chat_id"`},
		{"description", "setMyDescription", []string{"description", strings.Repeat("a", 513)}, "description length must not exceed 512"},
		{"action", "sendChatAction", id42("action", "sleeping"), "wrong parameter action in request"},
		{"album of one", "sendMediaGroup", id42("media", `[{"type":"photo","media":"x"}]`), "too few messages to send as an album"},
		{"mixed album", "sendMediaGroup", id42("media", `[{"type":"photo","media":"x"},{"type":"document","media":"y"}]`),
			"document can't be mixed with other media types"},
		{"album with animation", "sendMediaGroup", id42("media", `[{"type":"animation","media":"x"},{"type":"photo","media":"y"}]`),
			`can't parse media: Field "[0]" is none of [InputMediaAudio InputMediaDocument InputMediaLivePhoto InputMediaPhoto InputMediaVideo]`},
		{"album with buttons", "sendMediaGroup", id42("media", `[]`, "reply_markup", rowsOf(1, 1)), `unknown parameter "reply_markup"`},
		{"no photo", "sendPhoto", id42(), "there is no photo in the request"},
		{"order of copies", "copyMessages", id42("from_chat_id", "42", "message_ids", "[2,1]"),
			"message identifiers must be in a strictly increasing order"},
		{"reaction", "setMessageReaction", id42("message_id", "1", "reaction", `[{"type":"emoji","emoji":"🏠"}]`), "REACTION_INVALID"},
		{"limit", "getUpdates", []string{"limit", "101"}, "limit must be between 1 and 100"},
		{"update type", "getUpdates", []string{"allowed_updates", `["messages"]`}, `unknown update type "messages" in allowed_updates`},
		{"plain webhook", "setWebhook", []string{"url", "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"},
		{"secret", "setWebhook", []string{"url", "https://example.org/", "secret_token", "a b"}, "secret token contains unallowed characters"},
		{"method without handler", "sendPoll", id42("question", "x"), `parameter "options" is required`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, _ := resident(t, Config{})
			refused(t, s, "Bad Request: "+c.want, c.method, c.fields...)
			departures(t, s, 1)
		})
	}
}

// TestWhatTelegramAllowsIsNoDeparture keeps the strictness from growing.
func TestWhatTelegramAllowsIsNoDeparture(t *testing.T) {
	s, u := resident(t, Config{})
	must(t, s, nil, "sendMessage", id42("text", strings.Repeat("ў", 4096))...)
	must(t, s, nil, "sendMessage", id42("text", "a", "reply_markup", rowsOf(12, 8))...)
	must(t, s, nil, "sendMessage", id42("text", "a", "reply_markup", `{"inline_keyboard":[]}`)...)
	must(t, s, nil, "sendMessage", id42("text", "a", "reply_markup", `{"remove_keyboard":true}`)...)
	must(t, s, nil, "sendMessage", id42("text", "a", "reply_markup", `{"force_reply":true,"input_field_placeholder":"?"}`)...)
	must(t, s, nil, "SENDMESSAGE", id42("text", "a", "link_preview_options", `{"is_disabled":true}`)...)
	must(t, s, nil, "setMyCommands", "commands", `[{"command":"a","description":"b"}]`, "scope", `{"type":"chat","chat_id":42}`)
	must(t, s, nil, "sendVenue", id42("latitude", "41.3", "longitude", "69", "title", "a", "address", "b")...)
	must(t, s, nil, "sendContact", id42("phone_number", "+998", "first_name", "b")...)
	must(t, s, nil, "setChatMenuButton", "menu_button", `{"type":"commands"}`)
	must(t, s, nil, "setMyName", "name", "Koʻprik", "language_code", "uz")
	must(t, s, nil, "sendChatAction", id42("action", "typing")...)
	if a := do(t, s, "sendDice", id42()...); a.ErrorCode != 501 {
		t.Errorf("a method that is not done: got %d, want 501", a.ErrorCode)
	}
	if got := u.Commands(); len(got) != 1 {
		t.Errorf("commands of the chat: got %v", got)
	}
	departures(t, s, 0)
}

func TestTheWaysOfGivingParametersAreEqual(t *testing.T) {
	s, u := resident(t, Config{})
	target := "/bot" + s.Token() + "/sendMessage"
	get := httptest.NewRequest(http.MethodGet, target+"?chat_id=42&text=query", nil)
	object := httptest.NewRequest(http.MethodPost, target, strings.NewReader(
		`{"chat_id":42,"text":"object","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}}`))
	object.Header.Set("Content-Type", "application/json; charset=utf-8")
	body, contentType := multipartBody(t, "chat_id", "42", "text", "multi\r\npart", "reply_markup", rowsOf(1, 1))
	form := httptest.NewRequest(http.MethodPost, target, strings.NewReader(string(body)))
	form.Header.Set("Content-Type", contentType)
	for _, r := range []*http.Request{get, object, form} {
		if a := serve(t, s, r); !a.OK {
			t.Errorf("%s %s: got %s", r.Method, r.Header.Get("Content-Type"), a.Description)
		}
	}
	want := []string{"query", "object", "multi\npart"}
	for i, m := range u.Messages()[1:] {
		if m.Text != want[i] {
			t.Errorf("text %d: got %q, want %q", i, m.Text, want[i])
		}
		if i > 0 && len(m.Buttons) != 1 {
			t.Errorf("message %d has buttons %v, want one row", i, m.Buttons)
		}
	}
	departures(t, s, 0)
}

func TestAWrongTokenAndAnUnknownMethodAreRefused(t *testing.T) {
	s, _ := resident(t, Config{})
	if a := serve(t, s, httptest.NewRequest(http.MethodGet, "/bot1:x/getMe", nil)); a.ErrorCode != 401 || a.Description != "Unauthorized" {
		t.Errorf("wrong token: got %+v", a)
	}
	departures(t, s, 0)
	if a := do(t, s, "getMyself"); a.ErrorCode != 404 || a.Description != "Not Found" {
		t.Errorf("unknown method: got %+v", a)
	}
	departures(t, s, 1)
}
