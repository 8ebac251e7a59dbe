// Allocations compares what a bid and a read take from the heap with a stored baseline.
//
//	go run ./test/load/allocations [-update]
//
// It prints how each benchmark differs from test/load/allocations/baseline.txt; -update writes that file anew. The exit status is
// 1 if one allocates a tenth more objects than it did, or the benchmarks are not those of the baseline.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"github.com/gavelhq/gavel/test/load"
)

const (
	root     = "github.com/gavelhq/gavel/"
	baseline = "test/load/allocations/baseline.txt"
)

// benchmarks are those of a bid and a read, each for a fixed number of times, because what happens once in a while is spread over
// them.
var benchmarks = []string{
	"test", "-run", "^$", "-bench", "^Benchmark(PlaceBid|Bid|Reads|Do|DoAll)$", "-benchtime", "500x", "-benchmem",
	"./modules/listings/internal/domain", "./modules/listings/internal/sqlstore", "./modules/listings/internal/readcache", "./platform/uow",
}

func main() {
	update := flag.Bool("update", false, "write the baseline anew")
	flag.Parse()
	if err := run(context.Background(), *update); err != nil {
		fmt.Fprintln(os.Stderr, "allocations:", err)
		os.Exit(1)
	}
}

// run measures, and compares or updates.
func run(ctx context.Context, update bool) error {
	cmd := exec.CommandContext(ctx, "go", benchmarks...) //nolint:gosec // the arguments are ours
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go test: %w: %s", err, output)
	}
	now, err := load.ParseBenchmarks(string(output), root)
	if err != nil {
		return err
	}
	if update {
		return os.WriteFile(baseline, []byte(load.FormatBaseline(now)), 0o644) //nolint:gosec // it is a file of the repository
	}
	text, err := os.ReadFile(baseline)
	if err != nil {
		return err
	}
	before, err := load.ParseBaseline(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", baseline, err)
	}
	lines, err := load.CompareAllocated(before, now)
	for _, line := range lines {
		fmt.Println(line)
	}
	return err
}
