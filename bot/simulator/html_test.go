package simulator

import (
	"fmt"
	"testing"
)

func TestHTMLBecomesEntities(t *testing.T) {
	cases := []struct{ src, text, entities string }{
		{"plain", "plain", "[]"},
		{"<b>a</b> <i>b</i>", "a b", "[bold 0+1 italic 2+1]"},
		{"<b>😀<u>ў</u></b>", "😀ў", "[bold 0+3 underline 2+1]"},
		{"a &lt; b &amp;&#33;&#x21; &quot;x&quot; &nbsp;", `a < b &!! "x" &nbsp;`, "[]"},
		{"<a href='https://a.uz/?q=1&amp;r=2'>x</a>", "x", "[text_link 0+1 https://a.uz/?q=1&r=2]"},
		{"<a href=\"tg://user?id=42\">x</a>", "x", "[text_mention 0+1]"},
		{"<pre><code class=\"language-go\">x</code></pre>", "x", "[pre 0+1]"},
		{"<span class=\"tg-spoiler\">x</span><tg-spoiler>y</tg-spoiler>", "xy", "[spoiler 0+1 spoiler 1+1]"},
		{"<blockquote expandable>x</blockquote>", "x", "[expandable_blockquote 0+1]"},
		{"<tg-emoji emoji-id=\"5368\">👍</tg-emoji>", "👍", "[custom_emoji 0+2]"},
		{"  <b> x </b>  ", "x", "[bold 0+1]"},
		{"a\u202eb\x01<s>c</s>", "ab c", "[strikethrough 3+1]"},
	}
	for _, c := range cases {
		f, bad := format(c.src, "HTML", nil)
		if bad != nil {
			t.Errorf("%q: %v", c.src, bad)
			continue
		}
		got := []string{}
		for _, e := range f.entities {
			entry := fmt.Sprintf("%s %d+%d", e.Type, e.Offset, e.Length)
			if e.URL != "" {
				entry += " " + e.URL
			}
			got = append(got, entry)
		}
		if f.text != c.text || fmt.Sprint(got) != c.entities {
			t.Errorf("%q: got %q %v, want %q %s", c.src, f.text, got, c.text, c.entities)
		}
	}
}

func TestFaultyHTMLIsRefusedInTelegramsWords(t *testing.T) {
	cases := []struct{ src, want string }{
		{"<div>x</div>", `Unsupported start tag "div" at byte offset 0`},
		{"a < b", `Unsupported start tag "" at byte offset 2`},
		{"<b>x", `Can't find end tag corresponding to start tag "b"`},
		{"x</b>", "Unexpected end tag at byte offset 1"},
		{"<b>x</i>", `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{"<b", "Unclosed start tag at byte offset 0"},
		{"<b>x</b", "Unclosed end tag at byte offset 4"},
		{"<a href>x</a>", `Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0`},
		{"<span>x</span>", `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{`<a href="x`, "Unclosed start tag at byte offset 0"},
	}
	for _, c := range cases {
		_, bad := format(c.src, "HTML", nil)
		if bad == nil || bad.description != "Bad Request: can't parse entities: "+c.want {
			t.Errorf("%q: got %v, want %q", c.src, bad, c.want)
		}
	}
}
