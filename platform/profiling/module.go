package profiling

import "go.uber.org/fx"

// Module serves profiles while the program runs. It needs Settings and a logger. Put it first: what starts first stops last,
// so that a slow start and a slow stop can be looked into.
var Module = fx.Module("profiling",
	fx.Provide(New),
	fx.Invoke(run),
)

func run(lifecycle fx.Lifecycle, l *Listener) {
	lifecycle.Append(fx.StartStopHook(l.Start, l.Stop))
}
