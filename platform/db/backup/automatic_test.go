package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestAutomatic(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	dir := t.TempDir()
	byHand := filepath.Join(dir, "a-by-hand.zip")
	require.NoError(t, os.WriteFile(byHand, nil, 0o600))
	killed := filepath.Join(dir, "before-migration-20261121T110000.000000Z.zip.partial")
	require.NoError(t, os.WriteFile(killed, nil, 0o600))
	now := created
	automatic := backup.Automatic{Dir: dir, Keep: 2, Program: "test", Now: func() time.Time { return now }}
	migrator := db.NewMigrator(pool, []db.Migrations{farm(2)}, func(ctx context.Context) error {
		_, err := automatic.Run(ctx, pool)
		return err
	})
	for range 2 {
		now = now.Add(time.Second)
		_, err := migrator.Up(t.Context())
		require.NoError(t, err)
		now = now.Add(time.Second)
		_, err = migrator.Down(t.Context(), "farm", 1)
		require.NoError(t, err)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	require.Equal(t, []string{
		"a-by-hand.zip", "before-migration-20261121T120003.000000Z.zip", "before-migration-20261121T120004.000000Z.zip",
	}, names)
	require.NoError(t, open(t, filepath.Join(dir, names[2])).Verify(t.Context()))
}
