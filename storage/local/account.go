package local

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user that PostgreSQL runs as; nil is the one that we are.
type account struct {
	name     string
	uid, gid int
}

// postgresAccount returns nil unless we are root, whom PostgreSQL refuses.
func postgresAccount() *account {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if errUID == nil && errGID == nil && uid != 0 {
			return &account{name: name, uid: uid, gid: gid}
		}
	}
	return &account{name: "nobody", uid: 65534, gid: 65534}
}

// orOwner returns the account that owns a path, if there is one: data are
// served by whom they belong to, whoever else exists by now.
func (a *account) orOwner(path string) *account {
	info, err := os.Lstat(path)
	if a == nil || err != nil {
		return a
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known || stat.Uid == 0 || int(stat.Uid) == a.uid {
		return a
	}
	return &account{name: strconv.Itoa(int(stat.Uid)), uid: int(stat.Uid), gid: int(stat.Gid)}
}

func (a *account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
}

// own gives a file or directory to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// inherit gives the account what a copy made by root has left to root, such as
// `cp -r` of a data directory. Who is not root is told what to do.
func (a *account) inherit(paths ...string) error {
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil {
			continue // it is not there, or whoever uses it says what is wrong
		}
		stat, known := info.Sys().(*syscall.Stat_t)
		switch {
		case !known:
		case a == nil && int(stat.Uid) != os.Geteuid():
			return fmt.Errorf("%s belongs to user %d: start as that user, or give it to this one: chown -R %d %s", path, stat.Uid, os.Geteuid(), path)
		case a != nil && stat.Uid == 0:
			if err := a.ownAll(path); err != nil {
				return fmt.Errorf("%s belongs to root and cannot be given to %s, as whom PostgreSQL runs: %w", path, a.name, err)
			}
		}
	}
	return nil
}

// ownAll gives a directory and everything in it to the account. What links point
// to stays whose it is. PostgreSQL wants its directory closed to others.
func (a *account) ownAll(path string) error {
	err := filepath.WalkDir(path, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(name, a.uid, a.gid)
	})
	if err != nil {
		return err
	}
	return os.Chmod(path, 0o700)
}

// reaches reports whether the account can work in a directory. It asks the
// kernel by running a program there, since the mode bits do not tell all.
func (a *account) reaches(dir string) bool {
	if a == nil {
		return true
	}
	cmd := exec.Command("true")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential()}
	return cmd.Run() == nil
}

// privateDir makes a directory that only the account can enter. An existing
// one is taken only if it is just that, so that in a shared place like /tmp
// nobody can lay one out for us.
func (a *account) privateDir(path string) error {
	switch err := os.Mkdir(path, 0o700); {
	case err == nil:
		return a.own(path)
	case !os.IsExist(err):
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner := os.Geteuid()
	if a != nil {
		owner = a.uid
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !known || int(stat.Uid) != owner {
		return fmt.Errorf("%s is not a private directory of user %d: remove it", path, owner)
	}
	return nil
}
