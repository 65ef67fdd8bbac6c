package simulator_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"koprik/bot/simulator"
)

// TestAnUnmodifiedClientLibraryWorks drives github.com/go-telegram/bot, with
// its own long poll, through what a bot does most.
func TestAnUnmodifiedClientLibraryWorks(t *testing.T) {
	s := simulator.New(simulator.Config{})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	u := s.AddPerson(simulator.Person{Key: "resident", FirstName: "Aziza", Language: "uz"})

	var failed error
	must := func(err error) {
		if err != nil && failed == nil {
			failed = err
		}
	}
	b, err := bot.New(s.Token(), bot.WithServerURL(server.URL), bot.WithDefaultHandler(
		func(ctx context.Context, b *bot.Bot, update *models.Update) {
			switch {
			case update.CallbackQuery != nil:
				q := update.CallbackQuery
				_, err := b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: "Rahmat"})
				must(err)
				_, err = b.EditMessageText(ctx, &bot.EditMessageTextParams{
					ChatID: q.Message.Message.Chat.ID, MessageID: q.Message.Message.ID, Text: "<b>Qabul qilindi</b>", ParseMode: models.ParseModeHTML,
				})
				must(err)
			case update.Message != nil && len(update.Message.Photo) > 0:
				id := update.Message.Photo[len(update.Message.Photo)-1].FileID
				_, err := b.SendMediaGroup(ctx, &bot.SendMediaGroupParams{ChatID: update.Message.Chat.ID, Media: []models.InputMedia{
					&models.InputMediaPhoto{Media: id, Caption: "<i>1</i>", ParseMode: models.ParseModeHTML}, &models.InputMediaPhoto{Media: id},
				}})
				must(err)
			case update.Message != nil:
				_, err := b.SendMessage(ctx, &bot.SendMessageParams{
					ChatID: update.Message.Chat.ID, Text: "Salom", ProtectContent: true,
					ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{
						{Text: "Qabul qildim", CallbackData: "accept"},
					}}},
				})
				must(err)
			}
		}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.SetMyCommands(ctx, &bot.SetMyCommandsParams{
		Commands: []models.BotCommand{{Command: "start", Description: "Boshlash"}}, LanguageCode: "uz",
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	polling, stop := context.WithCancel(ctx)
	go func() { defer close(done); b.Start(polling) }()
	defer func() { stop(); <-done }()

	wait := func(what string, cond func() bool) {
		t.Helper()
		if err := s.Wait(ctx, cond); err != nil {
			t.Fatalf("%s: %v\n%s\n%v", what, err, s.Transcript(), s.Departures())
		}
	}
	u.Start("")
	wait("greeting", func() bool { return u.Received() == 1 })
	if _, err := u.PressLast("Qabul"); err != nil {
		t.Fatal(err)
	}
	wait("answer and edit", func() bool {
		return len(s.Unanswered()) == 0 && u.Messages()[1].Text == "Qabul qilindi"
	})
	u.Photo("chiroq")
	wait("album", func() bool { return u.Received() == 3 })

	if got := s.Departures(); len(got) != 0 {
		t.Errorf("departures %q, want none", got)
	}
	if failed != nil {
		t.Error(failed)
	}
	last := u.Messages()
	if a, b := last[len(last)-2], last[len(last)-1]; a.AlbumID == "" || a.AlbumID != b.AlbumID || a.Text != "1" {
		t.Errorf("album of the bot: got %+v and %+v", a, b)
	}
	if got := u.Commands(); len(got) != 1 || got[0].Description != "Boshlash" {
		t.Errorf("command menu: got %v", got)
	}
	if got := u.Rings(); got != 2 {
		t.Errorf("rings: got %d, want 2", got)
	}
}
