package app_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestWhatWentWrongIsToldInTheOrderOfTheIDs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 20 {
		h.saleNews.broken[h.buy(uuid.New(), uuid.New())] = errors.New("broken")
	}
	h.deliver()
	h.clock.Advance(5 * oneDay)
	lines := strings.Split(h.keepSales.Do(t.Context()).Error(), "\n")
	require.Len(t, lines, 20)
	require.IsIncreasing(t, lines)
}
