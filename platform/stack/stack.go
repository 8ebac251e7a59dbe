// Package stack writes down where the program is. Unlike runtime/debug it leaves out what the functions were given: that
// may be a secret, such as a bidder's maximum, and stacks go into the log.
package stack

import (
	"fmt"
	"runtime"
)

// deepest is how many calls are written down.
const deepest = 100

// Text returns the stack of its caller, the innermost call first: each function and, on a line of its own, the file and
// line that it is at.
func Text() string {
	callers := make([]uintptr, deepest)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	var text []byte
	for {
		frame, more := frames.Next()
		text = fmt.Appendf(text, "%s\n\t%s:%d\n", frame.Function, frame.File, frame.Line)
		if !more {
			return string(text)
		}
	}
}
