package bot

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
)

func testEar() Ear { return Ear{Username: "Koprik_Bot", Buttons: testSigner()} }

// private is a message of person 42, with more fields.
func private(fields string) string {
	return `{"update_id":1,"message":{"message_id":5,"date":1782896400,
		"from":{"id":42,"is_bot":false,"first_name":"Aziza","last_name":"Karimova","language_code":"uz"},
		"chat":{"id":42,"type":"private","first_name":"Aziza"},` + fields + `}}`
}

// heardAs is the event that person 42's message 5 makes, with what f sets.
func heardAs(f func(*Event)) Event {
	e := Event{
		Kind: KindMessage, From: Author{ID: 42, Name: "Aziza Karimova", Language: "uz"}, Chat: 42, Message: 5,
		Date: time.Unix(1782896400, 0).UTC(),
	}
	f(&e)
	return e
}

func TestWhatAPersonSendsBecomesAnEvent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		want     func(*Event)
	}{
		{"words", `"text":"Suv yoʻq"`, func(e *Event) { e.Text = "Suv yoʻq" }},
		{"words with a zero byte", `"text":"a\u0000b"`, func(e *Event) { e.Text = "a\x00b" }},
		{"half a surrogate", `"text":"a\ud83d"`, func(e *Event) { e.Text = "a\ufffd" }},
		{"marks past the end of the words", `"text":"/help","entities":[{"type":"bot_command","offset":3,"length":900},{"type":"x","offset":-5,"length":-1}]`,
			func(e *Event) { e.Text, e.Command = "/help", "help" }},
		{"a command", `"text":"/start"`, func(e *Event) { e.Text, e.Command = "/start", "start" }},
		{"a deep link", `"text":"/start inv_AbC-9"`, func(e *Event) { e.Text, e.Command, e.Args = "/start inv_AbC-9", "start", "inv_AbC-9" }},
		{"a number right behind a command", `"text":"/qabul4821-0937 ha"`,
			func(e *Event) { e.Text, e.Command, e.Args = "/qabul4821-0937 ha", "qabul", "4821-0937 ha" }},
		{"a command in capitals", `"text":"/START"`, func(e *Event) { e.Text, e.Command = "/START", "start" }},
		{"a command for this bot", `"text":"/holat@KOPRIK_bot 12-34"`,
			func(e *Event) { e.Text, e.Command, e.Args = "/holat@KOPRIK_bot 12-34", "holat", "12-34" }},
		{"a command for another bot", `"text":"/start@other_bot x"`, func(e *Event) { e.Text = "/start@other_bot x" }},
		{"arguments on several lines", `"text":"/xabar\nbirinchi\nikkinchi\n"`,
			func(e *Event) {
				e.Text, e.Command, e.Args = "/xabar\nbirinchi\nikkinchi\n", "xabar", "birinchi\nikkinchi"
			}},
		{"a command in the middle", `"text":"salom /start"`, func(e *Event) { e.Text = "salom /start" }},
		{"a lonely slash", `"text":"/"`, func(e *Event) { e.Text = "/" }},
		{"a path", `"text":"/etc/passwd"`, func(e *Event) { e.Text, e.Command, e.Args = "/etc/passwd", "etc", "passwd" }},
		{"a command in Cyrillic letters", `"text":"/Бораман 2"`, func(e *Event) { e.Text, e.Command, e.Args = "/Бораман 2", "бораман", "2" }},
		{"a command with an apostrophe", `"text":"/qoʻshimcha x"`, func(e *Event) { e.Text, e.Command, e.Args = "/qoʻshimcha x", "qoʻshimcha", "x" }},
		{"a command with a full stop", `"text":"/boraman."`, func(e *Event) { e.Text, e.Command = "/boraman.", "boraman" }},
		{"a stroke and a space", `"text":"/ бораман"`, func(e *Event) { e.Text = "/ бораман" }},
		{"a stroke and a sign", `"text":"/…"`, func(e *Event) { e.Text = "/…" }},
		{"a command without a name", `"text":"/@koprik_bot"`, func(e *Event) { e.Text = "/@koprik_bot" }},
		{"a reply", `"text":"ha","reply_to_message":{"message_id":3,"date":1,"chat":{"id":42,"type":"private"},"text":"?"}`,
			func(e *Event) { e.Text, e.ReplyTo = "ha", 3 }},
		{"a photo is taken in its largest size",
			`"caption":"/start chuqur","media_group_id":"g1","photo":[{"file_id":"s","width":90,"height":90},{"file_id":"l","width":1280,"height":960},{"file_id":"m","width":320,"height":240}]`,
			func(e *Event) {
				e.Text, e.Command, e.Args = "/start chuqur", "start", "chuqur"
				e.Media = &mahalla.Media{Kind: mahalla.Photo, File: "l", Caption: "/start chuqur", Group: "g1"}
			}},
		{"a voice message", `"voice":{"file_id":"v","duration":7}`,
			func(e *Event) { e.Media = &mahalla.Media{Kind: mahalla.Voice, File: "v", Seconds: 7} }},
		{"a video", `"video":{"file_id":"v","duration":9,"width":1,"height":1},"caption":"koʻring"`, func(e *Event) {
			e.Text = "koʻring"
			e.Media = &mahalla.Media{Kind: mahalla.Video, File: "v", Seconds: 9, Caption: "koʻring"}
		}},
		{"a photo without sizes", `"photo":[]`, func(e *Event) { e.Odd = "photo" }},
		{"a photo without an id", `"photo":[{"file_id":"","width":9,"height":9}]`, func(e *Event) { e.Odd = "photo" }},
		{"one's own number", `"contact":{"phone_number":"+998901112233","first_name":"A","user_id":42}`,
			func(e *Event) { e.Contact = &SharedContact{Phone: "+998901112233", Own: true} }},
		{"somebody else's number", `"contact":{"phone_number":"+998909999999","first_name":"B","user_id":43}`,
			func(e *Event) { e.Contact, e.Odd = &SharedContact{Phone: "+998909999999"}, "contact" }},
		{"a number from the phone book", `"contact":{"phone_number":"+998909999999","first_name":"B"}`,
			func(e *Event) { e.Contact, e.Odd = &SharedContact{Phone: "+998909999999"}, "contact" }},
		{"a pin", `"location":{"latitude":41.3,"longitude":69.2}`,
			func(e *Event) { e.Media = &mahalla.Media{Kind: mahalla.Location, File: "41.300000,69.200000"} }},
		{"a live location, where it begins", `"location":{"latitude":41.3,"longitude":69.2,"live_period":900,"horizontal_accuracy":12.5}`,
			func(e *Event) { e.Media = &mahalla.Media{Kind: mahalla.Location, File: "41.300000,69.200000"} }},
		{"a pin with a name", `"location":{"latitude":41.3,"longitude":69.2},"venue":{"location":{},"title":"Choyxona","address":"Bogʻ koʻchasi, 12"}`,
			func(e *Event) {
				e.Text = "Choyxona\nBogʻ koʻchasi, 12"
				e.Media = &mahalla.Media{Kind: mahalla.Location, File: "41.300000,69.200000"}
			}},
		{"a pin on no Earth", `"location":{"latitude":141.3,"longitude":69.2}`, func(e *Event) { e.Odd = "location" }},
		{"a round video", `"video_note":{"file_id":"r","duration":8,"length":240}`,
			func(e *Event) { e.Media = &mahalla.Media{Kind: mahalla.Round, File: "r", Seconds: 8} }},
		{"a round video without an id", `"video_note":{"duration":8}`, func(e *Event) { e.Odd = "video_note" }},
		{"a document with words", `"document":{"file_id":"x"},"caption":"ariza"`, func(e *Event) { e.Text, e.Odd = "ariza", "document" }},
		{"an animation, which is a document too", `"document":{"file_id":"x"},"animation":{"file_id":"x"}`, func(e *Event) { e.Odd = "animation" }},
		{"music", `"audio":{"file_id":"x"}`, func(e *Event) { e.Odd = "audio" }},
		{"a sticker", `"sticker":{"file_id":"x"}`, func(e *Event) { e.Odd = "sticker" }},
		{"a poll", `"poll":{"id":"1"}`, func(e *Event) { e.Odd = "poll" }},
		{"a die", `"dice":{"emoji":"x","value":3}`, func(e *Event) { e.Odd = "dice" }},
		{"a story", `"story":{}`, func(e *Event) { e.Odd = "story" }},
		{"something of next year", `"hologram":{"file_id":"x"}`, func(e *Event) { e.Odd = "other" }},
		{"nothing at all", `"x":1`, func(e *Event) { e.Odd = "other" }},
		{"a forward of a kind that nobody knows", `"text":"salom","forward_origin":{"type":"of_next_year"},"reply_markup":7`,
			func(e *Event) { e.Text = "salom" }},
	} {
		got, wanted, err := testEar().Hear([]byte(private(c.in)))
		if want := heardAs(c.want); err != nil || !wanted || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, %v\nwant %+v", c.name, got, wanted, err, want)
		}
	}
}

func TestAnEditIsHeardWithTheMomentOfTheEdit(t *testing.T) {
	t.Parallel()
	in := strings.Replace(private(`"text":"/start tuzatildi","edit_date":1782896500`), `"message"`, `"edited_message"`, 1)
	got, wanted, err := testEar().Hear([]byte(in))
	want := heardAs(func(e *Event) {
		e.Kind, e.Text, e.Date = KindEdited, "/start tuzatildi", time.Unix(1782896500, 0).UTC()
	})
	if err != nil || !wanted || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, %v, want %+v", got, wanted, err, want)
	}
}

func TestAPressIsHeardAndAForeignButtonIsMarked(t *testing.T) {
	t.Parallel()
	press := mahalla.Press{Verb: "accept", Subject: 77, Round: 3, Arg: "x"}
	data, err := testSigner().Make(42, 42, press)
	if err != nil {
		t.Fatal(err)
	}
	other, err := testSigner().Make(43, 43, press)
	if err != nil {
		t.Fatal(err)
	}
	in := func(data, message string) []byte {
		return fmt.Appendf(nil, `{"update_id":1,"callback_query":{"id":"99","from":{"id":42,"first_name":"A"},"data":%q,"chat_instance":"1"%s}}`, data, message)
	}
	readable := `,"message":{"message_id":8,"date":1782896400,"chat":{"id":42,"type":"private"},"text":"x"}`
	for _, c := range []struct {
		name   string
		in     []byte
		wanted bool
		want   Event
	}{
		{"own", in(data, readable), true, Event{Kind: KindPress, Message: 8, Press: press}},
		{"on a message that is too old to be read", in(data, `,"message":{"message_id":8,"date":0,"chat":{"id":42,"type":"private"}}`), true,
			Event{Kind: KindPress, Message: 8, Press: press}},
		{"another person's", in(other, readable), true, Event{Kind: KindPress, Message: 8, Forged: true}},
		{"garbage", in("accept:1:1::AAAAAAAAAAAA", readable), true, Event{Kind: KindPress, Message: 8, Forged: true}},
		{"of an inline message", in(data, ""), false, Event{Kind: KindPress}},
		{"in a group", in(data, `,"message":{"message_id":8,"date":1,"chat":{"id":-100,"type":"supergroup"}}`), false, Event{Kind: KindPress}},
	} {
		c.want.From, c.want.Chat, c.want.PressID = Author{ID: 42, Name: "A"}, 42, "99"
		got, wanted, err := testEar().Hear(c.in)
		if err != nil || wanted != c.wanted || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v, %v\nwant %+v, %v", c.name, got, wanted, err, c.want, c.wanted)
		}
	}
}

func TestBlockingAndComingBackAreHeard(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]EventKind{"kicked": KindBlocked, "left": KindBlocked, "member": KindBack} {
		in := fmt.Sprintf(`{"update_id":1,"my_chat_member":{"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"A"},"date":1782896400,
			"old_chat_member":{"status":"of_next_year"},"new_chat_member":{"status":%q,"until_date":0}}}`, status)
		got, wanted, err := testEar().Hear([]byte(in))
		if err != nil || !wanted || got.Kind != want || got.Chat != 42 || got.From.ID != 42 {
			t.Errorf("%s: got %+v, %v, %v, want %s", status, got, wanted, err, want)
		}
	}
}

func TestWhatIsNobodysBusinessIsPassedOver(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"a group":            strings.Replace(private(`"text":"x"`), `"type":"private"`, `"type":"supergroup"`, 1),
		"a bot":              strings.Replace(private(`"text":"x"`), `"is_bot":false`, `"is_bot":true`, 1),
		"a pinned message":   private(`"pinned_message":{"message_id":1,"date":0,"chat":{"id":42,"type":"private"}}`),
		"a timer":            private(`"message_auto_delete_timer_changed":{"message_auto_delete_time":9}`),
		"a migration":        private(`"migrate_to_chat_id":-100`),
		"a channel":          `{"update_id":1,"channel_post":{"message_id":1,"date":1,"chat":{"id":-1,"type":"channel"},"text":"x"}}`,
		"a business chat":    `{"update_id":1,"business_message":{"message_id":1,"date":1,"chat":{"id":42,"type":"private"},"text":"x"}}`,
		"an inline query":    `{"update_id":1,"inline_query":{"id":"1","from":{"id":42},"query":"x"}}`,
		"of next year":       `{"update_id":1,"hologram":{"id":"1"}}`,
		"nothing":            `{"update_id":1}`,
		"a group membership": `{"update_id":1,"my_chat_member":{"chat":{"id":-5,"type":"group"},"from":{"id":42},"date":1,"new_chat_member":{"status":"member"}}}`,
	} {
		if got, wanted, err := testEar().Hear([]byte(in)); wanted || err != nil {
			t.Errorf("%s: got %+v, %v, %v, want nothing", name, got, wanted, err)
		}
	}
}

func TestWhatIsNotBuiltLikeAnUpdateIsAnError(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"no JSON":            `{"update_id":1,`,
		"words as a number":  private(`"text":7`),
		"a number too large": strings.Replace(private(`"text":"x"`), `"message_id":5`, `"message_id":99999999999999999999`, 1),
		"nobody":             `{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":42,"type":"private"},"text":"x"}}`,
		"somebody else":      strings.Replace(private(`"text":"x"`), `"from":{"id":42`, `"from":{"id":43`, 1),
		"a press of nobody":  `{"update_id":1,"callback_query":{"id":"1"}}`,
		"a list":             `[]`,
	} {
		if got, wanted, err := testEar().Hear([]byte(in)); wanted || err == nil {
			t.Errorf("%s: got %+v, %v, %v, want an error", name, got, wanted, err)
		}
	}
}

func FuzzUpdate(f *testing.F) {
	f.Add([]byte(private(`"text":"/start@koprik_bot x"`)))
	f.Add([]byte(private(`"photo":[{"file_id":"l","width":-1,"height":9223372036854775807}],"caption":"\u0000"`)))
	f.Add([]byte(private(`"pinned_message":null`)))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"1","from":{"id":42},"data":"a:1:1::AAAAAAAAAAAA","message":{"message_id":1,"chat":{"id":42}}}}`))
	f.Add([]byte(`{"update_id":1,"edited_message":{"message_id":1}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		e, wanted, err := testEar().Hear(in)
		if err != nil && wanted {
			t.Errorf("wanted, and an error: %v", err)
		}
		if wanted && (e.Kind == "" || e.From.ID != e.Chat || e.Chat == 0 && e.Kind == KindPress) {
			t.Errorf("an event of nobody: %+v", e)
		}
		if envelope, ok := open(in); ok {
			key, _ := envelope.key(in)
			if len(key) > 200 || strings.ContainsRune(key, 0) || !json.Valid([]byte(`"`+key+`"`)) {
				t.Errorf("key %q", key)
			}
		}
	})
}
