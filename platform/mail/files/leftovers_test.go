package files_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/mail/files"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	t.Run("removes what was begun long ago and never became a letter", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		old, recent := noon.Add(-time.Hour-time.Second), noon.Add(-time.Hour+time.Second)
		for name, at := range map[string]time.Time{
			".letter-1234567":                     old,
			".letter-7654321":                     recent, // perhaps another process is writing it
			".letter-7777777":                     noon.Add(time.Hour),
			".letter-to-my-aunt":                  old,
			"letter-1234567":                      old,
			"20260301T100000.000000Z-0195-af.eml": old,
		} {
			path := filepath.Join(folder, name)
			require.NoError(t, os.WriteFile(path, nil, 0o600))
			require.NoError(t, os.Chtimes(path, at, at))
		}
		folderOfTheirs := filepath.Join(folder, ".letter-42")
		require.NoError(t, os.Mkdir(folderOfTheirs, 0o700))
		require.NoError(t, os.Chtimes(folderOfTheirs, old, old))

		require.NoError(t, files.NewMailer(folder, sender, clock.NewFixed(noon)).Sweep())
		require.Equal(t, []string{
			".letter-42", ".letter-7654321", ".letter-7777777", ".letter-to-my-aunt", "20260301T100000.000000Z-0195-af.eml",
			"letter-1234567",
		}, namesIn(t, folder))
	})
	t.Run("makes no folder", func(t *testing.T) {
		t.Parallel()
		folder := filepath.Join(t.TempDir(), "mail")
		require.NoError(t, files.NewMailer(folder, sender, clock.NewFixed(noon)).Sweep())
		require.NoDirExists(t, folder)
	})
	t.Run("says where it cannot look", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		require.ErrorContains(t, files.NewMailer(file, sender, clock.NewFixed(noon)).Sweep(), file)
	})
}
