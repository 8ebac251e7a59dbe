package memory

import (
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// unpublished publishes nothing: what others need to know are events of accounts.
func unpublished[A any](A, domain.Event) (events.Message, bool) { return events.Message{}, false }

// NewAccounts returns the repository over store; message gives events their published form.
func NewAccounts(
	store *Store, message func(*domain.Account, domain.Event) (events.Message, bool),
) *uow.Repository[*domain.Account, domain.Event] {
	return uow.NewRepository("accounts", store.accounts, domain.ErrMemberNotFound, message)
}

// NewProfiles returns the repository over store.
func NewProfiles(store *Store) *uow.Repository[*domain.Profile, domain.Event] {
	return uow.NewRepository("profiles", store.profiles, domain.ErrMemberNotFound, unpublished)
}

// NewSettings returns the repository over store.
func NewSettings(store *Store) *uow.Repository[*domain.NotificationSettings, domain.Event] {
	return uow.NewRepository("notification settings", store.settings, domain.ErrMemberNotFound, unpublished)
}

// NewTakenHandles returns the repository over store.
func NewTakenHandles(store *Store) *uow.Repository[*domain.TakenHandle, domain.Event] {
	return uow.NewRepository("taken handles", store.takenHandles, domain.ErrRecordNotFound, unpublished)
}

// NewSessions returns the repository over store.
func NewSessions(store *Store) *uow.Repository[*domain.Session, domain.Event] {
	return uow.NewRepository("sessions", store.sessions, domain.ErrSessionNotFound, unpublished)
}

// NewAPITokens returns the repository over store.
func NewAPITokens(store *Store) *uow.Repository[*domain.APIToken, domain.Event] {
	return uow.NewRepository("api tokens", store.tokens, domain.ErrTokenNotFound, unpublished)
}

// NewDevices returns the repository over store.
func NewDevices(store *Store) *uow.Repository[*domain.Device, domain.Event] {
	return uow.NewRepository("devices", store.devices, domain.ErrRecordNotFound, unpublished)
}

// NewThrottles returns the repository over store.
func NewThrottles(store *Store) *uow.Repository[*domain.Throttle, domain.Event] {
	return uow.NewRepository("throttles", store.throttles, domain.ErrRecordNotFound, unpublished)
}

// NewBlocks returns the repository over store.
func NewBlocks(store *Store) *uow.Repository[*domain.Block, domain.Event] {
	return uow.NewRepository("blocks", store.blocks, domain.ErrNotBlocked, unpublished)
}

// NewInvitations returns the repository over store.
func NewInvitations(store *Store) *uow.Repository[*domain.Invitation, domain.Event] {
	return uow.NewRepository("invitations", store.invitations, domain.ErrInvitationNotFound, unpublished)
}

// NewAdministrators returns the repository over store.
func NewAdministrators(store *Store) *uow.Repository[*domain.Administrators, domain.Event] {
	return uow.NewRepository("administrators", store.administrators, domain.ErrRecordNotFound, unpublished)
}

// NewSales returns the repository over store.
func NewSales(store *Store) *uow.Repository[*domain.Sale, domain.Event] {
	return uow.NewRepository("sales", store.sales, domain.ErrRecordNotFound, unpublished)
}

// NewNotices returns the repository over store.
func NewNotices(store *Store) *uow.Repository[*domain.Notice, domain.Event] {
	return uow.NewRepository("notices", store.notices, domain.ErrNoticeNotFound, unpublished)
}
