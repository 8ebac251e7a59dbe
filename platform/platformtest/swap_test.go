package platformtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/platformtest"
)

type greeter interface{ Greet() string }

type english struct{}

func (*english) Greet() string { return "hello" }

type french struct{}

func (*french) Greet() string { return "salut" }

func TestSwap(t *testing.T) {
	t.Parallel()

	t.Run("replaces what a module provides, without calling its constructor", func(t *testing.T) {
		t.Parallel()
		var heard string
		app := fx.New(
			fx.NopLogger,
			fx.Module("speech",
				fx.Provide(func() greeter {
					t.Error("the swapped constructor was called")
					return &english{}
				}),
				fx.Invoke(func(g greeter) { heard = g.Greet() }),
			),
			platformtest.Swap[greeter](&french{}),
		)
		require.NoError(t, app.Err())
		require.Equal(t, "salut", heard)
	})

	t.Run("fails when the graph provides no such thing", func(t *testing.T) {
		t.Parallel()
		app := fx.New(fx.NopLogger, platformtest.Swap[greeter](&french{}))
		require.ErrorContains(t, app.Err(), "missing type: platformtest_test.greeter")
	})

	t.Run("fails when another decoration takes its place", func(t *testing.T) {
		t.Parallel()
		app := fx.New(
			fx.NopLogger,
			fx.Provide(func() greeter { return &english{} }),
			fx.Module("inner",
				platformtest.Swap[greeter](&french{}),
				fx.Decorate(func(greeter) greeter { return &english{} }),
			),
		)
		require.Error(t, app.Err())
	})
}
