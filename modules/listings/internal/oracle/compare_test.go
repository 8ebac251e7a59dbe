package oracle_test

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

// TestDomainKeepsTheRules plays random histories against the product's domain, event by event. TEST_HISTORIES says how
// many (10,000 unless it is set), TEST_HISTORIES_SEED which (1 unless it is set).
func TestDomainKeepsTheRules(t *testing.T) {
	t.Parallel()

	count, seed := number(t, "TEST_HISTORIES", 10_000), number(t, "TEST_HISTORIES_SEED", 1)
	total, found := playAll(seed, count, newMarket)
	if found != nil {
		require.FailNow(t, "shrunk", "%v", oracle.Shrink(found.History, newMarket))
	}
	t.Log(total.String())
	require.EqualValues(t, count, total.Histories)
	for _, mark := range oracle.Required() {
		require.GreaterOrEqual(t, total.Share(mark), 0.1, mark)
	}
}

// playAll plays the histories of a seed, on all processors, each against a fresh subject, until one shows a disagreement.
func playAll(seed, count uint64, fresh func() oracle.Subject) (oracle.Tally, *oracle.Disagreement) {
	var (
		next  atomic.Uint64
		mu    sync.Mutex
		total oracle.Tally
		first *oracle.Disagreement
		work  sync.WaitGroup
	)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			var tally oracle.Tally
			for index := next.Add(1) - 1; index < count; index = next.Add(1) - 1 {
				history := oracle.Generate(seed, index)
				marks, found := oracle.Play(history, fresh())
				if found != nil {
					next.Store(count)
					mu.Lock()
					first = found
					mu.Unlock()
					break
				}
				tally.Count(history, marks)
			}
			mu.Lock()
			defer mu.Unlock()
			total.Add(tally)
		})
	}
	work.Wait()
	return total, first
}

// number reads a positive number from the environment.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	value, err := strconv.ParseUint(text, 10, 63)
	require.NoError(t, err, name)
	require.Positive(t, value, name)
	return value
}
