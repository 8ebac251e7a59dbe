package architecture_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/architecture"
)

// repository loads the graph of this repository once for all tests.
var repository = sync.OnceValues(func() (architecture.Graph, error) {
	root := filepath.Join("..", "..")
	if err := readDirectories(root); err != nil {
		return architecture.Graph{}, err
	}
	return architecture.Load(root)
})

// readDirectories opens every directory with code. `go test` repeats a stored result until something that the test
// itself opened has changed, and what go list opens does not count: without this a new file would go unseen.
func readDirectories(root string) error {
	for _, top := range []string{"cmd", "modules", "platform", "test"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(_ string, _ fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("read the directories of %s: %w", top, err)
		}
	}
	return nil
}

func TestRepositoryKeepsEveryRule(t *testing.T) {
	t.Parallel()
	graph, err := repository()
	require.NoError(t, err)

	for _, rule := range architecture.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			for _, violation := range rule.Check(graph) {
				t.Error(violation.Text)
			}
		})
	}
}

// A rule whose patterns select nothing, after a directory was renamed for example, would pass for ever.
func TestEveryRuleLooksAtSomething(t *testing.T) {
	t.Parallel()
	graph, err := repository()
	require.NoError(t, err)

	for _, rule := range architecture.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			files, imports := 0, 0
			for _, file := range graph.Files {
				if _, ok := rule.Applies(file); ok {
					files++
					imports += len(file.Imports)
				}
			}
			require.Positive(t, files, "the rule selects no file of the repository")
			require.Positive(t, imports, "the files that the rule selects import nothing")
		})
	}
}

func TestNamesSayWhatIsInside(t *testing.T) {
	t.Parallel()
	graph, err := repository()
	require.NoError(t, err)
	require.Empty(t, architecture.VagueNames(graph))
}

func TestModulesCallInOneDirection(t *testing.T) {
	t.Parallel()
	graph, err := repository()
	require.NoError(t, err)
	require.Empty(t, architecture.ModuleCycle(graph))
}
