package architecture_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ownClient is where a test makes a client of its own.
var ownClient = regexp.MustCompile(`http\.Client\{|http\.(Get|Post|PostForm|Head|DefaultClient)\b`)

// unchecked are the files that make clients without a checked transport, and why.
var unchecked = map[string]string{
	"cmd/monolith/browser_test.go":                "visits pages",
	"modules/listings/internal/web/pages_test.go": "visits pages",
	"cmd/monolith/canary_watch_test.go":           "reads metrics",
	"cmd/monolith/chaos_outside_test.go":          "bids on servers that are killed while they answer",
	"cmd/monolith/crash_postgres_test.go":         "asks whether a server is ready",
	"cmd/monolith/setup_test.go":                  "visits pages",
	"cmd/monolith/signin_timing_test.go":          "measures how long answers take, and would measure the checks, too",
	"modules/profiles/sitetest/browser.go":        "sends through the checked transport that site.go makes",
	"platform/httpserver/acme_test.go":            "looks at connections",
	"platform/httpserver/harness_test.go":         "asks for operations that exist to fail, and to break the document",
	"platform/httpserver/https_test.go":           "looks at connections",
	"platform/httpserver/server_test.go":          "looks at starting and stopping",
	"platform/httpserver/tls_test.go":             "looks at connections",
	"platform/profiling/listener_test.go":         "takes profiles",
}

// TestClientsAreHeldToTheDocument: whatever a test asks of the API over HTTP, and whatever is answered, is checked against the
// document that the server has of it, so that the document is right about all of it.
func TestClientsAreHeldToTheDocument(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	unwatched := map[string]bool{}
	for _, folder := range []string{"cmd", "modules", "platform"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !ofTests(path) {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if ownClient.Match(text) && !strings.Contains(string(text), "openapitest.NewTransport") && !strings.Contains(path, "openapitest") {
				name, err := filepath.Rel(root, path)
				unwatched[filepath.ToSlash(name)] = true
				return err
			}
			return nil
		}))
	}
	for name := range unwatched {
		require.Contains(t, unchecked, name, "it makes a client that openapitest does not watch")
	}
	for name := range unchecked {
		require.Contains(t, unwatched, name, "it makes no such client any more")
	}
}

// ofTests reports whether a file is compiled for tests only: by its own name, or by that of its package.
func ofTests(path string) bool {
	return strings.HasSuffix(path, "_test.go") ||
		strings.HasSuffix(path, ".go") && strings.HasSuffix(filepath.Base(filepath.Dir(path)), "test")
}
