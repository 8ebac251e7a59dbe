package mutant_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/mutants/mutant"
)

const goodPatch = `# Breaks: the tie goes to the later bid
# Test: ./modules/listings/internal/domain -run 'TestPrice/the_earlier_bid_keeps_the_lead'

--- a/modules/listings/internal/domain/price.go
+++ b/modules/listings/internal/domain/price.go
@@ -1 +1 @@
-a
+b
`

func TestReadTakesThePatchesThatAreNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"tie.patch", "other.patch", "README.md"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(goodPatch), 0o600))
	}

	all, err := mutant.Read(dir)
	require.NoError(t, err)
	require.Len(t, all, 2)

	one, err := mutant.Read(dir, "tie")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]mutant.Patch{{
		Name:    "tie",
		Path:    filepath.Join(dir, "tie.patch"),
		Breaks:  "the tie goes to the later bid",
		Package: "./modules/listings/internal/domain",
		Run:     "TestPrice/the_earlier_bid_keeps_the_lead",
		Changes: []string{"./modules/listings/internal/domain"},
	}}, one))

	_, err = mutant.Read(dir, "tie", "tye")
	require.ErrorContains(t, err, "no patch tye")
	_, err = mutant.Read(t.TempDir())
	require.ErrorContains(t, err, "no patches in")
}

func TestReadRefusesAPatchThatProvesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ patch, want string }{
		"without saying what it breaks": {
			patch: "# Test: ./price -run 'TestPrice'\n\n--- a/price.go\n+++ b/price.go\n@@ -1 +1 @@\n-a\n+b\n",
			want:  "# Breaks:",
		},
		"without a test": {
			patch: "# Breaks: the price\n\n--- a/price.go\n+++ b/price.go\n@@ -1 +1 @@\n-a\n+b\n",
			want:  "# Test:",
		},
		"with a test for every package": {
			patch: "# Breaks: the price\n# Test: -run 'TestPrice'\n\n--- a/price.go\n+++ b/price.go\n@@ -1 +1 @@\n-a\n+b\n",
			want:  "# Test:",
		},
		"without a change": {
			patch: "# Breaks: the price\n# Test: ./price -run 'TestPrice'\n",
			want:  "no change",
		},
		"that breaks a test": {
			patch: "# Breaks: the price\n# Test: ./price -run 'TestPrice'\n\n" +
				"--- a/price.go\n+++ b/price.go\n@@ -1 +1 @@\n-a\n+b\n--- a/price_test.go\n+++ b/price_test.go\n@@ -1 +1 @@\n-a\n+b\n",
			want: "price_test.go, and a broken test proves nothing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.patch"), []byte(test.patch), 0o600))
			_, err := mutant.Read(dir)
			require.ErrorContains(t, err, "read the patch bad: ")
			require.ErrorContains(t, err, test.want)
		})
	}
}
