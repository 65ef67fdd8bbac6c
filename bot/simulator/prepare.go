package simulator

import (
	"encoding/json"
	"strings"
)

// mediaItem is one file that a call sends, by id, address or upload.
type mediaItem struct {
	kind     string
	ref      string
	upload   *upload
	duration int
	caption  formatted
}

// sends is the kind of content that a method sends.
var sends = map[string]string{
	"sendMessage": "text", "sendPhoto": "photo", "sendVideo": "video", "sendVoice": "voice",
	"sendVideoNote": "video_note", "sendDocument": "document", "sendAudio": "audio",
	"sendAnimation": "animation", "sendLocation": "location", "sendVenue": "venue", "sendContact": "contact",
}

// prepare applies every rule that does not depend on the state, and parses
// texts, keyboards and media on the way.
func (c *call) prepare() *refusal {
	c.used = map[string]bool{}
	for _, step := range []func(*call) *refusal{
		(*call).prepareText, (*call).prepareMarkup, (*call).prepareFile, (*call).prepareMedia,
		(*call).prepareReply, (*call).checkAttachments, (*call).checkRules,
	} {
		if bad := step(c); bad != nil {
			return bad
		}
	}
	return nil
}

func (c *call) prepareText() *refusal {
	if c.method.fields["parse_mode"] == nil {
		return nil
	}
	name, list, limit, long := "caption", "caption_entities", maxCaption, "message caption is too long"
	if c.method.fields["text"] != nil {
		name, list, limit, long = "text", "entities", maxText, "message is too long"
	}
	if name == "caption" && c.method.fields["caption"] == nil {
		return nil
	}
	if !c.has(name) && name == "text" {
		if c.has("rich_message") {
			return nil
		}
		return departs("message text is empty")
	}
	f, bad := format(c.str(name), c.str("parse_mode"), entitiesOf(c.list(list)))
	if bad != nil {
		return bad
	}
	if name == "text" && f.text == "" {
		return departs("message text is empty")
	}
	if units(f.text) > limit {
		return departs("%s", long)
	}
	c.text = &f
	return nil
}

// entitiesOf reads a checked list of MessageEntity.
func entitiesOf(list []any) []Entity {
	var out []Entity
	for _, item := range list {
		v := item.(map[string]any)
		e := Entity{Type: v["type"].(string), Offset: int(v["offset"].(int64)), Length: int(v["length"].(int64))}
		e.URL, _ = v["url"].(string)
		e.Language, _ = v["language"].(string)
		e.CustomEmojiID, _ = v["custom_emoji_id"].(string)
		if user, ok := v["user"].(map[string]any); ok {
			e.UserID, _ = user["id"].(int64)
		}
		out = append(out, e)
	}
	return out
}

func (c *call) prepareMarkup() *refusal {
	v := c.object("reply_markup")
	if v == nil {
		return nil
	}
	source, bad := c.source("reply_markup", v)
	if bad != nil {
		return bad
	}
	m, bad := checkMarkup(v, source)
	c.markup = m
	return bad
}

// source is the JSON text of an object parameter.
func (c *call) source(name string, v any) (string, *refusal) {
	for _, p := range c.raw.values {
		if p.name == name && p.json == nil {
			return p.text, nil
		}
	}
	body, err := json.Marshal(v)
	if err != nil {
		return "", departs("can't parse %s JSON object", spoken(name))
	}
	return string(body), nil
}

// prepareFile reads the one file of sendPhoto and its kin.
func (c *call) prepareFile() *refusal {
	kind := sends[c.name]
	if _, isFile := fileKinds[kind]; !isFile {
		return nil
	}
	item, bad := c.mediaRef(kind, c.params[kind])
	if bad != nil {
		return bad
	}
	item.duration = int(c.num("duration"))
	if c.text != nil {
		item.caption = *c.text
	}
	c.media = []mediaItem{item}
	for _, extra := range []string{"thumbnail", "cover"} {
		if name, ok := strings.CutPrefix(c.str(extra), "attach://"); ok {
			c.used[name] = true
		}
	}
	return nil
}

// mediaRef settles a file parameter: an upload, a reference to one, or text.
func (c *call) mediaRef(kind string, v any) (mediaItem, *refusal) {
	item := mediaItem{kind: kind}
	switch v := v.(type) {
	case *upload:
		item.upload = v
	case string:
		item.ref = v
		name, attached := strings.CutPrefix(v, "attach://")
		if attached {
			item.upload = c.raw.files[name]
			c.used[name] = true
		}
		if v == "" || attached && item.upload == nil {
			return item, departs("there is no %s in the request", kind)
		}
	}
	return item, nil
}

// prepareMedia reads the list of an album, or the one of editMessageMedia.
func (c *call) prepareMedia() *refusal {
	switch c.name {
	case "sendMediaGroup":
		list := c.list("media")
		for _, v := range list {
			if bad := c.addMedia(v.(map[string]any)); bad != nil {
				return bad
			}
		}
		return checkAlbum(c.media)
	case "editMessageMedia":
		return c.addMedia(c.object("media"))
	}
	return nil
}

func (c *call) addMedia(v map[string]any) *refusal {
	kind := v["type"].(string)
	if _, known := fileKinds[kind]; !known {
		return &refusal{status: 501, description: "Not Implemented: the simulator does not send " + kind}
	}
	item, bad := c.mediaRef(kind, v["media"])
	if bad != nil {
		return bad
	}
	for _, extra := range []string{"thumbnail", "cover"} {
		if ref, ok := v[extra].(string); ok {
			c.used[strings.TrimPrefix(ref, "attach://")] = true
		}
	}
	caption, _ := v["caption"].(string)
	mode, _ := v["parse_mode"].(string)
	list, _ := v["caption_entities"].([]any)
	item.caption, bad = format(caption, mode, entitiesOf(list))
	if bad != nil {
		return bad
	}
	if units(item.caption.text) > maxCaption {
		return departs("message caption is too long")
	}
	if duration, ok := v["duration"].(int64); ok {
		item.duration = int(duration)
	}
	c.media = append(c.media, item)
	return nil
}

func checkAlbum(items []mediaItem) *refusal {
	switch {
	case len(items) < 2:
		return departs("too few messages to send as an album")
	case len(items) > 10:
		return departs("too many messages to send as an album")
	}
	for _, item := range items[1:] {
		first := items[0].kind
		if item.kind != first && (alone(first) || alone(item.kind)) {
			return departs("%s can't be mixed with other media types", map[bool]string{true: first, false: item.kind}[alone(first)])
		}
	}
	return nil
}

// alone are the kinds that share an album only with their own.
func alone(kind string) bool { return kind == "audio" || kind == "document" }

func (c *call) prepareReply() *refusal {
	if v := c.object("reply_parameters"); v != nil {
		c.replyTo = int(v["message_id"].(int64))
		if c.replyTo <= 0 {
			return departs("message to be replied not found")
		}
	}
	return nil
}

// checkAttachments refuses an uploaded file that nothing refers to.
func (c *call) checkAttachments() *refusal {
	for name := range c.raw.files {
		if c.method.fields[name] == nil && !c.used[name] {
			return departs("unknown parameter %q", name)
		}
	}
	return nil
}
