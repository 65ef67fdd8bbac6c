package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"koprik/storage"
	"koprik/storage/local"
)

type backupCommand struct {
	To        string   `required:"" placeholder:"FILE" help:"The file to make; - is the standard output."`
	Recipient []string `required:"" placeholder:"AGE1…" help:"Who may open it: public keys of age-keygen. May be given several times."`
	WithKeys  bool     `help:"Put the key file into it too: then whoever opens the backup can read everything."`
}

// Run writes the backup of one moment, encrypted, whole or not at all.
func (b backupCommand) Run(c *call) (err error) {
	var recipients []age.Recipient
	for _, given := range b.Recipient {
		list, err := age.ParseRecipients(strings.NewReader(given))
		if err != nil {
			return usage{fmt.Errorf("%q is not a public key of age, which age-keygen prints: age1…", given)}
		}
		recipients = append(recipients, list...)
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	moment := c.now()
	if b.To == "-" {
		if _, err := b.write(c, h, c.out, recipients); err != nil {
			return err
		}
		note(c, h, moment)
		return nil
	}
	if _, err := os.Lstat(b.To); err == nil {
		return usage{fmt.Errorf("%s is there already, and stays as it is", b.To)}
	}
	began := time.Now()
	file, err := os.CreateTemp(filepath.Dir(b.To), filepath.Base(b.To)+".part-*") // its owner's alone
	if err != nil {
		return usage{fmt.Errorf("%s cannot be made%s", b.To, why(err))}
	}
	defer func() { _ = os.Remove(file.Name()) }() // it has its name when all is well
	contents, err := b.write(c, h, file, recipients)
	if err == nil {
		err = file.Sync()
	}
	size, _ := file.Seek(0, io.SeekCurrent)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.New("no backup was made: " + storage.Loggable(err) + why(err))
	}
	if err := os.Rename(file.Name(), b.To); err != nil {
		return fmt.Errorf("%s cannot be made%s", b.To, why(err))
	}
	note(c, h, moment)
	keys := "without the key file: keep it elsewhere"
	if b.WithKeys {
		keys = "with the key file"
	}
	_, err = fmt.Fprintf(c.out, "%s: %d rows of %d tables, %d KB, in %s; %s\n", b.To, contents.All(), len(contents.Rows), size>>10,
		time.Since(began).Round(100*time.Millisecond), keys)
	return err
}

// note lets the doctor know of a backup. One that is not noted is as good.
func note(c *call, h *house, moment time.Time) {
	err := h.db.InTx(c.ctx, func(tx *storage.Tx) error {
		tx.BackedUp(moment)
		return nil
	})
	if err != nil {
		fmt.Fprintln(c.errs, "note: when it was made could not be written into the database, so koprik doctor does not know of it: "+storage.Loggable(err))
	}
}

func (b backupCommand) write(c *call, h *house, to io.Writer, recipients []age.Recipient) (contents storage.Contents, err error) {
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return contents, err
	}
	keys := ""
	if b.WithKeys {
		keys = h.config.KeyFile
	}
	if contents, err = storage.Backup(c.ctx, h.url, versionLine(), keys, c.now(), sealed); err != nil {
		return contents, err
	}
	return contents, sealed.Close()
}

// encrypted tells whether a stream is one of age, and takes nothing out of it.
func encrypted(from *bufio.Reader) bool {
	const intro = "age-encryption.org/"
	head, err := from.Peek(len(intro))
	return err == nil && string(head) == intro
}

// putBack reads a backup of koprik into an empty database and looks whether all is
// well with it.
func (r restoreCommand) putBack(c *call, config config, sealed io.Reader) error {
	began := time.Now()
	from, err := r.decrypted(sealed)
	if err != nil {
		return err
	}
	h := &house{config: config, now: c.now, log: c.log}
	defer h.Close()
	if err := os.MkdirAll(config.DataDir, 0o755); err != nil {
		return &configError{"DATA_DIR", "names a directory that cannot be made" + why(err), "./data"}
	}
	err = h.findDatabase(c.ctx)
	if errors.Is(err, local.ErrInUse) {
		return fmt.Errorf("the bot runs on %s: stop it first", config.DataDir)
	}
	if err != nil {
		return err
	}
	if _, _, err := storage.Schema(c.ctx, h.url); err != nil {
		return h.unreachable("DATABASE_URL", err)
	}
	m, contents, err := storage.PutBack(c.ctx, h.url, config.KeyFile, from)
	if err != nil {
		return r.refusal(h, m, err)
	}
	fmt.Fprintf(c.out, "%d rows of %d tables are back, as many as of %s, in %s\n", contents.All(), len(contents.Rows), stamp(m.Made),
		time.Since(began).Round(100*time.Millisecond))
	return r.look(c, h)
}

// look opens what was restored as the bot does.
func (r restoreCommand) look(c *call, h *house) error {
	if err := h.openKeys(c.ctx); err != nil {
		return err
	}
	if err := h.openDatabase(c.ctx); err != nil {
		return err
	}
	found, err := h.db.Sample(c.ctx)
	if err != nil {
		return errors.New("a case cannot be read: " + storage.Loggable(err))
	}
	read := "no case yet"
	if found {
		read = "a case can be read"
	}
	fmt.Fprintf(c.out, "%s fits; %s\n", h.config.KeyFile, read)
	return h.verifyHistory(c, "")
}

// decrypted is what was encrypted.
func (r restoreCommand) decrypted(sealed io.Reader) (io.Reader, error) {
	if r.Identity == "" {
		return nil, usage{errors.New("--identity FILE is missing: the identity of age that the backup was made for")}
	}
	names, err := os.Open(r.Identity)
	if err != nil {
		return nil, usage{fmt.Errorf("%s cannot be read%s", r.Identity, why(err))}
	}
	defer names.Close()
	identities, err := age.ParseIdentities(names)
	if err != nil {
		return nil, usage{fmt.Errorf("%s holds no identity of age", r.Identity)}
	}
	plain, err := age.Decrypt(sealed, identities...)
	switch {
	case errors.As(err, new(*age.NoIdentityMatchError)):
		return nil, fmt.Errorf("%s was made for others than %s", r.File, r.Identity)
	case err != nil:
		return nil, r.damaged()
	}
	return plain, nil
}

// damaged says that the file is not as it was written.
func (r restoreCommand) damaged() error {
	return fmt.Errorf("%s is damaged or was cut off: nothing of it was restored", filepath.Base(r.File))
}

// refusal says why nothing was restored.
func (r restoreCommand) refusal(h *house, m storage.Manifest, err error) error {
	where := "the database that DATABASE_URL names"
	if h.own != nil {
		where = h.own.Base()
	}
	switch {
	case errors.Is(err, storage.ErrNotEmpty):
		return fmt.Errorf("%s holds data already, which stay as they are: restore into an empty one", where)
	case errors.Is(err, storage.ErrNoKeys):
		return &configError{"KEY_FILE", h.config.noKeys() + ": put your copy of it back first, for without it nothing in the backup can be read", exampleKeys}
	case errors.Is(err, storage.ErrOtherKeys):
		return &configError{"KEY_FILE", "names a file with other keys than the backup was sealed with: put your copy of " + stamp(m.Made) + " back", exampleKeys}
	case errors.As(err, new(*storage.KeyFileError)):
		return &configError{"KEY_FILE", h.config.unfit(err), exampleKeys}
	case errors.Is(err, storage.ErrNoBackup):
		return fmt.Errorf("%s is no backup of koprik", filepath.Base(r.File))
	case errors.Is(err, storage.ErrDamaged):
		return r.damaged()
	case errors.Is(err, storage.ErrNewerBackup):
		return fmt.Errorf("%s was made by a newer release (%s): use that one", filepath.Base(r.File), m.Release)
	}
	return fmt.Errorf("%s was not restored, and nothing of it is there: %s", filepath.Base(r.File), storage.Loggable(err))
}
