package load_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

func TestPlay(t *testing.T) {
	t.Parallel()
	var acted [3]atomic.Int64
	of := []load.Kind{load.Bid, load.Looking, load.Overtaken}
	r, err := load.Play(t.Context(), 3, 10*time.Millisecond, func(_ context.Context, client int) (load.Kind, error) {
		acted[client].Add(1)
		time.Sleep(100 * time.Microsecond)
		return of[client], nil
	})
	require.NoError(t, err)
	for client, kind := range of {
		require.Positive(t, r.Count[kind])
		require.EqualValues(t, acted[client].Load(), r.Count[kind])
	}
	require.Equal(t, r.Count[load.Bid]+r.Count[load.Looking], r.Done, "what was overtaken counts for nothing")
	require.Positive(t, r.Rate)
	require.GreaterOrEqual(t, r.P50, 100*time.Microsecond)
	require.GreaterOrEqual(t, r.P99, r.P50)
	r.Spend(time.Duration(r.Done) * time.Millisecond)
	require.Equal(t, time.Millisecond, r.CPU)
}

func TestAnErrorEndsThePlay(t *testing.T) {
	t.Parallel()
	broken := errors.New("the market is on fire")
	_, err := load.Play(t.Context(), 2, time.Hour, func(ctx context.Context, client int) (load.Kind, error) {
		if client == 0 {
			return load.Bid, broken
		}
		<-ctx.Done()
		return load.Bid, ctx.Err()
	})
	require.ErrorIs(t, err, broken)
}

func TestNobodyPlaysOnceTheContextHasEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := load.Play(ctx, 2, time.Hour, func(context.Context, int) (load.Kind, error) { return load.Bid, nil })
	require.ErrorIs(t, err, context.Canceled)
}
