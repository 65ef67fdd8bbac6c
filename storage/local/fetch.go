package local

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// fetchFrom is the repository that the embedded-postgres project publishes to.
const fetchFrom = "https://repo1.maven.org/maven2"

// fetched are the releases that can be had there; 0 is for new data.
var fetched = map[int]embeddedpostgres.PostgresVersion{
	0:  embeddedpostgres.V17,
	14: embeddedpostgres.V14,
	15: embeddedpostgres.V15,
	16: embeddedpostgres.V16,
	17: embeddedpostgres.V17,
	18: embeddedpostgres.V18,
}

// fetchPrograms downloads PostgreSQL's programs and unpacks them to base/pgsql,
// wholly or not at all.
func fetchPrograms(ctx context.Context, from, base string, major int, log *slog.Logger) error {
	version, ok := fetched[major]
	if !ok {
		return errNotFetched
	}
	log.Info("PostgreSQL's programs were not found: fetching them, which takes a minute", "from", from)
	scratch, err := os.MkdirTemp(base, "pgsql-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := os.Chmod(scratch, 0o755); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- unpack(from, scratch, version) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		return ctx.Err()
	}
	unpacked := filepath.Join(scratch, "programs")
	if _, missing := os.Stat(filepath.Join(unpacked, "bin", "postgres")); missing != nil {
		log.Warn("PostgreSQL's programs could not be fetched", "error", err)
		return errNotFetched
	}
	if err := os.RemoveAll(filepath.Join(base, "pgsql")); err != nil {
		return err
	}
	return os.Rename(unpacked, filepath.Join(base, "pgsql"))
}

// unpack has embedded-postgres do what its Start does first, and nothing more:
// it would run a server of its own, and it deletes data directories of another
// release. A data path that ends in a dot, which no program can delete, makes
// it stop once the programs are unpacked; so an error is always returned.
func unpack(from, scratch string, version embeddedpostgres.PostgresVersion) error {
	return embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Version(version).
		BinaryRepositoryURL(from).
		CachePath(filepath.Join(scratch, "archive")).
		BinariesPath(filepath.Join(scratch, "programs")).
		RuntimePath(filepath.Join(scratch, "runtime")).
		DataPath(filepath.Join(scratch, "data") + "/.").
		Port(0).
		Logger(io.Discard)).Start()
}
