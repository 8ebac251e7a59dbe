package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gavelhq/gavel/platform/fault"
)

// ErrInvalid is the fault of every configuration that is refused; match it with errors.Is.
var ErrInvalid = fault.New(fault.Invalid, "invalid_configuration", "Correct the configuration and start again.")

// Problem is one thing that is wrong with a configuration.
type Problem struct {
	// Key names what is wrong: a key, a variable where that is no key's, or a file.
	Key string `json:"key"`
	// Origin is where the value came from.
	Origin Origin `json:"origin"`
	// Value is what was found there; empty for secrets, and where there is none.
	Value string `json:"value,omitempty"`
	// Detail says what is wrong or what it must be.
	Detail string `json:"detail"`
}

// String returns the problem on one line: `http.read_timeout = "3" (GAVEL_HTTP_READ_TIMEOUT): must be …`.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Key)
	if p.Value != "" {
		b.WriteString(" = " + strconv.Quote(p.Value))
	}
	if origin := p.Origin.String(); origin != "" && origin != p.Key {
		b.WriteString(" (" + origin + ")")
	}
	b.WriteString(": " + p.Detail)
	return b.String()
}

// Error is everything that is wrong with a configuration, at once.
type Error struct {
	// Problems has at least one element, sorted by key.
	Problems []Problem
}

// Error returns the code and one line per problem.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(ErrInvalid.Code() + ": ")
	if len(e.Problems) == 1 {
		b.WriteString(e.Problems[0].String())
		return b.String()
	}
	fmt.Fprintf(&b, "%d problems", len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// Unwrap makes every Error an ErrInvalid.
func (e *Error) Unwrap() error { return ErrInvalid }
