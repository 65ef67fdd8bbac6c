package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"koprik/storage"
	"koprik/storage/local"
)

type restoreCommand struct {
	File     string `arg:"" help:"What koprik backup has written; or pg_dump -Fc, for a PostgreSQL of our own. - is the standard input."`
	Identity string `placeholder:"FILE" help:"The identity of age that a backup of koprik is opened with."`
}

// Run reads a backup into an empty database, or a dump into a new PostgreSQL of
// our own. It overwrites nothing: where there are data already, and while the bot
// runs, it refuses.
func (r restoreCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	opened, err := c.stream(r.File)
	if err != nil {
		return err
	}
	defer opened.Close()
	named := " " + r.File
	if r.File == "-" {
		r.File, named = "the standard input", ""
	}
	from := bufio.NewReaderSize(opened, 1<<20)
	if encrypted(from) {
		return r.putBack(c, config, from)
	}
	if err := r.dumped(from); err != nil {
		return err
	}
	if config.DatabaseURL != "" {
		return usage{errors.New(`restore of a dump is for a PostgreSQL of our own, and DATABASE_URL is set: pg_restore --no-owner --exit-on-error -d "$DATABASE_URL"` + named +
			`, and then the line of psql that follows it in docs/operate.md, Restore, or ids are given again`)}
	}
	if _, err := os.Stat(config.KeyFile); err != nil {
		return &configError{"KEY_FILE", config.noKeys() + ": put your copy of it back first, for without it nothing in the dump can be read", exampleKeys}
	}
	own, err := local.Postgres(c.ctx, local.Options{Dir: config.DataDir, Durable: true, Log: c.log})
	if errors.Is(err, local.ErrInUse) {
		return fmt.Errorf("the bot runs on %s: stop it first", config.DataDir)
	}
	if err != nil {
		return err
	}
	err = r.into(c, own, from)
	if stopped := own.Stop(); err == nil {
		err = stopped
	}
	return err
}

func (r restoreCommand) into(c *call, own *local.Server, dump io.Reader) error {
	switch stands, _, err := storage.Schema(c.ctx, own.URL()); {
	case err != nil:
		return err
	case stands > 0:
		return fmt.Errorf("%s holds data already, which stay as they are: move them away first (mv %[1]s %[1]s.old), and put the key file into the new directory", own.Base())
	}
	tool, ok := own.Tool("pg_restore")
	if !ok {
		return errors.New("pg_restore is not on this machine: apt-get install postgresql-client")
	}
	cmd := exec.CommandContext(c.ctx, tool, "--no-owner", "--no-privileges", "--single-transaction", "--dbname="+own.URL())
	cmd.Stdin = dump
	if said, err := cmd.CombinedOutput(); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n")
		return fmt.Errorf("%s was not restored, and nothing of it is there: %s", filepath.Base(r.File), first)
	}
	if err := storage.SkipIDs(c.ctx, own.URL()); err != nil {
		return errors.New("restored, but ids would be given again: move it away and start over: " + storage.Loggable(err))
	}
	fmt.Fprintln(c.out, "restored; koprik doctor says whether the key file fits, then start the bot")
	return nil
}

// dumped looks whether a stream is a dump that pg_restore reads, and takes nothing
// out of it.
func (r restoreCommand) dumped(from *bufio.Reader) error {
	name := filepath.Base(r.File)
	head, err := from.Peek(512)
	switch {
	case len(head) == 0 && errors.Is(err, io.EOF):
		return fmt.Errorf("%s is empty", name)
	case len(head) == 0:
		return usage{fmt.Errorf("%s cannot be read%s", r.File, why(err))}
	case bytes.HasPrefix(head, []byte("PGDMP")), bytes.HasPrefix(head, []byte("toc.dat\x00")): // -Fc, -Ft
		return nil
	case bytes.Contains(head, []byte("PostgreSQL database dump")):
		return fmt.Errorf("%s is a dump as text, which is not restored here: pg_dump -Fc makes one that is", name)
	}
	return fmt.Errorf("%s is no backup: neither koprik backup nor pg_dump -Fc has written it", name)
}

// stream opens a file that the command line names, or the standard input.
func (c *call) stream(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.in), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, usage{fmt.Errorf("%s cannot be read%s", name, why(err))}
	}
	return file, nil
}
