package storage

import (
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// fall is a kind of row that wants something at a moment: where the moment stands, and
// of which rows. What is put off, by quiet hours too, has another moment then, so one
// that is long past is a fault; patience is how long "long" is for the auditor.
type fall struct {
	column   string
	from     string // with a WHERE, for whoever asks for a moment adds to it
	patience time.Duration
	spared   string // what the auditor leaves out, though it is past
	reminds  bool   // it is the reminders' business
}

// What the auditor takes for long past. What waits until it is known what people did
// during an outage has until that is heard; what is planned and given in pieces, to
// all people of a region, takes its time.
const (
	untilHeard = 5 * time.Minute
	inPieces   = 15 * time.Minute
)

// falls is everything that falls at a moment but the ladders: the scheduler's next
// look and the auditor both go by it.
var falls = []fall{
	{column: "due_at", from: "timers WHERE true", patience: lateAfter},
	{column: "wake_at", from: "absences WHERE wake_at IS NOT NULL", patience: untilHeard},
	{column: "look_at", from: "approvals WHERE look_at IS NOT NULL", patience: untilHeard},
	{column: "wake_at", from: "meetings WHERE wake_at IS NOT NULL", patience: lateAfter},
	{column: "look_at", from: "series WHERE ended_at IS NULL", patience: lateAfter},
	{column: "wake_at", from: "dialogues WHERE wake_at IS NOT NULL", patience: untilHeard,
		spared: "EXISTS (SELECT FROM people JOIN inbox_chats ON chat_id = telegram_id WHERE people.id = person_id AND waiting > 0)"},
	{column: "meetings.at", from: `meetings LEFT JOIN sittings ON meeting_id = meetings.id AND (sittings.at = meetings.at OR sittings.at = 'epoch')
		WHERE status = 'called' AND meeting_id IS NULL`, patience: lateAfter},
	{column: "wake_at", from: "sittings WHERE wake_at IS NOT NULL", patience: lateAfter},
	{column: "fire_at", from: "reminders WHERE state = 'waiting'", patience: inPieces, reminds: true},
	{column: "next_at", from: "recurring WHERE state = 'on'", patience: inPieces, reminds: true},
}

// firstFall is the query for the earliest of those moments.
func firstFall(reminds bool, more ...string) string {
	for _, f := range falls {
		if f.reminds == reminds {
			more = append(more, "(SELECT min("+f.column+") FROM "+f.from+")")
		}
	}
	return "SELECT least(" + strings.Join(more, ", ") + ")"
}

var (
	nextDue      = firstFall(false, "(SELECT min(next_beat_at) FROM cases WHERE next_beat_at IS NOT NULL)")
	nextReminder = firstFall(true)
)

// NextDue is the earliest moment at which a ladder, a timer, an absence, an approval, a dialogue or a meeting wants
// something; zero when nothing does.
func (tx *Tx) NextDue() (time.Time, error) { return tx.earliest(nextDue) }

// NextReminder is the earliest moment at which a reminder, or what recurs, wants
// something; zero when nothing does.
func (tx *Tx) NextReminder() (time.Time, error) { return tx.earliest(nextReminder) }

func (tx *Tx) earliest(sql string) (time.Time, error) {
	var next *time.Time
	err := tx.read(sql, func(rows pgx.Rows) error { return rows.Scan(&next) })
	return value(next), err
}

// unfired counts what should have fallen long ago; and the reminders whose window
// closed without anybody knowing what became of them, sooner.
var unfired = func() string {
	var parts []string
	for _, f := range falls {
		sql := "SELECT count(*) FROM " + f.from + " AND " + f.column + " < $1::timestamptz - " + interval(f.patience)
		if f.spared != "" {
			sql += " AND NOT " + f.spared
		}
		parts = append(parts, "("+sql+")")
	}
	return "SELECT /* unfired */ " + strings.Join(parts, " + ") + ` + (SELECT count(*) FROM reminders WHERE state = 'waiting'
		AND fire_at < $2 AND until_at < $2 AND fire_at >= $1::timestamptz - ` + interval(inPieces) + ")"
}()

// interval is a duration as SQL writes it.
func interval(d time.Duration) string { return fmt.Sprintf("interval '%d seconds'", int(d.Seconds())) }
