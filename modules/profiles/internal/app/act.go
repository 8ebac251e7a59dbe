package app

import (
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// ActCommand asks to do something to a member, with one of the rights of those who run the house.
type ActCommand struct {
	// By is who acts; the zero Caller is the operator at the command line. The edge has checked the permission.
	By identity.Caller
	// Member is to whom.
	Member uuid.UUID
	// Reason is one line. A suspension needs one.
	Reason string
	// Key makes the command safe to repeat.
	Key string
}
