package load_test

import (
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

var update = flag.Bool("update", false, "make docs/performance.md and its charts anew")

var docs = filepath.Join("..", "..", "docs")

func TestThePageIsMadeOfTheReport(t *testing.T) {
	t.Parallel()
	report, err := load.ReadDocs(docs)
	require.NoError(t, err)
	if *update {
		require.NoError(t, report.Publish(docs))
	}
	made, err := report.Made(docs)
	require.NoError(t, err)
	require.Len(t, made, 4)
	for name, want := range made {
		have, err := os.ReadFile(filepath.Join(docs, name))
		require.NoError(t, err)
		require.Equal(t, string(want), string(have), "%s differs from docs/performance.json: go test ./test/load -update", name)
	}
	text, err := report.JSON()
	require.NoError(t, err)
	have, err := os.ReadFile(filepath.Join(docs, "performance.json"))
	require.NoError(t, err)
	require.Equal(t, string(text), string(have))
}

func TestTheReportIsComplete(t *testing.T) {
	t.Parallel()
	report, err := load.ReadDocs(docs)
	require.NoError(t, err)
	require.NoError(t, report.Complete())
	for key, r := range report.Ratios {
		require.GreaterOrEqual(t, r.Origin.Rounds, 5, key)
		require.Len(t, r.Engine, r.Origin.Rounds, key)
		require.Len(t, r.Floor, r.Origin.Rounds, key)
		require.NotEmpty(t, r.Origin.Commit, key)
		require.NotEmpty(t, r.Durability, key)
		again, err := load.NewRatio(key, r.Unit, r.Engine, r.Floor, r.Origin, r.Durability)
		require.NoError(t, err)
		require.InEpsilon(t, again.Median, r.Median, 0.01, key)
		require.Equal(t, again.Must, r.Must, key)
		require.Equal(t, again.Aim, r.Aim, key)
		require.Equal(t, again.Holds, r.Holds, key)
	}
}

// sampleReport has every goal measured, and two scenarios.
func sampleReport(t *testing.T) load.Report {
	t.Helper()
	report := load.Report{Ratios: map[string]load.Ratio{}, Runs: map[string]load.Run{}}
	origin := load.Origin{Date: "2026-11-22", Commit: "abc", Machine: "a machine", Load: "0.1", Rounds: 5, Seconds: 4}
	for _, g := range load.Goals() {
		r, err := load.NewRatio(g.Key, "bids/s", []float64{g.Must}, []float64{1}, origin, map[string]string{"fsync": "on"})
		require.NoError(t, err)
		report.Ratios[g.Key] = r
	}
	pace := func(rate float64) load.Pace {
		return load.Pace{Rate: load.Spread{Median: rate}, P99: load.Spread{Median: 1e6 / rate}, CPU: load.Spread{Median: 100}}
	}
	for clients, rates := range map[int][2]float64{1: {500, 250}, 128: {20000, 100}} {
		for _, store := range []string{load.Postgres, load.Memory} {
			run := load.Run{Scenario: "hot", Store: store, Clients: clients, Engine: pace(rates[0]), Origin: origin}
			if store == load.Postgres {
				floor := pace(rates[1])
				run.Floor = &floor
			}
			report.Runs[run.Name()] = run
		}
	}
	report.Costs = &load.Costs{Stores: []string{"memory", "sqlite"}, Rows: []load.Row{{Name: "statements", Values: []string{"0", "4"}}}, Origin: origin}
	return report
}

const emptyPage = `text
<!-- ratios: make bench writes them -->
<!-- end of ratios -->
more <!-- runs: make bench writes them -->
old
<!-- end of runs -->
<!-- costs: make bench writes them -->
<!-- end of costs -->
end
`

func TestAPageKeepsItsText(t *testing.T) {
	t.Parallel()
	report := sampleReport(t)
	page, err := report.Page([]byte(emptyPage))
	require.NoError(t, err)
	text := string(page)
	require.True(t, strings.HasPrefix(text, "text\n"))
	require.Contains(t, text, "\nmore <!--")
	require.True(t, strings.HasSuffix(text, "\nend\n"))
	require.NotContains(t, text, "old")
	require.Contains(t, text, "| `hot_128` | One listing: bids a second of 128 clients ÷ pgbench's. | **40** | 40 – 40 | 40 | 80 | must | hot |")
	require.Contains(t, text, "| **1/30** | 1/30 – 1/30 | 1/30 | 1/100 | must | hot |")
	require.Contains(t, text, "| postgres | 128 | 20,000 | 0 | 50 | 100 | 100 | 0 | 10,000 | 100 |")
	require.Contains(t, text, "| memory | 1 | 500 | 0 | 2,000 | 100 | – | – | – | – |")
	require.Contains(t, text, "| statements | 0 | 4 |")
	require.Equal(t, 3, strings.Count(text, "2026-11-22, commit abc, 5 rounds of 4 s, a machine, load at the start 0.1."), "once for each section")

	again, err := report.Page(page)
	require.NoError(t, err)
	require.Equal(t, text, string(again))
}

func TestAPageWithoutItsMarks(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{"<!-- ratios: make bench writes them -->", "<!-- end of runs -->", "<!-- end of costs -->"} {
		_, err := load.Report{}.Page([]byte(strings.Replace(emptyPage, missing, "", 1)))
		require.ErrorContains(t, err, "marks", missing)
	}
}

func TestAReportThatLacksAKey(t *testing.T) {
	t.Parallel()
	report := sampleReport(t)
	require.NoError(t, report.Complete())
	report.Ratios["hot_129"] = report.Ratios["get_one"]
	delete(report.Ratios, "get_one")
	err := report.Complete()
	require.ErrorContains(t, err, "get_one was not measured: TEST_LOAD_ONLY=reads does")
	require.ErrorContains(t, err, "hot_129")
	require.NoError(t, load.Report{}.Complete(), "one without figures lacks nothing")
}

func TestChartsTellInWordsWhatTheyShow(t *testing.T) {
	t.Parallel()
	charts := sampleReport(t).Charts()
	require.Len(t, charts, 3)
	hot := string(charts["performance-hot.svg"])
	require.Contains(t, hot, "In bids/s. 1 clients: gavel 500, pgbench 250; 128 clients: gavel 20,000, pgbench 100.")
	require.Contains(t, hot, "prefers-color-scheme:dark")
	require.Equal(t, 4, strings.Count(hot, `<rect class="bar-`)-2, "two bars for each number of clients, beside the legend")
	require.Contains(t, string(charts["performance-uniform.svg"]), "Nothing was measured yet.")
	for name, svg := range charts {
		require.NoError(t, xml.Unmarshal(svg, new(any)), name)
	}
}

func TestBarsAreAsHighAsTheirFigures(t *testing.T) {
	t.Parallel()
	charts := sampleReport(t).Charts()
	require.Contains(t, string(charts["performance-hot.svg"]), `height="176"/><text x="444" y="79" text-anchor="middle">20,000</text>`)
	require.Contains(t, string(charts["performance-hot-p99.svg"]), `height="176"`, "the slowest")
	require.Contains(t, string(charts["performance-hot-p99.svg"]), `height="53"`, "the fastest, of a decade of 3.3")
}
