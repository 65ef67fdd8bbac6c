package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"

	"koprik/storage"
)

// aimRestore is for a million cases; fewer have their share of it, and leastRestore.
const (
	aimRestore   = 5 * time.Minute
	leastRestore = 10 * time.Second
)

// grown are rows as so many cases leave them: each with five events, most with a
// picture or an addition, told to one officer or two; one of twenty was before a
// commission, whose minutes are confirmed. What is sealed is noise of the size that
// it has.
var grown = []string{
	"SET session_replication_role = replica",
	`INSERT INTO people (id, telegram_id, language, reach, name, created_at)
		SELECT n, 5000000000 + n, 'uz-Latn', 'reachable', sha256(n::text::bytea), now() FROM generate_series(1000, 1000 + $1::int / 4) AS n`,
	`INSERT INTO cases (id, number, reporter_id, place_id, category, urgency, secrecy, status, round, level, filed_at, ladder, owner_id, accepted_at, closed_at, closing)
		SELECT n + 2000000000, n, 1000 + n % ($1::int / 4), 1, 'noise', 'normal', 'internal', 'closed', 1, 0, moment,
			jsonb_build_object('due', moment, 'beats', jsonb_build_array(jsonb_build_object('at', moment, 'kind', 'nudge'), jsonb_build_object('at', moment, 'kind', 'step', 'level', 2))),
			1000, moment, moment, 'solved'
		FROM (SELECT n, '2026-01-01'::timestamptz + n * interval '20 seconds' AS moment FROM generate_series(1, $1::int) AS n) AS all_of_them`,
	`INSERT INTO reports (id, case_id, person_id, kind, words, at)
		SELECT 3000000000 + 2 * id + k, id, reporter_id, CASE k WHEN 0 THEN 'report' ELSE 'result' END,
			sha256(id::text::bytea) || sha256(k::text::bytea) || sha256(number::text::bytea), filed_at FROM cases, generate_series(0, 1) AS k WHERE $1::int > 0`,
	`INSERT INTO attachments (id, report_id, kind, file)
		SELECT id, id, 'photo', sha256(id::text::bytea) || sha256(case_id::text::bytea) || sha256(id::text::bytea) FROM reports WHERE id % 4 = 0 AND $1::int > 0`,
	`INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at, accepted_at)
		SELECT id, 1, 1000 + k, k, 'prevention_inspector', k, filed_at, filed_at, CASE k WHEN 0 THEN filed_at END FROM cases, generate_series(0, 1) AS k WHERE k <= id % 2 AND $1::int > 0`,
	`INSERT INTO case_events (id, case_id, kind, at, by_id, words)
		SELECT 8 * id + k, id, (ARRAY['filed', 'assigned', 'accepted', 'closed', 'judged'])[k], filed_at, 1000,
			CASE k WHEN 4 THEN sha256(id::text::bytea) || sha256(id::text::bytea) END FROM cases, generate_series(1, 5) AS k WHERE $1::int > 0`,
	`INSERT INTO messages (chat_id, message_id, case_id) SELECT reporter_id, 3 * id + k, id FROM cases, generate_series(0, 2) AS k WHERE $1::int > 0`,
	`INSERT INTO cards (person_id, kind, case_id, message_id, hash)
		SELECT reporter_id, 'card.reporter', id, id, sha256(id::text::bytea) FROM cases WHERE $1::int > 0`,
	`INSERT INTO outbox (id, person_id, chat_id, kind, lane, ring, state, created_at, finished_at)
		SELECT 9000000000 + id, reporter_id, reporter_id, 'closed', 1, true, 2, filed_at, filed_at FROM cases WHERE id % 5 = 0 AND $1::int > 0`,
	`INSERT INTO agenda_items (id, commission_id, case_id, proposed_by, proposed_at, state, violence, crime, asked_by, ready_at, ended_at, cause)
		SELECT id, 1, id, 1000, filed_at, 'settled', 'no', 'no', 1000, filed_at, filed_at, 'agreed' FROM cases WHERE id % 20 = 0 AND $1::int > 0`,
	`INSERT INTO parties (item_id, side, person_id, name, consent) SELECT id, side, CASE side WHEN 1 THEN 1000 END, CASE side WHEN 2 THEN sha256(id::text::bytea) END, ''
		FROM agenda_items, generate_series(1, 2) AS side WHERE $1::int > 0`,
	`INSERT INTO meetings (id, commission_id, status, at, minutes, place, language, quorum, made_by, made_at, called_at, held_at, number, locked_at, locked_by)
		SELECT id, 1, 'locked', proposed_at, 60, sha256(id::text::bytea), 'uz-Latn', 1, 1000, proposed_at, proposed_at, proposed_at, id - 2000000000, proposed_at, 1000
		FROM agenda_items WHERE $1::int > 0`,
	`INSERT INTO participants (meeting_id, person_id, seat, rsvp, presence) SELECT id, 1000 + k, 'member', '', 'present' FROM meetings, generate_series(0, 4) AS k WHERE $1::int > 0`,
	`INSERT INTO hearings (meeting_id, item_id, ordinal, outcome, note, came) SELECT id, id, 1, 'agreed', sha256(id::text::bytea), '{1,2}' FROM meetings WHERE $1::int > 0`,
	`INSERT INTO sittings (meeting_id, at, stage) SELECT id, at, 'over' FROM meetings WHERE $1::int > 0`,
	`INSERT INTO decisions (id, commission_id, meeting_id, item_id, words, name, due_at, made_by, made_at)
		SELECT id, 1, id, id, sha256(id::text::bytea) || sha256(id::text::bytea), sha256(id::text::bytea), at, 1000, at FROM meetings WHERE $1::int > 0`,
	`INSERT INTO reviews (meeting_id, decision_id) SELECT id, id - 20 FROM meetings WHERE EXISTS (SELECT FROM decisions WHERE id = meetings.id - 20) AND $1::int > 0`,
	`INSERT INTO corrections (id, meeting_id, by_id, at, words) SELECT id, id, 1000, at, sha256(id::text::bytea) FROM meetings WHERE id % 200 = 0 AND $1::int > 0`,
	`INSERT INTO audit_log (at, person_id, act, cases, case_id, reason) SELECT filed_at, 1000, 'look', 1, id, 'delay' FROM cases WHERE id % 10 = 0 AND $1::int > 0`,
}

// putback measures (k): how long a backup of very many cases takes, and to put it
// back onto an empty database with all its indexes and comparisons, as the command
// does: it opens what it has put back and walks over the whole history. (It also reads a
// case; here words are noise.)
func putback(ctx context.Context, b *bench) error {
	url, err := b.servers.empty(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = b.servers.drop(context.WithoutCancel(ctx), url) }()
	dir, err := os.MkdirTemp("", "koprik-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	keys, file := filepath.Join(dir, "keys.json"), filepath.Join(dir, "koprik.age")
	if err := grow(ctx, url, keys, b.sizes.cases); err != nil {
		return err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	began := time.Now()
	contents, err := backUp(ctx, url, file, identity.Recipient())
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	b.table.note("k", fmt.Sprintf("backup of %d cases: %d rows, %d MB", b.sizes.cases, contents.All(), info.Size()>>20), span(time.Since(began)))

	fresh, err := b.servers.empty(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = b.servers.drop(context.WithoutCancel(ctx), fresh) }()
	began = time.Now()
	if err := restore(ctx, fresh, keys, file, identity); err != nil {
		return err
	}
	back := time.Since(began)
	rows, err := look(ctx, fresh, keys)
	if err != nil {
		return err
	}
	took := time.Since(began)
	aim := max(aimRestore*time.Duration(b.sizes.cases)/1_000_000, leastRestore)
	b.table.note("k", "put back onto an empty database, all compared", span(back))
	b.table.note("k", fmt.Sprintf("opened, %d rows of the history verified", rows), span(took-back))
	b.table.result("k", "restore, all of it", span(took), "< "+span(aim), took < aim)
	return nil
}

// look opens what was put back, and tells how many rows its history has.
func look(ctx context.Context, url, keys string) (rows int, err error) {
	seals, err := storage.KeepSeals(ctx, url, keys)
	if err != nil {
		return 0, err
	}
	db, err := storage.Open(ctx, storage.Options{URL: url}, seals)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	v, err := db.VerifyHistory(ctx, "")
	if err == nil && v.Loose > 0 {
		err = fmt.Errorf("%d rows of the history are not bound", v.Loose)
	}
	return v.Rows, err
}

// grow makes a database of so many cases.
func grow(ctx context.Context, url, keys string, cases int) error {
	if _, err := storage.Migrate(ctx, url); err != nil {
		return err
	}
	seals, err := storage.KeepSeals(ctx, url, keys)
	if err != nil {
		return err
	}
	db, err := storage.Open(ctx, storage.Options{URL: url}, seals)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.InTx(ctx, func(tx *storage.Tx) error { return tx.Seed(noon) }); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for i, sql := range grown {
		args := []any{cases}
		if i == 0 {
			args = nil
		}
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			return fmt.Errorf("row set %d: %w", i, err)
		}
	}
	if err := db.AnchorAll(ctx); err != nil {
		return err
	}
	if err := everyGuarded(ctx, conn); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "VACUUM (ANALYZE)")
	return err
}

// everyGuarded fails where a table that refuses something has no rows: what it
// refuses of a backup would not be seen.
func everyGuarded(ctx context.Context, conn *pgx.Conn) error {
	found, err := conn.Query(ctx, "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
	if err != nil {
		return err
	}
	guarded, err := pgx.CollectRows(found, pgx.RowTo[string])
	for _, table := range guarded {
		var filled bool
		if err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+table+")").Scan(&filled); err != nil {
			return err
		}
		if !filled {
			return fmt.Errorf("%s refuses something and has no rows", table)
		}
	}
	return err
}

func backUp(ctx context.Context, url, name string, to age.Recipient) (contents storage.Contents, err error) {
	file, err := os.Create(name)
	if err != nil {
		return contents, err
	}
	defer file.Close()
	sealed, err := age.Encrypt(file, to)
	if err != nil {
		return contents, err
	}
	if contents, err = storage.Backup(ctx, url, "bench", "", noon, sealed); err != nil {
		return contents, err
	}
	if err := sealed.Close(); err != nil {
		return contents, err
	}
	return contents, file.Sync()
}

func restore(ctx context.Context, url, keys, name string, identity age.Identity) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	var plain io.Reader
	if plain, err = age.Decrypt(bufio.NewReaderSize(file, 1<<20), identity); err != nil {
		return err
	}
	_, _, err = storage.PutBack(ctx, url, keys, plain)
	return err
}
