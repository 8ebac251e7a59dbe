package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/platform/config"
)

func newConfigCommand(p *program) *cobra.Command {
	return group(&cobra.Command{
		Use:   "config",
		Short: "Show, check or write the configuration",
		Long: `Values come from flags, then GAVEL_… variables, then config.yaml, then defaults. The key http.addr is --http.addr,
GAVEL_HTTP_ADDR, or GAVEL_HTTP_ADDR_FILE for a file that holds the value.`,
		Example: `  monolith config print
  monolith config check --config /etc/gavel/config.yaml`,
	}, newConfigPrintCommand(p), newConfigCheckCommand(p), newConfigInitCommand(p))
}

func newConfigPrintCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "print",
		Short: "Show the effective values, secrets hidden, and where each came from",
		Example: `  monolith config print
  monolith config print --json | jq '.[] | select(.origin.kind != "default")'`,
		Args: cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		cfg, err := p.config()
		if err != nil {
			return err
		}
		if *asJSON {
			return p.writeJSON(config.Entries(*cfg, p.provenance()))
		}
		_, err = fmt.Fprint(p.stdout, config.Effective(*cfg, p.provenance()))
		return err
	}
	return cmd
}

func newConfigCheckCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Name everything that is wrong with the configuration",
		Long:  "Names everything that is wrong with the configuration. The exit status is 1 when anything is.",
		Example: `  monolith config check
  GAVEL_LOG_LEVEL=debug monolith config check --config new.yaml`,
		Args: cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		_, err := p.config()
		if *asJSON {
			if err := p.writeJSON(newCheckAnswer(err)); err != nil {
				return err
			}
		}
		if err != nil || *asJSON {
			return err
		}
		from := p.provenance()
		file := "no file"
		if from.File != "" {
			file = from.File
		}
		_, err = fmt.Fprintf(p.stdout, "The configuration is valid (%s, %d values set).\n", file, len(from.Set()))
		return err
	}
	return cmd
}

// checkAnswer is what config check --json says.
type checkAnswer struct {
	Valid    bool             `json:"valid"`
	Problems []config.Problem `json:"problems"`
}

func newCheckAnswer(err error) checkAnswer {
	answer := checkAnswer{Valid: err == nil, Problems: []config.Problem{}}
	var invalid *config.Error
	if errors.As(err, &invalid) {
		answer.Problems = invalid.Problems
	}
	return answer
}

func newConfigInitCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a configuration file that explains every key",
		Long: `Writes a configuration file with every key, its documentation and its default, commented out. FILE is config.yaml
unless it is given, and - means standard output. An existing file is left alone.`,
		Example: `  monolith config init
  monolith config init /etc/gavel/config.yaml
  monolith config init - | less`,
		Args: cobra.MaximumNArgs(1),
	}
	force := cmd.Flags().Bool("force", false, "overwrite an existing file")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		name := config.DefaultFile
		if len(args) == 1 {
			name = args[0]
		}
		if name == "-" {
			_, err := fmt.Fprint(p.stdout, config.Template())
			return err
		}
		if err := writeTemplate(name, *force); err != nil {
			return err
		}
		_, err := fmt.Fprintf(p.stdout, "Wrote %s.\n", name)
		return err
	}
	return cmd
}

// writeTemplate writes the file for its owner alone: passwords may be put into it.
func writeTemplate(name string, overwrite bool) error {
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if overwrite {
		mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(name, mode, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists; --force overwrites it", name)
	}
	if err != nil {
		return err
	}
	_, err = file.WriteString(config.Template())
	return errors.Join(err, file.Close())
}
