package bot

import (
	"context"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"koprik/mahalla"
)

// group hears a command in a group. Nothing else that is written there is kept,
// not even the rest of the message; of the message that the command answers, its
// words.
func (e Ear) group(m *message, kind EventKind) (Event, bool, error) {
	if m.MovedTo != 0 {
		return Event{Kind: KindMoved, Chat: m.Chat.ID, NewChat: m.MovedTo}, true, nil
	}
	if kind != KindMessage || m.From == nil || m.From.IsBot || m.Text == "" || m.ID == 0 {
		return Event{}, false, nil
	}
	event := Event{Kind: KindGroup, From: author(m.From), Chat: m.Chat.ID, Message: m.ID, Date: time.Unix(m.Date, 0).UTC()}
	if event.Command, event.Args = e.command(m.Text); event.Command == "" {
		return Event{}, false, nil
	}
	if r := m.ReplyTo; r != nil && (r.From == nil || !r.From.IsBot) {
		if event.Quoted = r.Text; event.Quoted == "" {
			event.Quoted = r.Caption
		}
	}
	return event, true, nil
}

// out hears that the bot is no member of a group any more.
func (e Ear) out(m *membership) (Event, bool, error) {
	gone := m.New.Status == models.ChatMemberTypeBanned || m.New.Status == models.ChatMemberTypeLeft
	return Event{Kind: KindOut, Chat: m.Chat.ID}, gone && isGroup(m.Chat), nil
}

func isGroup(c chatOf) bool {
	return c.Type == models.ChatTypeGroup || c.Type == models.ChatTypeSupergroup
}

// OfGroup tells whether an event happened in a group. Who did it may be nobody
// whom the bot knows, and need not become known by it.
func (k EventKind) OfGroup() bool { return k == KindGroup || k == KindOut || k == KindMoved }

// SetGroupCommands sets the menu of all groups, in a language of two letters, or
// with none in all.
func (c *Client) SetGroupCommands(ctx context.Context, language string, list []mahalla.Command) error {
	p := &tg.SetMyCommandsParams{LanguageCode: language, Scope: &models.BotCommandScopeAllGroupChats{}, Commands: make([]models.BotCommand, 0, len(list))}
	for _, command := range list {
		p.Commands = append(p.Commands, models.BotCommand{Command: command.Name, Description: command.Text})
	}
	_, err := c.tg.SetMyCommands(ctx, p)
	return failed(err)
}
