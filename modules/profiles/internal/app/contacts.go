package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// Contacts is the profilesapi.Contacts over the views.
type Contacts struct{ views Views }

var _ profilesapi.Contacts = (*Contacts)(nil)

// NewContacts returns it.
func NewContacts(views Views) *Contacts { return &Contacts{views: views} }

// Contacts returns how those of the members that exist and are not deleted can be reached. Errors: what the store reports.
func (c *Contacts) Contacts(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error) {
	return c.views.Contacts(ctx, members)
}
