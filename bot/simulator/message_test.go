package simulator

import (
	"bytes"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

func text(n int) string { return strconv.Itoa(n) }

func TestAPressIsDeliveredAndAnsweredOnce(t *testing.T) {
	s, u := resident(t, Config{Now: frozen})
	var m wireMessage
	must(t, s, &m, "sendMessage", id42("text", "a", "reply_markup",
		`{"inline_keyboard":[[{"text":"✅ Qabul qildim","callback_data":"accept"},{"text":"Sayt","url":"https://a.uz"}]]}`)...)
	if _, err := u.Press(m.MessageID, "Rad"); err == nil || err.Error() != `message 2 has no button "Rad", it has ["✅ Qabul qildim" "Sayt"]` {
		t.Errorf("missing button: got %v", err)
	}
	if _, err := u.PressLast("Sayt"); err == nil {
		t.Error("a link sends nothing, yet no error")
	}
	id, err := u.Press(m.MessageID, "Qabul")
	if err != nil {
		t.Fatal(err)
	}
	got := updates(t, s)
	if q := got[len(got)-1].Callback; q == nil || q.ID != id || q.Data != "accept" || q.From.ID != 42 || q.Message.MessageID != m.MessageID {
		t.Fatalf("update: got %+v", got[len(got)-1])
	}
	if list := s.Unanswered(); len(list) != 1 || list[0].Label != "✅ Qabul qildim" {
		t.Errorf("unanswered: got %+v", list)
	}
	must(t, s, nil, "answerCallbackQuery", "callback_query_id", id, "text", "Rahmat", "show_alert", "true")
	if p := s.Presses()[0]; !p.Answered || p.Text != "Rahmat" || !p.Alert || len(s.Unanswered()) != 0 {
		t.Errorf("answered press: got %+v", p)
	}
	const old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	refused(t, s, old, "answerCallbackQuery", "callback_query_id", id)
	refused(t, s, old, "answerCallbackQuery", "callback_query_id", "1")
	late := u.PressStale(m.MessageID, "gone")
	s.Advance(16 * time.Minute)
	refused(t, s, old, "answerCallbackQuery", "callback_query_id", late)
	departures(t, s, 0)
	if u.Taps() != 4 { // START, the link, the button, the stale one
		t.Errorf("taps: got %d, want 4", u.Taps())
	}
}

func TestEditsAndDeletesAnswerAsTelegramDoes(t *testing.T) {
	s, u := resident(t, Config{Now: frozen})
	must(t, s, nil, "sendMessage", id42("text", "<b>a</b>", "parse_mode", "HTML", "reply_markup", rowsOf(1, 1))...)
	const same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	refused(t, s, same, "editMessageText", id42("message_id", "2", "text", "<strong>a</strong>", "parse_mode", "HTML", "reply_markup", rowsOf(1, 1))...)
	must(t, s, nil, "editMessageText", id42("message_id", "2", "text", "b")...)
	m := u.Messages()[1]
	if m.Text != "b" || !m.Edited || m.Buttons != nil || len(m.Entities) != 0 {
		t.Errorf("after the edit: got %+v", m)
	}
	must(t, s, nil, "editMessageReplyMarkup", id42("message_id", "2", "reply_markup", rowsOf(1, 2))...)
	refused(t, s, "Bad Request: message can't be edited", "editMessageText", id42("message_id", "1", "text", "x")...)
	refused(t, s, "Bad Request: message to edit not found", "editMessageText", id42("message_id", "99", "text", "x")...)
	refused(t, s, "Bad Request: there is no caption in the message to edit", "editMessageCaption", id42("message_id", "2", "caption", "x")...)
	must(t, s, nil, "sendMessage", id42("text", "keys", "reply_markup", `{"keyboard":[[{"text":"x"}]]}`)...)
	refused(t, s, "Bad Request: message can't be edited", "editMessageText", id42("message_id", "3", "text", "x")...)
	must(t, s, nil, "deleteMessage", id42("message_id", "2")...)
	refused(t, s, "Bad Request: message to delete not found", "deleteMessage", id42("message_id", "2")...)
	refused(t, s, "Bad Request: message to edit not found", "editMessageText", id42("message_id", "2", "text", "x")...)
	must(t, s, nil, "deleteMessages", id42("message_ids", "[1,2,3,4]")...)
	for _, m := range u.Messages() {
		if !m.Deleted {
			t.Errorf("message %d is not deleted", m.ID)
		}
	}
	late := u.Text("eski")
	s.Advance(49 * time.Hour)
	refused(t, s, "Bad Request: message can't be deleted for everyone", "deleteMessage", id42("message_id", text(late))...)
	departures(t, s, 0)
}

func TestAlbumsComeAndGoAsOneGroup(t *testing.T) {
	s, u := resident(t, Config{})
	ids := u.Album(3, "chuqur")
	got := updates(t, s)[1:]
	if len(got) != 3 || got[0].Message.MediaGroupID == "" || got[0].Message.MediaGroupID != got[2].Message.MediaGroupID ||
		got[0].Message.Caption != "chuqur" || got[1].Message.Caption != "" {
		t.Fatalf("updates: got %+v", got)
	}
	photo := got[0].Message.Photo
	media := `[{"type":"photo","media":"` + photo[0].FileID + `","caption":"a"},{"type":"photo","media":"` + photo[2].FileID + `"}]`
	var sent []wireMessage
	must(t, s, &sent, "sendMediaGroup", id42("media", media)...)
	if len(sent) != 2 || sent[0].MediaGroupID != sent[1].MediaGroupID || sent[0].Photo[2].FileUniqueID != photo[2].FileUniqueID {
		t.Errorf("album of the bot: got %+v", sent)
	}
	var copies []wireMessageID
	must(t, s, &copies, "copyMessages", id42("from_chat_id", "42", "message_ids", "["+text(ids[0])+","+text(ids[1])+"]")...)
	all := u.Messages()
	if a, b := all[len(all)-2], all[len(all)-1]; a.AlbumID == "" || a.AlbumID != b.AlbumID || a.Text != "chuqur" || a.ID != copies[0].MessageID {
		t.Errorf("copied album: got %+v %+v", a, b)
	}
	departures(t, s, 0)
}

func TestFileIDsAreValidOnlyWhenIssuedHere(t *testing.T) {
	s, u := resident(t, Config{})
	u.Photo("")
	photo := updates(t, s)[1].Message.Photo
	const wrong = "Bad Request: wrong file identifier/HTTP URL specified"
	refused(t, s, wrong, "sendPhoto", id42("photo", "AgACAgIAAxkBinvented")...)
	refused(t, s, wrong, "sendPhoto", id42("photo", photo[2].FileUniqueID)...)
	departures(t, s, 0)
	refused(t, s, "Bad Request: can't use file of type Photo as VoiceNote", "sendVoice", id42("voice", photo[2].FileID)...)
	departures(t, s, 1)

	var f wireFile
	must(t, s, &f, "getFile", "file_id", photo[1].FileID)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/file/bot"+s.Token()+"/"+f.FilePath, nil))
	img, err := png.Decode(w.Body)
	if err != nil || img.Bounds().Dx() != photo[1].Width {
		t.Errorf("picture: got %v", err)
	}
}

func TestAnUploadCanBeFetchedAgain(t *testing.T) {
	s, _ := resident(t, Config{})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("chat_id", "42")
	part, err := form.CreateFormFile("document", "qr.pdf")
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte("bytes"))
	form.Close()
	r := httptest.NewRequest(http.MethodPost, "/bot"+s.Token()+"/sendDocument", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	if a := serve(t, s, r); !a.OK {
		t.Fatal(a.Description)
	}
	v := s.User("resident").Messages()[1]
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/sim/file/"+v.FileUniqueID, nil))
	if w.Body.String() != "bytes" || v.FileName != "qr.pdf" {
		t.Errorf("got %q of %+v", w.Body, v)
	}
	if got := s.Calls()[0].Params["document"]; got != "file qr.pdf, 5 bytes" {
		t.Errorf("logged: got %v", got)
	}
}

func TestCopiesHideAndForwardsShowTheOrigin(t *testing.T) {
	s, u := resident(t, Config{})
	other := s.AddPerson(Person{Key: "inspector", ID: 43})
	other.Start("")
	id := u.Photo("izoh")
	must(t, s, nil, "copyMessage", "chat_id", "43", "from_chat_id", "42", "message_id", text(id), "protect_content", "true",
		"disable_notification", "true", "reply_markup", rowsOf(1, 1))
	must(t, s, nil, "forwardMessage", "chat_id", "43", "from_chat_id", "42", "message_id", text(id))
	got := other.Messages()
	if m := got[1]; m.Kind != "photo" || m.Text != "izoh" || m.Forwarded || !m.Protected || !m.Silent || len(m.Buttons) != 1 {
		t.Errorf("copy: got %+v", m)
	}
	if !got[2].Forwarded {
		t.Errorf("forward: got %+v", got[2])
	}
	refused(t, s, "Bad Request: message can't be forwarded", "forwardMessage", "chat_id", "42", "from_chat_id", "43", "message_id", text(got[1].ID))
	refused(t, s, "Bad Request: message to copy not found", "copyMessage", "chat_id", "43", "from_chat_id", "42", "message_id", "99")
	if other.Received() != 2 || other.Rings() != 1 {
		t.Errorf("received %d rings %d, want 2 and 1", other.Received(), other.Rings())
	}
}

func TestKeyboardsSendTextContactAndLocation(t *testing.T) {
	s, u := resident(t, Config{})
	must(t, s, nil, "sendMessage", id42("text", "a", "reply_markup", `{"keyboard":[[{"text":"Raqam","request_contact":true},`+
		`{"text":"Joy","request_location":true}],[{"text":"Bekor"}]],"one_time_keyboard":true}`)...)
	u.ResetCounters()
	if err := u.PressKey("Raq"); err != nil {
		t.Fatal(err)
	}
	got := updates(t, s)
	if c := got[len(got)-1].Message.Contact; c == nil || c.UserID != 42 || c.PhoneNumber != "+998901112233" {
		t.Errorf("contact: got %+v", c)
	}
	if err := u.PressKey("Joy"); err == nil {
		t.Error("a one-time keyboard is still there")
	}
	if u.Taps() != 1 || u.Sent() != 0 {
		t.Errorf("taps %d sent %d, want 1 and 0", u.Taps(), u.Sent())
	}
	must(t, s, nil, "sendMessage", id42("text", "Ism?", "reply_markup", `{"force_reply":true}`)...)
	u.Text("Aziza")
	got = updates(t, s)
	if m := got[len(got)-1].Message; m.ReplyTo == nil || m.ReplyTo.Text != "Ism?" {
		t.Errorf("forced reply: got %+v", m)
	}
}

func TestBlockedAndUnknownPeopleAreRefused(t *testing.T) {
	s, u := resident(t, Config{})
	never := s.AddPerson(Person{Key: "never", ID: 44})
	refused(t, s, "Forbidden: bot can't initiate conversation with a user", "sendMessage", "chat_id", "44", "text", "a")
	refused(t, s, "Bad Request: chat not found", "sendMessage", "chat_id", "45", "text", "a")
	u.Block()
	refused(t, s, "Forbidden: bot was blocked by the user", "sendMessage", id42("text", "a")...)
	got := updates(t, s)
	if m := got[len(got)-1].MyChatMember; m == nil || m.Old["status"] != "member" || m.New["status"] != "kicked" {
		t.Errorf("my_chat_member: got %+v", m)
	}
	u.Start("again")
	must(t, s, nil, "sendMessage", id42("text", "a")...)
	u.Deactivate()
	refused(t, s, "Forbidden: user is deactivated", "sendMessage", id42("text", "a")...)
	departures(t, s, 0)
	defer func() {
		if got := recover(); got != "simulator: never has not pressed START" {
			t.Errorf("panic: got %v", got)
		}
	}()
	never.Text("a")
}

func TestGroupsCountTheirOwnMessagesAndKeepPrivacy(t *testing.T) {
	s, u := resident(t, Config{})
	g := s.AddGroup("yard", "Hovli", u)
	id := strconv.FormatInt(g.ID(), 10)
	g.Text(u, "oddiy gap")
	g.Text(u, "/status")
	var m wireMessage
	must(t, s, &m, "sendMessage", "chat_id", id, "text", "a", "reply_markup", rowsOf(1, 1))
	if m.MessageID != 3 || m.Chat.Type != "supergroup" {
		t.Errorf("got %+v", m)
	}
	if _, err := g.Press(u, 3, "x"); err != nil {
		t.Fatal(err)
	}
	g.Reply(u, 3, "javob")
	var seen []string
	for _, update := range updates(t, s)[1:] {
		switch {
		case update.Message != nil:
			seen = append(seen, update.Message.Text)
		case update.Callback != nil:
			seen = append(seen, "press")
		default:
			seen = append(seen, "member")
		}
	}
	if len(seen) != 4 || seen[0] != "member" || seen[1] != "/status" || seen[2] != "press" || seen[3] != "javob" {
		t.Errorf("updates: got %q", seen)
	}
	g.Kick(u)
	refused(t, s, "Forbidden: bot was kicked from the supergroup chat", "sendMessage", "chat_id", id, "text", "a")
}

func TestReactionsPinsAndChatsAreKept(t *testing.T) {
	s, u := resident(t, Config{})
	must(t, s, nil, "setMessageReaction", id42("message_id", "1", "reaction", `[{"type":"emoji","emoji":"👍"}]`)...)
	if got := u.Messages()[0].Reaction; got != "👍" {
		t.Errorf("reaction: got %q", got)
	}
	must(t, s, nil, "setMessageReaction", id42("message_id", "1")...)
	if got := u.Messages()[0].Reaction; got != "" {
		t.Errorf("reaction taken back: got %q", got)
	}
	must(t, s, nil, "pinChatMessage", id42("message_id", "1")...)
	var c wireChat
	must(t, s, &c, "getChat", id42()...)
	if c.FirstName != "Aziza" {
		t.Errorf("chat: got %+v", c)
	}
	departures(t, s, 0)
}

func TestKeepMessagesAndKeepLogBoundTheMemory(t *testing.T) {
	s, u := resident(t, Config{KeepMessages: 10, KeepLog: 10})
	for range 100 {
		must(t, s, nil, "sendMessage", id42("text", "a")...)
	}
	if n := len(u.Messages()); n > 20 {
		t.Errorf("messages: got %d", n)
	}
	calls := s.Calls()
	if len(calls) != 10 || calls[9].Seq != 100 || calls[9].MessageID != 101 {
		t.Errorf("calls: got %d, last %+v", len(calls), calls[len(calls)-1])
	}
}
