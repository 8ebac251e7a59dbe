package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/db"
)

// TestTheProgramWritesDurably asks the connection that the program writes with when its commits are on disk.
func TestTheProgramWritesDurably(t *testing.T) {
	t.Parallel()
	settings := map[db.Dialect]map[string]string{
		db.SQLite:   {"synchronous": "2", "journal_mode": "wal"},
		db.Postgres: {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"},
	}
	eachStore(t, func(t *testing.T, store []string) {
		var pool *db.Pool
		app := fx.New(core(configured(t, flagsOf(store)), quiet), fx.Populate(&pool))
		require.NoError(t, app.Start(t.Context()))
		defer func() { require.NoError(t, app.Stop(context.Background())) }()
		durability, err := pool.Durability(t.Context())
		require.NoError(t, err)
		require.Equal(t, settings[pool.Dialect()], durability.Values)
		require.NoError(t, durability.Check())
	})
}
