//go:build !linux

package main

import (
	"errors"
	"os"
)

// freeSpace does not know here.
func freeSpace(string) (bytes int64, known bool) { return 0, false }

// mayWrite asks whether anybody can make files in a folder, without making one. Errors: why not.
func mayWrite(folder string) error {
	info, err := os.Stat(folder)
	if err == nil && info.Mode().Perm()&0o222 == 0 {
		return errors.New("nobody may write to it")
	}
	return err
}
