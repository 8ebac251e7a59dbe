package backup

import (
	"context"
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
	// Now tells the time.
	Now func() time.Time
}

// automaticName sorts by time.
const automaticName = "before-migration-"

// Run makes a copy and then removes those that are too many. It is a db.Backup. Errors: what the database or the system
// reports.
func (a Automatic) Run(ctx context.Context, pool *db.Pool) error {
	now := a.Now().UTC()
	path := filepath.Join(a.Dir, automaticName+now.Format("20060102T150405.000000Z")+".zip")
	if _, err := ToFile(ctx, pool, Request{Program: a.Program, Created: now}, path); err != nil {
		return err
	}
	entries, err := os.ReadDir(a.Dir) // sorted by name
	if err != nil {
		return fmt.Errorf("list the backups: %w", err)
	}
	var made []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), automaticName) && strings.HasSuffix(e.Name(), ".zip") {
			made = append(made, filepath.Join(a.Dir, e.Name()))
		}
	}
	for _, old := range made[:max(0, len(made)-max(1, a.Keep))] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}
