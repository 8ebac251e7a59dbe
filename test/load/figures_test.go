package load_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

func TestSpread(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rounds []float64
		want   load.Spread
	}{
		"one round":            {[]float64{2}, load.Spread{Median: 2, Min: 2, Max: 2}},
		"an odd number":        {[]float64{3, 1, 2}, load.Spread{Median: 2, Min: 1, Max: 3}},
		"an even number":       {[]float64{4, 1, 2, 3}, load.Spread{Median: 2.5, Min: 1, Max: 4}},
		"four digits are kept": {[]float64{12345.6}, load.Spread{Median: 12350, Min: 12350, Max: 12350}},
		"of small ones, too":   {[]float64{0.00123456}, load.Spread{Median: 0.001235, Min: 0.001235, Max: 0.001235}},
		"nothing":              {[]float64{0}, load.Spread{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, load.SpreadOf(c.rounds))
		})
	}
}

func TestARatioIsThatOfEachRound(t *testing.T) {
	t.Parallel()
	r, err := load.NewRatio("hot_128", "bids/s", []float64{100, 90, 120}, []float64{1, 3, 2}, load.Origin{Rounds: 3}, nil)
	require.NoError(t, err)
	require.Equal(t, load.Spread{Median: 60, Min: 30, Max: 100}, r.Spread)
	require.InDelta(t, 40, r.Must, 0)
	require.True(t, r.Holds)
}

func TestWhatAGoalAsksFor(t *testing.T) {
	t.Parallel()
	for key, c := range map[string]struct {
		ratio        float64
		holds, aimed bool
	}{
		"hot_128": {39.9, false, false}, "hot_best": {8, true, false}, "uniform_128": {6, true, true},
		"cpu_uniform_32": {0.36, false, false}, "cpu_long_listing": {1.3, true, false}, "hot_p99": {0.01, true, true},
	} {
		goal, known := load.GoalOf(key)
		require.True(t, known)
		require.Equal(t, c.holds, goal.Reached(c.ratio), key)
		require.Equal(t, c.aimed, goal.Aimed(c.ratio), key)
	}
	_, known := load.GoalOf("hot_129")
	require.False(t, known)
}

func TestRatiosThatCannotBe(t *testing.T) {
	t.Parallel()
	_, err := load.NewRatio("hot_129", "bids/s", []float64{1}, []float64{1}, load.Origin{}, nil)
	require.ErrorContains(t, err, "hot_129")
	_, err = load.NewRatio("hot_128", "bids/s", []float64{1, 2}, []float64{1}, load.Origin{}, nil)
	require.ErrorContains(t, err, "2 rounds of the engine and 1 of the floor")
	_, err = load.NewRatio("hot_128", "bids/s", nil, nil, load.Origin{}, nil)
	require.Error(t, err)
}

func TestAReportKeepsWhatOtherRunsMeasured(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.json")
	report, err := load.ReadReport(path)
	require.NoError(t, err)
	ratio := func(key string, of float64) map[string]load.Ratio {
		r, err := load.NewRatio(key, "bids/s", []float64{of}, []float64{1}, load.Origin{Commit: "abc", Rounds: 1}, nil)
		require.NoError(t, err)
		return map[string]load.Ratio{key: r}
	}
	report.Merge(load.Report{Ratios: ratio("hot_128", 50), Costs: &load.Costs{Stores: []string{"memory"}}})
	report.Merge(load.Report{Ratios: ratio("hot_best", 9), Runs: map[string]load.Run{"hot/memory/1": {Scenario: "hot"}}})
	text, err := report.JSON()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text, 0o600))

	again, err := load.ReadReport(path)
	require.NoError(t, err)
	require.Equal(t, report, again)
	require.Len(t, again.Ratios, 2)
	require.Equal(t, []string{"memory"}, again.Costs.Stores)

	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	_, err = load.ReadReport(path)
	require.ErrorContains(t, err, path)
}
