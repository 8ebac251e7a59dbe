package profilesapi

import (
	"context"

	"github.com/google/uuid"
)

// Contact is how a member can be reached. It is personal: show it only to those who have to deal with him.
type Contact struct {
	Name
	// Email is his verified address.
	Email string
}

// Contacts tells other modules how members can be reached, outside units of work. Who asks answers for who sees it.
type Contacts interface {
	// Contacts returns those of the members that exist and are not deleted, with one query. Errors: what the store reports.
	Contacts(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]Contact, error)
}
