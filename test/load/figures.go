package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"slices"
)

// Report is docs/performance.json: what was measured, each figure with the run that it comes from.
type Report struct {
	// Ratios are by the keys of Goals.
	Ratios map[string]Ratio `json:"ratios"`
	// Runs are by scenario, store and number of clients: see Run.Name.
	Runs map[string]Run `json:"runs"`
	// Costs are figures of one bid, a replay and an idle server, by store.
	Costs *Costs `json:"costs,omitempty"`
}

// Origin says in which run something was measured.
type Origin struct {
	// Date is the day (UTC), Commit what was measured.
	Date   string `json:"date"`
	Commit string `json:"commit"`
	// Machine names processor, cores and versions.
	Machine string `json:"machine"`
	// Load is the machine's load average when the run began: what others did beside.
	Load string `json:"load"`
	// Rounds is how often each was measured, in turn; Seconds how long each time.
	Rounds  int `json:"rounds"`
	Seconds int `json:"seconds,omitempty"`
}

// Spread is a figure of several rounds.
type Spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// SpreadOf returns the spread of a figure measured in several rounds, at least one.
func SpreadOf(rounds []float64) Spread {
	sorted := slices.Sorted(slices.Values(rounds))
	n := len(sorted)
	return Spread{Median: Rounded((sorted[(n-1)/2] + sorted[n/2]) / 2), Min: Rounded(sorted[0]), Max: Rounded(sorted[n-1])}
}

// Rounded keeps four digits, which is more than a shared machine repeats.
func Rounded(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

// Ratio compares two figures, round by round.
type Ratio struct {
	Spread
	// Must and Aim are those of the key's Goal, Holds whether the median reaches Must.
	Must  float64 `json:"must"`
	Aim   float64 `json:"aim"`
	Holds bool    `json:"holds"`
	// Unit is that of Engine and Floor, the figures of each round of which the ratio is: Engine ÷ Floor.
	Unit   string    `json:"unit"`
	Engine []float64 `json:"engine"`
	Floor  []float64 `json:"floor"`
	// Durability are the settings of the database, read on the connection that writes.
	Durability map[string]string `json:"durability,omitempty"`
	Origin     Origin            `json:"origin"`
}

// NewRatio returns the ratio of what the engine and the floor did in each round. Errors: a key that is not one of Goals;
// different numbers of rounds, or none.
func NewRatio(key, unit string, engine, floor []float64, origin Origin, durability map[string]string) (Ratio, error) {
	goal, known := GoalOf(key)
	if !known {
		return Ratio{}, fmt.Errorf("no goal is called %q", key)
	}
	if len(engine) == 0 || len(engine) != len(floor) {
		return Ratio{}, fmt.Errorf("%s: %d rounds of the engine and %d of the floor", key, len(engine), len(floor))
	}
	rounds := make([]float64, len(engine))
	r := Ratio{Must: goal.Must, Aim: goal.Aim, Unit: unit, Durability: durability, Origin: origin}
	for i := range engine {
		rounds[i] = engine[i] / floor[i]
		r.Engine, r.Floor = append(r.Engine, Rounded(engine[i])), append(r.Floor, Rounded(floor[i]))
	}
	r.Spread = SpreadOf(rounds)
	r.Holds = goal.Reached(r.Median)
	return r, nil
}

// Run is what clients achieved on a store.
type Run struct {
	Scenario string `json:"scenario"`
	Store    string `json:"store"`
	Clients  int    `json:"clients"`
	Engine   Pace   `json:"engine"`
	// Floor is what pgbench achieved in turn; nil where it was not asked.
	Floor *Pace `json:"floor,omitempty"`
	// Overtaken is the share of bids, in percent, that other bids of the load overtook while they waited: they count for
	// nothing. Verified is how many logs were verified after the rounds, and Logged how many bids the logs had gained: as
	// many as were acknowledged, or the run would have failed.
	Overtaken float64 `json:"overtaken_percent"`
	Verified  int64   `json:"verified_logs"`
	Logged    int64   `json:"logged_bids"`

	Durability map[string]string `json:"durability,omitempty"`
	Origin     Origin            `json:"origin"`
}

// Name is what the run is called among others: "hot/postgres/128".
func (r Run) Name() string { return fmt.Sprintf("%s/%s/%d", r.Scenario, r.Store, r.Clients) }

// Pace is how fast something went.
type Pace struct {
	// Rate is actions a second.
	Rate Spread `json:"rate"`
	// P50 and P99 are how long one took, in milliseconds.
	P50 Spread `json:"p50_ms"`
	P99 Spread `json:"p99_ms"`
	// CPU is the processor time of one, of all processes that took part, in microseconds; zero where it was not measured.
	CPU Spread `json:"cpu_us"`
}

// PaceOf sums up rounds, at least one.
func PaceOf(rounds []Result) Pace {
	figures := func(of func(Result) float64) Spread {
		all := make([]float64, len(rounds))
		for i, r := range rounds {
			all[i] = of(r)
		}
		return SpreadOf(all)
	}
	return Pace{
		Rate: figures(Result.Pace),
		P50:  figures(func(r Result) float64 { return r.P50.Seconds() * 1e3 }),
		P99:  figures(func(r Result) float64 { return r.P99.Seconds() * 1e3 }),
		CPU:  figures(func(r Result) float64 { return r.CPU.Seconds() * 1e6 }),
	}
}

// Pace returns the rate.
func (r Result) Pace() float64 { return r.Rate }

// Costs are a table: figures by name, each with one value per store.
type Costs struct {
	Stores []string `json:"stores"`
	Rows   []Row    `json:"rows"`
	Origin Origin   `json:"origin"`
}

// Row is one line of it.
type Row struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// ReadReport returns what the file holds, or an empty report where there is none. Errors: what the file system reports; that the
// file is no report.
func ReadReport(path string) (Report, error) {
	r := Report{Ratios: map[string]Ratio{}, Runs: map[string]Run{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Merge takes over what newer has measured.
func (r *Report) Merge(newer Report) {
	maps.Copy(r.Ratios, newer.Ratios)
	maps.Copy(r.Runs, newer.Runs)
	if newer.Costs != nil {
		r.Costs = newer.Costs
	}
}

// JSON returns the text of the report's file. Errors: a figure that is not a number.
func (r Report) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	return append(text, '\n'), err
}
