// Package figure measures what a project promises: it runs commands, reads figures from what they print and compares
// each with what it should be.
package figure

import (
	"context"
	"fmt"
	"time"
)

// Step is one command and the figures that are read from it.
type Step struct {
	Name    string   // unique; its first words say what kind it is: "replay sqlite, recorded reserves"
	Command []string // run in the repository's root
	Env     []string // added to the environment, as KEY=value
	Figures []Figure
}

// Figure is one promise about what a command prints.
type Figure struct {
	Name  string
	Want  string                         // shown in the table, and compared unless Holds is given
	Read  func(Result) (string, error)   // how it is read
	Holds func(got string) (bool, error) // nil: got must be equal to Want
}

// Result is what a command did.
type Result struct {
	Output  []byte // both streams, in order
	Stdout  []byte
	Code    int // exit status
	Elapsed time.Duration
}

// Row is one line of the table.
type Row struct {
	Step, Figure string
	Want, Got    string
	Holds        bool
}

// Measure runs the step and judges its figures. A command that ends with another status than 0 fails all of them, so
// that no figure is taken from half a run. The output goes to show as it comes.
func (s Step) Measure(ctx context.Context, root string, show func(line string)) []Row {
	result, err := run(ctx, root, s, show)
	if err == nil && result.Code != 0 {
		err = fmt.Errorf("exit status %d", result.Code)
	}
	rows := make([]Row, len(s.Figures))
	for i, f := range s.Figures {
		rows[i] = Row{Step: s.Name, Figure: f.Name, Want: f.Want}
		if err != nil {
			rows[i].Got = err.Error()
			continue
		}
		rows[i].Got, rows[i].Holds = f.judge(result)
	}
	return rows
}

// judge returns what the figure is, or why it cannot be read, and whether it holds.
func (f Figure) judge(result Result) (string, bool) {
	got, err := f.Read(result)
	if err != nil {
		return err.Error(), false
	}
	if f.Holds == nil {
		return got, got == f.Want
	}
	holds, err := f.Holds(got)
	if err != nil {
		return fmt.Sprintf("%s: %v", got, err), false
	}
	return got, holds
}
