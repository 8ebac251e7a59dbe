package uow

import (
	"context"
	"encoding/binary"

	"github.com/google/uuid"
)

// Units that are shared run in lanes, each of which computes one unit at a time. The commands on one aggregate are all in one
// lane: in two they would only be in each other's way. Where a command turns out to touch aggregates of another lane it may meet a
// conflict there, as with another server.

// announcement is what the hints of a command name first.
type announcement struct {
	id    uuid.UUID
	known bool
}

type announcementKey struct{}

// laneOf returns the lane of a command with these hints. What is wrong with a hint will be said when the unit takes it.
func laneOf(ctx context.Context, hints []Hint, lanes int) int {
	if lanes == 1 {
		return 0
	}
	first := &announcement{}
	ctx = context.WithValue(ctx, announcementKey{}, first)
	for i := 0; i < len(hints) && !first.known; i++ {
		_ = hints[i](ctx)
	}
	return int(binary.BigEndian.Uint64(first.id[8:]) % uint64(lanes)) //nolint:gosec // less than lanes
}

// announces notes the aggregates that a hint names, if it is asked for the command's lane only.
func announces(ctx context.Context, ids []uuid.UUID) bool {
	first, ok := ctx.Value(announcementKey{}).(*announcement)
	if ok && len(ids) > 0 {
		first.id, first.known = ids[0], true
	}
	return ok
}
