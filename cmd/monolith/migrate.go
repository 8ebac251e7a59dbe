package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/platform/db"
)

func newMigrateCommand(p *program) *cobra.Command {
	return group(&cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, or back",
		Long: `Each module has a schema of its own, whose version is the number of its newest migration. serve brings all of them up to
date by itself when it starts; these commands do so beforehand, show how far they are, and go back.

A database that is not empty is backed up first, into backup.dir; monolith restore knows what to do with the copy. Only
one program migrates at a time; others wait.`,
		Example: `  monolith migrate status
  monolith migrate up`,
	}, newMigrateUpCommand(p), newMigrateDownCommand(p), newMigrateStatusCommand(p))
}

func newMigrateUpCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run the migrations that are pending",
		Long: `Runs the migrations that are pending, module by module, after a backup if the database is not empty. Each is a
transaction: when one fails, those before it stay, and the next try goes on there. A schema that is newer than this
program is left alone.`,
		Example: `  monolith migrate up
  monolith migrate up --database.url postgres://gavel@db/gavel --json`,
		Args: cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withMigrator(cmd.Context(), *asJSON, (*db.Migrator).Up)
	}
	return cmd
}

func newMigrateDownCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "down MODULE",
		Short: "Take back the newest migrations of one module",
		Long: `Takes back the newest migrations of one module, newest first, after a backup. What they made is dropped WITH ALL THAT IS IN
IT: without --yes nothing is done but told. Stop the servers first, and use the older program afterwards: this one's
serve would run the migrations again.`,
		Example: `  monolith migrate down listings
  monolith migrate down listings --steps 2 --yes`,
		Args: cobra.ExactArgs(1),
	}
	steps := cmd.Flags().Int("steps", 1, "how many migrations to take back")
	yes := cmd.Flags().Bool("yes", false, "really do it, and lose what is in the tables and columns that go")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *steps < 1 {
			return usagef("--steps must be at least 1, not %d", *steps)
		}
		return p.withMigrator(cmd.Context(), *asJSON, func(m *db.Migrator, ctx context.Context) ([]string, error) {
			return migrateDown(ctx, m, args[0], *steps, *yes)
		})
	}
	return cmd
}

func newMigrateStatusCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how far the schema of each module is",
		Long: `Shows the version of each module's schema in the database and in this program, and which migrations are pending. It
changes nothing. The exit status is 0 also when migrations are pending; --json tells programs.`,
		Example: `  monolith migrate status
  monolith migrate status --json | jq '[.modules[].pending[]] | length'`,
		Args: cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withMigrator(cmd.Context(), *asJSON, func(*db.Migrator, context.Context) ([]string, error) { return nil, nil })
	}
	return cmd
}

// withMigrator lets do migrate the configured database and answers with what ran and where that leaves the schema, also
// when do fails half-way. Errors: what do returns, or the database.
func (p *program) withMigrator(
	ctx context.Context, asJSON bool, do func(*db.Migrator, context.Context) ([]string, error),
) (err error) {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	program, err := p.parts(*cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.Pool.Close()) }()
	ran, err := do(program.Migrator, ctx)
	if err != nil && len(ran) == 0 {
		return err
	}
	status, statusErr := program.Migrator.Status(ctx)
	if statusErr != nil {
		return errors.Join(err, statusErr)
	}
	return errors.Join(p.answer(newMigrateAnswer(program.Pool, ran, status), asJSON), err)
}

// migrateDown takes migrations back if that is really meant.
func migrateDown(ctx context.Context, m *db.Migrator, module string, steps int, yes bool) ([]string, error) {
	status, err := m.Status(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(status))
	for i, s := range status {
		names[i] = s.Module
	}
	i := slices.Index(names, module)
	switch {
	case i < 0:
		return nil, usagef("there is no module %q with a schema; there are %s", module, strings.Join(names, ", "))
	case status[i].Version == 0:
		return nil, fmt.Errorf("the database has no schema of %s: there is nothing to take back", module)
	case !yes:
		return nil, usagef("this would take back %d of the migrations of %s, which is at version %d, and drop what they made with all that is in it: "+
			"add --yes if you mean it", steps, module, status[i].Version)
	}
	return m.Down(ctx, module, steps)
}

// migrateAnswer is what the migrate commands say.
type migrateAnswer struct {
	Database string   `json:"database"`
	Exists   bool     `json:"exists"` // false for an SQLite file that serve would make
	Ran      []string `json:"ran"`    // "module/file", in their order
	Modules  []module `json:"modules"`
}

// module is how far the schema of a module is.
type module struct {
	Name     string   `json:"module"`
	Database int64    `json:"database_version"` // 0: nothing
	Program  int64    `json:"program_version"`
	Pending  []string `json:"pending"`
}

func newMigrateAnswer(pool *db.Pool, ran []string, status []db.ModuleStatus) migrateAnswer {
	answer := migrateAnswer{
		Database: pool.String(), Exists: pool.Exists(), Ran: append([]string{}, ran...), Modules: make([]module, len(status)),
	}
	for i, s := range status {
		answer.Modules[i] = module{Name: s.Module, Database: s.Version, Program: s.Head, Pending: append([]string{}, s.Pending...)}
	}
	return answer
}

// state says in words how a module's schema stands to the program.
func (m module) state() string {
	switch {
	case m.Database > m.Program:
		return "newer than this program"
	case len(m.Pending) > 0:
		return fmt.Sprintf("%d pending", len(m.Pending))
	default:
		return "up to date"
	}
}

// WriteText writes the answer for people. Errors: what w reports.
func (a migrateAnswer) WriteText(w io.Writer) error {
	for _, file := range a.Ran {
		fmt.Fprintf(w, "ran %s\n", file)
	}
	missing := ""
	if !a.Exists {
		missing = " does not exist yet"
	}
	fmt.Fprintf(w, "%s%s\n", a.Database, missing)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "MODULE\tDATABASE\tPROGRAM\tSTATE\n")
	for _, m := range a.Modules {
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", m.Name, m.Database, m.Program, m.state())
	}
	err := table.Flush()
	for _, m := range a.Modules {
		for _, file := range m.Pending {
			fmt.Fprintf(w, "pending %s/%s\n", m.Name, file)
		}
	}
	return err
}
