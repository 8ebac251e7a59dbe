package main

import (
	"os"
	"syscall"
)

// freeSpace returns how many bytes an ordinary user can still write to the disk of a folder.
func freeSpace(folder string) (bytes int64, known bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, false
	}
	return int64(stat.Bavail) * stat.Bsize, true //nolint:gosec // no disk has 8 EiB
}

// mayWrite asks whether this user can make files in a folder, without making one. Errors: why not.
func mayWrite(folder string) error {
	const writeAndSearch = 2 | 1
	if err := syscall.Access(folder, writeAndSearch); err != nil {
		return &os.PathError{Op: "write to", Path: folder, Err: err}
	}
	return nil
}
