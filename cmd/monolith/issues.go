package main

import (
	"context"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues"
)

func newIssuesCommand(p *program) *cobra.Command {
	return group(&cobra.Command{
		Use:   "issues",
		Short: "Import and export the issues of the help desk",
		Long: `Takes issues over from elsewhere, and gives them out as CSV. The servers may run meanwhile.

The columns are repository, number, title, publishedAt, closed, closedAt and commentCount. Repository and number name an
issue. Times are those of RFC 3339, as in 2020-10-19T12:46:54Z, to the microsecond. Closed is 1 or empty.`,
		Example: `  monolith issues import issues.csv
  monolith issues export > issues.csv
  monolith issues export --spreadsheet > for-people.csv`,
	}, newIssuesImportCommand(p), newIssuesExportCommand(p))
}

func newIssuesImportCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import issues from a CSV file, as often as you like",
		Long: `Imports issues from a CSV file whose first line names the columns, in any order; columns beyond those that the help of
"monolith issues" names are ignored. Titles have up to 1,000 characters and are kept byte for byte, line breaks and blanks
at the edges included.

An issue that is here already, by repository and number, is updated if it has changed in the file and nobody here has done
anything with it since it was imported. Otherwise it is kept as it is here; so are issues that were reported here and come
back in a file. What has not changed is not touched.

The whole file is checked first: a row that makes no sense is named by its line and column, nothing is imported and the exit
status is 1, unless --skip-bad-rows says otherwise. The import then goes on in portions of 200 issues, each as a whole or not
at all. One that was interrupted is simply begun again. Nobody is notified. A database that is not there is made.`,
		Example: `  monolith issues import issues.csv
  monolith issues import --skip-bad-rows --json issues.csv`,
		Args: cobra.ExactArgs(1),
	}
	skipBad := cmd.Flags().Bool("skip-bad-rows", false, "leave out and count rows that make no sense")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var exchange *issues.Exchange
		return p.onDatabase(cmd.Context(), true, fx.Populate(&exchange), func(ctx context.Context) error {
			result, err := p.importIssues(ctx, exchange, args[0], *skipBad)
			if err != nil {
				return err
			}
			return p.answer(result, *asJSON)
		})
	}
	return cmd
}

func (p *program) importIssues(
	ctx context.Context, exchange *issues.Exchange, file string, skipBad bool,
) (issues.ImportResult, error) {
	progress := p.newProgress("issues")
	defer progress.end()
	return exchange.Import(ctx, file, issues.ImportOptions{SkipBadRows: skipBad, Progress: progress.at})
}

func newIssuesExportCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write all issues as CSV to standard output",
		Long: `Writes all issues that the help desk can see as CSV, by repository and number. Issues that were reported here have the host
of site.url as their repository, or site.name without one, and a number that never changes. Closed are those that are
closed, rejected or merged. Texts, comments and names are not exported.

What is written can be imported again, and then exported as the same bytes. With --spreadsheet it is for people: cells that a
spreadsheet would take for formulas, because they begin with = + - @, a tab or a carriage return, have an apostrophe before
them. Such a file is not for importing.`,
		Example: `  monolith issues export > issues.csv
  monolith issues export --spreadsheet > for-people.csv`,
		Args: cobra.NoArgs,
	}
	spreadsheet := cmd.Flags().Bool("spreadsheet", false, "guard cells that a spreadsheet would take for formulas")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var exchange *issues.Exchange
		return p.onDatabase(cmd.Context(), false, fx.Populate(&exchange), func(ctx context.Context) error {
			return exchange.Export(ctx, p.stdout, *spreadsheet)
		})
	}
	return cmd
}
