package sqlstore

import (
	"fmt"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// errAddedMeanwhile makes the unit run again: it will find what was added meanwhile.
var errAddedMeanwhile = fmt.Errorf("%w: it is there already", uow.ErrConflict)

// NewAccounts returns the repository over pool; message gives events their published form.
func NewAccounts(
	pool *db.Pool, message func(*domain.Account, domain.Event) (events.Message, bool),
) *uow.Repository[*domain.Account, domain.Event] {
	return newRepository(pool, "accounts", domain.ErrMemberNotFound, message, mapping[*domain.Account, accountRow]{
		table: "accounts", row: accountRowOf, restore: accountRow.account,
		refusals: map[string]error{"accounts_pkey": errAddedMeanwhile, "accounts_email": domain.ErrEmailTaken},
	})
}

// NewProfiles returns the repository over pool.
func NewProfiles(pool *db.Pool) *uow.Repository[*domain.Profile, domain.Event] {
	return newRepository(pool, "profiles", domain.ErrMemberNotFound, unpublished, mapping[*domain.Profile, profileRow]{
		table: "profiles", row: profileRowOf, restore: profileRow.profile,
		refusals: map[string]error{"profiles_pkey": errAddedMeanwhile, "profiles_handle": domain.ErrHandleTaken},
	})
}

// NewSettings returns the repository over pool.
func NewSettings(pool *db.Pool) *uow.Repository[*domain.NotificationSettings, domain.Event] {
	return newRepository(pool, "notification settings", domain.ErrMemberNotFound, unpublished,
		mapping[*domain.NotificationSettings, settingsRow]{
			table: "notification_settings", row: settingsRowOf, restore: settingsRow.settings,
			refusals: map[string]error{"notification_settings_pkey": errAddedMeanwhile},
		})
}

// NewTakenHandles returns the repository over pool.
func NewTakenHandles(pool *db.Pool) *uow.Repository[*domain.TakenHandle, domain.Event] {
	return newRepository(pool, "taken handles", domain.ErrRecordNotFound, unpublished, mapping[*domain.TakenHandle, takenHandleRow]{
		table: "taken_handles", row: takenHandleRowOf, restore: takenHandleRow.takenHandle,
		refusals: map[string]error{"taken_handles_pkey": domain.ErrHandleTaken},
	})
}

// NewSessions returns the repository over pool.
func NewSessions(pool *db.Pool) *uow.Repository[*domain.Session, domain.Event] {
	return newRepository(pool, "sessions", domain.ErrSessionNotFound, unpublished, mapping[*domain.Session, sessionRow]{
		table: "sessions", row: sessionRowOf, restore: sessionRow.session,
		refusals: map[string]error{"sessions_pkey": errAddedMeanwhile, "sessions_hash": errAddedMeanwhile},
	})
}

// NewAPITokens returns the repository over pool.
func NewAPITokens(pool *db.Pool) *uow.Repository[*domain.APIToken, domain.Event] {
	return newRepository(pool, "api tokens", domain.ErrTokenNotFound, unpublished, mapping[*domain.APIToken, tokenRow]{
		table: "api_tokens", row: tokenRowOf, restore: tokenRow.token,
		refusals: map[string]error{"api_tokens_pkey": errAddedMeanwhile, "api_tokens_hash": errAddedMeanwhile},
	})
}

// NewDevices returns the repository over pool.
func NewDevices(pool *db.Pool) *uow.Repository[*domain.Device, domain.Event] {
	return newRepository(pool, "devices", domain.ErrRecordNotFound, unpublished, mapping[*domain.Device, deviceRow]{
		table: "devices", row: deviceRowOf, restore: deviceRow.device,
		refusals: map[string]error{"devices_pkey": errAddedMeanwhile},
	})
}

// NewThrottles returns the repository over pool.
func NewThrottles(pool *db.Pool) *uow.Repository[*domain.Throttle, domain.Event] {
	return newRepository(pool, "throttles", domain.ErrRecordNotFound, unpublished, mapping[*domain.Throttle, throttleRow]{
		table: "throttles", row: throttleRowOf, restore: throttleRow.throttle,
		refusals: map[string]error{"throttles_pkey": errAddedMeanwhile},
	})
}

// NewBlocks returns the repository over pool.
func NewBlocks(pool *db.Pool) *uow.Repository[*domain.Block, domain.Event] {
	return newRepository(pool, "blocks", domain.ErrNotBlocked, unpublished, mapping[*domain.Block, blockRow]{
		table: "blocks", row: blockRowOf, restore: blockRow.block,
		refusals: map[string]error{"blocks_pkey": domain.ErrAlreadyBlocked},
	})
}

// NewInvitations returns the repository over pool.
func NewInvitations(pool *db.Pool) *uow.Repository[*domain.Invitation, domain.Event] {
	return newRepository(pool, "invitations", domain.ErrInvitationNotFound, unpublished, mapping[*domain.Invitation, invitationRow]{
		table: "invitations", row: invitationRowOf, restore: invitationRow.invitation,
		refusals: map[string]error{"invitations_pkey": errAddedMeanwhile},
	})
}

// NewAdministrators returns the repository over pool.
func NewAdministrators(pool *db.Pool) *uow.Repository[*domain.Administrators, domain.Event] {
	return newRepository(pool, "administrators", domain.ErrRecordNotFound, unpublished,
		mapping[*domain.Administrators, administratorsRow]{
			table: "administrators", row: administratorsRowOf, restore: administratorsRow.administrators,
			refusals: map[string]error{"administrators_pkey": errAddedMeanwhile},
		})
}
