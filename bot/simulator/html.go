package simulator

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// openTag is a start tag that waits for its end.
type openTag struct {
	name   string
	entity Entity
	begin  int // bytes of text before it
}

// htmlParser reads Telegram's subset of HTML in one pass. Offsets in faults
// are bytes of the source, offsets of entities are UTF-16 units of the text.
type htmlParser struct {
	src      string
	at       int
	out      []byte
	units    int
	open     []openTag
	entities []Entity
}

// parseHTML gives the text and its entities, or what is wrong with src, in
// Telegram's words.
func parseHTML(src string) (string, []Entity, *refusal) {
	if strings.IndexByte(src, '<') < 0 && strings.IndexByte(src, '&') < 0 {
		return src, nil, nil
	}
	p := &htmlParser{src: src, out: make([]byte, 0, len(src))}
	for p.at < len(src) {
		switch c := src[p.at]; c {
		case '&':
			p.reference()
		case '<':
			if bad := p.tag(); bad != nil {
				return "", nil, bad
			}
		default:
			p.plain()
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, unparsable("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	sortEntities(p.entities)
	return string(p.out), p.entities, nil
}

func unparsable(format string, args ...any) *refusal {
	return departs("can't parse entities: "+format, args...)
}

// plain copies the text up to the next tag or reference.
func (p *htmlParser) plain() {
	end := strings.IndexAny(p.src[p.at:], "<&")
	if end < 0 {
		end = len(p.src) - p.at
	}
	p.put(p.src[p.at : p.at+end])
	p.at += end
}

func (p *htmlParser) put(text string) {
	p.out = append(p.out, text...)
	p.units += units(text)
}

// reference reads &lt; and its like; what Telegram does not know stays as it is.
func (p *htmlParser) reference() {
	text, length := decodeReference(p.src[p.at:])
	p.put(text)
	p.at += length
}

// references are the named characters that Telegram knows.
var references = [...][2]string{{"&lt", "<"}, {"&gt", ">"}, {"&amp", "&"}, {"&quot", `"`}}

func startsWithLetter(s string) bool {
	return s != "" && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z'
}

func decodeReference(s string) (string, int) {
	for _, known := range references {
		if after, ok := strings.CutPrefix(s, known[0]); ok && !startsWithLetter(after) {
			return known[1], len(known[0]) + semicolon(after)
		}
	}
	if !strings.HasPrefix(s, "&#") {
		return "&", 1
	}
	digits, base := s[2:], 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		digits, base = digits[1:], 16
	}
	end := 0
	for end < len(digits) && end < 8 && isDigit(digits[end], base) {
		end++
	}
	code, err := strconv.ParseUint(digits[:end], base, 32)
	if err != nil || code == 0 || !utf8.ValidRune(rune(code)) {
		return "&", 1
	}
	length := len(s) - len(digits) + end
	return string(rune(code)), length + semicolon(s[length:])
}

func isDigit(c byte, base int) bool {
	return c >= '0' && c <= '9' || base == 16 && (c|0x20) >= 'a' && (c|0x20) <= 'f'
}

func semicolon(s string) int {
	if strings.HasPrefix(s, ";") {
		return 1
	}
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// peek is the byte at the position, 0 at the end.
func (p *htmlParser) peek() byte {
	if p.at < len(p.src) {
		return p.src[p.at]
	}
	return 0
}

func (p *htmlParser) spaces() {
	for isSpace(p.peek()) {
		p.at++
	}
}

// word reads up to a space or one of the stops.
func (p *htmlParser) word(stops string) string {
	begin := p.at
	for p.at < len(p.src) && !isSpace(p.src[p.at]) && strings.IndexByte(stops, p.src[p.at]) < 0 {
		p.at++
	}
	return strings.ToLower(p.src[begin:p.at])
}

func (p *htmlParser) tag() *refusal {
	begin := p.at
	p.at++
	if p.peek() == '/' {
		p.at++
		return p.endTag(begin)
	}
	return p.startTag(begin)
}

func (p *htmlParser) startTag(begin int) *refusal {
	name := p.word(">")
	if p.peek() == 0 {
		return unparsable("Unclosed start tag at byte offset %d", begin)
	}
	kind, known := tagEntities[name]
	if !known {
		return unparsable("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	tag := openTag{name: name, begin: len(p.out), entity: Entity{Type: kind, Offset: p.units}}
	for {
		p.spaces()
		if p.peek() == '>' {
			p.at++
			break
		}
		attribute, value, bad := p.attribute(name, begin)
		if bad != nil {
			return bad
		}
		tag.apply(attribute, value)
	}
	if name == "span" && tag.entity.Type != "spoiler" {
		return unparsable("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	if name == "tg-emoji" && !allDigits(tag.entity.CustomEmojiID) {
		return unparsable("Invalid custom emoji identifier specified")
	}
	p.open = append(p.open, tag)
	return nil
}

// tagEntities are the tags that Telegram knows and the entity each makes.
var tagEntities = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
	"a": "text_link", "tg-spoiler": "spoiler", "span": "", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}

// apply keeps an attribute that means something on the tag; others are ignored.
func (t *openTag) apply(attribute, value string) {
	switch t.name + " " + attribute {
	case "a href":
		t.entity.URL = value
	case "code class":
		if language, ok := strings.CutPrefix(value, "language-"); ok {
			t.entity.Language = language
		}
	case "span class":
		if value == "tg-spoiler" {
			t.entity.Type = "spoiler"
		}
	case "tg-emoji emoji-id":
		t.entity.CustomEmojiID = value
	case "blockquote expandable":
		t.entity.Type = "expandable_blockquote"
	}
}

func (p *htmlParser) attribute(tag string, begin int) (name, value string, bad *refusal) {
	name = p.word("=>")
	if name == "" {
		if p.peek() == 0 {
			return "", "", unparsable("Unclosed start tag at byte offset %d", begin)
		}
		return "", "", unparsable("Empty attribute name in the tag \"%s\" at byte offset %d", tag, begin)
	}
	p.spaces()
	if p.peek() != '=' {
		if tag == "blockquote" && name == "expandable" && p.peek() != 0 {
			return name, "", nil
		}
		return "", "", unparsable("Expected equal sign in declaration of an attribute of the tag \"%s\" at byte offset %d", tag, begin)
	}
	p.at++
	p.spaces()
	switch quote := p.peek(); quote {
	case 0:
		return "", "", unparsable("Unclosed start tag at byte offset %d", begin)
	case '"', '\'':
		p.at++
		value, ok := p.quoted(quote)
		if !ok {
			return "", "", unparsable("Unclosed start tag at byte offset %d", begin)
		}
		return name, value, nil
	}
	return p.bareValue(name, begin)
}

func (p *htmlParser) bareValue(name string, begin int) (string, string, *refusal) {
	from := p.at
	for c := p.peek(); c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '.' || c == '-'; c = p.peek() {
		p.at++
	}
	if c := p.peek(); c == 0 {
		return "", "", unparsable("Unclosed start tag at byte offset %d", begin)
	} else if !isSpace(c) && c != '>' {
		return "", "", unparsable("Unexpected end of name token at byte offset %d", from)
	}
	return name, strings.ToLower(p.src[from:p.at]), nil
}

func (p *htmlParser) quoted(quote byte) (string, bool) {
	var value []byte
	for p.at < len(p.src) {
		c := p.src[p.at]
		if c == quote {
			p.at++
			return string(value), true
		}
		if c == '&' {
			text, length := decodeReference(p.src[p.at:])
			value = append(value, text...)
			p.at += length
			continue
		}
		value = append(value, c)
		p.at++
	}
	return "", false
}

func (p *htmlParser) endTag(begin int) *refusal {
	if len(p.open) == 0 {
		return unparsable("Unexpected end tag at byte offset %d", begin)
	}
	name := p.word(">")
	p.spaces()
	if p.peek() != '>' {
		return unparsable("Unclosed end tag at byte offset %d", begin)
	}
	p.at++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return unparsable("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.close(tag)
	return nil
}

// close makes the entity of a tag that has some text in it.
func (p *htmlParser) close(tag openTag) {
	e := tag.entity
	e.Length = p.units - e.Offset
	if e.Length == 0 {
		return
	}
	switch tag.name {
	case "a":
		if !p.link(&e, string(p.out[tag.begin:])) {
			return
		}
	case "pre":
		if p.takeLanguage(&e) {
			break
		}
	case "code":
		if e.Language != "" && (len(p.open) == 0 || p.open[len(p.open)-1].name != "pre") {
			e.Language = ""
		}
	}
	p.entities = append(p.entities, e)
}

// link settles what an <a> points at: an address, a person, or nothing.
func (p *htmlParser) link(e *Entity, text string) bool {
	if e.URL == "" {
		e.URL = text
	}
	if id, ok := strings.CutPrefix(e.URL, "tg://user?id="); ok {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return false
		}
		e.Type, e.URL, e.UserID = "text_mention", "", n
		return true
	}
	scheme, _, ok := strings.Cut(e.URL, "://")
	if ok {
		return scheme == "http" || scheme == "https" || scheme == "tg" || scheme == "ton"
	}
	if strings.HasPrefix(e.URL, "mailto:") || strings.HasPrefix(e.URL, "tel:") {
		return true
	}
	if !strings.Contains(e.URL, ".") || strings.ContainsAny(e.URL, " \n") {
		return false
	}
	e.URL = "http://" + e.URL
	return true
}

// takeLanguage merges <pre><code class="language-x"> into one entity.
func (p *htmlParser) takeLanguage(e *Entity) bool {
	if n := len(p.entities); n > 0 {
		inner := p.entities[n-1]
		if inner.Type == "code" && inner.Offset == e.Offset && inner.Length == e.Length {
			e.Language = inner.Language
			p.entities = p.entities[:n-1]
			return true
		}
	}
	return false
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
