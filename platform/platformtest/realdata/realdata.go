// Package realdata finds the files of real data that tests compare with, which are not part of the project.
package realdata

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// File returns the path of a file of real data: it lies in the folder that TEST_DATA names, else in shared/data beside the
// repository. Without it the test is skipped, but where CI or TEST_DATA asks for it it must be there.
func File(tb testing.TB, name string) string {
	tb.Helper()
	folder, named := os.LookupEnv("TEST_DATA")
	if !named {
		folder = filepath.Join(repository(tb), "..", "shared", "data")
	}
	path := filepath.Join(folder, name)
	_, err := os.Stat(path)
	if os.IsNotExist(err) && !named && os.Getenv("CI") != "true" {
		tb.Skipf("%s is not here (TEST_DATA names its folder): %v", name, err)
	}
	require.NoError(tb, err)
	return path
}

// repository returns the folder of the module that the test, which runs in the folder of its package, belongs to.
func repository(tb testing.TB) string {
	tb.Helper()
	folder, err := os.Getwd()
	require.NoError(tb, err)
	for {
		_, err := os.Stat(filepath.Join(folder, "go.mod"))
		if err == nil {
			return folder
		}
		require.ErrorIs(tb, err, os.ErrNotExist)
		above := filepath.Dir(folder)
		require.NotEqual(tb, folder, above, "no folder above this test has a go.mod")
		folder = above
	}
}
