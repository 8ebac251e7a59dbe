package replay

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// ExampleReport says what came of histories.
type ExampleReport struct {
	// File is the name of their file.
	File string
	// Vectors and Steps count what it holds, Matching the steps that came out as written.
	Vectors, Steps, Matching int
	// Differing is everything that came out otherwise.
	Differing []Mismatch
	// Flaws says which chains do not verify.
	Flaws []error
	// Took is how long it took.
	Took time.Duration
}

// Mismatch is one thing that came out otherwise than written.
type Mismatch struct {
	// Vector is the name of the history.
	Vector string `json:"vector"`
	// Step is the step, from 1; 0 for the outcome.
	Step int `json:"step"`
	// Field is the field of the file; "open" where the listing should be open and is not, or the other way round.
	Field string `json:"field"`
	// Want is what is written, Got what came of it.
	Want any `json:"want"`
	Got  any `json:"got"`
}

// differences collects what differs in a step.
type differences struct {
	vector string
	step   int
	all    []Mismatch
}

// compare notes a difference of two values that == can compare.
func (d *differences) compare(field string, want, got any) {
	if want != got {
		d.all = append(d.all, Mismatch{Vector: d.vector, Step: d.step, Field: field, Want: want, Got: got})
	}
}

// add counts a step and notes its differences.
func (r *ExampleReport) add(found []Mismatch) {
	r.Steps++
	if len(found) == 0 {
		r.Matching++
	}
	r.Differing = append(r.Differing, found...)
}

// Err returns an error if anything came out otherwise than written, or a chain does not verify.
func (r *ExampleReport) Err() error {
	switch {
	case len(r.Flaws) > 0:
		return fmt.Errorf("%d of %d chains do not verify; the first: %w", len(r.Flaws), r.Vectors, r.Flaws[0])
	case len(r.Differing) > 0:
		return fmt.Errorf("%s: %d things come out otherwise than written", r.File, len(r.Differing))
	default:
		return nil
	}
}

// MarshalJSON gives the report the keys that programs rely on. Errors: none.
func (r *ExampleReport) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Vectors   int        `json:"vectors"`
		Steps     int        `json:"steps"`
		Matching  int        `json:"matching"`
		Differing []Mismatch `json:"differing"`
	}{r.Vectors, r.Steps, r.Matching, r.Differing})
}

// WriteText writes the report for people. Errors: what w reports.
func (r *ExampleReport) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, played through the use cases in %.2f s\n\n", r.File, r.Took.Seconds())
	fmt.Fprintf(&b, "  histories   %8s\n", thousands(int64(r.Vectors)))
	fmt.Fprintf(&b, "  steps       %8s\n", thousands(int64(r.Steps)))
	fmt.Fprintf(&b, "  matching    %8s   %s\n", thousands(int64(r.Matching)), percent(r.Matching, r.Steps))
	if len(r.Differing) > 0 {
		b.WriteString("\nWhat came out otherwise than written:\n\n")
		table := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
		fmt.Fprintln(table, "  history\tstep\tfield\twritten\tcame out")
		for _, d := range r.Differing {
			fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", d.Vector, d.where(), d.Field, shown(d.Want), shown(d.Got))
		}
		_ = table.Flush() // a strings.Builder takes everything
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (m Mismatch) where() string {
	if m.Step == 0 {
		return "end"
	}
	return fmt.Sprint(m.Step)
}

// shown writes a value of a history for people.
func shown(value any) string {
	if value == nil {
		return "nobody or nothing"
	}
	return fmt.Sprint(value)
}
