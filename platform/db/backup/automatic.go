package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gavelhq/gavel/platform/db"
)

// Automatic makes the copies that the program makes by itself, before it migrates a schema.
type Automatic struct {
	// Dir is where they go.
	Dir string
	// Keep is how many stay; the oldest go first. Copies that people made are not counted.
	Keep int
	// Program names what makes the archive.
	Program string
	// Files are attached. They must cope with every older schema.
	Files []File
	// Now tells the time.
	Now func() time.Time
}

// automaticName sorts by time.
const automaticName = "before-migration-"

// Run makes a copy, reads it back, removes those that are too many and returns the new one's path. One runs at a time:
// the schema is locked meanwhile. Errors: ErrDamaged if the disk does not give back what was written to it, or what the
// database or the system reports.
func (a Automatic) Run(ctx context.Context, pool *db.Pool) (string, error) {
	now := a.Now().UTC()
	path := filepath.Join(a.Dir, automaticName+now.Format("20060102T150405.000000Z")+archiveSuffix)
	request := Request{Program: a.Program, Created: now, Files: a.Files, Check: CheckFile}
	if _, err := ToFile(ctx, pool, request, path); err != nil {
		return "", err
	}
	return path, a.prune()
}

// archiveSuffix ends the names of archives.
const archiveSuffix = ".zip"

// CheckFile reads an archive and compares all of it with its manifest. Errors: as OpenFile and Archive.Verify, or the
// context's.
func CheckFile(ctx context.Context, path string) error {
	archive, err := OpenFile(path)
	if err != nil {
		return err
	}
	return errors.Join(archive.Verify(ctx), archive.Close())
}

// prune removes the oldest copies, and what a process that was killed has left.
func (a Automatic) prune() error {
	entries, err := os.ReadDir(a.Dir) // sorted by name
	if err != nil {
		return fmt.Errorf("list the backups: %w", err)
	}
	var whole, doomed []string
	for _, e := range entries {
		switch {
		case !strings.HasPrefix(e.Name(), automaticName):
		case strings.HasSuffix(e.Name(), archiveSuffix):
			whole = append(whole, e.Name())
		case strings.HasSuffix(e.Name(), archiveSuffix+partialSuffix):
			doomed = append(doomed, e.Name())
		}
	}
	doomed = append(doomed, whole[:max(0, len(whole)-max(1, a.Keep))]...)
	for _, name := range doomed {
		if err := os.Remove(filepath.Join(a.Dir, name)); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}
