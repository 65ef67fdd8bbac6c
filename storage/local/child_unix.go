//go:build unix && !linux

package local

import "syscall"

// attributes cannot tie a child to this process's end here: what a killed
// process leaves running is stopped by the next start.
func attributes(as *account, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: as.credential()}
}

// postgresIn returns the postmaster that the data directory names, if it runs.
func postgresIn(data string) []int {
	pid := postmaster(data)
	if pid <= 1 || syscall.Kill(pid, 0) != nil {
		return nil
	}
	return []int{pid}
}
