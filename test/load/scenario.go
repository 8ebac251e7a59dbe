package load

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed scenarios/*.yaml
var scenarios embed.FS

// The distributions of bids over listings.
const (
	One     = "one"     // every bid on the same one
	Uniform = "uniform" // every listing as likely as any other
	Zipf    = "zipf"    // the n-th as likely as 1/n^1.1: few are hot, most are cool
)

// The stores that a scenario is played on.
const (
	Memory   = "memory"
	SQLite   = "sqlite"
	Postgres = "postgres"
)

var stores = []string{Postgres, SQLite, Memory}

// Stores returns all stores, in the order in which they are played on.
func Stores() []string { return slices.Clone(stores) }

const (
	mostListings = 10_000_000
	mostClients  = 1000
)

// Scenario says what clients do to a market.
type Scenario struct {
	// Name is that of the file, without its ending.
	Name string `yaml:"-"`
	// About says in one sentence what is done, for the report.
	About string `yaml:"about"`
	// Listings is how many there are to bid on; Distribution how the clients choose among them: One, Uniform or Zipf.
	Listings     int    `yaml:"listings"`
	Distribution string `yaml:"distribution"`
	// Reads is the share of actions that read a listing, Refusals the share of those that are bids which a rule refuses; the
	// rest are bids that take the lead.
	Reads    float64 `yaml:"reads"`
	Refusals float64 `yaml:"refusals"`
	// Stores says for each store (Memory, SQLite, Postgres) how many clients act at once; each number is played by itself.
	Stores map[string][]int `yaml:"stores"`
	// Floor are the scripts by which pgbench does the same, each with its weight: "bid.pgb@3".
	Floor []string `yaml:"floor"`
}

// Scenarios returns those of the folder scenarios, by name. Errors: as Read.
func Scenarios() (map[string]Scenario, error) { return Read(scenarios, "scenarios") }

// Read returns the scenarios of a folder's YAML files, by name. Errors: what the file system reports; for each file that
// makes no sense, why, all of them joined.
func Read(files fs.FS, folder string) (map[string]Scenario, error) {
	paths, err := fs.Glob(files, path.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	found := map[string]Scenario{}
	var wrong error
	for _, file := range paths {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		s, err := ParseScenario(strings.TrimSuffix(path.Base(file), ".yaml"), text)
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", file, err))
		}
		found[s.Name] = s
	}
	return found, wrong
}

// ParseScenario returns the scenario of that name from YAML. Errors: a key that there is not, a value of the wrong type,
// and every value that makes no sense, all of them joined.
func ParseScenario(name string, text []byte) (Scenario, error) {
	s := Scenario{Name: name}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		return s, err
	}
	return s, s.check()
}

func (s Scenario) check() error {
	var wrong error
	require := func(holds bool, format string, values ...any) {
		if !holds {
			wrong = errors.Join(wrong, fmt.Errorf(format, values...))
		}
	}
	require(s.About != "", "about is empty: say what is done")
	require(s.Listings >= 1 && s.Listings <= mostListings, "listings is %d, and must be 1 to %d", s.Listings, mostListings)
	require(slices.Contains([]string{One, Uniform, Zipf}, s.Distribution),
		"distribution is %q, and must be %s, %s or %s", s.Distribution, One, Uniform, Zipf)
	require(s.Distribution != One || s.Listings == 1, "distribution one wants 1 listing, and not %d", s.Listings)
	require(s.Reads >= 0 && s.Refusals >= 0, "reads and refusals are shares, and not below 0")
	require(s.Reads+s.Refusals < 1, "reads and refusals are %g of all, and leave no bids", s.Reads+s.Refusals)
	require(len(s.Stores) > 0, "stores is empty: say on which store how many act, such as {postgres: [1, 8]}")
	for store, clients := range s.Stores {
		require(slices.Contains(stores, store), "stores has %q, and each must be one of %v", store, stores)
		require(len(clients) > 0, "stores says of %s that nobody acts", store)
		for _, n := range clients {
			require(n >= 1 && n <= mostClients, "stores has %d clients on %s, and it must be 1 to %d", n, store, mostClients)
		}
	}
	for _, script := range s.Floor {
		_, err := parseScript(script)
		require(err == nil, "floor has %q: %v", script, err)
	}
	return wrong
}
