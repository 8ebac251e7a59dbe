package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.uber.org/dig"

	"github.com/gavelhq/gavel/modules/issues"
	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/config"
)

// configChecks are the rules about keys that more than one key, or a module, decides.
var configChecks = []config.Check{listings.CheckConfig, issues.CheckConfig, checkTLS, checkRehearsal}

// newCommands returns every command. A new one is a line here.
func newCommands(p *program) []*cobra.Command {
	return []*cobra.Command{
		newAdminCommand(p),
		newBackupCommand(p),
		newConfigCommand(p),
		newDoctorCommand(p),
		newEventsCommand(p),
		newGraphCommand(p),
		newHealthcheckCommand(p),
		newIssuesCommand(p),
		newMailCommand(p),
		newMigrateCommand(p),
		newReplayCommand(p),
		newRestoreCommand(p),
		newSeedCommand(p),
		newServeCommand(p),
		newUserCommand(p),
		newVerifyCommand(p),
		newVersionCommand(p),
	}
}

// defaultCommand is what the program does when it is told nothing.
const defaultCommand = "serve"

// The exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// fileFlag names the configuration file; every other flag that all commands have is a key of the configuration.
const fileFlag = "config"

// run runs the command that p.args name and returns the exit status. What went wrong is one line on stderr (several
// for a configuration), never a trace.
func run(ctx context.Context, p *program) int {
	return report(p.stderr, newRootCommand(p).ExecuteContext(ctx))
}

// report tells what went wrong, if anything did, and returns the exit status.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	var failed *runError
	var misused *usageError
	if errors.As(err, &failed) && !errors.As(err, &misused) {
		fmt.Fprintln(stderr, "monolith:", dig.RootCause(failed.cause))
		return exitFailed
	}
	fmt.Fprintf(stderr, "monolith: %v\nmonolith --help tells how it is used.\n", err)
	return exitUsage
}

// usageError is a command line that makes no sense; it ends the program with exitUsage.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// usagef returns the error of a command line that makes no sense, for rules that flags and argument counts cannot say.
func usagef(format string, args ...any) error { return &usageError{text: fmt.Sprintf(format, args...)} }

// runError marks the errors of commands that were understood and ran; all others are of usage.
type runError struct{ cause error }

func (e *runError) Error() string { return e.cause.Error() }
func (e *runError) Unwrap() error { return e.cause }

func newRootCommand(p *program) *cobra.Command {
	root := &cobra.Command{
		Use:   "monolith",
		Short: "Gavel, an auction house in one program",
		Long: `Gavel is an auction house in one program. Without a configuration it serves on 127.0.0.1:8080 and keeps everything
in ./data.`,
		Example: `  monolith                                      # the server, with everything in ./data
  monolith --http.addr :8080 --site.currency EUR
  GAVEL_DATABASE_URL=postgres://gavel@db/gavel monolith
  monolith config init                          # a commented config.yaml`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(slices.Concat([]string{}, p.args)) // never nil: cobra would take os.Args
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetUsageFunc(usage)
	root.SetFlagErrorFunc(suggestFlag)

	p.flags = root.PersistentFlags()
	p.flags.String(fileFlag, "", "configuration `file` (default: $GAVEL_CONFIG, or config.yaml if there is one)")
	for _, key := range config.Keys() {
		p.flags.String(key.Name, "", key.Doc)
		p.flags.Lookup(key.Name).Hidden = true // from each command's help: usage lists them once, at the root
	}

	root.AddCommand(newCommands(p)...)
	for _, cmd := range root.Commands() {
		markErrors(cmd)
		if cmd.Name() == defaultCommand {
			root.RunE = cmd.RunE
		}
	}
	return root
}

// markErrors tells the errors of running cmd, and of its subcommands, from those of understanding the command line.
func markErrors(cmd *cobra.Command) {
	if runCommand := cmd.RunE; runCommand != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if err := runCommand(cmd, args); err != nil {
				return &runError{cause: err}
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		markErrors(sub)
	}
}

// group makes cmd a command that only has subcommands: alone it shows its help, and anything unknown is wrong usage.
func group(cmd *cobra.Command, subcommands ...*cobra.Command) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usagef("unknown command %q for %q", args[0], cmd.CommandPath())
		}
		return cmd.Help()
	}
	cmd.Args = cobra.ArbitraryArgs
	cmd.AddCommand(subcommands...)
	return cmd
}

// suggestFlag adds the nearest flag to the error of an unknown one.
func suggestFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	if name := config.Nearest(unknown.GetSpecifiedName(), names); name != "" {
		return fmt.Errorf("%w; did you mean --%s?", err, name)
	}
	return err
}
