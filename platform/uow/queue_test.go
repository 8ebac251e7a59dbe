package uow

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// counted is a queue whose units take note of how many commands they had, and wait to be let go.
type counted struct {
	queue
	sizes   []int
	release chan struct{}
}

func newCounted(most int) *counted {
	c := &counted{release: make(chan struct{})}
	c.queue = queue{most: most, together: func(ctx context.Context, _ *turn, commands []Command) []error {
		c.sizes = append(c.sizes, len(commands))
		<-c.release
		outcomes := make([]error, len(commands))
		for i, command := range commands {
			outcomes[i] = command.Run(ctx)
		}
		return outcomes
	}}
	return c
}

// call calls in a goroutine, and returns when the call is at work or waits as the nth.
func (c *counted) call(ctx context.Context, nth int, run func(context.Context) error) <-chan error {
	outcome := make(chan error, 1)
	go func() { outcome <- c.do(ctx, Command{Run: run}) }()
	for {
		c.mu.Lock()
		there := c.computing != nil && len(c.waiting) >= nth
		c.mu.Unlock()
		if there {
			return outcome
		}
		runtime.Gosched()
	}
}

func succeed(context.Context) error { return nil }

var errNo = errors.New("no")

func TestWhoComesDuringAUnitSharesTheNext(t *testing.T) {
	t.Parallel()
	c := newCounted(512)
	outcomes := []<-chan error{c.call(t.Context(), 0, succeed)}
	for i := range 5 {
		outcomes = append(outcomes, c.call(t.Context(), i+1, func(context.Context) error {
			if i == 2 {
				return errNo
			}
			return nil
		}))
	}
	close(c.release)
	for i, outcome := range outcomes {
		require.Equal(t, i == 3, <-outcome != nil, i)
	}
	require.Equal(t, []int{1, 5}, c.sizes)
	require.NoError(t, c.do(t.Context(), Command{Run: succeed}), "afterwards nobody is at work")
	require.Equal(t, []int{1, 5, 1}, c.sizes)
}

func TestAUnitHasNoMoreCommandsThanItMay(t *testing.T) {
	t.Parallel()
	c := newCounted(2)
	outcomes := []<-chan error{c.call(t.Context(), 0, succeed)}
	for i := range 5 {
		outcomes = append(outcomes, c.call(t.Context(), i+1, succeed))
	}
	close(c.release)
	for _, outcome := range outcomes {
		require.NoError(t, <-outcome)
	}
	require.Equal(t, []int{1, 2, 2, 1}, c.sizes)
}

func TestWhoLeavesWhileHeWaitsIsNotWorkedFor(t *testing.T) {
	t.Parallel()
	c := newCounted(512)
	first := c.call(t.Context(), 0, succeed)
	ctx, leave := context.WithCancelCause(t.Context())
	leaver := c.call(ctx, 1, func(context.Context) error { panic("it was worked for") })
	stayer := c.call(t.Context(), 2, succeed)
	leave(errNo)
	require.ErrorIs(t, <-leaver, errNo)
	close(c.release)
	require.NoError(t, <-first)
	require.NoError(t, <-stayer)
	require.Equal(t, []int{1, 1}, c.sizes)
}

func TestWhoLeavesDuringHisUnitFailsAlone(t *testing.T) {
	t.Parallel()
	c := newCounted(512)
	first := c.call(t.Context(), 0, succeed)
	ctx, leave := context.WithCancelCause(t.Context())
	leaver := c.call(ctx, 1, func(ctx context.Context) error {
		leave(errNo)
		return ctx.Err() // which the end of the caller's context does not touch
	})
	stayer := c.call(t.Context(), 2, succeed)
	close(c.release)
	require.NoError(t, <-first)
	require.ErrorIs(t, <-leaver, errNo)
	require.NoError(t, <-stayer)
	require.Equal(t, []int{1, 2}, c.sizes)
}

// TestWhoeverWorkedIsGone has the goroutine that works for two others end in the middle: what became of their commands
// nobody knows, and whoever comes next is worked for.
func TestWhoeverWorkedIsGone(t *testing.T) {
	t.Parallel()
	c := newCounted(512)
	together := c.together
	c.together = func(ctx context.Context, t *turn, commands []Command) []error {
		if len(commands) > 1 {
			runtime.Goexit()
		}
		return together(ctx, t, commands)
	}
	first := c.call(t.Context(), 0, succeed)
	c.call(t.Context(), 1, succeed)
	second, third := c.call(t.Context(), 2, succeed), c.call(t.Context(), 3, succeed)
	close(c.release)
	require.NoError(t, <-first)
	require.ErrorIs(t, <-second, ErrOutcomeUnknown)
	require.ErrorIs(t, <-third, ErrOutcomeUnknown)
	require.NoError(t, c.do(t.Context(), Command{Run: succeed}))
	require.Equal(t, []int{1, 1}, c.sizes)
}

func TestACommandSeesTheValuesOfItsCallersContext(t *testing.T) {
	t.Parallel()
	c := newCounted(512)
	outcomes := []<-chan error{c.call(t.Context(), 0, succeed)}
	type key struct{}
	for i := range 3 {
		outcomes = append(outcomes, c.call(context.WithValue(t.Context(), key{}, i), i+1, func(ctx context.Context) error {
			if ctx.Value(key{}) != i {
				return errNo
			}
			return nil
		}))
	}
	close(c.release)
	for _, outcome := range outcomes {
		require.NoError(t, <-outcome)
	}
	require.Equal(t, []int{1, 3}, c.sizes)
}
