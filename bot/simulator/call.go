package simulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// call is one request of the bot, checked and prepared before any lock.
type call struct {
	name   string
	method *method
	params map[string]any
	raw    *rawParams
	chatID int64

	text    *formatted // text or caption
	markup  *markup
	media   []mediaItem
	replyTo int
	used    map[string]bool // attachments that something refers to
	madeID  int             // message made or changed
}

func (c *call) str(name string) string { v, _ := c.params[name].(string); return v }
func (c *call) num(name string) int64  { v, _ := c.params[name].(int64); return v }
func (c *call) yes(name string) bool   { v, _ := c.params[name].(bool); return v }
func (c *call) has(name string) bool   { _, ok := c.params[name]; return ok }
func (c *call) msg() int               { return int(c.num("message_id")) }

func (c *call) float(name string) float64 { v, _ := c.params[name].(float64); return v }

func (c *call) object(name string) map[string]any { v, _ := c.params[name].(map[string]any); return v }
func (c *call) list(name string) []any            { v, _ := c.params[name].([]any); return v }

// handler changes the state under the lock and gives what the bot is told.
type handler func(*Server, *call) (any, *refusal)

// handlerTable is the methods that work, by lower-case name. Any other method
// of the Bot API is checked and then answered with 501.
func handlerTable() map[string]handler {
	return map[string]handler{
		"getme":                  (*Server).getMe,
		"setwebhook":             (*Server).setWebhook,
		"deletewebhook":          (*Server).deleteWebhook,
		"getwebhookinfo":         (*Server).getWebhookInfo,
		"sendmessage":            (*Server).sendContent,
		"sendphoto":              (*Server).sendContent,
		"sendvideo":              (*Server).sendContent,
		"sendvoice":              (*Server).sendContent,
		"sendvideonote":          (*Server).sendContent,
		"senddocument":           (*Server).sendContent,
		"sendaudio":              (*Server).sendContent,
		"sendanimation":          (*Server).sendContent,
		"sendlocation":           (*Server).sendContent,
		"sendvenue":              (*Server).sendContent,
		"sendcontact":            (*Server).sendContent,
		"sendmediagroup":         (*Server).sendMediaGroup,
		"sendchataction":         (*Server).sendChatAction,
		"copymessage":            (*Server).copyMessage,
		"copymessages":           (*Server).copyMessages,
		"forwardmessage":         (*Server).forwardMessage,
		"editmessagetext":        (*Server).editText,
		"editmessagecaption":     (*Server).editCaption,
		"editmessagereplymarkup": (*Server).editMarkup,
		"editmessagemedia":       (*Server).editMedia,
		"deletemessage":          (*Server).deleteMessage,
		"deletemessages":         (*Server).deleteMessages,
		"answercallbackquery":    (*Server).answerCallbackQuery,
		"setmessagereaction":     (*Server).setMessageReaction,
		"pinchatmessage":         (*Server).pinChatMessage,
		"setmycommands":          (*Server).setMyCommands,
		"getmycommands":          (*Server).getMyCommands,
		"deletemycommands":       (*Server).deleteMyCommands,
		"setmyname":              (*Server).setMyText,
		"setmydescription":       (*Server).setMyText,
		"setmyshortdescription":  (*Server).setMyText,
		"getmyname":              (*Server).getMyText,
		"getmydescription":       (*Server).getMyText,
		"getmyshortdescription":  (*Server).getMyText,
		"setchatmenubutton":      (*Server).setChatMenuButton,
		"getchatmenubutton":      (*Server).getChatMenuButton,
		"getfile":                (*Server).getFile,
		"getchat":                (*Server).getChat,
		"getchatmember":          (*Server).getChatMember,
		"leavechat":              (*Server).leaveChat,
	}
}

// serveBot answers <token>/<method>.
func (s *Server) serveBot(w http.ResponseWriter, r *http.Request, path string) {
	token, name, ok := strings.Cut(path, "/")
	if !ok || token != s.cfg.Token {
		writeRefusal(w, &refusal{status: 401, description: "Unauthorized"})
		return
	}
	c := &call{name: name, params: map[string]any{}}
	raw, err := readParams(r)
	if err != nil {
		if r.Context().Err() != nil {
			return // the client went away while sending
		}
		bad := departs("%v", err)
		s.record(c, bad)
		writeRefusal(w, bad)
		return
	}
	bad := c.check(raw)
	if c.name == "getUpdates" {
		s.servePoll(w, r, c, bad)
		return
	}
	s.serveCall(w, r, c, bad)
}

// check fills the call from its raw parameters.
func (c *call) check(raw *rawParams) *refusal {
	c.method = botAPI().methods[strings.ToLower(c.name)]
	if c.method == nil {
		return &refusal{status: 404, description: "Not Found", departure: true}
	}
	c.name = c.method.name
	params, bad := checkParams(c.method, raw)
	if bad != nil {
		return bad
	}
	c.params, c.raw = params, raw
	c.chatID = c.num("chat_id")
	return c.prepare()
}

// serveCall runs a call with the latency and the faults that are set.
func (s *Server) serveCall(w http.ResponseWriter, r *http.Request, c *call, bad *refusal) {
	latency, decide := s.trouble()
	if latency > 0 && !s.pause(r.Context(), latency) {
		return
	}
	fault := decide(c)
	if bad == nil && fault != nil && !fault.LoseAnswer {
		s.serveFault(w, r, c, fault)
		return
	}
	result, bad := s.run(c, bad)
	if fault != nil && fault.LoseAnswer {
		cut(w)
		return
	}
	if bad != nil {
		writeRefusal(w, bad)
		return
	}
	writeResult(w, result)
}

// run carries the call out and keeps it in the log.
func (s *Server) run(c *call, bad *refusal) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var result any
	if bad == nil {
		if handle := s.handlers[strings.ToLower(c.name)]; handle != nil {
			result, bad = handle(s, c)
		} else {
			bad = &refusal{status: 501, description: "Not Implemented: the simulator does not do " + c.name}
		}
	}
	s.log(c, bad)
	return result, bad
}

// record keeps a call that was refused before it was understood.
func (s *Server) record(c *call, bad *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log(c, bad)
}

func writeResult(w http.ResponseWriter, result any) {
	body, err := json.Marshal(result)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeOK(w, body)
}

func writeOK(w http.ResponseWriter, result []byte) {
	out := make([]byte, 0, len(result)+24)
	out = append(out, `{"ok":true,"result":`...)
	out = append(out, result...)
	out = append(out, '}')
	w.Header()["Content-Type"] = jsonType
	respond(w, out)
}

// respond writes a body; a client that is gone by now is no concern of ours.
func respond(w http.ResponseWriter, body []byte) { _, _ = w.Write(body) }

var jsonType = []string{"application/json"}

func writeRefusal(w http.ResponseWriter, bad *refusal) {
	type parameters struct {
		RetryAfter int `json:"retry_after"`
	}
	answer := struct {
		OK          bool        `json:"ok"`
		ErrorCode   int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{ErrorCode: bad.status, Description: bad.description}
	if bad.retryAfter > 0 {
		answer.Parameters = &parameters{RetryAfter: bad.retryAfter}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(bad.status)
	respond(w, body)
}

func parseID(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
