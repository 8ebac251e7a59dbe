package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// Views is the app.Views.
type Views struct{ pool *db.Pool }

var _ app.Views = (*Views)(nil)

// NewViews returns the views over pool.
func NewViews(pool *db.Pool) *Views { return &Views{pool: pool} }

// selectMembers reads members as they are shown. Nothing that one could sign in with is among the columns.
const selectMembers = `
		SELECT accounts.id, accounts.version, accounts.email, accounts.status, accounts.verified_at, accounts.roles,
			accounts.created_at, accounts.leaving_since, accounts.grace_started_at,
			profiles.handle, profiles.display_name, profiles.about, profiles.location, profiles.version AS profile_version,
			(SELECT count(*) FROM sales WHERE sales.winner = accounts.id) AS auctions_won,
			(SELECT count(*) FROM sales WHERE sales.seller = accounts.id) AS auctions_sold
		FROM accounts
		JOIN profiles ON profiles.id = accounts.id`

// memberRow is a row of selectMembers.
type memberRow struct {
	ID             uuid.UUID           `db:"id"`
	Version        int64               `db:"version"`
	Email          string              `db:"email"`
	Status         string              `db:"status"`
	VerifiedAt     db.MaybeTime        `db:"verified_at"`
	Roles          list[identity.Role] `db:"roles"`
	CreatedAt      db.Micros           `db:"created_at"`
	LeavingSince   db.MaybeTime        `db:"leaving_since"`
	GraceStartedAt db.MaybeTime        `db:"grace_started_at"`
	Handle         string              `db:"handle"`
	DisplayName    string              `db:"display_name"`
	About          string              `db:"about"`
	Location       string              `db:"location"`
	ProfileVersion int64               `db:"profile_version"`
	AuctionsWon    int                 `db:"auctions_won"`
	AuctionsSold   int                 `db:"auctions_sold"`
}

func (r memberRow) record() app.MemberRecord {
	return app.MemberRecord{
		ID: r.ID, Handle: r.Handle, DisplayName: r.DisplayName, About: r.About, Location: r.Location, Email: r.Email,
		Status: domain.Status(r.Status), VerifiedAt: time.Time(r.VerifiedAt), Roles: r.Roles, RegisteredAt: r.CreatedAt.Time(),
		LeavingSince: time.Time(r.LeavingSince), GraceStartedAt: time.Time(r.GraceStartedAt),
		AuctionsWon: r.AuctionsWon, AuctionsSold: r.AuctionsSold, AccountVersion: r.Version, ProfileVersion: r.ProfileVersion,
	}
}

// Member returns one member. Errors: domain.ErrMemberNotFound, db.ErrUnavailable.
func (v *Views) Member(ctx context.Context, id uuid.UUID) (app.MemberRecord, error) {
	return v.member(ctx, `
		WHERE accounts.id = $1`, id)
}

// MemberByHandle returns the member with that handle, whatever its case. Errors: as Member.
func (v *Views) MemberByHandle(ctx context.Context, handle string) (app.MemberRecord, error) {
	if !storable(handle) {
		return app.MemberRecord{}, domain.ErrMemberNotFound
	}
	return v.member(ctx, `
		WHERE profiles.handle = $1`, strings.ToLower(handle))
}

func (v *Views) member(ctx context.Context, where string, arg any) (app.MemberRecord, error) {
	var row memberRow
	err := v.pool.Read().Get(ctx, &row, selectMembers+where, arg)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return app.MemberRecord{}, domain.ErrMemberNotFound
	case err != nil:
		return app.MemberRecord{}, fmt.Errorf("read member %v: %w", arg, err)
	}
	return row.record(), nil
}

// Members returns one page of the members that match the filter. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Members(
	ctx context.Context, filter app.MemberFilter, request page.Request,
) (page.Of[app.MemberRecord], error) {
	var none page.Of[app.MemberRecord]
	q, err := newMemberQuery(v.pool.Dialect(), filter, request)
	if err != nil {
		return none, err
	}
	var rows []memberRow
	if err := v.pool.Read().Select(ctx, &rows, q.text(), q.args...); err != nil {
		return none, fmt.Errorf("list members: %w", err)
	}
	members := make([]app.MemberRecord, len(rows))
	for i, row := range rows {
		members[i] = row.record()
	}
	return page.Cut(request, members, q.order.Cursor), nil
}

// Settings returns what notices the member does not want. Errors: domain.ErrMemberNotFound, db.ErrUnavailable.
func (v *Views) Settings(ctx context.Context, member uuid.UUID) (app.SettingsRecord, error) {
	var row settingsRow
	err := v.pool.Read().Get(ctx, &row, `
		SELECT id, version, muted, unlisted
		FROM notification_settings
		WHERE id = $1`, member)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return app.SettingsRecord{}, domain.ErrMemberNotFound
	case err != nil:
		return app.SettingsRecord{}, fmt.Errorf("read the settings of %s: %w", member, err)
	}
	return app.SettingsRecord{Muted: row.Muted, Unlisted: row.Unlisted, Version: row.Version}, nil
}

// Names returns the names of those of the members that exist. Errors: db.ErrUnavailable.
func (v *Views) Names(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	names := map[uuid.UUID]profilesapi.Name{}
	if len(members) == 0 {
		return names, nil
	}
	var rows []struct {
		ID          uuid.UUID `db:"id"`
		Handle      string    `db:"handle"`
		DisplayName string    `db:"display_name"`
	}
	d := v.pool.Dialect()
	if err := v.pool.Read().Select(ctx, &rows, `
		SELECT id, handle, display_name
		FROM profiles
		WHERE `+d.In("id", "$1"), d.IDs(members)); err != nil {
		return nil, fmt.Errorf("read the names of %d members: %w", len(members), err)
	}
	for _, r := range rows {
		names[r.ID] = profilesapi.Name{Handle: r.Handle, DisplayName: r.DisplayName}
	}
	return names, nil
}

// Contacts returns how those of the members that exist and are not deleted can be reached. Errors: db.ErrUnavailable.
func (v *Views) Contacts(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error) {
	contacts := map[uuid.UUID]profilesapi.Contact{}
	if len(members) == 0 {
		return contacts, nil
	}
	var rows []struct {
		ID          uuid.UUID `db:"id"`
		Handle      string    `db:"handle"`
		DisplayName string    `db:"display_name"`
		Email       string    `db:"email"`
	}
	d := v.pool.Dialect()
	if err := v.pool.Read().Select(ctx, &rows, `
		SELECT accounts.id AS id, handle, display_name, CASE WHEN verified_at IS NULL THEN '' ELSE email END AS email
		FROM accounts
		JOIN profiles ON profiles.id = accounts.id
		WHERE status <> 'deleted' AND `+d.In("accounts.id", "$1"), d.IDs(members)); err != nil {
		return nil, fmt.Errorf("read the contacts of %d members: %w", len(members), err)
	}
	for _, r := range rows {
		contacts[r.ID] = profilesapi.Contact{
			Name: profilesapi.Name{Handle: r.Handle, DisplayName: r.DisplayName}, Email: r.Email,
		}
	}
	return contacts, nil
}

// Leaving returns members who have asked for their deletion and are not deleted. Errors: db.ErrUnavailable.
func (v *Views) Leaving(ctx context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	if err := v.pool.Read().Select(ctx, &ids, `
		SELECT id
		FROM accounts
		WHERE leaving_since IS NOT NULL AND status <> 'deleted' AND id > $1
		ORDER BY id
		LIMIT $2`, after, max(limit, 0)); err != nil {
		return nil, fmt.Errorf("list who is leaving: %w", err)
	}
	return ids, nil
}
