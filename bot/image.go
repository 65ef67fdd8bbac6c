package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	paint "image/draw"
	"image/jpeg"
	_ "image/png" // is read too
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"koprik/mahalla"
	"koprik/storage"
)

// Telegram takes what a photo's file says besides the picture out of photos, but
// not out of files. So a picture that was sent as a file is read here and made
// anew: where, when and with what it was taken is in no file that goes on.

// Bounds of such a picture. What is larger is a mistake, or meant to exhaust us.
const (
	mostImageFile   = 10 << 20
	mostImagePixels = 24 << 20
	mostImageSides  = 10000 // of width and height together, and mostImageRatio of one to the other
	mostImageRatio  = 20
	imageQuality    = 88
)

// imageTypes are the files that are read.
var imageTypes = []string{"image/jpeg", "image/png"}

// imageFile tells whether a file is a picture that can be made anew.
func imageFile(f *file) bool {
	return f != nil && slices.Contains(imageTypes, f.Type) && f.Size <= mostImageFile
}

// sendImage makes a picture anew and sends it as a photo.
func (c *Client) sendImage(ctx context.Context, chat int64, d drawing, m mahalla.Media) (*models.Message, error) {
	select { // one at a time: a picture takes much room
	case c.images <- struct{}{}:
		defer func() { <-c.images }()
	case <-ctx.Done():
		return nil, &Failure{Method: "image", Kind: Temporary, Cause: TimedOut}
	}
	raw, failure := c.fetch(ctx, m.File)
	if failure != nil {
		return nil, failure
	}
	fresh, err := anew(raw)
	if err != nil {
		return nil, undrawable(BadMedia)
	}
	return c.tg.SendPhoto(ctx, &tg.SendPhotoParams{
		ChatID: chat, Photo: &models.InputFileUpload{Filename: "image.jpg", Data: bytes.NewReader(fresh)}, Caption: m.Caption,
		DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
	})
}

// anew is the same picture in a file of our own.
func anew(raw []byte) ([]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	long, short := max(config.Width, config.Height), min(config.Width, config.Height)
	if short <= 0 || long+short > mostImageSides || long > mostImageRatio*short || long*short > mostImagePixels {
		return nil, undrawable(BadMedia)
	}
	var fresh bytes.Buffer
	err = storage.Safely(func() error { // readers of pictures have been known to panic
		read, _, err := image.Decode(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		plain := image.NewRGBA(image.Rect(0, 0, read.Bounds().Dx(), read.Bounds().Dy()))
		paint.Draw(plain, plain.Bounds(), image.NewUniform(color.White), image.Point{}, paint.Src)
		paint.Draw(plain, plain.Bounds(), read, read.Bounds().Min, paint.Over)
		return jpeg.Encode(&fresh, plain, &jpeg.Options{Quality: imageQuality})
	})
	return fresh.Bytes(), err
}

// filePath is how Telegram names a file: nothing that leads elsewhere.
var filePath = regexp.MustCompile(`^[A-Za-z0-9_-]+(/[A-Za-z0-9_.-]+)+$`)

// fetch reads a file that somebody sent.
func (c *Client) fetch(ctx context.Context, id string) ([]byte, *Failure) {
	result, failure := c.transport.post(ctx, c.base, "getFile", struct {
		File string `json:"file_id"`
	}{id}, callTimeout, mostReply)
	if failure != nil {
		return nil, failure
	}
	var found struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := json.Unmarshal(result, &found); err != nil {
		return nil, &Failure{Method: "getFile", Kind: Temporary, Cause: Garbage}
	}
	if found.Size > mostImageFile || !filePath.MatchString(found.Path) || strings.Contains(found.Path, "..") {
		return nil, undrawable(BadMedia)
	}
	return c.transport.file(ctx, c.base, found.Path)
}

// file reads a file by its path. A redirection is not followed.
func (t *transport) file(ctx context.Context, base, path string) ([]byte, *Failure) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/file/bot"+t.token+"/"+path, nil)
	if err != nil {
		return nil, &Failure{Method: "file", Kind: Temporary, Cause: Unreachable}
	}
	answer, err := t.http.RoundTrip(r)
	if err != nil {
		return nil, &Failure{Method: "file", Kind: Temporary, Cause: Unreachable}
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusBadRequest:
		return nil, undrawable(BadMedia)
	case answer.StatusCode != http.StatusOK:
		return nil, &Failure{Method: "file", Kind: Temporary, Cause: ServerError, Status: answer.StatusCode}
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, mostImageFile+1))
	if err != nil {
		return nil, &Failure{Method: "file", Kind: Temporary, Cause: Cut}
	}
	if len(raw) > mostImageFile {
		return nil, undrawable(BadMedia)
	}
	return raw, nil
}
