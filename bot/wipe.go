package bot

import (
	"context"

	tg "github.com/go-telegram/bot"
)

// wipe takes messages of a private chat away, the bot's and the person's own.
// Telegram lets that be done for 48 hours; what is older says a text instead, or has
// it beneath the picture, if it is the bot's. Messages that are gone already are passed over, so that it can
// be tried again as a whole.
func (c *Client) wipe(ctx context.Context, chat int64, messages []int64, instead string) error {
	for _, id := range messages {
		_, err := c.tg.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: chat, MessageID: int(id)})
		f := FailureOf(err)
		if f != nil && f.Kind == Refused && !f.Gone() {
			_, err = c.tg.EditMessageText(ctx, &tg.EditMessageTextParams{ChatID: chat, MessageID: int(id), Text: instead})
			f = FailureOf(err)
		}
		if f != nil && f.Kind == Refused && !f.Gone() { // a picture has no text
			_, err = c.tg.EditMessageCaption(ctx, &tg.EditMessageCaptionParams{ChatID: chat, MessageID: int(id), Caption: instead})
			f = FailureOf(err)
		}
		if f != nil && (f.Kind != Refused || f.Gone()) {
			return f
		}
	}
	return nil
}

// remove takes one message of the bot's away.
func (c *Client) remove(ctx context.Context, chat, message int64) error {
	_, err := c.tg.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: chat, MessageID: int(message)})
	if err != nil {
		return failed(err)
	}
	return nil
}
