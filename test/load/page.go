package load

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The files of the folder docs that a report makes, beside the charts.
const (
	reportFile = "performance.json"
	pageFile   = "performance.md"
)

// Publish writes the report into the folder docs, and anew what is made of it: the page, whose text stays as it is between
// the sections that figures fill, and the charts. Errors: what the file system reports; as Page.
func (r Report) Publish(docs string) error {
	text, err := r.JSON()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, reportFile), text, 0o644); err != nil { //nolint:gosec // it is published
		return err
	}
	made, err := r.Made(docs)
	if err != nil {
		return err
	}
	for name, text := range made {
		if err := os.WriteFile(filepath.Join(docs, name), text, 0o644); err != nil { //nolint:gosec // it is published
			return err
		}
	}
	return nil
}

// Made returns what is made of the report, by the name of the file in docs. The page is the one that is there with new
// figures. Errors: what the file system reports; as Page.
func (r Report) Made(docs string) (map[string][]byte, error) {
	old, err := os.ReadFile(filepath.Join(docs, pageFile))
	if err != nil {
		return nil, err
	}
	page, err := r.Page(old)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pageFile, err)
	}
	made := r.Charts()
	made[pageFile] = page
	return made, nil
}

// ReadDocs returns the report of the folder docs. Errors: as ReadReport.
func ReadDocs(docs string) (Report, error) { return ReadReport(filepath.Join(docs, reportFile)) }

// Page returns the page with the report's figures in its sections. Errors: a section whose marks are missing.
func (r Report) Page(page []byte) ([]byte, error) {
	sections := []struct {
		name string
		text string
	}{{"ratios", r.ratioTable()}, {"runs", r.runTables()}, {"costs", r.costTable()}}
	for _, s := range sections {
		begin := "<!-- " + s.name + ": make bench writes them -->\n"
		end := "<!-- end of " + s.name + " -->"
		before, rest, begun := bytes.Cut(page, []byte(begin))
		_, after, ended := bytes.Cut(rest, []byte(end))
		if !begun || !ended {
			return nil, fmt.Errorf("the section %s needs its marks, %q and %q", s.name, strings.TrimSpace(begin), end)
		}
		page = slices.Concat(before, []byte(begin+"\n"+s.text+"\n"+end), after)
	}
	return page, nil
}

// Complete returns nil if a report that has ratios has all of them. Errors: those that are missing, and those of which no goal
// knows.
func (r Report) Complete() error {
	if len(r.Ratios) == 0 {
		return nil
	}
	var wrong error
	for _, g := range goals {
		if _, measured := r.Ratios[g.Key]; !measured {
			wrong = errors.Join(wrong, fmt.Errorf("%s was not measured: TEST_LOAD_ONLY=%s does", g.Key, g.Group))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.Ratios)) {
		if _, known := GoalOf(key); !known {
			wrong = errors.Join(wrong, fmt.Errorf("no goal is called %s", key))
		}
	}
	return wrong
}

const unmeasured = "Nothing was measured yet.\n"

func (r Report) ratioTable() string {
	if len(r.Ratios) == 0 {
		return unmeasured
	}
	var text strings.Builder
	text.WriteString("| key | what is compared | median | from – to | must | aim | reached | group |\n|---|---|--:|--:|--:|--:|---|---|\n")
	var origins []Origin
	for _, g := range goals {
		ratio, measured := r.Ratios[g.Key]
		if !measured {
			continue
		}
		reached := "no"
		switch {
		case g.Aimed(ratio.Median):
			reached = "aim"
		case g.Reached(ratio.Median):
			reached = "must"
		}
		fmt.Fprintf(&text, "| `%s` | %s | **%s** | %s – %s | %s | %s | %s | %s |\n", g.Key, g.Compares,
			figure(ratio.Median), figure(ratio.Min), figure(ratio.Max), figure(g.Must), figure(g.Aim), reached, g.Group)
		origins = append(origins, ratio.Origin)
	}
	return text.String() + "\n" + told(origins)
}

// runTables shows what was played, a table for each scenario.
func (r Report) runTables() string {
	if len(r.Runs) == 0 {
		return unmeasured
	}
	byScenario := map[string][]Run{}
	for _, run := range r.Runs {
		byScenario[run.Scenario] = append(byScenario[run.Scenario], run)
	}
	var text strings.Builder
	var origins []Origin
	for _, name := range slices.Sorted(maps.Keys(byScenario)) {
		runs := byScenario[name]
		slices.SortFunc(runs, func(a, b Run) int {
			return strings.Compare(fmt.Sprintf("%s %6d", a.Store, a.Clients), fmt.Sprintf("%s %6d", b.Store, b.Clients))
		})
		fmt.Fprintf(&text, "**%s**\n\n| store | clients | a second | p50 ms | p99 ms | CPU µs | pgbench: a second | p50 ms | p99 ms | CPU µs |\n", name)
		text.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
		for _, run := range runs {
			fmt.Fprintf(&text, "| %s | %d | %s | %s |\n", run.Store, run.Clients, run.Engine.cells(), run.Floor.cells())
			origins = append(origins, run.Origin)
		}
		text.WriteString("\n")
	}
	return text.String() + told(origins)
}

// cells are the columns of a pace; nil has empty ones.
func (p *Pace) cells() string {
	if p == nil {
		return "– | – | – | –"
	}
	return strings.Join([]string{figure(p.Rate.Median), figure(p.P50.Median), figure(p.P99.Median), figure(p.CPU.Median)}, " | ")
}

func (r Report) costTable() string {
	if r.Costs == nil {
		return unmeasured
	}
	var text strings.Builder
	fmt.Fprintf(&text, "| | %s |\n|---|%s\n", strings.Join(r.Costs.Stores, " | "), strings.Repeat("--:|", len(r.Costs.Stores)))
	for _, row := range r.Costs.Rows {
		fmt.Fprintf(&text, "| %s | %s |\n", row.Name, strings.Join(row.Values, " | "))
	}
	return text.String() + "\n" + told([]Origin{r.Costs.Origin})
}

// told says where figures come from, each run once.
func told(origins []Origin) string {
	var runs []string
	for _, o := range origins {
		seconds := ""
		if o.Seconds > 0 {
			seconds = fmt.Sprintf(" of %d s", o.Seconds)
		}
		run := fmt.Sprintf("%s, commit %s, %d rounds%s, %s, load at the start %s.", o.Date, o.Commit, o.Rounds, seconds, o.Machine, o.Load)
		if !slices.Contains(runs, run) {
			runs = append(runs, run)
		}
	}
	slices.Sort(runs)
	return "Measured " + strings.Join(runs, "\nMeasured ") + "\n"
}

// figure writes a number with three digits, or as a fraction where it is small.
func figure(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 0.095:
		return fmt.Sprintf("1/%.0f", 1/x)
	case x < 1000:
		return fmt.Sprintf("%.3g", x)
	default:
		return thousands(int64(math.Round(x)))
	}
}

// thousands writes a positive number with separators.
func thousands(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
