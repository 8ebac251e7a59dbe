package files_test

import (
	"bytes"
	netmail "net/mail"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/files"
	"github.com/gavelhq/gavel/platform/mail/mailtest"
)

var (
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	sender = mail.Sender{Name: "Gavel", Address: "gavel@example.org"}
)

func TestMailerContract(t *testing.T) {
	t.Parallel()
	mailtest.Run(t, func(t *testing.T) mail.Mailer {
		return files.NewMailer(filepath.Join(t.TempDir(), "mail"), sender, clock.NewFixed(noon))
	})
}

func TestMailer(t *testing.T) {
	t.Parallel()

	t.Run("writes what mail programs read, for its owner alone", func(t *testing.T) {
		t.Parallel()
		folder := filepath.Join(t.TempDir(), "data", "mail")
		m := files.NewMailer(folder, sender, clock.NewFixed(noon))
		letter := mailtest.Letter("ada@example.org")
		name, err := m.Write(t.Context(), letter)
		require.NoError(t, err)
		require.Equal(t, filepath.Join(folder, "20260301T120000.000000Z-"+letter.ID+".eml"), name)
		require.Equal(t, []string{filepath.Base(name)}, namesIn(t, folder), "nothing else stays")
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		message, err := netmail.ReadMessage(bytes.NewReader(content))
		require.NoError(t, err)
		require.Equal(t, "<ada@example.org>", message.Header.Get("To"))
		require.Contains(t, string(content), "s3cret")
		if runtime.GOOS == "windows" {
			return
		}
		for path, want := range map[string]os.FileMode{name: 0o600, folder: 0o700} {
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.Equal(t, want, info.Mode().Perm(), path)
		}
	})
	t.Run("keeps the newest, and what others put there", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, "0-mine.eml"), nil, 0o600))
		c := clock.NewVirtual(noon)
		m := files.NewMailer(folder, sender, c).Keeping(2)
		var written []string
		for i := range 3 {
			c.StepTo(noon.Add(time.Duration(i) * time.Microsecond))
			name, err := m.Write(t.Context(), mailtest.Letter("ada@example.org"))
			require.NoError(t, err)
			written = append(written, filepath.Base(name))
			require.Len(t, namesIn(t, folder), min(i+1, 2)+1)
		}
		require.Equal(t, append([]string{"0-mine.eml"}, written[1:]...), namesIn(t, folder))
	})
	t.Run("is used by many at once", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		one, other := files.NewMailer(folder, sender, clock.NewFixed(noon)).Keeping(5), files.NewMailer(folder, sender, clock.NewFixed(noon)).Keeping(5)
		var all sync.WaitGroup
		failures := make(chan error, 40)
		for range 20 {
			for _, m := range []mail.Mailer{one, other} {
				all.Go(func() { failures <- m.Send(t.Context(), mailtest.Letter("ada@example.org")) })
			}
		}
		all.Wait()
		close(failures)
		for err := range failures {
			require.NoError(t, err)
		}
		require.Len(t, namesIn(t, folder), 5)
	})
	t.Run("says where it cannot write", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		letter := mailtest.Letter("ada@example.org")
		err := files.NewMailer(filepath.Join(file, "mail"), sender, clock.NewFixed(noon)).Send(t.Context(), letter)
		require.ErrorContains(t, err, file)
		mailtest.Silent(t, err, letter)
	})
}

func namesIn(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
