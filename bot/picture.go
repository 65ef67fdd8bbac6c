package bot

import (
	"bytes"
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"koprik/mahalla"
	"koprik/storage"
)

// pictured takes over the picture of a screen. Its text becomes the caption; a
// message is either a picture or media that Telegram has already.
func (d *drawing) pictured(s mahalla.Screen) error {
	if len(s.Media) > 0 {
		return undrawable(BadMedia)
	}
	d.paint, d.text = s.Picture, cutHTML(s.Text, mostCaption)
	return checkText(d.text)
}

// develop paints the picture. It takes some time, and neither a connection nor
// a call may wait for it.
func (d *drawing) develop() error {
	if d.paint == nil {
		return nil
	}
	return storage.Safely(func() (err error) {
		d.picture, err = d.paint()
		return err
	})
}

// paint develops a drawing. A message whose picture cannot be painted goes
// without it: the text says the same.
func (s *Sender) paint(d *drawing, m storage.Message) {
	if err := d.develop(); err != nil {
		s.o.Log.Error("a picture cannot be painted", "message", m.ID, "kind", m.Kind, "error", storage.Loggable(err))
	}
}

// sendPicture uploads a picture with its caption.
func (c *Client) sendPicture(ctx context.Context, chat int64, d drawing) (*models.Message, error) {
	return c.tg.SendPhoto(ctx, &tg.SendPhotoParams{
		ChatID: chat, Photo: &models.InputFileUpload{Filename: "picture.png", Data: bytes.NewReader(d.picture)},
		Caption: d.text, ParseMode: models.ParseModeHTML,
		DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
	})
}
