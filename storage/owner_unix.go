//go:build unix

package storage

import (
	"os"
	"syscall"
)

// sameOwner gives a file the owner and the rights of another one: who changes the
// key file as root must not take it from the bot.
func sameOwner(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
		if err := os.Chown(to, int(stat.Uid), int(stat.Gid)); err != nil {
			return err
		}
	}
	return os.Chmod(to, info.Mode().Perm())
}
