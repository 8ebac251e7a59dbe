package listingsapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// Moderation lets other modules act on listings for a moderator, by the rules and with the records of the listings' own
// commands. Inside a unit of work it joins that unit.
type Moderation interface {
	// Freeze stops bidding on the listing. The reason is for the seller and the moderators. Errors: a fault, such as forbidden for a caller without Moderate, not_found, or a
	// conflict with its state; what the store reports.
	Freeze(ctx context.Context, by identity.Caller, listing uuid.UUID, reason string) error
	// Unfreeze lets bidding go on. Errors: as Freeze.
	Unfreeze(ctx context.Context, by identity.Caller, listing uuid.UUID, reason string) error
	// Cancel calls the listing off; it sells nothing. The reason is told to the bidders. Errors: as Freeze.
	Cancel(ctx context.Context, by identity.Caller, listing uuid.UUID, reason string) error
}
