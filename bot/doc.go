// Package bot hears and speaks Telegram: updates into the inbox, updates to
// handlers, the outbox to Telegram.
//
// # Hearing
//
// A Poller or a Webhook gives raw updates to the Intake, which stores them as
// they are, under the natural key of what happened. Only when they are
// committed are they confirmed to Telegram. A Worker claims the oldest update
// of a chat that nobody is serving, makes an Event of it and runs the handler
// that the Router finds; effect, messages and the end of the update are one
// transaction, so an update takes effect once. A refusal (*mahalla.Error) is
// put into words; any other error or a panic undoes the transaction, and the
// update is tried again after 1 and 5 seconds before it is put aside. What
// happens in one chat is handled in its order, the chats side by side.
//
// # Speaking
//
// Handlers do not send; they put notices into the outbox. A Sender claims them,
// draws each from the state of that moment, calls the Bot API and records what
// became of it. A message is sent at least once: where an answer of Telegram is
// lost, it may come twice. Cards are living messages: they are edited in place,
// and a card that rings takes the buttons of the older one away. Only the end of
// a button's waiting and reactions go past the outbox, after the commit; that a
// press is owed an answer is stored with its effect, until it was given.
//
// # What it uses of Telegram
//
// Updates of four kinds: message, edited_message, callback_query,
// my_chat_member, of private chats only. Methods: sendMessage, sendPhoto,
// sendVideo, sendVoice, sendMediaGroup, editMessageText,
// editMessageReplyMarkup, answerCallbackQuery, setMessageReaction,
// setMyCommands, setMyDescription, setMyShortDescription, getMe, getUpdates,
// setWebhook, deleteWebhook, getWebhookInfo. Never close, logOut,
// forwardMessage or allow_paid_broadcast.
//
// The package must not decide anything about cases or people, hold a word for
// people, read the clock, or let a token, a text or a name into an error, a log
// line or a metric.
package bot
