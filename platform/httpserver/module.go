package httpserver

import (
	"runtime"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/metrics"
)

// Module provides the *Server and ties it to the program's life. It needs Settings, a clock, a logger and
// metrics.Module; a Build and an identity.Authenticator are optional. Put it last: what starts last stops first, so that the workers and pools that
// requests need outlive the requests.
var Module = fx.Module("httpserver",
	fx.Provide(provideServer),
	fx.Invoke(run),
)

// AsRoutes annotates a constructor of Routes for fx.Provide, so that the server finds them.
func AsRoutes(constructor any) any {
	return fx.Annotate(constructor, fx.ResultTags(`group:"routes"`))
}

// AsCheck annotates a constructor of a Check for fx.Provide, so that /readyz runs it.
func AsCheck(constructor any) any {
	return fx.Annotate(constructor, fx.ResultTags(`group:"readiness"`))
}

// params are what the graph gives to the server.
type params struct {
	fx.In

	Settings      Settings
	Build         Build `optional:"true"`
	Clock         clock.Clock
	Log           *zap.Logger
	Gatherer      prometheus.Gatherer
	Metrics       *metrics.HTTP
	Authenticator identity.Authenticator `optional:"true"`
	Routes        []Routes               `group:"routes"`
	Checks        []Check                `group:"readiness"`
	Shutdowner    fx.Shutdowner
}

func provideServer(p params) (*Server, error) {
	if p.Build == (Build{}) {
		p.Build = ReadBuild()
	}
	return New(Parts{
		Settings:      p.Settings,
		Build:         p.Build,
		Clock:         p.Clock,
		Log:           p.Log,
		Gatherer:      p.Gatherer,
		Metrics:       p.Metrics,
		Routes:        p.Routes,
		Checks:        p.Checks,
		Authenticator: p.Authenticator,
		Failed: func(error) { // logged by the server
			_ = p.Shutdowner.Shutdown(fx.ExitCode(1)) // fails only when the program stops already
		},
	})
}

// run starts and stops the server with the program.
func run(lifecycle fx.Lifecycle, s *Server) {
	lifecycle.Append(fx.StartStopHook(s.Start, s.Stop))
}

// ReadBuild returns what the compiler wrote into the running program.
func ReadBuild() Build {
	build := Build{Version: "devel", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		build.Version = v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			build.Revision = setting.Value
		}
	}
	return build
}
