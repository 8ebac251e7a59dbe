package backup_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

var created = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// farm has a column of every type, a table that refers to itself and one for full-text search.
func farm(version int) db.Migrations {
	files := fstest.MapFS{
		"migrations/sqlite/00001_farm.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE animals (
	id text NOT NULL,
	mother text CONSTRAINT animals_mother_known REFERENCES animals (id),
	name text NOT NULL,
	"order" integer NOT NULL,
	tame integer NOT NULL,
	weight real,
	photo blob,
	notes text,
	CONSTRAINT animals_pkey PRIMARY KEY (id)
) STRICT;
CREATE VIRTUAL TABLE animal_search USING fts5(animal, part UNINDEXED, words);
-- +goose Down
DROP TABLE animal_search;
DROP TABLE animals;`)},
		"migrations/postgres/00001_farm.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE animals (
	id uuid NOT NULL,
	mother uuid CONSTRAINT animals_mother_known REFERENCES animals (id),
	name text COLLATE "C" NOT NULL,
	"order" bigint NOT NULL,
	tame boolean NOT NULL,
	weight double precision,
	photo bytea,
	notes jsonb,
	CONSTRAINT animals_pkey PRIMARY KEY (id)
);
CREATE TABLE animal_search (animal uuid NOT NULL, part bigint NOT NULL, words tsvector NOT NULL);
-- +goose Down
DROP TABLE animal_search;
DROP TABLE animals;`)},
	}
	if version == 2 {
		for _, dialect := range []string{"sqlite", "postgres"} {
			files["migrations/"+dialect+"/00002_legs.sql"] = &fstest.MapFile{Data: []byte(
				"-- +goose Up\nALTER TABLE animals ADD COLUMN legs integer NOT NULL DEFAULT 4;\n-- +goose Down\nALTER TABLE animals DROP COLUMN legs;")}
		}
	}
	return db.Migrations{Module: "farm", FS: files}
}

type animal struct {
	ID     uuid.UUID  `db:"id"`
	Mother *uuid.UUID `db:"mother"`
	Name   string     `db:"name"`
	Order  int64      `db:"order"`
	Tame   bool       `db:"tame"`
	Weight *float64   `db:"weight"`
	Photo  []byte     `db:"photo"`
	Notes  *string    `db:"notes"`
}

// herd returns n animals; some are children of one with a greater id, so that mothers are restored last.
func herd(n int) []animal {
	animals := make([]animal, n)
	for i := range animals {
		animals[i] = animal{ID: uuid.Must(uuid.NewV7()), Name: "animal " + strconv.Itoa(i) + " <&> \"ü\" \\\n", Order: int64(i) - 1<<53, Tame: i%2 == 0}
		if i%3 == 0 {
			weight, notes := float64(i)/7, `{"a": [1, null]}`
			animals[i].Photo, animals[i].Weight, animals[i].Notes = []byte{0, 0xff, byte(i)}, &weight, &notes
		}
	}
	for i := 0; i < n-1; i += 100 {
		animals[i].Mother = &animals[i+1].ID
	}
	return animals
}

func store(ctx context.Context, pool *db.Pool, animals []animal) error {
	return pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, a := range slices.Backward(animals) {
			if _, err := tx.Exec(ctx, `INSERT INTO animals (id, mother, name, "order", tame, weight, photo, notes)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, a.ID, a.Mother, a.Name, a.Order, a.Tame, a.Weight, a.Photo, a.Notes); err != nil {
				return err
			}
			index := "INSERT INTO animal_search (animal, part, words) VALUES ($1, $2, $3)"
			if tx.Dialect() == db.Postgres {
				index = "INSERT INTO animal_search (animal, part, words) VALUES ($1, $2, array_to_tsvector(string_to_array($3, ' ')))"
			}
			if _, err := tx.Exec(ctx, index, a.ID, 1, "animal no"+strconv.FormatInt(a.Order+1<<53, 10)); err != nil {
				return err
			}
		}
		return nil
	})
}

func stored(t *testing.T, pool *db.Pool) []animal {
	t.Helper()
	var animals []animal
	require.NoError(t, pool.Read().Select(t.Context(), &animals,
		`SELECT id, mother, name, "order", tame, weight, photo, notes FROM animals ORDER BY id`))
	return animals
}

// search returns how many animals are found under a word.
func search(t *testing.T, pool *db.Pool, word string) int {
	t.Helper()
	query := "SELECT count(*) FROM animal_search WHERE words MATCH $1"
	if pool.Dialect() == db.Postgres {
		query = "SELECT count(*) FROM animal_search WHERE words @@ $1::tsquery"
	}
	var n int
	require.NoError(t, pool.Read().Get(t.Context(), &n, query, word))
	return n
}

func save(t *testing.T, pool *db.Pool, files ...backup.File) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "new", "backup.zip")
	_, err := backup.ToFile(t.Context(), pool, backup.Request{Program: "test", Created: created, Files: files}, path)
	require.NoError(t, err)
	return path
}

func open(t *testing.T, path string) *backup.Archive {
	t.Helper()
	a, err := backup.OpenFile(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

var kinds = map[string]func(t testing.TB, sets ...db.Migrations) *db.Pool{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}

func TestFromEveryDatabaseIntoEveryOther(t *testing.T) {
	t.Parallel()
	animals := herd(1100)
	for _, from := range slices.Sorted(maps.Keys(kinds)) {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			pool := kinds[from](t, farm(1))
			require.NoError(t, store(t.Context(), pool, animals))
			path := save(t, pool)
			for _, to := range slices.Sorted(maps.Keys(kinds)) {
				t.Run("to "+to, func(t *testing.T) {
					t.Parallel()
					place := kinds[to](t)
					a := open(t, path)
					require.NoError(t, a.Restore(t.Context(), place, []db.Migrations{farm(2)}, nil))
					require.Equal(t, animals, stored(t, place))
					require.Equal(t, 1100, search(t, place, "animal"))
					require.Equal(t, 1, search(t, place, "no1034"))
					versions, err := db.SchemaVersions(t.Context(), place.Read())
					require.NoError(t, err)
					require.Equal(t, map[string]int64{"farm": 2}, versions, "migrated to the program's schema")

					err = place.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						_, err := tx.Exec(ctx, "UPDATE animals SET mother = $1 WHERE id = $2", uuid.Must(uuid.NewV7()), animals[0].ID)
						return err
					})
					var violated *db.ConstraintError
					require.ErrorAs(t, err, &violated, "foreign keys work again")

					t.Run("and back", func(t *testing.T) {
						back := kinds[from](t)
						require.NoError(t, open(t, save(t, place)).Restore(t.Context(), back, []db.Migrations{farm(2)}, nil))
						require.Equal(t, animals, stored(t, back))
					})
				})
			}
		})
	}
}

func TestTheSameRowsMakeTheSameArchive(t *testing.T) {
	t.Parallel()
	animals := herd(20)
	sums := map[string]string{}
	for name, kind := range kinds {
		pool := kind(t, farm(1))
		require.NoError(t, store(t.Context(), pool, animals))
		for _, table := range open(t, save(t, pool)).Manifest.Tables {
			if table.Name == "animals" {
				sums[name] = table.SHA256
			}
		}
	}
	require.Equal(t, sums["sqlite"], sums["postgres"])
}

func TestManifest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		require.NoError(t, store(t.Context(), pool, herd(3)))
		path := save(t, pool, backup.File{Name: "heads.json", Write: func(ctx context.Context, s *db.Snapshot, w io.Writer) error {
			var n int
			if err := s.Get(ctx, &n, "SELECT count(*) FROM animals"); err != nil {
				return err
			}
			_, err := fmt.Fprint(w, n)
			return err
		}})
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		require.NoFileExists(t, path+".partial")

		a := open(t, path)
		require.NoError(t, a.Verify(t.Context()))
		require.Equal(t, 1, a.Manifest.Format)
		require.Equal(t, "test", a.Manifest.Program)
		require.Equal(t, created, a.Manifest.Created)
		require.Equal(t, pool.Dialect(), a.Manifest.Dialect)
		require.Equal(t, map[string]int64{"farm": 1}, a.Manifest.Schema)
		require.EqualValues(t, 6, a.Manifest.Rows())
		var heads bytes.Buffer
		require.NoError(t, a.Attached("heads.json", &heads))
		require.Equal(t, "3", heads.String())
		require.ErrorContains(t, a.Attached("tails.json", &heads), "no file")

		_, err = backup.ToFile(t.Context(), pool, backup.Request{}, path)
		require.ErrorIs(t, err, os.ErrExist)
	}, farm(1))
}

func TestWhileOthersWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		before := herd(50)
		require.NoError(t, store(t.Context(), pool, before))
		ctx, stop := context.WithCancel(t.Context())
		var (
			writing sync.WaitGroup
			failed  error
		)
		writing.Go(func() {
			for ctx.Err() == nil {
				// Two rows a transaction: half of one in the copy would be seen.
				if err := store(context.WithoutCancel(ctx), pool, herd(2)); err != nil {
					failed = err
					return
				}
			}
		})
		path := save(t, pool)
		stop()
		writing.Wait()
		require.NoError(t, failed)

		place := kinds[string(pool.Dialect())](t)
		require.NoError(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil))
		got := stored(t, place)
		require.Equal(t, before, got[:50], "what was there before")
		require.Zero(t, len(got)%2, "whole transactions only")
		require.Equal(t, len(got), search(t, place, "animal"))
	}, farm(1))
}

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

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(2))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	path := save(t, pool)

	dbtest.Each(t, func(t *testing.T, place *db.Pool) {
		t.Run("a place that is not empty", func(t *testing.T) {
			occupied := kinds[string(place.Dialect())](t, farm(2))
			mine := herd(1)
			require.NoError(t, store(t.Context(), occupied, mine))
			require.ErrorIs(t, open(t, path).Restore(t.Context(), occupied, []db.Migrations{farm(2)}, nil), backup.ErrNotEmpty)
			require.Equal(t, mine, stored(t, occupied))
		})
		t.Run("a schema that it does not know", func(t *testing.T) {
			require.ErrorIs(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil), backup.ErrNewer)
			require.ErrorIs(t, open(t, path).Restore(t.Context(), place, nil, nil), backup.ErrNewer)
		})
		t.Run("and leaves nothing when the check at the end fails", func(t *testing.T) {
			broken := errors.New("a chain is broken")
			err := open(t, path).Restore(t.Context(), place, []db.Migrations{farm(2)}, func(context.Context) error {
				require.Len(t, stored(t, place), 3, "it sees the rows")
				return broken
			})
			require.ErrorIs(t, err, broken)
			require.NoError(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(2)}, nil), "the place is empty again")
		})
	})
}

// TestInterruptedRestore stands for a process that was killed between the rows and the verdict on them.
func TestABackupIsOnlyItsOwners(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	folder := t.TempDir()
	path, others := filepath.Join(folder, "farm.zip"), filepath.Join(folder, "others")
	require.NoError(t, os.WriteFile(others, []byte("hello"), 0o600))
	for name, prepare := range map[string]func(partial string) error{
		"a file that everybody can read": func(partial string) error { return os.WriteFile(partial, nil, 0o644) },
		"a link to somebody else's file": func(partial string) error { return os.Symlink(others, partial) },
	} {
		require.NoError(t, prepare(path+".partial"), name)
		_, err := backup.ToFile(t.Context(), pool, backup.Request{}, path)
		require.NoError(t, err, name)
		info, err := os.Lstat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode(), name)
		require.NoError(t, os.Remove(path))
	}
	text, err := os.ReadFile(others)
	require.NoError(t, err)
	require.Equal(t, "hello", string(text))
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	folder := t.TempDir()
	full := backup.File{Name: "heads", Write: func(context.Context, *db.Snapshot, io.Writer) error { return syscall.ENOSPC }}
	_, err := backup.ToFile(t.Context(), pool, backup.Request{Files: []backup.File{full}}, filepath.Join(folder, "farm.zip"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestInterruptedRestore(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	animals := herd(3)
	require.NoError(t, store(t.Context(), pool, animals))
	path := save(t, pool)
	dbtest.Each(t, func(t *testing.T, place *db.Pool) {
		killed := db.NewMigrator(place, []db.Migrations{farm(1)}, nil)
		require.NoError(t, killed.BeginRestore(t.Context()))
		_, err := killed.Up(t.Context())
		require.NoError(t, err)
		require.NoError(t, store(t.Context(), place, herd(2)))

		program := db.NewMigrator(place, []db.Migrations{farm(1)}, nil)
		require.ErrorIs(t, program.Check(t.Context()), db.ErrRestoring)
		told := int64(0)
		a := open(t, path)
		a.Progress = func(rows int64) { told = rows }
		require.NoError(t, a.Restore(t.Context(), place, []db.Migrations{farm(1)}, func(ctx context.Context) error {
			require.ErrorIs(t, program.Check(ctx), db.ErrRestoring, "nobody uses it before it is verified")
			return nil
		}))
		require.NoError(t, program.Check(t.Context()))
		require.Equal(t, animals, stored(t, place))
		require.EqualValues(t, 6, told)
	})
}

func TestRestoreLeavesTablesOfOthersAlone(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	path := save(t, pool)
	dbtest.Each(t, func(t *testing.T, place *db.Pool) {
		require.NoError(t, place.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "CREATE TABLE theirs (id integer)")
			return err
		}))
		err := open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil)
		require.ErrorIs(t, err, backup.ErrNotEmpty)
		require.ErrorContains(t, err, "theirs")
		require.NoError(t, place.Read().Get(t.Context(), new(int), "SELECT count(*) FROM theirs"))
	})
}

func TestDamage(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	path := save(t, pool)
	damages := map[string]func(name string, content []byte) []byte{
		"a changed value": func(name string, content []byte) []byte {
			return bytes.Replace(content, []byte("animal 1"), []byte("animal 9"), 1)
		},
		"a lost row": func(name string, content []byte) []byte {
			if name != "tables/animals.ndjson" {
				return content
			}
			return content[:bytes.LastIndexByte(bytes.TrimSpace(content), '\n')+1]
		},
		"a lost table": func(name string, content []byte) []byte {
			if name == "tables/animals.ndjson" {
				return nil
			}
			return content
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := open(t, rewrite(t, path, damage))
			require.ErrorIs(t, bad.Verify(t.Context()), backup.ErrDamaged)
			place := dbtest.SQLite(t)
			require.ErrorIs(t, bad.Restore(t.Context(), place, []db.Migrations{farm(1)}, nil), backup.ErrDamaged)
			require.NoError(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil), "the place stayed empty")
		})
	}

	t.Run("a manifest that would fill the memory", func(t *testing.T) {
		t.Parallel()
		_, err := backup.OpenFile(rewrite(t, path, func(name string, content []byte) []byte {
			if name != "manifest.json" {
				return content
			}
			return slices.Concat([]byte(`{"program": "`), bytes.Repeat([]byte("a"), 17<<20), []byte(`",`), content[1:])
		}))
		require.ErrorIs(t, err, backup.ErrDamaged)
		require.ErrorContains(t, err, "larger than anything")
	})
	t.Run("a row that would fill the memory", func(t *testing.T) {
		t.Parallel()
		bomb := open(t, rewrite(t, path, func(name string, content []byte) []byte {
			if name != "tables/animals.ndjson" {
				return content
			}
			return bytes.Replace(content, []byte("animal 1"), bytes.Repeat([]byte("a"), 33<<20), 1)
		}))
		err := bomb.Restore(t.Context(), dbtest.SQLite(t), []db.Migrations{farm(1)}, nil)
		require.ErrorIs(t, err, backup.ErrDamaged)
		require.ErrorContains(t, err, "larger than anything")
	})
	t.Run("a newer format", func(t *testing.T) {
		t.Parallel()
		newer := rewrite(t, path, func(name string, content []byte) []byte {
			return bytes.Replace(content, []byte(`"format": 1`), []byte(`"format": 2`), 1)
		})
		_, err := backup.OpenFile(newer)
		require.ErrorIs(t, err, backup.ErrNewer)
	})
	t.Run("no archive at all", func(t *testing.T) {
		t.Parallel()
		other := filepath.Join(t.TempDir(), "x")
		require.NoError(t, os.WriteFile(other, []byte("hello"), 0o600))
		_, err := backup.OpenFile(other)
		require.ErrorIs(t, err, backup.ErrDamaged)
		_, err = backup.OpenFile(other + "y")
		require.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("half an archive", func(t *testing.T) {
		t.Parallel()
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		half := filepath.Join(t.TempDir(), "half.zip")
		require.NoError(t, os.WriteFile(half, whole[:len(whole)/2], 0o600))
		_, err = backup.OpenFile(half)
		require.ErrorIs(t, err, backup.ErrDamaged)
	})
}

// rewrite copies an archive through change, which may drop an entry by returning nil.
func rewrite(t *testing.T, path string, change func(string, []byte) []byte) string {
	t.Helper()
	from, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer func() { _ = from.Close() }()
	changed := filepath.Join(t.TempDir(), "changed.zip")
	f, err := os.Create(changed)
	require.NoError(t, err)
	to := zip.NewWriter(f)
	for _, e := range from.File {
		r, err := e.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		if content = change(e.Name, content); content == nil {
			continue
		}
		w, err := to.Create(e.Name)
		require.NoError(t, err)
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, to.Close())
	require.NoError(t, f.Close())
	return changed
}
