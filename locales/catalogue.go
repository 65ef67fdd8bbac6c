package locales

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"koprik/mahalla"
)

// Catalogue holds every message in every language.
type Catalogue struct {
	localizers map[mahalla.Language]*i18n.Localizer
	keys       map[mahalla.Language][]string
	parser     template.Parser
}

// Load reads the message files inside the program. It fails when a file cannot
// be read, a message is empty, a template does not parse, or a word that the
// dates need is missing. That every language has every key is proved by a test,
// not here, so that a message missing in one language stops one answer and not
// the program.
func Load() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.Make(string(mahalla.UzLatn)))
	c := &Catalogue{
		localizers: make(map[mahalla.Language]*i18n.Localizer),
		keys:       make(map[mahalla.Language][]string),
		parser:     fillers{},
	}
	for _, lang := range mahalla.Languages() {
		messages, err := c.read(lang)
		if err != nil {
			return nil, err
		}
		if err := bundle.AddMessages(language.Make(string(lang)), messages...); err != nil {
			return nil, fmt.Errorf("locales: %s: %w", lang, err)
		}
		for _, m := range messages {
			c.keys[lang] = append(c.keys[lang], m.ID)
		}
		slices.Sort(c.keys[lang])
	}
	for _, lang := range mahalla.Languages() {
		c.localizers[lang] = i18n.NewLocalizer(bundle, string(lang))
	}
	return c, c.proveDates()
}

// read parses the message file of a language and every template in it.
func (c *Catalogue) read(lang mahalla.Language) ([]*i18n.Message, error) {
	name := messageFile(lang)
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	file, err := i18n.ParseMessageFileBytes(data, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return nil, fmt.Errorf("locales: %s: %w", name, err)
	}
	for _, m := range file.Messages {
		if err := c.prepare(m, lang); err != nil {
			return nil, fmt.Errorf("locales: %s: %q: %w", name, m.ID, err)
		}
	}
	return file.Messages, nil
}

// messageFile returns the name of the embedded file of a language.
func messageFile(lang mahalla.Language) string { return "text/active." + string(lang) + ".toml" }

// prepare trims the forms of a message and checks them. In Uzbek a noun stays
// singular after a number, so a message without "one" takes "other" for it.
func (c *Catalogue) prepare(m *i18n.Message, lang mahalla.Language) error {
	for _, form := range forms(m) {
		*form = strings.TrimRight(*form, "\n")
		if _, err := c.parser.Parse(*form, "", ""); err != nil {
			return err
		}
	}
	if m.Other == "" {
		return fmt.Errorf("no text")
	}
	if m.One == "" && lang != mahalla.Ru {
		m.One = m.Other
	}
	return nil
}

// forms lists the plural forms that our languages have.
func forms(m *i18n.Message) []*string { return []*string{&m.One, &m.Few, &m.Many, &m.Other} }

// Text renders a message. An argument is inserted as it is: what a person wrote
// is escaped by the caller. It is an error when the language, the key or an
// argument that the message names is missing, or when an argument is nil.
func (c *Catalogue) Text(lang mahalla.Language, key string, args map[string]any) (string, error) {
	return c.render(lang, &i18n.LocalizeConfig{MessageID: key, TemplateData: args})
}

// Plural renders the form of a message for the number n, which the message
// names as {{.n}}. Otherwise it is like Text.
func (c *Catalogue) Plural(lang mahalla.Language, key string, n int, args map[string]any) (string, error) {
	data := make(map[string]any, len(args)+1)
	maps.Copy(data, args)
	data["n"] = n
	return c.render(lang, &i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: n})
}

// render asks go-i18n, which keeps each template once it is parsed.
func (c *Catalogue) render(lang mahalla.Language, lc *i18n.LocalizeConfig) (string, error) {
	localizer := c.localizers[lang]
	if localizer == nil {
		return "", fmt.Errorf("locales: no language %q", lang)
	}
	for name, value := range lc.TemplateData.(map[string]any) {
		if value == nil {
			return "", fmt.Errorf("locales: %s %q: argument %q is nil", lang, lc.MessageID, name)
		}
	}
	lc.TemplateParser = c.parser
	text, err := localizer.Localize(lc)
	if err != nil {
		// go-i18n also returns a text of another language; half a truth is worse than an error.
		return "", fmt.Errorf("locales: %s %q: %w", lang, lc.MessageID, err)
	}
	return text, nil
}

// Keys returns the keys that a language has, sorted.
func (c *Catalogue) Keys(lang mahalla.Language) []string { return slices.Clone(c.keys[lang]) }
