package exchange_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/exchange"
	"github.com/gavelhq/gavel/platform/platformtest/realdata"
)

const header = "repository,number,title,publishedAt,closed,closedAt,commentCount\n"

// read reads all issues of a file, and what is wrong with the others.
func read(tb testing.TB, file string) (all []domain.Foreign, wrong []*exchange.RowError) {
	tb.Helper()
	reader, err := exchange.NewReader(strings.NewReader(file), "issues.csv")
	require.NoError(tb, err)
	for {
		f, err := reader.Next()
		var bad *exchange.RowError
		switch {
		case err == io.EOF:
			return all, wrong
		case errors.As(err, &bad):
			wrong = append(wrong, bad)
			continue
		}
		require.NoError(tb, err)
		all = append(all, f)
	}
}

func write(tb testing.TB, issues []domain.Foreign, spreadsheet bool) string {
	tb.Helper()
	var file bytes.Buffer
	w, err := exchange.NewWriter(&file, spreadsheet)
	require.NoError(tb, err)
	for _, f := range issues {
		require.NoError(tb, w.Write(f))
	}
	require.NoError(tb, w.Flush())
	return file.String()
}

func TestOneIssue(t *testing.T) {
	t.Parallel()
	want := []domain.Foreign{{
		Origin: domain.Origin{Repository: "vuejs/vue", Number: 7}, Title: " a\r\n\"b\",\n c ", Comments: 3,
		ReportedAt: time.Date(2020, time.October, 19, 12, 46, 54, 0, time.UTC),
		ClosedAt:   time.Date(2020, time.October, 19, 12, 46, 54, 120_000_000, time.UTC),
	}}
	file := header + "vuejs/vue,7,\" a\r\n\"\"b\"\",\n c \",2020-10-19T12:46:54Z,1,2020-10-19T12:46:54.12Z,3\n"
	got, wrong := read(t, file)
	require.Empty(t, wrong)
	require.Equal(t, want, got)
	require.Equal(t, file, write(t, want, false))
}

func TestColumns(t *testing.T) {
	t.Parallel()

	t.Run("come in any order, with others among them", func(t *testing.T) {
		t.Parallel()
		reader, err := exchange.NewReader(strings.NewReader(
			"\ufeffbody,title,number,repository,closedAt,closed,labels,commentCount,publishedAt\r\nlong,T,7,r,,,bug,0,2020-10-19T12:46:54Z\r\n",
		), "f")
		require.NoError(t, err)
		require.Equal(t, []string{"body", "labels"}, reader.Ignored())
		f, err := reader.Next()
		require.NoError(t, err)
		require.Equal(t, domain.Foreign{
			Origin: domain.Origin{Repository: "r", Number: 7}, Title: "T", ReportedAt: time.Date(2020, time.October, 19, 12, 46, 54, 0, time.UTC),
		}, f)
	})

	for name, c := range map[string]struct{ file, want string }{
		"none":          {"", "f is empty: its first line must name the columns repository,number,title,publishedAt,closed,closedAt,commentCount"},
		"one missing":   {strings.Replace(header, ",closedAt", "", 1), "f is no file of issues: its first line lacks closedAt"},
		"other letters": {strings.ToUpper(header), "f is no file of issues: its first line lacks repository, number, title, publishedAt, closed, closedAt, commentCount"},
		"one twice":     {"title," + header, "f: line 1, column 25 (title): the column comes twice"},
		"a stray quote": {"ti\"tle," + header, "f: line 1, column 1: there is a quote inside a field without quotes"},
		"an open quote": {"\"title," + header, "read f: line 1, column 1: the quote is never closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.NewReader(strings.NewReader(c.file), "f")
			require.EqualError(t, err, c.want)
		})
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	const at = "2020-10-19T12:46:54Z"
	quoted := func(text string) string { return `"` + text + `"` }
	const good = ""
	for name, c := range map[string]struct{ row, want string }{
		"an open one":           {"r,1,T," + at + ",,,0", good},
		"a closed one":          {"r,1,T," + at + ",1," + at + ",0", good},
		"no repository":         {",1,T," + at + ",,,0", "line 2, column 1 (repository): it is empty"},
		"a long repository":     {strings.Repeat("ä", 200) + ",1,T," + at + ",,,0", good},
		"a longer one":          {strings.Repeat("ä", 201) + ",1,T," + at + ",,,0", "line 2, column 1 (repository): it has more than 200 characters"},
		"number 0":              {"r,0,T," + at + ",,,0", "line 2, column 3 (number): it must be above zero"},
		"the last number":       {"r,999999999999999,T," + at + ",,,0", good},
		"one more":              {"r,1000000000000000,T," + at + ",,,0", "line 2, column 3 (number): it must be a number from 0 to 999999999999999 in plain digits"},
		"a number with a sign":  {"r,+1,T," + at + ",,,0", "line 2, column 3 (number): it must be a number from 0 to 999999999999999 in plain digits"},
		"a number with a zero":  {"r,01,T," + at + ",,,0", "line 2, column 3 (number): it must be a number from 0 to 999999999999999 in plain digits"},
		"no number":             {"r,,T," + at + ",,,0", "line 2, column 3 (number): it must be a number from 0 to 999999999999999 in plain digits"},
		"no title":              {"r,1,," + at + ",,,0", "line 2, column 5 (title): it is empty"},
		"a blank title":         {"r,1, ," + at + ",,,0", good},
		"the longest title":     {"r,1," + strings.Repeat("🏺", 1000) + "," + at + ",,,0", good},
		"a longer title":        {"r,1," + strings.Repeat("🏺", 1001) + "," + at + ",,,0", "line 2, column 5 (title): it has more than 1000 characters"},
		"a title with a NUL":    {"r,1,a\x00b," + at + ",,,0", "line 2, column 5 (title): it has a NUL character"},
		"a title in Latin-1":    {"r,1,a\xe4," + at + ",,,0", "line 2, column 5 (title): it is no UTF-8"},
		"no time":               {"r,1,T,,,,0", "line 2, column 7 (publishedAt): it must be a time like 2020-10-19T12:46:54Z"},
		"a time of a place":     {"r,1,T,2020-10-19T12:46:54+02:00,,,0", good},
		"a time of nowhere":     {"r,1,T,2020-10-19T12:46:54,,,0", "line 2, column 7 (publishedAt): it must be a time like 2020-10-19T12:46:54Z"},
		"the first time":        {"r,1,T,1970-01-01T00:00:00Z,,,0", good},
		"before the first time": {"r,1,T,1970-01-01T00:00:00+00:01,,,0", "line 2, column 7 (publishedAt): it must lie in the years 1970 to 9999"},
		"the last time":         {"r,1,T,9999-12-31T23:59:59.999999999Z,,,0", good},
		"after the last time":   {"r,1,T,9999-12-31T23:59:59-00:01,,,0", "line 2, column 7 (publishedAt): it must lie in the years 1970 to 9999"},
		"closed, but not when":  {"r,1,T," + at + ",1,,0", "line 2, column 30 (closedAt): it must say when, because closed is 1"},
		"closed when it is not": {"r,1,T," + at + ",," + at + ",0", "line 2, column 29 (closedAt): it must be empty, because closed is"},
		"closed in words":       {"r,1,T," + at + ",true," + at + ",0", "line 2, column 28 (closed): it must be 1 or empty"},
		"closed 0":              {"r,1,T," + at + ",0,,0", "line 2, column 28 (closed): it must be 1 or empty"},
		"closed before":         {"r,1,T," + at + ",1,2020-10-19T12:46:53.999999Z,0", "line 2, column 30 (closedAt): it lies before publishedAt"},
		"closed before, finer":  {"r,1,T,2020-10-19T12:46:54.0000009Z,1,2020-10-19T12:46:54.0000001Z,0", good},
		"comments less than 0":  {"r,1,T," + at + ",,,-1", "line 2, column 30 (commentCount): it must be a number from 0 to 999999999999999 in plain digits"},
		"as many as can be":     {"r,1,T," + at + ",,,999999999999999", good},
		"comments unknown":      {"r,1,T," + at + ",,,", "line 2, column 30 (commentCount): it must be a number from 0 to 999999999999999 in plain digits"},
		"a field too few":       {"r,1,T," + at + ",,", "line 2, column 1: the row has 6 fields instead of 7"},
		"a field too many":      {"r,1,T," + at + ",,,0,", "line 2, column 1: the row has 8 fields instead of 7"},
		"a place after breaks":  {"r,1," + quoted("T\nT") + ",x,,,0", "line 3, column 4 (publishedAt): it must be a time like 2020-10-19T12:46:54Z"},
		"the same again":        {"same,1,T," + at + ",,,0\nsame,1,U," + at + ",,,0", "line 3, column 6 (number): the issue is in line 2 already"},
		"a stray quote":         {`r,1,T"T",` + at + ",,,0", "line 2, column 5: there is a quote inside a field without quotes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issues, wrong := read(t, header+c.row+"\nnext,1,T,"+at+",,,0\n")
			if c.want == good {
				require.Empty(t, wrong)
				require.Len(t, issues, 2)
				again, wrong := read(t, write(t, issues, false))
				require.Empty(t, wrong)
				require.Equal(t, issues, again)
				return
			}
			require.Len(t, wrong, 1)
			require.EqualError(t, wrong[0], "issues.csv: "+c.want)
			require.Equal(t, "next", issues[len(issues)-1].Origin.Repository, "the next row is read")
		})
	}
}

func TestSpreadsheet(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "\"'\rx\"", "a=1": "a=1", " =1": "\" =1\"", "'": "'",
	} {
		issue := domain.Foreign{
			Origin: domain.Origin{Repository: "@r", Number: 1}, Title: title, ReportedAt: time.Date(2020, time.October, 19, 12, 46, 54, 0, time.UTC),
		}
		require.Equal(t, header+"'@r,1,"+want+",2020-10-19T12:46:54Z,,,0\n", write(t, []domain.Foreign{issue}, true))
		raw, wrong := read(t, write(t, []domain.Foreign{issue}, false))
		require.Empty(t, wrong)
		require.Equal(t, []domain.Foreign{issue}, raw)
	}
}

// TestRealIssues writes real issues as the bytes that they were.
func TestRealIssues(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(realdata.File(t, "github-issues.csv"))
	require.NoError(t, err)
	issues, wrong := read(t, string(file))
	require.Empty(t, wrong)
	require.Len(t, issues, 1200)
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	require.NoError(t, err)
	for i, row := range rows[1:] {
		require.Equal(t, row[2], issues[i].Title)
	}
	again, wrong := read(t, write(t, issues, false))
	require.Empty(t, wrong)
	require.Equal(t, issues, again)
}

// FuzzRoundTrip writes whatever could be read, and reads it again: the same issues, and the same bytes from then on.
func FuzzRoundTrip(f *testing.F) {
	for _, row := range []string{
		"r,1,T,2020-10-19T12:46:54Z,,,0\n", "r,1,\"a\r\nb\",2020-10-19T12:46:54.000001Z,1,2021-01-01T00:00:00+14:00,12\r\n",
		"r,1,\"\"\"\",2020-10-19T12:46:54Z,,,0", "r,1,\"=1\",2020-10-19T12:46:54Z,,,0\n\n", "r,1,a\rb,2020-10-19T12:46:54Z,,,0\n",
		"r,1,\\.,2020-10-19T12:46:54Z,,,0\n", "\ufeffr,1,\u2028,2020-10-19T12:46:54,5Z,,,0\n", "\"r\"x,\"1", ",,,,,,\n",
	} {
		f.Add(row)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		reader, err := exchange.NewReader(strings.NewReader(header+rows), "f")
		require.NoError(t, err)
		var issues []domain.Foreign
		for {
			issue, err := reader.Next()
			var bad *exchange.RowError
			if errors.As(err, &bad) {
				continue
			}
			if err != nil {
				break
			}
			_, err = domain.Import(issue, time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC))
			require.NoError(t, err, "what the reader takes the rules take")
			issues = append(issues, issue)
		}
		first := write(t, issues, false)
		again, wrong := read(t, first)
		require.Empty(t, wrong)
		require.Equal(t, fmt.Sprint(issues), fmt.Sprint(again))
		require.Equal(t, issues, again)
		require.Equal(t, first, write(t, again, false))
	})
}
