package storage_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// code is the SQLSTATE of an error of PostgreSQL; empty when it is none.
func code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

func TestTheSchemaRefusesAStatusWithoutItsTimestamp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	w.filed(2)
	for _, test := range []struct{ name, change string }{
		{"accepted by nobody", "status = 'accepted'"},
		{"waiting for the reporter, nobody's", "status = 'waiting'"},
		{"an owner without the moment", "status = 'accepted', owner_id = reporter_id"},
		{"the moment without an owner", "accepted_at = now()"},
		{"new and already somebody's", "owner_id = reporter_id, accepted_at = now()"},
		{"closed without the moment", "status = 'closed', owner_id = reporter_id, accepted_at = now(), closing = 'solved'"},
		{"closed without an outcome", "status = 'closed', owner_id = reporter_id, accepted_at = now(), closed_at = now(), next_beat_at = NULL"},
		{"closed and nobody's", "status = 'closed', closed_at = now(), closing = 'solved', next_beat_at = NULL"},
		{"open with the moment of closing", "closed_at = now(), closing = 'solved'"},
		{"open with an outcome", "closing = 'solved'"},
		{"withdrawn without the moment", "status = 'withdrawn', next_beat_at = NULL"},
		{"open with the moment of withdrawing", "withdrawn_at = now()"},
		{"a verdict without the moment", "verdict = 'solved'"},
		{"the moment without a verdict", "judged_at = now()"},
		{"accepted and still on the clock", "status = 'accepted', owner_id = reporter_id, accepted_at = now()"},
		{"withdrawn and still on the clock", "status = 'withdrawn', withdrawn_at = now()"},
		{"an unknown status", "status = 'overdue'"},
		{"an unknown urgency", "urgency = 'huge'"},
		{"an unknown secrecy", "secrecy = 'none'"},
		{"no round", "round = 0"},
		{"a level above the ladder", "level = 6"},
		{"a level below the ladder", "level = -1"},
		{"six stars", "rating = 6"},
		{"merged and open", "merged_into = 1002"},
		{"merged into itself", "merged_into = id, status = 'withdrawn', withdrawn_at = now(), next_beat_at = NULL"},
		{"merged into nothing", "merged_into = 77, status = 'withdrawn', withdrawn_at = now(), next_beat_at = NULL"},
		{"four offers", "offered = '{1,2,3,4}'"},
		{"an offer of nothing", "offered = '{}'"},
		{"reopened three times", "reopened = 3"},
		{"a number of nine digits", "number = 100000000"},
		{"a category that there is not", "category = 'weather'"},
		{"a place that there is not", "place_id = 77"},
		{"a reporter who there is not", "reporter_id = 77"},
	} {
		_, err := w.conn.Exec(w.ctx, "UPDATE cases SET "+test.change+" WHERE id = $1", c.ID)
		if got := code(err); got != "23514" && got != "23503" {
			t.Errorf("%s: got %v, want a constraint", test.name, err)
		}
	}
	for _, test := range []struct{ name, change string }{
		{"accepted", "status = 'accepted', owner_id = reporter_id, accepted_at = now(), next_beat_at = NULL"},
		{"closed", "status = 'closed', closed_at = now(), closing = 'solved'"},
		{"judged", "verdict = 'solved', judged_at = now(), rating = 5"},
		{"reopened", `status = 'new', owner_id = NULL, accepted_at = NULL, closed_at = NULL, closing = '', verdict = '',
			judged_at = NULL, rating = 0, reopened = 2, round = 2, next_beat_at = now()`},
		{"withdrawn", "status = 'withdrawn', withdrawn_at = now(), next_beat_at = NULL"},
		{"merged", "merged_into = 1002, offered = NULL"},
	} {
		if _, err := w.conn.Exec(w.ctx, "UPDATE cases SET "+test.change+" WHERE id = $1", c.ID); err != nil {
			t.Errorf("%s: got %v, want it allowed", test.name, err)
		}
	}
}

func TestTheSchemaRefusesRowsThatCannotBeTrue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.filed(1)
	w.exec("INSERT INTO inbox (dedup, update_id, chat_id, payload) VALUES ('a', 1, 1, 'x')")
	w.exec("INSERT INTO inbox_chats VALUES (1, 1, now())")
	w.exec("INSERT INTO outbox (id, person_id, chat_id, kind, lane, ring, created_at) VALUES (1, $1, 1, 'card.draft', 0, false, now())", w.resident.ID)
	w.exec("INSERT INTO outbox_chats (chat_id, waiting, lane, ready_at) VALUES (1, 1, 0, now())")
	w.exec("INSERT INTO memberships (person_id, role, territory_id, valid_from) VALUES ($1, 'substitute', 1, now())", w.officer.ID)
	for _, test := range []struct{ name, sql, want string }{
		{"two owners of one round", `INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at, accepted_at)
			SELECT 1001, 1, id, 9, 'substitute', 1, now(), now(), now() FROM people WHERE telegram_id IN (1, 3)`, "23505"},
		{"one person told twice in a round", `INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at)
			SELECT 1001, 1, id, 9, 'substitute', 1, now(), now() FROM people WHERE telegram_id = 2`, "23505"},
		{"two cases with one number", `INSERT INTO cases (id, number, reporter_id, place_id, category, urgency, secrecy, status, round, level, filed_at, ladder)
			SELECT 7, number, reporter_id, 1, category, urgency, secrecy, 'new', 1, 0, now(), ladder FROM cases`, "23505"},
		{"one Telegram account of two people", "INSERT INTO people (id, telegram_id, language, reach, created_at) VALUES (7, 1, 'ru', 'reachable', now())", "23505"},
		{"a language that there is not", "UPDATE people SET language = 'en'", "23514"},
		{"a number without its hash", "UPDATE people SET phone = 'x'", "23514"},
		{"a finished update that waits", "UPDATE inbox SET finished_at = now()", "23514"},
		{"an update that is done, but when", "UPDATE inbox SET state = 1", "23514"},
		{"a quarantined update that was forgotten", "UPDATE inbox SET state = 2, payload = NULL, finished_at = now()", "23514"},
		{"fewer than no updates", "UPDATE inbox_chats SET waiting = -1", "23514"},
		{"fewer than no messages", "UPDATE outbox_chats SET waiting = -1", "23514"},
		{"a message that was sent, but when", "UPDATE outbox SET state = 2", "23514"},
		{"two waiting cards of one kind", `INSERT INTO outbox (id, person_id, chat_id, kind, lane, ring, created_at)
			SELECT 2, person_id, 1, 'card.draft', 0, false, now() FROM outbox`, "23505"},
		{"a role held twice", "INSERT INTO memberships (person_id, role, territory_id, valid_from) SELECT person_id, role, 1, now() FROM memberships", "23505"},
		{"a role that ends before it begins", "UPDATE memberships SET valid_until = valid_from", "23514"},
		{"a second root", `INSERT INTO territories (id, kind, code, name_uz_latn, name_uz_cyrl, name_ru, path)
			VALUES (7, 'district', 'X', 'a', 'b', 'c', '{7}')`, "23514"},
		{"a path that begins elsewhere", `INSERT INTO territories (id, parent_id, kind, code, name_uz_latn, name_uz_cyrl, name_ru, path)
			VALUES (7, 1, 'district', 'X', 'a', 'b', 'c', '{1}')`, "23514"},
		{"a code that no link can hold", `INSERT INTO territories (id, parent_id, kind, code, name_uz_latn, name_uz_cyrl, name_ru, path)
			VALUES (7, 1, 'district', 'a b', 'a', 'b', 'c', '{7,1}')`, "23514"},
		{"a category without a Russian name", "UPDATE categories SET name_ru = ''", "23514"},
		{"a second picture of the reference data", "INSERT INTO reference (version) VALUES (1)", "23505"},
	} {
		if _, err := w.conn.Exec(w.ctx, test.sql); code(err) != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

func TestTheHistoryRefusesChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.filed(1)
	w.exec("INSERT INTO case_events (id, case_id, kind, at) VALUES (1, 1001, 'filed', now())")
	for _, sql := range []string{"UPDATE case_events SET note = 'x'", "DELETE FROM case_events"} {
		if _, err := w.conn.Exec(w.ctx, sql); err == nil || !strings.Contains(err.Error(), "only ever appended to") {
			t.Errorf("%s: got %v, want it refused", sql, err)
		}
	}
	if n := w.number("SELECT count(*) FROM case_events WHERE note = ''"); n != 1 {
		t.Errorf("got %d events, want the one as it was", n)
	}
}

// runtimeSQL are the statements that are put together while the program runs. The last
// two are those of falling.go, which every audit and every look ahead runs.
var runtimeSQL = []string{"SAVEPOINT ", "ROLLBACK TO SAVEPOINT ", "SELECT count(*) FROM ", "SELECT least(", "SELECT /* unfired */ "}

func TestEveryStatementIsUnderstoodByTheSchema(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := statements(t)
	for n, s := range list {
		if _, err := w.conn.Prepare(w.ctx, strconv.Itoa(n), s.sql); err != nil {
			t.Errorf("%s: %v\n%s", s.where, err, s.sql)
		}
	}
	if len(list) < 80 {
		t.Errorf("only %d statements were found", len(list))
	}
}

// statement is one SQL text of the sources.
type statement struct{ sql, where string }

// statements collects the SQL texts of the package's sources, constants put in.
func statements(t *testing.T) []statement {
	t.Helper()
	files := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var trees []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		trees = append(trees, tree)
	}
	constants := map[string]ast.Expr{}
	each := func(visit func(ast.Node) bool) {
		for _, tree := range trees {
			ast.Inspect(tree, visit)
		}
	}
	each(func(n ast.Node) bool {
		if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
			for _, spec := range d.Specs {
				if v := spec.(*ast.ValueSpec); len(v.Values) == 1 {
					constants[v.Names[0].Name] = v.Values[0]
				}
			}
		}
		return true
	})
	var list []statement
	each(func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		where := files.Position(n.Pos()).String()
		text, whole := folded(e, constants)
		switch {
		case text == "":
			return true
		case !isSQL(text):
		case !whole && !slices.Contains(runtimeSQL, text):
			t.Errorf("%s: %q is put together while the program runs", where, text)
		case whole:
			list = append(list, statement{text, where})
		}
		return false
	})
	return list
}

func isSQL(text string) bool {
	words := strings.Fields(text)
	return len(words) > 0 && slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SAVEPOINT", "ROLLBACK"}, words[0])
}

// folded is the text of an expression made of literals and constants, as far as
// it goes, and whether that is all of it.
func folded(e ast.Expr, constants map[string]ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, whole := folded(e.X, constants)
		if !whole || e.Op != token.ADD {
			return left, false
		}
		right, whole := folded(e.Y, constants)
		return left + right, whole
	case *ast.Ident:
		if value, ok := constants[e.Name]; ok {
			return folded(value, constants)
		}
	}
	return "", false
}
