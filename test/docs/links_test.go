// Package docs_test holds the documentation to the code: what it links to exists.
package docs_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

var (
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	mutant = regexp.MustCompile("mutants? ((?:`[a-z0-9-]+`(?:, )?)+)")
	quoted = regexp.MustCompile("`([a-z0-9-]+)`")
)

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	links := 0
	for path, text := range documents(t) {
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			target, err := url.Parse(match[1])
			require.NoError(t, err, "%s: %s", path, match[1])
			if target.Scheme != "" || target.Path == "" || strings.Contains(target.Path, "…") {
				continue
			}
			links++
			_, err = os.Stat(filepath.Join(filepath.Dir(path), target.Path))
			require.NoError(t, err, "%s links to %s", path, match[1])
		}
	}
	require.NotZero(t, links)
}

func TestEveryMutantThatIsNamedExists(t *testing.T) {
	t.Parallel()
	named := 0
	for path, text := range documents(t) {
		for _, list := range mutant.FindAllStringSubmatch(text, -1) {
			for _, name := range quoted.FindAllStringSubmatch(list[1], -1) {
				named++
				_, err := os.Stat(filepath.Join(root, "test", "mutants", name[1]+".patch"))
				require.NoError(t, err, "%s names the mutant %s", path, name[1])
			}
		}
	}
	require.NotZero(t, named)
}

// documents returns the text of every Markdown file of the repository, by its path from here.
func documents(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	}))
	return found
}
