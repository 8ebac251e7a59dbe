package docs_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the tables of problems anew")

// problemsFile is where the tables of problems are, and problemsMark what surrounds them.
var (
	problemsFile = filepath.Join(root, "docs", "reference", "problems.md")
	problemsMark = regexp.MustCompile(`(?s)(<!-- problems: [^\n]*-->\n).*?(<!-- end of problems -->)`)
)

// statuses are those of the kinds of faults; platform/httpserver decides and tests them.
var statuses = map[string]int{
	"Invalid":         http.StatusUnprocessableEntity,
	"Unauthenticated": http.StatusUnauthorized,
	"Forbidden":       http.StatusForbidden,
	"NotFound":        http.StatusNotFound,
	"Conflict":        http.StatusConflict,
	"Precondition":    http.StatusPreconditionFailed,
	"Limited":         http.StatusTooManyRequests,
	"Unavailable":     http.StatusServiceUnavailable,
	"Internal":        http.StatusInternalServerError,

	"StatusBadRequest":            http.StatusBadRequest,
	"StatusNotFound":              http.StatusNotFound,
	"StatusMethodNotAllowed":      http.StatusMethodNotAllowed,
	"StatusRequestEntityTooLarge": http.StatusRequestEntityTooLarge,
	"StatusUnsupportedMediaType":  http.StatusUnsupportedMediaType,
	"StatusServiceUnavailable":    http.StatusServiceUnavailable,
}

// unread are codes of requests that could not be read or understood, whose status is decided elsewhere.
var unread = map[string]int{
	"invalid_cursor":    http.StatusBadRequest,
	"malformed_request": http.StatusBadRequest,
	"invalid_request":   http.StatusUnprocessableEntity,
}

// unseen are codes that no client is answered with, and why.
var unseen = map[string]string{
	"allowance_not_found":   "a store tells a use case",
	"record_not_found":      "a store tells a use case",
	"invalid_configuration": "the program does not start",
}

// problem is a code that clients are answered with, and the sentences that come with it.
type problem struct {
	status  int
	code    string
	details []string
}

// TestEveryProblemIsWrittenDown collects the codes from the source. After a new one:
//
//	go test ./test/docs -run TestEveryProblemIsWrittenDown -update
func TestEveryProblemIsWrittenDown(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile(problemsFile)
	require.NoError(t, err)
	require.True(t, problemsMark.Match(written), "%s has no place for the tables", problemsFile)
	tables := ""
	for _, part := range []struct{ title, folder string }{
		{"Everywhere", "platform"}, {"Listings and bids", "modules/listings"}, {"Members", "modules/profiles"}, {"Help desk", "modules/issues"},
	} {
		tables += "\n## " + part.title + "\n\n" + tableOf(problemsIn(t, filepath.Join(root, part.folder)))
	}
	want := problemsMark.ReplaceAllStringFunc(string(written), func(old string) string {
		marks := problemsMark.FindStringSubmatch(old)
		return marks[1] + tables + marks[2]
	})
	if *update {
		require.NoError(t, os.WriteFile(problemsFile, []byte(want), 0o600))
		return
	}
	require.Equal(t, want, string(written), "write it anew: go test ./test/docs -run TestEveryProblemIsWrittenDown -update")
}

// tableOf writes problems as Markdown, by status and code.
func tableOf(problems []problem) string {
	lines := []string{"| status | code | the sentence that comes with it |", "|---|---|---|"}
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("| %d | `%s` | %s |", p.status, p.code, strings.Join(p.details, " *or* ")))
	}
	return strings.Join(lines, "\n") + "\n"
}

// problemsIn returns the problems that the code below the folder declares, without those of tests and of what tests use.
func problemsIn(t *testing.T, folder string) []problem {
	t.Helper()
	type name struct {
		status int
		code   string
	}
	found := map[name]problem{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasSuffix(entry.Name(), "test") || entry.Name() == "contract" || entry.Name() == "oracle"):
			return fs.SkipDir
		case entry.IsDir(), filepath.Ext(path) != ".go", strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			p, ok := problemOf(n)
			if !ok || unseen[p.code] != "" {
				return true
			}
			require.NotZero(t, p.status, "%s: the status of %s is not known", path, p.code)
			key := name{p.status, p.code}
			p.details = append(found[key].details, p.details...)
			slices.Sort(p.details)
			p.details = slices.Compact(p.details)
			found[key] = p
			return true
		})
		return nil
	}))
	require.NotEmpty(t, found, folder)
	return slices.SortedFunc(maps.Values(found), func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.status, b.status), cmp.Compare(a.code, b.code))
	})
}

// problemOf reads the ways in which the code declares a problem: fault.New(kind, code, detail), in its own package New,
// newProblem(status, code, detail), and a domain's invalid(field, detail). What passes a code on declares none.
func problemOf(n ast.Node) (problem, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return problem{}, false
	}
	switch name := nameOf(call.Fun); {
	case slices.Contains([]string{"fault.New", "New", "newProblem"}, name) && len(call.Args) == 3:
		kind := nameOf(call.Args[0])
		code, written := textOf(call.Args[1])
		detail, _ := textOf(call.Args[2])
		status, known := statuses[kind[strings.LastIndex(kind, ".")+1:]]
		if other, is := unread[code]; is && (!known || kind == "fault.Invalid") {
			status = other
		}
		return problem{status: status, code: code, details: []string{detail}}, written
	case name == "invalid" && len(call.Args) == 2:
		field, written := textOf(call.Args[0])
		detail, _ := textOf(call.Args[1])
		return problem{status: statuses["Invalid"], code: "invalid_" + field, details: []string{detail}}, written
	default:
		return problem{}, false
	}
}

// nameOf returns a name as it is written: "fault.New".
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	default:
		return ""
	}
}

// textOf returns a text, with … for what is put into it. written says that nothing is.
func textOf(e ast.Expr) (text string, written bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, all := textOf(e.X)
		right, too := textOf(e.Y)
		return left + right, all && too
	default:
		return "…", false
	}
}
