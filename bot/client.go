package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"koprik/mahalla"
)

// Client calls the Bot API. Every error it returns is a *Failure.
type Client struct {
	tg        *tg.Bot
	transport *transport
	base      string
	sign      Signer
	images    chan struct{} // held while a picture is made anew
}

// ClientOptions say which bot it is and where the Bot API is.
type ClientOptions struct {
	Token string
	URL   string // empty: Telegram's own
	Sign  Signer // of the buttons it draws
}

const officialURL = "https://api.telegram.org"

var tokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$`)

// NewClient makes a client; it does not call yet.
func NewClient(o ClientOptions) (*Client, error) {
	if !tokenForm.MatchString(o.Token) {
		return nil, errors.New("bot: the token has not the form 123456789:AAF…")
	}
	if o.URL == "" {
		o.URL = officialURL
	}
	address, err := url.Parse(strings.TrimRight(o.URL, "/"))
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" || address.RawQuery != "" || address.User != nil {
		return nil, errors.New("bot: the address of the Bot API is not like https://api.telegram.org")
	}
	t := newTransport(o.Token)
	b, err := tg.New(fakeToken, tg.WithSkipGetMe(), tg.WithServerURL(address.String()),
		tg.WithHTTPClient(time.Minute, t), tg.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, errors.New("bot: the client could not be made")
	}
	return &Client{tg: b, transport: t, base: address.String(), sign: o.Sign, images: make(chan struct{}, 1)}, nil
}

// Close ends idle connections.
func (c *Client) Close() { c.transport.close() }

// failed keeps the Failure of an error of the library and drops its words.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return FailureOf(err)
}

// Me tells who the token belongs to.
func (c *Client) Me(ctx context.Context) (id int64, username string, err error) {
	u, err := c.tg.GetMe(ctx)
	if err != nil {
		return 0, "", failed(err)
	}
	return u.ID, u.Username, nil
}

// Send draws a screen as a new message, or as the messages of an album, and
// gives their ids.
func (c *Client) Send(ctx context.Context, chat int64, s mahalla.Screen) ([]int64, error) {
	d, err := draw(s, chat, c.sign)
	if err == nil {
		err = cmp.Or(d.develop(), d.compose())
	}
	if err != nil {
		return nil, err
	}
	return c.send(ctx, chat, d)
}

func (c *Client) send(ctx context.Context, chat int64, d drawing) ([]int64, error) {
	if d.menu != nil {
		return nil, c.SetCommands(ctx, chat, "", d.menu)
	}
	if d.wipe != nil {
		return nil, c.wipe(ctx, chat, d.wipe, d.text)
	}
	if d.picture != nil {
		return one(c.sendPicture(ctx, chat, d))
	}
	if d.made != nil {
		return one(c.sendFile(ctx, chat, d))
	}
	switch len(d.media) {
	case 0:
		return one(c.tg.SendMessage(ctx, &tg.SendMessageParams{
			ChatID: chat, Text: d.text, ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview(),
			DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
		}))
	case 1:
		return one(c.sendMedia(ctx, chat, d, d.media[0]))
	}
	return c.sendAlbum(ctx, chat, d)
}

// sendMedia sends a file that Telegram has already, or a pin. Captions are plain
// text.
func (c *Client) sendMedia(ctx context.Context, chat int64, d drawing, m mahalla.Media) (*models.Message, error) {
	file := &models.InputFileString{Data: m.File}
	switch m.Kind {
	case mahalla.Location:
		pin, _ := m.Pin() // it was looked at when it was drawn
		return c.tg.SendLocation(ctx, &tg.SendLocationParams{
			ChatID: chat, Latitude: pin.Lat, Longitude: pin.Lon,
			DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
		})
	case mahalla.Image:
		return c.sendImage(ctx, chat, d, m)
	case mahalla.Voice:
		return c.tg.SendVoice(ctx, &tg.SendVoiceParams{
			ChatID: chat, Voice: file, Caption: m.Caption, Duration: m.Seconds,
			DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
		})
	case mahalla.Video:
		return c.tg.SendVideo(ctx, &tg.SendVideoParams{
			ChatID: chat, Video: file, Caption: m.Caption, Duration: m.Seconds,
			DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
		})
	case mahalla.Round:
		return c.tg.SendVideoNote(ctx, &tg.SendVideoNoteParams{
			ChatID: chat, VideoNote: file, Duration: m.Seconds,
			DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
		})
	}
	return c.tg.SendPhoto(ctx, &tg.SendPhotoParams{
		ChatID: chat, Photo: file, Caption: m.Caption,
		DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply, ReplyMarkup: d.markup(),
	})
}

func (c *Client) sendAlbum(ctx context.Context, chat int64, d drawing) ([]int64, error) {
	parts := make([]models.InputMedia, 0, len(d.media))
	for _, m := range d.media {
		if m.Kind == mahalla.Video {
			parts = append(parts, &models.InputMediaVideo{Media: m.File, Caption: m.Caption, Duration: m.Seconds})
		} else {
			parts = append(parts, &models.InputMediaPhoto{Media: m.File, Caption: m.Caption})
		}
	}
	list, err := c.tg.SendMediaGroup(ctx, &tg.SendMediaGroupParams{
		ChatID: chat, Media: parts, DisableNotification: d.silent, ProtectContent: d.protect, ReplyParameters: d.reply,
	})
	if err != nil {
		return nil, failed(err)
	}
	ids := make([]int64, 0, len(list))
	for _, m := range list {
		ids = append(ids, int64(m.ID))
	}
	return ids, nil
}

func one(m *models.Message, err error) ([]int64, error) {
	if err != nil {
		return nil, failed(err)
	}
	return []int64{int64(m.ID)}, nil
}

func noPreview() *models.LinkPreviewOptions {
	off := true
	return &models.LinkPreviewOptions{IsDisabled: &off}
}

// Edit draws a screen in place of an earlier message of text. A message that
// looks like that already is a success.
func (c *Client) Edit(ctx context.Context, chat, message int64, s mahalla.Screen) error {
	d, err := draw(s, chat, c.sign)
	if err != nil {
		return err
	}
	return c.edit(ctx, chat, message, d)
}

func (c *Client) edit(ctx context.Context, chat, message int64, d drawing) error {
	if len(d.media) > 0 || d.paint != nil || d.file != nil {
		return undrawable(BadMedia)
	}
	p := &tg.EditMessageTextParams{
		ChatID: chat, MessageID: int(message), Text: d.text, ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview(),
	}
	if d.rows != nil {
		p.ReplyMarkup = d.rows
	}
	_, err := c.tg.EditMessageText(ctx, p)
	return unchanged(err)
}

// Disarm takes the buttons off a message.
func (c *Client) Disarm(ctx context.Context, chat, message int64) error {
	_, err := c.tg.EditMessageReplyMarkup(ctx, &tg.EditMessageReplyMarkupParams{ChatID: chat, MessageID: int(message)})
	return unchanged(err)
}

func unchanged(err error) error {
	if f := FailureOf(err); f != nil && f.Cause != NotModified {
		return f
	}
	return nil
}

// AnswerPress ends the waiting of a button. That it is too late to answer is
// not a failure.
func (c *Client) AnswerPress(ctx context.Context, press string, t Toast) error {
	_, err := c.tg.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{
		CallbackQueryID: press, Text: cut(t.Text, mostToast), ShowAlert: t.Alert,
	})
	if f := FailureOf(err); f != nil && f.Cause != TooOld {
		return f
	}
	return nil
}

// React puts an emoji below a message.
func (c *Client) React(ctx context.Context, chat, message int64, emoji string) error {
	_, err := c.tg.SetMessageReaction(ctx, &tg.SetMessageReactionParams{
		ChatID: chat, MessageID: int(message), Reaction: []models.ReactionType{{
			Type: models.ReactionTypeTypeEmoji, ReactionTypeEmoji: &models.ReactionTypeEmoji{Emoji: emoji},
		}},
	})
	return failed(err)
}

// SetCommands sets the menu of one chat, or with chat 0 everybody's who has
// none of their own. Language is of two letters, or empty for all; Telegram
// knows no scripts, so Cyrillic Uzbek needs the menu of a chat.
func (c *Client) SetCommands(ctx context.Context, chat int64, language string, list []mahalla.Command) error {
	p := &tg.SetMyCommandsParams{LanguageCode: language, Commands: make([]models.BotCommand, 0, len(list))}
	for _, command := range list {
		p.Commands = append(p.Commands, models.BotCommand{Command: command.Name, Description: command.Text})
	}
	if chat != 0 {
		p.Scope = &models.BotCommandScopeChat{ChatID: chat}
	}
	_, err := c.tg.SetMyCommands(ctx, p)
	return failed(err)
}

// SetDescriptions sets what is shown before START, and on the bot's profile.
func (c *Client) SetDescriptions(ctx context.Context, language, long, short string) error {
	if _, err := c.tg.SetMyDescription(ctx, &tg.SetMyDescriptionParams{LanguageCode: language, Description: long}); err != nil {
		return failed(err)
	}
	_, err := c.tg.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{LanguageCode: language, ShortDescription: short})
	return failed(err)
}

// allowed are the kinds of updates that the bot takes.
func allowed() []string {
	return []string{
		models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage,
		models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember,
	}
}

// Poll waits up to timeout for updates and gives them as they came. Everything
// below offset is confirmed by it; an offset of 0 confirms nothing.
func (c *Client) Poll(ctx context.Context, offset int64, limit int, timeout time.Duration) ([]json.RawMessage, error) {
	result, failure := c.transport.post(ctx, c.base, "getUpdates", struct {
		Offset  int64    `json:"offset,omitempty"`
		Limit   int      `json:"limit"`
		Timeout int      `json:"timeout"`
		Allowed []string `json:"allowed_updates"`
	}{offset, limit, int(timeout / time.Second), allowed()}, timeout+pollSlack, mostUpdates)
	if failure != nil {
		return nil, failure
	}
	var list []json.RawMessage
	if err := json.Unmarshal(result, &list); err != nil {
		return nil, &Failure{Method: "getUpdates", Kind: Temporary, Cause: Garbage}
	}
	return list, nil
}

// SetWebhook asks Telegram to post updates to an address, with a secret.
func (c *Client) SetWebhook(ctx context.Context, address, secret string, connections int) error {
	_, err := c.tg.SetWebhook(ctx, &tg.SetWebhookParams{
		URL: address, SecretToken: secret, MaxConnections: connections, AllowedUpdates: allowed(),
	})
	return failed(err)
}

// DeleteWebhook lets updates be polled; those that wait are kept. The library
// would make an empty form of it, which not every server can read.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	keep := struct {
		Drop bool `json:"drop_pending_updates"`
	}{}
	if _, failure := c.transport.post(ctx, c.base, "deleteWebhook", keep, callTimeout, mostReply); failure != nil {
		return failure
	}
	return nil
}

// WebhookInfo is what Telegram says about the webhook.
type WebhookInfo struct {
	URL       string
	Waiting   int       // updates that were not taken yet
	FailedAt  time.Time // of the last failed delivery; zero when none
	LastError string    // in Telegram's words
	Altered   bool      // posted under a certificate, or without kinds of updates, that SetWebhook does not ask for
}

// WebhookInfo asks how the webhook does.
func (c *Client) WebhookInfo(ctx context.Context) (WebhookInfo, error) {
	i, err := c.tg.GetWebhookInfo(ctx)
	if err != nil {
		return WebhookInfo{}, failed(err)
	}
	info := WebhookInfo{URL: i.URL, Waiting: i.PendingUpdateCount, LastError: i.LastErrorMessage, Altered: i.HasCustomCertificate}
	if len(i.AllowedUpdates) > 0 { // Telegram names none when it posts its usual ones, ours among them
		info.Altered = info.Altered || slices.ContainsFunc(allowed(), func(kind string) bool { return !slices.Contains(i.AllowedUpdates, kind) })
	}
	if i.LastErrorDate != 0 {
		info.FailedAt = time.Unix(int64(i.LastErrorDate), 0)
	}
	return info, nil
}
