package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/clock"
)

func TestARehearsalIsAheadOfItsTime(t *testing.T) {
	t.Parallel()
	var c clock.Clock
	app := fx.New(fx.NopLogger, core(configured(t, map[string]string{"rehearsal.clock_ahead": "36h"}), quiet), fx.Populate(&c))
	require.NoError(t, app.Err())
	require.InDelta(t, 36, time.Until(c.Now()).Hours(), 0.1)
}

func TestARehearsalNeedsADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	got := monolith(t, []string{"config", "check", "--rehearsal.clock_ahead", "1h", "--database.url", unreachable})
	require.Equal(t, exitFailed, got.status)
	require.Contains(t, got.stdout+got.stderr, "rehearsal.clock_ahead")
	require.Contains(t, got.stdout+got.stderr, "must be 0s with PostgreSQL")
}
