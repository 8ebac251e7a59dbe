package events

import "context"

// Subscriber is somebody who wants to know what happened. It gets every event of its kinds at least once, those of one
// aggregate in the order of Seq.
type Subscriber struct {
	// Name is unique and stays as it is for ever: how far it has got is kept under it.
	Name string
	// Kinds are those of the events that it wants. It never sees others.
	Kinds []string
	// Past gives a subscriber that is new the events from before its time, as far back as they are kept; otherwise it
	// begins with the next one.
	Past bool
	// Handle does what is to be done about one event, in the unit of work in ctx. What it changes through repositories is
	// stored in the same transaction as the fact that the event was handled: exactly once, however often Handle is called.
	// As the function of any unit it may be called more than once, and does no I/O but repositories. Errors: whatever keeps
	// it from being done; it is called again later, and meanwhile for no later event of the same aggregate.
	Handle func(ctx context.Context, m Message) error
	// Prepare takes the place of Handle for what has to be read outside units of work, such as what other modules tell: it is
	// called with the event before its unit, changes nothing, and returns what is done in that unit, as Handle is. It may be
	// called for an event that is not handled then. Errors: as Handle.
	Prepare func(ctx context.Context, m Message) (handle func(ctx context.Context) error, err error)
}

// Numbered is a message and its number: its place in the one order in which all subscribers get the events.
type Numbered struct {
	Number int64
	Message
}
