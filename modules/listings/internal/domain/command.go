package domain

import "github.com/google/uuid"

// Actor is who gives a command.
type Actor struct {
	// ID is the member; zero for the clock.
	ID uuid.UUID
	// Moderator says that the member may do what moderators may.
	Moderator bool
}

// Command says who commands, and under which id. The id is unique over all logs, so that a command whose answer was
// lost can be looked up.
type Command struct {
	// ID names the command.
	ID uuid.UUID
	// Actor gives it.
	Actor Actor
}
