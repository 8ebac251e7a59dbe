package realauctions_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/realauctions"
)

// asking is a test that asks for the file, and remembers how it ended.
type asking struct {
	testing.TB
	name, skipped string
	failed        bool
}

func (a *asking) Helper()               {}
func (a *asking) Errorf(string, ...any) { a.failed = true }
func (a *asking) FailNow()              { runtime.Goexit() }

func (a *asking) Skipf(format string, args ...any) {
	a.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func ask(t *testing.T) *asking {
	t.Helper()
	a, done := &asking{TB: t}, make(chan struct{})
	go func() {
		defer close(done)
		a.name = realauctions.File(a)
	}()
	<-done
	return a
}

// repository makes a repository with a package, in which the test goes on, and returns the folder of the data beside it.
func repository(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	within, data := filepath.Join(folder, "main", "modules", "farm"), filepath.Join(folder, "shared", "data")
	require.NoError(t, os.MkdirAll(within, 0o700))
	require.NoError(t, os.MkdirAll(data, 0o700))
	write(t, filepath.Join(folder, "main", "go.mod"))
	t.Chdir(within)
	return data
}

func write(t *testing.T, name string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, nil, 0o600))
}

// unset takes a variable away until the test ends.
func unset(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // puts it back at the end
	require.NoError(t, os.Unsetenv(name))
}

// Not parallel: its cases change the environment and the directory of the process.
func TestFile(t *testing.T) {
	t.Run("it lies beside the repository", func(t *testing.T) {
		data := repository(t)
		unset(t, "TEST_DATA")
		write(t, filepath.Join(data, "ebay-auctions.csv"))
		require.FileExists(t, ask(t).name)
	})
	t.Run("where it is absent the test is skipped", func(t *testing.T) {
		repository(t)
		unset(t, "TEST_DATA")
		unset(t, "CI")
		require.Contains(t, ask(t).skipped, "TEST_DATA")
	})
	t.Run("but not on CI", func(t *testing.T) {
		repository(t)
		unset(t, "TEST_DATA")
		t.Setenv("CI", "true")
		require.True(t, ask(t).failed)
	})
	t.Run("nor where its folder is named", func(t *testing.T) {
		unset(t, "CI")
		data := t.TempDir()
		t.Setenv("TEST_DATA", data)
		require.True(t, ask(t).failed)

		name := filepath.Join(data, "ebay-auctions.csv")
		write(t, name)
		require.Equal(t, name, ask(t).name)
	})
}
