package issues_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuestest"
	"github.com/gavelhq/gavel/platform/config"
)

func TestTheDefaultTargetsAreThoseOfTheDomain(t *testing.T) {
	t.Parallel()
	cfg, _, err := config.Load(config.Sources{}, issues.CheckConfig)
	require.NoError(t, err)
	var targets domain.Targets
	graph := fx.New(fx.NopLogger, issues.Module, fx.Supply(cfg.Issues), fx.Populate(&targets))
	require.NoError(t, graph.Err())
	require.Equal(t, domain.DefaultTargets(), targets)
}

func TestNothingIsToBeResolvedBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	cfg, _, err := config.Load(config.Sources{})
	require.NoError(t, err)
	cfg.Issues.Resolution.High = cfg.Issues.FirstResponse.High
	require.Empty(t, issues.CheckConfig(*cfg))
	cfg.Issues.Resolution.High -= time.Second
	problems := issues.CheckConfig(*cfg)
	require.Len(t, problems, 1)
	require.Equal(t, "issues.resolution.high", problems[0].Key)
	require.Equal(t, "3h59m59s", problems[0].Value)

	for _, flag := range []string{"3", "0s", "8761h", "59s"} {
		_, _, err := config.Load(config.Sources{Flags: map[string]string{"issues.resolution.low": flag}})
		require.ErrorIs(t, err, config.ErrInvalid, flag)
	}
}

func TestInMemoryFailsWhereThereIsNothingToSwap(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, fx.New(fx.NopLogger, issuestest.InMemory()).Err(), "missing type")
}
