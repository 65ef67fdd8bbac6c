package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"koprik/storage"
	"koprik/storage/local"
)

// servers are the PostgreSQL and the Redis that everything is measured on.
type servers struct {
	dir          string
	postgres     *local.Server
	redis        *local.RedisChild
	redisVersion string
	seals        *storage.Seals
	town         town   // what the template holds
	clones       int    // databases made so far
	redisNumber  int    // logical databases used so far
	statements   bool   // pg_stat_statements is there
	admin        string // URL of the server's first database
}

const template = "bench_template"

// startServers starts both in a directory that stop removes, and builds the
// town in a database that the others are copies of.
func startServers(ctx context.Context, o options) (_ *servers, err error) {
	s := &servers{}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "koprik-bench-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(s.dir, 0o711); err != nil { // PostgreSQL may have to run as somebody else
		return nil, err
	}
	if err := s.startPostgres(ctx, o.profile != ""); err != nil {
		return nil, err
	}
	if err := s.startRedis(ctx); err != nil {
		return nil, err
	}
	if s.seals, err = storage.NewSeals(); err != nil {
		return nil, err
	}
	return s, s.build(ctx, o.sizes.residents)
}

// startPostgres starts a server whose commits are as durable as in life. For
// profiles it counts statements, where the extension is installed.
func (s *servers) startPostgres(ctx context.Context, count bool) (err error) {
	if s.postgres, err = local.Postgres(ctx, s.options()); err != nil || !count {
		s.setAdmin()
		return err
	}
	s.setAdmin()
	if err := s.restartPostgres(ctx, "shared_preload_libraries = 'pg_stat_statements'"); err != nil {
		return err
	}
	s.statements = s.exec(ctx, s.admin, "CREATE EXTENSION pg_stat_statements",
		"ALTER SYSTEM SET pg_stat_statements.track_planning = on", "SELECT pg_reload_conf()") == nil
	return nil
}

func (s *servers) options() local.Options {
	return local.Options{Dir: filepath.Join(s.dir, "pg"), Durable: true, NoFetch: true}
}

// restartPostgres gives the server a setting that it reads at its start.
func (s *servers) restartPostgres(ctx context.Context, setting string) (err error) {
	if err := s.exec(ctx, s.admin, "ALTER SYSTEM SET "+setting); err != nil {
		return err
	}
	if err := s.postgres.Stop(); err != nil {
		return err
	}
	s.postgres, err = local.Postgres(ctx, s.options())
	s.setAdmin()
	return err
}

func (s *servers) setAdmin() {
	if s.postgres != nil {
		s.admin = s.postgres.URL()
	}
}

func (s *servers) startRedis(ctx context.Context) (err error) {
	if s.redis, err = local.RedisProcess(ctx, filepath.Join(s.dir, "redis")); err != nil {
		return err
	}
	client, err := storage.OpenRedis(s.redis.URL())
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	info, err := client.Info(ctx, "server").Result()
	for _, line := range strings.Split(info, "\r\n") {
		if version, ok := strings.CutPrefix(line, "redis_version:"); ok {
			s.redisVersion = version
		}
	}
	return err
}

// stop ends both and removes what they wrote.
func (s *servers) stop() {
	var failed error
	if s.redis != nil {
		failed = errors.Join(failed, s.redis.Stop())
	}
	if s.postgres != nil {
		s.postgres.Kill() // nobody wants its data
	}
	if s.dir != "" {
		failed = errors.Join(failed, os.RemoveAll(s.dir))
	}
	if failed != nil {
		slog.Warn("not everything was cleared away", "error", failed)
	}
}

// exec runs statements one by one, each in a transaction of its own.
func (s *servers) exec(ctx context.Context, address string, statements ...string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

func (s *servers) url(database string) string {
	address, err := url.Parse(s.admin)
	if err != nil {
		panic(err) // it is ours
	}
	address.Path = "/" + database
	return address.String()
}

// database gives a fresh copy of the town, with nothing left to write to disk
// from before.
func (s *servers) database(ctx context.Context) (string, error) { return s.clone(ctx, template) }

// empty gives a database in which nothing is yet.
func (s *servers) empty(ctx context.Context) (string, error) { return s.clone(ctx, "template0") }

func (s *servers) clone(ctx context.Context, of string) (string, error) {
	s.clones++
	name := fmt.Sprint("bench_", s.clones)
	err := s.exec(ctx, s.admin, "CREATE DATABASE "+name+" TEMPLATE "+of, "CHECKPOINT")
	return s.url(name), err
}

// drop removes a database that is not needed any more.
func (s *servers) drop(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	return s.exec(ctx, s.admin, "DROP DATABASE "+strings.TrimPrefix(u.Path, "/")+" WITH (FORCE)")
}

// redisURL gives an empty logical database.
func (s *servers) redisURL() string {
	s.redisNumber++
	address, err := url.Parse(s.redis.URL())
	if err != nil {
		panic(err) // it is ours
	}
	address.RawQuery = fmt.Sprint("db=", s.redisNumber)
	return address.String()
}

func (s *servers) postgresVersion(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	var version string
	err = conn.QueryRow(ctx, "SELECT current_setting('server_version')").Scan(&version)
	number, _, _ := strings.Cut(version, " ")
	return number, err
}
