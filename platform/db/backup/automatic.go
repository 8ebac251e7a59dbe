package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gavelhq/gavel/platform/db"
)

// Automatic makes the copies that the program makes by itself, before it migrates a schema.
type Automatic struct {
	// Dir is where they go.
	Dir string
	// Keep is how many stay when a migration has succeeded; the oldest go first. Copies that people made are not counted.
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

// Run makes a copy, reads it back and returns its path. One runs at a time: the schema is locked meanwhile. Older copies
// stay, for the migration may fail, and a program that starts again and again would rotate away the one from before it
// broke anything; Prune removes them later. Only those that hold exactly the same go, so that such a program does not fill
// the disk either. That the schema's versions are the same is not enough: the house may have traded between two attempts.
// Errors: ErrDamaged if the disk does not give back what was written to it, or what the database or the system reports.
func (a Automatic) Run(ctx context.Context, pool *db.Pool) (string, error) {
	_, begun, err := a.list()
	if err != nil {
		return "", err
	}
	if err := a.remove(begun); err != nil {
		return "", err
	}
	now := a.Now().UTC()
	path := filepath.Join(a.Dir, automaticName+now.Format("20060102T150405.000000Z")+archiveSuffix)
	request := Request{Program: a.Program, Created: now, Files: a.Files, Check: CheckFile}
	m, err := ToFile(ctx, pool, request, path)
	if err != nil {
		return "", err
	}
	return path, a.removeSame(m, filepath.Base(path))
}

// Prune removes the oldest copies beyond those that are kept. Call it when the migration has succeeded. Errors: what the
// system reports.
func (a Automatic) Prune() error {
	whole, _, err := a.list()
	if err != nil {
		return err
	}
	return a.remove(whole[:max(0, len(whole)-max(1, a.Keep))])
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

// removeSame removes the copies that hold what the named one does.
func (a Automatic) removeSame(m Manifest, name string) error {
	whole, _, err := a.list()
	if err != nil {
		return err
	}
	return a.remove(slices.DeleteFunc(whole, func(other string) bool {
		return other == name || !a.holds(other, m)
	}))
}

// holds reports whether a copy can be read and holds what another manifest describes.
func (a Automatic) holds(name string, m Manifest) bool {
	archive, err := OpenFile(filepath.Join(a.Dir, name))
	if err != nil {
		return false
	}
	same := archive.Manifest.sameContent(m)
	return archive.Close() == nil && same
}

// list returns the names of the copies, the oldest first, and of those that a process which was killed has begun.
func (a Automatic) list() (whole, begun []string, err error) {
	entries, err := os.ReadDir(a.Dir) // sorted by name
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("list the backups: %w", err)
	}
	for _, e := range entries {
		switch {
		case !strings.HasPrefix(e.Name(), automaticName):
		case strings.HasSuffix(e.Name(), archiveSuffix):
			whole = append(whole, e.Name())
		case strings.HasSuffix(e.Name(), archiveSuffix+partialSuffix):
			begun = append(begun, e.Name())
		}
	}
	return whole, begun, nil
}

func (a Automatic) remove(names []string) error {
	for _, name := range names {
		if err := os.Remove(filepath.Join(a.Dir, name)); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}
