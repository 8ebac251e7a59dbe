package main

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

// engine is a kind of database that the program serves from.
type engine string

const (
	sqlite   engine = "sqlite"
	postgres engine = "postgres"
)

var engines = []engine{sqlite, postgres}

// nothing returns the flags of a database that has no schema, as a first start finds it.
func (e engine) nothing(t *testing.T) []string {
	t.Helper()
	store := []string{"--data.dir", filepath.Join(t.TempDir(), "data")}
	if e == postgres {
		store = append(store, "--database.url", postgrestest.Open(t))
	}
	return store
}

// open returns the flags of an empty database with the program's schema.
func (e engine) open(t *testing.T) []string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	if e == postgres {
		return []string{"--data.dir", data, "--database.url", dbtest.PostgresURL(t, schema(t)...)}
	}
	dbtest.SQLiteFile(t, filepath.Join(data, "gavel.db"), schema(t)...)
	return []string{"--data.dir", data}
}

var modules struct {
	once sync.Once
	sets []db.Migrations
}

// schema returns the migrations of every module.
func schema(t *testing.T) []db.Migrations {
	t.Helper()
	modules.once.Do(func() {
		inParts(t, sqlite.nothing(t), func(found parts) { modules.sets = found.Sets })
	})
	require.NotEmpty(t, modules.sets, "the program could not be taken apart")
	return modules.sets
}

// eachEngine runs a test for each kind of database.
func eachEngine(t *testing.T, test func(t *testing.T, e engine)) {
	t.Helper()
	for _, e := range engines {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			test(t, e)
		})
	}
}

// eachStore runs a test on an empty database of each kind, with the program's schema.
func eachStore(t *testing.T, test func(t *testing.T, store []string)) {
	t.Helper()
	eachEngine(t, func(t *testing.T, e engine) { test(t, e.open(t)) })
}
