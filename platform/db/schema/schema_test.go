package schema_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/db/schema"
)

func library() db.Migrations {
	return db.Migrations{Module: "library", FS: fstest.MapFS{
		"migrations/sqlite/00001_library.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE authors (id text NOT NULL, CONSTRAINT authors_pkey PRIMARY KEY (id)) STRICT;
CREATE TABLE books (
	author text NOT NULL CONSTRAINT books_author_known REFERENCES authors (id),
	number integer NOT NULL CONSTRAINT books_number_positive CHECK (number > 0),
	lent integer NOT NULL DEFAULT 0,
	weight real,
	cover blob,
	CONSTRAINT books_pkey PRIMARY KEY (number, author)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX books_cover ON books (cover, weight) WHERE cover IS NOT NULL;
CREATE INDEX books_author ON books (author);
CREATE VIRTUAL TABLE book_search USING fts5(book, words);
-- +goose Down
DROP TABLE book_search;
DROP TABLE books;
DROP TABLE authors;`)},
		"migrations/postgres/00001_library.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE authors (id uuid NOT NULL, CONSTRAINT authors_pkey PRIMARY KEY (id));
CREATE TABLE books (
	author uuid NOT NULL CONSTRAINT books_author_known REFERENCES authors (id),
	number bigint NOT NULL CONSTRAINT books_number_positive CHECK (number > 0),
	lent boolean NOT NULL DEFAULT false,
	weight double precision,
	cover bytea,
	computed bigint GENERATED ALWAYS AS (number * 2) STORED,
	CONSTRAINT books_pkey PRIMARY KEY (number, author)
);
CREATE UNIQUE INDEX books_cover ON books (cover, weight) WHERE cover IS NOT NULL;
CREATE INDEX books_author ON books (author);
CREATE TABLE book_search (book text COLLATE "C" NOT NULL, words tsvector NOT NULL);
CREATE INDEX book_search_words ON book_search USING gin (words);
-- +goose Down
DROP TABLE book_search;
DROP TABLE books;
DROP TABLE authors;`)},
	}}
}

func TestRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		got, err := schema.Read(t.Context(), pool.Read())
		require.NoError(t, err)
		lite := pool.Dialect() == db.SQLite
		words := schema.Words
		if lite {
			words = schema.Text
		}
		want := []schema.Table{
			{Name: "authors", Strict: true, Key: []string{"id"}, Columns: []schema.Column{{Name: "id", Kind: schema.Text}}},
			{
				Name: "book_search", Virtual: lite, Strict: !lite,
				Columns: []schema.Column{{Name: "book", Kind: schema.Text, Nullable: lite}, {Name: "words", Kind: words, Nullable: lite}},
			},
			{
				Name: "books", Strict: true, Key: []string{"number", "author"},
				Columns: []schema.Column{
					{Name: "author", Kind: schema.Text},
					{Name: "number", Kind: schema.Integer},
					{Name: "lent", Kind: schema.Integer},
					{Name: "weight", Kind: schema.Real, Nullable: true},
					{Name: "cover", Kind: schema.Blob, Nullable: true},
				},
				Indexes: []schema.Index{
					{Name: "books_author", Columns: []string{"author"}},
					{Name: "books_cover", Columns: []string{"cover", "weight"}, Unique: true, Partial: true},
				},
				Constraints: []string{"books_author_known", "books_number_positive"},
			},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(schema.Column{}, "Declared", "Default")); diff != "" {
			t.Fatal(diff)
		}
	}, library())
}

func TestBothAreTheSame(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, library())
}
