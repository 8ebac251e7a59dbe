package db

import (
	"os"
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT, which package syscall lacks: the longest that sent data may stay unacknowledged.
const tcpUserTimeout = 18

// limitRetransmission bounds how long the system repeats what is not acknowledged. Errors: what the system reports.
func limitRetransmission(socket uintptr, longest time.Duration) error {
	err := syscall.SetsockoptInt(int(socket), syscall.IPPROTO_TCP, tcpUserTimeout, int(longest.Milliseconds()))
	return os.NewSyscallError("setsockopt", err)
}
