// Package fault is the vocabulary of refusals: a few kinds, a stable code per rule, and the fields that belong to it.
//
// Domain packages declare their rules as faults; adapters translate driver errors into them; one place at each edge
// (platform/httpserver for HTTP, cmd/monolith for the shell) turns them into a status. An error that is not a fault is
// Internal: it is logged once and shown without detail.
package fault

import (
	"errors"
	"fmt"
	"maps"
)

// Kind says what sort of refusal a fault is. Edges map kinds, never codes, to statuses.
type Kind string

// The kinds. There are few on purpose: what tells rules apart is the code.
const (
	Invalid         Kind = "invalid"         // the input breaks a rule, whatever the state
	Unauthenticated Kind = "unauthenticated" // nobody is signed in, or not validly
	Forbidden       Kind = "forbidden"       // this caller may not
	NotFound        Kind = "not_found"       // there is none, or the caller may not know of it
	Conflict        Kind = "conflict"        // the present state forbids it
	Precondition    Kind = "precondition"    // the caller's idea of the version is out of date
	Limited         Kind = "limited"         // too often, too much
	Unavailable     Kind = "unavailable"     // not now; the same request may succeed later
	Internal        Kind = "internal"        // our mistake
)

// Error is a fault: immutable, comparable by code with errors.Is, and safe to show to the caller in full.
type Error struct {
	kind   Kind
	code   string
	detail string
	fields map[string]any
}

// New returns a fault of the given kind. The code is stable: programs rely on it. The detail is an English sentence
// that says what to do.
func New(kind Kind, code, detail string) *Error {
	return &Error{kind: kind, code: code, detail: detail}
}

// With returns a copy of e that also carries a field of the rule, such as the next minimum of a refused bid. The value
// must be something that encoding/json can write and that the caller may see.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.fields = maps.Clone(e.fields)
	if c.fields == nil {
		c.fields = map[string]any{}
	}
	c.fields[name] = value
	return &c
}

// Detailf returns a copy of e with another detail.
func (e *Error) Detailf(format string, args ...any) *Error {
	c := *e
	c.detail = fmt.Sprintf(format, args...)
	return &c
}

// Kind returns the kind of e.
func (e *Error) Kind() Kind { return e.kind }

// Code returns the stable code of the rule, such as bid_too_low.
func (e *Error) Code() string { return e.code }

// Detail returns the sentence for people.
func (e *Error) Detail() string { return e.detail }

// Fields returns a copy of the rule's own fields; never nil.
func (e *Error) Fields() map[string]any {
	if e.fields == nil {
		return map[string]any{}
	}
	return maps.Clone(e.fields)
}

// Error returns "code: detail".
func (e *Error) Error() string { return e.code + ": " + e.detail }

// Is reports whether target is a fault of the same kind and code, so that a rule's declared value matches the copies
// that carry fields or another detail.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.kind == e.kind && t.code == e.code
}

// Of returns the outermost fault in err's chain. What is no fault is Internal, with a detail that gives nothing away;
// for a nil err it returns nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return internal
}

// KindOf returns the kind of err, Internal for what is no fault and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return Of(err).kind
}

// CodeOf returns the stable code of err, "internal" for what is no fault and "" for nil.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	return Of(err).code
}

var internal = New(Internal, "internal", "Something went wrong on our side. Please try again; if it stays, tell the operator.")
