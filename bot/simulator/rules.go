package simulator

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// rules are the rules of single methods that their types do not state.
var rules = map[string]func(*call) *refusal{
	"getUpdates":             checkGetUpdates,
	"setWebhook":             checkSetWebhook,
	"answerCallbackQuery":    checkAnswer,
	"setMyCommands":          checkCommands,
	"getMyCommands":          checkLanguage,
	"deleteMyCommands":       checkLanguage,
	"setMyName":              textRule("name", 64),
	"setMyDescription":       textRule("description", 512),
	"setMyShortDescription":  textRule("short_description", 120),
	"getMyName":              checkLanguage,
	"getMyDescription":       checkLanguage,
	"getMyShortDescription":  checkLanguage,
	"setChatMenuButton":      checkMenuButton,
	"sendChatAction":         checkAction,
	"sendLocation":           checkPlace,
	"sendVenue":              checkPlace,
	"sendContact":            checkContact,
	"editMessageText":        checkEdited,
	"editMessageCaption":     checkEdited,
	"editMessageReplyMarkup": checkEdited,
	"editMessageMedia":       checkEdited,
	"deleteMessages":         checkMessageIDs,
	"copyMessages":           checkMessageIDs,
	"forwardMessages":        checkMessageIDs,
	"setMessageReaction":     checkReaction,
}

func (c *call) checkRules() *refusal {
	if c.has("chat_id") && (c.params["chat_id"] == "" || c.params["chat_id"] == int64(0)) {
		return departs("chat_id is empty")
	}
	if rule := rules[c.name]; rule != nil {
		return rule(c)
	}
	return nil
}

func checkGetUpdates(c *call) *refusal {
	if n := c.num("limit"); c.has("limit") && (n < 1 || n > 100) {
		return departs("limit must be between 1 and 100")
	}
	if c.num("timeout") < 0 {
		return departs("timeout must not be negative")
	}
	return checkAllowed(c)
}

func checkAllowed(c *call) *refusal {
	for _, name := range c.list("allowed_updates") {
		if !botAPI().updates[name.(string)] {
			return departs("unknown update type %q in allowed_updates", name)
		}
	}
	return nil
}

var secretText = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

func checkSetWebhook(c *call) *refusal {
	secret := c.str("secret_token")
	if len(secret) > 256 {
		return departs("secret token is too long")
	}
	if !secretText.MatchString(secret) {
		return departs("secret token contains unallowed characters")
	}
	if n := c.num("max_connections"); c.has("max_connections") && (n < 1 || n > 100) {
		return departs("max_connections must be between 1 and 100")
	}
	if address := c.str("url"); address != "" && !hookable(address) {
		return departs("bad webhook: An HTTPS URL must be provided for webhook")
	}
	return checkAllowed(c)
}

func checkAnswer(c *call) *refusal {
	if units(c.str("text")) > maxAnswer {
		return departs("MESSAGE_TOO_LONG")
	}
	if !utf8.ValidString(c.str("text")) {
		return departs("strings must be encoded in UTF-8")
	}
	return nil
}

var (
	commandText  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageText = regexp.MustCompile(`^([a-z]{2})?$`)
)

func checkLanguage(c *call) *refusal {
	if !languageText.MatchString(c.str("language_code")) {
		return departs("invalid language code specified")
	}
	return nil
}

func checkCommands(c *call) *refusal {
	list := c.list("commands")
	if len(list) > 100 {
		return departs("BOT_COMMANDS_TOO_MUCH")
	}
	for _, item := range list {
		v := item.(map[string]any)
		if !commandText.MatchString(v["command"].(string)) {
			return departs("BOT_COMMAND_INVALID")
		}
		description := strings.TrimSpace(v["description"].(string))
		if description == "" {
			return departs("command description must be non-empty")
		}
		if units(description) > 256 {
			return departs("command description length must not exceed 256")
		}
	}
	return checkLanguage(c)
}

// textRule bounds the length of one of the bot's own texts.
func textRule(name string, limit int) func(*call) *refusal {
	return func(c *call) *refusal {
		if units(c.str(name)) > limit {
			return departs("%s length must not exceed %d", strings.ReplaceAll(name, "_", " "), limit)
		}
		return checkLanguage(c)
	}
}

func checkMenuButton(c *call) *refusal {
	v := c.object("menu_button")
	if v == nil || v["type"] != "web_app" {
		return nil
	}
	if text, _ := v["text"].(string); strings.TrimSpace(text) == "" {
		return departs("menu button text must be non-empty")
	}
	if address, _ := v["web_app"].(map[string]any)["url"].(string); !strings.HasPrefix(address, "https://") {
		return departs("menu button Web App URL '%s' is invalid: Only HTTPS links are allowed", address)
	}
	return nil
}

var chatActions = " typing upload_photo record_video upload_video record_voice upload_voice upload_document " +
	"choose_sticker find_location record_video_note upload_video_note "

func checkAction(c *call) *refusal {
	if action := c.str("action"); action == "" || !strings.Contains(chatActions, " "+action+" ") {
		return departs("wrong parameter action in request")
	}
	return nil
}

func checkPlace(c *call) *refusal {
	lat, lon := c.float("latitude"), c.float("longitude")
	if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
		return departs("wrong location specified")
	}
	if c.name == "sendVenue" && (c.str("title") == "" || c.str("address") == "") {
		return departs("title and address of a venue must be non-empty")
	}
	return nil
}

func checkContact(c *call) *refusal {
	switch {
	case c.str("phone_number") == "":
		return departs("phone number is empty")
	case c.str("first_name") == "":
		return departs("first name is empty")
	}
	return nil
}

func checkEdited(c *call) *refusal {
	if c.has("inline_message_id") {
		return nil
	}
	switch {
	case !c.has("chat_id"):
		return departs("chat_id is empty")
	case c.num("message_id") <= 0:
		return departs("message identifier is not specified")
	}
	return nil
}

func checkMessageIDs(c *call) *refusal {
	list := c.list("message_ids")
	if len(list) == 0 {
		return departs("message identifiers are not specified")
	}
	if len(list) > 100 {
		return departs("too many message identifiers specified")
	}
	for i, v := range list {
		if c.name != "deleteMessages" && i > 0 && v.(int64) <= list[i-1].(int64) {
			return departs("message identifiers must be in a strictly increasing order")
		}
	}
	return nil
}

func checkReaction(c *call) *refusal {
	list := c.list("reaction")
	if len(list) > 1 {
		return departs("REACTIONS_TOO_MANY")
	}
	for _, item := range list {
		v := item.(map[string]any)
		if v["type"] == "paid" {
			return departs("REACTION_INVALID")
		}
		if emoji, ok := v["emoji"].(string); ok && !strings.Contains(botAPI().reactions, `"`+emoji+`"`) {
			return departs("REACTION_INVALID")
		}
	}
	return nil
}
