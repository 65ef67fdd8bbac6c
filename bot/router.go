package bot

import (
	"fmt"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Request is one thing that a person did, inside the transaction in which its
// effect happens. What a handler changes in Contact.Dialogue is saved with it.
type Request struct {
	Tx      *storage.Tx
	Now     time.Time
	Contact *storage.Contact
	Event   Event

	toast *Toast
	emoji string
}

// Toast is the answer to a press: a line that fades, or an alert that stays.
type Toast struct {
	Text  string // at most 200 characters; empty only ends the waiting
	Alert bool
}

// Toast answers the press, once the transaction stands. Without it a press is
// answered silently.
func (r *Request) Toast(text string) { r.toast = &Toast{Text: text} }

// Alert answers the press with a window that the person must close.
func (r *Request) Alert(text string) { r.toast = &Toast{Text: text, Alert: true} }

// React puts an emoji below the person's message, once the transaction stands.
func (r *Request) React(emoji string) { r.emoji = emoji }

// Handler does what a person asked for. A *mahalla.Error refuses it: what the
// handler wrote is undone, and the person reads the refusal.
type Handler func(*Request) error

// Router finds the handler of an event. A command beats a button, and a button
// beats an open question.
type Router struct {
	commands map[string]Handler
	buttons  map[string]Handler
	steps    map[string]Handler
	groups   map[string]Handler
	captions map[string]func(*Request) bool
	barred   Handler
	spelling func(typed string) string
	events   map[EventKind]Handler
	refuse   func(*Request, *mahalla.Error) error
	sorry    Handler
}

// NewRouter makes a router that knows nothing yet. Refuse words a refusal,
// sorry tells a person that something broke and that their words are kept.
func NewRouter(refuse func(*Request, *mahalla.Error) error, sorry Handler) *Router {
	return &Router{
		commands: map[string]Handler{}, buttons: map[string]Handler{}, steps: map[string]Handler{}, groups: map[string]Handler{},
		captions: map[string]func(*Request) bool{}, events: map[EventKind]Handler{}, refuse: refuse, sorry: sorry,
	}
}

// Command registers a typed command, without its slash.
func (r *Router) Command(name string, h Handler) { register(r.commands, name, h) }

// Spelling tells which command a typed word means that is none itself; empty is none.
func (r *Router) Spelling(read func(typed string) string) { r.spelling = read }

// Captions names the commands that may be the caption of a picture, a video or a voice
// message, which goes with them. Barred refuses another one, or lets it be taken like any
// other caption; words that are no command always are.
func (r *Router) Captions(barred Handler, names ...string) {
	r.barred = barred
	r.CaptionsFor(func(*Request) bool { return true }, names...)
}

// CaptionsFor names those that may be a caption of some people only: from anybody else
// they are taken like one that may not.
func (r *Router) CaptionsFor(may func(*Request) bool, names ...string) {
	for _, name := range names {
		register(r.captions, name, may)
	}
}

// Group registers a command that is typed in a group. What it changes in a
// dialogue is not kept, and who typed it may be unknown: Contact is nil then.
func (r *Router) Group(name string, h Handler) { register(r.groups, name, h) }

// Button registers the verb of a press.
func (r *Router) Button(verb string, h Handler) { register(r.buttons, verb, h) }

// Step registers who hears the answer to a question of a flow.
func (r *Router) Step(flow string, h Handler) { register(r.steps, flow, h) }

// On registers who hears an event that nothing else claims.
func (r *Router) On(kind EventKind, h Handler) { register(r.events, kind, h) }

// register refuses doubles at start, where they are a mistake of ours.
func register[K comparable, V any](m map[K]V, key K, h V) {
	if _, taken := m[key]; taken {
		panic(fmt.Sprintf("bot: %v is registered twice", key))
	}
	m[key] = h
}

// Commands lists the registered commands, for tests and menus.
func (r *Router) Commands() []string {
	list := make([]string, 0, len(r.commands))
	for name := range r.commands {
		list = append(list, name)
	}
	return list
}

// Find gives the handler of a request; nil when nobody wants the event.
func (r *Router) Find(q *Request) Handler {
	r.spell(q)
	switch q.Event.Kind {
	case KindPress:
		if h, ok := r.buttons[q.Event.Press.Verb]; ok {
			return h
		}
		return r.events[KindPress]
	case KindGroup:
		return r.groups[q.Event.Command]
	case KindMessage:
		if q.Event.Media != nil && q.Event.Command != "" {
			if may := r.captions[q.Event.Command]; may == nil || !may(q) {
				return r.captioned(q)
			}
		}
		if h, ok := r.commands[q.Event.Command]; ok && q.Event.Command != "" {
			return h
		}
		if question := q.Contact.Dialogue.Question; question != nil && q.Event.Command == "" {
			if h, ok := r.steps[question.Flow]; ok {
				return h
			}
		}
	}
	return r.events[q.Event.Kind]
}

// spell reads a command that is written in another way than it is registered.
func (r *Router) spell(q *Request) {
	if q.Event.Command == "" || r.spelling == nil || r.commands[q.Event.Command] != nil || r.groups[q.Event.Command] != nil {
		return
	}
	if name := r.spelling(q.Event.Command); name != "" {
		q.Event.Command = name
	}
}

// captioned finds who hears a caption that looks like a command and is none that takes
// what was sent with it.
func (r *Router) captioned(q *Request) Handler {
	_, known := r.commands[q.Event.Command]
	q.Event.Command, q.Event.Args = "", ""
	next := r.Find(q)
	if !known || r.barred == nil || next == nil {
		return next
	}
	return func(q *Request) error {
		if err := r.barred(q); err != nil {
			return err
		}
		return next(q)
	}
}
