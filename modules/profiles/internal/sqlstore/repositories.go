package sqlstore

import (
	"fmt"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/table"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// errAddedMeanwhile makes the unit run again: it will find what was added meanwhile.
var errAddedMeanwhile = fmt.Errorf("%w: it is there already", uow.ErrConflict)

// NewAccounts returns the repository over pool; message gives events their published form.
func NewAccounts(
	pool *db.Pool, message func(*domain.Account, domain.Event) (events.Message, bool),
) *uow.Repository[*domain.Account, domain.Event] {
	return newRepository(pool, "accounts", domain.ErrMemberNotFound, message, table.Mapping[*domain.Account, accountRow]{
		Table: "accounts", Row: accountRowOf, Restore: accountRow.account,
		Refusals: map[string]error{"accounts_pkey": errAddedMeanwhile, "accounts_email": domain.ErrEmailTaken},
	})
}

// NewProfiles returns the repository over pool.
func NewProfiles(pool *db.Pool) *uow.Repository[*domain.Profile, domain.Event] {
	return newRepository(pool, "profiles", domain.ErrMemberNotFound, unpublished, table.Mapping[*domain.Profile, profileRow]{
		Table: "profiles", Row: profileRowOf, Restore: profileRow.profile,
		Refusals: map[string]error{"profiles_pkey": errAddedMeanwhile, "profiles_handle": domain.ErrHandleTaken},
	})
}

// NewSettings returns the repository over pool.
func NewSettings(pool *db.Pool) *uow.Repository[*domain.NotificationSettings, domain.Event] {
	return newRepository(pool, "notification settings", domain.ErrMemberNotFound, unpublished,
		table.Mapping[*domain.NotificationSettings, settingsRow]{
			Table: "notification_settings", Row: settingsRowOf, Restore: settingsRow.settings,
			Refusals: map[string]error{"notification_settings_pkey": errAddedMeanwhile},
		})
}

// NewTakenHandles returns the repository over pool.
func NewTakenHandles(pool *db.Pool) *uow.Repository[*domain.TakenHandle, domain.Event] {
	return newRepository(pool, "taken handles", domain.ErrRecordNotFound, unpublished, table.Mapping[*domain.TakenHandle, takenHandleRow]{
		Table: "taken_handles", Row: takenHandleRowOf, Restore: takenHandleRow.takenHandle,
		Refusals: map[string]error{"taken_handles_pkey": domain.ErrHandleTaken},
	})
}

// NewSessions returns the repository over pool.
func NewSessions(pool *db.Pool) *uow.Repository[*domain.Session, domain.Event] {
	return newRepository(pool, "sessions", domain.ErrSessionNotFound, unpublished, table.Mapping[*domain.Session, sessionRow]{
		Table: "sessions", Row: sessionRowOf, Restore: sessionRow.session,
		Refusals: map[string]error{"sessions_pkey": errAddedMeanwhile, "sessions_hash": errAddedMeanwhile},
	})
}

// NewAPITokens returns the repository over pool.
func NewAPITokens(pool *db.Pool) *uow.Repository[*domain.APIToken, domain.Event] {
	return newRepository(pool, "api tokens", domain.ErrTokenNotFound, unpublished, table.Mapping[*domain.APIToken, tokenRow]{
		Table: "api_tokens", Row: tokenRowOf, Restore: tokenRow.token,
		Refusals: map[string]error{"api_tokens_pkey": errAddedMeanwhile, "api_tokens_hash": errAddedMeanwhile},
	})
}

// NewDevices returns the repository over pool.
func NewDevices(pool *db.Pool) *uow.Repository[*domain.Device, domain.Event] {
	return newRepository(pool, "devices", domain.ErrRecordNotFound, unpublished, table.Mapping[*domain.Device, deviceRow]{
		Table: "devices", Row: deviceRowOf, Restore: deviceRow.device,
		Refusals: map[string]error{"devices_pkey": errAddedMeanwhile},
	})
}

// NewThrottles returns the repository over pool.
func NewThrottles(pool *db.Pool) *uow.Repository[*domain.Throttle, domain.Event] {
	return newRepository(pool, "throttles", domain.ErrRecordNotFound, unpublished, table.Mapping[*domain.Throttle, throttleRow]{
		Table: "throttles", Row: throttleRowOf, Restore: throttleRow.throttle,
		Refusals: map[string]error{"throttles_pkey": errAddedMeanwhile},
	})
}

// NewBlocks returns the repository over pool.
func NewBlocks(pool *db.Pool) *uow.Repository[*domain.Block, domain.Event] {
	return newRepository(pool, "blocks", domain.ErrNotBlocked, unpublished, table.Mapping[*domain.Block, blockRow]{
		Table: "blocks", Row: blockRowOf, Restore: blockRow.block,
		Refusals: map[string]error{"blocks_pkey": domain.ErrAlreadyBlocked},
	})
}

// NewInvitations returns the repository over pool.
func NewInvitations(pool *db.Pool) *uow.Repository[*domain.Invitation, domain.Event] {
	return newRepository(pool, "invitations", domain.ErrInvitationNotFound, unpublished, table.Mapping[*domain.Invitation, invitationRow]{
		Table: "invitations", Row: invitationRowOf, Restore: invitationRow.invitation,
		Refusals: map[string]error{"invitations_pkey": errAddedMeanwhile},
	})
}

// NewAdministrators returns the repository over pool.
func NewAdministrators(pool *db.Pool) *uow.Repository[*domain.Administrators, domain.Event] {
	return newRepository(pool, "administrators", domain.ErrRecordNotFound, unpublished,
		table.Mapping[*domain.Administrators, administratorsRow]{
			Table: "administrators", Row: administratorsRowOf, Restore: administratorsRow.administrators,
			Refusals: map[string]error{"administrators_pkey": errAddedMeanwhile},
		})
}

// NewSales returns the repository over pool.
func NewSales(pool *db.Pool) *uow.Repository[*domain.Sale, domain.Event] {
	return newRepository(pool, "sales", domain.ErrRecordNotFound, unpublished, table.Mapping[*domain.Sale, saleRow]{
		Table: "sales", Row: saleRowOf, Restore: saleRow.sale,
		Refusals: map[string]error{"sales_pkey": errAddedMeanwhile},
	})
}

// NewNotices returns the repository over pool.
func NewNotices(pool *db.Pool) *uow.Repository[*domain.Notice, domain.Event] {
	return newRepository(pool, "notices", domain.ErrNoticeNotFound, unpublished, table.Mapping[*domain.Notice, noticeRow]{
		Table: "notices", Row: noticeRowOf, Restore: noticeRow.notice,
		Refusals: map[string]error{"notices_pkey": errAddedMeanwhile},
	})
}
