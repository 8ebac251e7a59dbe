package oracle_test

import (
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

// TestDomainKeepsTheRules plays random histories against the product's domain, event by event. GAVEL_HISTORIES says how
// many (10,000 unless it is set), GAVEL_HISTORIES_SEED which (1 unless it is set).
func TestDomainKeepsTheRules(t *testing.T) {
	t.Parallel()

	const batches = 16
	count, seed := number(t, "GAVEL_HISTORIES", 10_000), number(t, "GAVEL_HISTORIES_SEED", 1)

	var total oracle.Tally
	t.Run("histories", func(t *testing.T) {
		var mu sync.Mutex
		for batch := range uint64(batches) {
			t.Run(strconv.FormatUint(batch, 10), func(t *testing.T) {
				t.Parallel()
				var tally oracle.Tally
				for index := batch; index < count; index += batches {
					history := oracle.Generate(seed, index)
					marks, found := oracle.Play(history, newMarket())
					if found != nil {
						require.FailNow(t, "shrunk", "%v", oracle.Shrink(history, newMarket))
					}
					tally.Count(history, marks)
				}
				mu.Lock()
				defer mu.Unlock()
				total.Add(tally)
			})
		}
	})

	t.Log(total.String())
	require.EqualValues(t, count, total.Histories)
	for _, mark := range oracle.Required() {
		require.GreaterOrEqual(t, total.Share(mark), 0.1, mark)
	}
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
