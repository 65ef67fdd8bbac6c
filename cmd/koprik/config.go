package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"

	"koprik/handlers/web"
)

// config is what the environment says. An empty variable is the same as none,
// and every secret may stand in a file that NAME_FILE names.
type config struct {
	Token         string     `env:"TELEGRAM_TOKEN"`
	APIURL        string     `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	Mode          string     `env:"TELEGRAM_MODE" envDefault:"poll"`
	WebhookURL    string     `env:"WEBHOOK_URL"`
	WebhookSecret string     `env:"WEBHOOK_SECRET"`
	DatabaseURL   string     `env:"DATABASE_URL"`
	RedisURL      string     `env:"REDIS_URL"`
	DataDir       string     `env:"DATA_DIR" envDefault:"./data"`
	KeyFile       string     `env:"KEY_FILE"`
	PublicURL     string     `env:"PUBLIC_URL"`
	HTTPAddr      string     `env:"HTTP_ADDR" envDefault:"127.0.0.1:8080"`
	LogLevel      slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	NoLimits      bool       `env:"TELEGRAM_NO_LIMITS"`
}

// configError names one wrong variable: what was wrong, and an example. It
// never holds the value of a secret.
type configError struct{ name, wrong, example string }

func (e *configError) Error() string {
	return fmt.Sprintf("%s %s, for example %s=%s", e.name, e.wrong, e.name, e.example)
}

// readConfig reads the environment.
func readConfig(environ []string) (config, error) {
	vars, err := variables(environ)
	if err != nil {
		return config{}, err
	}
	var c config
	if err := env.ParseWithOptions(&c, env.Options{Environment: vars}); err != nil {
		return config{}, explain(err)
	}
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.DataDir, "keys.json")
	}
	return c, c.check()
}

// variables drops empty ones and follows NAME_FILE to its file.
func variables(environ []string) (map[string]string, error) {
	vars := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if vars[name] = value; value == "" {
			delete(vars, name)
		}
	}
	for _, name := range []string{"TELEGRAM_TOKEN", "WEBHOOK_SECRET", "DATABASE_URL", "REDIS_URL"} {
		path := vars[name+"_FILE"]
		switch {
		case path == "":
			continue
		case vars[name] != "":
			return nil, &configError{name, "is set, and " + name + "_FILE too: unset one of them", ""}
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, &configError{name + "_FILE", "names a file that cannot be read" + why(err), "/run/secrets/" + strings.ToLower(name)}
		}
		if value := strings.TrimSpace(string(raw)); value != "" {
			vars[name] = value
		}
	}
	return vars, nil
}

// explain turns the library's report into one line without values.
func explain(err error) error {
	var parse env.ParseError
	if errors.As(err, &parse) {
		switch parse.Name {
		case "LogLevel":
			return &configError{"LOG_LEVEL", "is not one of debug, info, warn, error", "info"}
		case "NoLimits":
			return &configError{"TELEGRAM_NO_LIMITS", "is neither true nor false", "false"}
		}
	}
	return errors.New("the environment cannot be read")
}

// officialAPI is Telegram's own server.
const officialAPI = "https://api.telegram.org"

// errPlainWebhook says what Telegram wants of a webhook.
var errPlainWebhook = &configError{"WEBHOOK_URL", "must be https: Telegram posts updates to nothing else", "https://koprik.example.uz"}

// inUse is the complaint about HTTP_ADDR where nobody can listen there; the next
// port may be free.
func (c config) inUse() error {
	example := "127.0.0.1:8081"
	if host, port, err := net.SplitHostPort(c.HTTPAddr); err == nil {
		if n, err := strconv.Atoi(port); err == nil && n > 0 && n < 65535 {
			example = net.JoinHostPort(host, strconv.Itoa(n+1))
		}
	}
	return &configError{"HTTP_ADDR", "cannot be listened on: it is in use, or not ours", example}
}

// check looks at what can be wrong without asking anybody.
func (c config) check() error {
	if !address(c.APIURL, "http", "https") || !bare(c.APIURL) {
		return &configError{"TELEGRAM_API_URL", "is not an address", "https://api.telegram.org"}
	}
	if err := c.checkWebhook(); err != nil {
		return err
	}
	if c.PublicURL != "" && (!bare(c.PublicURL) || !address(c.PublicURL, "https") && !nearby(c.PublicURL)) {
		return &configError{"PUBLIC_URL", "is not an https address", "https://koprik.example.uz"}
	}
	if c.DatabaseURL != "" && !address(c.DatabaseURL, "postgres", "postgresql") {
		return &configError{"DATABASE_URL", "is not an address of PostgreSQL", "postgres://koprik@localhost:5432/koprik"}
	}
	if c.RedisURL != "" && !address(c.RedisURL, "redis", "rediss", "unix") {
		return &configError{"REDIS_URL", "is not an address of Redis", "redis://localhost:6379/0"}
	}
	_, port, err := net.SplitHostPort(c.HTTPAddr)
	if err != nil || port == "" {
		return &configError{"HTTP_ADDR", "has no port", "127.0.0.1:8080"}
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return &configError{"HTTP_ADDR", "has no port from 1 to 65535", "127.0.0.1:8080"}
	}
	return nil
}

// checkWebhook looks at the webhook's settings in every mode: a wrong one would
// else come to light only on the day when somebody changes the mode.
func (c config) checkWebhook() error {
	hooked := c.Mode == "webhook"
	switch {
	case !hooked && c.Mode != "poll":
		return &configError{"TELEGRAM_MODE", "is neither poll nor webhook", "poll"}
	case hooked && c.WebhookURL == "":
		return &configError{"WEBHOOK_URL", "is missing, and TELEGRAM_MODE is webhook", "https://koprik.example.uz"}
	case c.WebhookURL != "" && !address(c.WebhookURL, "http", "https"):
		return &configError{"WEBHOOK_URL", "is not an address", "https://koprik.example.uz"}
	case c.WebhookURL != "" && c.APIURL == officialAPI && !address(c.WebhookURL, "https"):
		return errPlainWebhook
	case hooked && c.WebhookSecret == "":
		return &configError{"WEBHOOK_SECRET", "is missing, and TELEGRAM_MODE is webhook", "$(openssl rand -hex 24)"}
	case c.WebhookSecret != "" && !secret(c.WebhookSecret):
		return &configError{"WEBHOOK_SECRET", "is not 16 to 256 of A-Z a-z 0-9 _ -", "$(openssl rand -hex 24)"}
	}
	return nil
}

// unused warns of what is set and has no effect.
func (c config) unused(log *slog.Logger) {
	if c.Mode == "poll" && c.WebhookURL != "" {
		log.Warn("WEBHOOK_URL is set and not used, for TELEGRAM_MODE is poll")
	}
}

// webhookAddress is where Telegram posts updates: WEBHOOK_URL, with a path of
// our own where it has none.
func (c config) webhookAddress() string {
	u, err := url.Parse(c.WebhookURL)
	if err != nil {
		return c.WebhookURL
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = web.WebhookPath
	}
	return u.String()
}

// webhookPath is the path of webhookAddress on our own server.
func (c config) webhookPath() string {
	u, err := url.Parse(c.webhookAddress())
	if err != nil || u.Path == "" {
		return web.WebhookPath
	}
	return u.Path
}

// tokenForm is what every token of @BotFather looks like.
var tokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$`)

// needToken is asked where the bot must talk to Telegram.
func (c config) needToken() error {
	if !tokenForm.MatchString(c.Token) {
		return &configError{"TELEGRAM_TOKEN", "is missing or not a token of @BotFather", "123456789:AAF…"}
	}
	return nil
}

func address(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme && (u.Host != "" || u.Path != "") {
			return true
		}
	}
	return false
}

// bare tells whether an address has a host, and no password or question.
func bare(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.User == nil && u.RawQuery == ""
}

// nearby tells whether an address is one of this machine: only there may secrets
// travel in the clear.
func nearby(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}

func secret(s string) bool {
	return len(s) >= 16 && len(s) <= 256 &&
		strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}
