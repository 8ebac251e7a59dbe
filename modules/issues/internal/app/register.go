package app

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Register knows the issues by the repository and number under which others know them: of an imported one those that it had,
// of one that was reported here the name of this house and the next number, which it is given when staff first see it. Neither
// ever changes, and no two issues have the same.
type Register interface {
	// Numbered returns those of the origins that have an issue. Call it inside a unit of work: it tells what is committed, not
	// what the unit itself has changed. Errors: uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
	Numbered(ctx context.Context, origins []domain.Origin) (map[domain.Origin]uuid.UUID, error)
	// All yields all issues that staff can see, by repository, whose bytes are compared, and number, as they were at one
	// instant. They need not fit into memory. Call it outside units of work. Errors: what the store reports, once, as the last
	// element.
	All(ctx context.Context) iter.Seq2[NumberedIssue, error]
}

// NumberedIssue is an issue as others may know it.
type NumberedIssue struct {
	// Origin is where it comes from, this house included.
	Origin domain.Origin
	Title  string
	// ReportedAt is when it was reported; EndedAt when it was closed, rejected or merged, as last stored.
	ReportedAt, EndedAt time.Time
	// Phase is what its state depends on.
	Phase domain.Phase
	// Comments is the number of public comments.
	Comments int64
}
