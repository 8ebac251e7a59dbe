package profilesapi

import (
	"context"

	"github.com/google/uuid"
)

// Obligation is something that keeps a member from being deleted for now.
type Obligation struct {
	// Kind is stable: "sells", "leads", "bids", "owes", "owed".
	Kind string `json:"kind"`
	// Subject is what it is about, such as a listing.
	Subject uuid.UUID `json:"subject"`
	// Detail is a sentence for the member.
	Detail string `json:"detail"`
	// Over says that it has ended, but can still come back, as when a payment was marked and may be unmarked. The grace period
	// runs meanwhile, and nobody is told; but the member is not deleted before it has ended for good.
	Over bool `json:"-"`
}

// DeletionGuard knows a member's obligations in one module. Modules that know any give theirs to the fx value group
// GuardGroup, so that profiles needs to know none of them.
type DeletionGuard interface {
	// Obligations returns what the member still owes, at most a hundred of them, those that are over last; none but such lets
	// the grace period run. One answer holds both, lest something moves from one to the other between two questions. It is
	// asked outside units of work. Errors: what the store reports; then nothing is deleted.
	Obligations(ctx context.Context, member uuid.UUID) ([]Obligation, error)
}

// GuardGroup is the fx value group of the DeletionGuards.
const GuardGroup = `group:"deletion guards"`

// PortableData is a module's part of what a member can take along.
type PortableData struct {
	// File is its name in the archive: "listings.json".
	File string
	// JSON is its content.
	JSON []byte
}

// DataSource knows what a member did in one module. Modules give theirs to the fx value group SourceGroup.
type DataSource interface {
	// Export returns everything that the module keeps about the member and that is his, his own maxima included. It is
	// asked outside units of work. Errors: what the store reports.
	Export(ctx context.Context, member uuid.UUID) ([]PortableData, error)
}

// SourceGroup is the fx value group of the DataSources.
const SourceGroup = `group:"data sources"`
