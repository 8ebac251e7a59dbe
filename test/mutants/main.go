// Mutants breaks the code on purpose and requires that the tests notice.
//
//	go run ./test/mutants [-at-once N] [name…]
//
// Each patch of test/mutants (README.md there describes the format) is applied to a copy of the tree. It passes when
// the broken code compiles and vets, the test that the patch names fails, and the same test passes without the patch.
// With names, only the patches called so run. The exit status is 1 if any patch does not pass.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"

	"github.com/gavelhq/gavel/test/mutants/mutant"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./test/mutants [-v] [-patches DIR] [-at-once N] [name…]")
		flag.PrintDefaults()
	}
	patches := flag.String("patches", "test/mutants", "the directory of the patches")
	atOnce := flag.Int("at-once", 2, "how many patches are tried at the same time")
	verbose := flag.Bool("v", false, "show what the commands printed for every patch, not only where one does not pass")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	passed, err := run(ctx, *patches, flag.Args(), *atOnce, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
	}
	if err != nil || !passed {
		stop()
		os.Exit(1)
	}
}

// run judges the patches in the directory and prints the table. It reports whether all of them passed.
func run(ctx context.Context, dir string, names []string, atOnce int, verbose bool) (bool, error) {
	patches, err := mutant.Read(dir, names...)
	if err != nil {
		return false, err
	}
	reports, err := mutant.Judge(ctx, ".", patches, atOnce, func(line string) { fmt.Fprintln(os.Stderr, line) })
	if err != nil {
		return false, err
	}

	passed := true
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PATCH\tVERDICT\tBREAKS\tTEST")
	for _, report := range reports {
		if report.Verdict != mutant.Killed {
			passed = false
		}
		if verbose || report.Verdict != mutant.Killed {
			fmt.Printf("--- %s: %s\n%s\n", report.Patch.Name, report.Verdict, report.Output)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s -run '%s'\n",
			report.Patch.Name, report.Verdict, report.Patch.Breaks, report.Patch.Package, report.Patch.Run)
	}
	if err := table.Flush(); err != nil {
		return false, fmt.Errorf("print the table: %w", err)
	}
	return passed, nil
}
