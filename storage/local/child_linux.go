package local

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func attributes(as *account, atDeath syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: atDeath, Credential: as.credential()}
}

// postgresIn lists the PostgreSQL processes that work in a data directory,
// among them backends whose postmaster has already gone.
func postgresIn(data string) []int {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	var pids []int
	for _, folder := range folders {
		if cwd, err := os.Readlink(folder + "/cwd"); err != nil || cwd != data {
			continue
		}
		name, _ := os.ReadFile(folder + "/comm")
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err == nil && strings.HasPrefix(string(name), "post") { // postgres, postmaster
			pids = append(pids, pid)
		}
	}
	return pids
}
