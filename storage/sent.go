package storage

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
)

// Fate is what became of a message.
type Fate int

// The fates of a message.
const (
	FateSent    Fate = 2
	FateRefused Fate = 3 // for good
	FateDropped Fate = 4 // there was nothing to say any more
	FateRetry   Fate = 1 // stays at the head of its chat
)

// Delivery is the result of one attempt to send.
type Delivery struct {
	Message   Message
	Fate      Fate
	MessageID int64   // in the chat; of a card also when it was edited
	Others    []int64 // the other parts of an album
	Hash      []byte
	Report    int64         // the result that it shows; 0 for none
	Upto      int           // of an album, how many parts are shown or given up now
	Wait      time.Duration // before the chat may be served again
	Reason    string        // a code, never a text
}

// Pace is how fast one chat may be written to: one message an interval on the
// average, with short bursts. The zero Pace is without limit.
type Pace struct {
	Private, Group           time.Duration // interval
	PrivateBurst, GroupBurst int
}

// FinishMessages records what became of messages and frees their chats. A
// message that another sender has taken over in the meantime is left to that
// one.
func (tx *Tx) FinishMessages(list []Delivery, pace Pace) error {
	slices.SortFunc(list, func(a, b Delivery) int { return int(min(1, max(-1, a.Message.Chat-b.Message.Chat))) })
	n := len(list)
	ids, attempts, fates := make([]int64, n), make([]int, n), make([]int, n)
	messages, reasons, waits := make([]int64, n), make([]string, n), make([]time.Duration, n)
	chats := make([]int64, n)
	for i, d := range list {
		ids[i], attempts[i], fates[i] = d.Message.ID, d.Message.Attempts, int(d.Fate)
		messages[i], reasons[i], waits[i], chats[i] = d.MessageID, d.Reason, d.Wait, d.Message.Chat
	}
	tx.postReminders()
	tx.settleReminders(list)
	tx.holdChats(chats)
	for i, d := range list {
		if d.Message.Row < 0 {
			if err := tx.settleRow(&d); err != nil {
				return err
			}
			fates[i] = int(d.Fate)
		}
		if d.Fate == FateSent {
			tx.remember(d)
		}
		if d.Upto > 0 && d.Fate != FateRetry {
			tx.showed(d)
		}
	}
	// The sum keeps the planner to the primary key: after an analysis of an empty
	// outbox it would rather read everything that waits.
	tx.write(`
		WITH done AS (
			UPDATE outbox SET
				state = fate, message_id = message, reason = why,
				args = CASE WHEN fate = 1 THEN args END,
				finished_at = CASE WHEN fate <> 1 THEN now() END
			FROM unnest($1::bigint[], $2::int[], $3::smallint[], $4::bigint[], $5::text[], $6::interval[])
				AS result (id, attempt, fate, message, why, wait)
			WHERE outbox.id = result.id AND state + 0 = 1 AND attempts = attempt
			RETURNING chat_id, fate, wait,
				CASE WHEN chat_id > 0 THEN $7::interval ELSE $8::interval END AS interval,
				CASE WHEN chat_id > 0 THEN $9::int ELSE $10::int END AS burst)
		UPDATE outbox_chats SET
			holder = 0,
			waiting = waiting - (fate <> 1)::int,
			lane = coalesce((
				SELECT min(lane) FROM (
					SELECT lane FROM outbox
					WHERE outbox.chat_id = outbox_chats.chat_id AND state IN (0, 1)
					ORDER BY seq OFFSET (fate <> 1)::int LIMIT 20) AS head), lane),
			pace_at = greatest(pace_at, clock_timestamp()) + interval,
			ready_at = greatest(clock_timestamp() + wait,
				greatest(pace_at, clock_timestamp()) + interval - interval * (burst - 1))
		FROM done
		WHERE outbox_chats.chat_id = done.chat_id`,
		ids, attempts, fates, messages, reasons, waits, pace.Private, pace.Group, pace.PrivateBurst, pace.GroupBurst)
	tx.forgetMasked(list, fates)
	return nil
}

// holdChats holds the counters of chats together with those of the chats that
// the notices of the transaction go to, in one statement and in the order of
// chats: two senders that each tell the other's chat something must not lock
// each other out.
func (tx *Tx) holdChats(chats []int64) {
	if len(tx.notices) == 0 {
		tx.write("SELECT FROM outbox_chats WHERE chat_id = ANY($1) ORDER BY chat_id FOR UPDATE", chats)
		return
	}
	for _, m := range tx.notices {
		chats = append(chats, m.to.Chat)
	}
	slices.Sort(chats)
	tx.write(`
		INSERT INTO outbox_chats (chat_id, waiting, lane, ready_at)
		SELECT chat, 0, 0, clock_timestamp() FROM unnest($1::bigint[]) AS chat
		ORDER BY chat
		ON CONFLICT (chat_id) DO UPDATE SET waiting = outbox_chats.waiting`, slices.Compact(chats))
}

// remember keeps where a card lives, and which case a message is about.
func (tx *Tx) remember(d Delivery) {
	m := d.Message
	if m.Kind == mahalla.NoticeWipe {
		if m.Args[ArgResult] != "" {
			tx.withdrawn(m)
			return
		}
		tx.wiped(d)
		return
	}
	if m.IsCard() {
		// Not again when it was recorded before and only the answer was lost: the card's
		// message may have become another card since.
		tx.write(`
			INSERT INTO cards (person_id, kind, case_id, message_id, hash)
			SELECT $1, $2, $3, $4, $5
			WHERE EXISTS (SELECT FROM outbox WHERE id = $6 AND attempts = $7 AND state + 0 = 1)
			ON CONFLICT (person_id, kind, case_id) DO UPDATE SET message_id = excluded.message_id, hash = excluded.hash`,
			m.Person, m.Kind, m.Row, d.MessageID, d.Hash, m.ID, m.Attempts)
	}
	if m.Row != 0 && d.MessageID != 0 {
		report := d.Report
		if m.Row < 0 && report != 0 {
			report = tx.db.seals.mask("report", report)
		}
		tx.write(`INSERT INTO messages (chat_id, message_id, case_id, report_id)
			SELECT $1, message, $3, $4 FROM unnest($2::bigint[]) AS message
			ON CONFLICT (chat_id, message_id) DO UPDATE SET report_id = excluded.report_id
			WHERE excluded.report_id <> 0 AND messages.report_id <> excluded.report_id`,
			m.Chat, append(d.Others, d.MessageID), m.Row, report)
	}
}

// showed keeps how far the chat has been shown the album of a report.
func (tx *Tx) showed(d Delivery) {
	report, err := strconv.ParseInt(d.Message.Args[ArgAlbum], 10, 64)
	if err != nil {
		return // no album
	}
	if d.Message.Row < 0 {
		report = tx.db.seals.mask("report", report)
	}
	tx.write(`
		INSERT INTO albums (chat_id, report_id, shown) VALUES ($1, $2, $3)
		ON CONFLICT (chat_id, report_id) DO UPDATE SET shown = greatest(albums.shown, excluded.shown)`,
		d.Message.Chat, report, d.Upto)
}
