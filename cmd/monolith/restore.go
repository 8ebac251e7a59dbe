package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/db/backup"
)

func newRestoreCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Fill an empty database from a backup",
		Long: `Fills the configured database, which must be empty, from a backup, whichever of the two databases it was made of, and
brings its schema up to date. The whole FILE is read and compared with its checksums before anything is touched. In the
end the log of every listing is verified in the new database and compared with the heads that are in the backup.

When anything goes wrong all of it is taken out again. Until the end no server uses the database, also after an
interruption that gave no time for that: run it again then. Stop the servers of the database first.

--accept-flaws restores logs that do not verify, too, and names them: for a market that somebody has tampered with, when
there is no better backup. The exit status then is 0.`,
		Example: `  monolith restore gavel-20260301T120000Z.zip
  monolith restore --data.dir /var/lib/gavel backup.zip
  monolith restore --database.url postgres://gavel@db/gavel backup.zip`,
		Args: cobra.ExactArgs(1),
	}
	acceptFlaws := cmd.Flags().Bool("accept-flaws", false, "restore also logs that do not verify")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.restore(cmd.Context(), args[0], *acceptFlaws, *asJSON)
	}
	return cmd
}

// restore fills the configured database from a file.
func (p *program) restore(ctx context.Context, file string, acceptFlaws, asJSON bool) (err error) {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	archive, err := backup.OpenFile(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	if err := archive.Verify(ctx); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	place, err := p.parts(*cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Pool.Close()) }()
	var report *listings.VerifyReport
	err = p.fill(ctx, place, archive, func(found *listings.VerifyReport) error {
		if report = found; acceptFlaws {
			return nil
		}
		return found.Err()
	})
	if err != nil {
		return err
	}
	answer, err := newCopyAnswer(file, place.Pool, archive.Manifest, report)
	if err != nil {
		return err
	}
	return p.answer(restoreAnswer{answer}, asJSON)
}

// fill restores an archive into an empty place, verifies every log there and lets judge decide whether that will do.
// Errors: what judge returns, and those of backup.Archive.Restore.
func (p *program) fill(
	ctx context.Context, place parts, archive *backup.Archive, judge func(*listings.VerifyReport) error,
) error {
	heads, err := p.headsIn(archive)
	if err != nil {
		return err
	}
	rows := p.newProgress("rows restored")
	defer rows.end()
	archive.Progress = rows.at
	return archive.Restore(ctx, place.Pool, place.Sets, func(ctx context.Context) error {
		rows.end()
		logs := p.newProgress("logs verify")
		defer logs.end()
		report, err := place.Verifier.Run(ctx, listings.VerifyOptions{Heads: heads, Progress: logs.at})
		if err != nil {
			return err
		}
		return judge(report)
	})
}

// headsIn returns the heads that the logs had when they were copied.
func (p *program) headsIn(archive *backup.Archive) (listings.SavedHeads, error) {
	attached := slices.ContainsFunc(archive.Manifest.Files, func(f backup.Attachment) bool { return f.Name == listings.HeadsFile })
	if !attached {
		fmt.Fprintln(p.stderr, "monolith: warning: the backup has no heads of logs, so that they verify also where they were cut off")
		return listings.SavedHeads{}, nil
	}
	var text bytes.Buffer
	if err := archive.Attached(listings.HeadsFile, &text); err != nil {
		return nil, err
	}
	heads, err := listings.ReadHeads(&text)
	if err != nil {
		return nil, fmt.Errorf("%s in the backup: %w", listings.HeadsFile, err)
	}
	return heads, nil
}

// restoreAnswer is what restore says.
type restoreAnswer struct{ copyAnswer }

// WriteText writes the answer for people. Errors: what w reports.
func (a restoreAnswer) WriteText(w io.Writer) error {
	_, err := fmt.Fprintf(w, "Restored %s, made %s by %s, into %s (%d rows).\n",
		a.File, a.Created.Format(time.RFC3339), a.Program, a.Database, a.Rows)
	return errors.Join(err, a.writeLogs(w))
}
