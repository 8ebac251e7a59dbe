package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
)

// story counts and prints what happens, a line a step.
type story struct {
	ctx     context.Context // of the whole story: it is as long as the program runs
	out     io.Writer
	verbose bool
	server  *server
	folder  string // everything that the story writes

	steps int
	shown map[refusal]int   // how often each refusal was met
	known map[string]string // ids that the story calls by a name
}

// refusal is a way to be refused.
type refusal struct {
	status int
	code   string
}

// String returns "409 listing_frozen".
func (r refusal) String() string { return fmt.Sprintf("%d %s", r.status, r.code) }

func newStory(ctx context.Context, at setting, folder string, out io.Writer) *story {
	return &story{
		ctx: ctx, out: out, verbose: at.verbose, folder: folder,
		server: &server{setting: at, data: filepath.Join(folder, "data")},
		shown:  map[refusal]int{},
		known:  map[string]string{},
	}
}

// differs ends the story: something was not as it must be. It travels as a panic, from the step to until, so that the
// chapters read as what happens.
type differs struct{ step, what string }

func (d *differs) Error() string { return d.step + ": " + d.what }

// fail ends the story at the step.
func (s *story) fail(step, format string, args ...any) {
	panic(&differs{step: step, what: fmt.Sprintf(format, args...)})
}

// until plays chapters until one of them ends the story. Errors: why it did.
func (s *story) until(chapters ...func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			failed, ok := r.(*differs)
			if !ok {
				panic(r)
			}
			err = failed
		}
	}()
	for _, play := range chapters {
		play()
	}
	return nil
}

// must ends the story unless err is nil.
func (s *story) must(step string, err error) {
	if err != nil {
		s.fail(step, "%v", err)
	}
}

// call tells the story what to call the bearer of an id.
func (s *story) call(id, name string) { s.known[id] = name }

// chapter begins a new part.
func (s *story) chapter(title string) {
	fmt.Fprintf(s.out, "\n%s\n%s\n", title, strings.Repeat("-", len(title)))
}

// remark tells what is no step.
func (s *story) remark(format string, args ...any) {
	fmt.Fprintln(s.out, strings.TrimRight("      "+fmt.Sprintf(format, args...), " "))
}

// step tells what was done and what the answer was.
func (s *story) step(what, answer string) {
	s.steps++
	fmt.Fprintf(s.out, "%4d. %s: %s\n", s.steps, what, answer)
}

// refused tells of a refusal.
func (s *story) refused(what string, r refusal, detail string) {
	s.shown[r]++
	s.step(what, fmt.Sprintf("refused as it must be: %s (%s)", r, detail))
}

// conclude prints what was shown and what not. Errors: refusals that were not shown although they can be.
func (s *story) conclude() error {
	s.chapter("In short")
	refusals := 0
	for _, times := range s.shown {
		refusals += times
	}
	fmt.Fprintf(s.out, "%d steps, all as the rules say. In %d of them somebody was refused, with %d codes:\n", s.steps, refusals, len(s.shown))
	met := make([]refusal, 0, len(s.shown))
	for r := range s.shown {
		met = append(met, r)
	}
	slices.SortFunc(met, func(a, b refusal) int { return strings.Compare(a.String(), b.String()) })
	for _, r := range met {
		fmt.Fprintf(s.out, "  %-32s %d\n", r, s.shown[r])
	}
	var missing []error
	for _, c := range codes {
		switch {
		case c.elsewhere != "":
			fmt.Fprintf(s.out, "not shown here: %s, %s\n", c.refusal, c.elsewhere)
		case s.shown[c.refusal] == 0:
			missing = append(missing, fmt.Errorf("the story never met %s (%s)", c.refusal, http.StatusText(c.status)))
		}
	}
	return errors.Join(missing...)
}
