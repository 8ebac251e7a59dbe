package main

import (
	"os"
	"runtime/debug"
)

// garbagePercent is how much may be allocated before it is collected, in hundredths of what is in use. A server that holds
// a few megabytes would collect several times a second under load, which is a third of what a bid costs it; so the heap may
// grow to four times what is in use, which while nothing happens is little.
const garbagePercent = 300

// collectSeldom sets that, unless whoever runs the program says something else with GOGC.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
}
