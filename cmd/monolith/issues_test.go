package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/realdata"
)

// eachTwoStores runs a test on two databases of each kind.
func eachTwoStores(t *testing.T, test func(t *testing.T, first, second commands)) {
	t.Helper()
	eachEngine(t, func(t *testing.T, e engine) {
		test(t, commands{t, e.open(t)}, commands{t, e.open(t)})
	})
}

// export returns what issues export writes.
func (c commands) export(flags ...string) string {
	c.t.Helper()
	got := c.run(append([]string{"issues", "export"}, flags...)...)
	require.Equal(c.t, exitOK, got.status, got.stderr)
	return got.stdout
}

// count returns the answer of a query for a number.
func (c commands) count(query string) (n int) {
	c.t.Helper()
	inParts(c.t, c.store, func(found parts) {
		require.NoError(c.t, found.Pool.Read().Get(c.t.Context(), &n, query))
	})
	return n
}

// saved writes a file, and returns its name.
func saved(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "issues.csv")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

func TestRealIssues(t *testing.T) {
	t.Parallel()
	file := realdata.File(t, "github-issues.csv")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	require.NoError(t, err)
	eachTwoStores(t, func(t *testing.T, first, second commands) {
		all := float64(len(rows) - 1)
		require.Equal(t, map[string]any{
			"added": all, "updated": 0.0, "unchanged": 0.0, "kept": 0.0, "bad_rows": 0.0, "ignored_columns": []any{},
		}, first.ok("issues", "import", file))

		stored := map[string][]string{}
		exported := first.export()
		got, err := csv.NewReader(strings.NewReader(exported)).ReadAll()
		require.NoError(t, err)
		require.Equal(t, rows[0], got[0])
		for _, row := range got[1:] {
			stored[row[0]+" "+row[1]] = row
		}
		for _, row := range rows[1:] {
			require.Equal(t, row, stored[row[0]+" "+row[1]], "titles byte for byte, instants and states as they were")
		}
		require.Len(t, stored, len(rows)-1)
		closed := strings.Count(string(content), "Z,1,")
		require.Equal(t, closed, first.count(`SELECT count(*) FROM issues WHERE state = 'closed'`))
		require.Equal(t, len(rows)-1-closed, first.count(`SELECT count(*) FROM issues WHERE state = 'reported'`))

		require.Equal(t, all, first.ok("issues", "import", file)["unchanged"])
		for _, count := range []string{
			`SELECT sum(version) FROM issues`, `SELECT count(*) FROM issues`, `SELECT count(*) FROM issue_events`,
			`SELECT count(*) FROM issue_words`, `SELECT count(*) FROM issue_numbers`,
		} {
			require.Equal(t, len(rows)-1, first.count(count), count)
		}
		require.Zero(t, first.count(`SELECT count(*) FROM outbox`), "nobody is told")

		require.Equal(t, all, second.ok("issues", "import", saved(t, exported))["added"])
		require.True(t, exported == second.export(), "the same bytes")
	})
}

func TestIssuesForSpreadsheets(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		c := commands{t, store}
		file := "repository,number,title,publishedAt,closed,closedAt,commentCount\n"
		for _, begin := range []string{"=", "+", "-", "@"} {
			file += begin + "r,1," + begin + "1,2020-10-19T12:46:54Z,,,0\n"
		}
		require.Equal(t, 4.0, c.ok("issues", "import", saved(t, file))["added"])
		guarded := c.export("--spreadsheet")
		for line := range strings.Lines(guarded[strings.Index(guarded, "\n")+1:]) {
			require.Regexp(t, `^'[-=+@]r,1,'[-=+@]1,2020-10-19T12:46:54Z,,,0\n$`, line)
		}
		require.Equal(t, 5, strings.Count(guarded, "\n"))
		require.NotContains(t, c.export(), "'")
	})
}

func TestBadRowsOfIssues(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		c := commands{t, store}
		file := saved(t, "title,repository,number,publishedAt,closed,closedAt,commentCount,body\n"+
			"T,r,1,2020-10-19T12:46:54Z,,,0,x\nT,r,2,2020-10-19T12:46:54Z,1,2019-10-19T12:46:54Z,0,x\n")
		got := c.run("issues", "import", file)
		require.Equal(t, exitFailed, got.status)
		require.Empty(t, got.stdout)
		require.Contains(t, lastLine(got.stderr), "issues.csv: line 3, column 30 (closedAt): it lies before publishedAt")
		require.Zero(t, c.count(`SELECT count(*) FROM issues`))

		result := c.ok("issues", "import", "--skip-bad-rows", file)
		require.Equal(t, 1.0, result["added"])
		require.Equal(t, 1.0, result["bad_rows"])
		require.Equal(t, []any{"body"}, result["ignored_columns"])
		got = c.run("issues", "import", "--skip-bad-rows", file)
		require.Contains(t, got.stdout, "0 added, 0 updated, 1 unchanged, 0 kept as they are here\nbad rows left out: 1\n")
	})
}

func TestExportMakesNoDatabase(t *testing.T) {
	t.Parallel()
	c := commands{t, []string{"--data.dir", filepath.Join(t.TempDir(), "mistyped")}}
	got := c.run("issues", "export")
	require.Equal(t, exitFailed, got.status)
	require.Contains(t, got.stderr, "there is no database")
	require.NoDirExists(t, c.dataDir())
}
