package load

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// chart is a bar chart: for each group two bars, ours and pgbench's.
type chart struct {
	title, unit string
	groups      []group
	logarithmic bool // for figures that differ by a hundred times and more
}

type group struct {
	label         string
	engine, floor float64
}

// Charts returns the charts of the report by the name of their files: those whose figures were measured, the others empty.
func (r Report) Charts() map[string][]byte {
	rate := func(p Pace) float64 { return p.Rate.Median }
	p99 := func(p Pace) float64 { return p.P99.Median }
	return map[string][]byte{
		"performance-hot.svg":     r.chart("hot", "One listing: bids a second, by clients", "bids/s", false, rate).svg(),
		"performance-hot-p99.svg": r.chart("hot", "One listing: 99 of 100 bids are faster, by clients", "ms", true, p99).svg(),
		"performance-uniform.svg": r.chart("uniform", "10,000 listings: bids a second, by clients", "bids/s", false, rate).svg(),
	}
}

// chart compares the runs of a scenario on PostgreSQL with pgbench's.
func (r Report) chart(scenario, title, unit string, logarithmic bool, of func(Pace) float64) chart {
	c := chart{title: title, unit: unit, logarithmic: logarithmic}
	var runs []Run
	for _, run := range r.Runs {
		if run.Scenario == scenario && run.Store == Postgres && run.Floor != nil {
			runs = append(runs, run)
		}
	}
	slices.SortFunc(runs, func(a, b Run) int { return cmp.Compare(a.Clients, b.Clients) })
	for _, run := range runs {
		c.groups = append(c.groups, group{label: fmt.Sprint(run.Clients), engine: of(run.Engine), floor: of(*run.Floor)})
	}
	return c
}

// The measures of a chart, in pixels.
const (
	chartWidth, chartHeight = 640, 300
	chartTop, chartBottom   = 64, 260 // of the bars
	barWidth                = 52
)

// chartStyle gives way to the reader's choice of dark or light.
const chartStyle = `text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}.bar-engine{fill:#0969da}` +
	`.bar-floor{fill:#8c959f}.axis{stroke:#8c959f}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.bar-engine{fill:#58a6ff}` +
	`.bar-floor{fill:#6e7681}.axis{stroke:#6e7681}}`

// svg draws the chart. What it shows stands in words in its description.
func (c chart) svg() []byte {
	var text strings.Builder
	fmt.Fprintf(&text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title description">`+"\n",
		chartWidth, chartHeight)
	fmt.Fprintf(&text, "<title id=\"title\">%s</title>\n<desc id=\"description\">%s</desc>\n<style>%s</style>\n",
		html.EscapeString(c.title), html.EscapeString(c.words()), chartStyle)
	fmt.Fprintf(&text, `<text class="title" x="16" y="24">%s</text>`+"\n", html.EscapeString(c.title))
	legend := c.unit
	if c.logarithmic {
		legend += ", logarithmic"
	}
	fmt.Fprintf(&text, `<rect class="bar-engine" x="16" y="36" width="12" height="12"/><text x="34" y="47">gavel</text>`+
		`<rect class="bar-floor" x="90" y="36" width="12" height="12"/><text x="108" y="47">pgbench</text>`+
		`<text x="180" y="47">%s</text>`+"\n", legend)
	if len(c.groups) == 0 {
		fmt.Fprintf(&text, `<text x="16" y="%d">%s</text>`+"\n", chartHeight/2, strings.TrimSpace(unmeasured))
	}
	for i, g := range c.groups {
		middle := 16 + (2*i+1)*(chartWidth-32)/(2*len(c.groups))
		c.bar(&text, "bar-engine", middle-barWidth-2, g.engine)
		c.bar(&text, "bar-floor", middle+2, g.floor)
		fmt.Fprintf(&text, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", middle, chartBottom+20, g.label)
	}
	fmt.Fprintf(&text, `<line class="axis" x1="16" y1="%d" x2="%d" y2="%d"/>`+"\n</svg>\n", chartBottom, chartWidth-16, chartBottom)
	return []byte(text.String())
}

// bar draws one with its figure above.
func (c chart) bar(text *strings.Builder, class string, x int, value float64) {
	height := int(math.Round(c.share(value) * (chartBottom - chartTop - 20)))
	fmt.Fprintf(text, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, x, chartBottom-height, barWidth, height)
	fmt.Fprintf(text, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", x+barWidth/2, chartBottom-height-5, figure(value))
}

// share is how much of the height a figure takes: of the largest, or between a tenth of the smallest and the largest.
func (c chart) share(value float64) float64 {
	least, most := math.Inf(1), 0.0
	for _, g := range c.groups {
		least, most = min(least, g.engine, g.floor), max(most, g.engine, g.floor)
	}
	switch {
	case value <= 0 || most <= 0:
		return 0
	case c.logarithmic && least > 0:
		return math.Log(value/least*10) / math.Log(most/least*10)
	default:
		return value / most
	}
}

// words tell what the chart shows.
func (c chart) words() string {
	if len(c.groups) == 0 {
		return strings.TrimSpace(unmeasured)
	}
	var told []string
	for _, g := range c.groups {
		told = append(told, fmt.Sprintf("%s clients: gavel %s, pgbench %s", g.label, figure(g.engine), figure(g.floor)))
	}
	return "In " + c.unit + ". " + strings.Join(told, "; ") + "."
}
