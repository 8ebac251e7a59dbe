package load_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

const draws = 100_000

func counts(s load.Scenario) []int {
	found := make([]int, s.Listings)
	choice := s.NewChoice(1, 0)
	for range draws {
		found[choice.Listing()]++
	}
	return found
}

func TestOneListingIsTheOnlyChoice(t *testing.T) {
	t.Parallel()
	require.Equal(t, []int{draws}, counts(load.Scenario{Listings: 1, Distribution: load.One}))
}

func TestUniformChoicesAreEven(t *testing.T) {
	t.Parallel()
	for _, n := range counts(load.Scenario{Listings: 10, Distribution: load.Uniform}) {
		require.InDelta(t, draws/10, n, draws/100)
	}
}

func TestZipfChoicesFallOff(t *testing.T) {
	t.Parallel()
	found := counts(load.Scenario{Listings: 10, Distribution: load.Zipf})
	for i, n := range found {
		want := float64(found[0]) / math.Pow(float64(i+1), 1.1)
		require.InEpsilon(t, want, n, 0.1, "listing %d", i)
	}
}

func TestTheSameClientDrawsTheSame(t *testing.T) {
	t.Parallel()
	s := load.Scenario{Listings: 1000, Distribution: load.Zipf, Reads: 0.5}
	one, same, other := s.NewChoice(1, 2), s.NewChoice(1, 2), s.NewChoice(1, 3)
	differs := false
	for range 100 {
		listing := one.Listing()
		require.Equal(t, listing, same.Listing())
		differs = differs || listing != other.Listing()
		require.Equal(t, one.Kind(), same.Kind())
	}
	require.True(t, differs)
}

func TestKindsHaveTheirShares(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]load.Scenario{
		"nothing but bids":       {Listings: 1},
		"reads":                  {Listings: 1, Reads: 0.7},
		"refusals":               {Listings: 1, Refusals: 0.3},
		"reads and refusals":     {Listings: 1, Reads: 0.7, Refusals: 0.03},
		"hardly anything but it": {Listings: 1, Reads: 0.99},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := map[load.Kind]float64{}
			choice := s.NewChoice(1, 0)
			for range draws {
				found[choice.Kind()]++
			}
			require.InDelta(t, s.Reads, found[load.Looking]/draws, 0.01)
			require.InDelta(t, s.Refusals, found[load.Refusal]/draws, 0.01)
			require.InDelta(t, 1-s.Reads-s.Refusals, found[load.Bid]/draws, 0.01)
		})
	}
}
