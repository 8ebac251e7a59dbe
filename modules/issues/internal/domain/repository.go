package domain

import (
	"context"

	"github.com/google/uuid"
)

// Repository gives out issues inside a unit of work: within one command the same pointer for the same id. Nobody saves;
// what changed, and the events that it recorded, are stored when the unit commits. Outside a unit, and after it ended,
// every method returns an error that says so.
type Repository interface {
	// Get returns the issue. Errors: ErrIssueNotFound, a conflict that the unit resolves by running again, or what the
	// store reports.
	Get(ctx context.Context, id uuid.UUID) (*Issue, error)
	// Add makes a new issue part of the unit. Errors: ErrIssueTaken when the unit commits, for an id that is taken.
	Add(ctx context.Context, issue *Issue) error
	// Remove deletes an issue that nobody ever saw, with its timeline, when the unit commits; Get no longer finds it.
	// Errors: as Get.
	Remove(ctx context.Context, id uuid.UUID) error
	// Loads returns a hint that the unit will Get these issues, so that it loads them with one query, locked. Errors of the
	// hint: the unit's own.
	Loads(ids ...uuid.UUID) func(context.Context) error
}

// Letters gives out letters inside a unit of work, as Repository does issues.
type Letters interface {
	// Get returns the letter. Errors: ErrLetterNotFound, a conflict that the unit resolves by running again, or what the
	// store reports.
	Get(ctx context.Context, id uuid.UUID) (*Letter, error)
	// Add makes a new letter part of the unit: it is there if and only if what it tells is. Errors: when the unit commits,
	// ErrLetterTaken for an id that is taken.
	Add(ctx context.Context, letter *Letter) error
	// Remove forgets a letter when the unit commits. Errors: as Get.
	Remove(ctx context.Context, id uuid.UUID) error
	// Loads returns a hint that the unit will Get these letters. Errors of the hint: the unit's own.
	Loads(ids ...uuid.UUID) func(context.Context) error
}
