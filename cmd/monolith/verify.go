package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/db"
)

// verifyRequest is what the command line says.
type verifyRequest struct {
	files     []string // none is the database
	heads     []string
	saveHeads string
	asJSON    bool
}

func newVerifyCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify [FILE...]",
		Short: "Check the log of every listing, in the database or in exported files",
		Long: `Checks the log of every listing: that each event follows from the one before, that members, amounts and texts are what
the events commit to, that the rules give what the events say, and that the log gives the stored listing, byte for byte.
Bids may go on meanwhile.

A FILE is a public log that somebody downloaded (GET /api/v1/listings/ID/log); - is standard input. It is checked as far
as it is open.

Whoever rewrites a whole log, its head included, leaves a log that verifies. Heads that were saved earlier, and kept
where he cannot reach them, find that: save them with --save-heads, and compare with --heads.

Each bad log is named with its first bad event and what is wrong with it. The exit status is 1 when there is any.`,
		Example: `  monolith verify
  monolith verify --save-heads heads-2026-03-01.ndjson
  monolith verify --heads heads-2026-03-01.ndjson
  curl -s localhost:8080/api/v1/listings/ID/log | monolith verify -`,
	}
	var r verifyRequest
	cmd.Flags().StringArrayVar(&r.heads, "heads", nil, "compare with the heads in this `file`, saved earlier; may be given several times")
	cmd.Flags().StringVar(&r.saveHeads, "save-heads", "", "save the heads of all logs into this `file`, if all of them verify")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		r.files, r.asJSON = args, *asJSON
		return p.verify(cmd.Context(), r)
	}
	return cmd
}

func (p *program) verify(ctx context.Context, r verifyRequest) (err error) {
	if r.saveHeads != "" && len(r.files) > 0 {
		return usagef("--save-heads saves the heads of the database, not those of files")
	}
	heads, err := readHeads(r.heads)
	if err != nil {
		return err
	}
	var report *listings.VerifyReport
	if len(r.files) > 0 {
		report, err = p.verifyFiles(r.files, heads)
	} else {
		report, err = p.verifyDatabase(ctx, heads, r.saveHeads)
	}
	if err != nil {
		return err
	}
	return errors.Join(p.answer(report, r.asJSON), report.Err())
}

// readHeads reads files of saved heads.
func readHeads(names []string) (listings.SavedHeads, error) {
	all := listings.SavedHeads{}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		heads, err := listings.ReadHeads(bufio.NewReader(file))
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all.Add(heads)
	}
	return all, nil
}

func (p *program) verifyFiles(names []string, heads listings.SavedHeads) (*listings.VerifyReport, error) {
	all := &listings.VerifyReport{}
	for _, name := range names {
		report, err := p.verifyFile(name, heads)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(heads) > 0 && report.Heads == 0 {
			fmt.Fprintf(p.stderr, "monolith: warning: %s: none of the saved heads is of this log\n", name)
		}
		all.Add(report)
	}
	return all, nil
}

func (p *program) verifyFile(name string, heads listings.SavedHeads) (*listings.VerifyReport, error) {
	if name == "-" {
		return listings.VerifyPublicLog(p.stdin, listings.VerifyOptions{Heads: heads})
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, errors.Unwrap(err) // without the name, which the caller says
	}
	defer func() { _ = file.Close() }() // it was only read
	return listings.VerifyPublicLog(bufio.NewReader(file), listings.VerifyOptions{Heads: heads})
}

// verifyDatabase verifies what is in the configured database.
func (p *program) verifyDatabase(ctx context.Context, heads listings.SavedHeads, saveTo string) (report *listings.VerifyReport, err error) {
	cfg, err := p.config()
	if err != nil {
		return nil, err
	}
	var verifier *listings.Verifier
	var pool *db.Pool
	app := fx.New(core(*cfg, p.logOutput()), fx.Provide(listings.NewVerifier), fx.Populate(&verifier, &pool))
	if err := app.Err(); err != nil {
		return nil, err
	}
	if !pool.Exists() {
		// A mistyped folder must not pass as a market without a flaw.
		return nil, fmt.Errorf("there is no database at %s: check data.dir and database.url", pool)
	}
	if err := start(ctx, app, cfg.HTTP.ShutdownTimeout); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop(ctx, app, cfg.HTTP.ShutdownTimeout)) }()
	progress := p.newProgress("logs verify")
	defer progress.end()
	verify := func(w io.Writer) (*listings.VerifyReport, error) {
		return verifier.Run(ctx, listings.VerifyOptions{Heads: heads, SaveTo: w, Progress: progress.at})
	}
	if saveTo == "" {
		return verify(nil)
	}
	return savingHeads(saveTo, verify)
}

// savingHeads puts the heads into a file if everything verifies; else it leaves alone what is there.
func savingHeads(
	name string, verify func(io.Writer) (*listings.VerifyReport, error),
) (report *listings.VerifyReport, err error) {
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return nil, fmt.Errorf("save heads: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // it fails if the file has its own name by then
	w := bufio.NewWriter(file)
	report, err = verify(w)
	if err = errors.Join(err, w.Flush(), file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	if report.Err() != nil {
		return report, nil
	}
	return report, os.Rename(file.Name(), name)
}
