package gather_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db/gather"
)

// table is what is asked for: the square of every number below 100. Its queries wait to be let go.
type table struct {
	mu      sync.Mutex
	queries [][]int
	release chan struct{}
	fails   error
}

func newTable() *table { return &table{release: make(chan struct{})} }

func (q *table) find(ctx context.Context, keys []int) (map[int]int, error) {
	q.mu.Lock()
	q.queries = append(q.queries, slices.Clone(keys))
	q.mu.Unlock()
	select {
	case <-q.release:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	found := map[int]int{}
	for _, key := range keys {
		if key < 0 {
			panic("there are no negative keys")
		}
		if key < 100 {
			found[key] = key * key
		}
	}
	return found, q.fails
}

// asked returns the queries so far.
func (q *table) asked() [][]int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.queries)
}

type answer struct {
	value int
	found bool
	err   error
}

// get asks in a goroutine.
func get(ctx context.Context, rows *gather.Rows[int, int], key int) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if recover() != nil {
				a.err = errPanicked
			}
			answers <- a
		}()
		a.value, a.found, a.err = rows.Get(ctx, key)
	}()
	return answers
}

var (
	errPanicked = errors.New("panicked")
	errFails    = errors.New("the store is gone")
	errLeft     = errors.New("left")
)

// busy returns rows with one query under way, for 1, and as many keys waiting.
func busy(t *testing.T, q *table, keys ...int) (rows *gather.Rows[int, int], answers []<-chan answer) {
	t.Helper()
	rows = gather.New(1, q.find)
	answers = append(answers, get(t.Context(), rows, 1))
	for len(q.asked()) == 0 {
		runtime.Gosched()
	}
	for i, key := range keys {
		answers = append(answers, get(t.Context(), rows, key))
		for gather.Waiting(rows) <= i {
			runtime.Gosched()
		}
	}
	return rows, answers
}

func TestWhoComesMeanwhileIsAskedForTogether(t *testing.T) {
	t.Parallel()
	q := newTable()
	_, answers := busy(t, q, 2, 3, 2, 100)
	close(q.release)
	for i, want := range []answer{{1, true, nil}, {4, true, nil}, {9, true, nil}, {4, true, nil}, {0, false, nil}} {
		require.Equal(t, want, <-answers[i])
	}
	require.Equal(t, [][]int{{1}, {2, 3, 100}}, q.asked())
}

func TestNobodyIsToldWhatWasReadBeforeHeAsked(t *testing.T) {
	t.Parallel()
	q := newTable()
	_, answers := busy(t, q, 1)
	close(q.release)
	<-answers[0]
	<-answers[1]
	require.Equal(t, [][]int{{1}, {1}}, q.asked())
}

func TestAsManyQueriesAsMayAreUnderWay(t *testing.T) {
	t.Parallel()
	q := newTable()
	rows := gather.New(3, q.find)
	var answers []<-chan answer
	for key := range 3 {
		answers = append(answers, get(t.Context(), rows, key))
	}
	for len(q.asked()) < 3 {
		runtime.Gosched()
	}
	answers = append(answers, get(t.Context(), rows, 4), get(t.Context(), rows, 5))
	for gather.Waiting(rows) < 2 {
		runtime.Gosched()
	}
	require.Len(t, q.asked(), 3)
	close(q.release)
	for _, a := range answers {
		require.True(t, (<-a).found)
	}
	require.Len(t, q.asked(), 4)
}

func TestAQueryHasNoMoreKeysThanItMay(t *testing.T) {
	t.Parallel()
	q := newTable()
	keys := make([]int, 300)
	for i := range keys {
		keys[i] = i
	}
	_, answers := busy(t, q, keys...)
	close(q.release)
	for _, a := range answers {
		require.NoError(t, (<-a).err)
	}
	require.Len(t, q.asked(), 3)
	require.Len(t, q.asked()[1], 256)
}

func TestWhoLeavesWhileHeWaitsIsNotAskedFor(t *testing.T) {
	t.Parallel()
	q := newTable()
	rows, answers := busy(t, q)
	ctx, leave := context.WithCancelCause(t.Context())
	leaver := get(ctx, rows, 2)
	for gather.Waiting(rows) < 1 {
		runtime.Gosched()
	}
	leave(errLeft)
	require.ErrorIs(t, (<-leaver).err, errLeft)
	close(q.release)
	<-answers[0]
	require.Equal(t, [][]int{{1}}, q.asked())
}

// TestTheOthersGoOnWithoutTheFirst has him leave for whom and in whose goroutine the query of all is asked.
func TestTheOthersGoOnWithoutTheFirst(t *testing.T) {
	t.Parallel()
	q := newTable()
	rows, answers := busy(t, q)
	ctx, leave := context.WithCancelCause(t.Context())
	get(ctx, rows, 2)
	for gather.Waiting(rows) < 1 {
		runtime.Gosched()
	}
	stayer := get(t.Context(), rows, 3)
	for gather.Waiting(rows) < 2 {
		runtime.Gosched()
	}
	q.release <- struct{}{}
	<-answers[0]
	for len(q.asked()) < 2 {
		runtime.Gosched()
	}
	leave(errLeft)
	close(q.release)
	require.Equal(t, answer{9, true, nil}, <-stayer)
}

func TestWhoAsksAloneTakesHisQueryWithHim(t *testing.T) {
	t.Parallel()
	q := newTable()
	ctx, leave := context.WithCancelCause(t.Context())
	answers := get(ctx, gather.New(1, q.find), 1)
	for len(q.asked()) == 0 {
		runtime.Gosched()
	}
	leave(errLeft)
	require.ErrorIs(t, (<-answers).err, errLeft)
}

func TestAnErrorIsEverybodys(t *testing.T) {
	t.Parallel()
	q := newTable()
	q.fails = errFails
	_, answers := busy(t, q, 2, 3)
	close(q.release)
	for _, a := range answers {
		require.ErrorIs(t, (<-a).err, errFails)
	}
}

func TestAPanicStopsNobody(t *testing.T) {
	t.Parallel()
	q := newTable()
	rows, answers := busy(t, q, -1, 2)
	close(q.release)
	require.NoError(t, (<-answers[0]).err)
	require.ErrorIs(t, (<-answers[1]).err, errPanicked)
	require.ErrorContains(t, (<-answers[2]).err, "panicked")
	require.Equal(t, answer{9, true, nil}, <-get(t.Context(), rows, 3), "afterwards it goes on")
}
