package main

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheStoryIsAsTheRulesSay(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	err := play(t.Context(), setting{root: "../..", binary: filepath.Join(t.TempDir(), "monolith")}, &told)
	require.NoError(t, err, told.String())
	require.Contains(t, told.String(), "all as the rules say")
}

func TestTheTableHasEveryRefusalOfTheRules(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, c := range codes {
		known[c.code] = true
	}
	for _, module := range []string{"listings", "issues"} {
		named := refusalsIn(t, "../../modules/"+module+"/internal/domain/errors.go")
		require.Greater(t, len(named), 30, "the file is read wrongly")
		for _, code := range named {
			require.True(t, known[code], "codes.go has no row for %s, which the rules name", code)
		}
	}
}

func TestWhatIsTestedElsewhereExists(t *testing.T) {
	t.Parallel()
	for _, c := range codes {
		for word := range strings.FieldsSeq(c.elsewhere) {
			if strings.Contains(word, "/") {
				_, err := os.Stat(filepath.Join("../..", word))
				require.NoError(t, err, c.refusal)
			}
		}
	}
}

// refusalsIn returns the codes of the refusals that a file declares: fault.New(kind, code, …) and invalid(field, …).
func refusalsIn(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch f := call.Fun.(type) {
		case *ast.SelectorExpr:
			if f.Sel.Name == "New" && len(call.Args) == 3 {
				found = append(found, literal(call.Args[1], "")...)
			}
		case *ast.Ident:
			if f.Name == "invalid" {
				found = append(found, literal(call.Args[0], "invalid_")...)
			}
		}
		return true
	})
	return found
}

// literal returns a string that stands in the source, after the prefix; nothing for another expression.
func literal(e ast.Expr, prefix string) []string {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return nil
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return nil
	}
	return []string{prefix + text}
}

func TestARefusalThatWasNotShownFailsTheStory(t *testing.T) {
	t.Parallel()
	s := newStory(t.Context(), setting{}, t.TempDir(), io.Discard)
	for _, c := range codes {
		s.shown[c.refusal]++
	}
	require.NoError(t, s.conclude())
	delete(s.shown, refusal{http.StatusConflict, "listing_frozen"})
	require.ErrorContains(t, s.conclude(), "the story never met 409 listing_frozen")
}

func TestAnAnswerThatDiffersEndsTheStory(t *testing.T) {
	t.Parallel()
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, `{"status": 409, "code": "listing_frozen", "detail": "It is frozen.", "minimum": {"amount": "1.00", "currency": "USD"}}`)
	}))
	t.Cleanup(answers.Close)
	asks := func(ctx context.Context, judge func(*answer)) error {
		s := newStory(ctx, setting{}, t.TempDir(), io.Discard)
		s.server.base = answers.URL
		return s.until(func() { judge(s.browser("ben").asks("bids", get("/"))) })
	}

	require.NoError(t, asks(t.Context(), func(a *answer) { a.refused(409, "listing_frozen", "minimum", "1.00 USD") }))
	for name, judge := range map[string]func(*answer){
		"another code":            func(a *answer) { a.refused(409, "listing_not_open") },
		"another status":          func(a *answer) { a.refused(403, "listing_frozen") },
		"another field":           func(a *answer) { a.refused(409, "listing_frozen", "minimum", "1.01 USD") },
		"refused, not accepted":   func(a *answer) { a.is(http.StatusOK) },
		"a field that is not so":  func(a *answer) { a.is(http.StatusConflict, "detail", "It is open.") },
		"a field that is missing": func(a *answer) { a.is(http.StatusConflict, "price", "1.00 USD") },
		"a field that is there":   func(a *answer) { a.is(http.StatusConflict, "detail", absent) },
	} {
		require.ErrorContains(t, asks(t.Context(), judge), "ben bids: ", name)
	}
}
