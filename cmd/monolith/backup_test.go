package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/db/backup"
)

// copyOf backs a store up and returns the file.
func copyOf(t *testing.T, store []string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.zip")
	got := monolith(t, command(store, "backup", file))
	require.Equal(t, exitOK, got.status, got.stderr)
	return file
}

func TestBackup(t *testing.T) {
	t.Parallel()
	eachStocked(t, func(t *testing.T, store []string) {
		folder := filepath.Join(store[1], "backups")
		got := monolith(t, command(store, "backup"))
		require.Equal(t, exitOK, got.status, got.stderr)
		requireNoComplaint(t, got)
		require.Regexp(t, `^Copied .+ to .+/backups/gavel-\d{8}T\d{6}Z\.zip \(\d+\.\d KiB, \d+ rows\)\.\n11 of 11 logs verify \(\d+ events, 11 saved heads\)\.\n$`, got.stdout)
		entries, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, entries, 1, "nothing is left beside it")
		info, err := entries[0].Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

		t.Run("says in JSON what it did", func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "new", "other.zip")
			got := monolith(t, command(store, "backup", "--json", file))
			require.Equal(t, exitOK, got.status, got.stderr)
			var said struct {
				File, Created, Database, Program       string
				Size, Rows, Listings, Verified, Events int64
				Flaws                                  []any
			}
			require.NoError(t, json.Unmarshal([]byte(got.stdout), &said))
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, info.Size(), said.Size)
			require.Equal(t, file, said.File)
			require.EqualValues(t, 11, said.Listings)
			require.EqualValues(t, 11, said.Verified)
			require.Greater(t, said.Rows, said.Events)
			require.NotNil(t, said.Flaws)
			require.Empty(t, said.Flaws)
			require.Contains(t, said.Program, "gavel ")
			require.NotEmpty(t, said.Created)
		})
		t.Run("holds the heads of the logs", func(t *testing.T) {
			saved := filepath.Join(t.TempDir(), "heads")
			require.Equal(t, exitOK, monolith(t, command(store, "verify", "--save-heads", saved)).status)
			file, err := os.Open(saved)
			require.NoError(t, err)
			want, err := listings.ReadHeads(file)
			require.NoError(t, err)
			require.NoError(t, file.Close())

			archive, err := backup.OpenFile(filepath.Join(folder, entries[0].Name()))
			require.NoError(t, err)
			var text bytes.Buffer
			require.NoError(t, archive.Attached(listings.HeadsFile, &text))
			require.NoError(t, archive.Close())
			got, err := listings.ReadHeads(&text)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
		t.Run("overwrites nothing", func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "mine.zip")
			require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
			got := monolith(t, command(store, "backup", file))
			require.Equal(t, exitFailed, got.status)
			require.Contains(t, got.stderr, "file already exists")
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, "mine", string(text))
		})
		t.Run("copies an older schema as it is", func(t *testing.T) {
			migrated(t, store, "down", "listings", "--yes")
			before := schemaOf(t, store)
			require.Len(t, before.of(t, "listings").Pending, 1)
			copyOf(t, store)
			require.Equal(t, before, schemaOf(t, store))
		})
		t.Run("keeps a copy of logs that do not verify, and says so", func(t *testing.T) {
			execute(t, store, "UPDATE listing_log SET price = price + 1 WHERE seq = 3")
			file := filepath.Join(t.TempDir(), "flawed.zip")
			got := monolith(t, command(store, "backup", file))
			require.Equal(t, exitFailed, got.status)
			require.Contains(t, got.stdout, "Copied ")
			require.Contains(t, got.stdout, "event 3 (hash)")
			require.Contains(t, lastLine(got.stderr), "of 11 logs do not verify")
			require.FileExists(t, file)
		})
	})
}

func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	t.Run("a database that is not there, and makes none", func(t *testing.T) {
		t.Parallel()
		store := sqlite.nothing(t)
		got := monolith(t, command(store, "backup"))
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "it does not exist")
		require.NoDirExists(t, store[1])
	})
	t.Run("an empty one", func(t *testing.T) {
		t.Parallel()
		store := postgres.nothing(t)
		got := monolith(t, command(store, "backup"))
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "it is empty")
		require.NoDirExists(t, store[1])
	})
	spoiled := map[string]struct{ statement, stderr string }{
		"one that is half restored":           {"CREATE TABLE goose_restoring (begun integer)", "has not ended"},
		"one that a newer program has filled": {"INSERT INTO goose_listings (version_id, is_applied) VALUES (999999, 1)", "newer than this program"},
	}
	for name, c := range spoiled {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := sqlite.open(t)
			execute(t, store, c.statement)
			got := monolith(t, command(store, "backup"))
			require.Equal(t, exitFailed, got.status)
			require.Contains(t, got.stderr, c.stderr)
			require.NoDirExists(t, filepath.Join(store[1], "backups"))
		})
	}
	t.Run("a place where nothing can be written", func(t *testing.T) {
		t.Parallel()
		store := sqlite.open(t)
		stock(t, store)
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600))
		got := monolith(t, command(store, "backup", filepath.Join(folder, "file", "x.zip")))
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "not a directory")
	})
}

func TestSize(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 1 << 20: "1.0 MiB", 5 << 40: "5.0 TiB"} {
		require.Equal(t, want, size(bytes))
	}
}

// rewritten copies an archive through change and makes its checksums fit again, as somebody would who wants to deceive.
func rewritten(t *testing.T, path string, change func(name string, content []byte) []byte) string {
	t.Helper()
	archive, err := backup.OpenFile(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, archive.Close()) }()
	changed := filepath.Join(t.TempDir(), "changed.zip")
	file, err := os.Create(changed)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	require.NoError(t, reseal(path, file, change))
	return changed
}

func reseal(path string, to io.Writer, change func(string, []byte) []byte) error {
	contents, err := unzip(path)
	if err != nil {
		return err
	}
	var manifest backup.Manifest
	if err := json.Unmarshal(contents[manifestEntry], &manifest); err != nil {
		return err
	}
	for name, content := range contents {
		contents[name] = change(name, content)
	}
	for i, table := range manifest.Tables {
		manifest.Tables[i].SHA256 = sum(contents["tables/"+table.Name+".ndjson"])
	}
	for i, attached := range manifest.Files {
		manifest.Files[i].SHA256 = sum(contents["files/"+attached.Name])
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	contents[manifestEntry] = change(manifestEntry, text)
	return zipped(contents, to)
}
