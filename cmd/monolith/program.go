package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/log"
)

// program is what commands get instead of globals: the streams, the environment and, when they ask, the configuration.
type program struct {
	args    []string // without the program's name
	environ []string // "NAME=value"
	stdin   io.Reader
	stdout  io.Writer
	stderr  io.Writer
	// terminal and errTerminal say whether people read stdout and stderr as they come.
	terminal    bool
	errTerminal bool

	flags  *pflag.FlagSet // those that every command has
	loaded *config.Config
	from   config.Provenance
}

// config returns the configuration, loaded at the first call, so that commands that need none run with a broken one.
// Warnings go to stderr, once. Errors: *config.Error.
func (p *program) config() (*config.Config, error) {
	if p.loaded != nil {
		return p.loaded, nil
	}
	cfg, from, err := config.Load(p.sources(), configChecks...)
	if err != nil {
		return nil, err
	}
	for _, warning := range from.Warnings {
		fmt.Fprintln(p.stderr, "monolith: warning:", warning)
	}
	p.loaded, p.from = cfg, from
	return cfg, nil
}

// provenance returns where the values of config came from. It is empty before config was called.
func (p *program) provenance() config.Provenance { return p.from }

func (p *program) sources() config.Sources {
	src := config.Sources{Environ: p.environ, Flags: map[string]string{}}
	p.flags.VisitAll(func(flag *pflag.Flag) {
		switch {
		case !flag.Changed: // Visit would not do: it is each command's own set that is parsed
		case flag.Name == fileFlag:
			src.File = flag.Value.String()
		default:
			src.Flags[flag.Name] = flag.Value.String()
		}
	})
	return src
}

// logOutput is where the log of a command goes: stderr, so that stdout stays the command's answer.
func (p *program) logOutput() log.Output {
	return log.Output{Writer: p.stderr, Terminal: p.errTerminal, Color: p.errTerminal && p.mayColor()}
}

// color reports whether the answer on stdout may be coloured.
func (p *program) color() bool { return p.terminal && p.mayColor() }

// mayColor honours NO_COLOR (https://no-color.org) and terminals that know no colour.
func (p *program) mayColor() bool {
	return !slices.ContainsFunc(p.environ, func(entry string) bool {
		name, value, _ := strings.Cut(entry, "=")
		return name == "NO_COLOR" && value != "" || name == "TERM" && value == "dumb"
	})
}

// jsonFlag gives cmd the flag --json.
func jsonFlag(cmd *cobra.Command) *bool {
	return cmd.Flags().Bool("json", false, "answer in JSON, for programs")
}

// writeJSON writes v to stdout, indented. Errors: those of encoding and writing.
func (p *program) writeJSON(v any) error {
	encoder := json.NewEncoder(p.stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
