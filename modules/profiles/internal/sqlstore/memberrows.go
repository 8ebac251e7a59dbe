package sqlstore

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// profileRow is a row of profiles.
type profileRow struct {
	ID          uuid.UUID    `db:"id"`
	Version     int64        `db:"version"`
	Handle      string       `db:"handle"`
	DisplayName string       `db:"display_name"`
	NameKey     string       `db:"name_key"`
	About       string       `db:"about"`
	Location    string       `db:"location"`
	CreatedAt   db.Micros    `db:"created_at"`
	DeletedAt   db.MaybeTime `db:"deleted_at"`
}

func profileRowOf(p *domain.Profile) profileRow {
	s := p.State()
	return profileRow{
		ID: s.ID, Version: s.Version, Handle: s.Handle, DisplayName: s.DisplayName, NameKey: strings.ToLower(s.DisplayName),
		About: s.About, Location: s.Location, CreatedAt: db.Micros(s.CreatedAt), DeletedAt: db.MaybeTime(s.DeletedAt),
	}
}

func (r profileRow) profile() *domain.Profile {
	return domain.RestoreProfile(domain.ProfileState{
		ID: r.ID, Version: r.Version, Handle: r.Handle, DisplayName: r.DisplayName, About: r.About, Location: r.Location,
		CreatedAt: r.CreatedAt.Time(), DeletedAt: time.Time(r.DeletedAt),
	})
}

// settingsRow is a row of notification_settings.
type settingsRow struct {
	ID       uuid.UUID               `db:"id"`
	Version  int64                   `db:"version"`
	Muted    list[domain.NoticeKind] `db:"muted"`
	Unlisted list[domain.NoticeKind] `db:"unlisted"`
	Key      maybeSecret             `db:"link_key"`
}

func settingsRowOf(n *domain.NotificationSettings) settingsRow {
	s := n.State()
	return settingsRow{ID: s.ID, Version: s.Version, Muted: s.Muted, Unlisted: s.Unlisted, Key: maybeSecret(s.Key)}
}

func (r settingsRow) settings() *domain.NotificationSettings {
	return domain.RestoreNotificationSettings(domain.NotificationSettingsState{
		ID: r.ID, Version: r.Version, Muted: r.Muted, Unlisted: r.Unlisted, Key: domain.Secret(r.Key),
	})
}

// takenHandleRow is a row of taken_handles.
type takenHandleRow struct {
	ID      uuid.UUID `db:"id"`
	Version int64     `db:"version"`
}

func takenHandleRowOf(t *domain.TakenHandle) takenHandleRow { return takenHandleRow(t.State()) }

func (r takenHandleRow) takenHandle() *domain.TakenHandle {
	return domain.RestoreTakenHandle(domain.TakenHandleState(r))
}

// blockRow is a row of blocks.
type blockRow struct {
	ID      uuid.UUID `db:"id"`
	Version int64     `db:"version"`
	Owner   uuid.UUID `db:"owner"`
	Blocked uuid.UUID `db:"blocked"`
	At      db.Micros `db:"at"`
}

func blockRowOf(b *domain.Block) blockRow {
	s := b.State()
	return blockRow{ID: s.ID, Version: s.Version, Owner: s.Owner, Blocked: s.Blocked, At: db.Micros(s.At)}
}

func (r blockRow) block() *domain.Block {
	return domain.RestoreBlock(domain.BlockState{ID: r.ID, Version: r.Version, Owner: r.Owner, Blocked: r.Blocked, At: r.At.Time()})
}

// invitationRow is a row of invitations.
type invitationRow struct {
	ID        uuid.UUID  `db:"id"`
	Version   int64      `db:"version"`
	Hash      digest     `db:"hash"`
	Email     string     `db:"email"`
	Inviter   db.MaybeID `db:"inviter"`
	CreatedAt db.Micros  `db:"created_at"`
	ExpiresAt db.Micros  `db:"expires_at"`
	UsedBy    db.MaybeID `db:"used_by"`
}

func invitationRowOf(i *domain.Invitation) invitationRow {
	s := i.State()
	return invitationRow{
		ID: s.ID, Version: s.Version, Hash: digest(s.Hash), Email: s.Email, Inviter: db.MaybeID(s.Inviter),
		CreatedAt: db.Micros(s.CreatedAt), ExpiresAt: db.Micros(s.ExpiresAt), UsedBy: db.MaybeID(s.UsedBy),
	}
}

func (r invitationRow) invitation() *domain.Invitation {
	return domain.RestoreInvitation(domain.InvitationState{
		ID: r.ID, Version: r.Version, Hash: domain.Hash(r.Hash), Email: r.Email, Inviter: uuid.UUID(r.Inviter),
		CreatedAt: r.CreatedAt.Time(), ExpiresAt: r.ExpiresAt.Time(), UsedBy: uuid.UUID(r.UsedBy),
	})
}

// administratorsRow is the row of administrators.
type administratorsRow struct {
	ID      uuid.UUID       `db:"id"`
	Version int64           `db:"version"`
	Members list[uuid.UUID] `db:"members"`
}

func administratorsRowOf(a *domain.Administrators) administratorsRow {
	s := a.State()
	return administratorsRow{ID: a.ID(), Version: s.Version, Members: s.Members}
}

func (r administratorsRow) administrators() *domain.Administrators {
	return domain.RestoreAdministrators(domain.AdministratorsState{Version: r.Version, Members: r.Members})
}

// saleRow is a row of sales.
type saleRow struct {
	ID      uuid.UUID `db:"id"`
	Version int64     `db:"version"`
	Seller  uuid.UUID `db:"seller"`
	Winner  uuid.UUID `db:"winner"`
	EndedAt db.Micros `db:"ended_at"`
}

func saleRowOf(sale *domain.Sale) saleRow {
	s := sale.State()
	return saleRow{ID: s.ID, Version: s.Version, Seller: s.Seller, Winner: s.Winner, EndedAt: db.Micros(s.EndedAt)}
}

func (r saleRow) sale() *domain.Sale {
	return domain.RestoreSale(domain.SaleState{
		ID: r.ID, Version: r.Version, Seller: r.Seller, Winner: r.Winner, EndedAt: r.EndedAt.Time(),
	})
}
