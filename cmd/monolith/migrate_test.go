package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// schemaOf returns what migrate status says about a store.
func schemaOf(t *testing.T, store []string) migrateAnswer {
	t.Helper()
	return migrated(t, store, "status")
}

func migrated(t *testing.T, store []string, args ...string) migrateAnswer {
	t.Helper()
	got := monolith(t, command(store, append(append([]string{"migrate"}, args...), "--json")...))
	require.Equal(t, exitOK, got.status, got.stderr)
	var said migrateAnswer
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &said))
	return said
}

// of returns how far the schema of a module is.
func (a migrateAnswer) of(t *testing.T, name string) module {
	t.Helper()
	i := slices.IndexFunc(a.Modules, func(m module) bool { return m.Name == name })
	require.GreaterOrEqual(t, i, 0, "there is no %s among %v", name, a.Modules)
	return a.Modules[i]
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		store := e.nothing(t)
		data := store[1]

		said := schemaOf(t, store)
		require.NoDirExists(t, data, "looking makes nothing")
		require.True(t, slices.IsSortedFunc(said.Modules, func(a, b module) int { return strings.Compare(a.Name, b.Name) }))
		for _, module := range said.Modules {
			require.Len(t, module.Pending, int(module.Program))
			require.Zero(t, module.Database)
		}
		head := said.of(t, "listings").Program
		require.NotNil(t, said.Ran)

		got := monolith(t, command(store, "migrate", "up"))
		require.Equal(t, exitOK, got.status, got.stderr)
		require.Contains(t, got.stdout, "ran listings/00001_create_listings.sql\n")
		require.Regexp(t, `\nlistings +\d+ +\d+ +up to date\n`, got.stdout)
		require.NoDirExists(t, filepath.Join(data, "backups"), "there was nothing to back up")

		again := migrated(t, store, "up")
		require.Empty(t, again.Ran)
		require.Equal(t, head, again.of(t, "listings").Database)
		require.Empty(t, again.of(t, "listings").Pending)
		require.True(t, again.Exists)
	})
}

func TestMigrateDown(t *testing.T) {
	t.Parallel()
	eachStocked(t, func(t *testing.T, store []string) {
		before := schemaOf(t, store).of(t, "listings").Database
		got := monolith(t, command(store, "migrate", "down", "listings", "--steps", "2"))
		require.Equal(t, exitUsage, got.status)
		require.Contains(t, got.stderr, "add --yes if you mean it")
		require.Equal(t, before, schemaOf(t, store).of(t, "listings").Database)

		got = monolith(t, command(store, "migrate", "down", "listings", "--steps", "2", "--yes"))
		require.Equal(t, exitOK, got.status, got.stderr)
		require.Contains(t, got.stderr, "backed up before migrating")
		require.Regexp(t, `(?s)\nlistings +\d+ +\d+ +2 pending\n.*pending listings/`, got.stdout)
		require.Equal(t, before-2, schemaOf(t, store).of(t, "listings").Database)
		copies := automaticCopies(t, store)
		require.Len(t, copies, 1, "one for all steps")

		t.Run("and serve comes up on it again, after a backup of its own", func(t *testing.T) {
			got := monolith(t, command(store, "verify"))
			require.Equal(t, exitOK, got.status, got.stderr)
			require.Contains(t, got.stdout, "11 of 11 logs verify")
			require.Equal(t, before, schemaOf(t, store).of(t, "listings").Database)
			require.Len(t, automaticCopies(t, store), 2)
		})
		t.Run("and what was dropped is in the backup", func(t *testing.T) {
			place := sqlite.nothing(t)
			got := monolith(t, command(place, "restore", copies[0]))
			require.Equal(t, exitOK, got.status, got.stderr)
			require.Contains(t, got.stdout, "11 of 11 logs verify")
		})
	})
}

// automaticCopies returns the files that migrations have left in a store's folder of backups.
func automaticCopies(t *testing.T, store []string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(store[1], "backups", "before-migration-*.zip"))
	require.NoError(t, err)
	return files
}

func TestAutomaticBackupsArePruned(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	stock(t, store)
	store = append(store, "--backup.keep", "1")
	byHand := filepath.Join(store[1], "backups", "by-hand.zip")
	require.Equal(t, exitOK, monolith(t, command(store, "backup", byHand)).status)
	for range 2 {
		migrated(t, store, "down", "events", "--yes")
		migrated(t, store, "up")
	}
	require.Len(t, automaticCopies(t, store), 1)
	require.FileExists(t, byHand)
	for _, file := range automaticCopies(t, store) {
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
}

// TestAFailingMigrationKeepsTheFirstCopy starts again and again where a migration cannot succeed.
func TestAFailingMigrationKeepsTheFirstCopy(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	stock(t, store)
	store = append(store, "--backup.keep", "1")
	migrated(t, store, "down", "events", "--yes")
	before := automaticCopies(t, store)
	require.Len(t, before, 1)
	execute(t, store, "CREATE INDEX event_deliveries_listed ON event_deliveries (id)")
	for range 3 {
		got := monolith(t, command(store, "verify"))
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "index event_deliveries_listed already exists")
	}
	copies := automaticCopies(t, store)
	require.Len(t, copies, 2, "one is of the attempts, which found the same")
	require.Equal(t, before[0], copies[0])
}

func TestMigrateRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args   []string
		spoil  string
		status int
		stderr string
	}{
		"a schema that is newer":    {[]string{"up"}, "INSERT INTO goose_listings (version_id, is_applied) VALUES (999999, 1)", exitFailed, "newer than this program"},
		"a restore that goes on":    {[]string{"up"}, "CREATE TABLE goose_restoring (begun integer)", exitFailed, "has not ended"},
		"a module that is none":     {[]string{"down", "auctions"}, "", exitUsage, "there are audit, events, idempotency, issues, listings"},
		"no steps":                  {[]string{"down", "listings", "--steps", "0"}, "", exitUsage, "--steps must be at least 1"},
		"down without a module":     {[]string{"down"}, "", exitUsage, "accepts 1 arg"},
		"a word that is no command": {[]string{"sideways"}, "", exitUsage, `unknown command "sideways"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := sqlite.open(t)
			if test.spoil != "" {
				execute(t, store, test.spoil)
			}
			got := monolith(t, command(store, append([]string{"migrate"}, test.args...)...))
			require.Equal(t, test.status, got.status, got.stderr)
			require.Contains(t, got.stderr, test.stderr)
			require.Empty(t, got.stdout)
		})
	}
	t.Run("to take back what is not there", func(t *testing.T) {
		t.Parallel()
		store := sqlite.nothing(t)
		got := monolith(t, command(store, "migrate", "down", "listings", "--yes"))
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "nothing to take back")
		require.NoDirExists(t, store[1])
	})
	t.Run("a server that is not there", func(t *testing.T) {
		t.Parallel()
		got := monolith(t, []string{"migrate", "up", "--database.url", unreachable})
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, strings.TrimSpace(got.stderr), "127.0.0.1:1")
	})
}
