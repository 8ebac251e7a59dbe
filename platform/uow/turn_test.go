package uow

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// halves is a queue whose units pass at once, and are then flushed until they are let go.
type halves struct {
	*counted
	mu     sync.Mutex
	before []bool // whether another unit was being flushed when this one was computed
}

func newHalves(most int) *halves {
	h := &halves{counted: newCounted(most)}
	h.together = func(ctx context.Context, t *turn, commands []Command) []error {
		u := &unit{turn: t, committed: true}
		h.mu.Lock()
		h.sizes = append(h.sizes, len(commands))
		h.before = append(h.before, len(t.before) > 0)
		h.mu.Unlock()
		for _, before := range t.before {
			u.buildOn(before)
		}
		if err := u.awaitFoundation(ctx); err != nil {
			return repeat(err, len(commands))
		}
		u.pass()
		<-h.release
		return make([]error, len(commands))
	}
	return h
}

// computed returns how many units were computed.
func (h *halves) computed() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sizes)
}

func (h *halves) awaitComputed(n int) {
	for h.computed() < n {
		runtime.Gosched()
	}
}

// come lets so many callers come one after the other, while a unit is under way.
func (h *halves) come(t *testing.T, n int) []<-chan error {
	t.Helper()
	outcomes := make([]<-chan error, n)
	for i := range outcomes {
		outcome := make(chan error, 1)
		before := h.there()
		go func() { outcome <- h.do(t.Context(), Command{Run: succeed}) }()
		for h.there() == before {
			runtime.Gosched()
		}
		outcomes[i] = outcome
	}
	return outcomes
}

// there returns how many callers there are, whether they wait or are worked for.
func (h *halves) there() int {
	h.queue.mu.Lock()
	defer h.queue.mu.Unlock()
	n := len(h.waiting)
	for _, t := range append(slices.Clone(h.flushing), h.computing) {
		if t != nil {
			n += len(t.callers)
		}
	}
	return n
}

func (h *halves) letGo(t *testing.T, outcomes []<-chan error) {
	t.Helper()
	close(h.release)
	for _, outcome := range outcomes {
		require.NoError(t, <-outcome)
	}
}

func TestHalfIsComputedAhead(t *testing.T) {
	t.Parallel()
	h := newHalves(512)
	outcomes := h.come(t, 1+4*ahead)
	h.awaitComputed(2)
	h.letGo(t, outcomes)
	require.Equal(t, []int{1, ahead}, h.sizes[:2], "as soon as there are so many")
	require.Equal(t, 2*ahead, h.sizes[2], "half of those that wait and are flushed")
	require.Equal(t, []bool{false, true}, h.before[:2])
}

func TestFewAreNotComputedAhead(t *testing.T) {
	t.Parallel()
	h := newHalves(512)
	outcomes := h.come(t, ahead) // one that is flushed, and one too few
	h.letGo(t, outcomes)
	require.Equal(t, []int{1, ahead - 1}, h.sizes)
	require.Equal(t, []bool{false, false}, h.before)
}

func TestAUnitWaitsForThoseThatItBuildsOn(t *testing.T) {
	t.Parallel()
	one := &turn{ended: make(chan struct{}), computed: &unit{}}
	two := &turn{ended: make(chan struct{}), computed: &unit{}}
	u := &unit{turn: &turn{before: []*turn{one, two}}}
	inUnit := u.in(t.Context())
	brief := func(ctx context.Context) context.Context {
		ctx, cancel := context.WithTimeoutCause(ctx, time.Millisecond, ErrBusy)
		t.Cleanup(cancel)
		return ctx
	}
	require.NoError(t, u.awaitFoundation(t.Context()), "it uses nothing of others")
	require.ErrorIs(t, AwaitTurn(brief(inUnit)), ErrBusy, "but it may not lock")
	u.buildOn(two)
	require.ErrorIs(t, u.awaitFoundation(brief(t.Context())), ErrBusy)
	close(two.ended)
	require.ErrorIs(t, u.awaitFoundation(t.Context()), ErrConflict, "it has ended without having committed")
	two.computed.committed = true
	require.NoError(t, u.awaitFoundation(t.Context()))
	require.ErrorIs(t, AwaitTurn(brief(inUnit)), ErrBusy)
	close(one.ended)
	require.NoError(t, AwaitTurn(inUnit), "whatever became of what it does not use")
}

func TestOutsideOfUnitsThereIsNoTurn(t *testing.T) {
	t.Parallel()
	require.NoError(t, AwaitTurn(t.Context()))
}
