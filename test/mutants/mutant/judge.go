package mutant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Verdict is what became of a patch. Only Killed is good.
type Verdict string

// The verdicts, in the order in which they are looked for.
const (
	NoSuchTest     Verdict = "no such test"     // the named test does not exist, or none of it ran
	FailsAnyway    Verdict = "fails anyway"     // the test fails without the patch, so its failing with it says nothing
	DoesNotApply   Verdict = "does not apply"   // the code has moved on from the patch
	DoesNotCompile Verdict = "does not compile" // the compiler notices, or vet: that is no proof of a test
	Survived       Verdict = "SURVIVED"         // the code is broken and the test passes
	Killed         Verdict = "killed"           // the test fails, as it must
)

// Report is the verdict on a patch, with what the command that decided it printed.
type Report struct {
	Patch   Patch
	Verdict Verdict
	Output  string
}

// Judge tries the patches, some at once, each on a copy of the tree at root, which stays as it is. It tells progress a
// line about each patch, one after the other. The reports are in the order of the patches. Errors: what kept it from
// judging at all (a copy that cannot be made or mended, ctx done); bad patches are verdicts.
func Judge(ctx context.Context, root string, patches []Patch, atOnce int, progress func(line string)) ([]Report, error) {
	reports := make([]Report, len(patches))
	healthy := healthyTests{known: map[string]func() Report{}}
	next := make(chan int)
	judges, ctx := errgroup.WithContext(ctx)
	for range min(atOnce, len(patches)) {
		judges.Go(func() error { return judgeEach(ctx, root, patches, next, &healthy, reports) })
	}
	judges.Go(func() error {
		defer close(next)
		for i, patch := range patches {
			select {
			case next <- i:
				progress(fmt.Sprintf("[%d/%d] %s", i+1, len(patches), patch.Name))
			case <-ctx.Done():
				return fmt.Errorf("judge %s: %w", patch.Name, ctx.Err())
			}
		}
		return nil
	})
	if err := judges.Wait(); err != nil {
		return nil, err
	}
	return reports, nil
}

// judgeEach tries the patches whose numbers come, on one copy of the tree.
func judgeEach(ctx context.Context, root string, patches []Patch, next <-chan int, healthy *healthyTests, reports []Report) (err error) {
	copied, err := copyTree(root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copied.remove()) }()

	for i := range next {
		patch := patches[i]
		report := healthy.judge(ctx, copied, patch)
		if report.Verdict == "" {
			if report, err = copied.judgeBroken(ctx, patch); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("judge %s: %w", patch.Name, err)
		}
		reports[i] = report
	}
	return nil
}

// healthyTests are the tests that were run on a copy of the healthy tree: once each, however many patches name them.
type healthyTests struct {
	mu    sync.Mutex
	known map[string]func() Report
}

// judge returns what judgeHealthy says of the patch's test.
func (h *healthyTests) judge(ctx context.Context, copied *tree, patch Patch) Report {
	test := patch.Package + " " + patch.Run
	h.mu.Lock()
	once, ok := h.known[test]
	if !ok {
		once = sync.OnceValue(func() Report { return copied.judgeHealthy(ctx, patch) })
		h.known[test] = once
	}
	h.mu.Unlock()
	report := once()
	report.Patch = patch
	return report
}

// judgeHealthy runs the patch's test on the healthy copy. The verdict is empty if it exists and passes.
func (t *tree) judgeHealthy(ctx context.Context, patch Patch) Report {
	outcome := t.test(ctx, patch)
	report := Report{Patch: patch, Output: outcome.output}
	switch {
	case outcome.ran == 0 && !outcome.failed:
		report.Verdict = NoSuchTest
	case outcome.failed:
		report.Verdict = FailsAnyway
	}
	return report
}

// judgeBroken applies the patch, looks whether its test notices, and mends the copy again.
func (t *tree) judgeBroken(ctx context.Context, patch Patch) (report Report, err error) {
	if output, err := t.apply(ctx, patch); err != nil {
		return Report{Patch: patch, Verdict: DoesNotApply, Output: output}, nil
	}
	defer func() {
		// Not under ctx: a copy left broken would spoil the verdicts after this one.
		if output, mendErr := t.apply(context.WithoutCancel(ctx), patch, "--reverse"); mendErr != nil {
			err = errors.Join(err, fmt.Errorf("take back %s: %w: %s", patch.Name, mendErr, output))
		}
	}()

	// Only what the patch changes is vetted: vet looks at one package at a time, and the compiler at all that use it.
	for _, command := range [][]string{{"build", "./..."}, append([]string{"vet"}, patch.Changes...)} {
		if output, err := t.run(ctx, "go", command...); err != nil {
			return Report{Patch: patch, Verdict: DoesNotCompile, Output: output}, nil
		}
	}
	outcome := t.test(ctx, patch)
	report = Report{Patch: patch, Verdict: Survived, Output: outcome.output}
	switch {
	case outcome.ran == 0:
		report.Verdict = NoSuchTest
	case outcome.failed:
		report.Verdict = Killed
	}
	return report, nil
}

// outcome is what a run of a patch's test came to.
type outcome struct {
	ran    int // tests run that are as deep as the named one: a parent whose named subtest is missing does not count
	failed bool
	output string
}

// test runs the patch's test, never from the cache.
func (t *tree) test(ctx context.Context, patch Patch) outcome {
	printed, err := t.run(ctx, "go", "test", "-count=1", "-v", "-timeout=5m", "-run="+patch.Run, patch.Package)
	depth := strings.Count(patch.Run, "/")
	result := outcome{failed: err != nil, output: printed}
	for line := range strings.Lines(printed) {
		name, ok := strings.CutPrefix(line, "=== RUN ")
		if ok && strings.Count(name, "/") >= depth {
			result.ran++
		}
	}
	return result
}
