package simulator

import (
	"fmt"
	"slices"
)

// Command is one line of a command menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// profile is what the bot has said about itself.
type profile struct {
	commands map[string][]Command // by scope and language
	texts    map[string]string    // by field and language
	button   map[string]any       // the default menu button
}

func newProfile() profile {
	return profile{commands: map[string][]Command{}, texts: map[string]string{}, button: map[string]any{"type": "commands"}}
}

func (s *Server) getMe(*call) (any, *refusal) {
	return struct {
		wireUser
		CanJoinGroups           bool `json:"can_join_groups"`
		CanReadAllGroupMessages bool `json:"can_read_all_group_messages"`
		SupportsInlineQueries   bool `json:"supports_inline_queries"`
	}{s.bot, true, s.cfg.ReadAllGroupMessages, false}, nil
}

// commandScope is the key of a scope and language, and refuses unknown chats.
func (s *Server) commandScope(c *call) (string, *refusal) {
	v := c.object("scope")
	if v == nil {
		return scopeKey("default", 0, 0, c.str("language_code")), nil
	}
	chatID, _ := v["chat_id"].(int64)
	userID, _ := v["user_id"].(int64)
	if _, hasChat := v["chat_id"]; hasChat && s.chats[chatID] == nil {
		return "", refuses("chat not found")
	}
	return scopeKey(v["type"].(string), chatID, userID, c.str("language_code")), nil
}

func scopeKey(kind string, chatID, userID int64, language string) string {
	return fmt.Sprintf("%s %d %d %s", kind, chatID, userID, language)
}

func (s *Server) setMyCommands(c *call) (any, *refusal) {
	key, bad := s.commandScope(c)
	if bad != nil {
		return nil, bad
	}
	commands := []Command{}
	for _, item := range c.list("commands") {
		v := item.(map[string]any)
		commands = append(commands, Command{v["command"].(string), v["description"].(string)})
	}
	s.profile.commands[key] = commands
	s.happen(event{kind: "commands"})
	return true, nil
}

func (s *Server) getMyCommands(c *call) (any, *refusal) {
	key, bad := s.commandScope(c)
	if bad != nil {
		return nil, bad
	}
	if list := s.profile.commands[key]; list != nil {
		return list, nil
	}
	return []Command{}, nil
}

func (s *Server) deleteMyCommands(c *call) (any, *refusal) {
	key, bad := s.commandScope(c)
	if bad != nil {
		return nil, bad
	}
	delete(s.profile.commands, key)
	s.happen(event{kind: "commands"})
	return true, nil
}

// Commands is the command menu that the person sees in the private chat.
func (u *User) Commands() []Command {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return slices.Clone(u.commands())
}

// commands goes from the narrowest scope to the widest.
func (u *User) commands() []Command {
	for _, scope := range []string{"chat", "all_private_chats", "default"} {
		id := int64(0)
		if scope == "chat" {
			id = u.chat.id
		}
		for _, language := range []string{u.person.Language, ""} {
			if list := u.s.profile.commands[scopeKey(scope, id, 0, language)]; len(list) > 0 {
				return list
			}
		}
	}
	return nil
}

// ownText maps the methods of the bot's own texts to their field.
var ownText = map[string]string{
	"setMyName": "name", "setMyDescription": "description", "setMyShortDescription": "short_description",
	"getMyName": "name", "getMyDescription": "description", "getMyShortDescription": "short_description",
}

func (s *Server) setMyText(c *call) (any, *refusal) {
	field := ownText[c.name]
	s.profile.texts[field+" "+c.str("language_code")] = c.str(field)
	s.happen(event{kind: "profile"})
	return true, nil
}

func (s *Server) getMyText(c *call) (any, *refusal) {
	field := ownText[c.name]
	text := s.profile.texts[field+" "+c.str("language_code")]
	if text == "" {
		text = s.profile.texts[field+" "]
	}
	if text == "" && field == "name" {
		text = s.bot.FirstName
	}
	return map[string]string{field: text}, nil
}

func (s *Server) setChatMenuButton(c *call) (any, *refusal) {
	button := c.object("menu_button")
	if button == nil {
		button = map[string]any{"type": "default"}
	}
	if !c.has("chat_id") {
		s.profile.button = button
		return true, nil
	}
	in, bad := s.lookup(c, "chat_id")
	if bad != nil {
		return nil, bad
	}
	in.menu = button
	s.happen(event{kind: "chat", chatID: in.id})
	return true, nil
}

func (s *Server) getChatMenuButton(c *call) (any, *refusal) {
	if !c.has("chat_id") {
		return s.profile.button, nil
	}
	in, bad := s.lookup(c, "chat_id")
	if bad != nil {
		return nil, bad
	}
	if in.menu == nil {
		return s.profile.button, nil
	}
	return in.menu, nil
}
