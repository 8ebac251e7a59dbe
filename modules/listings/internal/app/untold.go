package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Untold knows which news the clock has still to bring. It reads what is committed and never waits for a lock.
type Untold interface {
	// EndingSoon returns the watches of which nothing was announced and whose listing is open at the instant now, not frozen,
	// and ends after now but not after until; those of the soonest end first and equal ones by id, at most limit. Errors: what
	// the store reports.
	EndingSoon(ctx context.Context, now, until time.Time, limit int) ([]uuid.UUID, error)
	// Tellings returns the listings whose bidders are still being told, by id from behind after, at most limit. Errors: what
	// the store reports.
	Tellings(ctx context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error)
	// Telling returns how far the telling of a listing's end has got. Errors: domain.ErrRecordNotFound when everybody has been
	// told, or what the store reports.
	Telling(ctx context.Context, listing uuid.UUID) (domain.TellingState, error)
	// Bidders is Roll.Bidders outside units of work: it may read a long log, which nobody who writes should wait for. Errors:
	// ErrUnreadable, or what the store reports.
	Bidders(ctx context.Context, listing, after uuid.UUID, limit int) (live []uuid.UUID, last uuid.UUID, err error)
}
