package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
)

func TestStart(t *testing.T) {
	t.Parallel()

	t.Run("lets what has begun end although the program is to stop", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		migrated := false
		app := fx.New(fx.NopLogger, hook(func(ctx context.Context) error {
			cancel()
			migrated = true
			return ctx.Err()
		}))
		require.NoError(t, start(ctx, app, time.Hour))
		require.True(t, migrated)
		require.NoError(t, app.Stop(context.Background()))
	})
	t.Run("but not for ever", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		app := fx.New(fx.NopLogger, hook(func(ctx context.Context) error {
			defer close(ended)
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}))
		require.ErrorContains(t, start(ctx, app, time.Millisecond), "stopped while it was starting")
		<-ended
	})
	t.Run("says what went wrong", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("the address is in use")
		app := fx.New(fx.NopLogger, hook(func(context.Context) error { return broken }))
		require.ErrorIs(t, start(t.Context(), app, time.Hour), broken)
	})
}

// hook is something that happens when a program starts.
func hook(onStart func(context.Context) error) fx.Option {
	return fx.Invoke(func(l fx.Lifecycle) { l.Append(fx.StartHook(onStart)) })
}
