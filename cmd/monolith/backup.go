package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
)

func newBackupCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup [FILE]",
		Short: "Copy the database into one file, while the server runs",
		Long: `Copies the database, as it is at one instant, into one new file that only its owner can read. Servers go on meanwhile.
FILE is gavel-TIME.zip in backup.dir unless it is given; a file that exists is left alone.

The copy is then tried out: it is restored into a throw-away database beside FILE, which takes about as much space as
the database, and the log of every listing is verified there and compared with the heads that the logs had when they
were copied. Logs that do not verify are named, and the exit status is 1, but the copy is kept: it is what there is. In
all other cases of failure there is no FILE.

What was saved from SQLite can be restored into PostgreSQL and the other way round.`,
		Example: `  monolith backup
  monolith backup /mnt/backups/gavel.zip
  monolith backup --database.url postgres://gavel@db/gavel --json`,
		Args: cobra.MaximumNArgs(1),
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		file := ""
		if len(args) == 1 {
			file = args[0]
		}
		return p.backup(cmd.Context(), file, *asJSON)
	}
	return cmd
}

// backup copies the configured database into a new file.
func (p *program) backup(ctx context.Context, file string, asJSON bool) (err error) {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	source, err := p.parts(*cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Pool.Close()) }()
	if err := worthCopying(ctx, source); err != nil {
		return fmt.Errorf("back up %s: %w", source.Pool, err)
	}
	now := clock.NewReal().Now()
	if file == "" {
		file = filepath.Join(cfg.Backup.Dir, "gavel-"+now.UTC().Format("20060102T150405Z")+".zip")
	}
	rows := p.newProgress("rows copied")
	defer rows.end()
	var verified *listings.VerifyReport
	manifest, err := backup.ToFile(ctx, source.Pool, backup.Request{
		Program:  programName(),
		Created:  now,
		Files:    backupFiles,
		Progress: rows.at,
		Check: func(ctx context.Context, path string) (err error) {
			rows.end()
			verified, err = p.tryOut(ctx, *cfg, path)
			return err
		},
	}, file)
	if err != nil {
		return err
	}
	answer, err := newCopyAnswer(file, source.Pool, manifest, verified)
	if err != nil {
		return err
	}
	return errors.Join(p.answer(backupAnswer{answer}, asJSON), verified.Err())
}

// worthCopying returns an error for a database that is not there, empty, half restored or a newer program's. An older one
// is copied as it is.
func worthCopying(ctx context.Context, source parts) error {
	if !source.Pool.Exists() {
		return errors.New("it does not exist")
	}
	if err := source.Migrator.Check(ctx); err != nil && !errors.Is(err, db.ErrPending) {
		return err
	}
	status, err := source.Migrator.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range status {
		if s.Version > 0 {
			return nil
		}
	}
	return errors.New("it is empty")
}

// backupFiles are attached to every copy.
var backupFiles = []backup.File{{Name: listings.HeadsFile, Write: listings.WriteHeads}}

// programName is what archives say about who made them.
func programName() string { return "gavel " + buildInfo().Version }

// tryOutPrefix begins the names of the folders of throw-away databases.
const tryOutPrefix = ".trying-out-"

// tryOut restores an archive into a throw-away database beside it and verifies every log there.
func (p *program) tryOut(ctx context.Context, cfg config.Config, path string) (report *listings.VerifyReport, err error) {
	folder, err := os.MkdirTemp(filepath.Dir(path), tryOutPrefix)
	if err != nil {
		return nil, fmt.Errorf("try out the copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	settings := provideDatabaseSettings(cfg.Database, cfg.Data)
	settings.URL = "sqlite:" + filepath.Join(folder, "gavel.db")
	place, err := p.parts(cfg, fx.Replace(settings))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, place.Pool.Close()) }()
	archive, err := backup.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	err = p.fill(ctx, place, archive, func(found *listings.VerifyReport) error {
		report = found
		return nil
	})
	return report, err
}

// provideBackup returns what happens around a migration. The logs are not verified before it: one that somebody has
// tampered with must not keep the house closed. Restoring verifies them. Nor does it stay closed over old copies that
// cannot be removed afterwards.
func provideBackup(cfg config.Backup, c *clock.Real, log *zap.Logger) db.Backup {
	automatic := backup.Automatic{Dir: cfg.Dir, Keep: cfg.Keep, Program: programName(), Files: backupFiles, Now: c.Now}
	log = log.Named("db")
	return db.Backup{
		Before: func(ctx context.Context, pool *db.Pool) error {
			path, err := automatic.Run(ctx, pool)
			if path != "" {
				log.Info("backed up before migrating", zap.Stringer("database", pool), zap.String("file", path))
			}
			return err
		},
		Afterwards: func(context.Context, *db.Pool) {
			if err := automatic.Prune(); err != nil {
				log.Warn("old backups stay", zap.String("folder", cfg.Dir), zap.Error(err))
			}
		},
	}
}

// copyAnswer is what backup and restore say.
type copyAnswer struct {
	File     string    `json:"file"`
	Size     int64     `json:"size"` // bytes
	Created  time.Time `json:"created"`
	Program  string    `json:"program"`  // what made the copy
	Database string    `json:"database"` // that was copied, or filled
	Rows     int64     `json:"rows"`
	Listings int64     `json:"listings"` // with a log
	Verified int64     `json:"verified"` // of these
	Events   int64     `json:"events"`
	Heads    int       `json:"heads_compared"`
	// Flaws are the first bad events of logs that do not verify.
	Flaws []listings.VerifyFlaw `json:"flaws"`
}

func newCopyAnswer(file string, pool *db.Pool, m backup.Manifest, verified *listings.VerifyReport) (copyAnswer, error) {
	info, err := os.Stat(file)
	if err != nil {
		return copyAnswer{}, err
	}
	return copyAnswer{
		File: file, Size: info.Size(), Created: m.Created, Program: m.Program, Database: pool.String(), Rows: m.Rows(),
		Listings: verified.Logs, Verified: verified.Verified, Events: verified.Events, Heads: verified.Heads, Flaws: verified.Flaws,
	}, nil
}

// writeLogs says how the logs are.
func (a copyAnswer) writeLogs(w io.Writer) error {
	report := listings.VerifyReport{Logs: a.Listings, Verified: a.Verified, Events: a.Events, Heads: a.Heads, Flaws: a.Flaws}
	return report.WriteText(w)
}

// backupAnswer is what backup says.
type backupAnswer struct{ copyAnswer }

// WriteText writes the answer for people. Errors: what w reports.
func (a backupAnswer) WriteText(w io.Writer) error {
	_, err := fmt.Fprintf(w, "Copied %s to %s (%s, %d rows).\n", a.Database, a.File, size(a.Size), a.Rows)
	return errors.Join(err, a.writeLogs(w))
}

// size writes a number of bytes for people.
func size(bytes int64) string {
	const units = "KMGTPE"
	value, unit := float64(bytes), 0
	for value >= 1024 && unit < len(units) {
		value, unit = value/1024, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %ciB", value, units[unit-1])
}
