package simulator

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// startPayload is what a deep link may hold.
var startPayload = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Open taps the newest button of the group with such a label, which opens the
// private chat with the bot there, and presses START, and gives the id of the
// message that it sends.
func (g *Group) Open(u *User, label string) (int, error) {
	payload, err := g.deepLink(u, label)
	if err != nil {
		return 0, err
	}
	return u.Start(payload), nil
}

// deepLink finds the payload behind a button.
func (g *Group) deepLink(u *User, label string) (string, error) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if !g.chat.seenBy(u) {
		return "", fmt.Errorf("%s is not in group %s", u.key, g.key)
	}
	for i := len(g.chat.messages) - 1; i >= 0; i-- {
		m := g.chat.messages[i]
		if button, ok := m.button(label); ok && !m.deleted && button.URL != "" {
			return payloadOf(button.URL, g.s.cfg.Username)
		}
	}
	return "", fmt.Errorf("group %s shows no link %q", g.key, label)
}

// payloadOf reads a link as Telegram's apps do that open the chat of a bot.
func payloadOf(address, username string) (string, error) {
	link, err := url.Parse(address)
	if err != nil || link.Scheme != "https" || link.Host != "t.me" || !strings.EqualFold(strings.Trim(link.Path, "/"), username) {
		return "", fmt.Errorf("%q opens no chat with the bot", address)
	}
	payload := link.Query().Get("start")
	if !startPayload.MatchString(payload) {
		return "", fmt.Errorf("%q: a payload has 1 to 64 letters, digits, _ and -", address)
	}
	return payload, nil
}
