package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/platform/httpserver"
)

func newServeCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Start the server",
		Long: `Starts the server. It brings the schema of its database up to date, closes what ended while no server ran, and prints
one line with its address when it is ready; while nobody is admin, a second line has a link that makes whoever opens it
first the admin. It stops gently at SIGTERM or SIGINT: requests that were accepted are
finished, for http.shutdown_timeout at most. A second signal stops it at once.`,
		Example: `  monolith serve
  monolith serve --http.addr :8080 --data.dir /var/lib/gavel
  GAVEL_DATABASE_URL=postgres://gavel@db/gavel monolith serve`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), p) },
	}
}

// serve runs the server until ctx ends or it fails.
func serve(ctx context.Context, p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	warnOfRehearsal(p.stderr, cfg.Rehearsal)
	var server *httpserver.Server
	var setup *profiles.SetupLink
	app := fx.New(graph(*cfg, p.logOutput()), fx.Populate(&server, &setup))
	if err := app.Err(); err != nil {
		return err
	}
	if err := start(ctx, app, cfg.HTTP.ShutdownTimeout); err != nil {
		return err
	}
	listening := address(server.Addr(), server.Secure())
	_, told := fmt.Fprintf(p.stdout, "Gavel is ready at %s\n", listening)
	p.tellSetup(ctx, setup, cmp.Or(cfg.Site.URL, listening))
	failed := wait(ctx, app)
	return errors.Join(told, failed, stop(ctx, app, cfg.HTTP.ShutdownTimeout))
}

// tellSetup prints, while the house has no admin, the link that makes one. It goes to standard output alone: logs are
// collected and read by many.
func (p *program) tellSetup(ctx context.Context, setup *profiles.SetupLink, site string) {
	link, ok, err := setup.Draw(ctx, site)
	switch {
	case err != nil:
		fmt.Fprintln(p.stderr, "monolith: warning: there is no setup link:", err)
	case ok:
		fmt.Fprintf(p.stdout, "Set up the first admin within %d minutes: %s\n", int(profiles.SetupLifetime.Minutes()), link)
	}
}

// start starts the program. Once it has begun, what it does to the database is not interrupted: it is given as much time
// to end as a stop is. A second signal ends it at once.
func start(ctx context.Context, app *fx.App, patience time.Duration) error {
	hooks, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(patience, cancel) //nolint:forbidigo // how long a person waits, whatever the clock says
	})
	defer stop()
	err := app.Start(hooks)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("stopped while it was starting: %w", err)
	}
	return err
}

// wait returns when ctx ends, or with an error when the server can serve no longer.
func wait(ctx context.Context, app *fx.App) error {
	select {
	case <-ctx.Done():
		return nil
	case signal := <-app.Wait():
		if signal.ExitCode != 0 {
			return errors.New("the server failed; the log says why")
		}
		return nil
	}
}

// stop stops the program in the given time. Errors: what could not be finished in it.
func stop(ctx context.Context, app *fx.App, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	if err := app.Stop(ctx); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// address returns the URL of a listener, for people on this machine.
func address(listener string, secure bool) string {
	host, port, err := net.SplitHostPort(listener)
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		listener = net.JoinHostPort("localhost", port)
	}
	if secure {
		return "https://" + listener
	}
	return "http://" + listener
}
