package main

import (
	"os/exec"
	"runtime"
	"syscall"
)

// dieTogether lets the program end when this test program ends, however that
// ends. The kernel watches the thread that starts it, which is kept until
// unlock.
func dieTogether(cmd *exec.Cmd) (unlock func()) {
	runtime.LockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return runtime.UnlockOSThread
}
