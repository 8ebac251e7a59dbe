package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/chores"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/platformtest"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestTheServerForgetsIdempotencyKeys(t *testing.T) {
	t.Parallel()
	virtual := clock.NewVirtual(noon)
	var answers idempotency.Answers
	var work *uow.Work
	started(t,
		graph(configured(t, map[string]string{"database.url": unreachable, "command.keys.keep": "336h"}), quiet),
		inMemory(),
		platformtest.Swap[clock.Clock](virtual),
		fx.Populate(&answers, &work),
	)
	id := uuid.New()
	require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error {
		return answers.Remember(ctx, idempotency.Remembered{ID: id, At: noon})
	}))
	known := func() (ok bool) {
		require.NoError(t, work.Do(t.Context(), func(ctx context.Context) (err error) {
			_, ok, err = answers.Find(ctx, id)
			return err
		}))
		return ok
	}
	virtual.Set(noon.Add(idempotency.Kept))
	require.True(t, known())
	end := noon.Add(2 * idempotency.Kept)
	require.Eventually(t, func() bool {
		virtual.Advance(time.Hour)
		return !known()
	}, time.Minute, time.Millisecond)
	require.True(t, virtual.Now().After(end), "it was forgotten before its time: at %s", virtual.Now())
}

func TestCommandsBesideServeRunNoChores(t *testing.T) {
	t.Parallel()
	var runner *chores.Runner
	cfg := configured(t, nil)
	require.NoError(t, fx.New(graph(cfg, quiet), inMemory(), fx.Populate(&runner)).Err())
	require.NotNil(t, runner)
	require.ErrorContains(t, fx.New(core(cfg, quiet), inMemory(), fx.Populate(&runner)).Err(), "missing type: *chores.Runner")
}
