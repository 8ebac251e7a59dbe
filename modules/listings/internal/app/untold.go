package app

import (
	"context"
	"time"

	"github.com/google/uuid"
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
}
