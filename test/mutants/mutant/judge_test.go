package mutant_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/mutants/mutant"
)

var (
	fixture = filepath.Join("testdata", "fixture")
	patches = filepath.Join("testdata", "patches")
)

func TestJudgeTellsTheGoodPatchFromTheOthers(t *testing.T) {
	t.Parallel()
	read, err := mutant.Read(patches)
	require.NoError(t, err)
	before, err := os.ReadFile(filepath.Join(fixture, "price", "price.go"))
	require.NoError(t, err)

	var steps []string
	reports, err := mutant.Judge(t.Context(), fixture, read, 2, func(line string) { steps = append(steps, line) })
	require.NoError(t, err)

	got := make(map[string]mutant.Verdict)
	for _, report := range reports {
		got[report.Patch.Name] = report.Verdict
	}
	require.Empty(t, cmp.Diff(map[string]mutant.Verdict{
		"killed":          mutant.Killed,
		"killed-by-panic": mutant.Killed,
		"survivor":        mutant.Survived,
		"wrong-test":      mutant.Survived,
		"not-compiling":   mutant.DoesNotCompile,
		"not-vetting":     mutant.DoesNotCompile,
		"not-applying":    mutant.DoesNotApply,
		"no-such-test":    mutant.NoSuchTest,
		"no-such-subtest": mutant.NoSuchTest,
		"fails-anyway":    mutant.FailsAnyway,
	}, got))
	require.Len(t, steps, len(read))

	after, err := os.ReadFile(filepath.Join(fixture, "price", "price.go"))
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "the tree itself must not be touched")
}

func TestJudgeStopsWhenTold(t *testing.T) {
	t.Parallel()
	read, err := mutant.Read(patches, "killed")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())

	reports, err := mutant.Judge(ctx, fixture, read, 2, func(string) { stop() })
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, reports)
}
