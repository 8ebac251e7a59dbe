// Acceptance measures every figure that the project promises and fails where one does not hold.
//
//	go run ./test/acceptance [-list] [name…]
//
// It prints what the commands print while they run, and in the end one table: figure, wanted, got, holds. With names,
// only the steps whose names begin so run. The exit status is 1 if any figure does not hold or cannot be read.
//
// It needs what `make test` needs, and the recorded auctions in the folder that TEST_DATA names, by default shared/data
// beside the repository. All of it takes about an hour on two cores.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
	"github.com/gavelhq/gavel/test/acceptance/figure"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./test/acceptance [-list] [name…]")
		flag.PrintDefaults()
	}
	list := flag.Bool("list", false, "name the steps and do nothing")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	held, err := run(ctx, *list, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "acceptance:", err)
	}
	if err != nil || !held {
		stop()
		os.Exit(1)
	}
}

// run measures the steps that the names begin, or only lists them. It reports whether every figure holds.
func run(ctx context.Context, list bool, names []string) (held bool, err error) {
	if list {
		for _, s := range steps(setting{}) {
			fmt.Printf("%-40s %s\n", s.Name, strings.Join(s.Command, " "))
		}
		return true, nil
	}
	chosen := choose(steps(setting{}), names)
	if len(chosen) == 0 {
		return false, fmt.Errorf("no step's name begins with %s; -list names them", strings.Join(names, " or "))
	}
	at, err := prepare(ctx, chosen)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, at.close()) }()

	var rows []figure.Row
	for i, s := range choose(steps(at.setting), names) {
		begun := time.Now()
		fmt.Printf("==> %d of %d: %s\n", i+1, len(chosen), s.Name)
		rows = append(rows, s.Measure(ctx, ".", func(line string) { fmt.Println("   ", line) })...)
		fmt.Printf("<== %v\n", time.Since(begun).Round(time.Second))
	}
	fmt.Println()
	held, err = figure.Print(os.Stdout, rows)
	return held, err
}

// choose returns the steps whose names begin with one of the names; all of them without any.
func choose(all []figure.Step, names []string) []figure.Step {
	if len(names) == 0 {
		return all
	}
	var chosen []figure.Step
	for _, s := range all {
		for _, name := range names {
			if strings.HasPrefix(s.Name, name) {
				chosen = append(chosen, s)
				break
			}
		}
	}
	return chosen
}

// setting is what the steps need.
type setting struct {
	monolith string // the program
	auctions string // file of the recorded auctions
	postgres string // URL of a database
}

// place is a setting that exists.
type place struct {
	setting
	dir     string
	cluster *postgrestest.Cluster // nil: no step needs one
}

// prepare builds the program and starts a PostgreSQL, where the steps need them.
// Errors: recorded auctions that are needed and not there.
func prepare(ctx context.Context, chosen []figure.Step) (p place, err error) {
	if !anyBegins(chosen, "replay") {
		return place{}, nil
	}
	folder := os.Getenv("TEST_DATA")
	if folder == "" {
		folder = filepath.Join("..", "shared", "data")
	}
	p.auctions = filepath.Join(folder, "ebay-auctions.csv")
	if _, err := os.Stat(p.auctions); err != nil {
		return place{}, fmt.Errorf("find the recorded auctions (TEST_DATA names their folder): %w", err)
	}
	if p.dir, err = os.MkdirTemp("", "gavel-acceptance-"); err != nil {
		return place{}, fmt.Errorf("make a directory for the program: %w", err)
	}
	p.monolith = filepath.Join(p.dir, "monolith")
	build := exec.CommandContext(ctx, "go", "build", "-o", p.monolith, "./cmd/monolith")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return place{}, errors.Join(fmt.Errorf("build the program: %w", err), p.close())
	}
	if p.cluster, err = postgrestest.StartCluster(ctx); err != nil {
		return place{}, errors.Join(err, p.close())
	}
	p.postgres = p.cluster.URL("postgres")
	return p, nil
}

func (p place) close() error {
	var err error
	if p.cluster != nil {
		err = p.cluster.Close()
	}
	if p.dir != "" {
		err = errors.Join(err, os.RemoveAll(p.dir))
	}
	return err
}

func anyBegins(steps []figure.Step, prefix string) bool {
	return len(choose(steps, []string{prefix})) > 0
}
