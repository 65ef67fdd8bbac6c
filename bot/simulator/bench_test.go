package simulator

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
)

// multipartBody is a form as github.com/go-telegram/bot writes it.
func multipartBody(tb testing.TB, fields ...string) ([]byte, string) {
	tb.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes(), w.FormDataContentType()
}

func BenchmarkSendMessageWithKeyboard(b *testing.B) {
	s := New(Config{KeepLog: 1000, KeepMessages: 100})
	defer s.Close()
	s.AddPerson(Person{Key: "resident", ID: 42}).Start("")
	body, contentType := multipartBody(b,
		"chat_id", "42", "parse_mode", "HTML", "text", "<b>№ 1024</b> Yoʻl chirogʻi yonmayapti\n<i>Muddat: 3 kun</i> &amp; nazorat",
		"reply_markup", `{"inline_keyboard":[[{"text":"Qabul qildim","callback_data":"a:1024:3:Zm9vYmFyYmF6","style":"success"},`+
			`{"text":"Rad etish","callback_data":"r:1024:3:Zm9vYmFyYmF6"}],[{"text":"Batafsil","url":"https://example.org/r/1024"}]]}`)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		r := httptest.NewRequest(http.MethodPost, "/bot"+s.Token()+"/sendMessage", bytes.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body.String())
		}
	}
}

func BenchmarkGetUpdatesOf100(b *testing.B) {
	s := New(Config{KeepLog: 1000, KeepMessages: 100})
	defer s.Close()
	u := s.AddPerson(Person{Key: "resident", ID: 42})
	u.Start("")
	for range 150 {
		u.Text("salom")
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		r := httptest.NewRequest(http.MethodGet, "/bot"+s.Token()+"/getUpdates?limit=100", nil)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body.String())
		}
	}
}

func BenchmarkPersonWrites(b *testing.B) {
	s := New(Config{KeepLog: 1000, KeepMessages: 100})
	defer s.Close()
	u := s.AddPerson(Person{Key: "resident", ID: 42})
	u.Start("")
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		u.Text("salom")
	}
}

// BenchmarkSendMessageFromManyClients is the same over real connections.
func BenchmarkSendMessageFromManyClients(b *testing.B) {
	s := New(Config{KeepLog: 1000, KeepMessages: 100})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	s.AddPerson(Person{Key: "resident", ID: 42}).Start("")
	body, contentType := multipartBody(b, "chat_id", "42", "text", "salom")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			answer, err := client.Post(server.URL+"/bot"+s.Token()+"/sendMessage", contentType, bytes.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				b.Error(err)
			}
			answer.Body.Close()
		}
	})
}
