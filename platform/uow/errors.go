package uow

import (
	"errors"
	"fmt"

	"github.com/gavelhq/gavel/platform/fault"
)

var (
	// ErrNoUnit is returned by a repository that is called with a context that carries no unit of work.
	ErrNoUnit = errors.New("no unit of work in this context: call the repository inside Work.Do and pass on the context it gives")

	// ErrEnded is returned by a repository that is called with the context of a unit of work that is over.
	ErrEnded = errors.New("the unit of work of this context has ended: use its context only inside the function given to Work.Do")

	// ErrConflict means that somebody else changed the same aggregate first and that nothing was committed. Stores wrap
	// it around version mismatches, serialization failures, deadlocks and busy databases; the unit then runs again.
	ErrConflict = errors.New("changed by somebody else meanwhile")

	// ErrCommitUnknown is wrapped by a resource's Commit that lost its connection before the answer came: the
	// transaction may be durable or gone. The unit finds out by the ids of its commands.
	ErrCommitUnknown = errors.New("the connection was lost during the commit")

	// ErrNotRecorded is returned by the Committed of a store that keeps no command ids.
	ErrNotRecorded = errors.New("this store keeps no command ids")

	// ErrAlreadyAdded is returned by Add for an id that this unit has loaded, added or removed.
	ErrAlreadyAdded = errors.New("this unit of work already knows an aggregate with that id")

	// ErrNotNew is returned by Add for an aggregate that an earlier run of the function, or another unit, has added: its
	// events are gone with that one.
	ErrNotNew = errors.New("this aggregate is not new: make new ones inside the function, which may run more than once")

	// ErrNested is returned by DoAll inside a unit of work: only single commands join the unit around them.
	ErrNested = errors.New("many commands cannot join the unit of work around them")

	// ErrTwoDatabases is returned when a second SQL database joins a unit: one commit cannot cover both.
	ErrTwoDatabases = errors.New("a unit of work commits to at most one database")

	// ErrOutcomeUnknown tells the caller that the commit may or may not have happened (auction-rules, "Codes and
	// statuses"). The same command id gives the true answer.
	ErrOutcomeUnknown = fault.New(fault.Unavailable, "outcome_unknown",
		"The connection to the database was lost while your command was being stored. Repeat it with the same key to learn whether it was accepted.")

	// ErrBusy tells the caller that the unit lost against others until its deadline. Nothing was stored.
	ErrBusy = fault.New(fault.Unavailable, "busy", "Too many others are changing the same thing right now. Please try again.")
)

// PanicError is the outcome of a command that panicked in a unit of many commands. Do, which has only one, panics again
// instead.
type PanicError struct {
	// Value is what the command panicked with.
	Value any
	// Stack is the stack of the panic, without what the functions were given.
	Stack []byte
}

// Error returns the panic's value and stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.Value, e.Stack) }
