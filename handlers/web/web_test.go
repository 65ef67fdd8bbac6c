package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"koprik/handlers/web"
)

// said answers everything with a word and the method.
func said(word string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(word + " " + r.Method)) })
}

func ready(err error) func(context.Context) error {
	return func(ctx context.Context) error {
		if _, bounded := ctx.Deadline(); !bounded {
			return errors.New("the question has no end")
		}
		return err
	}
}

func TestEveryPathAnswersItsMethodsOnly(t *testing.T) {
	t.Parallel()
	fine := web.Options{Ready: ready(nil), Metrics: said("metrics"), Webhook: said("webhook"), Path: web.WebhookPath}
	broken := fine
	broken.Ready = ready(errors.New("postgres at 10.0.0.1 is away"))
	alone := fine
	alone.Ready = ready(web.NotReady("telegram"))
	hidden := fine
	hidden.Path = "/bots/koprik"
	polling := fine
	polling.Webhook = nil
	for _, test := range []struct {
		name, method, path string
		options            web.Options
		status             int
		body               string
	}{
		{"alive", "GET", "/healthz", fine, 200, "alive\n"},
		{"alive without a body", "HEAD", "/healthz", fine, 200, ""},
		{"alive, though not ready", "GET", "/healthz", broken, 200, "alive\n"},
		{"life takes nothing", "POST", "/healthz", fine, 405, "Method Not Allowed\n"},
		{"ready", "GET", "/readyz", fine, 200, "ready\n"},
		{"not ready, without the cause", "GET", "/readyz", broken, 503, "not ready\n"},
		{"not ready, with the word for it", "GET", "/readyz", alone, 503, "not ready: telegram\n"},
		{"readiness takes nothing", "DELETE", "/readyz", fine, 405, "Method Not Allowed\n"},
		{"metrics", "GET", "/metrics", fine, 200, "metrics GET"},
		{"metrics take nothing", "POST", "/metrics", fine, 405, "Method Not Allowed\n"},
		{"an update", "POST", web.WebhookPath, fine, 200, "webhook POST"},
		{"the webhook refuses by itself", "GET", web.WebhookPath, fine, 200, "webhook GET"},
		{"nothing below the webhook", "POST", web.WebhookPath + "/x", fine, 404, "404 page not found\n"},
		{"an update at a path of its own", "POST", "/bots/koprik", hidden, 200, "webhook POST"},
		{"nothing at the usual path then", "POST", web.WebhookPath, hidden, 404, "404 page not found\n"},
		{"no webhook when polling", "POST", web.WebhookPath, polling, 404, "404 page not found\n"},
		{"nothing at the root", "GET", "/", fine, 404, "404 page not found\n"},
		{"nothing elsewhere", "GET", "/debug/pprof/", fine, 404, "404 page not found\n"},
		{"nothing above", "GET", "/../etc/passwd", fine, 307, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			answer := httptest.NewRecorder()
			web.Handler(test.options).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), test.method, test.path, nil))
			body := answer.Body.String()
			if test.status == 307 {
				body = "" // a link for a person
			}
			if test.method == "HEAD" {
				body = "" // the server leaves it out
			}
			if answer.Code != test.status || body != test.body {
				t.Errorf("got %d %q, want %d %q", answer.Code, body, test.status, test.body)
			}
			if strings.Contains(answer.Body.String(), "10.0.0.1") {
				t.Errorf("the answer names a host: %q", answer.Body)
			}
		})
	}
}

func TestTheServerBoundsEveryClient(t *testing.T) {
	t.Parallel()
	s := web.Server(said("x"))
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("got %v, %v, %v, %d, want each bounded", s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout, s.MaxHeaderBytes)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = s
	server.Start()
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err != nil || answer.StatusCode != 200 {
		t.Fatalf("got %v, %v", answer, err)
	}
	_ = answer.Body.Close()
}
