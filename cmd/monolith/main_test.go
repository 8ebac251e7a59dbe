package main

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if isChild() {
		os.Exit(runChild())
	}
	goleak.VerifyTestMain(m,
		// The connection to the temporary PostgreSQL stays open as long as the test process lives.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
		goleak.Cleanup(func(status int) {
			if err := os.RemoveAll(built); built != "" && err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			os.Exit(status)
		}),
	)
}
