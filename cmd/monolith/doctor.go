package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
)

func newDoctorCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is wrong with an installation, and say what to do",
		Long: `Looks at the configuration, the data folder, the database (schema, durability, clock), the ends of the logs, the backups,
the address, what stands in front of it, NATS and the mail server. It changes nothing, and can be run beside a server and before the first one.
Run it as the user that the server runs as.

Each line is ok, warn or fail; the last two say what to do. The exit status is 1 when anything fails.

--deep also verifies every log, as monolith verify does, and lets SQLite check its file.`,
		Example: `  monolith doctor
  monolith doctor --deep
  monolith doctor --json | jq '.checks[] | select(.status != "ok")'`,
		Args: cobra.NoArgs,
	}
	deep := cmd.Flags().Bool("deep", false, "verify every log, which takes a while")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		d := &doctor{program: p, deep: *deep, now: clock.NewReal(), diagnosis: diagnosis{Checks: []finding{}, color: p.color()}}
		d.examine(cmd.Context())
		return errors.Join(p.answer(d.diagnosis, *asJSON), d.err())
	}
	return cmd
}

// doctor looks at one thing after the other and notes what it finds.
type doctor struct {
	program *program
	deep    bool
	now     clock.Clock
	diagnosis
}

// examine looks at everything that there is to look at.
func (d *doctor) examine(ctx context.Context) {
	cfg, err := d.program.config()
	d.configuration(d.program.provenance(), err)
	if err != nil {
		return // there is nothing to compare the rest with
	}
	d.dataFolder(cfg.Data.Dir, cfg.Database.URL)
	exists := d.database(ctx, *cfg)
	d.nats(ctx, *cfg, exists && d.Status != verdictFail)
	d.backups(cfg.Backup.Dir, exists)
	d.listeners(ctx, *cfg)
	d.mail(ctx, *cfg)
}

func (d *doctor) configuration(from config.Provenance, err error) {
	const name = "configuration"
	var invalid *config.Error
	switch {
	case errors.As(err, &invalid):
		for _, p := range invalid.Problems {
			d.fail(name, p.String(), "correct it; monolith config check looks again")
		}
		return
	case err != nil:
		d.fail(name, err.Error(), "correct it; monolith config check looks again")
		return
	}
	for _, warning := range from.Warnings {
		d.warn(name, warning, "remove or correct it, unless it is meant so")
	}
	file := "no file"
	if from.File != "" {
		file = from.File
	}
	d.ok(name, "%s, %d values set", file, len(from.Set()))
}

// The verdicts.
const (
	verdictOK   = "ok"
	verdictWarn = "warn"
	verdictFail = "fail"
)

// finding is one line of a diagnosis.
type finding struct {
	Check  string `json:"check"`
	Status string `json:"status"` // ok, warn, fail
	Detail string `json:"detail"`
	Advice string `json:"advice,omitempty"` // what to do
}

// diagnosis is what doctor says.
type diagnosis struct {
	Status string    `json:"status"` // the worst of the checks'
	Checks []finding `json:"checks"`
	color  bool
}

func (d *diagnosis) ok(check, detail string, args ...any) {
	d.note(finding{Check: check, Status: verdictOK, Detail: fmt.Sprintf(detail, args...)})
}

func (d *diagnosis) warn(check, detail, advice string) {
	d.note(finding{Check: check, Status: verdictWarn, Detail: detail, Advice: advice})
}

func (d *diagnosis) fail(check, detail, advice string) {
	d.note(finding{Check: check, Status: verdictFail, Detail: detail, Advice: advice})
}

func (d *diagnosis) note(f finding) {
	d.Checks = append(d.Checks, f)
	if d.Status == "" || f.Status == verdictFail || f.Status == verdictWarn && d.Status == verdictOK {
		d.Status = f.Status
	}
}

// err returns an error if anything fails.
func (d *diagnosis) err() error {
	if d.Status != verdictFail {
		return nil
	}
	failed := 0
	for _, f := range d.Checks {
		if f.Status == verdictFail {
			failed++
		}
	}
	return fmt.Errorf("%d of %d checks fail", failed, len(d.Checks))
}

// WriteText writes the diagnosis for people. Errors: what w reports.
func (d diagnosis) WriteText(w io.Writer) error {
	colors := map[string]string{verdictOK: "\x1b[32m", verdictWarn: "\x1b[33m", verdictFail: "\x1b[31m"}
	var b strings.Builder
	for _, f := range d.Checks {
		status := fmt.Sprintf("%-4s", f.Status)
		if d.color {
			status = colors[f.Status] + status + "\x1b[0m"
		}
		fmt.Fprintf(&b, "%s  %-13s  %s\n", status, f.Check, f.Detail)
		if f.Advice != "" {
			fmt.Fprintf(&b, "%19s  -> %s\n", "", f.Advice)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
