package bot

import (
	"bytes"
	"context"
	"errors"
	"path"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"koprik/mahalla"
	"koprik/storage"
)

// mostFile bounds a file: what is larger is a mistake of whoever made it.
// Telegram would take 50 MB.
const mostFile = 10 << 20

// endings are the kinds of files that are sent. Telegram, and every phone after
// it, knows a file by the ending of its name.
var endings = map[string]string{
	"application/pdf": ".pdf",
	"text/calendar":   ".ics",
	"text/csv":        ".csv",
}

// filed takes over the file of a screen. Its text becomes the caption; if the
// file is not to be had, all of the text goes, with the words for that.
func (d *drawing) filed(s mahalla.Screen) error {
	f := s.File
	ending, known := endings[f.MIME]
	if len(s.Media) > 0 || s.Picture != nil || f.Make == nil || f.Name == ending || path.Ext(f.Name) != ending || !known {
		return undrawable(BadMedia)
	}
	if f.Missing == "" {
		return undrawable(Empty)
	}
	d.file, d.text = f, cutHTML(s.Text, mostCaption)
	d.instead = cutHTML(s.Text, mostText-shown(f.Missing)-1) + "\n" + f.Missing
	return checkText(s.Text)
}

// compose makes the file. As with a picture, nothing may wait for it.
func (d *drawing) compose() error {
	if d.file == nil {
		return nil
	}
	err := storage.Safely(func() (err error) {
		d.made, err = d.file.Make()
		return err
	})
	if err == nil && (len(d.made) == 0 || len(d.made) > mostFile) {
		err = errors.New("bot: a file is empty, or too large")
	}
	if err != nil {
		d.unfiled()
	}
	return err
}

// unfiled lets the message go without its file, and say so.
func (d *drawing) unfiled() { d.made, d.text = nil, d.instead }

// compose makes the file of a drawing. A message whose file cannot be made goes
// without it, and says so.
func (s *Sender) compose(d *drawing, m storage.Message) {
	if err := d.compose(); err != nil {
		s.o.Log.Error("a file cannot be made", "message", m.ID, "kind", m.Kind, "error", storage.Loggable(err))
	}
}

// sendFile uploads a file with its caption.
func (c *Client) sendFile(ctx context.Context, chat int64, d drawing) (*models.Message, error) {
	return c.tg.SendDocument(ctx, &tg.SendDocumentParams{
		ChatID: chat, Document: &models.InputFileUpload{Filename: d.file.Name, Data: bytes.NewReader(d.made)},
		Caption: d.text, ParseMode: models.ParseModeHTML, DisableContentTypeDetection: true,
		DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
	})
}
