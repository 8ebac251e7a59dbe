package backup_test

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
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

var kinds = map[string]func(t testing.TB, sets ...db.Migrations) *db.Pool{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}

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
