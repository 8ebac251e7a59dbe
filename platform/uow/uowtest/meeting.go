package uowtest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// Waiting says when one unit of work waits for another, which decides how a suite can make two overlap.
type Waiting int

// When units wait.
const (
	// WaitsAtCommit is an adapter whose units meet only when they commit: the later one conflicts.
	WaitsAtCommit Waiting = iota + 1
	// WaitsForRows is an adapter whose units wait for the rows that another has locked or written.
	WaitsForRows
	// WaitsForWriter is an adapter that lets one unit in at a time.
	WaitsForWriter
)

// BothProceed reports whether a second unit can commit while the first is in its function. locked says that they lock
// what they want.
func (w Waiting) BothProceed(locked bool) bool {
	return w == WaitsAtCommit || w == WaitsForRows && !locked
}

// RequireRuns fails unless the first of two units that overlapped ran again exactly where the second got past it.
func (w Waiting) RequireRuns(t *testing.T, runs int, locked bool) {
	t.Helper()
	want := 1
	if w.BothProceed(locked) {
		want = 2
	}
	require.Equal(t, want, runs, "runs of the first unit")
}

// Overlap runs first in a unit of work and, when it calls meet for the first time, second in a goroutine, which runs a
// unit of its own. Where the adapter lets both proceed, meet returns when the second is done; else the second waits for
// the first. It fails if the second does, and returns how often first ran and the outcome of its unit, when both are
// done. With hints the first locks.
func Overlap(
	t *testing.T, work *uow.Work, waiting Waiting,
	first func(ctx context.Context, meet func()) error, second func() error, hints ...uow.Hint,
) (runs int, err error) {
	t.Helper()
	done := make(chan error, 1)
	meet := func() {
		if runs > 1 {
			return
		}
		started := make(chan struct{})
		go func() {
			close(started)
			done <- second()
		}()
		<-started
		if waiting.BothProceed(len(hints) > 0) {
			done <- <-done
		}
	}
	err = work.Do(t.Context(), func(ctx context.Context) error {
		runs++
		return first(ctx, meet)
	}, hints...)
	require.NoError(t, <-done, "the second unit")
	return runs, err
}
