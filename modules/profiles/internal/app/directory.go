package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// Directory is the profilesapi.Directory over the views.
type Directory struct{ views Views }

// NewDirectory returns it.
func NewDirectory(views Views) *Directory { return &Directory{views: views} }

// Names returns the names of those of the members that exist. Errors: what the store reports.
func (d *Directory) Names(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	return d.views.Names(ctx, members)
}
