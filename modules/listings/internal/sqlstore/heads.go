package sqlstore

import (
	"context"
	"fmt"
	"iter"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Head is where the log of a listing ends.
type Head struct {
	// Listing is whose log it is.
	Listing uuid.UUID
	// Head has no stamp.
	domain.Head
}

// headRow is a Head as it is stored.
type headRow struct {
	ID   uuid.UUID `db:"id"`
	Seq  int64     `db:"head_seq"`
	Hash digest    `db:"head_hash"`
}

// Heads yields the heads of all logs, by listing, also from a database that an older program has left; none from one
// that has no listings. Heads that are none, because somebody has written something else there, are left out: verifying
// tells. Errors: db.ErrUnavailable, once, as the last element.
func Heads(ctx context.Context, q db.Querier) iter.Seq2[Head, error] {
	return func(yield func(Head, error) bool) {
		versions, err := db.SchemaVersions(ctx, q)
		if err != nil {
			yield(Head{}, fmt.Errorf("read the heads of the logs: %w", err))
			return
		}
		if versions[module] == 0 {
			return
		}
		rows := db.Rows[headRow](ctx, q, `
			SELECT id, head_seq, head_hash
			FROM listings
			WHERE head_seq > 0 AND length(head_hash) = 32
			ORDER BY id`)
		for row, err := range rows {
			if err != nil {
				yield(Head{}, fmt.Errorf("read the heads of the logs: %w", err))
				return
			}
			if !yield(Head{Listing: row.ID, Head: domain.Head{Seq: row.Seq, Hash: domain.Hash(row.Hash)}}, nil) {
				return
			}
		}
	}
}
