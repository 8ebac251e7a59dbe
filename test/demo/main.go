// Demo plays a whole market over HTTP against a fresh server, and is refused in every way that the rules name.
//
//	go run ./test/demo [-v]
//
// It runs `make run` in a temporary data folder, as the README does: sets the admin up with the link that the server
// prints, registers members, verifies them with the links in their letters, and has them sell, bid, buy, retract, cancel
// and be refused, one line a step. What takes days takes seconds: the server is stopped and started again with its clock
// ahead (rehearsal.clock_ahead). In the end `monolith verify` checks every log.
//
// Each answer is compared with what the rules say. The exit status is 1, and the step is named, when one differs, or when
// a refusal of the table in codes.go was not shown. With -v every request and answer is printed: the story is an
// introduction to the API.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./test/demo [-v]")
		flag.PrintDefaults()
	}
	verbose := flag.Bool("v", false, "print every request and every answer")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := play(ctx, setting{root: ".", binary: "bin/monolith", verbose: *verbose}, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}
