//go:build bench

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
	"github.com/gavelhq/gavel/test/load"
)

// writtenFrom is how many rounds a figure needs to be written into docs/performance.json.
const writtenFrom = 5

// bench is one run of the load tool.
type bench struct {
	t       *testing.T
	rounds  int
	seconds int
	only    []string // groups; empty for all
	origin  load.Origin
	cluster *postgrestest.Cluster
	floor   *load.Floor // nil where there is none to compare with
	houses  map[string]*loadHouse
	report  load.Report
}

// TestLoad plays the scenarios of test/load on every store, and in turn with pgbench's, and compares. `make bench` runs
// it. TEST_LOAD_ROUNDS and TEST_LOAD_SECONDS say how often and how long; TEST_LOAD_ONLY names groups, separated by commas:
// the scenarios, and long, many, grouped and reads. TEST_LOAD_MILLION=1 includes the group many, which takes minutes.
func TestLoad(t *testing.T) {
	b := newBench(t)
	b.groups(map[string]func(){
		"hot":     func() { b.scenario("hot") },
		"uniform": func() { b.scenario("uniform") },
		"zipf":    func() { b.scenario("zipf") },
		"mixed":   func() { b.scenario("mixed") },
		"long":    b.longListing,
		"many":    b.manyListings,
		"grouped": b.grouped,
		"reads":   b.reads,
	})
	b.write()
}

func newBench(t *testing.T) *bench {
	t.Helper()
	collectSeldom() // as the program does
	b := &bench{
		t: t, rounds: countFrom(t, "TEST_LOAD_ROUNDS", 5), seconds: countFrom(t, "TEST_LOAD_SECONDS", 3),
		cluster: loadCluster(t), houses: map[string]*loadHouse{},
		report: load.Report{Ratios: map[string]load.Ratio{}, Runs: map[string]load.Run{}},
	}
	if only := os.Getenv("TEST_LOAD_ONLY"); only != "" {
		b.only = strings.Split(only, ",")
	}
	b.origin = originOf(t, b.rounds, b.seconds)
	b.origin.Machine += ", PostgreSQL " + serverVersion(t, b.cluster)
	b.openFloor()
	return b
}

// originOf says where figures come from that are measured now.
func originOf(t *testing.T, rounds, seconds int) load.Origin {
	t.Helper()
	return load.Origin{
		Date: time.Now().UTC().Format(time.DateOnly), Commit: measuredCommit(), Machine: machine(t), Load: loadAverage(t),
		Rounds: rounds, Seconds: seconds,
	}
}

// openFloor finds pgbench and its tables.
func (b *bench) openFloor() {
	b.t.Helper()
	folder := os.Getenv("TEST_FLOOR")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "bench", "floor")
	}
	floor := load.Floor{Folder: folder}
	if missing := floor.Missing(); missing != nil {
		fmt.Println("nothing is compared with pgbench:", missing)
		return
	}
	floor.URL = createDatabase(b.t, b.cluster, "floor")
	b.floor = &floor
}

// groups measures those that are asked for, in the order of their names.
func (b *bench) groups(all map[string]func()) {
	b.t.Helper()
	for _, name := range b.only {
		require.Contains(b.t, all, name, "TEST_LOAD_ONLY")
	}
	for _, name := range []string{"hot", "uniform", "zipf", "mixed", "long", "many", "grouped", "reads", "http"} {
		measure := all[name]
		if measure == nil || len(b.only) > 0 && !slices.Contains(b.only, name) {
			continue
		}
		if name == "many" && os.Getenv("TEST_LOAD_MILLION") == "" {
			fmt.Println("many: left out, because it publishes a million listings first: TEST_LOAD_MILLION=1 includes it")
			continue
		}
		begun := time.Now()
		measure()
		fmt.Printf("-- %s took %s\n", name, time.Since(begun).Round(time.Second))
	}
}

// house returns the house of that name on a store, opened when it is first asked for.
func (b *bench) house(store, name string) *loadHouse {
	b.t.Helper()
	key := store + "_" + name
	if b.houses[key] == nil {
		b.houses[key] = openLoadHouse(b.t, b.cluster, store, key, passive)
	}
	return b.houses[key]
}

// lasts is how long a round is.
func (b *bench) lasts() time.Duration { return time.Duration(b.seconds) * time.Second }

// playFloor lets pgbench run scripts for a round on tables that are filled anew. CPU is that of pgbench and the server.
func (b *bench) playFloor(scripts []string, clients int) load.Result {
	b.t.Helper()
	require.NoError(b.t, b.floor.Fill(b.t.Context(), 10_000))
	result, err := b.floor.Play(b.t.Context(), scripts, clients, b.lasts(), func() time.Duration { return serverTime(b.t, b.cluster) })
	require.NoError(b.t, err)
	return result
}

// inTurn calls both, this one first in even rounds and that one in odd ones, so that neither always comes after the other.
func inTurn(round int, this, that func()) {
	if round%2 == 1 {
		this, that = that, this
	}
	this()
	that()
}
