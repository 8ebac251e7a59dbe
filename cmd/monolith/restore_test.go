package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
)

const manifestEntry = "manifest.json"

// unzip returns the entries of an archive.
func unzip(path string) (map[string][]byte, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	contents := map[string][]byte{}
	for _, entry := range archive.File {
		r, err := entry.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		contents[entry.Name] = content
	}
	return contents, archive.Close()
}

// zipped writes an archive.
func zipped(contents map[string][]byte, to io.Writer) error {
	archive := zip.NewWriter(to)
	for name, content := range contents {
		w, err := archive.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			return err
		}
	}
	return archive.Close()
}

func sum(content []byte) string {
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:])
}

func TestRestore(t *testing.T) {
	t.Parallel()
	eachStocked(t, func(t *testing.T, store []string) {
		file := copyOf(t, store)
		for _, into := range engines {
			t.Run("into "+string(into), func(t *testing.T) {
				place := into.nothing(t)
				got := monolith(t, command(place, "restore", file))
				require.Equal(t, exitOK, got.status, got.stderr)
				requireNoComplaint(t, got)
				require.Regexp(t, `^Restored .+copy\.zip, made \S+Z by gavel \S+, into .+ \(\d+ rows\)\.\n11 of 11 logs verify`, got.stdout)

				got = monolith(t, command(place, "restore", file))
				require.Equal(t, exitFailed, got.status)
				require.Contains(t, got.stderr, "not empty")
				require.Equal(t, tables(t, file), tables(t, copyOf(t, place)), "a copy of the copy holds the same")
			})
		}
	})
}

// tables returns the checksums of what an archive holds, but for tables of full-text search, which have no order.
func tables(t *testing.T, path string) map[string]string {
	t.Helper()
	contents, err := unzip(path)
	require.NoError(t, err)
	delete(contents, manifestEntry)
	delete(contents, "tables/listing_search.ndjson")
	sums := map[string]string{}
	for name, content := range contents {
		sums[name] = sum(content)
	}
	require.NotEmpty(t, sums)
	return sums
}

func TestRestoreIntoASchemaWithoutRows(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	stock(t, store)
	file := copyOf(t, store)
	eachStore(t, func(t *testing.T, place []string) {
		got := monolith(t, command(place, "restore", "--json", file))
		require.Equal(t, exitOK, got.status, got.stderr)
		var said copyAnswer
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &said))
		require.EqualValues(t, 11, said.Verified)
	})
}

// TestRestoreRefusesFiles lets nobody take what is no whole backup for one. Nothing is touched then.
func TestRestoreRefusesFiles(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	stock(t, store)
	file := copyOf(t, store)
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	write := func(t *testing.T, content []byte) string {
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	same := func(_ string, content []byte) []byte { return content }
	tests := map[string]struct {
		file   func(t *testing.T) string
		stderr string
	}{
		"one that is not there": {func(*testing.T) string { return file + "x" }, "no such file"},
		"a folder":              {func(t *testing.T) string { return t.TempDir() }, "is a directory"},
		"an empty one":          {func(t *testing.T) string { return write(t, nil) }, "damaged"},
		"something else":        {func(t *testing.T) string { return write(t, []byte("not a backup")) }, "it is no archive"},
		"another archive":       {func(t *testing.T) string { return write(t, archiveOf(t, map[string][]byte{"a": nil})) }, "not of this program's"},
		"another's manifest": {func(t *testing.T) string {
			return write(t, archiveOf(t, map[string][]byte{manifestEntry: []byte("{}")}))
		}, "not of this program's"},
		"half of one":            {func(t *testing.T) string { return write(t, whole[:len(whole)/2]) }, "only a part of one"},
		"one without its end":    {func(t *testing.T) string { return write(t, whole[:len(whole)-1]) }, "damaged"},
		"one with a flipped bit": {func(t *testing.T) string { return write(t, flipped(whole, len(whole)/3)) }, "damaged"},
		"one of a newer format": {func(t *testing.T) string {
			return rewritten(t, file, func(name string, content []byte) []byte {
				return bytes.Replace(content, []byte(`"format":1`), []byte(`"format":2`), 1)
			})
		}, "newer program"},
		"one of a newer schema": {func(t *testing.T) string {
			return rewritten(t, file, func(name string, content []byte) []byte {
				return regexp.MustCompile(`"listings":\d+`).ReplaceAll(content, []byte(`"listings":99`))
			})
		}, "newer program"},
		"one of a module that is not ours": {func(t *testing.T) string {
			return rewritten(t, file, func(name string, content []byte) []byte {
				return bytes.Replace(content, []byte(`"schema":{`), []byte(`"schema":{"plugin":1,`), 1)
			})
		}, "newer program"},
	}
	require.NotEqual(t, file, rewritten(t, file, same))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := sqlite.nothing(t)
			got := monolith(t, command(place, "restore", test.file(t)))
			require.Equal(t, exitFailed, got.status)
			require.Contains(t, got.stderr, test.stderr)
			require.Empty(t, got.stdout)
			require.NoDirExists(t, place[1], "nothing is made")
		})
	}
}

func archiveOf(t *testing.T, contents map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, zipped(contents, &b))
	return b.Bytes()
}

func flipped(content []byte, at int) []byte {
	changed := bytes.Clone(content)
	changed[at] ^= 1
	return changed
}

// TestRestoreVerifiesTheLogs restores archives that were changed so that all checksums fit.
func TestRestoreVerifiesTheLogs(t *testing.T) {
	t.Parallel()
	source := sqlite.open(t)
	stock(t, source)
	file := copyOf(t, source)
	firstHash := regexp.MustCompile(`"hash":"[0-9a-f]{8}`)
	tests := map[string]struct {
		change func(name string, content []byte) []byte
		stdout string
	}{
		"an event is missing": {func(name string, content []byte) []byte {
			if name == "tables/listing_log.ndjson" {
				return content[bytes.IndexByte(content, '\n')+1:]
			}
			return content
		}, "event 1 (missing)"},
		"a head is another": {func(name string, content []byte) []byte {
			if name != "files/listing-heads.ndjson" {
				return content
			}
			at := firstHash.FindIndex(content)
			return append(append(bytes.Clone(content[:at[0]]), []byte(`"hash":"00000000`)...), content[at[1]:]...)
		}, "(head)"},
	}
	eachEngine(t, func(t *testing.T, e engine) {
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				place := e.nothing(t)
				bad := rewritten(t, file, func(name string, content []byte) []byte {
					if content = test.change(name, content); name == manifestEntry {
						content = countRows(t, file, content, test.change)
					}
					return content
				})
				got := monolith(t, command(place, "restore", bad))
				require.Equal(t, exitFailed, got.status, got.stdout)
				require.Contains(t, got.stderr, "1 of 11 logs do not verify")
				require.Empty(t, got.stdout)
				inParts(t, place, func(found parts) {
					versions, err := db.SchemaVersions(t.Context(), found.Pool.Read())
					require.NoError(t, err)
					require.Empty(t, versions, "everything was taken out again")
				})
				got = monolith(t, command(place, "restore", "--accept-flaws", bad))
				require.Equal(t, exitOK, got.status, got.stderr)
				require.Contains(t, got.stdout, test.stdout)
				require.Contains(t, got.stdout, "10 of 11 logs verify")
			})
		}
	})
}

// countRows makes the numbers of rows in a manifest fit what change has left.
func countRows(t *testing.T, file string, manifest []byte, change func(string, []byte) []byte) []byte {
	t.Helper()
	contents, err := unzip(file)
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(manifest, &m))
	for _, table := range m["tables"].([]any) {
		entry := "tables/" + table.(map[string]any)["name"].(string) + ".ndjson"
		table.(map[string]any)["rows"] = bytes.Count(change(entry, contents[entry]), []byte("\n"))
	}
	text, err := json.Marshal(m)
	require.NoError(t, err)
	return text
}

// TestKilledRestore kills restores at any moment. What is left is empty, or marked so that nobody uses it, or whole; and
// the next restore fills it, unless it is whole.
func TestKilledRestore(t *testing.T) {
	t.Parallel()
	source := sqlite.open(t)
	stock(t, source)
	file := copyOf(t, source)
	eachEngine(t, func(t *testing.T, e engine) {
		program := binary(t)
		begun := time.Now()
		require.Equal(t, exitOK, ranAlone(t, command(e.nothing(t), "restore", file)...).status)
		takes := time.Since(begun)
		outcomes := map[string]int{}
		for range countFrom(t, "TEST_KILLS", 2) * 3 {
			place := e.nothing(t)
			cmd := exec.Command(program, command(place, "restore", file)...)
			cmd.Dir, cmd.Env = t.TempDir(), cleanEnvironment()
			require.NoError(t, cmd.Start())
			time.Sleep(takes/10 + rand.N(takes))
			_ = cmd.Process.Kill() // unless it has ended
			_ = cmd.Wait()

			leaveUnlocked(t, place)
			outcome := leftBy(t, place)
			outcomes[outcome]++
			got := monolith(t, command(place, "restore", file))
			if outcome == "whole" {
				require.Equal(t, exitFailed, got.status)
				require.Contains(t, got.stderr, "not empty")
				continue
			}
			require.Equal(t, exitOK, got.status, got.stderr)
		}
		t.Logf("what killed restores of %s left: %v", takes.Round(time.Millisecond), outcomes)
	})
}

// leaveUnlocked ends the lease on the schema, which in PostgreSQL outlives whoever was killed for half a minute.
func leaveUnlocked(t *testing.T, place []string) {
	t.Helper()
	inParts(t, place, func(found parts) {
		if found.Pool.Dialect() == db.Postgres {
			execute(t, place, "DELETE FROM goose_lock")
		}
	})
}

// leftBy says what a killed restore has left.
func leftBy(t *testing.T, place []string) (outcome string) {
	t.Helper()
	inParts(t, place, func(found parts) {
		err := found.Migrator.Check(t.Context())
		if errors.Is(err, db.ErrRestoring) {
			outcome = "marked"
			return
		}
		versions, versionsErr := db.SchemaVersions(t.Context(), found.Pool.Read())
		require.NoError(t, versionsErr)
		if len(versions) == 0 {
			outcome = "empty"
			return
		}
		require.NoError(t, err, "a schema that is not marked must be the program's")
		report, err := found.Verifier.Heads(t.Context(), nil)
		require.NoError(t, err)
		require.EqualValues(t, 11, report.Verified, "what is not marked must be whole")
		outcome = "whole"
	})
	return outcome
}
