package chores

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
)

// Module runs the chores from the program's start to its stop. It needs a clock and a logger. Put it before the server:
// what chores use is there as long as they run.
var Module = fx.Module("chores",
	fx.Provide(provideRunner),
	fx.Invoke(run),
)

// AsChore annotates a constructor of a Chore for fx.Provide, so that the Runner finds it. Where there is no Module it is
// never made.
func AsChore(constructor any) any {
	return fx.Annotate(constructor, fx.ResultTags(`group:"chores"`))
}

// params are what the graph gives to the runner.
type params struct {
	fx.In

	Chores []Chore `group:"chores"`
	Clock  clock.Clock
	Log    *zap.Logger
}

func provideRunner(p params) (*Runner, error) { return NewRunner(p.Chores, p.Clock, p.Log) }

// run starts and stops the runner with the program.
func run(lifecycle fx.Lifecycle, r *Runner) {
	lifecycle.Append(fx.StartStopHook(
		func(context.Context) { r.Start() },
		func(context.Context) { r.Stop() },
	))
}
