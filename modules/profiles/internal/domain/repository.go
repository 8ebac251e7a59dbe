package domain

import (
	"context"

	"github.com/google/uuid"
)

// Repository gives aggregates of one kind to units of work. What a unit got and changed is stored when it commits.
type Repository[A any] interface {
	// Get returns the aggregate with that id, the same pointer for the same id in one command. Errors: the not-found error
	// of the kind; uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict, or what the store reports.
	Get(ctx context.Context, id uuid.UUID) (A, error)
	// Add makes a new aggregate part of the unit. Errors: uow.ErrAlreadyAdded, uow.ErrNotNew, uow.ErrNoUnit, uow.ErrEnded;
	// when the unit commits, what the kind says about one that is there already.
	Add(ctx context.Context, aggregate A) error
	// Remove deletes the aggregate when the unit commits. Errors: as Get.
	Remove(ctx context.Context, id uuid.UUID) error
	// Loads returns a hint for Work.Do: the unit loads these, locked, before its function runs. The hint's errors: as Get.
	Loads(ids ...uuid.UUID) func(context.Context) error
}

// The repositories, each with the error of what is not found, and that of adding what is there already.
type (
	// Accounts: ErrMemberNotFound; uow.ErrConflict for an id, ErrEmailTaken for an address in use.
	Accounts interface{ Repository[*Account] }
	// Profiles: ErrMemberNotFound; uow.ErrConflict for an id, ErrHandleTaken for a handle in use.
	Profiles interface{ Repository[*Profile] }
	// Settings: ErrMemberNotFound; uow.ErrConflict.
	Settings interface {
		Repository[*NotificationSettings]
	}
	// TakenHandles: ErrRecordNotFound; ErrHandleTaken.
	TakenHandles interface{ Repository[*TakenHandle] }
	// Sessions: ErrSessionNotFound; uow.ErrConflict.
	Sessions interface{ Repository[*Session] }
	// APITokens: ErrTokenNotFound; uow.ErrConflict.
	APITokens interface{ Repository[*APIToken] }
	// Devices: ErrRecordNotFound; uow.ErrConflict, so that the unit runs again and finds it.
	Devices interface{ Repository[*Device] }
	// Throttles: ErrRecordNotFound; uow.ErrConflict, so that the unit runs again and finds it.
	Throttles interface{ Repository[*Throttle] }
	// Blocks: ErrNotBlocked; ErrAlreadyBlocked.
	Blocks interface{ Repository[*Block] }
	// Invitations: ErrInvitationNotFound; uow.ErrConflict.
	Invitations interface{ Repository[*Invitation] }
	// AdministratorsRepository has at most one: ErrRecordNotFound; uow.ErrConflict, so that the unit runs again and finds it.
	AdministratorsRepository interface{ Repository[*Administrators] }
	// Sales: ErrRecordNotFound; uow.ErrConflict, so that the unit runs again and finds it.
	Sales interface{ Repository[*Sale] }
	// Notices: ErrNoticeNotFound; uow.ErrConflict, so that the unit runs again and finds it.
	Notices interface{ Repository[*Notice] }
)
