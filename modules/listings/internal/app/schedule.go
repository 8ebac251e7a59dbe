package app

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Schedule knows what the clock has to do. It reads what is committed and never waits for a lock.
type Schedule interface {
	// Due returns the listings that are to be opened or closed at the instant now, those overdue longest first and equal
	// ones by id, at most limit. Frozen ones are not among them: they wait for a moderator. Errors: what the store
	// reports.
	Due(ctx context.Context, now time.Time, limit int) ([]uuid.UUID, error)
	// Next returns the earliest instant at which a listing has to be opened or closed, which may have passed, and false
	// if there is none. Errors: what the store reports.
	Next(ctx context.Context) (time.Time, bool, error)
}
