package storagetest

import (
	"context"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"koprik/storage/local"
)

// Postgres returns the address of a fresh database, which is dropped after the
// test. It is a copy of the template: 15 ms in memory, so every test has one.
func Postgres(t testing.TB) string {
	t.Helper()
	p, err := process.startedPostgres()
	needs(t, err)
	name, err := p.clone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.drop(name); err != nil {
			t.Error(err)
		}
	})
	return p.url(name)
}

// postgres is the one server with its template, or why there is none.
type postgres struct {
	server *local.Server
	admin  *pgxpool.Pool
	copies string // how a database is copied: the end of CREATE DATABASE
	clones atomic.Int64
	err    error
}

const template = "template_koprik"

func (s *servers) startedPostgres() (*postgres, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.postgres == nil {
		s.postgres = &postgres{}
		s.postgres.err = s.postgres.start(s.migrate)
	}
	return s.postgres, s.postgres.err
}

func (p *postgres) start(migrate func(context.Context, string) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p.server, err = inSlot("postgres", func(dir string) (*local.Server, error) {
		return local.Postgres(ctx, local.Options{Dir: dir, Temporary: true, NoFetch: true})
	})
	if err != nil {
		return err
	}
	if p.admin, err = pgxpool.New(ctx, p.server.URL()); err != nil {
		return err
	}
	if err = p.prepare(ctx, migrate); err != nil {
		return fmt.Errorf("the template of the test databases: %w", err)
	}
	return nil
}

func (p *postgres) prepare(ctx context.Context, migrate func(context.Context, string) error) error {
	if _, err := p.admin.Exec(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	if migrate != nil {
		if err := migrate(ctx, p.url(template)); err != nil {
			return err
		}
	}
	// Nobody else may enter it, or copies would fail.
	if _, err := p.admin.Exec(ctx, "ALTER DATABASE "+template+" ALLOW_CONNECTIONS false"); err != nil {
		return err
	}
	// Copying files takes 13 ms, copying through the log 35, both in memory.
	// Release 14 has no choice: it copies files.
	p.copies = " TEMPLATE " + template
	var release int
	if err := p.admin.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&release); err != nil {
		return err
	}
	if release >= 15_00_00 {
		p.copies += " STRATEGY FILE_COPY"
	}
	return nil
}

func (p *postgres) clone(ctx context.Context) (string, error) {
	name := fmt.Sprint("test_", p.clones.Add(1))
	_, err := p.admin.Exec(ctx, "CREATE DATABASE "+name+p.copies)
	return name, err
}

// drop works while the test's own sessions are still open.
func (p *postgres) drop(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := p.admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
	return err
}

func (p *postgres) url(database string) string {
	address, err := url.Parse(p.server.URL())
	if err != nil {
		panic(err) // we made it
	}
	address.Path = "/" + database
	return address.String()
}

func (p *postgres) stop() {
	if p.admin != nil {
		p.admin.Close()
	}
	if p.server != nil {
		_ = p.server.Stop() // the tests are over; the next run clears up what is left
	}
}
