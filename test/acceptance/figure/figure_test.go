package figure_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/acceptance/figure"
)

func shell(script string, figures ...figure.Figure) figure.Step {
	return figure.Step{Name: "shell", Command: []string{"sh", "-c", script}, Env: []string{"TEST_WORD=hello"}, Figures: figures}
}

func TestMeasureReadsAndCompares(t *testing.T) {
	t.Parallel()
	var shown []string
	step := shell(`echo '{"bids": 8728, "refused": {"a": 4, "b": 50}, "differing": [1, 2]}'; echo "$TEST_WORD 7 kills, 8 kills" >&2`,
		figure.Figure{Name: "number", Want: "8728", Read: figure.Field("bids")},
		figure.Figure{Name: "sum", Want: "54", Read: figure.Field("refused")},
		figure.Figure{Name: "length", Want: "3", Read: figure.Field("differing")},
		figure.Figure{Name: "first", Want: "7", Read: figure.Match(`hello (\d+) kills`)},
		figure.Figure{Name: "total", Want: "15", Read: figure.Total(`(\d+) kills`)},
		figure.Figure{Name: "count", Want: "2", Read: figure.Count(`kills`)},
		figure.Figure{Name: "absent", Want: "1", Read: figure.Field("absent")},
		figure.Figure{Name: "unmatched", Want: "1", Read: figure.Match(`(x)yz`)},
		figure.Figure{Name: "ended", Want: "passed", Read: figure.Passed},
	)
	rows := step.Measure(t.Context(), t.TempDir(), func(line string) { shown = append(shown, line) })

	holds := map[string]bool{}
	for _, row := range rows {
		holds[row.Figure] = row.Holds
	}
	require.Equal(t, map[string]bool{
		"number": true, "sum": true, "length": false, "first": true, "total": true, "count": true,
		"absent": false, "unmatched": false, "ended": true,
	}, holds)
	require.Equal(t, "2", rows[2].Got)
	require.Contains(t, shown, "hello 7 kills, 8 kills")
}

func TestACommandThatFailsFailsItsFigures(t *testing.T) {
	t.Parallel()
	step := shell(`echo '{"bids": 8728}'; exit 3`, figure.Figure{Name: "bids", Want: "8728", Read: figure.Field("bids")})
	require.Equal(t, []figure.Row{{Step: "shell", Figure: "bids", Want: "8728", Got: "exit status 3"}},
		step.Measure(t.Context(), t.TempDir(), func(string) {}))
}

func TestACommandThatIsNotThereFailsItsFigures(t *testing.T) {
	t.Parallel()
	step := figure.Step{Name: "none", Command: []string{"no-such-command"}, Figures: []figure.Figure{{Name: "ended", Read: figure.Passed}}}
	rows := step.Measure(t.Context(), t.TempDir(), func(string) {})
	require.False(t, rows[0].Holds)
	require.Contains(t, rows[0].Got, "no-such-command")
}

func TestAnInterruptedStepHoldsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rows := shell("true", figure.Figure{Name: "ended", Want: "passed", Read: figure.Passed}).Measure(ctx, t.TempDir(), func(string) {})
	require.False(t, rows[0].Holds)
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		holds func(string) (bool, error)
		got   string
		want  bool
	}{
		"below the least":       {figure.AtLeast(20), "19", false},
		"exactly the least":     {figure.AtLeast(20), "20", true},
		"below the range":       {figure.Between(0.9, 1.1), "0.899", false},
		"the range's beginning": {figure.Between(0.9, 1.1), "0.9", true},
		"the range's end":       {figure.Between(0.9, 1.1), "1.1", true},
		"above the range":       {figure.Between(0.9, 1.1), "1.101", false},
		"exactly in time":       {figure.Within(10 * time.Minute), "10m0s", true},
		"a second late":         {figure.Within(10 * time.Minute), "10m1s", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holds, err := c.holds(c.got)
			require.NoError(t, err)
			require.Equal(t, c.want, holds)
		})
	}
	_, err := figure.AtLeast(1)("many")
	require.Error(t, err)
	_, err = figure.Within(time.Minute)("soon")
	require.Error(t, err)
}

func TestPrintSaysWhetherAllHold(t *testing.T) {
	t.Parallel()
	rows := []figure.Row{{Step: "replay", Figure: "bids", Want: "8728", Got: "8728", Holds: true}}
	text := new(bytes.Buffer)
	all, err := figure.Print(text, rows)
	require.NoError(t, err)
	require.True(t, all)
	require.Equal(t, "FIGURE        WANTED  GOT   HOLDS\nreplay: bids  8728    8728  yes\n", text.String())

	all, err = figure.Print(text, append(rows, figure.Row{Step: "replay", Figure: "exact", Want: "477", Got: "476"}))
	require.NoError(t, err)
	require.False(t, all)

	all, err = figure.Print(text, nil)
	require.NoError(t, err)
	require.False(t, all, "nothing measured is nothing that holds")
}
