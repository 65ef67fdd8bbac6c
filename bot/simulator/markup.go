package simulator

import (
	"bytes"
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
)

// Telegram's limits of an inline keyboard.
const (
	maxButtons   = 100
	maxRow       = 8
	maxCallback  = 64 // bytes
	maxKeyboard  = 10 << 10
	maxFieldHint = 64
)

// Button is one button of an inline keyboard as the person sees it. Exactly
// one of Data, URL and Action is set; Action names any other kind.
type Button struct {
	Text   string `json:"text"`
	Data   string `json:"data,omitempty"`
	URL    string `json:"url,omitempty"`
	Style  string `json:"style,omitempty"`
	Action string `json:"action,omitempty"`
}

// Key is one key of a reply keyboard.
type Key struct {
	Text     string `json:"text"`
	Contact  bool   `json:"contact,omitempty"`  // sends the person's own number
	Location bool   `json:"location,omitempty"` // sends where the person is
	Style    string `json:"style,omitempty"`
}

// markup is a checked reply_markup of any kind; exactly one part is set.
type markup struct {
	inline     [][]Button
	raw        json.RawMessage // of an inline keyboard, sent back in results
	keys       [][]Key
	oneTime    bool
	remove     bool
	forceReply bool
	hint       string
}

// actions are the fields of InlineKeyboardButton of which exactly one is set.
var actions = []string{
	"url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
	"switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}

// checkMarkup applies the rules that the types alone do not state.
func checkMarkup(v map[string]any, source string) (*markup, *refusal) {
	m := &markup{}
	var bad *refusal
	switch {
	case v["inline_keyboard"] != nil:
		bad = m.addInline(v["inline_keyboard"].([]any), source)
	case v["keyboard"] != nil:
		m.oneTime, _ = v["one_time_keyboard"].(bool)
		bad = m.addKeys(v["keyboard"].([]any))
	case v["remove_keyboard"] != nil:
		m.remove = true
		if v["remove_keyboard"] != true {
			bad = departs("can't parse reply keyboard markup: Field \"remove_keyboard\" must be true")
		}
	case v["force_reply"] != nil:
		m.forceReply = true
		if v["force_reply"] != true {
			bad = departs("can't parse reply keyboard markup: Field \"force_reply\" must be true")
		}
	}
	m.hint, _ = v["input_field_placeholder"].(string)
	if bad == nil && (units(m.hint) > maxFieldHint || v["input_field_placeholder"] == "") {
		bad = departs("reply markup placeholder must be 1-64 characters long")
	}
	return m, bad
}

func (m *markup) addInline(rows []any, source string) *refusal {
	total := 0
	m.inline = make([][]Button, 0, len(rows))
	for _, row := range rows {
		buttons := row.([]any)
		total += len(buttons)
		if total > maxButtons || len(buttons) > maxRow {
			return departs("reply markup is too long")
		}
		line := make([]Button, 0, len(buttons))
		for _, b := range buttons {
			button, bad := inlineButton(b.(map[string]any))
			if bad != nil {
				return bad
			}
			line = append(line, button)
		}
		m.inline = append(m.inline, line)
	}
	if len(source) > maxKeyboard {
		return departs("reply markup is too long")
	}
	if total > 0 {
		m.raw = json.RawMessage(source)
	}
	return nil
}

func inlineButton(v map[string]any) (Button, *refusal) {
	b := Button{Text: v["text"].(string)}
	b.Style, _ = v["style"].(string)
	if strings.TrimSpace(b.Text) == "" {
		return b, departs("can't parse inline keyboard button: Text must be non-empty")
	}
	set := 0
	for _, action := range actions {
		if _, ok := v[action]; ok {
			set++
			b.Action = action
		}
	}
	if set != 1 {
		if set == 0 {
			return b, departs("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
		}
		return b, departs("can't parse inline keyboard button: exactly one action must be specified")
	}
	if bad := checkStyle(v); bad != nil {
		return b, bad
	}
	switch b.Action {
	case "callback_data":
		b.Data, b.Action = v["callback_data"].(string), ""
		if n := len(b.Data); n < 1 || n > maxCallback {
			return b, departs("BUTTON_DATA_INVALID")
		}
	case "url":
		b.URL, b.Action = v["url"].(string), ""
		return b, checkButtonURL(b.URL)
	case "web_app":
		if address, _ := v["web_app"].(map[string]any)["url"].(string); !strings.HasPrefix(address, "https://") {
			return b, departs("inline keyboard button Web App URL '%s' is invalid: Only HTTPS links are allowed", address)
		}
	}
	return b, nil
}

func checkStyle(v map[string]any) *refusal {
	style, given := v["style"]
	if !given || style == "danger" || style == "success" || style == "primary" {
		return nil
	}
	return departs("can't parse keyboard button: invalid button style specified")
}

func checkButtonURL(address string) *refusal {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "tg" || (u.Scheme == "http" || u.Scheme == "https") && strings.Contains(u.Host, ".")) {
		return nil
	}
	return departs("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", address)
}

func (m *markup) addKeys(rows []any) *refusal {
	m.keys = [][]Key{}
	for _, row := range rows {
		var line []Key
		for _, k := range row.([]any) {
			v := k.(map[string]any)
			key := Key{Text: v["text"].(string)}
			key.Contact, _ = v["request_contact"].(bool)
			key.Location, _ = v["request_location"].(bool)
			key.Style, _ = v["style"].(string)
			if strings.TrimSpace(key.Text) == "" {
				return departs("can't parse keyboard button: Text must be non-empty")
			}
			if bad := checkStyle(v); bad != nil {
				return bad
			}
			if key.Contact && key.Location {
				return departs("can't parse keyboard button: at most one request may be specified")
			}
			line = append(line, key)
		}
		m.keys = append(m.keys, line)
	}
	if len(m.keys) == 0 {
		return departs("keyboard must be non-empty")
	}
	return nil
}

// same says whether two inline keyboards show the same, however they are spelt.
func (m *markup) same(other *markup) bool {
	var a, b []byte
	if m != nil {
		a = m.raw
	}
	if other != nil {
		b = other.raw
	}
	if bytes.Equal(a, b) {
		return true
	}
	var left, right any
	if json.Unmarshal(a, &left) != nil || json.Unmarshal(b, &right) != nil {
		return false
	}
	return reflect.DeepEqual(left, right)
}

// buttons are the inline buttons, nil when there are none.
func (m *markup) buttons() [][]Button {
	if m == nil {
		return nil
	}
	return m.inline
}

// pick finds the label that is exactly wanted, else the first that contains it.
func pick(labels []string, wanted string) (int, bool) {
	for i, label := range labels {
		if label == wanted {
			return i, true
		}
	}
	for i, label := range labels {
		if wanted != "" && strings.Contains(label, wanted) {
			return i, true
		}
	}
	return 0, false
}
